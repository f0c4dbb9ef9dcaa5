//! A deployment whose objects were copied into an empty one: who has what goes on, and what was used up or ended does
//! not come back.

use crate::support::sample::{NEW_KEY, OLD_KEY, Sample};
use crate::support::sign_in::Asking;
use crate::support::signing::Signer;
use crate::support::{Client, PASSWORD, Reply, TestDeployment, audit};
use futures::executor::block_on;
use gatehouse_domain::gate::Verdict;
use gatehouse_domain::ports::ObjectName;
use gatehouse_edge::http::Body;
use gatehouse_shared::api::{AuditEntry, CopyPage, Route};
use gatehouse_shared::model::MonthNumber;
use serde_json::{Value, json};

/// A program with a storage token.
struct Storage {
    client: Client,
    token: String,
}

impl Storage {
    async fn new(stage: &TestDeployment, purpose: &str) -> Self {
        let token = stage
            .operator()
            .await
            .post(Route::CreateStorageToken, &[], json!({ "purpose": purpose }))
            .await
            .expect(200);
        Self { client: stage.client(), token: token["token"].as_str().unwrap().to_owned() }
    }

    async fn call(&self, object: &str, call: Value) -> Reply {
        let authorization = format!("Bearer {}", self.token);
        let headers = [("content-type", "application/json"), ("authorization", authorization.as_str())];
        let body = json!({ "object": object, "call": call }).to_string();
        self.client.raw("POST", "/api/storage", &headers, Body::Read(body.into_bytes())).await
    }

    /// Every page of one object.
    async fn copy(&self, object: &str) -> Vec<CopyPage> {
        let (mut pages, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = self.call(object, json!({ "copy": { "after": after } })).await.expect(200);
            let page: CopyPage = serde_json::from_value(page).unwrap();
            after = json!(page.next);
            pages.push(page);
            if after.is_null() {
                return pages;
            }
        }
    }

    /// Fills one object; tells whether it kept something already.
    async fn restore(&self, object: &str, pages: &[CopyPage], ended: &Value) -> bool {
        let mut was_there = false;
        for (index, page) in pages.iter().enumerate() {
            let is_last = index + 1 == pages.len();
            let page = json!({
                "schema": page.schema, "tables": page.tables, "is_last": is_last,
                "ended": if is_last { ended.clone() } else { json!([]) },
            });
            was_there = self.call(object, json!({ "restore": page })).await.expect(200)["was_there"] == true;
        }
        was_there
    }
}

type Copy = Vec<(ObjectName, Vec<CopyPage>)>;

/// Copies every object that is no name's: those follow from the others.
async fn copy(stage: &TestDeployment) -> Copy {
    let storage = Storage::new(stage, "backup").await;
    let mut all = Vec::new();
    for name in stage.world.objects() {
        if !matches!(name, ObjectName::NameRegistry(_)) {
            all.push((name.clone(), storage.copy(&name.to_string()).await));
        }
    }
    all
}

