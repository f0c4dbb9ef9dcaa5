//! Apps and Projects that go to another developer account: whole, once, and with their keys.

use crate::support::signing::Signer;
use crate::support::{Client, Reply, TestDeployment, invite, use_case};
use futures::executor::block_on;
use futures::future::join4;
use gatehouse_domain::gate::Verdict;
use gatehouse_domain::ports::ObjectName;
use gatehouse_shared::api::Route;
use gatehouse_simulation::Fault;
use serde_json::{Value, json};

/// Alice has an App; Bob has a developer account of his own.
struct Stage {
    stage: TestDeployment,
    alice: Client,
    giver: String,
    app: String,
    keys: Value,
    bob: Client,
    receiver: String,
}

impl Stage {
    async fn new(seed: u64) -> Self {
        Self::with(seed, &[]).await
    }

    async fn with(seed: u64, variables: &[(&str, &str)]) -> Self {
        let stage = TestDeployment::with(seed, variables);
        let (alice, bob) = (stage.developer("alice").await, stage.developer("bob").await);
        let (app, created) = alice.create_app("Weather").await;
        let (giver, receiver) = (alice.own_developer_account().await, bob.own_developer_account().await);
        stage.world.settle().await;
        Self { keys: created["credentials"].clone(), stage, alice, giver, app, bob, receiver }
    }

    fn app(&self) -> [(&str, &str); 1] {
        [("app_id", self.app.as_str())]
    }

    async fn try_offer(&self) -> Reply {
        self.alice.post(Route::OfferApp, &self.app(), json!({ "developer_account_id": self.receiver })).await
    }

    async fn offer(&self) -> String {
        self.try_offer().await.expect(200);
        self.stage.world.settle().await;
        self.received().await[0]["id"].as_str().unwrap().to_owned()
    }

    async fn received(&self) -> Vec<Value> {
        let dashboard = self.dashboard(&self.bob, &self.receiver).await;
        dashboard["transfers"].as_array().unwrap().clone()
    }

    async fn dashboard(&self, client: &Client, developer: &str) -> Value {
        client.get(Route::FindDashboard, &[("developer_account_id", developer)]).await.expect(200)
    }

    async fn accept(&self, transfer: &str) -> Reply {
        let params = [("developer_account_id", self.receiver.as_str()), ("transfer_id", transfer)];
        self.bob.post(Route::AcceptTransfer, &params, json!({})).await
    }

    /// The names of the standalone Apps that the two developer accounts show.
    async fn shown(&self) -> (Vec<Value>, Vec<Value>) {
        let names = async |client: &Client, developer: &str| {
            let dashboard = self.dashboard(client, developer).await;
            dashboard["standalone_apps"].as_array().unwrap().iter().map(|app| app["name"].clone()).collect()
        };
        (names(&self.alice, &self.giver).await, names(&self.bob, &self.receiver).await)
    }

    /// Whether the Bearer Token that the App was made with passes.
    async fn passes(&self) -> bool {
        self.stage.gate_status("/1.1/free.json", self.keys["bearer_token"].as_str().unwrap()).await == 200
    }

    async fn own_token(&self, client: &Client) -> Value {
        let params = [("app_id", self.app.as_str()), ("kind", "access-token")];
        client.post(Route::RegenerateCredential, &params, json!({})).await.expect(200)
    }

    async fn acts_for_user(&self, token: &Value, nonce: &str) -> bool {
        let signer = Signer::new(&self.keys, token).with_nonce(nonce);
        matches!(signer.send(&self.stage, "GET", "/1.1/free.json", None).await, Verdict::Forward(_))
    }
}

