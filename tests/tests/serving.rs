//! One machine: what happens to a deployment whose processes die, are told to stop, or whose files change.

use gatehouse_shared::api::Route;
use gatehouse_tests::{
    Client, PASSWORD, Server, Serving, Upstream, answer_with, bearer_token_at, eventually, sign_up_request, unique,
};
use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
};
use serde_json::json;
use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Replaces a text of the description.
fn change_description(serving: &Serving, from: &str, to: &str) {
    let text = fs::read_to_string(serving.description()).unwrap();
    assert!(text.contains(from));
    fs::write(serving.description(), text.replace(from, to)).unwrap();
}

fn name_of_api(client: &Client) -> String {
    client.send("GET", "/api/description", &[], b"").expect(200)["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_killed_workerd_is_started_again_with_the_data_as_they_were_and_nobody_is_refused_meanwhile() {
    let serving = Serving::start();
    let client = Client::at(serving.url().to_owned());
    let username = unique("dev");
    client.post(Route::SignUp, &[], sign_up_request(&username)).expect(200);
    for _ in 0..3 {
        let before = serving.workerd();
        kill(before, Signal::SIGKILL).unwrap();
        // The connection waits until the new one answers.
        let body = json!({ "login": username, "password": PASSWORD });
        Client::at(serving.url().to_owned()).post(Route::SignIn, &[], body).expect(200);
        assert_ne!(serving.workerd(), before);
    }
    let said = serving.said();
    assert_eq!(said.matches("it was killed (SIGKILL)").count(), 3, "{said}");
    assert_eq!(said.matches("workerd runs again").count(), 3, "{said}");
}

#[test]
fn workerd_ends_with_the_program_that_watches_it_and_a_second_server_is_kept_out() {
    let mut serving = Serving::start();
    let (status, said) = serving.second();
    assert!(!status.success() && said.contains("another server runs on the data folder"), "{said}");
    let workerd = serving.workerd();
    serving.signal(Signal::SIGKILL);
    serving.wait();
    eventually("workerd has ended", || match kill(workerd, None) {
        Err(Errno::ESRCH) => Ok(()),
        other => Err(format!("{other:?}")),
    });
}

#[test]
fn what_is_under_way_ends_before_a_server_stops() {
    let may_answer = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&may_answer);
    let slow = Upstream::start(move |_, stream| {
        eventually("it may answer", || match asked.load(Ordering::Relaxed) {
            true => Ok(()),
            false => Err("not yet".to_owned()),
        });
        answer_with(stream, 200, "", "{\"done\":true}");
    });
    let mut serving = Serving::start();
    let settings = serving.data().join("secrets.env");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}UPSTREAM_URL={}\nAPPROVAL=auto\n", slow.url())).unwrap();
    eventually("the setting is read", || match serving.said() {
        said if said.contains("now served as it was changed") => Ok(()),
        said => Err(said),
    });
    let token = bearer_token_at(serving.url());
    let url = serving.url().to_owned();
    let call = thread::spawn(move || Client::at(url).gate("GET", "/2/slow", &token));
    eventually("the API has the request", || match slow.heads("/2/slow").len() {
        1 => Ok(()),
        _ => Err("not yet".to_owned()),
    });
    serving.signal(Signal::SIGTERM);
    eventually("it is told to stop", || match serving.said() {
        said if said.contains("stopping") => Ok(()),
        said => Err(said),
    });
    may_answer.store(true, Ordering::Relaxed);
    assert_eq!(call.join().unwrap().expect(200), json!({ "done": true }));
    assert!(serving.wait().success());
    let said = serving.said();
    assert!(said.contains("stopped") && !said.contains("was killed"), "{said}");
}

