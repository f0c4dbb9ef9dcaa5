//! What an older Worker wrote is read by this one, and what a newer one wrote
//! is refused. `core/simulation/tests/samples` keeps storage as Workers left it, a sample
//! for each shape that records and tables had since the first release.
//! `UPDATE=1 cargo nextest run -p gatehouse-simulation what_is_written_today` adds one for
//! today's shape if there is none. Before the first release there is one
//! sample, which is removed and made anew when the shape changes. From then on
//! samples are only added.

use crate::support;
use crate::support::sample::{NEW_KEY, OLD_KEY, Sample, kind, schema, shape};
use crate::support::sign_in::{Asking, CALLBACK, decide_oauth1, fields, text};
use crate::support::signing::Signer;
use crate::support::{Client, PASSWORD, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::app::AppRecord;
use gatehouse_domain::gate::Verdict;
use gatehouse_domain::grant::GrantRecord;
use gatehouse_domain::message::account::{AccountCall, AccountRequest};
use gatehouse_domain::message::account_index::AccountIndexCall;
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::audit_log::{AuditIndexCall, AuditMonthCall, AuditMonthRequest};
use gatehouse_domain::message::developer_account::{DeveloperAccountCall, DeveloperAccountRequest};
use gatehouse_domain::message::name_registry::{Action, NameRegistryCall};
use gatehouse_domain::message::project_quota::ProjectQuotaCall;
use gatehouse_domain::ports::{ObjectName, Objects, PortError};
use gatehouse_shared::api::Route;
use gatehouse_shared::model::AppId;
use gatehouse_simulation::{Fault, MemoryRuntime, World};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Fills a deployment with one of everything that is stored.
async fn fill() -> (TestDeployment, Value) {
    let mut stage = TestDeployment::with(7, &[("MASTER_KEYS", OLD_KEY)]);
    let (alice, bob) = (stage.developer("alice").await, stage.unapproved("bob").await);
    let (project, app, created) = alice.create_project("Almanac", "read-write").await;
    let pair = &created["app"]["credentials"];
    let (gone, _) = alice.create_app("Gone").await;
    alice.call(Route::DeleteApp, &[("app_id", &gone)], Some(json!({ "confirm_name": "Gone" }))).await.expect(200);
    bob.post(Route::SubmitApplication, &[], support::application()).await.expect(200);
    let params = |kind| [("app_id", app.as_str()), ("kind", kind)];
    let token = alice.post(Route::RegenerateCredential, &params("access-token"), json!({})).await.expect(200);
    let signer = Signer::new(pair, &token).with_nonce("used");
    let signed_at = stage.world.now().seconds().0;
    assert!(passes(&signer.send(&stage, "GET", "/1.1/free.json", None).await));

    // Everything from here on rests on another master key.
    stage.isolate = TestDeployment::isolate(&stage.world, &[("MASTER_KEYS", &format!("{NEW_KEY},{OLD_KEY}"))]);
    let again = |client: &Client| Client { isolate: stage.isolate.clone(), cookie: client.cookie.clone() };
    let (alice, bob) = (again(&alice), again(&bob));
    let id = alice.account_id().await;
    let operator = stage.operator().await;
    operator.call(Route::RederiveCredentials, &[("account_id", &id)], None).await.expect(200);
    let own = alice.own_developer_account().await;
    operator.call(Route::RederiveDeveloperCredentials, &[("developer_account_id", &own)], None).await.expect(200);
    let overlap = json!({ "overlap_hours": 24 });
    let newer = alice.post(Route::RegenerateCredential, &params("bearer-token"), overlap).await.expect(200);
    let expiry = json!({ "expires_at": stage.world.now().seconds().0 + 30 * 86_400 });
    alice.call(Route::UpdateCredential, &params("api-key"), Some(expiry)).await.expect(200);

    // Carol is a member of Alice's developer account, and Bob is invited to it.
    let carol = stage.developer("carol").await;
    support::invite(&stage, &alice, &own, &carol, "carol", "developer").await;
    support::invited(&stage, &alice, &own, &bob, "bob", "viewer").await;

    // Bob lets an App of Carol's act for him, and Alice did.
    let asking = Asking::new(&carol, "read-write").await;
    let agree = async |nonce: &str| {
        let asked = asking.asked(&stage, nonce, CALLBACK).await;
        let outcome = decide_oauth1(&bob, &asked.token, true).await;
        (asked, fields(text(&outcome["content"]))["oauth_verifier"].clone())
    };
    let (asked, verifier) = agree("redeemed").await;
    let given = fields(&asking.access_token(&stage, &asked, &verifier).await.text);
    let tokens = asking.tokens(&stage, &bob, "notes.read offline.access").await;
    asking.code(&bob, "notes.read").await;
    let open = asking.asked(&stage, "open", CALLBACK).await;
    let (agreed, verifier) = agree("agreed").await;
    asking.tokens(&stage, &alice, "notes.read").await;
    alice.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);

    // One request that is counted, and one that is refused.
    let bearer = text(&newer["bearer_token"]);
    assert_eq!(stage.gate_status("/2/limited", bearer).await, 200);
    assert_eq!(stage.gate_status("/1.1/account/verify.json", bearer).await, 403);
    stage.isolate.settle().await;
    // Quick changes of one record wait for the alarm.
    for _ in 0..3 {
        stage.world.advance_seconds(2);
        stage.world.run_alarms().await;
    }
    assert_eq!(outboxes(&stage.world), [""; 0]);
    leave_in_outbox(&stage.world, &alice, &app).await;

    let shown = json!({
        "project": project, "app": app, "signed_at": signed_at,
        "bearer_token": pair["bearer_token"], "newer_bearer_token": bearer,
        "api_key": signer.key, "api_key_secret": signer.key_secret,
        "access_token": signer.token, "access_token_secret": signer.token_secret,
        "asking": {
            "app": asking.app, "client_id": asking.client_id, "client_secret": asking.client_secret,
            "api_key": asking.signer.key, "api_key_secret": asking.signer.key_secret,
            "access_token": given["oauth_token"], "access_token_secret": given["oauth_token_secret"],
            "oauth2_access_token": tokens["access_token"], "refresh_token": tokens["refresh_token"],
            "open_request_token": open.token,
            "agreed_request_token": agreed.token, "agreed_request_token_secret": agreed.token_secret,
            "verifier": verifier,
        },
    });
    (stage, shown)
}

