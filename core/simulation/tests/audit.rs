//! The audit log: each change has one entry, whatever fails, and entries form one chain.

use crate::support::audit::{audit_log, checked, count, exported};
use crate::support::sign_in::{self, Asking, CALLBACK};
use crate::support::{Client, OPERATOR_PASSWORD, PASSWORD, Reply, TestDeployment};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_domain::audit::{Head, NewAuditEntry};
use gatehouse_domain::message::audit_log::{Appended, AuditIndexCall, AuditMonthCall, AuditMonthRequest, Opened};
use gatehouse_domain::ports::{ObjectName, ask};
use gatehouse_shared::api::{ActorKind, AuditEntry, AuditFacts, AuditPersonal, Endpoint, FieldChange, Method, Route};
use gatehouse_shared::model::{AccountId, MonthNumber, month_of};
use gatehouse_simulation::{Fault, MemoryRuntime, Port, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::rc::Rc;

fn go_to_the_last_second_of_the_month(world: &World) {
    let now = world.now().seconds();
    world.advance_seconds(month_of(now).ends_at.0 - 1 - now.0);
}

async fn go_to_the_next_month(world: &Rc<World>) {
    world.settle().await;
    go_to_the_last_second_of_the_month(world);
    world.advance_seconds(3600);
}

async fn describe_app(client: &Client, app: &str, description: &str) -> u16 {
    client.call(Route::UpdateApp, &[("app_id", app)], Some(json!({ "description": description }))).await.status
}

/// How often an App was changed: its version begins at 1.
async fn changes_of(client: &Client, app: &str) -> usize {
    let app = client.get(Route::FindApp, &[("app_id", app)]).await.expect(200);
    app["version"].as_u64().unwrap() as usize - 1
}

#[test]
fn each_change_has_one_entry_wherever_something_crashes_fails_or_hangs_also_while_the_month_ends() {
    let mut struck = 0;
    for step in 0..60 {
        let faults = [
            Fault::Crash { after_steps: step },
            Fault::Fail { after_steps: step },
            Fault::Hang { port: Port::Object, after_calls: step },
        ];
        let hits = faults.map(|fault| block_on(change_under(fault)));
        struck += hits.iter().filter(|hit| **hit).count();
        if hits == [false; 3] {
            break;
        }
    }
    assert!(struck > 20, "hardly a fault struck: the test proves nothing");
}

/// Tells whether the fault struck.
async fn change_under(fault: Fault) -> bool {
    let stage = TestDeployment::new(1);
    let world = &stage.world;
    let alice = stage.developer("alice").await;
    let (app, _) = alice.create_app("Weather").await;
    world.settle().await;
    go_to_the_last_second_of_the_month(world);
    world.inject(fault);
    let first = describe_app(&alice, &app, "A first change of it").await;
    let struck = !world.clear_fault();
    // The retries fall into the next month.
    world.advance_seconds(60);
    let again = describe_app(&alice, &app, "A second change of it").await;
    let log = audit_log(&stage).await;
    let made = changes_of(&alice, &app).await;
    assert!(made >= [first, again].iter().filter(|status| **status == 200).count(), "{fault:?}");
    assert_eq!(count(&log, "update_app"), made, "{fault:?}");
    let ids: BTreeSet<&String> = log.iter().map(|entry| &entry.facts.id).collect();
    assert_eq!(ids.len(), log.len(), "{fault:?}");
    struck
}

#[test]
fn the_chain_goes_on_over_months_of_which_one_has_no_entry() {
    // Whoever was to append to it crashed: before its tables were there, or after.
    for made_its_tables in [false, true] {
        block_on(skip_a_month(made_its_tables));
    }
}

async fn skip_a_month(made_its_tables: bool) {
    let stage = TestDeployment::new(2);
    let alice = stage.developer("alice").await;
    let (app, _) = alice.create_app("Weather").await;
    let first = MonthNumber::of(stage.world.now().seconds());
    go_to_the_next_month(&stage.world).await;
    let empty = MonthNumber(first.0 + 1);
    let runtime = MemoryRuntime(stage.world.clone());
    if made_its_tables {
        let request = AuditMonthRequest { month: empty, call: AuditMonthCall::Seal };
        let _: Head = ask(&runtime, &ObjectName::AuditMonth(empty), &request).await.unwrap();
    } else {
        let opened: Opened =
            ask(&runtime, &ObjectName::AuditIndex, &AuditIndexCall::Open { month: empty }).await.unwrap();
        assert!(matches!(opened, Opened::After(before) if before == first));
    }
    go_to_the_next_month(&stage.world).await;
    let alice = sign_in_again(&stage, "alice").await;
    assert_eq!(describe_app(&alice, &app, "In the third month").await, 200);
    let log = audit_log(&stage).await;
    let months: BTreeSet<MonthNumber> = log.iter().map(|entry| entry.month).collect();
    assert_eq!(months.into_iter().collect::<Vec<_>>(), [first, MonthNumber(first.0 + 2)]);
    assert_eq!((log[0].seq, log[0].previous_hash.as_str()), (1, ""));
    assert_eq!(log.last().unwrap().seq, log.len() as u64);
}

fn entry(number: u64, account: AccountId, at: &World) -> NewAuditEntry {
    NewAuditEntry {
        facts: AuditFacts {
            id: format!("account/{account}/{number}"),
            at: at.now().seconds(),
            operation: "update_password".into(),
            actor_kind: ActorKind::Account,
            actor_account_id: Some(account),
            actor_role: String::new(),
            session_id: String::new(),
            account_id: Some(account),
            developer_account_id: None,
            project_id: None,
            app_id: None,
            credential_ids: Vec::new(),
            request_id: String::new(),
        },
        personal: AuditPersonal {
            address: String::new(),
            changes: Vec::new(),
            subject: String::new(),
            username: "alice".into(),
        },
        salt: "salt".into(),
        keep_days: 366,
    }
}

async fn append(world: &Rc<World>, month: MonthNumber, entry: NewAuditEntry) -> Appended {
    let request = AuditMonthRequest { month, call: AuditMonthCall::Append(Box::new(entry)) };
    ask(&MemoryRuntime(world.clone()), &ObjectName::AuditMonth(month), &request).await.unwrap()
}

#[test]
fn of_64_that_append_at_once_to_a_month_that_begins_each_gets_in_once() {
    block_on(async {
        let stage = TestDeployment::new(3);
        stage.developer("alice").await;
        let world = &stage.world;
        let before = audit_log(&stage).await.len();
        go_to_the_next_month(world).await;
        let (now, account) = (MonthNumber::of(world.now().seconds()), AccountId::from_random([7; 8]));
        let each = (0..64).flat_map(|number| [number, number]);
        let told = join_all(each.map(|number| append(world, now, entry(number, account, world)))).await;
        assert!(told.iter().all(|told| *told == Appended::Here));
        // The month before takes none that it has not, and still knows those that it has.
        let late = entry(99, account, world);
        assert_eq!(append(world, MonthNumber(now.0 - 1), late).await, Appended::Over);
        let log = audit_log(&stage).await;
        assert_eq!(count(&log[before..], "update_password"), 64);
        let known = log.iter().find(|entry| entry.month < now).unwrap();
        let again = NewAuditEntry { facts: known.facts.clone(), ..entry(0, account, world) };
        assert_eq!(append(world, known.month, again).await, Appended::Here);
    });
}

#[test]
fn personal_data_can_be_erased_and_the_chain_stays_whole() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let alice = stage.developer("alice").await;
        let bob = stage.developer("bob").await;
        alice.create_app("Weather").await;
        let (id, other) = (alice.account_id().await, bob.account_id().await);
        let before = audit_log(&stage).await;
        let month = before[0].month;
        let call = AuditMonthCall::Erase { account: id.parse().unwrap() };
        let runtime = MemoryRuntime(stage.world.clone());
        let request = AuditMonthRequest { month, call };
        let erased: usize = ask(&runtime, &ObjectName::AuditMonth(month), &request).await.unwrap();
        let after = audit_log(&stage).await;
        let is_hers = |entry: &&AuditEntry| {
            [entry.facts.actor_account_id, entry.facts.account_id].contains(&Some(id.parse().unwrap()))
        };
        assert_eq!(after.iter().filter(is_hers).count(), erased);
        assert!(erased > 2 && after.iter().filter(is_hers).all(|entry| entry.personal.is_none()));
        let is_his = |entry: &&AuditEntry| entry.facts.actor_account_id == Some(other.parse().unwrap());
        assert!(after.iter().filter(is_his).all(|entry| entry.personal.is_some()));
        let hashes = |log: &[AuditEntry]| log.iter().map(|entry| entry.hash.clone()).collect::<Vec<String>>();
        assert_eq!(hashes(&after)[..before.len()], hashes(&before));
        let dump = stage.world.query(&ObjectName::AuditMonth(month), "SELECT personal FROM entry").join("\n");
        assert!(!dump.contains("Weather") && dump.contains("bob"), "{dump}");
    });
}