fn is_operators(pages: &[CopyPage]) -> bool {
    pages[0].tables.iter().any(|rows| {
        rows.table == "account" && rows.rows[0][1].as_str().is_some_and(|doc| doc.contains(r#""role":"operator""#))
    })
}

/// An empty deployment at the time of another one, filled with its copy.
async fn restored(from: &TestDeployment, copy: &Copy, ended: Value) -> TestDeployment {
    let stage = TestDeployment::with(9, &[("MASTER_KEYS", &format!("{NEW_KEY},{OLD_KEY}"))]);
    stage.world.advance_seconds(from.world.now().seconds().0 - stage.world.now().seconds().0);
    let storage = Storage::new(&stage, "restore").await;
    stage.world.settle().await;
    let order = |name: &ObjectName| match name {
        ObjectName::Account(_) => 1,
        ObjectName::DeveloperAccount(_) => 2,
        _ => 0,
    };
    let mut sorted: Vec<_> = copy.iter().collect();
    sorted.sort_by_key(|(name, _)| order(name));
    let mut is_joined = false;
    for (name, pages) in sorted {
        // Before anybody has an account: from then on no log makes room.
        if order(name) > 0 && !std::mem::replace(&mut is_joined, true) {
            join_log(&storage, &stage, copy).await;
        }
        if *name == ObjectName::AccountIndex {
            let keys = pages[0].tables.iter().find(|rows| rows.table == "master_key").unwrap();
            let checked = storage.call("account-index", json!({ "check_keys": { "fingerprints": keys.rows } })).await;
            assert_eq!(checked.expect(200), json!({ "wrong": [], "missing": [] }));
        } else if pages[0].schema > 0 && !is_operators(pages) {
            assert!(!storage.restore(&name.to_string(), pages, &ended).await, "{name}");
        }
    }
    stage.world.settle().await;
    stage
}

/// Has the log of the running month go on from the newest month of the copy, where that is another one.
async fn join_log(storage: &Storage, stage: &TestDeployment, copy: &Copy) {
    let running = format!("audit/{}", MonthNumber::of(stage.world.now().seconds()));
    let months = copy.iter().filter(|(name, _)| matches!(name, ObjectName::AuditMonth(_)));
    let (newest, pages) = months.max_by_key(|(name, _)| name.to_string()).unwrap();
    if newest.to_string() == running {
        return;
    }
    let month = stage.world.query(&running.parse().unwrap(), "SELECT CAST(month AS TEXT) FROM log").remove(0);
    let entries = pages.iter().flat_map(|page| &page.tables).filter(|rows| rows.table == "entry");
    let last = entries.flat_map(|rows| &rows.rows).next_back().unwrap();
    let log = json!([1, month.parse::<u64>().unwrap(), last[0], last[10], 0, 366]);
    let page = json!({ "schema": 1, "tables": [{ "table": "log", "rows": [log] }], "is_last": true, "ended": [] });
    storage.call(&running, json!({ "restore": page })).await.expect(200);
}

async fn passes(stage: &TestDeployment, signer: Signer) -> bool {
    matches!(signer.send(stage, "GET", "/1.1/free.json", None).await, Verdict::Forward(_))
}

fn sample() -> Sample {
    Sample::all().pop().unwrap()
}

#[test]
fn a_restored_deployment_lets_pass_what_passed_and_knows_its_people() {
    block_on(async {
        let sample = sample();
        let old = sample.load();
        let new = restored(&old, &copy(&old).await, json!([])).await;
        let shown = &sample.shown;
        for name in ["bearer_token", "newer_bearer_token"] {
            assert_eq!(new.gate_status("/2/notes/7", shown[name].as_str().unwrap()).await, 200, "{name}");
        }
        assert!(passes(&new, Signer::new(shown, shown).with_nonce("restored")).await);
        assert!(passes(&new, Signer::new(&shown["asking"], &shown["asking"]).with_nonce("restored")).await);
        let access = shown["asking"]["oauth2_access_token"].as_str().unwrap();
        assert_eq!(new.gate_status("/2/notes/7", access).await, 200);

        // People sign in anew: no session is in a copy.
        let alice = new.client();
        alice.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD })).await.expect(200);
        let own = alice.own_developer_account().await;
        let params = [("developer_account_id", own.as_str())];
        let dashboard = alice.get(Route::FindDashboard, &params).await.expect(200);
        assert_eq!(dashboard["projects"][0]["apps"][0]["name"], "Almanac");
        let members = alice.get(Route::ListMembers, &params).await.expect(200);
        assert_eq!(members["members"].as_array().unwrap().len(), 2);
        // Names are taken, and each object says so itself.
        let body = json!({ "username": "bob", "email": "x@example.com", "password": PASSWORD });
        new.client().post(Route::SignUp, &[], body).await.refused(409, "name-taken");
        // The lists are whole.
        for route in [Route::ListAccounts, Route::ListDeveloperAccounts, Route::ListApplications] {
            let of = async |stage: &TestDeployment| {
                let list = stage.operator().await.get(route, &[]).await.expect(200);
                let items = list["items"].as_array().unwrap().clone();
                items.into_iter().filter(|item| item["username"] != "operator").collect::<Vec<Value>>()
            };
            assert_eq!(of(&new).await, of(&old).await);
        }
        // Nothing waits, nothing failed, and KV is as the objects are.
        assert_eq!(new.world.log.borrow().clone(), Vec::<String>::new());
        let storage = Storage::new(&new, "verify").await;
        for name in new.world.objects() {
            let is_kept = !new.world.query(&name, "SELECT value FROM counter").is_empty();
            if is_kept && matches!(name, ObjectName::Account(_) | ObjectName::DeveloperAccount(_)) {
                let verified = storage.call(&name.to_string(), json!("verify")).await.expect(200);
                assert_eq!((&verified["waiting"], &verified["differences"]), (&json!(0), &json!([])), "{name}");
            }
        }
    });
}