/// Changes an App so that the change is safe and its publication did not get out.
async fn leave_in_outbox(world: &Rc<World>, owner: &Client, app: &str) {
    for after_steps in 0..12 {
        world.inject(Fault::Fail { after_steps });
        let change = json!({ "description": format!("The description after {after_steps} steps") });
        owner.call(Route::UpdateApp, &[("app_id", app)], Some(change)).await;
        world.clear_fault();
        if !outboxes(world).is_empty() {
            return;
        }
    }
    panic!("everything got out");
}

fn objects_with_outbox(world: &World) -> impl Iterator<Item = ObjectName> {
    world
        .objects()
        .into_iter()
        .filter(|object| matches!(object, ObjectName::Account(_) | ObjectName::DeveloperAccount(_)))
}

/// What waits to be published.
fn outboxes(world: &World) -> Vec<String> {
    objects_with_outbox(world).flat_map(|object| world.query(&object, "SELECT target FROM outbox")).collect()
}

fn passes(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Forward(_))
}

async fn sign_in(stage: &TestDeployment, login: &str) -> Client {
    let client = stage.client();
    client.post(Route::SignIn, &[], json!({ "login": login, "password": PASSWORD })).await.expect(200);
    client
}

fn read<T: DeserializeOwned>(record: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(record)
}

