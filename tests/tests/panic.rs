//! A panic in the Worker: a quick 500, and nothing else breaks. The build for tests has places that panic on purpose.
//! These tests run one at a time, with nothing beside them (.config/nextest.toml).

use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, Reply, application, unique};
use serde_json::json;
use std::{
    thread,
    time::{Duration, Instant},
};

/// A panic must not take longer than this to be answered, on any machine.
const QUICK: Duration = Duration::from_secs(5);

fn timed(path: &str) -> Reply {
    let start = Instant::now();
    let reply = Client::new().send("GET", path, &[], &[]);
    assert!(start.elapsed() < QUICK, "{path} took {:?}", start.elapsed());
    reply
}

#[track_caller]
fn assert_internal_error(what: &str, reply: Reply) {
    let request_id = reply.header("x-gatehouse-request-id").unwrap_or_default().to_owned();
    assert!(!request_id.is_empty(), "{what}: {:?}", reply.headers);
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{what}");
    let text = reply.text.clone();
    let problem = reply.refused(500, "internal-error");
    assert_eq!(problem["request_id"], request_id.as_str(), "{what}");
    for inside in ["deliberate", "panicked", ".rs", "wasm"] {
        assert!(!text.contains(inside), "{what} tells too much: {text}");
    }
}

#[test]
fn a_panic_in_the_portal_is_a_quick_500_and_the_next_request_works() {
    for _ in 0..3 {
        assert_internal_error("the portal", timed("/api/deliberate-panic"));
        assert_eq!(timed("/api/session").status, 200);
    }
}

#[test]
fn a_panic_in_the_gate_is_a_quick_500_and_the_next_check_works() {
    let app = Client::developer().create_project("read");
    for _ in 0..3 {
        assert_internal_error("the gate", timed("/2/deliberate-panic"));
        Client::new().gate("GET", "/2/notes", &app.bearer_token).expect(200);
        assert_eq!(timed("/2/notes").status, 401);
    }
}

#[test]
fn a_gate_that_nobody_started_answers_500_and_never_with_a_page() {
    // A proxy would take a page for a pass.
    for path in ["/2/deliberate-loss", "/gate/check/2/deliberate-loss"] {
        assert_internal_error(path, timed(path));
    }
}

#[test]
fn a_panic_in_a_durable_object_leaves_its_caller_with_an_answer() {
    let developer = Client::developer();
    let app = developer.create_app("read");
    for _ in 0..3 {
        let reply = timed("/api/deliberate-panic-object");
        // Where caller and object share an instance the caller has gone with it; where not, it reads what happened.
        match reply.status {
            200 => assert!(!reply.text.is_empty(), "the caller was told nothing"),
            _ => assert_internal_error("the caller", reply),
        }
        let view = developer.get(Route::FindApp, &[("app_id", &app.id)]).expect(200);
        assert_eq!(view["settings"]["name"], app.name.as_str());
    }
}

#[test]
fn a_neighbour_of_a_panic_is_answered_or_failed_but_never_hangs() {
    for path in ["/api/deliberate-panic", "/2/deliberate-panic", "/api/deliberate-panic-object"] {
        let neighbours: Vec<_> = (0..8)
            .map(|_| {
                thread::spawn(|| {
                    let start = Instant::now();
                    let reply = Client::new().send("GET", "/api/deliberate-panic-neighbour", &[], &[]);
                    (start.elapsed(), reply)
                })
            })
            .collect();
        // The neighbours wait for a second in the Worker; the panic comes while they do.
        #[expect(clippy::disallowed_methods, reason = "nothing tells when the neighbours have begun to wait")]
        thread::sleep(Duration::from_millis(300));
        timed(path);
        for neighbour in neighbours {
            let (took, reply) = neighbour.join().unwrap();
            assert!(took < QUICK, "{path}: a neighbour took {took:?}");
            match reply.status {
                200 => assert_eq!(reply.text, "unharmed"),
                _ => assert_internal_error("a neighbour", reply),
            }
        }
        assert_eq!(timed("/healthz").status, 200);
    }
}

#[test]
fn changes_around_panics_are_made_wholly_or_not_at_all() {
    let developer = Client::developer();
    let own = developer.own_developer_account();
    let names: Vec<String> = (0..6).map(|_| unique("App")).collect();
    let mut acknowledged = Vec::new();
    for name in &names {
        let (client, own) = (developer.clone(), own.clone());
        let body = json!({ "name": name, "description": "Made beside a panic" });
        let change = thread::spawn(move || client.post(Route::CreateApp, &[("developer_account_id", &own)], body));
        timed("/api/deliberate-panic");
        timed("/api/deliberate-panic-object");
        let reply = change.join().unwrap();
        match reply.status {
            200 => acknowledged.push(name.clone()),
            _ => assert_internal_error("a change", reply),
        }
    }
    let dashboard = developer.get(Route::FindDashboard, &[]).expect(200);
    let apps = dashboard["standalone_apps"].as_array().unwrap();
    let kept: Vec<&str> = apps.iter().filter_map(|app| app["name"].as_str()).collect();
    for name in &acknowledged {
        assert!(kept.contains(&name.as_str()), "{name} was acknowledged and is lost; there are {kept:?}");
    }
    // What was failed may be there or not; where it is, it is whole.
    for app in apps {
        let view = developer.get(Route::FindApp, &[("app_id", app["id"].as_str().unwrap())]).expect(200);
        assert_eq!(view["credentials"].as_array().unwrap().len(), 2);
    }
    // Everything goes on: the account may still apply nothing new, and may still create.
    developer.post(Route::SubmitApplication, &[], application()).refused(409, "conflict");
    developer.create_app("read");
}