#[test]
fn an_app_goes_with_its_keys_and_name_and_the_givers_own_tokens_end() {
    block_on(async {
        let stage = Stage::new(1).await;
        let own = stage.own_token(&stage.alice).await;
        assert!(stage.passes().await && stage.acts_for_user(&own, "1").await);
        let transfer = stage.offer().await;
        let shown = stage.alice.get(Route::FindApp, &stage.app()).await.expect(200);
        assert_eq!((&shown["transfer"]["name"], &shown["transfer"]["offered_by"]), (&json!("bob"), &json!("alice")));
        let offered = &stage.received().await[0];
        assert_eq!((&offered["name"], &offered["apps"]), (&json!("Weather"), &json!(["Weather"])));
        stage.accept(&transfer).await.expect(200);
        // At once, as far as the receiver is concerned.
        let got = stage.bob.get(Route::FindApp, &stage.app()).await.expect(200);
        assert_eq!(
            (&got["settings"]["name"], &got["developer_account_id"]),
            (&json!("Weather"), &json!(stage.receiver))
        );
        stage.alice.get(Route::FindApp, &stage.app()).await.refused(404, "not-found");
        stage.stage.world.settle().await;
        assert_eq!(stage.shown().await, (vec![], vec![json!("Weather")]));
        assert_eq!(stage.received().await, Vec::<Value>::new());
        stage.stage.world.advance_seconds(120);
        assert!(stage.passes().await);
        assert!(!stage.acts_for_user(&own, "2").await, "the giver's own token still acts for her");
        // The name stays the App's, and is free once the receiver changes it.
        let carol = stage.stage.developer("carol").await;
        let weather = json!({ "name": "Weather", "description": "Another App for tests" });
        let of_carol = carol.own_developer_account().await;
        let params = [("developer_account_id", of_carol.as_str())];
        carol.post(Route::CreateApp, &params, weather.clone()).await.refused(409, "name-taken");
        stage.bob.call(Route::UpdateApp, &stage.app(), Some(json!({ "name": "Bob's" }))).await.expect(200);
        stage.stage.world.settle().await;
        carol.post(Route::CreateApp, &params, weather).await.expect(200);
        // Both logs tell.
        for (client, developer, operation) in
            [(&stage.alice, &stage.giver, "give_transfer"), (&stage.bob, &stage.receiver, "receive_app")]
        {
            let params = [("developer_account_id", developer.as_str())];
            let activity = client.get(Route::ListDeveloperActivity, &params).await.expect(200);
            let entries = activity["entries"].as_array().unwrap();
            assert!(entries.iter().any(|entry| entry["operation"] == operation), "{activity}");
        }
    });
}

