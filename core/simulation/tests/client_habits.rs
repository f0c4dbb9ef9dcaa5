//! What clients that are in use send beyond the standards, or to their letter.

use crate::support::sign_in::{
    CALLBACK, SignIn, VERIFIER, authorize_query, decide_oauth1, decide_oauth2, fields, post_form, text,
};
use crate::support::signing::Signer;
use crate::support::{ORIGIN, TestDeployment};
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use form_urlencoded::Serializer;
use futures::executor::block_on;
use gatehouse_domain::gate::Verdict;
use gatehouse_edge::http::{Body, asset_headers};
use gatehouse_shared::api::Route;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

async fn register(sign_in: &SignIn, callback: &str) {
    let body = json!({ "callback_urls": [callback] });
    sign_in.developer.post(Route::UpdateApp, &[("app_id", &sign_in.asking.app)], body).await.expect(200);
}

#[test]
fn a_query_in_oauth_callback_is_the_callers_and_comes_back() {
    block_on(async {
        let sign_in = SignIn::new(1, "read").await;
        register(&sign_in, "https://app.example/cb").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let asked = asking.asked(stage, "n1", "https://app.example/cb?from=x&redirect_state=%2F").await;
        let outcome = decide_oauth1(user, &asked.token, true).await;
        let url = text(&outcome["content"]);
        let start =
            format!("https://app.example/cb?from=x&redirect_state=%2F&oauth_token={}&oauth_verifier=", asked.token);
        assert!(url.starts_with(&start), "{url}");
        assert_eq!(asking.access_token(stage, &asked, &fields(url)["oauth_verifier"]).await.status, 200);
        for wrong in
            ["https://app.example/other?from=x", "https://app.example/cb/?from=x", "https://app.example/cb?x#y"]
        {
            let reply = asking.request_token(stage, wrong, &[("oauth_callback", wrong)]).await;
            assert_eq!((reply.status, &reply.json["errors"][0]["code"]), (403, &json!(415)), "{wrong}");
        }
    });
}

#[test]
fn a_query_in_redirect_uri_is_compared_in_oauth_2() {
    block_on(async {
        let sign_in = SignIn::new(2, "read").await;
        register(&sign_in, "https://app.example/cb").await;
        let query = authorize_query(&sign_in.asking.client_id, "notes.read");
        // CALLBACK has a query, and what is registered now has none.
        assert_eq!(decide_oauth2(&sign_in.user, &query, true).await["kind"], "problem");
    });
}

#[test]
fn a_code_verifier_has_32_to_256_characters() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(3, "read").await;
        for (length, status) in [(31, 400), (32, 200), (171, 200), (256, 200), (257, 400)] {
            let verifier = "v".repeat(length);
            let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(verifier.as_bytes()));
            let of_default = Base64UrlUnpadded::encode_string(&Sha256::digest(VERIFIER.as_bytes()));
            let query = authorize_query(&asking.client_id, "notes.read").replace(&of_default, &challenge);
            let outcome = decide_oauth2(&user, &query, true).await;
            let code = fields(text(&outcome["content"]))["code"].clone();
            let form = [
                ("grant_type", "authorization_code"),
                ("code", &*code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", &*verifier),
            ];
            let reply = asking.post(&stage, "/2/oauth2/token", &form).await;
            assert_eq!(reply.status, status, "{length}: {}", reply.text);
        }
    });
}

#[test]
fn grant_type_of_the_bearer_token_may_be_in_the_query() {
    block_on(async {
        let SignIn { stage, asking, .. } = SignIn::new(4, "read").await;
        let pair = format!("{}:{}", asking.signer.key, asking.signer.key_secret);
        let basic = format!("Basic {}", Base64::encode_string(pair.as_bytes()));
        let path = |query: &str| format!("/oauth2/token{query}");
        let token = post_form(&stage, "/oauth2/token", Some(&basic), &[("grant_type", "client_credentials")]).await;
        let token = token.expect(200);
        for query in ["?grant_type=client_credentials", "?x=1&grant_type=client_credentials#f"] {
            assert_eq!(post_form(&stage, &path(query), Some(&basic), &[]).await.expect(200), token);
        }
        // Twice the same is the same; two values are none.
        let both = path("?grant_type=client_credentials");
        post_form(&stage, &both, Some(&basic), &[("grant_type", "client_credentials")]).await.expect(200);
        let reply = post_form(&stage, &both, Some(&basic), &[("grant_type", "password")]).await;
        assert_eq!((reply.status, &reply.json["errors"][0]["code"]), (403, &json!(99)));
        let reply = post_form(&stage, &path("?x=1"), Some(&basic), &[]).await;
        assert_eq!((reply.status, &reply.json["errors"][0]["code"]), (403, &json!(170)));
    });
}