/// Asks an object something harmless, which starts it.
async fn ask(stage: &TestDeployment, object: &ObjectName) -> Result<String, PortError> {
    let message = match object {
        ObjectName::Account(id) => json!(AccountRequest::internal(*id, AccountCall::ReadProfile)),
        ObjectName::DeveloperAccount(id) => {
            let app_id = AppId::from_random([0; 8]);
            let call = DeveloperAccountCall::ReadAppRecord { app_id, is_missing: false };
            json!(DeveloperAccountRequest::internal(*id, call))
        }
        ObjectName::NameRegistry(_) => {
            json!(NameRegistryCall { name: UniqueName::username("alice"), action: Action::Find })
        }
        ObjectName::AppTraffic(_) => json!(AppTrafficCall::CountGrantees),
        ObjectName::ProjectQuota(_) | ObjectName::DeveloperQuota(_) => json!(ProjectQuotaCall::ListApps { since: 0 }),
        ObjectName::AuditMonth(month) => json!(AuditMonthRequest { month: *month, call: AuditMonthCall::Describe }),
        ObjectName::AuditIndex => json!(AuditIndexCall::ListMonths),
        ObjectName::AccountIndex => json!(AccountIndexCall::ListAccounts { username: String::new(), cursor: None }),
    };
    MemoryRuntime(stage.world.clone()).call(object, message.to_string()).await
}

#[test]
fn what_is_written_today_has_a_sample() {
    block_on(async {
        let (stage, shown) = fill().await;
        let today = shape(&stage.world);
        let newest = |samples: &[Sample]| samples.last().map(|sample| shape(&sample.load().world)).unwrap_or_default();
        if std::env::var_os("UPDATE").is_some() && newest(&Sample::all()) != today {
            Sample::take(&stage.world, concat!("version ", env!("CARGO_PKG_VERSION")), shown).add();
        }
        let kept = newest(&Sample::all());
        let difference = |title: &str, mut lines: Vec<&String>| {
            lines.sort();
            lines.iter().map(|line| format!("{title} {line}\n")).collect::<String>()
        };
        assert!(
            kept == today,
            "What is stored has changed its shape. See docs/decisions/0020-storage-versions.md for what a change \
             needs. Before the first release, remove the one sample; then run this test with UPDATE=1, which adds \
             one.\n{}{}",
            difference("only in the newest sample:", kept.difference(&today).collect()),
            difference("only today:", today.difference(&kept).collect()),
        );
    });
}

#[test]
fn storage_of_every_version_serves_its_people_and_their_credentials() {
    let samples = Sample::all();
    assert!(
        !samples.is_empty(),
        "core/simulation/tests/samples has no sample: run this test with UPDATE=1 to make one"
    );
    for sample in &samples {
        println!("{}", sample.made_by);
        block_on(serve(sample));
    }
}

