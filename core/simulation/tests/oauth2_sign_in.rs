//! Acting for a user with OAuth 2.0: consent, code, tokens.

use crate::support;
use crate::support::sign_in::{
    Asking, CALLBACK, SignIn, VERIFIER, authorize_query, decide_oauth2, fields, look, post_form, text,
};
use crate::support::{ORIGIN, TestDeployment, decide_at_once};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_domain::gate::Verdict;
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{Asker, Form};
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

#[track_caller]
fn refused(reply: support::Reply, status: u16, error: &str, named: &str) {
    assert_eq!((reply.status, reply.json["error"].as_str()), (status, Some(error)), "{}", reply.text);
    let description = reply.json["error_description"].as_str().unwrap_or_default();
    assert!(description.contains(named), "{description}");
}

#[test]
fn a_user_agrees_and_the_app_acts_for_them_within_the_scopes() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(1, "read-write").await;
        let query = authorize_query(&asking.client_id, "notes.read users.read offline.access");
        let page = look(&user, "/api/oauth2/consent", &query).await;
        assert_eq!((&page["kind"], &page["content"]["returns_to"]), (&json!("ask"), &json!("app.example")));
        let may = &page["content"]["may"];
        assert_eq!((may.as_array().unwrap().len(), &may[0]), (3, &json!("Read your notes.")));
        assert_eq!(page["content"]["may_not"][0], "Add notes for you.");
        let outcome = decide_oauth2(&user, &query, true).await;
        let url = text(&outcome["content"]);
        let back = fields(url);
        assert!(url.starts_with("https://app.example/cb?k=1&state=state+1&code=gh_code_"), "{url}");
        assert_eq!(back["iss"], ORIGIN);
        let reply = asking.redeem(&stage, &back["code"]).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let tokens = reply.expect(200);
        assert_eq!(tokens["token_type"], "bearer");
        assert_eq!(
            (&tokens["expires_in"], &tokens["scope"]),
            (&json!(7200), &json!("notes.read users.read offline.access"))
        );

        let access = text(&tokens["access_token"]);
        let Verdict::Forward(identity) = stage.gate("GET", "/2/notes/7", access).await else { panic!("refused") };
        assert_eq!(identity.user_id.unwrap().to_string(), user.account_id().await);
        assert!(identity.header_lines().contains("x-gatehouse-scopes: notes.read users.read offline.access\n"));
        let Verdict::Answer(me) = stage.gate("GET", "/2/users/me", access).await else { panic!("no answer") };
        assert!(me.body.contains("\"username\":\"bob\""), "{}", me.body);
        // A scope that is missing, a route that takes no such token, a version that takes none.
        for (method, path, status, part) in [
            ("POST", "/2/notes", 403, "needs the scopes [notes.read, notes.write]"),
            (
                "GET",
                "/2/other",
                403,
                "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint.  Supported",
            ),
            ("GET", "/1.1/x", 403, "\"code\":220"),
        ] {
            let Verdict::Refuse(refused) = stage.gate(method, path, access).await else { panic!("{path} passed") };
            assert_eq!(refused.answer.status, status);
            assert!(refused.answer.body.contains(part), "{}", refused.answer.body);
        }
        // From memory there is no waiting.
        let header = format!("Bearer {access}");
        let url = format!("{ORIGIN}/2/notes/7");
        let head = RequestHead { method: "GET", url: &url, authorization: Some(&header) };
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 200);
        assert!(matches!(
            decide_at_once(&stage.isolate, Asker::Client, &head, &Form::None),
            Some(Some(Verdict::Forward(_)))
        ));
        stage.world.advance_seconds(7199);
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 200);
        stage.world.advance_seconds(1);
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 401);
    });
}

#[test]
fn refresh_tokens_rotate_and_a_replay_ends_the_authorization() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(2, "read").await;
        let first = asking.tokens(&stage, &user, "notes.read offline.access").await;
        let second = asking.refresh(&stage, text(&first["refresh_token"])).await.expect(200);
        assert_ne!(second["access_token"], first["access_token"]);
        assert_ne!(second["refresh_token"], first["refresh_token"]);
        for tokens in [&first, &second] {
            assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 200);
        }
        // A copy gets the same, as long as what it gave was not redeemed.
        let copy = asking.refresh(&stage, text(&first["refresh_token"])).await.expect(200);
        assert_eq!(copy["refresh_token"], second["refresh_token"]);
        let third = asking.refresh(&stage, text(&second["refresh_token"])).await.expect(200);
        refused(asking.refresh(&stage, text(&first["refresh_token"])).await, 400, "invalid_grant", "has ended");
        refused(asking.refresh(&stage, text(&third["refresh_token"])).await, 400, "invalid_grant", "refresh_token");
        for tokens in [&first, &second, &third] {
            assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 401);
        }
    });
}