#[test]
fn parameters_of_token_requests_are_welcome_in_the_query_and_no_answer_echoes_them() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(5, "read").await;
        let code = asking.code(&user, "notes.read offline.access").await;
        let query = Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "authorization_code"),
                ("code", &*code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ])
            .finish();
        let path = format!("/2/oauth2/token?{query}");
        let basic = asking.basic();
        post_form(&stage, &path, Some(&basic), &[]).await.expect(200);
        // Refused the second time, and a secret in the query always.
        let secret = format!("{path}&client_id={}&client_secret={}", asking.client_id, asking.client_secret);
        for (path, authorization) in [(&path, Some(&*basic)), (&secret, None)] {
            let reply = post_form(&stage, path, authorization, &[]).await;
            assert_eq!(reply.status, 400, "{}", reply.text);
            for sent in [&*code, VERIFIER, &asking.client_secret] {
                assert!(!reply.text.contains(sent), "{}", reply.text);
            }
        }
    });
}

#[test]
fn a_media_type_is_read_in_any_case() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(6, "read").await;
        let basic = asking.basic();
        for media_type in ["Application/JSON", "application/json; Charset=UTF-8", "APPLICATION/X-WWW-FORM-URLENCODED"] {
            let code = asking.code(&user, "notes.read").await;
            let pairs = [
                ("grant_type", "authorization_code"),
                ("code", &*code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ];
            let body = if media_type.to_ascii_lowercase().contains("json") {
                pairs
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), Value::from(value)))
                    .collect::<Value>()
                    .to_string()
            } else {
                Serializer::new(String::new()).extend_pairs(pairs).finish()
            };
            let headers = [("content-type", media_type), ("authorization", &*basic)];
            let reply = stage.client().raw("POST", "/2/oauth2/token", &headers, Body::Read(body.into_bytes())).await;
            assert_eq!(reply.status, 200, "{media_type}: {}", reply.text);
        }
    });
}

#[test]
fn a_preflight_of_the_token_endpoints_allows_the_headers_that_it_asks_for() {
    block_on(async {
        let stage = TestDeployment::new(7);
        let asked = "authorization,baggage, content-type, sentry-trace, traceparent, x-requested-with";
        for path in ["/2/oauth2/token", "/2/oauth2/revoke", "/2/oauth2/introspect"] {
            let ask = async |headers: &[(&str, &str)]| {
                stage.client().raw("OPTIONS", path, headers, Body::Read(Vec::new())).await
            };
            let reply = ask(&[("access-control-request-headers", asked)]).await;
            assert_eq!((reply.status, reply.header("access-control-allow-headers")), (204, Some(asked)));
            for strange in ["x\u{e9}", "a: b", "\"q\"", &"x".repeat(1025)] {
                let reply = ask(&[("access-control-request-headers", strange)]).await;
                assert_eq!(reply.header("access-control-allow-headers"), Some("authorization, content-type"));
            }
        }
        let wrong = stage.client().raw("POST", "/2/oauth2/token", &[], Body::Read(Vec::new())).await;
        let exposed = wrong.header("access-control-expose-headers").unwrap();
        for name in ["x-gatehouse-request-id", "retry-after", "www-authenticate"] {
            assert!(exposed.contains(name), "{exposed}");
        }
    });
}

#[test]
fn a_slash_for_an_empty_path_in_the_token_request_is_the_same_redirect_uri() {
    block_on(async {
        let sign_in = SignIn::new(8, "read").await;
        register(&sign_in, "https://client.example").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let callback = Serializer::new(String::new()).append_pair("redirect_uri", CALLBACK).finish();
        let query = authorize_query(&asking.client_id, "notes.read");
        let query = query.replace(&callback, "redirect_uri=https%3A%2F%2Fclient.example");
        let outcome = decide_oauth2(user, &query, true).await;
        let code = fields(text(&outcome["content"]))["code"].clone();
        let send = async |redirect_uri: &str| {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", &*code),
                ("redirect_uri", redirect_uri),
                ("code_verifier", VERIFIER),
            ];
            asking.post(stage, "/2/oauth2/token", &form).await
        };
        assert_eq!(send("https://client.example/cb").await.status, 400);
        assert_eq!(send("https://client.example/").await.status, 200);
    });
}