async fn serve(sample: &Sample) {
    let stage = sample.load();
    let shown = |name: &str| sample.shown[name].as_str();
    let of_asking = |name: &str| sample.shown["asking"][name].as_str().map(str::to_owned);

    // Whoever was shown a secret can use it, and what was used up stays used up.
    for name in ["bearer_token", "newer_bearer_token"] {
        if let Some(token) = shown(name) {
            assert_eq!(stage.gate_status("/2/notes/7", token).await, 200, "{name}");
        }
    }
    for (key, record) in &sample.kv {
        let is_app = key.starts_with("app/");
        let failed = if is_app { read::<AppRecord>(record).err() } else { read::<GrantRecord>(record).err() };
        assert!(failed.is_none(), "{key}: {failed:?}");
    }
    if shown("access_token").is_some() {
        let signer = Signer::new(&sample.shown, &sample.shown);
        let skew_seconds = sample.shown["signed_at"].as_i64().unwrap() - sample.now as i64;
        let used = Signer { skew_seconds, ..signer.with_nonce("used") };
        assert!(!passes(&used.send(&stage, "GET", "/1.1/free.json", None).await));
        assert!(passes(&signer.with_nonce("new").send(&stage, "GET", "/1.1/free.json", None).await));
    }
    let (alice, bob) = (sign_in(&stage, "alice").await, sign_in(&stage, "bob@example.com").await);
    if let Some(token) = of_asking("oauth2_access_token") {
        assert_eq!(stage.gate_status("/2/notes/7", &token).await, 200);
        serve_users(&stage, &sample.shown["asking"], &bob).await;
    }

    // Whoever is invited can accept.
    let invited = bob.get(Route::FindSession, &[]).await.expect(200)["invitations"][0].clone();
    let code = [("developer_account_id", "developer_account_id"), ("invitation_code", "invitation_code")]
        .map(|(param, field)| (param, text(&invited[field])));
    bob.post(Route::AcceptInvitation, &code, json!({})).await.expect(200);

    // The portal shows what there is.
    let dashboard = alice.get(Route::FindDashboard, &[]).await.expect(200);
    assert_eq!(dashboard["projects"][0]["apps"][0]["name"], "Almanac", "{dashboard}");
    let app = [("app_id", shown("app").unwrap())];
    alice.get(Route::FindApp, &app).await.expect(200);
    alice.get(Route::ListAppActivity, &app).await.expect(200);
    let usage = alice.get(Route::FindAppUsage, &app).await.expect(200);
    let refusals = alice.get(Route::ListRefusals, &app).await.expect(200);
    let had_refusal = sample.objects.values().flatten().any(|statement| statement.starts_with("INSERT INTO refusal"));
    assert_eq!(refusals["refusals"].as_array().unwrap().len(), usize::from(had_refusal), "{usage}");
    alice.get(Route::FindProjectUsage, &[("project_id", shown("project").unwrap())]).await.expect(200);
    let operator = stage.operator().await;
    let waiting = operator.get(Route::ListApplications, &[]).await.expect(200);
    assert_eq!(waiting["items"][0]["name"], "bob", "{waiting}");

    // What did not get out does now, although the alarm was lost.
    assert!(!outboxes(&stage.world).is_empty());
    stage.world.settle().await;
    assert_eq!(outboxes(&stage.world), [""; 0]);

    // Changes are made to it as to any other.
    let change = json!({ "description": "Changed by a newer Worker" });
    alice.post(Route::UpdateApp, &app, change).await.expect(200);
    let params = [app[0], ("kind", "bearer-token")];
    let token = alice.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
    assert_eq!(stage.gate_status("/2/notes/7", text(&token["bearer_token"])).await, 200);
    assert_same_as_new(&stage).await;
}

async fn serve_users(stage: &TestDeployment, shown: &Value, bob: &Client) {
    let of = |name: &str| text(&shown[name]).to_owned();
    let user = Signer::new(shown, shown);
    assert!(passes(&user.with_nonce("new").send(stage, "GET", "/1.1/account/verify.json", None).await));
    let signer = Signer { token: String::new(), token_secret: String::new(), ..user };
    let asking = Asking {
        app: of("app"),
        client_id: of("client_id"),
        client_secret: of("client_secret"),
        signer: signer.clone(),
    };
    asking.refresh(stage, &of("refresh_token")).await.expect(200);
    let agreed =
        Signer { token: of("agreed_request_token"), token_secret: of("agreed_request_token_secret"), ..signer };
    let redeemed = asking.access_token(stage, &agreed, &of("verifier")).await;
    assert_eq!(redeemed.status, 200, "{}", redeemed.text);
    decide_oauth1(bob, &of("open_request_token"), true).await;
    let connected = bob.get(Route::ListConnectedApps, &[]).await.expect(200);
    assert_eq!(connected["apps"][0]["app"]["name"], "Weather", "{connected}");
}

/// Every object has the tables and the version that one has which today's
/// code has made.
async fn assert_same_as_new(stage: &TestDeployment) {
    let facts = async |stage: &TestDeployment| {
        let mut facts = BTreeMap::<String, BTreeSet<String>>::new();
        for object in stage.world.objects() {
            ask(stage, &object).await.unwrap();
            let mut all: BTreeSet<String> = schema(&stage.world, &object).into_iter().collect();
            all.extend(stage.world.query(&object, "SELECT 'version ' || max(version) FROM migration"));
            if !all.is_empty() {
                let known = facts.entry(kind(&object)).or_insert_with(|| all.clone());
                assert_eq!(known, &all, "{object}");
            }
        }
        facts
    };
    let new = facts(&fill().await.0).await;
    assert_eq!(new.len(), 8);
    for (kind, found) in facts(stage).await {
        assert_eq!(found, new[&kind], "{kind}");
    }
}

