//! Bad input: a clear error that names field and rule, nothing changed.

use crate::support;
use crate::support::{Client, ORIGIN, TestDeployment, application, use_case};
use futures::executor::block_on;
use gatehouse_edge::http::{BODY_LIMIT, Body};
use gatehouse_shared::api::{Method, Route};
use serde_json::{Value, json};

/// The field and rule of each error, where the call was refused for its fields.
async fn errors(client: &Client, route: Route, params: &[(&str, &str)], body: Value) -> Vec<(String, String)> {
    let problem = client.post(route, params, body).await.refused(422, "invalid-fields");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    problem["errors"].as_array().unwrap().iter().map(|e| (text(&e["field"]), text(&e["rule"]))).collect()
}

fn changed(mut base: Value, field: &str, value: Value) -> Value {
    base[field] = value;
    base
}

#[test]
fn every_field_beyond_its_rule_is_named_with_the_rule() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let client = stage.developer("alice").await;
        let (project, app, _) = client.create_project("First", "read").await;
        let new_app = json!({ "name": "Weather", "description": "An App for tests" });
        let sign_up = json!({ "username": "zoe", "email": "zoe@example.com", "password": support::PASSWORD });
        let new_project = json!({ "name": "P", "description": "A Project for tests", "use_case": use_case() });
        let long = |n: usize| json!("x".repeat(n));
        let cases: Vec<(Route, Value, &str, Value, &str, &str)> = vec![
            (Route::SignUp, sign_up.clone(), "username", json!("a"), "username", "too-short"),
            (Route::SignUp, sign_up.clone(), "username", long(21), "username", "too-long"),
            (Route::SignUp, sign_up.clone(), "username", json!("a b c"), "username", "characters"),
            (Route::SignUp, sign_up.clone(), "email", json!("zoe"), "email", "email"),
            (Route::SignUp, sign_up.clone(), "password", json!("short"), "password", "too-short"),
            (Route::SignUp, sign_up.clone(), "password", long(257), "password", "too-long"),
            (Route::SignUp, sign_up.clone(), "username", json!(7), "username", "type"),
            (Route::SignUp, sign_up.clone(), "user", json!("x"), "user", "unknown"),
            (Route::SubmitApplication, application(), "use_case", long(99), "use_case", "too-short"),
            (Route::SubmitApplication, application(), "use_case", long(2001), "use_case", "too-long"),
            (Route::SubmitApplication, application(), "purpose", json!("fun"), "purpose", "type"),
            (Route::SubmitApplication, application(), "organization", long(101), "organization", "too-long"),
            (Route::SubmitApplication, application(), "accept_terms", json!(false), "accept_terms", "required"),
            (Route::CreateApp, new_app.clone(), "name", long(33), "name", "too-long"),
            (Route::CreateApp, new_app.clone(), "name", json!(" "), "name", "required"),
            (Route::CreateApp, new_app.clone(), "name", json!("Acme maps"), "name", "reserved-word"),
            (Route::CreateApp, new_app.clone(), "name", json!("ＡcMe maps"), "name", "reserved-word"),
            (Route::UpdateApp, json!({}), "name", json!("a c ⓜe"), "name", "reserved-word"),
            (Route::CreateApp, new_app.clone(), "name", json!("a\u{200d}b"), "name", "control-character"),
            (Route::CreateApp, new_app.clone(), "description", long(9), "description", "too-short"),
            (Route::CreateApp, new_app.clone(), "description", long(201), "description", "too-long"),
            (Route::CreateApp, new_app.clone(), "website_url", json!("ftp://x.org"), "website_url", "scheme"),
            (Route::CreateApp, new_app.clone(), "website_url", json!("http://localhost"), "website_url", "public-host"),
            (
                Route::CreateApp,
                new_app.clone(),
                "callback_urls",
                json!(["https://a.org/x", "javascript:x"]),
                "callback_urls[1]",
                "scheme",
            ),
            (Route::CreateApp, new_app.clone(), "callback_urls", json!([1]), "callback_urls[0]", "type"),
            (Route::CreateApp, new_app.clone(), "use_case", json!("short"), "use_case", "too-short"),
            (Route::CreateApp, new_app.clone(), "permission", json!("admin"), "permission", "type"),
            (Route::CreateApp, new_app.clone(), "project_id", json!("x"), "project_id", "type"),
            (Route::CreateApp, new_app.clone(), "environment", json!("staging"), "environment", "project-only"),
            (Route::CreateProject, new_project.clone(), "name", long(51), "name", "too-long"),
            (Route::CreateProject, new_project.clone(), "app", json!({ "name": "x" }), "app.description", "required"),
            (
                Route::CreateProject,
                new_project.clone(),
                "app",
                changed(new_app.clone(), "name", long(33)),
                "app.name",
                "too-long",
            ),
            (Route::UpdateProject, json!({}), "use_case", json!("short"), "use_case", "too-short"),
            (Route::UpdateApp, json!({}), "terms_url", json!("nonsense"), "terms_url", "absolute-url"),
            (Route::UpdateApp, json!({}), "privacy_url", json!("http://10.0.0.1"), "privacy_url", "public-host"),
            (Route::UpdateApp, json!({}), "organization_url", json!("x:y"), "organization_url", "scheme"),
            (Route::UpdateApp, json!({}), "organization_name", json!("x"), "organization_name", "too-short"),
            (Route::UpdateApp, json!({}), "id", json!("1"), "id", "unknown"),
            (Route::DeleteApp, json!({}), "confirm_name", json!("first"), "confirm_name", "mismatch"),
        ];
        let before = client.get(Route::FindDashboard, &[]).await.expect(200);
        for (route, base, field, value, named, rule) in cases {
            let body = changed(base, field, value);
            let params = [("project_id", project.as_str()), ("app_id", app.as_str())];
            let found = errors(&client, route, &params, body).await;
            assert_eq!(found, [(named.to_owned(), rule.to_owned())], "{route:?} {field}");
        }
        // Every broken field is told at once.
        let all = json!({ "name": "", "description": "x", "website_url": "x" });
        assert_eq!(errors(&client, Route::CreateApp, &[], all).await.len(), 3);
        assert_eq!(errors(&client, Route::CreateApp, &[], json!({})).await, [("name".into(), "required".into())]);
        assert_eq!(client.get(Route::FindDashboard, &[]).await.expect(200), before);
    });
}

