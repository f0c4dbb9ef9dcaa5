//! Two windows, one App: an older one never overwrites what a newer one saved.

use crate::support::{Client, TestDeployment};
use futures::executor::block_on;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

async fn app(client: &Client, id: &str) -> Value {
    client.get(Route::FindApp, &[("app_id", id)]).await.expect(200)
}

#[test]
fn a_change_made_from_an_older_version_of_an_app_is_refused_and_changes_nothing() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let client = stage.developer("alice").await;
        let (id, created) = client.create_app("Weather").await;
        let opened = created["app"]["version"].clone();
        let params = [("app_id", id.as_str())];
        let update = async |body: Value| client.post(Route::UpdateApp, &params, body).await;

        let saved = update(json!({ "website_url": "https://example.com", "version": opened })).await.expect(200);
        assert_ne!(saved["version"], opened);
        let refused = update(json!({ "description": "From an older window", "version": opened })).await;
        let problem = refused.refused(409, "changed-meanwhile");
        assert!(problem["detail"].as_str().unwrap().contains("App"), "{problem}");
        assert_eq!(app(&client, &id).await, saved, "nothing changed");

        let now = saved["version"].clone();
        let both = update(json!({ "description": "From a newer window", "version": now })).await.expect(200);
        assert_eq!(both["settings"]["website_url"], "https://example.com");
        assert_eq!(both["settings"]["description"], "From a newer window");
    });
}

#[test]
fn a_program_that_names_no_version_changes_what_it_names_and_nothing_else() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let client = stage.developer("alice").await;
        let (id, _) = client.create_app("Weather").await;
        let params = [("app_id", id.as_str())];
        for (name, value) in [("website_url", "https://example.com"), ("organization_name", "Almanac Ltd")] {
            client.post(Route::UpdateApp, &params, json!({ name: value })).await.expect(200);
        }
        let settings = app(&client, &id).await["settings"].clone();
        assert_eq!(
            (&settings["website_url"], &settings["organization_name"]),
            (&json!("https://example.com"), &json!("Almanac Ltd"))
        );
    });
}

#[test]
fn every_change_of_what_an_apps_forms_show_makes_a_new_version_and_nothing_else_does() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let client = stage.developer("alice").await;
        let (id, created) = client.create_app("Weather").await;
        let params = [("app_id", id.as_str())];
        let project = json!({ "name": "Almanac", "description": "A Project for tests", "use_case": "u".repeat(120) });
        let project = client.post(Route::CreateProject, &[], project).await.expect(200);
        let mut version = created["app"]["version"].as_u64().unwrap();
        let mut expect = async |what: &str, grown: u64| {
            version += grown;
            assert_eq!(app(&client, &id).await["version"], version, "after {what}");
        };
        client.post(Route::UpdateApp, &params, json!({ "permission": "read-write" })).await.expect(200);
        expect("a permission", 1).await;
        client.post(Route::UpdateApp, &params, json!({ "permission": "read-write" })).await.expect(200);
        expect("the same permission again", 0).await;
        client.post(Route::UpdateApp, &params, json!({ "sign_in": true })).await.expect(200);
        expect("sign-in", 1).await;
        let attach = json!({ "project_id": project["project"]["id"], "environment": "staging" });
        client.post(Route::AttachApp, &params, attach).await.expect(200);
        expect("attaching", 1).await;
        client.post(Route::UpdateApp, &params, json!({ "environment": "production" })).await.expect(200);
        expect("an environment", 1).await;
        client.call(Route::DetachApp, &params, None).await.expect(200);
        expect("detaching", 1).await;
        let credential = [("app_id", id.as_str()), ("kind", "bearer-token")];
        client.post(Route::RegenerateCredential, &credential, json!({})).await.expect(200);
        expect("a regenerated credential", 0).await;
    });
}

#[test]
fn a_change_made_from_an_older_version_of_a_project_is_refused_and_changes_nothing() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let client = stage.developer("alice").await;
        let project = json!({ "name": "Almanac", "description": "A Project for tests", "use_case": "u".repeat(120) });
        let created = client.post(Route::CreateProject, &[], project).await.expect(200);
        let opened = created["project"]["version"].clone();
        let id = created["project"]["id"].as_str().unwrap();
        let params = [("project_id", id)];
        let update = async |body: Value| client.post(Route::UpdateProject, &params, body).await;

        let saved = update(json!({ "name": "Almanac Two", "version": opened })).await.expect(200);
        let older = json!({ "description": "From an older window", "version": opened });
        let problem = update(older).await.refused(409, "changed-meanwhile");
        assert!(problem["detail"].as_str().unwrap().contains("Project"), "{problem}");
        assert_eq!(client.get(Route::FindProject, &params).await.expect(200), saved, "nothing changed");
        let newer = json!({ "description": "From a newer window", "version": saved["version"] });
        let both = update(newer).await.expect(200);
        assert_eq!(both["settings"]["name"], "Almanac Two");
    });
}

#[test]
fn the_description_says_how_long_a_revoked_credential_may_still_pass() {
    block_on(async {
        for (seed, settings, seconds) in [
            (5, &[("MEMORY_SECONDS", "10")][..], 100),
            (6, &[("MEMORY_SECONDS", "300")][..], 390),
            (7, &[("FRESHNESS", "strict")][..], 0),
        ] {
            let stage = TestDeployment::with(seed, settings);
            let described = stage.client().get(Route::DescribeApi, &[]).await.expect(200);
            assert_eq!(described["freshness_seconds"], seconds, "{settings:?}");
        }
    });
}