#[test]
fn the_audit_log_goes_on_after_that_of_the_copy() {
    block_on(async {
        // Within the month of the copy, and some months after it.
        for days in [0, 70] {
            let old = sample().load();
            let copied = copy(&old).await;
            let before = audit::exported(&old.operator().await).await;
            old.world.advance_seconds(days * 86_400);
            let new = restored(&old, &copied, json!([])).await;
            let after = audit::audit_log(&new).await;
            let ids = |log: &[AuditEntry]| log.iter().map(|entry| entry.facts.id.clone()).collect::<Vec<String>>();
            let kept = copied_entries(&copied);
            assert!(kept > 10 && kept <= before.len());
            assert_eq!(ids(&after)[..kept], ids(&before)[..kept], "{days}");
            assert_eq!(audit::count(&after[kept..], "create_storage_token"), 1, "{days}");
        }
    });
}

#[test]
fn what_an_object_does_after_a_restore_is_logged_although_its_log_was_copied_later_than_itself() {
    block_on(async {
        let old = sample().load();
        let mut copied = copy(&old).await;
        let edit = async |stage: &TestDeployment, description: &str| {
            let alice = stage.client();
            alice.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD })).await.expect(200);
            let app = sample().shown["app"].as_str().unwrap().to_owned();
            let change = json!({ "description": description });
            alice.post(Route::UpdateApp, &[("app_id", &app)], change).await.expect(200);
            stage.world.settle().await;
        };
        edit(&old, "Changed after the copy").await;
        // The log is copied last, and has that change.
        let storage = Storage::new(&old, "backup").await;
        for (name, pages) in &mut copied {
            if matches!(name, ObjectName::AuditMonth(_)) {
                *pages = storage.copy(&name.to_string()).await;
            }
        }
        let new = restored(&old, &copied, json!([])).await;
        edit(&new, "Changed in the restored deployment").await;
        let log = audit::audit_log(&new).await;
        for description in ["Changed after the copy", "Changed in the restored deployment"] {
            let personal = log.iter().filter_map(|entry| entry.personal.as_ref());
            let mut changes = personal.flat_map(|personal| &personal.changes);
            assert!(changes.any(|change| change.to == description), "{description}");
        }
    });
}

#[test]
fn a_log_whose_pages_come_twice_has_each_entry_once() {
    block_on(async {
        let old = sample().load();
        let copied = copy(&old).await;
        let stage = TestDeployment::with(9, &[("MASTER_KEYS", &format!("{NEW_KEY},{OLD_KEY}"))]);
        stage.world.advance_seconds(old.world.now().seconds().0 - stage.world.now().seconds().0);
        let storage = Storage::new(&stage, "restore").await;
        stage.world.settle().await;
        let months =
            copied.iter().filter(|(name, _)| matches!(name, ObjectName::AuditMonth(_) | ObjectName::AuditIndex));
        let months: Vec<_> = months.collect();
        for _ in 0..2 {
            for (name, pages) in &months {
                storage.restore(&name.to_string(), pages, &json!([])).await;
            }
        }
        // As after an answer that was lost.
        let (name, pages) = months.iter().max_by_key(|(_, pages)| pages.len()).unwrap();
        assert!(storage.restore(&name.to_string(), &pages[pages.len() - 1..], &json!([])).await);
        let log = audit::audit_log(&stage).await;
        assert_eq!(audit::count(&log[copied_entries(&copied)..], "create_storage_token"), 1);
    });
}