#[test]
fn an_object_that_a_newer_worker_wrote_is_refused_and_left_as_it_is() {
    block_on(async {
        let stage = Sample::all().pop().unwrap().load();
        let contents = || serde_json::to_value(Sample::take(&stage.world, "", Value::Null).objects).unwrap();
        let mut kinds = BTreeSet::new();
        for object in stage.world.objects().into_iter().filter(|object| kinds.insert(kind(object))) {
            stage.world.restore(&object, "INSERT INTO migration VALUES(99)").unwrap();
            let before = contents();
            for _ in 0..2 {
                let refused = ask(&stage, &object).await.unwrap_err();
                assert!(refused.0.contains("a newer Worker has written this object"), "{object}: {refused}");
            }
            assert_eq!(contents(), before, "{object}");
            // As the newer Worker would, once it is back.
            stage.world.restore(&object, "DELETE FROM migration WHERE version = 99").unwrap();
            ask(&stage, &object).await.unwrap();
        }
        assert_eq!(kinds.len(), 8);
    });
}

#[test]
fn a_record_of_a_newer_format_lets_nothing_pass_and_says_so() {
    block_on(async {
        let sample = Sample::all().pop().unwrap();
        let (app, asking) = (text(&sample.shown["app"]), &sample.shown["asking"]);
        let newer_record = |key: &String| {
            let mut record: Map<String, Value> = serde_json::from_str(&sample.kv[key]).unwrap();
            record["format"] = json!(2);
            serde_json::to_string(&record).unwrap()
        };
        let app_key = format!("app/{app}");
        let of_asking = format!("grant/{}/", text(&asking["app"]));
        let is_live = |key: &&String| key.starts_with(&of_asking) && !sample.kv[*key].contains("null");
        let grant_key = sample.kv.keys().find(is_live).unwrap();
        for (key, token) in
            [(&app_key, &sample.shown["newer_bearer_token"]), (grant_key, &asking["oauth2_access_token"])]
        {
            let stage = sample.load();
            // Known to the isolate from before, it is no better for that.
            assert_eq!(stage.gate_status("/2/notes/7", text(token)).await, 200);
            stage.world.kv.put(key, &newer_record(key), stage.world.now(), None);
            stage.world.advance_seconds(11);
            assert_eq!(stage.gate_status("/2/notes/7", text(token)).await, 503, "{key}");
            let log = stage.world.log.borrow().join("\n");
            assert!(log.contains("a newer Worker has written this record"), "{log}");
            // An older Worker's own publication, or the newer Worker itself, mends it.
            stage.world.kv.put(key, &sample.kv[key], stage.world.now(), None);
            assert_eq!(stage.gate_status("/2/notes/7", text(token)).await, 200, "{key}");
        }
    });
}

#[test]
fn an_entry_of_a_newer_format_in_the_outbox_keeps_no_other_from_getting_out() {
    block_on(async {
        let sample = Sample::all().pop().unwrap();
        let stage = sample.load();
        let made_newer = r#"UPDATE outbox SET doc = replace(doc, '"format":1', '"format":2')
            WHERE doc LIKE '%"format":1%' RETURNING target"#;
        let left: Vec<String> =
            objects_with_outbox(&stage.world).flat_map(|object| stage.world.query(&object, made_newer)).collect();
        assert_eq!(left.len(), 1);
        let alice = sign_in(&stage, "alice").await;
        alice.create_app("Another").await;
        stage.world.advance_seconds(2);
        stage.world.run_alarms().await;
        // What was on its way when the older Worker stopped is delivered once more after a minute.
        stage.world.advance_seconds(60);
        stage.world.run_alarms().await;
        assert_eq!(outboxes(&stage.world), left);
        let log = stage.world.log.borrow().join("\n");
        assert!(log.contains("publication-failed") && log.contains("a newer Worker has written this record"), "{log}");
    });
}
