//! The main job over HTTP, on the real runtime: from a sign-up to a checked call, and every way to be refused.

use base64ct::{Base64, Encoding};
use gatehouse_shared::api::Route;
use gatehouse_tests::{
    Client, Reply, TestApp, TestDeployment, application, at_once, eventually, sign_up_request, unique,
};
use serde_json::{Value, json};
use std::io::Read;

const V2: &str = "/2/notes";
const V1: &str = "/1.1/notes.json";

fn unauthorized() -> Value {
    json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" })
}

fn coded(code: u32, message: &str) -> Value {
    json!({ "errors": [{ "code": code, "message": message }] })
}

/// Asserts that both versions refuse a token with the exact 401.
#[track_caller]
fn assert_unauthorized(what: &str, token: &str) {
    let program = Client::new();
    // A change is published before its answer; isolates elsewhere may keep an App for as long as they may remember.
    eventually(what, || match program.gate("GET", V2, token).status {
        401 => Ok(()),
        status => Err(format!("the gate still answers {status}")),
    });
    program.gate("GET", V2, token).is(401, &unauthorized());
    let reply = program.gate("GET", V1, token);
    let challenge = format!("OAuth realm=\"{}\", api_error_code=89", TestDeployment::url());
    assert_eq!(reply.header("www-authenticate"), Some(challenge.as_str()), "{what}");
    reply.is(401, &coded(89, "Invalid or expired token."));
}

#[test]
fn a_developer_goes_from_sign_up_to_a_checked_call() {
    let username = unique("dev");
    let developer = Client::unapproved(&username);
    let refused =
        developer.post(Route::CreateApp, &[], json!({ "name": unique("App"), "description": "Not yet allowed" }));
    refused.refused(403, "not-approved");

    let view = developer.post(Route::SubmitApplication, &[], application()).expect(200);
    assert_eq!(view["state"], "in-review");
    let (own, operator) = (developer.own_developer_account(), Client::operator());
    operator.decide(&own, "request-information", "Which calendar is it?").expect(200);
    let view = developer.get(Route::FindApplication, &[]).expect(200);
    assert_eq!(view["state"], "more-information-requested");
    assert_eq!(view["history"].as_array().unwrap().last().unwrap()["reason"], "Which calendar is it?");
    developer.post(Route::SubmitApplication, &[], application()).expect(200);
    operator.decide(&own, "approve", "").expect(200);

    let app = developer.create_project("read");
    let reply = Client::new().gate("GET", V2, &app.bearer_token);
    assert_eq!(reply.header("x-access-level"), Some("read"));
    assert!(reply.header("x-gatehouse-request-id").is_some());
    let notes = reply.expect(200);
    assert_eq!(notes["meta"]["note"], "Demonstration data");
    Client::new().gate("GET", V1, &app.bearer_token).expect(200);

    let dashboard = developer.get(Route::FindDashboard, &[]).expect(200);
    assert_eq!(dashboard["projects"][0]["apps"][0]["id"], app.id.as_str());
}

#[test]
fn the_api_learns_from_the_gate_who_calls_and_from_nobody_else() {
    let app = Client::developer().create_project("read-write");
    let authorization = format!("Bearer {}", app.bearer_token);
    let headers = [
        ("authorization", authorization.as_str()),
        ("cookie", "__Host-gatehouse=secret"),
        ("proxy-authorization", "Basic eDp5"),
        ("x-gatehouse-app", "1111111111111111111"),
        ("X-Gatehouse-Project", "2222222222222222222"),
        ("x-gatehouse-invented", "yes"),
        ("x_gatehouse_user", "1"),
        ("signature", "gatehouse=:AAAA:"),
        ("signature-input", "gatehouse=();created=1"),
        ("x-gatehouse-access-level", "read-write-directmessages"),
    ];
    let echo = Client::new().send("POST", "/2/echo?a=1&b=%20", &headers, b"hello").expect(200);
    let seen = &echo["data"];
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["query"], json!({ "a": "1", "b": " " }));
    assert_eq!(seen["body_length"], 5);
    assert_eq!(seen["signature"], "verified", "the API knows the gate's word from anybody's");
    assert_eq!(seen["headers"]["x-gatehouse-app"], app.id.as_str());
    assert_eq!(seen["headers"]["x-gatehouse-project"], app.project_id.as_str());
    assert!(seen["headers"]["x-gatehouse-request-id"].is_string());
    let names = seen["header_names"].as_array().unwrap();
    assert!(names.contains(&json!("x-gatehouse-app")), "{names:?}");
    for stranger in ["authorization", "cookie", "proxy-authorization", "x-gatehouse-invented", "x_gatehouse_user"] {
        assert!(!names.contains(&json!(stranger)), "{stranger} arrived: {names:?}");
    }
    assert_ne!(seen["headers"]["x-gatehouse-access-level"], "read-write-directmessages");
}