#[test]
fn what_a_receiver_ended_in_an_app_that_came_after_the_copy_does_not_pass_with_its_giver() {
    block_on(async {
        let old = TestDeployment::with(5, &[("MASTER_KEYS", OLD_KEY)]);
        let (giver, receiver) = (old.developer("giver").await, old.developer("receiver").await);
        let (ended, first) = giver.create_app("Ended by its receiver").await;
        let (expiring, second) = giver.create_app("Expires with its receiver").await;
        let (kept, third) = giver.create_app("Stays as it is").await;
        // A link that somebody used or that was taken back.
        let own = giver.own_developer_account().await;
        let link = giver
            .post(Route::CreateInvitation, &[("developer_account_id", &own)], json!({ "role": "admin" }))
            .await
            .expect(200);
        old.world.settle().await;
        let withdrawn = giver.create_app("Offered before the copy").await.0;
        let to = receiver.own_developer_account().await;
        let offer = json!({ "developer_account_id": to });
        giver.post(Route::OfferApp, &[("app_id", &withdrawn)], offer).await.expect(200);
        old.world.settle().await;
        let copied = copy(&old).await;
        old.world.advance_seconds(60);
        giver.call(Route::WithdrawApp, &[("app_id", &withdrawn)], None).await.expect(200);
        for app in [&ended, &expiring, &kept] {
            let offer = json!({ "developer_account_id": to });
            giver.post(Route::OfferApp, &[("app_id", app)], offer).await.expect(200);
        }
        old.world.settle().await;
        let dashboard = receiver.get(Route::FindDashboard, &[("developer_account_id", &to)]).await.expect(200);
        for offer in dashboard["transfers"].as_array().unwrap() {
            let params = [("developer_account_id", to.as_str()), ("transfer_id", offer["id"].as_str().unwrap())];
            receiver.post(Route::AcceptTransfer, &params, json!({})).await.expect(200);
        }
        old.world.settle().await;
        let bearer = |app| [("app_id", app), ("kind", "bearer-token")];
        receiver.call(Route::RevokeCredential, &bearer(&ended), None).await.expect(200);
        let ends_at = old.world.now().seconds().0 + 7_200;
        let expiry = json!({ "expires_at": ends_at });
        receiver.call(Route::UpdateCredential, &bearer(&expiring), Some(expiry)).await.expect(200);
        let log = audit::audit_log(&old).await;
        let to_of = |entry: &AuditEntry| {
            let changes = entry.personal.as_ref().map(|personal| &personal.changes[..]).unwrap_or_default();
            changes.iter().find(|change| change.field == "ends_at").map(|change| change.to.clone())
        };
        let later: Vec<Value> = log.iter().map(|entry| json!({ "facts": entry.facts, "to": to_of(entry) })).collect();

        let new = restored(&old, &copied, json!(later)).await;
        let token = |created: &Value| created["credentials"]["bearer_token"].as_str().unwrap().to_owned();
        assert_eq!(new.gate_status("/1.1/notes.json", &token(&first)).await, 401);
        assert_eq!(new.gate_status("/1.1/notes.json", &token(&third)).await, 200);
        assert_eq!(new.gate_status("/1.1/notes.json", &token(&second)).await, 200);
        new.world.advance_seconds(ends_at - new.world.now().seconds().0);
        assert_eq!(new.gate_status("/1.1/notes.json", &token(&second)).await, 401);
        let again = new.client();
        again.post(Route::SignIn, &[], json!({ "login": "receiver", "password": PASSWORD })).await.expect(200);
        let dashboard = again.get(Route::FindDashboard, &[("developer_account_id", &to)]).await.expect(200);
        assert_eq!(dashboard["transfers"], json!([]));
        let stranger = new.developer("stranger").await;
        let code = link["invitation_code"].as_str().unwrap();
        let params = [("developer_account_id", own.as_str()), ("invitation_code", code)];
        assert_eq!(stranger.post(Route::AcceptInvitation, &params, json!({})).await.status, 404);
    });
}

fn copied_entries(copied: &Copy) -> usize {
    let months = copied.iter().filter(|(name, _)| matches!(name, ObjectName::AuditMonth(_)));
    let tables = months.flat_map(|(_, pages)| pages).flat_map(|page| &page.tables);
    tables.filter(|rows| rows.table == "entry").map(|rows| rows.rows.len()).sum()
}