#[test]
fn without_offline_access_there_is_no_refresh_token() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(3, "read").await;
        let tokens = asking.tokens(&stage, &user, "notes.read").await;
        assert_eq!(tokens.get("refresh_token"), None);
    });
}

#[test]
fn a_code_used_twice_takes_back_what_it_gave() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(4, "read").await;
        let code = asking.code(&user, "notes.read").await;
        let tokens = asking.redeem(&stage, &code).await.expect(200);
        assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 200);
        stage.world.advance_seconds(10);
        refused(asking.redeem(&stage, &code).await, 400, "invalid_grant", "code");
        assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 401);
        // Too late is not twice.
        let code = asking.code(&user, "notes.read").await;
        stage.world.advance_seconds(30);
        refused(asking.redeem(&stage, &code).await, 400, "invalid_grant", "30 seconds");
    });
}

#[test]
fn of_64_redemptions_of_one_code_one_succeeds_and_64_refreshes_give_the_same() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(5, "read").await;
        let code = asking.code(&user, "notes.read offline.access").await;
        let replies = join_all((0..64).map(|_| asking.redeem(&stage, &code))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        assert_eq!(replies.iter().filter(|reply| reply.json["error"] == "invalid_grant").count(), 63);
        // The others were copies, and end nothing.
        let winner = replies.into_iter().find(|reply| reply.status == 200).unwrap().json;
        let token = text(&winner["refresh_token"]);
        let replies = join_all((0..64).map(|_| asking.refresh(&stage, token))).await;
        let given: Vec<Value> = replies.into_iter().map(|reply| reply.expect(200)).collect();
        for other in &given[1..] {
            assert_eq!(other, &given[0]);
        }
        asking.refresh(&stage, text(&given[0]["refresh_token"])).await.expect(200);
    });
}

#[test]
fn each_wrong_parameter_of_the_token_endpoint_is_named() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(6, "read").await;
        let code = asking.code(&user, "notes.read").await;
        let good = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let with = |name: &'static str, value: &'static str| {
            good.map(|(key, old)| if key == name { (key, value) } else { (key, old) })
        };
        let other = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        for (form, error, named) in [
            (with("grant_type", ""), "invalid_request", "grant_type"),
            (with("grant_type", "password"), "unsupported_grant_type", "grant_type"),
            (with("grant_type", "client_credentials"), "unsupported_grant_type", "/oauth2/token"),
            (with("code", ""), "invalid_request", "code"),
            (with("code", "gh_code_made_up"), "invalid_grant", "code"),
            (with("redirect_uri", ""), "invalid_request", "redirect_uri"),
            (with("redirect_uri", "https://app.example/"), "invalid_grant", "redirect_uri"),
            (with("code_verifier", ""), "invalid_request", "code_verifier"),
            (with("code_verifier", "short"), "invalid_request", "code_verifier"),
            (with("code_verifier", other), "invalid_grant", "code_verifier"),
        ] {
            refused(asking.post(&stage, "/2/oauth2/token", &form).await, 400, error, named);
        }
        // None of these used the code up.
        asking.post(&stage, "/2/oauth2/token", &good).await.expect(200);
    });
}

