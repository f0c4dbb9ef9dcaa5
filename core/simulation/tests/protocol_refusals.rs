//! Refused calls of the credential protocol's own endpoints: the App's owner finds each by its request id, with the
//! reason and without secrets.

use crate::support::Reply;
use crate::support::sign_in::{CALLBACK, SignIn, VERIFIER, decide_oauth1, post_form, text};
use crate::support::signing::Signer;
use base64ct::{Base64, Encoding};
use futures::executor::block_on;
use gatehouse_edge::http::Body;
use gatehouse_shared::api::{Method, Route};
use serde_json::{Value, json};

/// What the owner finds by the request id of an answer.
async fn find(sign_in: &SignIn, reply: &Reply) -> Value {
    sign_in.stage.world.advance_seconds(2);
    sign_in.stage.isolate.settle().await;
    let id = reply.header("x-gatehouse-request-id").expect("a request id");
    let path = format!("{}?request_id={id}", Route::ListRefusals.path(&[("app_id", &sign_in.asking.app)]));
    let list = sign_in.developer.send(Method::Get, &path, &[], b"").await.expect(200);
    let found = list["refusals"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{} {}", reply.status, reply.text);
    assert_eq!(found[0]["status"], reply.status);
    assert!(!text(&found[0]["text"]).is_empty() && !text(&found[0]["help"]).is_empty(), "{}", found[0]);
    found[0].clone()
}

fn evidence<'a>(refusal: &'a Value, name: &str) -> &'a str {
    let all = refusal["evidence"].as_array().unwrap();
    let found = all.iter().find(|evidence| evidence["name"] == name);
    text(&found.unwrap_or_else(|| panic!("{name}: {refusal}"))["value"])
}

fn basic(name: &str, secret: &str) -> String {
    format!("Basic {}", Base64::encode_string(format!("{name}:{secret}").as_bytes()))
}

#[test]
fn a_refused_request_token_is_found_by_its_request_id() {
    block_on(async {
        let sign_in = SignIn::new(1, "read").await;
        let SignIn { stage, asking, .. } = &sign_in;
        let wrong_secret = Signer { key_secret: "wrong".into(), ..asking.signer.with_nonce("n1") };
        let reply = asking.signed(stage, "/oauth/request_token", &wrong_secret, &[("oauth_callback", "oob")]).await;
        let found = find(&sign_in, &reply).await;
        assert_eq!((&found["reason"], &found["path"]), (&json!("wrong-signature"), &json!("/oauth/request_token")));
        assert!(evidence(&found, "Expected base string").starts_with("POST&https%3A%2F%2Fportal.example%2Foauth"));

        let late = Signer { skew_seconds: -1000, ..asking.signer.with_nonce("n2") };
        let reply = asking.signed(stage, "/oauth/request_token", &late, &[("oauth_callback", "oob")]).await;
        assert_eq!(find(&sign_in, &reply).await["reason"], "timestamp");

        let reply = asking.request_token(stage, "n3", &[("oauth_callback", "https://evil.example/cb")]).await;
        assert_eq!(reply.status, 403);
        let found = find(&sign_in, &reply).await;
        assert_eq!(found["reason"], "callback-not-registered");
        assert_eq!(evidence(&found, "oauth_callback received"), "https://evil.example/cb");
        assert_eq!(evidence(&found, "Registered"), CALLBACK);

        let reply = asking.request_token(stage, "n4", &[]).await;
        assert_eq!(find(&sign_in, &reply).await["reason"], "wrong-parameter");
        let reply = asking.request_token(stage, "n1", &[("oauth_callback", "oob")]).await;
        assert_eq!(reply.status, 200);
        let reply = asking.request_token(stage, "n1", &[("oauth_callback", "oob")]).await;
        assert_eq!(find(&sign_in, &reply).await["reason"], "nonce-used");
    });
}