#[test]
fn a_month_goes_after_its_time_and_the_next_entry_still_follows_its_last() {
    block_on(async {
        let stage = TestDeployment::with(5, &[("AUDIT_DAYS", "30")]);
        let alice = stage.developer("alice").await;
        let (app, _) = alice.create_app("Weather").await;
        let last = audit_log(&stage).await.pop().unwrap();
        let month = month_of(stage.world.now().seconds());
        let days_left = (month.ends_at.0 - stage.world.now().seconds().0) / 86_400;
        stage.world.live_through(days_left + 29).await;
        let object = ObjectName::AuditMonth(MonthNumber(month.number));
        let entries = || stage.world.query(&object, "SELECT id FROM entry").len();
        assert!(entries() > 0, "it is kept for 30 days after its end");
        stage.world.live_through(3).await;
        assert_eq!(entries(), 0);
        let alice = sign_in_again(&stage, "alice").await;
        assert_eq!(describe_app(&alice, &app, "After all that").await, 200);
        let log = audit_log(&stage).await;
        assert!(log[0].seq == last.seq + 1 && log[0].previous_hash == last.hash, "{:?} {last:?}", log[0]);
        // A late one finds its way to the month that it is now.
        let late = entry(1, AccountId::from_random([7; 8]), &stage.world);
        assert_eq!(append(&stage.world, MonthNumber(month.number), late).await, Appended::Over);
    });
}

