//! What was acknowledged is there after the server was killed, on a deployment of the test's own.

use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, PASSWORD, Server, application, eventually, sign_up_request, unique};
use serde_json::{Value, json};
use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// What the server acknowledged before it was killed.
#[derive(Default)]
struct Acknowledged {
    accounts: Vec<String>,
    /// Owner, App id, name, Bearer Token.
    apps: Vec<[String; 4]>,
    /// Bearer Tokens that were replaced.
    replaced: Vec<String>,
}

/// Signs up, applies, creates Apps and regenerates tokens until the server is gone.
fn work(url: &str, stop: &AtomicBool, done: &AtomicUsize, acknowledged: &Mutex<Acknowledged>) {
    let ok = |client: &Client, route: Route, params: &[(&str, &str)], body: Value| -> Option<Value> {
        let method = route.endpoint().method.as_str();
        let reply = client.try_call(method, &route.path(params), Some(body)).ok()?;
        done.fetch_add(1, Ordering::Relaxed);
        (reply.status == 200).then_some(reply.json)
    };
    while !stop.load(Ordering::Relaxed) {
        let (client, username) = (Client::at(url.to_owned()), unique("dur"));
        let Some(session) = ok(&client, Route::SignUp, &[], sign_up_request(&username)) else { continue };
        acknowledged.lock().unwrap().accounts.push(username.clone());
        let own = [("developer_account_id", session["developer_accounts"][0]["id"].as_str().unwrap())];
        if ok(&client, Route::SubmitApplication, &own, application()).is_none() {
            continue;
        }
        for _ in 0..3 {
            let name = unique("App");
            let body = json!({ "name": name, "description": "Made before the end" });
            let Some(created) = ok(&client, Route::CreateApp, &own, body) else { break };
            let id = created["app"]["id"].as_str().unwrap().to_owned();
            let token = created["credentials"]["bearer_token"].as_str().unwrap().to_owned();
            // From the moment a replacement is asked for, which of the two holds is known only by its answer.
            let Some(issued) =
                ok(&client, Route::RegenerateCredential, &[("app_id", &id), ("kind", "bearer-token")], json!({}))
            else {
                break;
            };
            let fresh = issued["bearer_token"].as_str().unwrap().to_owned();
            let mut acknowledged = acknowledged.lock().unwrap();
            acknowledged.apps.push([username.clone(), id, name, fresh]);
            acknowledged.replaced.push(token);
        }
    }
}

#[test]
fn what_was_acknowledged_survives_a_killed_server() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let acknowledged = Mutex::new(Acknowledged::default());
    for round in 1..=2 {
        let server = Server::start(data.path());
        let url = server.url().to_owned();
        let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| work(&url, &stop, &done, &acknowledged));
            }
            // Killed in the middle of the work of four callers.
            eventually("some work", || match done.load(Ordering::Relaxed) {
                enough if enough >= 60 => Ok(()),
                few => Err(format!("only {few} answers in round {round}")),
            });
            server.kill();
            stop.store(true, Ordering::Relaxed);
        });
    }

    let server = Server::start(data.path());
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.apps.len() > 8, "too little was acknowledged to say anything");
    let client = || Client::at(server.url().to_owned());
    for username in &acknowledged.accounts {
        let owner = client();
        owner.post(Route::SignIn, &[], json!({ "login": username, "password": PASSWORD })).expect(200);
        for [_, id, name, _] in acknowledged.apps.iter().filter(|app| app[0] == *username) {
            let view = owner.get(Route::FindApp, &[("app_id", id)]).expect(200);
            assert_eq!(view["settings"]["name"], name.as_str());
        }
        // The name is still taken.
        client().post(Route::SignUp, &[], sign_up_request(username)).refused(409, "name-taken");
    }
    let program = client();
    for [_, id, _, token] in &acknowledged.apps {
        eventually(&format!("App {id} passes"), || match program.gate("GET", "/1.1/notes.json", token).status {
            200 => Ok(()),
            status => Err(format!("the gate answers {status}")),
        });
    }
    for token in &acknowledged.replaced {
        assert_eq!(program.gate("GET", "/1.1/notes.json", token).status, 401, "a replaced token passes again");
    }
}
