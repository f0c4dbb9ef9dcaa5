//! Acting for a user with OAuth 1.0a: request token, consent, access token.

use crate::support;
use crate::support::sign_in::{Asking, CALLBACK, SignIn, authenticate, decide_oauth1, fields, look, text};
use crate::support::signing::Signer;
use crate::support::{Client, TestDeployment};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_domain::gate::{Reason, Unproven, Verdict};
use gatehouse_domain::ports::ObjectName;
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

fn with_token(asking: &Asking, answer: &str, nonce: &str) -> Signer {
    let fields = fields(answer);
    Signer {
        token: fields["oauth_token"].clone(),
        token_secret: fields["oauth_token_secret"].clone(),
        ..asking.signer.with_nonce(nonce)
    }
}

/// What a user agrees to by callback; gives the answer of the access token endpoint.
async fn agree(sign_in: &SignIn, user: &Client, nonce: &str) -> String {
    let asked = sign_in.asking.asked(&sign_in.stage, nonce, CALLBACK).await;
    let outcome = decide_oauth1(user, &asked.token, true).await;
    let back = fields(text(&outcome["content"]));
    let reply = sign_in.asking.access_token(&sign_in.stage, &asked, &back["oauth_verifier"]).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.text
}

#[test]
fn a_user_agrees_and_the_app_acts_for_them() {
    block_on(async {
        let sign_in = SignIn::new(1, "read-write").await;
        let SignIn { stage, user, asking, developer } = &sign_in;
        let reply = asking.request_token(stage, "n1", &[("oauth_callback", CALLBACK)]).await;
        assert_eq!(reply.header("content-type"), Some("text/html;charset=utf-8"));
        assert!(reply.text.ends_with("&oauth_callback_confirmed=true"), "{}", reply.text);
        let asked = asking.asked(stage, "n2", CALLBACK).await;
        let page = look(user, "/api/oauth1/consent", &format!("oauth_token={}&screen_name=bob", asked.token)).await;
        assert_eq!(page["kind"], "ask");
        let page = &page["content"];
        assert_eq!((&page["app"]["name"], &page["returns_to"]), (&json!("Weather"), &json!("app.example")));
        assert_eq!((&page["is_known"], &page["screen_name"]), (&json!(false), &json!("bob")));
        assert_eq!(page["may"].as_array().unwrap().len(), 2);

        let outcome = decide_oauth1(user, &asked.token, true).await;
        assert_eq!(outcome["kind"], "redirect");
        let url = text(&outcome["content"]);
        assert!(url.starts_with("https://app.example/cb?k=1&oauth_token=gh_request_"), "{url}");
        let verifier = fields(url)["oauth_verifier"].clone();
        let reply = asking.access_token(stage, &asked, &verifier).await;
        let answer = fields(&reply.text);
        let id = user.account_id().await;
        assert_eq!((&*answer["user_id"], &*answer["screen_name"]), (&*id, "bob"));
        assert!(answer["oauth_token"].starts_with(&format!("{id}-")) && !reply.text.ends_with('\n'));

        // The very next call acts for the user, with the level that was agreed to.
        let signer = with_token(asking, &reply.text, "call");
        let Verdict::Forward(identity) = signer.send(stage, "POST", "/2/x", None).await else { panic!("refused") };
        assert_eq!(identity.user_id.unwrap().to_string(), id);
        assert_eq!(identity.shown_level.as_str(), "read-write");
        let Verdict::Answer(me) = signer.with_nonce("me").send(stage, "GET", "/2/users/me", None).await else {
            panic!("no answer");
        };
        assert!(me.body.contains("\"username\":\"bob\""), "{}", me.body);

        // Both hear of it.
        let apps = user.get(Route::ListConnectedApps, &[]).await.expect(200);
        assert_eq!(apps["apps"][0]["app"]["name"], "Weather");
        stage.world.settle().await;
        let count = developer.get(Route::FindAppUsers, &[("app_id", &asking.app)]).await.expect(200);
        assert_eq!(count, json!({ "count": 1 }));
    });
}