async fn sign_in_again(stage: &TestDeployment, login: &str) -> Client {
    let client = stage.client();
    client.post(Route::SignIn, &[], json!({ "login": login, "password": PASSWORD })).await.expect(200);
    client
}

/// `cargo xtask audit verify` is tested with what this writes, by code apart from this.
#[test]
fn the_exported_sample_is_a_chain_that_this_build_would_write() {
    block_on(async {
        let file = |month: &str| format!("{}/../../cli/tests/samples/audit-{month}.ndjson", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE").is_some() {
            for (month, text) in sample_export().await {
                std::fs::write(file(&month), text).unwrap();
            }
        }
        let mut log: Vec<AuditEntry> = Vec::new();
        for month in ["2027-01", "2027-02", "2027-03"] {
            for line in std::fs::read_to_string(file(month)).unwrap().lines() {
                log.push(checked(line, log.last()));
            }
        }
        assert!(log.iter().any(|entry| entry.personal.is_none()) && log.iter().any(|entry| entry.personal.is_some()));
        assert_eq!(log.last().unwrap().month.to_string(), "2027-03");
    });
}

/// Three months, of which the first has personal data that were erased.
async fn sample_export() -> Vec<(String, String)> {
    let stage = TestDeployment::new(11);
    let alice = stage.developer("alice").await;
    let id = stage.unapproved("bob").await.account_id().await;
    let (app, _) = alice.create_app("Weather “1”").await;
    for number in [1, 2, 3] {
        assert_eq!(describe_app(&alice, &app, &format!("A “quote” \"{number}\" and a \\")).await, 200);
    }
    stage.world.settle().await;
    let month = MonthNumber::of(stage.world.now().seconds());
    let request = AuditMonthRequest { month, call: AuditMonthCall::Erase { account: id.parse().unwrap() } };
    let _: usize = ask(&MemoryRuntime(stage.world.clone()), &ObjectName::AuditMonth(month), &request).await.unwrap();
    for _ in 0..2 {
        go_to_the_next_month(&stage.world).await;
        let alice = sign_in_again(&stage, "alice").await;
        let now = stage.world.now().seconds();
        describe_app(&alice, &app, &format!("A description of {}", MonthNumber::of(now))).await;
    }
    let operator = stage.operator().await;
    stage.world.settle().await;
    let mut files = Vec::new();
    for month in ["2027-01", "2027-02", "2027-03"] {
        let reply = operator.send(Method::Get, &Route::ExportAuditLog.path(&[("month", month)]), &[], b"").await;
        files.push((month.to_owned(), reply.text));
    }
    files
}