#[test]
fn a_project_goes_with_its_apps_within_the_receivers_limits() {
    block_on(async {
        let stage = Stage::new(2).await;
        let (project, app, created) = stage.alice.create_project("Almanac", "read").await;
        stage.stage.world.settle().await;
        let token = created["app"]["credentials"]["bearer_token"].as_str().unwrap();
        assert_eq!(stage.stage.gate_status("/2/notes/7", token).await, 200);
        let body = json!({ "developer_account_id": stage.receiver });
        let of_project = [("project_id", project.as_str())];
        stage.alice.post(Route::OfferProject, &of_project, body).await.expect(200);
        stage.stage.world.settle().await;
        let transfer = stage.received().await[0]["id"].as_str().unwrap().to_owned();
        // The plan has room for one Project.
        let params = [("developer_account_id", stage.receiver.as_str())];
        let own = json!({ "name": "Own", "description": "A Project for tests", "use_case": use_case() });
        let made = stage.bob.post(Route::CreateProject, &params, own.clone()).await.expect(200);
        stage.accept(&transfer).await.refused(403, "limit-reached");
        let id = made["project"]["id"].as_str().unwrap();
        let confirmed = Some(json!({ "confirm_name": "Own" }));
        stage.bob.call(Route::DeleteProject, &[("project_id", id)], confirmed).await.expect(200);
        stage.accept(&transfer).await.expect(200);
        stage.bob.post(Route::CreateProject, &params, own).await.refused(403, "limit-reached");
        stage.stage.world.settle().await;
        stage.stage.world.advance_seconds(120);
        let got = stage.bob.get(Route::FindProject, &of_project).await.expect(200);
        assert_eq!((&got["apps"][0]["id"], &got["apps"].as_array().unwrap().len()), (&json!(app), &1));
        stage.alice.get(Route::FindProject, &of_project).await.refused(404, "not-found");
        assert_eq!(stage.stage.gate_status("/2/notes/7", token).await, 200);
        stage.bob.get(Route::FindProjectUsage, &of_project).await.expect(200);
        // What it uses from now on counts for the receiver, and nothing for both.
        let number = |name: ObjectName, column: &str| -> u64 {
            let rows = stage.stage.world.query(&name, &format!("SELECT CAST({column} AS TEXT) FROM month"));
            rows.first().and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        let drawn = number(ObjectName::ProjectQuota(project.parse().unwrap()), "drawn");
        let [giver, receiver] =
            [&stage.giver, &stage.receiver].map(|id| ObjectName::DeveloperQuota(id.parse().unwrap()));
        let (given, received) = (number(giver, "reserved"), number(receiver, "reserved"));
        assert!(received > 0 && given > 0 && given + received == drawn, "{given} + {received} of {drawn}");
    });
}

/// Who offered a Project can put another App into it. The receiver gets what they were shown, or nothing.
#[test]
fn an_app_that_was_not_shown_does_not_come_with_a_project() {
    block_on(async {
        let stage = Stage::new(8).await;
        let (project, shown, _) = stage.alice.create_project("Almanac", "read").await;
        let of_project = [("project_id", project.as_str())];
        let body = json!({ "developer_account_id": stage.receiver });
        stage.alice.post(Route::OfferProject, &of_project, body).await.expect(200);
        stage.stage.world.settle().await;
        let transfer = stage.received().await[0]["id"].as_str().unwrap().to_owned();
        stage.alice.call(Route::DetachApp, &[("app_id", &shown)], None).await.expect(200);
        let body = json!({ "project_id": project });
        stage.alice.post(Route::AttachApp, &stage.app(), body).await.expect(200);
        stage.accept(&transfer).await.expect(200);
        stage.stage.world.settle().await;
        let kept = stage.alice.get(Route::FindProject, &of_project).await.expect(200);
        assert_eq!((&kept["apps"][0]["id"], &kept["transfer"]), (&json!(stage.app), &Value::Null));
        assert_eq!(stage.received().await, Vec::<Value>::new());
    });
}

#[test]
fn what_may_not_go_is_refused_and_an_offer_ends_once_it_is_answered_withdrawn_or_over() {
    block_on(async {
        let stage = Stage::new(3).await;
        let unapproved = stage.stage.unapproved("eve").await.own_developer_account().await;
        for (receiver, rule) in [(unapproved.as_str(), "unknown"), (stage.giver.as_str(), "other-account")] {
            let body = json!({ "developer_account_id": receiver });
            let problem = stage.alice.post(Route::OfferApp, &stage.app(), body).await;
            assert_eq!(problem.refused(422, "invalid-fields")["errors"][0]["rule"], rule);
        }
        let params =
            |transfer: &str| [("developer_account_id", stage.receiver.clone()), ("transfer_id", transfer.to_owned())];
        // Declined.
        let transfer = stage.offer().await;
        let given = params(&transfer);
        let given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        stage.bob.call(Route::DeclineTransfer, &given, None).await.expect(200);
        stage.stage.world.settle().await;
        assert_eq!(stage.alice.get(Route::FindApp, &stage.app()).await.expect(200)["transfer"], Value::Null);
        stage.accept(&transfer).await.refused(404, "not-found");
        // Withdrawn.
        let transfer = stage.offer().await;
        stage.alice.call(Route::WithdrawApp, &stage.app(), None).await.expect(200);
        stage.alice.call(Route::WithdrawApp, &stage.app(), None).await.refused(404, "not-found");
        stage.stage.world.settle().await;
        stage.accept(&transfer).await.refused(404, "not-found");
        // Over.
        let transfer = stage.offer().await;
        stage.stage.world.advance_seconds(7 * 24 * 3600);
        stage.accept(&transfer).await.refused(404, "not-found");
        // Stopped by an operator.
        let operator = stage.stage.operator().await;
        let of_app = [("developer_account_id", stage.giver.as_str()), stage.app()[0]];
        let stop = json!({ "status": "suspended", "reason": "For tests" });
        operator.call(Route::SetAppStatus, &of_app, Some(stop)).await.expect(200);
        stage.try_offer().await.refused(409, "conflict");
        assert_eq!(stage.shown().await, (vec![json!("Weather")], vec![]));
    });
}

#[test]
fn an_own_token_of_before_stays_dead_when_the_app_comes_back() {
    block_on(async {
        let stage = Stage::new(4).await;
        let own = stage.own_token(&stage.alice).await;
        let transfer = stage.offer().await;
        stage.accept(&transfer).await.expect(200);
        stage.stage.world.settle().await;
        let bobs = stage.own_token(&stage.bob).await;
        stage.stage.world.advance_seconds(120);
        assert!(stage.acts_for_user(&bobs, "1").await);
        let body = json!({ "developer_account_id": stage.giver });
        stage.bob.post(Route::OfferApp, &stage.app(), body).await.expect(200);
        stage.stage.world.settle().await;
        let dashboard = stage.dashboard(&stage.alice, &stage.giver).await;
        let back = dashboard["transfers"][0]["id"].as_str().unwrap();
        let params = [("developer_account_id", stage.giver.as_str()), ("transfer_id", back)];
        stage.alice.post(Route::AcceptTransfer, &params, json!({})).await.expect(200);
        stage.stage.world.settle().await;
        stage.stage.world.advance_seconds(120);
        assert!(stage.passes().await);
        assert!(!stage.acts_for_user(&own, "2").await && !stage.acts_for_user(&bobs, "2").await);
        let newer = stage.own_token(&stage.alice).await;
        assert!(stage.acts_for_user(&newer, "3").await);
    });
}

#[test]
fn an_isolate_that_knew_the_giver_follows_the_app() {
    block_on(async {
        let stage = Stage::with(5, &[("FRESHNESS", "strict")]).await;
        let other = TestDeployment::isolate(&stage.stage.world, &[("FRESHNESS", "strict")]);
        let other = TestDeployment { world: stage.stage.world.clone(), isolate: other };
        let token = stage.keys["bearer_token"].as_str().unwrap().to_owned();
        assert_eq!(other.gate_status("/1.1/free.json", &token).await, 200);
        let transfer = stage.offer().await;
        stage.accept(&transfer).await.expect(200);
        stage.stage.world.settle().await;
        assert_eq!(other.gate_status("/1.1/free.json", &token).await, 200);
        let params = [("app_id", stage.app.as_str()), ("kind", "bearer-token")];
        stage.bob.call(Route::RevokeCredential, &params, None).await.expect(200);
        assert_eq!(other.gate_status("/1.1/free.json", &token).await, 401);
    });
}

#[test]
fn an_acceptance_that_a_fault_cuts_off_leaves_the_app_in_one_place_with_its_keys() {
    let (mut struck, mut late) = (0, 0);
    for crash in [true, false] {
        for after_steps in 0..120 {
            let hit = block_on(async {
                let stage = Stage::new(6).await;
                let transfer = stage.offer().await;
                let world = &stage.stage.world;
                world.inject(if crash { Fault::Crash { after_steps } } else { Fault::Fail { after_steps } });
                let first = stage.accept(&transfer).await.status;
                let hit = !world.clear_fault();
                // An App on its way is not deleted.
                let strict = TestDeployment::isolate(world, &[("FRESHNESS", "strict")]);
                let strict = TestDeployment { world: world.clone(), isolate: strict };
                let token = stage.keys["bearer_token"].as_str().unwrap();
                let on_its_way = strict.gate_status("/1.1/free.json", token).await;
                assert!([200, 503].contains(&on_its_way), "step {after_steps}: {on_its_way}");
                late += u32::from(on_its_way == 503);
                world.advance_seconds(6);
                let again = stage.accept(&transfer).await.status;
                assert!([200, 404].contains(&again), "step {after_steps}: {again}");
                assert!(first != 200 || again == 404, "step {after_steps}: accepted twice");
                assert!(stage.passes().await, "step {after_steps}");
                world.settle().await;
                assert_eq!(stage.shown().await, (vec![], vec![json!("Weather")]), "step {after_steps}");
                assert!(stage.passes().await, "step {after_steps}");
                assert_eq!(outboxes(&stage).len(), 0, "step {after_steps}");
                assert_converged(&stage).await;
                hit
            });
            struck += u32::from(hit);
            if !hit {
                break;
            }
        }
    }
    assert!(struck > 20 && late > 0, "{struck} faults struck, and {late} met the App on its way: that proves little");
}

/// Transfer, regeneration, revocation and the removal of a member at once, and a crash among them.
#[test]
fn whatever_comes_together_no_change_is_lost_and_nothing_passes_that_should_not() {
    let mut outcomes = std::collections::BTreeSet::new();
    for seed in 0..40u64 {
        let outcome = block_on(async {
            let stage = Stage::new(1000 + seed).await;
            let dave = stage.stage.developer("dave").await;
            invite(&stage.stage, &stage.alice, &stage.giver, &dave, "dave", "developer").await;
            let own = stage.own_token(&dave).await;
            let transfer = stage.offer().await;
            let world = &stage.stage.world;
            if seed % 4 == 3 {
                world.inject(Fault::Crash { after_steps: u32::try_from(seed).unwrap() });
            }
            let of_bearer = [("app_id", stage.app.as_str()), ("kind", "bearer-token")];
            let account = dave.account_id().await;
            let of_dave = [("developer_account_id", stage.giver.as_str()), ("account_id", account.as_str())];
            let (accepted, regenerated, removed, withdrawn) = join4(
                stage.accept(&transfer),
                stage.alice.post(Route::RegenerateCredential, &of_bearer, json!({})),
                stage.alice.call(Route::RemoveMember, &of_dave, None),
                async {
                    match seed % 2 {
                        0 => Some(stage.alice.call(Route::WithdrawApp, &stage.app(), None).await),
                        _ => None,
                    }
                },
            )
            .await;
            world.clear_fault();
            world.settle().await;
            world.advance_seconds(120);
            let (giver, receiver) = stage.shown().await;
            assert_eq!(giver.len() + receiver.len(), 1, "seed {seed}: the App is in one place");
            if withdrawn.as_ref().is_some_and(|reply| reply.status == 200) {
                assert_eq!(receiver.len(), 0, "seed {seed}: withdrawn, and it went");
            }
            if withdrawn.is_none() && accepted.status == 200 {
                assert_eq!(receiver.len(), 1, "seed {seed}: accepted, and it did not come");
            }
            if regenerated.status == 200 {
                assert!(!stage.passes().await, "seed {seed}: the replaced token passes");
                let newer = regenerated.json["bearer_token"].as_str().unwrap();
                assert_eq!(stage.stage.gate_status("/1.1/free.json", newer).await, 200, "seed {seed}");
            }
            if removed.status == 200 || receiver.len() == 1 {
                assert!(!stage.acts_for_user(&own, "r").await, "seed {seed}: the own token still acts");
            }
            assert_converged(&stage).await;
            (accepted.status, regenerated.status, receiver.len())
        });
        outcomes.insert(outcome);
    }
    assert!(outcomes.len() > 2, "always the same order: {outcomes:?}");
}

fn outboxes(stage: &Stage) -> Vec<String> {
    let objects = stage.stage.world.objects().into_iter();
    let ledgers = objects.filter(|name| matches!(name, ObjectName::Account(_) | ObjectName::DeveloperAccount(_)));
    ledgers.flat_map(|name| stage.stage.world.query(&name, "SELECT target FROM outbox")).collect()
}

/// KV says of the App what its developer account says.
async fn assert_converged(stage: &Stage) {
    let token = stage.keys["bearer_token"].as_str().unwrap();
    let fresh = TestDeployment::isolate(&stage.stage.world, &[]);
    let strict = TestDeployment::isolate(&stage.stage.world, &[("FRESHNESS", "strict")]);
    let world = &stage.stage.world;
    let [fresh, strict] = [fresh, strict].map(|isolate| TestDeployment { world: world.clone(), isolate });
    let by_kv = fresh.gate_status("/1.1/free.json", token).await;
    assert_eq!(by_kv, strict.gate_status("/1.1/free.json", token).await);
}