#[test]
fn a_standalone_app_is_told_exactly_why_it_may_not_call_v2() {
    let developer = Client::developer();
    let app = developer.create_app("read");
    let (origin, program) = (TestDeployment::url(), Client::new());
    program.gate("GET", V1, &app.bearer_token).expect(200);
    let body = program.gate("GET", V2, &app.bearer_token).expect(403);
    let expected = json!({
        "client_id": app.id,
        "detail": format!(
            "This App is not in a Project, and v2 takes only Apps in one. Attach it to a Project, with the same keys, \
             at {origin}/apps/{}.", app.id
        ),
        "registration_url": format!("{origin}/apps/{}", app.id),
        "title": "Client Forbidden",
        "required_enrollment": "Project",
        "reason": "client-not-enrolled",
        "type": format!("{origin}/2/problems/client-forbidden"),
    });
    assert_eq!(body, expected);

    let project = developer.create_project("read").project_id;
    let params = [("app_id", app.id.as_str())];
    let attached = json!({ "project_id": project, "environment": "staging" });
    developer.call(Route::AttachApp, &params, Some(attached)).expect(200);
    eventually("attached", || match program.gate("GET", V2, &app.bearer_token).status {
        200 => Ok(()),
        status => Err(format!("the gate answers {status}")),
    });
    developer.call(Route::DetachApp, &params, None).expect(200);
    eventually("detached", || match program.gate("GET", V2, &app.bearer_token).status {
        403 => Ok(()),
        status => Err(format!("the gate answers {status}")),
    });
}

#[test]
fn a_credential_that_was_never_made_here_gets_the_exact_401() {
    let app = Client::developer().create_project("read");
    let mut mistyped = app.bearer_token.clone();
    let last = mistyped.pop().unwrap();
    mistyped.push(if last == '0' { '1' } else { '0' });
    assert_unauthorized("mistyped", &mistyped);
    let middle = app.bearer_token.len() / 2;
    let swapped: String = app.bearer_token.chars().rev().collect();
    assert_unauthorized("reversed", &swapped);
    assert_unauthorized("cut", &app.bearer_token[..middle]);
    assert_unauthorized("made up", "gh_bearer_made_up");
    assert_unauthorized("an API Key", &app.api_key);
    assert_unauthorized("of the right shape", &shuffled(&app.bearer_token));
}

/// The same length and letters, with every letter after the last underscore replaced.
fn shuffled(token: &str) -> String {
    let start = token.rfind('_').map_or(0, |at| at + 1);
    let next = |c: char| match c {
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        c => char::from_u32(u32::from(c) + 1).unwrap_or(c),
    };
    token.char_indices().map(|(at, c)| if at < start { c } else { next(c) }).collect()
}

#[test]
fn a_call_without_credentials_gets_the_exact_answer_of_its_version() {
    let program = Client::new();
    program.send("GET", V2, &[], &[]).is(401, &unauthorized());
    program.send("GET", V1, &[], &[]).is(400, &coded(215, "Bad Authentication data."));
    program.send("GET", V2, &[("authorization", "Basic eDp5")], &[]).is(401, &unauthorized());
    let signed = program.send("GET", V1, &[("authorization", "OAuth oauth_consumer_key=\"x\"")], &[]);
    signed.is(401, &coded(32, "Could not authenticate you."));
}

