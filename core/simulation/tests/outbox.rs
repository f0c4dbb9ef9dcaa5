//! Crashes, failures and races: nothing acknowledged is lost, names are
//! unique, and what is published converges to what was decided.

use crate::support;
use crate::support::{Client, TestDeployment};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::app::AppRecord;
use gatehouse_domain::ports::ObjectName;
use gatehouse_shared::api::Route;
use gatehouse_simulation::{Fault, Port, World};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Checks the whole world once nothing is left to do.
async fn assert_converged(world: &Rc<World>, context: &str) {
    world.settle().await;
    let mut found = Found::default();
    for object in world.objects() {
        match &object {
            ObjectName::Account(account) => found.account(world, &object, &account.to_string(), context),
            ObjectName::DeveloperAccount(id) => found.developer_account(world, &object, &id.to_string(), context),
            _ => {}
        }
    }
    assert_published_in_order(world, &found.live_apps, context);
    assert_names_agree(world, &found.names, context);
}

/// What objects hold: every name with its owner, and the Apps.
#[derive(Default)]
struct Found {
    names: BTreeMap<UniqueName, String>,
    live_apps: BTreeSet<String>,
}

impl Found {
    fn name(&mut self, name: UniqueName, owner: &str, context: &str) {
        assert_eq!(self.names.insert(name.clone(), owner.to_owned()), None, "{context}: {name} twice");
    }

    fn account(&mut self, world: &World, object: &ObjectName, id: &str, context: &str) {
        assert!(world.query(object, "SELECT target FROM outbox").is_empty(), "{context}");
        for doc in docs(world, object, "SELECT doc FROM account") {
            self.name(UniqueName::username(doc["username"].as_str().unwrap()), id, context);
            if let Some(email) = doc["email"].as_str().filter(|email| !email.is_empty()) {
                self.name(UniqueName::email(email), id, context);
            }
            let listed = world.query(&ObjectName::AccountIndex, &format!("SELECT doc FROM account WHERE id = '{id}'"));
            assert_eq!(listed.len(), 1, "{context}: not in the account index");
        }
    }

    fn developer_account(&mut self, world: &World, object: &ObjectName, id: &str, context: &str) {
        assert!(world.query(object, "SELECT target FROM outbox").is_empty(), "{context}");
        for doc in docs(world, object, "SELECT doc FROM developer_account") {
            let listed = format!("SELECT state FROM developer_account WHERE id = '{id}'");
            let listed = world.query(&ObjectName::AccountIndex, &listed);
            assert_eq!(listed, [doc["application_state"].as_str().unwrap()], "{context}: the account index differs");
        }
        for member in docs(world, object, "SELECT doc FROM member") {
            let account = ObjectName::Account(member["account"].as_str().unwrap().parse().unwrap());
            let known = docs(world, &account, &format!("SELECT doc FROM membership WHERE developer = '{id}'"));
            assert_eq!(known[0]["role"], member["role"], "{context}: the member's Account differs");
        }
        for doc in docs(world, object, "SELECT doc FROM app") {
            let app = doc["id"].as_str().unwrap();
            for name in UniqueName::of_app(doc["settings"]["name"].as_str().unwrap()) {
                self.name(name, app, context);
            }
            assert_app_is_published(world, app, &doc, context);
            self.live_apps.insert(app.to_owned());
        }
    }
}

fn docs(world: &World, object: &ObjectName, statement: &str) -> Vec<Value> {
    world.query(object, statement).iter().map(|doc| serde_json::from_str(doc).unwrap()).collect()
}

fn assert_app_is_published(world: &World, app: &str, stored: &Value, context: &str) {
    let newest = world.kv.written(&format!("app/{app}")).pop().expect("published");
    let published: AppRecord = serde_json::from_str(&newest).unwrap();
    let published = published.app.expect("live");
    let serials: BTreeSet<u64> = published.credentials.iter().map(|c| c.root.serial.value()).collect();
    let kept = stored["credentials"].as_array().unwrap().iter().map(|c| c["serial"].as_u64().unwrap()).collect();
    assert_eq!(serials, kept, "{context}: KV differs");
    assert_eq!(published.project_id.map(|id| id.to_string()).as_deref(), stored["project"]["project_id"].as_str());
}