#[test]
fn a_refused_redemption_is_found_and_its_verifier_is_kept_nowhere() {
    block_on(async {
        let sign_in = SignIn::new(2, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let asked = asking.asked(stage, "n1", "oob").await;
        let outcome = decide_oauth1(user, &asked.token, true).await;
        let pin = text(&outcome["content"]);
        let reply = asking.access_token(stage, &asked, "0000000").await;
        assert_eq!(find(&sign_in, &reply).await["reason"], "wrong-verifier");
        let forgetful = Signer { token_secret: String::new(), ..asked.clone() };
        let reply = asking.access_token(stage, &forgetful, pin).await;
        let found = find(&sign_in, &reply).await;
        assert_eq!(found["reason"], "wrong-signature");
        assert!(evidence(&found, "Expected base string").contains("%26oauth_verifier%3D*******"), "{found}");
        let gone = Signer { token: "gh_request_nonsense".into(), ..asked.clone() };
        let reply = asking.access_token(stage, &gone, pin).await;
        assert_eq!(find(&sign_in, &reply).await["reason"], "request-token-gone");
        let kept = stage.world.dump_databases().join("\n");
        for secret in [pin, &asked.token_secret, &asked.key_secret] {
            assert!(!kept.contains(secret), "{secret}");
        }
    });
}

#[test]
fn a_refused_bearer_token_request_is_found_by_its_request_id() {
    block_on(async {
        let sign_in = SignIn::new(3, "read").await;
        let SignIn { stage, asking, .. } = &sign_in;
        let (key, secret) = (&asking.signer.key, &asking.signer.key_secret);
        let form = [("grant_type", "client_credentials")];
        for (path, authorization, form, reason) in [
            ("/oauth2/token", basic(key, "wrong"), &form[..], "wrong-secret"),
            ("/oauth2/token", basic(key, secret), &[("grant_type", "password")], "wrong-parameter"),
            ("/oauth2/token", basic(key, secret), &[], "wrong-parameter"),
            ("/oauth2/invalidate_token", basic(key, "wrong"), &[("access_token", "x")], "wrong-secret"),
            ("/oauth2/invalidate_token", basic(key, secret), &[("access_token", "x")], "malformed-credential"),
            ("/oauth2/invalidate_token", basic(key, secret), &[], "wrong-parameter"),
        ] {
            let reply = post_form(stage, path, Some(&authorization), form).await;
            assert_ne!(reply.status, 200);
            assert_eq!(find(&sign_in, &reply).await["reason"], reason, "{path} {form:?}");
        }
    });
}

#[test]
fn a_refused_call_of_the_oauth_2_endpoints_is_found_with_what_differed() {
    block_on(async {
        let sign_in = SignIn::new(4, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let code = asking.code(user, "notes.read offline.access").await;
        let redeem = |redirect_uri: &'static str, verifier: &'static str| {
            vec![
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", redirect_uri),
                ("code_verifier", verifier),
            ]
        };
        let reply = asking.post(stage, "/2/oauth2/token", &redeem("https://app.example/", VERIFIER)).await;
        let found = find(&sign_in, &reply).await;
        assert_eq!(found["reason"], "invalid-grant");
        assert_eq!(evidence(&found, "redirect_uri received"), "https://app.example/");
        assert_eq!(evidence(&found, "redirect_uri of the code"), CALLBACK);
        let wrong = "a-verifier-of-another-sign-in-0123456789abc";
        let reply = asking.post(stage, "/2/oauth2/token", &redeem(CALLBACK, wrong)).await;
        assert!(text(&find(&sign_in, &reply).await["text"]).contains("code_verifier"));
        for path in ["/2/oauth2/token", "/2/oauth2/revoke", "/2/oauth2/introspect"] {
            let authorization = basic(&asking.client_id, "wrong");
            let form = [("grant_type", "refresh_token"), ("token", "x"), ("refresh_token", "x")];
            let reply = post_form(stage, path, Some(&authorization), &form).await;
            // RFC 6749 §5.2
            assert_eq!(reply.status, 401);
            assert!(reply.header("www-authenticate").unwrap().starts_with("Basic realm="));
            let found = find(&sign_in, &reply).await;
            assert_eq!((&found["reason"], &found["path"]), (&json!("invalid-client"), &json!(path)));
        }
        let tokens = asking.post(stage, "/2/oauth2/token", &redeem(CALLBACK, VERIFIER)).await.expect(200);
        let refresh = text(&tokens["refresh_token"]);
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", "notes.write")];
        let reply = asking.post(stage, "/2/oauth2/token", &form).await;
        let found = find(&sign_in, &reply).await;
        assert_eq!(found["reason"], "invalid-scope");
        assert_eq!(evidence(&found, "Granted"), "notes.read offline.access");
        let kept = stage.world.dump_databases().join("\n");
        for secret in [&*code, VERIFIER, wrong, refresh, &asking.client_secret] {
            assert!(!kept.contains(secret), "{secret}");
        }
    });
}

#[test]
fn a_refusal_names_no_app_that_its_sender_made_up_and_one_app_keeps_a_few() {
    block_on(async {
        let sign_in = SignIn::new(5, "read").await;
        let SignIn { stage, developer, asking, .. } = &sign_in;
        for (name, secret) in [("gh_key_made_up", "x"), ("", "")] {
            let form = [("grant_type", "client_credentials")];
            assert_eq!(post_form(stage, "/oauth2/token", Some(&basic(name, secret)), &form).await.status, 403);
            let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
            assert_eq!(post_form(stage, "/2/oauth2/token", Some(&basic(name, secret)), &form).await.status, 401);
        }
        for _ in 0..100 {
            let form = [("grant_type", "client_credentials")];
            post_form(stage, "/oauth2/token", Some(&basic(&asking.signer.key, "wrong")), &form).await;
        }
        stage.world.advance_seconds(2);
        stage.isolate.settle().await;
        let list = developer.get(Route::ListRefusals, &[("app_id", &asking.app)]).await.expect(200);
        let count = list["refusals"].as_array().unwrap().len();
        assert!((1..=10).contains(&count), "{count}");
    });
}

#[test]
fn every_401_of_the_protocols_endpoints_has_its_challenge() {
    block_on(async {
        let sign_in = SignIn::new(6, "read").await;
        let SignIn { stage, user, asking, developer } = &sign_in;
        let asked = asking.asked(stage, "n1", "oob").await;
        decide_oauth1(user, &asked.token, true).await;
        let key = basic(&asking.signer.key, &asking.signer.key_secret);
        let json_type = [("content-type", "application/json")];
        let body = Body::Read(br#"{"grant_type":"refresh_token"}"#.to_vec());
        let nobody = stage.client().raw("POST", "/2/oauth2/token", &json_type, body).await;
        let mut replies = vec![
            ("OAuth ", asking.access_token(stage, &asked, "0").await),
            ("OAuth ", asking.access_token(stage, &Signer { token: "x".into(), ..asked.clone() }, "0").await),
            ("OAuth ", post_form(stage, "/oauth2/invalidate_token", Some(&key), &[("access_token", "x")]).await),
            ("Basic ", nobody),
        ];
        let none = json!({ "callback_urls": [] });
        developer.post(Route::UpdateApp, &[("app_id", &asking.app)], none).await.expect(200);
        replies.push(("OAuth ", asking.request_token(stage, "n2", &[("oauth_callback", CALLBACK)]).await));
        for (scheme, reply) in replies {
            assert_eq!(reply.status, 401, "{}", reply.text);
            assert!(reply.header("www-authenticate").unwrap_or_default().starts_with(scheme), "{}", reply.text);
        }
    });
}