#[test]
fn approving_again_gives_the_same_token_until_it_is_revoked() {
    block_on(async {
        let sign_in = SignIn::new(2, "read").await;
        let SignIn { stage, user, asking, developer } = &sign_in;
        let first = agree(&sign_in, user, "n1").await;
        assert_eq!(agree(&sign_in, user, "n2").await, first);
        // More is asked: the token that may only read does not do.
        developer
            .post(Route::UpdateApp, &[("app_id", &asking.app)], json!({ "permission": "read-write" }))
            .await
            .expect(200);
        let second = agree(&sign_in, user, "n3").await;
        assert_ne!(second, first);
        let old = with_token(asking, &first, "old").send(stage, "GET", "/2/x", None).await;
        assert!(matches!(old, Verdict::Refuse(refused) if refused.answer.status == 401));

        user.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);
        let gone = with_token(asking, &second, "gone").send(stage, "GET", "/1.1/x", None).await;
        assert!(matches!(gone, Verdict::Refuse(refused) if refused.answer.body.contains("\"code\":89")));
        assert_eq!(user.get(Route::ListConnectedApps, &[]).await.expect(200), json!({ "apps": [] }));
        stage.world.settle().await;
        let count = developer.get(Route::FindAppUsers, &[("app_id", &asking.app)]).await.expect(200);
        assert_eq!(count, json!({ "count": 0 }));
        user.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.refused(404, "not-found");
        assert_ne!(agree(&sign_in, user, "n4").await, second);
    });
}

#[test]
fn the_owner_gets_the_token_that_the_portal_shows() {
    block_on(async {
        let sign_in = SignIn::new(3, "read").await;
        let SignIn { asking, developer, .. } = &sign_in;
        let params = [("app_id", asking.app.as_str()), ("kind", "access-token")];
        let own = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let answer = fields(&agree(&sign_in, developer, "n1").await);
        assert_eq!(answer["oauth_token"], text(&own["access_token"]));
        assert_eq!(answer["oauth_token_secret"], text(&own["access_token_secret"]));
        // One from before the App changed hands does not work any more, also where it has not ended yet.
        let account = ObjectName::Account(developer.account_id().await.parse().unwrap());
        let of_before = r#"UPDATE grant_given SET doc = replace(doc, '"transfers":0', '"transfers":7')"#;
        sign_in.stage.world.restore(&account, of_before).unwrap();
        let answer = fields(&agree(&sign_in, developer, "n2").await);
        assert_ne!(answer["oauth_token"], text(&own["access_token"]));
    });
}

#[test]
fn the_owner_too_may_give_less_than_the_app_has() {
    block_on(async {
        let SignIn { stage, developer, asking, .. } = SignIn::new(15, "read-write").await;
        let form = [("oauth_callback", CALLBACK), ("x_auth_access_type", "read")];
        let asked = asking.request_token(&stage, "n1", &form).await;
        let asked = with_token(&asking, &asked.text, "n1");
        let outcome = decide_oauth1(&developer, &asked.token, true).await;
        let back = fields(text(&outcome["content"]));
        let granted = asking.access_token(&stage, &asked, &back["oauth_verifier"]).await;
        let verdict = with_token(&asking, &granted.text, "w").send(&stage, "POST", "/2/x", None).await;
        assert!(matches!(verdict, Verdict::Refuse(refused) if refused.answer.status == 403));
    });
}