#[test]
fn a_body_that_is_no_json_too_large_or_of_another_type_is_refused_as_that() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let client = stage.developer("alice").await;
        let json = [("content-type", "application/json; charset=utf-8"), ("origin", ORIGIN)];
        let path = &Route::CreateApp.path(&[("developer_account_id", &client.own_developer_account().await)]);
        for body in ["", "{", "{\"name\":", "nonsense", "\u{0}", "{\"name\":\"x\",\"description\":\"0123456789\"}}"] {
            client.send(Method::Post, path, &json, body.as_bytes()).await.refused(400, "malformed-body");
        }
        client.send(Method::Post, path, &json, b"\xff\xfe{}").await.refused(400, "malformed-body");
        for body in ["[]", "7", "null", "\"x\""] {
            client.send(Method::Post, path, &json, body.as_bytes()).await.refused(400, "malformed-body");
        }
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let nested = format!("{{\"name\":{deep}}}");
        assert!(nested.len() < BODY_LIMIT);
        assert!(client.send(Method::Post, path, &json, nested.as_bytes()).await.status < 500);
        client.raw("POST", path, &json, Body::TooLarge).await.refused(413, "body-too-large");
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
            let headers = [("content-type", media_type), ("origin", ORIGIN)];
            client.send(Method::Post, path, &headers, b"{}").await.refused(415, "unsupported-media-type");
        }
    });
}

#[test]
fn an_unknown_path_or_method_is_refused_as_that() {
    block_on(async {
        let client = TestDeployment::new(3).client();
        for path in ["/api/nothing", "/api/", "/api/apps/1/2/3", "/api/apps//x", "/api/%61pps"] {
            client.send(Method::Get, path, &[("origin", ORIGIN)], b"").await.refused(404, "not-found");
        }
        let reply = client.raw("PUT", "/api/sessions", &[("origin", ORIGIN)], Body::Read(vec![])).await;
        assert_eq!(reply.header("allow"), Some("POST, GET"));
        reply.refused(405, "method-not-allowed");
    });
}

#[test]
fn every_answer_bears_the_security_headers_and_is_kept_by_nobody() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let client = stage.developer("alice").await;
        let good = client.get(Route::FindDashboard, &[]).await;
        let bad = client.get(Route::FindApp, &[("app_id", "x")]).await;
        for reply in [good, bad] {
            for (name, value) in [
                ("cache-control", "no-store"),
                ("x-content-type-options", "nosniff"),
                ("cross-origin-resource-policy", "same-origin"),
                ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
            ] {
                assert_eq!(reply.header(name), Some(value));
            }
            assert!(reply.header("strict-transport-security").is_some());
        }
        let reply = client.get(Route::FindApp, &[("app_id", "x")]).await;
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        assert_eq!(reply.header("x-gatehouse-request-id"), reply.json["request_id"].as_str());
        let session = stage.client();
        let body = json!({ "login": "alice", "password": support::PASSWORD });
        let reply = session.post(Route::SignIn, &[], body).await;
        let cookie = reply.header("set-cookie").unwrap();
        assert!(cookie.starts_with("__Host-gatehouse="), "{cookie}");
        for part in ["; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite=Lax"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    });
}

#[test]
fn a_plans_limits_hold_and_name_themselves() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let client = stage.developer("alice").await;
        let (project, _, _) = client.create_project("App 0", "read").await;
        let body = json!({ "name": "P", "description": "A Project for tests", "use_case": use_case() });
        client.post(Route::CreateProject, &[], body).await.refused(403, "limit-reached");
        let create = |n: usize, project: Option<&str>| json!({ "name": format!("App {n}"), "description": "An App for tests", "project_id": project });
        for n in 1..3 {
            client.post(Route::CreateApp, &[], create(n, Some(&project))).await.expect(200);
        }
        client.post(Route::CreateApp, &[], create(3, Some(&project))).await.refused(403, "limit-reached");
        // The refused App's name was given back.
        for n in 3..10 {
            client.post(Route::CreateApp, &[], create(n, None)).await.expect(200);
        }
        client.post(Route::CreateApp, &[], create(10, None)).await.refused(403, "limit-reached");
        let dashboard = client.get(Route::FindDashboard, &[]).await.expect(200);
        let standalone = dashboard["standalone_apps"][0]["id"].as_str().unwrap();
        let attach = json!({ "project_id": project });
        client.post(Route::AttachApp, &[("app_id", standalone)], attach).await.refused(403, "limit-reached");
        let confirm = json!({ "confirm_name": "Project" });
        client.post(Route::DeleteProject, &[("project_id", &project)], confirm).await.refused(409, "conflict");
    });
}