/// Nothing is published that no object has, and versions never go back, but where nobody waited for a write.
fn assert_published_in_order(world: &World, live_apps: &BTreeSet<String>, context: &str) {
    for key in world.kv.keys() {
        let records: Vec<AppRecord> =
            world.kv.written(&key).iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let newest = records.iter().map(|record| record.version).max();
        assert_eq!(records.last().map(|record| record.version), newest, "{context}: {key} went back");
        let in_order = records.is_sorted_by_key(|record| record.version);
        assert!(in_order || world.late_writes() > 0, "{context}: {key} went back");
        let is_live = records.last().unwrap().app.is_some();
        assert_eq!(is_live, live_apps.contains(key.trim_start_matches("app/")), "{context}: {key}");
    }
}

/// Every name in use is confirmed for its owner; every other one is free.
fn assert_names_agree(world: &World, names_in_use: &BTreeMap<UniqueName, String>, context: &str) {
    for object in world.objects() {
        let ObjectName::NameRegistry(name) = &object else { continue };
        let entries = docs(world, &object, "SELECT doc FROM entry");
        let confirmed: BTreeMap<UniqueName, String> = entries
            .iter()
            .filter(|entry| entry["confirmed"] == true)
            .map(|entry| {
                let owner = &entry["owner"];
                let owner = owner["App"]["app"].as_str().or(owner["Account"].as_str()).unwrap().to_owned();
                (serde_json::from_value(entry["name"].clone()).unwrap(), owner)
            })
            .collect();
        let of_object = |(used, _): &(&UniqueName, &String)| used.object() == name;
        let expected: BTreeMap<UniqueName, String> =
            names_in_use.iter().filter(of_object).map(|(name, owner)| (name.clone(), owner.clone())).collect();
        assert_eq!(confirmed, expected, "{context}: {name}");
        for (one, other) in confirmed.keys().zip(confirmed.keys().skip(1)) {
            assert!(!one.is_taken_for(other), "{context}: {one} and {other} look alike");
        }
    }
}

/// Few names, some of which look like others: with the first letter of another script.
fn draw_name(stage: &TestDeployment) -> String {
    let [number, script] = [4, 3].map(|below| stage.world.entropy.below(below));
    format!("{} {number}", if script == 0 { "Аpp" } else { "App" })
}

/// One of the changes that a developer makes, drawn by chance. Tells what was
/// acknowledged: the App and its Bearer Token, `None` where it was deleted.
async fn change(stage: &TestDeployment, client: &Client, n: u64) -> Option<(String, Option<String>)> {
    let dashboard = client.get(Route::FindDashboard, &[]).await;
    let apps: Vec<Value> = dashboard.json["standalone_apps"].as_array().cloned().unwrap_or_default();
    let pick = apps.get(stage.world.entropy.below(apps.len().max(1) as u64) as usize);
    let Some(app) = pick.filter(|_| !n.is_multiple_of(4)) else {
        let body = json!({ "name": draw_name(stage), "description": "An App for tests" });
        let reply = client.post(Route::CreateApp, &[], body).await;
        let id = reply.json["app"]["id"].as_str().map(str::to_owned);
        let token = reply.json["credentials"]["bearer_token"].as_str().map(str::to_owned);
        return id.map(|id| (id, token));
    };
    let (id, name) = (app["id"].as_str().unwrap().to_owned(), app["name"].as_str().unwrap());
    let params = [("app_id", id.as_str())];
    match stage.world.entropy.below(3) {
        0 => {
            let body = json!({ "name": draw_name(stage) });
            client.post(Route::UpdateApp, &params, body).await;
            None
        }
        1 => {
            let params = [params[0], ("kind", "bearer-token")];
            let reply = client.post(Route::RegenerateCredential, &params, json!({})).await;
            (reply.status == 200).then(|| (id.clone(), reply.json["bearer_token"].as_str().map(str::to_owned)))
        }
        _ => {
            let reply = client.post(Route::DeleteApp, &params, json!({ "confirm_name": name })).await;
            (reply.status == 200).then_some((id.clone(), None))
        }
    }
}

