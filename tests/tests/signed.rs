//! Signed requests and the life of credentials, on the real Worker.

use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, Signer, TestApp, eventually, node, python, run};
use serde_json::{Value, json};
use std::process::Command;
use std::thread;

const FORM: &str = "application/x-www-form-urlencoded";
const TEXT: &str = "é ~!*'()+ ☃";

/// Runs an unmodified client of others as an App's owner.
#[track_caller]
fn call(program: &mut Command, signer: &Signer) -> Value {
    let with = &signer.credentials;
    let printed = run(program
        .arg(Client::new().url())
        .env("API_KEY", &with.consumer_key)
        .env("API_KEY_SECRET", &with.consumer_secret)
        .env("ACCESS_TOKEN", &with.token)
        .env("ACCESS_TOKEN_SECRET", &with.token_secret));
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

#[test]
fn unmodified_clients_of_others_sign_what_passes() {
    let owner = Client::developer();
    let app = owner.create_project("read-write");
    let signer = Signer::generate(&owner, &app);
    for mut client in [python("call_requests_oauthlib.py"), node("call_oauth_1_0a.mjs")] {
        let answers = call(&mut client, &signer);
        let verified = &answers["verify_credentials"];
        assert_eq!((&verified["status"], &verified["level"]), (&json!(200), &json!("read-write")), "{answers}");
        assert_eq!(verified["body"]["id_str"], json!(owner.account_id()));
        assert_eq!((&answers["post"]["status"], &answers["post"]["body"]["text"]), (&json!(200), &json!(TEXT)));
        assert_eq!(answers["me"]["body"]["data"]["id"], json!(owner.account_id()));
        if let Some(answer) = answers.get("json") {
            assert_eq!((&answer["status"], &answer["body"]["data"]["text"]), (&json!(201), &json!(TEXT)));
        }
    }
}

#[test]
fn of_64_copies_of_a_signed_request_one_passes() {
    let owner = Client::developer();
    let app = owner.create_project("read");
    let signer = Signer::generate(&owner, &app);
    let header = signer.header("GET", "/2/notes", None);
    let copies: Vec<_> = (0..64)
        .map(|_| {
            let header = header.clone();
            thread::spawn(move || {
                let reply = Client::new().send("GET", "/2/notes", &[("authorization", &header)], &[]);
                (reply.status, reply.json)
            })
        })
        .collect();
    let answers: Vec<(u16, Value)> = copies.into_iter().map(|copy| copy.join().unwrap()).collect();
    let passed = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(passed, 1, "{answers:?}");
    let refused = json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" });
    assert_eq!(answers.iter().filter(|(status, body)| *status == 401 && *body == refused).count(), 63);
}

#[test]
fn a_signed_form_reaches_the_api_as_it_was_sent_and_a_changed_one_does_not() {
    let owner = Client::developer();
    let app = owner.create_project("read-write");
    let signer = Signer::generate(&owner, &app);
    let form = "text=a+b%20c&x=%C3%A9&empty=";
    let headers = |header: &str, kind: &str| {
        vec![("authorization".to_owned(), header.to_owned()), ("content-type".to_owned(), kind.to_owned())]
    };
    let send = |headers: &[(String, String)], body: &[u8]| {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Client::new().send("POST", "/2/echo", &headers, body)
    };
    let signed = signer.header("POST", "/2/echo", Some(form.as_bytes()));
    let seen = send(&headers(&signed, &format!("{FORM}; charset=utf-8")), form.as_bytes()).expect(200);
    assert_eq!(seen["data"]["body_length"], json!(form.len()));
    assert_eq!(seen["data"]["headers"]["x-gatehouse-user"], json!(owner.account_id()));
    let signed = signer.header("POST", "/2/echo", Some(form.as_bytes()));
    send(&headers(&signed, FORM), b"text=other").expect(401);

    // The credentials may be in the body; then the API gets them with it.
    let in_body = |header: &str| header.trim_start_matches("OAuth ").replace(", ", "&").replace('"', "");
    let body = format!("{form}&{}", in_body(&signer.header("POST", "/2/echo", Some(form.as_bytes()))));
    Client::new().send("POST", "/2/echo", &[("content-type", FORM)], body.as_bytes()).expect(200);

    // A body of another type is not signed, and streams past.
    let large = vec![b'x'; 3 * 1024 * 1024];
    let signed = signer.header("POST", "/2/echo", None);
    let seen = send(&headers(&signed, "application/octet-stream"), &large).expect(200);
    assert_eq!(seen["data"]["body_length"], json!(large.len()));
    // A form of that size is not read, whatever it was signed with.
    let signed = signer.header("POST", "/2/echo", Some(form.as_bytes()));
    let too_large = eventually("the answer", || {
        let headers = [("authorization", signed.as_str()), ("content-type", FORM)];
        // The connection may close before all of it is sent, and the answer is lost with it.
        Client::new().try_send("POST", "/2/echo", &headers, &large).map_err(|error| error.to_string())
    });
    too_large.expect(413);
    // The next one works as if nothing had been.
    signer.send("GET", "/2/notes").expect(200);
}

#[test]
fn a_request_revokes_the_token_that_signs_it_and_the_next_one_bears_the_new_level() {
    let owner = Client::developer();
    let app = owner.create_project("read");
    let first = Signer::generate(&owner, &app);
    assert_eq!(first.send("GET", "/2/notes").header("x-access-level"), Some("read"));
    let body = first.send("POST", "/1.1/oauth/invalidate_token.json").expect(200);
    assert_eq!(body, json!({ "access_token": first.credentials.token }));
    eventually("the revoked token is refused", || match first.send("GET", "/1.1/notes.json") {
        reply if reply.status == 401 && reply.json["errors"][0]["code"] == 89 => Ok(()),
        reply => Err(reply.text),
    });
    owner.post(Route::UpdateApp, &[("app_id", &app.id)], json!({ "permission": "read-write" })).expect(200);
    let second = Signer::generate(&owner, &app);
    assert_eq!(second.send("POST", "/2/notes").status, 400, "it reaches the API, which wants a text");
    assert_eq!(second.send("GET", "/2/notes").header("x-access-level"), Some("read-write"));
}

fn invalidate(app: &TestApp, token: &str) -> gatehouse_tests::Reply {
    use base64ct::{Base64, Encoding};
    let basic =
        format!("Basic {}", Base64::encode_string(format!("{}:{}", app.api_key, app.api_key_secret).as_bytes()));
    let body = format!("access_token={token}");
    let headers = [("authorization", basic.as_str()), ("content-type", FORM)];
    Client::new().send("POST", "/oauth2/invalidate_token", &headers, body.as_bytes())
}

#[test]
fn a_bearer_token_is_invalidated_and_the_last_use_of_each_is_told() {
    let owner = Client::developer();
    let app = owner.create_project("read");
    let params = [("app_id", app.id.as_str()), ("kind", "bearer-token")];
    let issued = owner.post(Route::RegenerateCredential, &params, json!({ "overlap_hours": 1 })).expect(200);
    let new = issued["bearer_token"].as_str().unwrap().to_owned();
    let last_uses = || {
        let view = owner.get(Route::FindApp, &params[..1]).expect(200);
        let all = view["credentials"].as_array().unwrap().clone();
        let bearer = all.iter().filter(|c| c["kind"] == "bearer-token");
        bearer.map(|c| c["last_used_on"].is_number()).collect::<Vec<bool>>()
    };
    assert_eq!(last_uses(), [false, false]);
    Client::new().gate("GET", "/2/notes", &app.bearer_token).expect(200);
    eventually("the old one is known to be in use", || {
        let seen = last_uses();
        if seen == [false, true] { Ok(()) } else { Err(format!("{seen:?}")) }
    });
    Client::new().gate("GET", "/2/notes", &new).expect(200);
    eventually("both are known to be in use", || {
        let seen = last_uses();
        if seen == [true, true] { Ok(()) } else { Err(format!("{seen:?}")) }
    });
    owner.call(Route::RevokePreviousCredential, &params, None).expect(200);
    eventually("the old one is refused", || match Client::new().gate("GET", "/2/notes", &app.bearer_token).status {
        401 => Ok(()),
        status => Err(status.to_string()),
    });
    invalidate(&app, &new).is(200, &json!({ "access_token": new }));
    eventually("the invalidated one is refused", || match Client::new().gate("GET", "/2/notes", &new).status {
        401 => Ok(()),
        status => Err(status.to_string()),
    });
    assert_eq!(invalidate(&app, &new).status, 401);
}