#[test]
fn a_confidential_client_shows_its_secret_and_a_public_one_has_none() {
    block_on(async {
        let SignIn { stage, developer, user, asking } = SignIn::new(7, "read").await;
        let form = |code: &str, more: &[(&str, &str)]| -> Vec<(String, String)> {
            [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ]
            .iter()
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
        };
        let send = async |authorization: Option<&str>, form: &[(String, String)]| {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            post_form(&stage, "/2/oauth2/token", authorization, &form).await
        };
        let (id, secret) = (asking.client_id.as_str(), asking.client_secret.as_str());
        let code = asking.code(&user, "notes.read").await;
        for (authorization, more, named) in [
            (None, vec![], "client_id is missing"),
            (None, vec![("client_id", "gh_client_x")], "client_id is unknown"),
            (None, vec![("client_id", id)], "client_secret is missing"),
            (None, vec![("client_id", id), ("client_secret", "wrong")], "client_secret is not"),
            (Some("Basic nonsense"), vec![], "HTTP Basic"),
            (Some(&*asking.basic()), vec![("client_secret", "other")], "client_secret differs"),
            (Some(&*asking.basic()), vec![("client_id", "other")], "client_id differs"),
        ] {
            let reply = send(authorization, &form(&code, &more)).await;
            assert!(reply.header("www-authenticate").unwrap().starts_with("Basic "));
            refused(reply, 401, "invalid_client", named);
        }
        send(None, &form(&code, &[("client_id", id), ("client_secret", secret)])).await.expect(200);
        // Beside Basic, and in JSON.
        let code = asking.code(&user, "notes.read").await;
        send(Some(&asking.basic()), &form(&code, &[("client_secret", secret)])).await.expect(200);
        let code = asking.code(&user, "notes.read").await;
        let body: Value = form(&code, &[]).into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        let basic = asking.basic();
        let headers = [("content-type", "application/json"), ("authorization", basic.as_str())];
        let json_body = Body::Read(body.to_string().into_bytes());
        stage.client().raw("POST", "/2/oauth2/token", &headers, json_body).await.expect(200);
        // Never in the query, where it is logged.
        let path = format!("/2/oauth2/token?client_id={id}&client_secret={secret}");
        let reply = stage.client().raw("POST", &path, &[], Body::Read(Vec::new())).await;
        refused(reply, 400, "invalid_request", "client_secret must not be in the query");

        // As a public client it needs none, and may send none.
        developer
            .post(Route::UpdateApp, &[("app_id", &asking.app)], json!({ "client_type": "native-app" }))
            .await
            .expect(200);
        let code = asking.code(&user, "notes.read").await;
        refused(send(Some(&basic), &form(&code, &[])).await, 401, "invalid_client", "public client");
        send(None, &form(&code, &[("client_id", id)])).await.expect(200);
        let params = [("app_id", asking.app.as_str()), ("kind", "client-secret")];
        developer.post(Route::RegenerateCredential, &params, json!({})).await.refused(409, "conflict");
    });
}

#[test]
fn another_apps_code_and_tokens_are_as_unknown_as_none() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(8, "read").await;
        let mallory = stage.developer("mallory").await;
        let (other, created) = mallory.create_app("Other").await;
        let client_id = support::sign_in::turn_on(&mallory, &other).await;
        let params = [("app_id", other.as_str()), ("kind", "client-secret")];
        let secret = mallory.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let nobody = json!({ "access_token": "", "access_token_secret": "" });
        let theirs = Asking {
            app: other,
            client_id,
            client_secret: text(&secret["client_secret"]).to_owned(),
            signer: support::signing::Signer::new(&created["credentials"], &nobody),
        };
        let code = asking.code(&user, "notes.read offline.access").await;
        refused(theirs.redeem(&stage, &code).await, 400, "invalid_grant", "code");
        let tokens = asking.redeem(&stage, &code).await.expect(200);
        let (access, refresh) = (text(&tokens["access_token"]), text(&tokens["refresh_token"]));
        refused(theirs.refresh(&stage, refresh).await, 400, "invalid_grant", "refresh_token");
        theirs.post(&stage, "/2/oauth2/revoke", &[("token", access)]).await.expect(200);
        let told = theirs.post(&stage, "/2/oauth2/introspect", &[("token", access)]).await.expect(200);
        assert_eq!(told, json!({ "active": false }));
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 200);
    });
}

