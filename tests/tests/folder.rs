//! What happens to a deployment whose disk is full or read-only, whose databases are damaged or locked, and whose clock
//! jumps: whoever is concerned is told, nothing that was acknowledged is lost, and all is well once it is mended.

mod clock;

use gatehouse_shared::api::Route;
use gatehouse_tests::{
    Client, Ground, Proof, Serving, TestApp, application, eventually, failed_start, python, sign_up_request,
    source_tree, unique,
};
use serde_json::json;
use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Stdio,
};
use tempfile::TempDir;

/// Enough for some writes, in bytes.
const ROOM_LEFT: u64 = 400 * 1024;

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

/// Takes the room that is left on a disk, but for a little.
fn fill(disk: &Path) -> PathBuf {
    let file = disk.join("filler");
    let mut filler = File::create(&file).unwrap();
    let (mut size, block) = (64 * 1024, vec![b'x'; 64 * 1024]);
    while size > 0 {
        if filler.write_all(&block[..size]).is_err() {
            size /= 2;
        }
    }
    let length = filler.metadata().unwrap().len();
    filler.set_len(length - ROOM_LEFT).unwrap();
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
            200 if made.len() < 8 => {
                made.push(name);
                Err("there is room yet".to_owned())
            }
            other => Err(format!("{other}")),
        }
    });
    assert!(!made.is_empty(), "the disk was full before anything was acknowledged");
    is_logged(&serving, "request-failed");
    is_logged(&serving, "full");
    // Admissions can't be counted: 503, and no 401, at which clients throw tokens away. Nobody passes who should not.
    assert_eq!(client.gate("GET", "/2/users/by/username/nobody", &app.bearer_token).status, 503);
    assert_eq!(client.gate("GET", "/2/notes", "gh_bearer_made_up").status, 401);
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

/// The database of an object that has a text in it.
fn database_with(folder: &Path, text: &str) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let has_text = |file: &PathBuf| {
        let bytes = fs::read(file).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    let mut found = files.filter(|file| !file.ends_with("metadata.sqlite") && has_text(file));
    let file = found.next().unwrap_or_else(|| panic!("no database in {} has {text}", folder.display()));
    // The text may stand in the log beside the database.
    PathBuf::from(file.to_str().unwrap().trim_end_matches("-wal"))
}

/// Overwrites a file with garbage of the same length; gives what was there.
fn damage(file: &Path) -> Vec<u8> {
    let before = fs::read(file).unwrap();
    fs::write(file, b"this was a database ".repeat(before.len() / 20 + 1)).unwrap();
    before
}

#[test]
fn a_damaged_database_concerns_its_owner_alone_until_it_is_put_back() {
    let proof = Proof::new("folder");
    let serving = Serving::start_in(tree(), Ground::Machine);
    let ((one, app), (other, other_app)) = (developer(serving.url()), developer(serving.url()));
    let (account, other_account) = (one.own_developer_account(), other.own_developer_account());
    let tree = serving.stop();
    let objects = tree.path().join("data/state/objects/DeveloperAccount");
    let file = database_with(&objects, &app.name);
    let before = damage(&file);

    let serving = Serving::start_in(tree, Ground::Machine);
    let (one, other) = (one.moved_to(serving.url()), other.moved_to(serving.url()));
    let dashboard =
        |client: &Client, account: &str| client.get(Route::FindDashboard, &[("developer_account_id", account)]);
    dashboard(&one, &account).refused(503, "unavailable");
    is_logged(&serving, "request-failed");
    // The gate knows from KV what the object said last.
    assert_eq!(one.gate("GET", "/2/notes", &app.bearer_token).status, 200);
    dashboard(&other, &other_account).expect(200);
    other.gate("GET", "/2/notes", &other_app.bearer_token).expect(200);
    // Its name is nobody else's.
    let body = json!({ "name": app.name, "description": "Takes a name of somebody else" });
    other.post(Route::CreateApp, &[("developer_account_id", &other_account)], body).refused(409, "name-taken");

    let tree = serving.stop();
    fs::write(&file, before).unwrap();
    let serving = Serving::start_in(tree, Ground::Machine);
    dashboard(&one.moved_to(serving.url()), &account).expect(200);
    one.moved_to(serving.url()).gate("GET", "/2/notes", &app.bearer_token).expect(200);
    proof.note(
        "damaged database of a developer account",
        "503 for its members and nobody else, whole again once put back",
    );
}

#[test]
fn damaged_kv_is_a_503_and_is_written_anew_from_the_objects() {
    let proof = Proof::new("folder");
    let serving = Serving::start_in(tree(), Ground::Machine);
    let (client, app) = developer(serving.url());
    client.gate("GET", "/2/notes", &app.bearer_token).expect(200);
    let tree = serving.stop();
    let kv = tree.path().join("data/state/kv/kv");
    let file = database_with(&kv, &format!("app/{}", app.id));
    damage(&file);

    let serving = Serving::start_in(tree, Ground::Machine);
    let reply = client.moved_to(serving.url()).gate("GET", "/2/notes", &app.bearer_token);
    assert_eq!(reply.status, 503, "no 401, at which clients throw tokens away: {}", reply.text);
    is_logged(&serving, "request-failed");
    let tree = serving.stop();
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", file.display()));
    }
    let serving = Serving::start_in(tree, Ground::Machine);
    let client = client.moved_to(serving.url());
    client.gate("GET", "/2/notes", &app.bearer_token).expect(200);
    proof.note("damaged KV", "503 and no 401; removed, it is written anew from the objects");
}

#[test]
fn a_locked_database_is_a_503_until_it_is_free() {
    let proof = Proof::new("folder");
    let serving = Serving::start_in(tree(), Ground::Machine);
    let (client, app) = developer(serving.url());
    let account = client.own_developer_account();
    let file = database_with(&serving.data().join("state/objects/DeveloperAccount"), &app.name);
    let mut holder =
        python("lock_database.py").arg(&file).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    holder.stdout.as_mut().unwrap().read_exact(&mut [0; 7]).expect("it is locked");
    let name = unique("App");
    let body = json!({ "name": name, "description": "Made in hard times" });
    let reply = client.post(Route::CreateApp, &[("developer_account_id", &account)], body);
    reply.refused(503, "unavailable");
    is_logged(&serving, "locked");
    drop(holder.stdin.take());
    holder.wait().unwrap();
    eventually("it writes again without a restart", || match create_app(&client, &account, &unique("App")) {
        200 => Ok(()),
        status => Err(format!("{status}")),
    });
    proof.note("locked database", "503, named in the log; no restart");
}