/// Every text in an answer that is shown once: none of them may be in the log.
fn secrets_in(answer: &Value, found: &mut BTreeSet<String>) {
    match answer {
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_secret = ["secret", "token", "code"].iter().any(|word| name.contains(word));
                match value.as_str() {
                    Some(text) if is_secret && text.len() >= 20 => _ = found.insert(text.to_owned()),
                    _ => secrets_in(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| secrets_in(value, found)),
        _ => {}
    }
}

/// How many entries the log of the running month has.
pub fn entries(stage: &TestDeployment) -> usize {
    facts(stage).len()
}

fn facts(stage: &TestDeployment) -> Vec<AuditFacts> {
    let object = ObjectName::AuditMonth(MonthNumber::of(stage.world.now().seconds()));
    let rows = stage.world.query(&object, "SELECT facts FROM entry ORDER BY seq");
    rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
}

/// Checks what a call of a route left in the log after `before` entries: who did it, and no secret.
pub fn check_left_behind(stage: &TestDeployment, endpoint: &Endpoint, before: usize, client: &Client, reply: &Reply) {
    let new = &facts(stage)[before..];
    let expected = match endpoint.route {
        _ if endpoint.method == Method::Get => false,
        // Refused, without effect, or in the person's activity alone: what these leave is told by the tests here.
        Route::SubmitApplication | Route::DeleteProject | Route::CreateProject => false,
        Route::DecideOAuth1Consent | Route::RepeatOAuth1Consent | Route::RemoveOperator => false,
        Route::RederiveCredentials | Route::RederiveDeveloperCredentials | Route::SignIn => false,
        _ => true,
    };
    assert_eq!(!new.is_empty(), expected, "{}: {new:?} {}", endpoint.operation, reply.text);
    for facts in new {
        assert!(!facts.request_id.is_empty(), "{facts:?}");
        let by_operator = facts.actor_kind == ActorKind::Operator;
        assert_eq!(by_operator, endpoint.access.operator_roles().is_some(), "{facts:?}");
    }
    let mut secrets = BTreeSet::from([PASSWORD, OPERATOR_PASSWORD].map(str::to_owned));
    secrets_in(&reply.json, &mut secrets);
    secrets.extend(client.cookie.borrow().clone());
    let object = ObjectName::AuditMonth(MonthNumber::of(stage.world.now().seconds()));
    let log = stage.world.query(&object, "SELECT facts || personal FROM entry").join("\n");
    for secret in secrets {
        assert!(!log.contains(&secret), "{}: {secret}", endpoint.operation);
    }
}

#[test]
fn what_other_tests_leave_out_is_in_the_log_too() {
    block_on(async {
        let mut stage = TestDeployment::new(7);
        let alice = stage.developer("alice").await;
        let (project, app, _) = alice.create_project("Weather", "read-write").await;
        let params = [("app_id", app.as_str())];
        alice.call(Route::DetachApp, &params, None).await.expect(200);
        alice.call(Route::DeleteApp, &params, Some(json!({ "confirm_name": "Weather" }))).await.expect(200);
        let body = json!({ "confirm_name": "Project" });
        alice.call(Route::DeleteProject, &[("project_id", &project)], Some(body)).await.expect(200);
        let (bob, asking) = (stage.unapproved("bob").await, Asking::new(&alice, "read").await);
        let asked = asking.asked(&stage, "n1", CALLBACK).await;
        let outcome = sign_in::decide_oauth1(&bob, &asked.token, true).await;
        let verifier = sign_in::fields(outcome["content"].as_str().unwrap())["oauth_verifier"].clone();
        asking.access_token(&stage, &asked, &verifier).await;
        bob.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);
        let keys = format!("2:{},1:{}", "6b".repeat(32), "5a".repeat(32));
        stage.isolate = TestDeployment::isolate(&stage.world, &[("MASTER_KEYS", &keys)]);
        let own = alice.own_developer_account().await;
        let of_own = [("developer_account_id", own.as_str())];
        stage.operator().await.call(Route::RederiveDeveloperCredentials, &of_own, None).await.expect(200);
        let bobs = bob.account_id().await;
        let of_bob = [("account_id", bobs.as_str())];
        let (operator, role) = (stage.operator().await, json!({ "role": "reviewer" }));
        operator.call(Route::SetOperatorRole, &of_bob, Some(role)).await.expect(200);
        operator.call(Route::RemoveOperator, &of_bob, None).await.expect(200);
        let log = audit_log(&stage).await;
        let roles: Vec<&FieldChange> = log
            .iter()
            .filter(|entry| entry.facts.operation == "update_operator")
            .flat_map(|entry| &entry.personal.as_ref().unwrap().changes)
            .collect();
        let role = |from: &str, to: &str| FieldChange { field: "role".into(), from: from.into(), to: to.into() };
        assert_eq!(roles, [&role("", "reviewer"), &role("reviewer", "")]);
        let actor = |operation: &str| {
            let entry = log.iter().find(|entry| entry.facts.operation == operation).expect(operation);
            (entry.facts.actor_kind, entry.facts.actor_role.as_str(), !entry.facts.credential_ids.is_empty())
        };
        for (operation, kind, role, has_ids) in [
            ("submit_application", ActorKind::Account, "", false),
            ("decide_application", ActorKind::Operator, "break-glass", false),
            ("create_session", ActorKind::Operator, "break-glass", false),
            ("create_project", ActorKind::Account, "owner", false),
            ("delete_project", ActorKind::Account, "owner", false),
            ("create_app", ActorKind::Account, "owner", true),
            ("delete_app", ActorKind::Account, "owner", true),
            ("approve_consent", ActorKind::Account, "", true),
            ("grant_app", ActorKind::App, "", true),
            ("revoke_connected_app", ActorKind::Account, "", true),
            ("rederive_credentials", ActorKind::Operator, "break-glass", true),
        ] {
            assert_eq!(actor(operation), (kind, role, has_ids), "{operation}");
        }
        let granted = log.iter().find(|entry| entry.facts.operation == "grant_app").unwrap();
        assert_eq!(granted.facts.account_id.map(|id| id.to_string()), Some(bobs));
    });
}