#[test]
fn a_crash_or_failure_at_any_step_loses_nothing_acknowledged() {
    for seed in 0..150u64 {
        block_on(async {
            let stage = TestDeployment::with(seed, &[("APPROVAL", "auto")]);
            let client = stage.unapproved("alice").await;
            client.post(Route::SubmitApplication, &[], support::application()).await.expect(200);
            let mut acknowledged: BTreeMap<String, Option<String>> = BTreeMap::new();
            let mut unsure: BTreeSet<String> = BTreeSet::new();
            for n in 0..8 {
                let after_steps = stage.world.entropy.below(14) as u32;
                let hang = |port| Fault::Hang { port, after_calls: after_steps / 7 };
                stage.world.inject(match stage.world.entropy.below(6) {
                    0 | 1 => Fault::Crash { after_steps },
                    2 | 3 => Fault::Fail { after_steps },
                    4 => hang(Port::KvWrite),
                    _ => hang(Port::Object),
                });
                let before = app_ids(&client).await;
                let outcome = change(&stage, &client, n).await;
                let struck = !stage.world.clear_fault();
                match outcome {
                    Some((id, token)) => {
                        acknowledged.insert(id, token);
                    }
                    // Not acknowledged: it may have happened all the same, to any of these.
                    None if struck => unsure.extend(before),
                    None => {}
                }
            }
            stage.world.settle().await;
            let alive: BTreeSet<String> = app_ids(&client).await.into_iter().collect();
            for (id, token) in &acknowledged {
                if unsure.contains(id) {
                    continue;
                }
                let context = format!("seed {seed} app {id}");
                assert_eq!(alive.contains(id), token.is_some(), "{context}");
                if let Some(token) = token {
                    stage.world.advance_seconds(60);
                    assert_eq!(stage.gate_status("/1.1/notes.json", token).await, 200, "{context}");
                }
            }
            assert_converged(&stage.world, &format!("seed {seed}")).await;
        });
    }
}