#[test]
fn tokens_are_told_apart_and_revoked_with_their_authorization() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(9, "read").await;
        let tokens = asking.tokens(&stage, &user, "notes.read offline.access").await;
        let (access, refresh) = (text(&tokens["access_token"]), text(&tokens["refresh_token"]));
        let introspect =
            async |token: &str| asking.post(&stage, "/2/oauth2/introspect", &[("token", token)]).await.expect(200);
        let told = introspect(access).await;
        assert_eq!(
            (&told["active"], &told["sub"], &told["token_type"]),
            (&json!(true), &json!(user.account_id().await), &json!("bearer"))
        );
        assert_eq!(
            (&told["scope"], &told["client_id"]),
            (&json!("notes.read offline.access"), &json!(asking.client_id))
        );
        assert_eq!(introspect(refresh).await["token_type"], "refresh_token");
        assert_eq!(introspect("nonsense").await, json!({ "active": false }));
        // A token that nobody was given is no key to revoke with.
        let mut forged = access.to_owned();
        forged.replace_range(60..61, if &access[60..61] == "A" { "B" } else { "A" });
        asking.post(&stage, "/2/oauth2/revoke", &[("token", &forged)]).await.expect(200);
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 200);
        for _ in 0..2 {
            let revoked = asking.post(&stage, "/2/oauth2/revoke", &[("token", access)]).await.expect(200);
            assert_eq!(revoked, json!({ "revoked": true }));
        }
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 401);
        assert_eq!(introspect(refresh).await, json!({ "active": false }));
        refused(asking.refresh(&stage, refresh).await, 400, "invalid_grant", "refresh_token");
        assert_eq!(user.get(Route::ListConnectedApps, &[]).await.expect(200), json!({ "apps": [] }));
    });
}

#[test]
fn a_wrong_request_is_shown_to_its_developer_and_never_sent_anywhere() {
    block_on(async {
        let SignIn { user, asking, .. } = SignIn::new(10, "read").await;
        let good = authorize_query(&asking.client_id, "notes.read");
        for (from, to, title) in [
            ("gh_client_", "gh_clientx", "No App has this client_id"),
            ("app.example", "evil.example", "The redirect URI is not registered"),
        ] {
            let query = good.replace(from, to);
            let page = look(&user, "/api/oauth2/consent", &query).await;
            assert_eq!((&page["kind"], &page["content"]["title"]), (&json!("problem"), &json!(title)));
            assert_eq!(page["content"]["return_url"], "");
            for approve in [true, false] {
                assert_eq!(decide_oauth2(&user, &query, approve).await["kind"], "problem");
            }
        }
        let query = good.replace("notes.read", "notes.write");
        let page = look(&user, "/api/oauth2/consent", &query).await;
        assert_eq!(page["content"]["facts"][0], json!({ "name": "App", "value": "Weather" }));
        assert!(
            text(&page["content"]["return_url"])
                .starts_with("https://app.example/cb?k=1&state=state+1&error=invalid_scope")
        );
        let denied = decide_oauth2(&user, &good, false).await;
        assert_eq!(denied["kind"], "redirect");
        let back = fields(text(&denied["content"]));
        assert_eq!((&*back["error"], &*back["state"], &*back["iss"]), ("access_denied", "state 1", ORIGIN));
        assert_eq!(user.get(Route::ListConnectedApps, &[]).await.expect(200), json!({ "apps": [] }));
    });
}

#[test]
fn a_revoked_app_stops_and_its_last_use_is_told() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(11, "read").await;
        let tokens = asking.tokens(&stage, &user, "notes.read").await;
        let access = text(&tokens["access_token"]);
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 200);
        stage.isolate.settle().await;
        let list = user.get(Route::ListConnectedApps, &[]).await.expect(200);
        let today = stage.world.now().seconds().0 / 86_400 * 86_400;
        assert_eq!(list["apps"][0]["last_used_on"], today);
        assert_eq!(list["apps"][0]["may"], json!(["Read your notes."]));
        user.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 401);
    });
}

#[test]
fn a_token_works_everywhere_at_once_though_kv_lags_and_a_revoked_one_does_not_come_back() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(12, "read").await;
        let elsewhere =
            TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, &[]) };
        stage.world.staleness.set(60_000);
        stage.world.advance_seconds(61);
        let tokens = asking.tokens(&stage, &user, "notes.read offline.access").await;
        let access = text(&tokens["access_token"]);
        assert_eq!(elsewhere.gate_status("/2/notes/7", access).await, 200);
        let newer = asking.refresh(&stage, text(&tokens["refresh_token"])).await.expect(200);
        assert_eq!(elsewhere.gate_status("/2/notes/7", text(&newer["access_token"])).await, 200);
        asking.post(&stage, "/2/oauth2/revoke", &[("token", access)]).await.expect(200);
        // The grant was published a moment before: KV takes the next version after a second, by the alarm.
        stage.world.advance_seconds(2);
        stage.world.run_alarms().await;
        // Within the bound of memory and KV's lag it has stopped elsewhere too, and stays stopped.
        stage.world.advance_seconds(10 + 60 + 1);
        for _ in 0..50 {
            assert_eq!(elsewhere.gate_status("/2/notes/7", access).await, 401);
            stage.world.advance_seconds(1);
        }
    });
}