#[test]
fn a_pin_is_typed_and_wrong_ones_kill_the_token() {
    block_on(async {
        let sign_in = SignIn::new(4, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let asked = asking.asked(stage, "n1", "oob").await;
        let outcome = decide_oauth1(user, &asked.token, true).await;
        let pin = text(&outcome["content"]);
        assert!(outcome["kind"] == "pin" && pin.len() == 7 && pin.bytes().all(|b| b.is_ascii_digit()), "{outcome}");
        let wrong = asking.access_token(stage, &asked, "x").await;
        assert_eq!(
            (wrong.status, wrong.text.as_str()),
            (401, "Error processing your OAuth request: Invalid oauth_verifier parameter")
        );
        assert_eq!(asking.access_token(stage, &asked, pin).await.status, 200);
        stage.world.advance_seconds(10);
        // Used up.
        assert_eq!(asking.access_token(stage, &asked, pin).await.status, 401);

        let asked = asking.asked(stage, "n2", "oob").await;
        let outcome = decide_oauth1(user, &asked.token, true).await;
        for _ in 0..5 {
            assert_eq!(asking.access_token(stage, &asked, "0").await.status, 401);
        }
        assert_eq!(asking.access_token(stage, &asked, text(&outcome["content"])).await.status, 401);
        // Asking before the user has answered is no guess.
        let asked = asking.asked(stage, "n3", "oob").await;
        for _ in 0..9 {
            assert_eq!(asking.access_token(stage, &asked, "0").await.status, 401);
        }
        let outcome = decide_oauth1(user, &asked.token, true).await;
        assert_eq!(asking.access_token(stage, &asked, text(&outcome["content"])).await.status, 200);
    });
}

#[test]
fn of_64_redemptions_of_one_request_token_all_give_the_same_and_a_later_one_nothing() {
    block_on(async {
        let sign_in = SignIn::new(5, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let asked = asking.asked(stage, "n1", CALLBACK).await;
        let outcome = decide_oauth1(user, &asked.token, true).await;
        let verifier = fields(text(&outcome["content"]))["oauth_verifier"].clone();
        let replies = join_all((0..64).map(|_| asking.access_token(stage, &asked, &verifier))).await;
        for reply in &replies {
            assert_eq!((reply.status, &reply.text), (200, &replies[0].text));
        }
        stage.world.advance_seconds(10);
        assert_eq!(asking.access_token(stage, &asked, &verifier).await.status, 401);
    });
}

fn code(reply: &support::Reply) -> (u16, i64) {
    (reply.status, reply.json["errors"][0]["code"].as_i64().unwrap_or_default())
}

#[test]
fn each_bad_request_has_its_exact_answer() {
    block_on(async {
        let SignIn { stage, developer, user, asking } = SignIn::new(6, "read").await;
        let ask = async |nonce: &str, form: &[(&str, &str)]| code(&asking.request_token(&stage, nonce, form).await);
        assert_eq!(ask("a", &[("oauth_callback", "https://evil.example/")]).await, (403, 415));
        assert_eq!(ask("b", &[]).await, (400, 215));
        assert_eq!(ask("c", &[("oauth_callback", "oob"), ("x_auth_access_type", "all")]).await, (400, 215));
        // The same nonce once more.
        assert_eq!(ask("d", &[("oauth_callback", "oob")]).await, (200, 0));
        assert_eq!(ask("d", &[("oauth_callback", "oob")]).await, (401, 32));
        let forged = Signer { key_secret: "wrong".into(), ..asking.signer.clone() };
        let reply = asking.signed(&stage, "/oauth/request_token", &forged, &[("oauth_callback", "oob")]).await;
        assert_eq!(code(&reply), (401, 32));
        assert!(reply.header("www-authenticate").unwrap().contains("api_error_code=32"));
        let late = Signer { skew_seconds: -301, ..asking.signer.clone() };
        let reply = asking.signed(&stage, "/oauth/request_token", &late, &[("oauth_callback", "oob")]).await;
        assert_eq!(code(&reply), (401, 135));
        let none = asking.signed(&stage, "/oauth/access_token", &asking.signer, &[("oauth_verifier", "1")]).await;
        assert_eq!(code(&none), (401, 89));
        let callbacks = json!({ "callback_urls": [] });
        developer.post(Route::UpdateApp, &[("app_id", &asking.app)], callbacks).await.expect(200);
        assert_eq!(ask("e", &[("oauth_callback", CALLBACK)]).await, (401, 417));

        // Without sign-in nobody is asked, and a page says why.
        let asked = asking.asked(&stage, "f", "oob").await;
        developer.post(Route::UpdateApp, &[("app_id", &asking.app)], json!({ "sign_in": false })).await.expect(200);
        for (token, kind, title) in [
            (asked.token.as_str(), "problem", json!("Sign-in is turned off for this App")),
            ("gh_request_x", "expired", Value::Null),
            ("", "problem", json!("The link has no oauth_token")),
        ] {
            let page = look(&user, "/api/oauth1/consent", &format!("oauth_token={token}")).await;
            assert_eq!((&page["kind"], &page["content"]["title"]), (&json!(kind), &title));
            let outcome = decide_oauth1(&user, token, true).await;
            assert_eq!((&outcome["kind"], &outcome["content"]["title"]), (&json!(kind), &title));
        }
        // And a suspended App gets no token at all.
        let account = developer.own_developer_account().await;
        let params = [("developer_account_id", account.as_str()), ("app_id", &asking.app)];
        let status = json!({ "status": "suspended", "reason": "For tests" });
        stage.operator().await.post(Route::SetAppStatus, &params, status).await.expect(200);
        assert_eq!(ask("g", &[("oauth_callback", "oob")]).await, (401, 416));
    });
}

#[test]
fn a_user_who_says_no_gives_nothing_and_the_token_is_dead() {
    block_on(async {
        let sign_in = SignIn::new(7, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let asked = asking.asked(stage, "n1", CALLBACK).await;
        let outcome = decide_oauth1(user, &asked.token, false).await;
        assert_eq!(outcome["kind"], "denied");
        assert_eq!(outcome["content"], format!("https://app.example/cb?k=1&denied={}", asked.token));
        assert_eq!(decide_oauth1(user, &asked.token, true).await["kind"], "expired");
        assert_eq!(asking.access_token(stage, &asked, "1").await.status, 401);
        let pin = asking.asked(stage, "n2", "oob").await;
        assert_eq!(decide_oauth1(user, &pin.token, false).await["content"], "");
        assert_eq!(user.get(Route::ListConnectedApps, &[]).await.expect(200), json!({ "apps": [] }));
    });
}

#[test]
fn a_request_token_lives_for_15_minutes() {
    block_on(async {
        let sign_in = SignIn::new(8, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let asked = asking.asked(stage, "n1", CALLBACK).await;
        stage.world.advance_seconds(899);
        let query = format!("oauth_token={}", asked.token);
        assert_eq!(look(user, "/api/oauth1/consent", &query).await["kind"], "ask");
        stage.world.advance_seconds(1);
        assert_eq!(look(user, "/api/oauth1/consent", &query).await["kind"], "expired");
        assert_eq!(decide_oauth1(user, &asked.token, true).await["kind"], "expired");
    });
}

#[test]
fn signing_in_again_needs_no_question_unless_more_is_asked() {
    block_on(async {
        let sign_in = SignIn::new(9, "read-write").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let query = async |nonce: &str, form: &[(&str, &str)]| -> String {
            let reply = asking.request_token(stage, nonce, form).await;
            format!("oauth_token={}", fields(&reply.text)["oauth_token"])
        };
        let ask = async |nonce: &str, form: &[(&str, &str)]| authenticate(user, &query(nonce, form).await).await;
        let callback = [("oauth_callback", CALLBACK)];
        let reading = [("oauth_callback", CALLBACK), ("x_auth_access_type", "read")];
        assert_eq!(ask("a", &reading).await["kind"], "ask");
        let asked = asking.request_token(stage, "b", &reading).await;
        let token = fields(&asked.text)["oauth_token"].clone();
        let outcome = decide_oauth1(user, &token, true).await;
        let back = fields(text(&outcome["content"]));
        let asked = with_token(asking, &asked.text, "b2");
        let granted = asking.access_token(stage, &asked, &back["oauth_verifier"]).await;
        let level = with_token(asking, &granted.text, "b3").send(stage, "POST", "/2/x", None).await;
        assert!(matches!(level, Verdict::Refuse(refused) if refused.answer.status == 403));

        let at_once = ask("c", &reading).await;
        assert_eq!(at_once["kind"], "redirect");
        assert!(text(&at_once["content"]).contains("oauth_verifier="));
        // To authorize always asks; so does more than before, or a forced sign-in.
        let page = look(user, "/api/oauth1/consent", &query("d", &reading).await).await;
        assert_eq!(page["content"]["is_known"], true);
        assert_eq!(ask("e", &callback).await["kind"], "ask");
        let forced = query("f", &reading).await + "&force_login=true";
        assert_eq!(authenticate(user, &forced).await["content"]["force_login"], true);
    });
}

#[test]
fn a_client_that_forgets_the_request_tokens_secret_is_let_in_only_by_setting() {
    block_on(async {
        for (setting, status) in [("strict", 401), ("compat", 200)] {
            let sign_in = SignIn::with(10, "read", &[("ACCESS_TOKEN_SIGNATURE", setting)]).await;
            let SignIn { stage, user, asking, .. } = &sign_in;
            let asked = asking.asked(stage, "n1", CALLBACK).await;
            let outcome = decide_oauth1(user, &asked.token, true).await;
            let verifier = fields(text(&outcome["content"]))["oauth_verifier"].clone();
            let forgetful = Signer { token_secret: String::new(), ..asked };
            assert_eq!(asking.access_token(stage, &forgetful, &verifier).await.status, status, "{setting}");
        }
    });
}

#[test]
fn a_suspended_users_tokens_have_ended() {
    block_on(async {
        let sign_in = SignIn::new(11, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let granted = agree(&sign_in, user, "n1").await;
        let id = user.account_id().await;
        let body = json!({ "status": "suspended", "reason": "For tests" });
        stage.operator().await.call(Route::SetAccountStatus, &[("account_id", &id)], Some(body)).await.expect(200);
        let refused = with_token(asking, &granted, "call").send(stage, "GET", "/1.1/x", None).await;
        assert!(matches!(refused, Verdict::Refuse(refused) if refused.answer.body.contains("\"code\":89")));
    });
}

#[test]
fn a_user_revokes_their_token_over_the_api() {
    block_on(async {
        let sign_in = SignIn::new(12, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let granted = agree(&sign_in, user, "n1").await;
        let signer = with_token(asking, &granted, "revoke");
        let Verdict::Answer(answer) = signer.send(stage, "POST", "/1.1/oauth/invalidate_token", None).await else {
            panic!("no answer");
        };
        assert_eq!((answer.status, answer.body), (200, json!({ "access_token": signer.token }).to_string()));
        let after = signer.with_nonce("after").send(stage, "GET", "/1.1/x", None).await;
        assert!(matches!(after, Verdict::Refuse(refused) if refused.answer.status == 401));
        assert_eq!(user.get(Route::ListConnectedApps, &[]).await.expect(200), json!({ "apps": [] }));
    });
}

#[test]
fn a_token_works_everywhere_at_once_though_kv_lags() {
    block_on(async {
        let sign_in = SignIn::new(13, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        // An isolate that has just looked, and found nothing.
        let elsewhere =
            TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, &[]) };
        stage.world.staleness.set(60_000);
        stage.world.advance_seconds(61);
        for nonce in ["n1", "n2", "n3", "n4"] {
            let granted = agree(&sign_in, user, nonce).await;
            let signer = with_token(asking, &granted, &format!("call {nonce}"));
            let verdict = signer.send(&elsewhere, "GET", "/1.1/x", None).await;
            assert!(matches!(verdict, Verdict::Forward(_)), "{verdict:?}");
            user.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);
            stage.world.advance_seconds(2);
        }
    });
}

#[test]
fn a_get_and_an_empty_token_are_taken_as_clients_send_them() {
    block_on(async {
        let SignIn { stage, asking, .. } = SignIn::new(14, "read").await;
        let path = "/oauth/request_token?oauth_callback=oob";
        let url = format!("{}{path}", support::ORIGIN);
        let header = asking.signer.header_for(&stage, "GET", &url, support::ORIGIN, None);
        let headers = [("authorization", header.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let reply = stage.client().raw("GET", path, &headers, Body::Read(Vec::new())).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    });
}

#[test]
fn what_was_agreed_to_before_a_revocation_gives_nothing_after_it() {
    block_on(async {
        let sign_in = SignIn::new(16, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        agree(&sign_in, user, "n1").await;
        let kept = asking.asked(stage, "n2", CALLBACK).await;
        let outcome = decide_oauth1(user, &kept.token, true).await;
        let verifier = fields(text(&outcome["content"]))["oauth_verifier"].clone();
        user.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);
        assert_eq!(code(&asking.access_token(stage, &kept, &verifier).await), (401, 89));
        assert_eq!(user.get(Route::ListConnectedApps, &[]).await.expect(200), json!({ "apps": [] }));
    });
}

#[test]
fn a_consent_is_given_by_the_account_that_the_page_showed() {
    block_on(async {
        let SignIn { stage, developer, user, asking } = SignIn::new(17, "read").await;
        let asked = asking.asked(&stage, "n1", CALLBACK).await;
        let body = json!({
            "query": format!("oauth_token={}", asked.token), "account_id": developer.account_id().await, "approve": true,
        });
        user.post(Route::DecideOAuth1Consent, &[], body).await.refused(409, "conflict");
        assert_eq!(decide_oauth1(&user, &asked.token, true).await["kind"], "redirect");
    });
}

#[test]
fn no_get_and_no_other_site_gives_a_consent() {
    block_on(async {
        let sign_in = SignIn::new(18, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        agree(&sign_in, user, "n1").await;
        let asked = asking.asked(stage, "n2", CALLBACK).await;
        let query = format!("oauth_token={}&sign_in=true", asked.token);
        for site in ["cross-site", "same-origin", "none"] {
            let (path, headers) = (format!("/api/oauth1/consent?{query}"), [("sec-fetch-site", site)]);
            let page = user.raw("GET", &path, &headers, Body::Read(Vec::new())).await.expect(200);
            assert_eq!(page["kind"], "ask");
        }
        let repeat = async |method: &str, headers: &[(&str, &str)]| {
            let body = Body::Read(json!({ "query": query }).to_string().into_bytes());
            let headers = [headers, &[("content-type", "application/json")]].concat();
            user.raw(method, "/api/oauth1/consent/repeat", &headers, body).await
        };
        repeat("GET", &[("sec-fetch-site", "same-origin")]).await.refused(405, "method-not-allowed");
        for headers in [&[("sec-fetch-site", "cross-site")][..], &[("origin", "https://evil.example")], &[]] {
            repeat("POST", headers).await.refused(403, "cross-site-request");
        }
        assert_eq!(repeat("POST", &[("origin", support::ORIGIN)]).await.expect(200)["kind"], "redirect");
    });
}

#[test]
fn only_the_owner_signs_a_bearer_token_away() {
    block_on(async {
        let sign_in = SignIn::new(19, "read").await;
        let SignIn { stage, developer, user, asking } = &sign_in;
        let params = [("app_id", asking.app.as_str()), ("kind", "bearer-token")];
        let bearer = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let bearer = text(&bearer["bearer_token"]);
        let theirs = with_token(asking, &agree(&sign_in, user, "n1").await, "i1");
        let form = [("access_token", bearer)];
        let reply = asking.signed(stage, "/oauth2/invalidate_token", &theirs, &form).await;
        assert_eq!(code(&reply), (403, 99));
        assert_eq!(stage.gate_status("/1.1/x", bearer).await, 200);
        let own = with_token(asking, &agree(&sign_in, developer, "n2").await, "i2");
        assert_eq!(asking.signed(stage, "/oauth2/invalidate_token", &own, &form).await.status, 200);
        assert_eq!(stage.gate_status("/1.1/x", bearer).await, 401);
    });
}

#[test]
fn a_long_request_is_refused_without_an_explanation() {
    block_on(async {
        let sign_in = SignIn::new(20, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let signer = with_token(asking, &agree(&sign_in, user, "n1").await, "long");
        // A known fault: the token's secret is left out.
        let forged = Signer { token_secret: String::new(), ..signer };
        for (form, is_explained) in [("a=1".to_owned(), true), (format!("a={}", "x".repeat(17_000)), false)] {
            let verdict = forged.send(stage, "POST", "/1.1/x", Some(form.as_bytes())).await;
            let Verdict::Refuse(refused) = verdict else { panic!("passed") };
            let Reason::Unproven(Unproven::Signature(explanation)) = refused.reason else {
                panic!("{:?}", refused.reason)
            };
            assert_eq!(explanation.signed.is_some(), is_explained);
            assert_eq!(refused.answer.status, 401);
        }
    });
}

#[test]
fn a_question_of_oauth_2_leaves_an_answered_one_of_oauth_1_alone() {
    block_on(async {
        let sign_in = SignIn::new(21, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let asked = asking.asked(stage, "n1", CALLBACK).await;
        let outcome = decide_oauth1(user, &asked.token, true).await;
        asking.code(user, "notes.read").await;
        let verifier = fields(text(&outcome["content"]))["oauth_verifier"].clone();
        assert_eq!(asking.access_token(stage, &asked, &verifier).await.status, 200);
    });
}
