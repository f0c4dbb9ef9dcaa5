//! A backup of one deployment, restored into an empty one: every credential passes there that passed, and none that
//! was ended.

use base64ct::{Base64, Encoding};
use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, Server, TestDeployment, eventually, run};
use serde_json::{Value, json};
use std::{
    env, fs,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

const PASSPHRASE: &str = "a passphrase of these tests";

/// `gatehouse`, with what a command needs to reach a deployment as its operator.
fn gatehouse(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var("GATEHOUSE_PROGRAM").expect("GATEHOUSE_PROGRAM: run by cargo xtask test"));
    command
        .args(arguments)
        .args(["--url", url])
        .env("GATEHOUSE_OPERATOR_PASSWORD", TestDeployment::operator_password())
        .env("GATEHOUSE_BACKUP_PASSPHRASE", PASSPHRASE);
    command
}

fn refused(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().expect("the program");
    assert!(!status.success());
    String::from_utf8_lossy(&stderr).into_owned()
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

fn status(url: &str, token: &str) -> u16 {
    let client = Client::at(url.to_owned());
    client.send("GET", "/1.1/notes.json", &[("authorization", &format!("Bearer {token}"))], b"").status
}

/// A server with its folder.
struct Own {
    server: Server,
    _folder: TempDir,
}

impl Own {
    fn start(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { server: Server::start_with(folder.path(), variables), _folder: folder }
    }

    fn url(&self) -> &str {
        self.server.url()
    }
}

/// Has the first App of a demonstration lose its Bearer Token to another one; gives both.
fn regenerate(url: &str, made: &Value, app: &Value) -> (String, String) {
    let developer = Client::at(url.to_owned());
    let person = &made["developer"];
    let body = json!({ "login": person["username"], "password": person["password"] });
    developer.post(Route::SignIn, &[], body).expect(200);
    let app_id = app["app_id"].as_str().expect("an id");
    let params = [("app_id", app_id), ("kind", "bearer-token")];
    let newer = developer.post(Route::RegenerateCredential, &params, json!({})).expect(200);
    let bearer = |value: &Value| value["bearer_token"].as_str().expect("a token").to_owned();
    (bearer(app), bearer(&newer))
}

fn passes_soon(url: &str, token: &str) {
    eventually("the record is published", || match status(url, token) {
        200 => Ok(()),
        status => Err(format!("{status}")),
    });
}

#[test]
fn what_passed_passes_in_the_restored_deployment_and_what_was_ended_does_not() {
    let old = Own::start(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let mut demo = Command::new(env::var("GATEHOUSE_XTASK").expect("GATEHOUSE_XTASK"));
    demo.args(["demo", "--json", "--url", old.url()])
        .env("GATEHOUSE_OPERATOR_PASSWORD", TestDeployment::operator_password());
    let made: Value = serde_json::from_str(&run(&mut demo)).expect("JSON");
    let apps = made["apps"].as_array().expect("Apps");
    // One token was replaced before the backup, and the same will happen to another one after it.
    let (ended_before, first) = regenerate(old.url(), &made, &apps[0]);
    let file = text(&folder.path().join("backup.age"));
    run(&mut gatehouse(old.url(), &["backup", "--out", &file]));
    let (ended_later, newest) = regenerate(old.url(), &made, &apps[1]);
    run(&mut gatehouse(old.url(), &["audit", "export", "--into", &text(folder.path())]));
    let written = fs::read(&file).expect("the backup");
    assert!(written.starts_with(b"age-encryption.org/v1\n"));

    let new = Own::start(&[]);
    let log = fs::read_dir(folder.path()).expect("a folder").filter_map(|entry| Some(entry.ok()?.path()));
    let log = log.filter(|path| path.extension().is_some_and(|ending| ending == "ndjson")).map(|path| text(&path));
    let mut restore = gatehouse(new.url(), &["restore", &file]);
    for month in log {
        restore.args(["--ended", &month]);
    }
    let said = run(&mut restore);
    assert!(said.contains("0 were there already"), "{said}");

    passes_soon(new.url(), &first);
    assert_eq!(status(new.url(), &ended_before), 401);
    // It was ended after the backup, and what took its place came after it as well.
    assert_eq!(status(new.url(), &ended_later), 401);
    assert_eq!(status(new.url(), &newest), 401);
    for app in &apps[2..] {
        passes_soon(new.url(), app["bearer_token"].as_str().expect("a token"));
    }
    for app in apps {
        let of = |name: &str| app[name].as_str().expect("a text").to_owned();
        let pair = format!("{}:{}", of("api_key"), of("api_key_secret"));
        let authorization = format!("Basic {}", Base64::encode_string(pair.as_bytes()));
        let headers =
            [("authorization", authorization.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let client = Client::at(new.url().to_owned());
        client.send("POST", "/oauth2/token", &headers, b"grant_type=client_credentials").expect(200);
    }
    for member in made["members"].as_array().expect("members") {
        let body = json!({ "login": member["username"], "password": member["password"] });
        Client::at(new.url().to_owned()).post(Route::SignIn, &[], body).expect(200);
    }
    eventually("KV has what the objects say", || {
        let verified = gatehouse(new.url(), &["verify"]).output().expect("the program");
        let said = String::from_utf8_lossy(&verified.stdout).into_owned();
        if verified.status.success() && said.contains("0 differ in KV, 0 are on their way") {
            Ok(())
        } else {
            Err(said)
        }
    });
    run(&mut gatehouse(new.url(), &["publish"]));
    let said = refused(&mut gatehouse(new.url(), &["restore", &file]));
    assert!(said.contains("restore into an empty one"), "{said}");
}

#[test]
fn a_backup_is_restored_with_its_passphrase_and_its_master_keys_only() {
    let old = Own::start(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = text(&folder.path().join("backup.age"));
    // A key is noted with the first credential that rests on it.
    let mut demo = Command::new(env::var("GATEHOUSE_XTASK").expect("GATEHOUSE_XTASK"));
    demo.args(["demo", "--json", "--url", old.url()])
        .env("GATEHOUSE_OPERATOR_PASSWORD", TestDeployment::operator_password());
    run(&mut demo);
    let said = refused(gatehouse(old.url(), &["backup", "--out", &file]).env("GATEHOUSE_BACKUP_PASSPHRASE", "short"));
    assert!(said.contains("fewer than 16 characters"), "{said}");
    run(&mut gatehouse(old.url(), &["backup", "--out", &file]));
    let said = refused(&mut gatehouse(old.url(), &["backup", "--out", &file]));
    assert!(said.contains("exists: name another file"), "{said}");

    let other_key = format!("1:{}", "ab".repeat(32));
    for (keys, told) in [(other_key.as_str(), "has another key 1"), (&other_key.replacen('1', "z", 1), "lacks key 1")] {
        let new = Own::start(&[("MASTER_KEYS", keys)]);
        let said = refused(&mut gatehouse(new.url(), &["restore", &file]));
        assert!(said.contains(told), "{said}");
        let wrong = "another passphrase altogether";
        let said = refused(gatehouse(new.url(), &["restore", &file]).env("GATEHOUSE_BACKUP_PASSPHRASE", wrong));
        assert!(said.contains("cannot open"), "{said}");
    }
}