#[test]
fn verify_credentials_has_a_picture_that_other_pages_may_show() {
    block_on(async {
        let SignIn { stage, developer, asking, .. } = SignIn::new(9, "read").await;
        let params = [("app_id", asking.app.as_str()), ("kind", "access-token")];
        let made = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let pair = json!({ "api_key": asking.signer.key, "api_key_secret": asking.signer.key_secret });
        let signer = Signer::new(&pair, &made);
        let Verdict::Answer(answer) = signer.send(&stage, "GET", "/1.1/account/verify_credentials.json", None).await
        else {
            panic!("no answer")
        };
        let user: Value = serde_json::from_str(&answer.body).unwrap();
        let picture = text(&user["profile_image_url_https"]);
        assert_eq!(picture, format!("{ORIGIN}/profile_images/default_normal.png"));
        let headers = asset_headers(picture.strip_prefix(ORIGIN).unwrap(), true);
        assert!(headers.contains(&("cross-origin-resource-policy".to_owned(), "cross-origin".to_owned())));
        assert!(
            asset_headers("/favicon.svg", true)
                .contains(&("cross-origin-resource-policy".to_owned(), "same-origin".to_owned()))
        );
        for name in ["id", "id_str", "name", "screen_name", "created_at"] {
            assert!(!user[name].is_null(), "{name}");
        }
        // Clients cut the size off for the large one: each of these is served.
        let public = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/public/profile_images");
        for size in ["", "_mini", "_normal", "_bigger"] {
            assert!(std::fs::read(format!("{public}/default{size}.png")).unwrap().starts_with(b"\x89PNG"));
        }
    });
}

#[test]
fn counts_of_the_usage_are_texts_and_the_day_of_the_reset_is_a_number() {
    block_on(async {
        let stage = TestDeployment::new(10);
        let developer = stage.developer("alice").await;
        let (_, _, created) = developer.create_project("Weather", "read").await;
        let token = text(&created["app"]["credentials"]["bearer_token"]);
        for _ in 0..2 {
            assert_eq!(stage.gate_status("/2/notes/7", token).await, 200);
        }
        let Verdict::Answer(answer) = stage.gate("GET", "/2/usage", token).await else { panic!("no answer") };
        let usage: Value = serde_json::from_str(&answer.body).unwrap();
        let data = &usage["data"];
        for count in [&data["project_cap"], &data["project_usage"], &data["daily_project_usage"]["usage"][0]["usage"]] {
            assert!(text(count).parse::<u64>().is_ok_and(|count| count > 0), "{usage}");
        }
        let of_app = &data["daily_client_app_usage"][0];
        assert!(text(&of_app["usage"][0]["usage"]).parse::<u64>().is_ok(), "{usage}");
        // The number of entries, not of requests: clients have an integer for it.
        assert_eq!((&data["cap_reset_day"], &of_app["usage_result_count"]), (&json!(1), &json!(1)));
    });
}

#[test]
fn a_form_body_of_a_get_is_no_part_of_what_is_signed() {
    block_on(async {
        let SignIn { stage, developer, asking, .. } = SignIn::new(11, "read").await;
        let params = [("app_id", asking.app.as_str()), ("kind", "access-token")];
        let made = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let pair = json!({ "api_key": asking.signer.key, "api_key_secret": asking.signer.key_secret });
        let signer = Signer::new(&pair, &made);
        let status = |verdict| match verdict {
            Verdict::Forward(_) => 200,
            Verdict::Refuse(refused) => refused.answer.status,
            other => panic!("{other:?}"),
        };
        assert_eq!(status(signer.send(&stage, "GET", "/1.1/notes.json", Some(b"a=1")).await), 401);
        // The type alone, without a body, changes nothing.
        assert_eq!(status(signer.send(&stage, "GET", "/1.1/notes.json", Some(b"")).await), 200);
    });
}