#[test]
fn a_regenerated_token_is_refused_and_the_new_one_passes() {
    let developer = Client::developer();
    let app = developer.create_project("read");
    let program = Client::new();
    program.gate("GET", V2, &app.bearer_token).expect(200);
    let issued = developer
        .post(Route::RegenerateCredential, &[("app_id", &app.id), ("kind", "bearer-token")], json!({}))
        .expect(200);
    let fresh = issued["bearer_token"].as_str().unwrap();
    assert_unauthorized("the old token", &app.bearer_token);
    program.gate("GET", V2, fresh).expect(200);
}

#[test]
fn a_deleted_apps_token_is_refused() {
    let developer = Client::developer();
    let app = developer.create_app("read");
    Client::new().gate("GET", V1, &app.bearer_token).expect(200);
    let params = [("app_id", app.id.as_str())];
    let wrong = json!({ "confirm_name": "something else" });
    assert_eq!(developer.call(Route::DeleteApp, &params, Some(wrong)).status, 422);
    let right = json!({ "confirm_name": app.name });
    developer.call(Route::DeleteApp, &params, Some(right)).expect(200);
    assert_unauthorized("deleted", &app.bearer_token);
    developer.get(Route::FindApp, &params).refused(404, "not-found");
}

#[test]
fn a_write_with_a_read_only_app_gets_the_exact_403_of_each_version() {
    let developer = Client::developer();
    let app = developer.create_project("read");
    let program = Client::new();
    let note = br#"{"text":"A note"}"#;
    let authorization = format!("Bearer {}", app.bearer_token);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let expected = json!({
        "title": "Forbidden",
        "type": format!("{}/2/problems/oauth1-permissions", TestDeployment::url()),
        "status": 403,
        "detail": "This endpoint needs the App permission “Read and write”. Change it on the App's page in the portal.",
    });
    program.send("POST", V2, &headers, note).is(403, &expected);
    program.send("POST", V1, &headers, note).is(403, &coded(261, "Application cannot perform write actions."));

    let change = json!({ "permission": "read-write" });
    developer.call(Route::UpdateApp, &[("app_id", &app.id)], Some(change)).expect(200);
    eventually("the permission to write", || match program.send("POST", V2, &headers, note).status {
        201 => Ok(()),
        status => Err(format!("the gate answers {status}")),
    });
    program.send("POST", V1, &headers, note).expect(200);
}

fn ask_token(key: &str, secret: &str, form: &str) -> Reply {
    let authorization = format!("Basic {}", Base64::encode_string(format!("{key}:{secret}").as_bytes()));
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/x-www-form-urlencoded;charset=UTF-8"),
    ];
    Client::new().send("POST", "/oauth2/token", &headers, form.as_bytes())
}

#[test]
fn the_api_key_and_secret_fetch_the_bearer_token() {
    let developer = Client::developer();
    let app = developer.create_project("read");
    let grant = "grant_type=client_credentials";
    let expected = json!({ "token_type": "bearer", "access_token": app.bearer_token });
    for _ in 0..2 {
        let reply = ask_token(&app.api_key, &app.api_key_secret, grant);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        reply.is(200, &expected);
    }
    let refused = json!({ "errors": [{
        "code": 99, "message": "Unable to verify your credentials", "label": "authenticity_token_error",
    }] });
    ask_token(&app.api_key, "wrong", grant).is(403, &refused);
    ask_token("wrong", &app.api_key_secret, grant).is(403, &refused);
    ask_token(&app.api_key, &app.api_key_secret, "grant_type=password").is(403, &refused);
    let missing = coded(170, "Missing required parameter: grant_type");
    ask_token(&app.api_key, &app.api_key_secret, "").is(403, &missing);

    let pair =
        developer.post(Route::RegenerateCredential, &[("app_id", &app.id), ("kind", "api-key")], json!({})).expect(200);
    eventually("the old pair is refused", || match ask_token(&app.api_key, &app.api_key_secret, grant).status {
        403 => Ok(()),
        status => Err(format!("it gets {status}")),
    });
    let fresh = |name: &str| pair[name].as_str().unwrap().to_owned();
    ask_token(&fresh("api_key"), &fresh("api_key_secret"), grant).is(200, &expected);
}

