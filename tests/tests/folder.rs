//! What happens to a deployment whose disk is full or read-only, whose databases are damaged or locked, and whose clock
//! jumps: whoever is concerned is told, nothing that was acknowledged is lost, and all is well once it is mended.

use gatehouse_shared::api::Route;
use gatehouse_tests::{
    Client, Ground, Proof, Serving, TestApp, application, eventually, failed_start, sign_up_request, source_tree,
    unique,
};
use serde_json::json;
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A source tree whose deployment approves by itself, with secrets that this test knows.
fn tree() -> TempDir {
    let tree = source_tree();
    let data = tree.path().join("data");
    gatehouse::secret::LocalSecrets::load_or_create(&data).unwrap();
    let mut secrets = fs::OpenOptions::new().append(true).open(data.join("secrets.env")).unwrap();
    secrets.write_all(b"APPROVAL=auto\n").unwrap();
    tree
}

fn developer(url: &str) -> (Client, TestApp) {
    let client = Client::at(url.to_owned());
    client.post(Route::SignUp, &[], sign_up_request(&unique("fold"))).expect(200);
    client.post(Route::SubmitApplication, &[], application()).expect(200);
    let app = client.create_project("read-write");
    (client, app)
}

fn create_app(developer: &Client, account: &str, name: &str) -> u16 {
    let body = json!({ "name": name, "description": "Made in hard times" });
    let reply = developer.post(Route::CreateApp, &[("developer_account_id", account)], body);
    if reply.status >= 500 {
        reply.clone().refused(503, "unavailable");
    }
    reply.status
}

fn is_logged(serving: &Serving, what: &str) {
    eventually(what, || match serving.said() {
        said if said.contains(what) => Ok(()),
        said => Err(said),
    });
}

/// Takes all room that is left on a disk.
fn fill(disk: &Path) -> PathBuf {
    let file = disk.join("filler");
    let mut filler = File::create(&file).unwrap();
    let (mut size, block) = (64 * 1024, vec![b'x'; 64 * 1024]);
    while size > 0 {
        if filler.write_all(&block[..size]).is_err() {
            size /= 2;
        }
    }
    file
}

#[test]
fn a_full_disk_refuses_writes_and_loses_nothing() {
    let proof = Proof::new("folder");
    let serving = Serving::start_in(tree(), Ground::SmallDisk(48));
    let (client, app) = developer(serving.url());
    let account = client.own_developer_account();
    client.gate("GET", "/2/notes", &app.bearer_token).expect(200);
    let filler = fill(&serving.data());
    let mut made = Vec::new();
    let mut refused = 0;
    eventually("a write is refused", || {
        let name = unique("App");
        match create_app(&client, &account, &name) {
            503 => {
                refused += 1;
                if refused == 5 { Ok(()) } else { Err("it is refused, and more than once".to_owned()) }
            }
            200 if made.len() < 9 => {
                made.push(name);
                Err("there is room yet".to_owned())
            }
            other => Err(format!("{other}")),
        }
    });
    is_logged(&serving, "request-failed");
    is_logged(&serving, "full");
    // Where nothing is counted, requests pass from memory: the answer is the sample API's, which has no such address.
    assert_eq!(client.gate("GET", "/1.1/nowhere", &app.bearer_token).status, 404);
    assert_eq!(client.gate("GET", "/1.1/nowhere", "gh_bearer_made_up").status, 401);
    assert_eq!(client.send("GET", "/healthz", &[], b"").status, 200);

    fs::remove_file(filler).unwrap();
    let later = unique("App");
    eventually("it writes again without a restart", || match create_app(&client, &account, &later) {
        200 => Ok(()),
        status => Err(format!("{status}")),
    });
    let dashboard = client.get(Route::FindDashboard, &[("developer_account_id", &account)]).expect(200);
    let listed = dashboard["standalone_apps"].to_string();
    assert!(made.iter().chain([&later]).all(|name| listed.contains(name.as_str())), "{made:?} {listed}");
    proof
        .note("full disk", format!("{refused} writes got 503, {} acknowledged ones are there, no restart", made.len()));
}

#[test]
fn a_disk_that_is_full_or_read_only_at_the_start_is_named() {
    let proof = Proof::new("folder");
    let tree = tree();
    let said = failed_start(tree.path(), Ground::SmallDisk(1));
    assert!(said.contains("No space left on device"), "{said}");
    let said = failed_start(tree.path(), Ground::ReadOnly);
    assert!(said.contains("cannot write in the data folder") && said.contains("Read-only file system"), "{said}");
    // Nothing was changed: it starts as soon as it can write.
    let serving = Serving::start_in(tree, Ground::Machine);
    developer(serving.url());
    proof.note("full or read-only disk at the start", "named, ends with an error, starts once mended");
}