#[test]
fn what_was_ended_after_the_copy_is_ended_in_the_restored_deployment() {
    block_on(async {
        let sample = sample();
        let old = sample.load();
        let copied = copy(&old).await;
        let copied_at = old.world.now().seconds().0;
        old.world.advance_seconds(60);
        let shown = &sample.shown;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        // Alice replaces a Bearer Token, Bob takes back what an App may do, and an operator suspends Carol's account.
        let sign_in = async |name: &str| {
            let client = old.client();
            client.post(Route::SignIn, &[], json!({ "login": name, "password": PASSWORD })).await.expect(200);
            client
        };
        let (app, asking) = (text(&shown["app"]), text(&shown["asking"]["app"]));
        let params = [("app_id", app.as_str()), ("kind", "bearer-token")];
        let alice = sign_in("alice").await;
        alice.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let bob = sign_in("bob").await;
        bob.call(Route::RevokeConnectedApp, &[("app_id", &asking)], None).await.expect(200);
        let carol = sign_in("carol").await.account_id().await;
        let suspended = json!({ "status": "suspended", "reason": "For tests" });
        let operator = old.operator().await;
        operator.call(Route::SetAccountStatus, &[("account_id", &carol)], Some(suspended)).await.expect(200);
        let log = audit::audit_log(&old).await;
        let later = log.iter().filter(|entry| entry.facts.at.0 > copied_at);
        let to = |entry: &AuditEntry| {
            let changes = entry.personal.as_ref().map(|personal| &personal.changes[..]).unwrap_or_default();
            changes.iter().find(|change| change.field == "status").map(|change| change.to.clone())
        };
        let ended: Vec<Value> = later.map(|entry| json!({ "facts": entry.facts, "to": to(entry) })).collect();

        let new = restored(&old, &copied, json!(ended)).await;
        for name in ["bearer_token", "newer_bearer_token"] {
            assert_eq!(new.gate_status("/2/notes/7", &text(&shown[name])).await, 401, "{name}");
        }
        assert!(passes(&new, Signer::new(shown, shown).with_nonce("stays")).await);
        assert!(!passes(&new, Signer::new(&shown["asking"], &shown["asking"]).with_nonce("ended")).await);
        let access = text(&shown["asking"]["oauth2_access_token"]);
        assert_eq!(new.gate_status("/2/notes/7", &access).await, 401);
        let login = json!({ "login": "carol", "password": PASSWORD });
        new.client().post(Route::SignIn, &[], login).await.refused(403, "account-suspended");
    });
}

#[test]
fn what_lasts_for_minutes_does_not_come_back() {
    block_on(async {
        let sample = sample();
        let old = sample.load();
        let session = old.client();
        session.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD })).await.expect(200);
        let new = restored(&old, &copy(&old).await, json!([])).await;
        let same = Client { isolate: new.isolate.clone(), cookie: session.cookie.clone() };
        same.get(Route::ListSessions, &[]).await.refused(401, "not-signed-in");
        // A request token that was not redeemed, and one that a user had agreed to.
        let shown = &sample.shown["asking"];
        let asking = Signer::new(shown, shown);
        let agreed = Signer {
            token: shown["agreed_request_token"].as_str().unwrap().to_owned(),
            token_secret: shown["agreed_request_token_secret"].as_str().unwrap().to_owned(),
            ..asking
        };
        let verifier = shown["verifier"].as_str().unwrap();
        let asking = Asking {
            app: shown["app"].as_str().unwrap().to_owned(),
            client_id: shown["client_id"].as_str().unwrap().to_owned(),
            client_secret: shown["client_secret"].as_str().unwrap().to_owned(),
            signer: agreed.clone(),
        };
        assert_eq!(asking.access_token(&new, &agreed, verifier).await.status, 401);
    });
}