async fn app_ids(client: &Client) -> Vec<String> {
    let reply = client.get(Route::FindDashboard, &[]).await;
    let apps = reply.json["standalone_apps"].as_array().cloned().unwrap_or_default();
    apps.iter().map(|app| app["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_crash_at_every_step_of_a_sign_up_leaves_an_account_or_a_free_name() {
    let mut steps = 0;
    loop {
        let reached = block_on(async {
            let stage = TestDeployment::new(steps.into());
            stage.world.inject(Fault::Crash { after_steps: steps });
            let body = json!({ "username": "alice", "email": "alice@example.com", "password": support::PASSWORD });
            let first = stage.client().post(Route::SignUp, &[], body.clone()).await.status;
            let struck = !stage.world.clear_fault();
            assert!(first == 200 || struck, "step {steps}: {first}");
            stage.world.settle().await;
            // After the reservation has run out the name is decided for good.
            stage.world.advance_seconds(601);
            let second = stage.client().post(Route::SignUp, &[], body).await.status;
            let sign_in = json!({ "login": "alice@example.com", "password": support::PASSWORD });
            stage.client().post(Route::SignIn, &[], sign_in).await.expect(200);
            assert!(second == 200 || second == 409, "step {steps}: {second}");
            assert!(first != 200 || second == 409, "step {steps}: an acknowledged account lost its name");
            assert_converged(&stage.world, &format!("step {steps}")).await;
            struck
        });
        if !reached {
            break;
        }
        steps += 1;
    }
    assert!(steps > 12, "the fault struck at {steps} steps only");
}

#[test]
fn of_sign_ups_at_once_with_one_name_and_one_e_mail_one_wins() {
    for seed in 0..20 {
        block_on(async {
            let stage = TestDeployment::new(seed);
            let body = json!({ "username": "alice", "email": "alice@example.com", "password": support::PASSWORD });
            let tries = (0..4).map(|_| {
                let (client, body) = (stage.client(), body.clone());
                async move { client.post(Route::SignUp, &[], body).await.status }
            });
            let mut answers = join_all(tries).await;
            answers.sort_unstable();
            assert_eq!(answers, [200, 409, 409, 409], "seed {seed}");
            assert_converged(&stage.world, &format!("seed {seed}")).await;
        });
    }
}

#[test]
fn of_64_apps_at_once_with_one_name_one_wins() {
    for seed in 0..20 {
        block_on(async {
            let stage = TestDeployment::with(seed, &[("APPROVAL", "auto")]);
            let mut clients = Vec::new();
            for n in 0..8 {
                let client = stage.unapproved(&format!("user_{n}")).await;
                client.post(Route::SubmitApplication, &[], support::application()).await.expect(200);
                clients.push(client);
            }
            let spellings = ["One Name", "onename", "ＯＮＥ name", "One\u{a0}Name"];
            let tries = (0..64).map(|n| {
                let client = clients[n % 8].clone();
                let body = json!({ "name": spellings[n % 4], "description": "An App for tests" });
                async move { client.post(Route::CreateApp, &[], body).await.status }
            });
            let mut answers = join_all(tries).await;
            answers.sort_unstable();
            assert_eq!(answers[0], 200, "seed {seed}");
            assert!(answers[1..].iter().all(|status| *status == 409), "seed {seed}: {answers:?}");
            assert_converged(&stage.world, &format!("seed {seed}")).await;
        });
    }
}

#[test]
fn a_claim_given_back_never_frees_a_name_that_another_call_took_into_use() {
    for seed in 0..200 {
        block_on(async {
            let stage = TestDeployment::with(seed, &[("APPROVAL", "auto")]);
            let mut owners = Vec::new();
            for n in 0..2 {
                let client = stage.unapproved(&format!("user_{n}")).await;
                client.post(Route::SubmitApplication, &[], support::application()).await.expect(200);
                let (app, _) = client.create_app(&format!("App {n}")).await;
                owners.push((client, app));
            }
            // The second body is refused only in the developer account, after its name was claimed.
            let bodies = [json!({ "name": "One" }), json!({ "name": "One", "environment": "staging" })];
            let tries = (0..8).map(|n| {
                let ((client, app), body) = (owners[(n / 2) % 2].clone(), bodies[n % 2].clone());
                async move { client.post(Route::UpdateApp, &[("app_id", &app)], body).await.status }
            });
            join_all(tries).await;
            let mut names = Vec::new();
            for (client, app) in &owners {
                let seen = client.get(Route::FindApp, &[("app_id", app)]).await.expect(200);
                names.push(seen["settings"]["name"].as_str().unwrap().to_owned());
            }
            assert!(names[0] != names[1], "seed {seed}: {names:?}");
            assert_converged(&stage.world, &format!("seed {seed}")).await;
        });
    }
}

#[test]
fn a_crash_at_every_step_of_the_operators_first_sign_in_does_not_lock_them_out() {
    let mut steps = 0;
    loop {
        let reached = block_on(async {
            let stage = TestDeployment::new(steps.into());
            stage.world.inject(Fault::Crash { after_steps: steps });
            let body = json!({ "login": "operator", "password": support::OPERATOR_PASSWORD });
            stage.client().post(Route::SignIn, &[], body.clone()).await;
            let struck = !stage.world.clear_fault();
            stage.client().post(Route::SignIn, &[], body.clone()).await.expect(200);
            stage.world.settle().await;
            stage.client().post(Route::SignIn, &[], body).await.expect(200);
            assert_converged(&stage.world, &format!("step {steps}")).await;
            struck
        });
        if !reached {
            break;
        }
        steps += 1;
    }
    assert!(steps > 8, "the fault struck at {steps} steps only");
}

#[test]
fn changes_at_once_to_one_account_keep_its_limits_and_converge() {
    for seed in 0..50 {
        block_on(async {
            let stage = TestDeployment::with(seed, &[("APPROVAL", "auto")]);
            let client = stage.unapproved("alice").await;
            client.post(Route::SubmitApplication, &[], support::application()).await.expect(200);
            let tries = (0..16).map(|n| {
                let client = client.clone();
                async move {
                    let body = json!({ "name": format!("App {n}"), "description": "An App for tests" });
                    client.post(Route::CreateApp, &[], body).await.status
                }
            });
            let created = join_all(tries).await.into_iter().filter(|status| *status == 200).count();
            assert_eq!(created, 10, "seed {seed}");
            assert_converged(&stage.world, &format!("seed {seed}")).await;
        });
    }
}

#[test]
fn what_was_acknowledged_is_read_back_by_the_next_call() {
    block_on(async {
        let stage = TestDeployment::new(1);
        // The gate's storage may be a minute behind; the portal never is.
        stage.world.staleness.set(60_000);
        let client = stage.developer("alice").await;
        let (project, app, _) = client.create_project("First", "read").await;
        let params = [("app_id", app.as_str())];
        let in_project = [("project_id", project.as_str())];
        for (field, value) in [
            ("name", json!("Second")),
            ("description", json!("Another description")),
            ("website_url", json!("https://example.com/")),
            ("callback_urls", json!(["https://example.com/callback"])),
            ("terms_url", json!("https://example.com/terms")),
            ("privacy_url", json!("https://example.com/privacy")),
            ("organization_name", json!("Example")),
            ("organization_url", json!("https://example.com/about")),
            ("use_case", json!(support::use_case().trim())),
            ("permission", json!("read-write")),
        ] {
            let mut body = json!({});
            body[field] = value.clone();
            client.post(Route::UpdateApp, &params, body).await.expect(200);
            let seen = client.get(Route::FindApp, &params).await.expect(200);
            assert_eq!(seen["settings"][field], value, "{field}");
        }
        client.post(Route::UpdateApp, &params, json!({ "website_url": "" })).await.expect(200);
        assert_eq!(client.get(Route::FindApp, &params).await.expect(200)["settings"]["website_url"], "");
        client.post(Route::UpdateProject, &in_project, json!({ "name": "Renamed" })).await.expect(200);
        let dashboard = client.get(Route::FindDashboard, &[]).await.expect(200);
        assert_eq!(dashboard["projects"][0]["settings"]["name"], "Renamed");
        assert_eq!(dashboard["projects"][0]["apps"][0]["name"], "Second");
        let before = client.get(Route::FindApp, &params).await.expect(200)["credentials"].clone();
        client.post(Route::RegenerateCredential, &[params[0], ("kind", "api-key")], json!({})).await.expect(200);
        assert_ne!(client.get(Route::FindApp, &params).await.expect(200)["credentials"], before);
        client.call(Route::DetachApp, &params, None).await.expect(200);
        let dashboard = client.get(Route::FindDashboard, &[]).await.expect(200);
        assert_eq!(dashboard["standalone_apps"][0]["id"].as_str(), Some(app.as_str()));
        client.post(Route::DeleteApp, &params, json!({ "confirm_name": "Second" })).await.expect(200);
        client.get(Route::FindApp, &params).await.refused(404, "not-found");
        client.post(Route::DeleteProject, &in_project, json!({ "confirm_name": "Renamed" })).await.expect(200);
        let dashboard = client.get(Route::FindDashboard, &[]).await.expect(200);
        assert_eq!(dashboard["projects"], json!([]));
        // A deleted App's name is free again, also under its other spellings.
        client.create_app("SECOND").await;
    });
}