#[test]
fn a_changed_description_is_served_without_a_build_and_one_with_a_mistake_is_not() {
    let serving = Serving::start();
    let client = Client::at(serving.url().to_owned());
    assert_eq!(name_of_api(&client), "Notes API");
    change_description(&serving, "name = \"Notes API\"", "name = \"Other & API\"");
    eventually("the new name", || match name_of_api(&client) {
        name if name == "Other & API" => Ok(()),
        name => Err(name),
    });
    let page = client.send("GET", "/", &[("accept", "text/html")], b"");
    assert!(page.text.contains("<title>Other &amp; API"), "{}", page.text);

    change_description(&serving, "token_prefix = \"gh\"", "token_prefix = \"G\"");
    eventually("the mistake is told", || match serving.said() {
        said if said.contains("not served as it was changed: api.toml line 8: token_prefix has") => Ok(()),
        said => Err(said),
    });
    assert_eq!(name_of_api(&client), "Other & API");
}

#[test]
fn settings_that_cannot_be_served_leave_those_of_before() {
    let serving = Serving::start();
    let client = Client::at(serving.url().to_owned());
    client.post(Route::SignUp, &[], sign_up_request(&unique("dev"))).expect(200);
    let settings = serving.data().join("secrets.env");
    let text = fs::read_to_string(&settings).unwrap();
    for (changed, reason) in [
        (text.clone() + "MEMORY_SECONDS=a while\n", "MEMORY_SECONDS must be a number"),
        (text.clone() + "MASTER_KEYS=1:" + &"5a".repeat(32) + "\n", "master-key-wrong"),
        (text.clone() + "UPSTREAM_URL=http://127.0.0.1:1\nsecret\n", "is not NAME=value"),
    ] {
        fs::write(&settings, changed).unwrap();
        eventually(reason, || match serving.said() {
            said if said.contains(reason) => Ok(()),
            said => Err(said),
        });
        client.get(Route::FindSession, &[]).expect(200);
        assert_eq!(client.send("GET", "/healthz", &[], b"").status, 200, "{reason}");
    }
    // Names of other bindings are no settings, and nothing set is as good as no setting.
    fs::write(&settings, text + "UPSTREAM=http://127.0.0.1:1\nACCOUNT=x\nORIGINS=\nAPPROVAL=auto\n").unwrap();
    eventually("the new settings", || match serving.said() {
        said if said.contains("ACCOUNT is no setting") && said.contains("now served as it was changed") => Ok(()),
        said => Err(said),
    });
    let token = bearer_token_at(serving.url());
    assert_eq!(Client::at(serving.url().to_owned()).gate("GET", "/2/notes", &token).status, 200);
}

/// How many of so many guesses, each at another name and with these headers, were looked at.
fn admitted(server: &Server, tries: u32, headers: impl Fn(u32) -> Vec<(&'static str, String)>) -> u32 {
    let client = Client::at(server.url().to_owned());
    let guess = |n| {
        let body = json!({ "login": unique("guess"), "password": PASSWORD }).to_string();
        let own = [("content-type", "application/json".to_owned()), ("origin", server.url().to_owned())];
        let headers: Vec<_> = own.into_iter().chain(headers(n)).collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        match client.send("POST", "/api/sessions", &headers, body.as_bytes()).status {
            401 => 1,
            429 => 0,
            status => panic!("status {status}"),
        }
    };
    (0..tries).map(guess).sum()
}

#[test]
fn guesses_are_counted_by_the_address_that_nobody_can_choose() {
    let forged = |n: u32| {
        let address = format!("198.51.100.{n}");
        vec![("cf-connecting-ip", address.clone()), ("x-forwarded-for", address.clone()), ("x-real-ip", address)]
    };
    let data = tempfile::tempdir().unwrap();
    let direct = Server::start_limited(data.path(), &[]);
    // Ten a minute; another minute may begin meanwhile.
    let count = admitted(&direct, 45, forged);
    assert!((10..=20).contains(&count), "{count}");
    drop(direct);

    let data = tempfile::tempdir().unwrap();
    let behind = Server::start_limited(data.path(), &[("TRUSTED_PROXIES", "127.0.0.1")]);
    assert_eq!(admitted(&behind, 45, forged), 45, "clients of a trusted proxy count each for themselves");
    let one = |_| vec![("x-forwarded-for", "203.0.113.1, 192.0.2.1".to_owned())];
    let count = admitted(&behind, 45, one);
    assert!((10..=20).contains(&count), "{count}");
}