#[test]
fn a_storage_token_does_one_thing_for_an_hour() {
    block_on(async {
        let stage = sample().load();
        let account = stage.client();
        account.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD })).await.expect(200);
        let object = format!("account/{}", account.account_id().await);
        let storage = Storage::new(&stage, "verify").await;
        storage.call(&object, json!("verify")).await.expect(200);
        // Not for another purpose, not as a session, and no session as one.
        let problem = storage.call(&object, json!({ "copy": { "after": null } })).await.refused(422, "invalid-fields");
        assert_eq!(problem["errors"][0]["rule"], "purpose");
        let as_session = stage.client();
        *as_session.cookie.borrow_mut() = Some(storage.token.clone());
        as_session.get(Route::ListOperators, &[]).await.refused(401, "not-signed-in");
        let operator = stage.operator().await;
        let session = Storage { client: stage.client(), token: operator.cookie.borrow().clone().unwrap() };
        session.call(&object, json!("verify")).await.refused(401, "not-signed-in");
        for name in ["", "account/x", "directory"] {
            storage.call(name, json!("verify")).await.refused(422, "invalid-fields");
        }
        // It ends with the hour, and when it is given back.
        let other = Storage::new(&stage, "verify").await;
        other.call(&object, json!("end_token")).await.expect(200);
        other.call(&object, json!("verify")).await.refused(401, "not-signed-in");
        stage.world.advance_seconds(3_600);
        storage.call(&object, json!("verify")).await.refused(401, "not-signed-in");
        let log = audit::audit_log(&stage).await;
        assert_eq!(audit::count(&log, "create_storage_token"), 2);
        assert_eq!(audit::count(&log, "delete_storage_token"), 1);
    });
}

#[test]
fn an_object_that_keeps_something_is_not_written_over() {
    block_on(async {
        let stage = sample().load();
        let copied = copy(&stage).await;
        let storage = Storage::new(&stage, "restore").await;
        let before = stage.world.dump_databases();
        for (name, pages) in &copied {
            let is_log = matches!(name, ObjectName::AuditMonth(_) | ObjectName::AuditIndex | ObjectName::AccountIndex);
            if pages[0].schema > 0 && !is_log {
                assert!(storage.restore(&name.to_string(), pages, &json!([])).await, "{name}");
            }
        }
        assert_eq!(stage.world.dump_databases(), before);
        // Another key under a known id is told, and one that is missing, and nothing is noted.
        let fingerprints = json!([["1", "0000000000000000"], ["z", "0000000000000000"]]);
        let checked = storage.call("account-index", json!({ "check_keys": { "fingerprints": fingerprints } })).await;
        assert_eq!(checked.expect(200), json!({ "wrong": ["1"], "missing": ["z"] }));
        let fingerprints = json!([["z", "0000000000000000"]]);
        storage.call("account-index", json!({ "check_keys": { "fingerprints": fingerprints } })).await.expect(200);
        let noted = stage.world.query(&ObjectName::AccountIndex, "SELECT id FROM master_key ORDER BY id");
        assert_eq!(noted, ["1", "2"]);
    });
}

#[test]
fn kv_that_differs_is_told_and_written_anew() {
    block_on(async {
        let stage = sample().load();
        let app = sample().shown["app"].as_str().unwrap().to_owned();
        let owner = stage.client();
        owner.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD })).await.expect(200);
        let object = format!("developer-account/{}", owner.own_developer_account().await);
        let key = format!("app/{app}");
        let good = stage.world.kv.written(&key).pop().unwrap();
        let storage = Storage::new(&stage, "verify").await;
        let verify = async || {
            let verified = storage.call(&object, json!("verify")).await.expect(200);
            assert_eq!((&verified["records"], &verified["waiting"]), (&json!(1), &json!(0)));
            verified["differences"].clone()
        };
        // The sample has something in its outbox, for which no alarm is set before the object starts.
        assert_eq!(storage.call(&object, json!("verify")).await.expect(200)["waiting"], 1);
        stage.world.settle().await;
        assert_eq!(verify().await, json!([]));
        let mut newer: Value = serde_json::from_str(&good).unwrap();
        newer["version"] = json!(9_000_000);
        let mut different: Value = serde_json::from_str(&good).unwrap();
        different["app"]["permission"] = json!("read-write-directmessages");
        for (value, what) in
            [(newer.to_string(), "newer"), (different.to_string(), "different"), ("{}".to_owned(), "unreadable")]
        {
            stage.world.kv.put(&key, &value, stage.world.now(), None);
            stage.world.advance_seconds(120);
            assert_eq!(verify().await, json!([{ "key": key, "what": what }]));
        }
        let publishing = Storage::new(&stage, "publish").await;
        assert_eq!(publishing.call(&object, json!("publish")).await.expect(200)["records"], 1);
        stage.world.settle().await;
        assert_eq!(verify().await, json!([]));
    });
}