#[test]
fn an_entry_tells_who_from_where_and_what_as_far_as_the_settings_say() {
    for (kept, v4, v6) in [
        ("shortened", "203.0.113.0/24", "2001:db8:7::/48"),
        ("full", "203.0.113.9", "2001:db8:7:1::2"),
        ("none", "", ""),
    ] {
        block_on(async {
            let stage = TestDeployment::with(8, &[("AUDIT_ADDRESS", kept)]);
            let alice = stage.developer("alice").await;
            let (app, _) = alice.create_app("Weather").await;
            let path = Route::UpdateApp.path(&[("app_id", &app)]);
            for (address, expected) in [("203.0.113.9", v4), ("2001:db8:7:1::2", v6)] {
                let origin = crate::support::ORIGIN;
                let headers = [("content-type", "application/json"), ("origin", origin), ("cf-connecting-ip", address)];
                let body = json!({ "description": format!("Changed from {address}"), "permission": "read" });
                let reply = alice.send(Method::Patch, &path, &headers, body.to_string().as_bytes()).await;
                assert_eq!(reply.status, 200, "{}", reply.text);
                let log = audit_log(&stage).await;
                let entry = log.iter().rfind(|entry| entry.facts.operation == "update_app").unwrap();
                let personal = entry.personal.as_ref().unwrap();
                assert_eq!((personal.address.as_str(), personal.username.as_str()), (expected, "alice"));
                assert_eq!((personal.changes.len(), personal.subject.as_str()), (1, "Weather"), "{personal:?}");
                assert_eq!(personal.changes[0].to, format!("Changed from {address}"));
                let sessions = alice.get(Route::ListSessions, &[]).await.expect(200);
                assert_eq!(sessions["sessions"][0]["id"], entry.facts.session_id.as_str());
            }
        });
    }
}