#[track_caller]
fn assert_one_winner(replies: &[Reply]) {
    let winners = replies.iter().filter(|reply| reply.status == 200).count();
    let others: Vec<&Reply> = replies.iter().filter(|reply| reply.status != 200).collect();
    assert!(
        others.iter().all(|reply| reply.status == 409 && reply.json["code"] == "name-taken"),
        "{:?}",
        others.iter().map(|reply| (reply.status, &reply.text)).collect::<Vec<_>>()
    );
    assert_eq!(winners, 1);
}

#[test]
fn one_of_64_simultaneous_sign_ups_gets_the_name() {
    let name = unique("race");
    let replies = at_once(64, |number| {
        let mut request = sign_up_request(&name);
        request["email"] = json!(format!("{name}{number}@example.com"));
        Client::new().post(Route::SignUp, &[], request)
    });
    assert_one_winner(&replies);
    let winner = json!({ "login": name, "password": gatehouse_tests::PASSWORD });
    Client::new().post(Route::SignIn, &[], winner).expect(200);
}

#[test]
fn one_of_64_simultaneous_apps_gets_the_name() {
    let developers: Vec<Client> = (0..4).map(|_| Client::developer()).collect();
    let name = unique("Race");
    let replies = at_once(64, |number| {
        // Names are compared without case and spaces.
        let name = if number % 2 == 0 { name.clone() } else { format!(" {} ", name.to_uppercase()) };
        let body = json!({ "name": name, "description": "One of many attempts" });
        developers[number % developers.len()].post(Route::CreateApp, &[], body)
    });
    assert_one_winner(&replies);
    let apps: usize = developers
        .iter()
        .map(|developer| {
            developer.get(Route::FindDashboard, &[]).expect(200)["standalone_apps"].as_array().unwrap().len()
        })
        .sum();
    assert_eq!(apps, 1);
}

/// A body that is made while it is sent.
struct Letters {
    left: usize,
}

impl Read for Letters {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.left.min(buffer.len()).min(16 * 1024);
        buffer[..count].fill(b'a');
        self.left -= count;
        Ok(count)
    }
}

#[test]
fn bodies_stream_through_the_gate() {
    const MEBIBYTE: usize = 1 << 20;
    let app: TestApp = Client::developer().create_project("read-write");
    let authorization = format!("Bearer {}", app.bearer_token);
    let headers = [("authorization", authorization.as_str()), ("content-type", "text/plain")];
    let program = Client::new();
    let echo = program.stream("POST", "/2/echo", &headers, Letters { left: MEBIBYTE }).expect(200);
    assert_eq!(echo["data"]["body_length"], MEBIBYTE);
    let sent = program.send("PUT", "/2/echo", &headers, &vec![b'b'; MEBIBYTE]).expect(200);
    assert_eq!(sent["data"]["body_length"], MEBIBYTE);
}

#[test]
fn texts_whose_forms_differ_are_one_name_and_one_password() {
    let client = Client::new();
    let name = unique("uni");
    let body = json!({ "username": name, "email": format!("{name}@example.com"), "password": "Zürich, 8 Ångström" });
    client.post(Route::SignUp, &[], body).expect(200);
    // The same letters, each with its accent behind it; the other password is another one.
    for (password, status) in [("Zu\u{308}rich, 8 A\u{30a}ngstro\u{308}m", 200), ("Zurich, 8 Angstrom", 401)] {
        let body = json!({ "login": name, "password": password });
        assert_eq!(Client::new().post(Route::SignIn, &[], body).status, status, "{password}");
    }
    let developer = Client::developer();
    let name = unique("Café ");
    let create = |name: &str| {
        developer.post(Route::CreateApp, &[], json!({ "name": name, "description": "An App for tests" })).status
    };
    assert_eq!(create(&name), 200);
    let wide = |c: char| char::from_u32(c as u32 + 0xfee0).unwrap_or(c);
    let full_width: String = name.chars().map(|c| if ('!'..='~').contains(&c) { wide(c) } else { c }).collect();
    for same in [name.replace('é', "e\u{301}"), name.to_uppercase(), full_width, name.replace('a', "\u{430}")] {
        assert_eq!(create(&same), 409, "{same}");
    }
}