#[test]
fn pages_elsewhere_may_call_and_the_metadata_tells_where() {
    block_on(async {
        let stage = TestDeployment::new(13);
        let reply = stage.client().raw("OPTIONS", "/2/oauth2/token", &[], Body::Read(Vec::new())).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, Some("*")));
        assert_eq!(reply.header("access-control-allow-headers"), Some("authorization, content-type"));
        let path = "/.well-known/oauth-authorization-server";
        let reply = stage.client().raw("GET", path, &[], Body::Read(Vec::new())).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        let metadata = reply.expect(200);
        assert_eq!(metadata["issuer"], ORIGIN);
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
        let wrong = stage.client().raw("GET", "/2/oauth2/token", &[], Body::Read(Vec::new())).await;
        refused(wrong, 405, "invalid_request", "POST");
    });
}

#[test]
fn many_first_calls_at_once_all_pass_though_kv_lags() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(14, "read").await;
        let elsewhere =
            TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, &[]) };
        stage.world.staleness.set(60_000);
        stage.world.advance_seconds(61);
        let first = asking.tokens(&stage, &user, "notes.read").await;
        let second = asking.tokens(&stage, &user, "notes.read").await;
        let calls = [&first, &second].repeat(8).into_iter().map(|tokens| text(&tokens["access_token"]));
        let statuses = join_all(calls.map(|token| elsewhere.gate_status("/2/notes/7", token))).await;
        assert_eq!(statuses, [200; 16]);
    });
}

#[test]
fn a_suspended_user_gives_nothing_more() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(15, "read").await;
        let tokens = asking.tokens(&stage, &user, "notes.read offline.access").await;
        let query = authorize_query(&asking.client_id, "notes.read");
        let id = user.account_id().await;
        let body = json!({ "status": "suspended", "reason": "For tests" });
        stage.operator().await.call(Route::SetAccountStatus, &[("account_id", &id)], Some(body)).await.expect(200);
        let shown = look(&user, "/api/oauth2/consent", &query).await;
        let body = json!({ "query": query, "account_id": id, "approve": true, "terms": shown["content"]["terms"] });
        user.post(Route::DecideOAuth2Consent, &[], body).await.refused(401, "not-signed-in");
        refused(asking.refresh(&stage, text(&tokens["refresh_token"])).await, 400, "invalid_grant", "refresh_token");
        let form = [("token", text(&tokens["access_token"]))];
        let told = asking.post(&stage, "/2/oauth2/introspect", &form).await.expect(200);
        assert_eq!(told, json!({ "active": false }));
    });
}

#[test]
fn codes_that_nobody_redeems_push_out_no_tokens_and_make_no_user() {
    block_on(async {
        let SignIn { stage, developer, user, asking } = SignIn::new(16, "read").await;
        let kept = asking.tokens(&stage, &user, "notes.read offline.access").await;
        for _ in 0..25 {
            asking.code(&user, "notes.read").await;
        }
        assert_eq!(stage.gate_status("/2/notes/7", text(&kept["access_token"])).await, 200);
        asking.refresh(&stage, text(&kept["refresh_token"])).await.expect(200);
        let other = stage.unapproved("carol").await;
        asking.code(&other, "notes.read").await;
        stage.world.settle().await;
        let count = developer.get(Route::FindAppUsers, &[("app_id", &asking.app)]).await.expect(200);
        assert_eq!(count, json!({ "count": 1 }));
        let query = authorize_query(&asking.client_id, "notes.read");
        assert_eq!(look(&other, "/api/oauth2/consent", &query).await["content"]["is_known"], false);
        assert_eq!(look(&user, "/api/oauth2/consent", &query).await["content"]["is_known"], true);
    });
}