#[test]
fn the_log_is_found_by_actor_subject_operation_and_date_page_by_page() {
    block_on(async {
        let stage = TestDeployment::new(9);
        let alice = stage.developer("alice").await;
        let bob = stage.developer("bob").await;
        let (app, _) = alice.create_app("Weather").await;
        stage.world.settle().await;
        for number in 0..70 {
            stage.world.advance_seconds(2);
            assert_eq!(describe_app(&alice, &app, &format!("The description {number}")).await, 200);
        }
        go_to_the_next_month(&stage.world).await;
        describe_app(&alice, &app, "In another month").await;
        let operator = stage.operator().await;
        stage.world.settle().await;
        let find = async |query: &str| {
            let path = format!("{}?{query}", Route::ListAuditEntries.path(&[]));
            operator.send(Method::Get, &path, &[], b"").await
        };
        let all = async |query: &str| {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = find(&format!("{query}&cursor={cursor}")).await.expect(200);
                let entries = page["entries"].as_array().unwrap().clone();
                assert!(entries.len() <= 50);
                found.extend(entries);
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = next.to_owned(),
                    None => return found,
                }
            }
        };
        let everything = all("").await;
        let log = exported(&operator).await;
        let seqs: Vec<u64> = everything.iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
        assert_eq!(seqs, log.iter().rev().map(|entry| entry.seq).collect::<Vec<u64>>());
        assert_eq!(all("operation=update_app").await.len(), 71);
        assert_eq!(all(&format!("subject={app}")).await.len(), 72);
        assert_eq!(all(&format!("subject={app}&operation=create_app")).await.len(), 1);
        let (id, bobs) = (alice.account_id().await, bob.account_id().await);
        assert_eq!(all(&format!("actor={id}&operation=update_app")).await.len(), 71);
        assert_eq!(all(&format!("actor={bobs}&operation=update_app")).await.len(), 0);
        let operators = operator.account_id().await;
        assert_eq!(all(&format!("actor={operators}&operation=decide_application")).await.len(), 2);
        assert_eq!(all("operation=update_app&from=2027-02-01").await.len(), 1);
        assert_eq!(all("operation=update_app&to=2027-01-31").await.len(), 70);
        assert_eq!(all("operation=update_app&from=2027-01-01&to=2027-02-28").await.len(), 71);
        for (query, field) in [("from=yesterday", "from"), ("to=2027-02-30", "to"), ("cursor=x", "cursor")] {
            let problem = find(query).await.refused(422, "invalid-fields");
            assert_eq!(problem["errors"][0]["field"], field);
        }
    });
}

#[test]
fn an_export_is_a_file_that_no_spreadsheet_runs() {
    block_on(async {
        let stage = TestDeployment::new(10);
        let alice = stage.developer("alice").await;
        alice.create_app("=HYPERLINK(1)").await;
        let operator = stage.operator().await;
        stage.world.settle().await;
        let path = Route::ExportAuditLog.path(&[("month", "2027-01")]);
        let reply = operator.send(Method::Get, &format!("{path}?format=csv"), &[], b"").await;
        assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"audit-2027-01-1.csv\""));
        assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(reply.text.contains("\"'=HYPERLINK(1)\"") && !reply.text.contains("\"=HYP"), "{}", reply.text);
        let columns = reply.text.lines().next().unwrap().split(',').count();
        assert_eq!(columns, 19);
        assert_eq!(reply.text.lines().count(), exported(&operator).await.len() + 1);
        for (query, field) in [("format=xml", "format"), ("part=0", "part")] {
            let problem = operator.send(Method::Get, &format!("{path}?{query}"), &[], b"").await;
            assert_eq!(problem.refused(422, "invalid-fields")["errors"][0]["field"], field);
        }
        let path = Route::ExportAuditLog.path(&[("month", "soon")]);
        operator.send(Method::Get, &path, &[], b"").await.refused(422, "invalid-fields");
    });
}
