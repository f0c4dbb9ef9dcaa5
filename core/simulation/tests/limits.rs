//! Limits: exact under every interleaving, crash and lost lease, and cheap.

use crate::support;
use crate::support::edge::EdgeApp;
use crate::support::{Deployed, ORIGIN, TestDeployment, decide};
use futures::executor::block_on;
use futures::future::{join, join_all};
use gatehouse_domain::gate::{Answer, Verdict};
use gatehouse_domain::ports::SeededEntropy;
use gatehouse_domain::ports::{Clock, ObjectName};
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{Asker, Form};
use gatehouse_shared::api::Route;
use gatehouse_shared::model::ProjectId;
use gatehouse_simulation::{Fault, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// One request to an isolate, as `entry.js` makes it; what it came to, and
/// whether the isolate had to wait.
async fn call(isolate: &Deployed, path: &str, token: &str) -> (Verdict, bool) {
    let (url, authorization) = (format!("{ORIGIN}{path}"), format!("Bearer {token}"));
    let head = RequestHead { method: "GET", url: &url, authorization: Some(&authorization) };
    let (verdict, waited) = decide(isolate, Asker::Client, &head, &Form::None).await;
    (verdict.unwrap(), waited)
}

async fn passes(isolate: &Deployed, path: &str, token: &str) -> bool {
    matches!(call(isolate, path, token).await.0, Verdict::Forward(_))
}

fn refused(verdict: Verdict) -> (Answer, Value) {
    match verdict {
        Verdict::Refuse(refused) => {
            let body = serde_json::from_str(&refused.answer.body).unwrap();
            (refused.answer, body)
        }
        other => panic!("{other:?}"),
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

/// Brings the world to a moment shortly after a window has begun.
fn to_window_start(world: &World, seconds: u64) {
    let now = world.now().seconds().0;
    world.advance_seconds(seconds - now % seconds + 1);
}

/// A Project's App and its Bearer Token, on a world with small limits.
async fn app_of(stage: &TestDeployment) -> (String, String, String) {
    let developer = stage.developer("alice").await;
    let (project, app, created) = developer.create_project("Weather", "read").await;
    (project, app, text(&created["app"]["credentials"]["bearer_token"]).to_owned())
}

#[test]
fn a_window_admits_exactly_its_limit_and_says_so() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let (_, _, token) = app_of(&stage).await;
        to_window_start(&stage.world, 900);
        // `/1.1/limited.json` takes 20 requests of an App in 15 minutes.
        for left in (0..20).rev() {
            let Verdict::Forward(identity) = call(&stage.isolate, "/1.1/limited.json", &token).await.0 else {
                panic!("refused with {left} left");
            };
            let rate = identity.rate.unwrap();
            assert_eq!((rate.limit, rate.remaining), (20, left));
            assert_eq!(rate.resets_at.0 % 900, 0);
            assert!(identity.header_lines().contains(&format!("x-rate-limit-remaining: {left}\n")));
        }
        let (answer, body) = refused(call(&stage.isolate, "/1.1/limited.json", &token).await.0);
        assert_eq!((answer.status, &body["errors"][0]["code"]), (429, &json!(88)));
        assert_eq!(header(&answer, "x-rate-limit-limit"), "20");
        assert_eq!(header(&answer, "x-rate-limit-remaining"), "0");
        let resets_at: u64 = header(&answer, "x-rate-limit-reset").parse().unwrap();
        assert!(resets_at > stage.world.now().seconds().0);
        // Another route has its own window, and the next window has room again.
        assert!(passes(&stage.isolate, "/1.1/notes.json", &token).await);
        stage.world.advance_seconds(900);
        assert!(passes(&stage.isolate, "/1.1/limited.json", &token).await);
    });
}

#[test]
fn a_window_of_v2_is_refused_in_the_form_of_v2() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let (_, _, token) = app_of(&stage).await;
        to_window_start(&stage.world, 60);
        for _ in 0..3 {
            assert!(passes(&stage.isolate, "/2/scarce", &token).await);
        }
        let (answer, body) = refused(call(&stage.isolate, "/2/scarce", &token).await.0);
        let expected = json!({ "title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429 });
        assert_eq!((answer.status, body), (429, expected));
    });
}

#[test]
fn a_projects_month_is_shared_by_its_apps_and_never_exceeded() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let developer = stage.developer("alice").await;
        let (project, _, created) = developer.create_project("Weather", "read").await;
        let first = text(&created["app"]["credentials"]["bearer_token"]).to_owned();
        let (second, created) = developer.create_app("Climate").await;
        let other = text(&created["credentials"]["bearer_token"]).to_owned();
        let body = json!({ "project_id": project });
        developer.call(Route::AttachApp, &[("app_id", &second)], Some(body)).await.expect(200);
        // The plan has a cap of 1000 requests a month. Two isolates, two Apps.
        let isolates = [stage.isolate.clone(), TestDeployment::isolate(&stage.world, &[])];
        let mut admitted = 0;
        for n in 0..1_100 {
            let token = if n % 3 == 0 { &other } else { &first };
            admitted += u32::from(passes(&isolates[n % 2], "/2/notes/7", token).await);
        }
        // What an idle lease or the other App's reservation holds comes back.
        for isolate in &isolates {
            isolate.return_leases(0).await;
        }
        stage.world.advance_seconds(70);
        stage.world.run_alarms().await;
        for n in 0..1_100 {
            stage.world.advance_seconds(6);
            admitted += u32::from(passes(&isolates[n % 2], "/2/notes/7", &first).await);
        }
        assert_eq!(admitted, 1_000);
        let (answer, body) = refused(call(&stage.isolate, "/2/notes/7", &first).await.0);
        assert_eq!(answer.status, 429);
        assert_eq!((&body["title"], &body["period"]), (&json!("UsageCapExceeded"), &json!("Monthly")));
        assert_eq!(body["type"], json!(format!("{ORIGIN}/2/problems/usage-capped")));
        // A standalone App has no month; the next one is open again.
        let (_, alone) = developer.create_app("Alone").await;
        assert!(passes(&stage.isolate, "/1.1/notes.json", text(&alone["credentials"]["bearer_token"])).await);
        stage.world.advance_seconds(31 * 86_400);
        for isolate in &isolates {
            assert!(passes(isolate, "/2/notes/7", &first).await);
        }
    });
}

#[test]
fn a_new_project_gives_no_fresh_month() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let developer = stage.developer("alice").await;
        let (mut project, app, created) = developer.create_project("Weather", "read").await;
        let token = text(&created["app"]["credentials"]["bearer_token"]).to_owned();
        let of_app = [("app_id", app.as_str())];
        let mut admitted = Vec::new();
        // The plan has one Project with 1000 requests a month. Each round uses 400, then begins anew.
        for _ in 0..4 {
            let mut passed = 0;
            for _ in 0..400 {
                stage.world.advance_seconds(3);
                passed += u32::from(passes(&stage.isolate, "/1.1/free.json", &token).await);
            }
            admitted.push(passed);
            stage.isolate.return_leases(0).await;
            stage.world.advance_seconds(70);
            stage.world.run_alarms().await;
            developer.call(Route::DetachApp, &of_app, None).await.expect(200);
            let confirm = json!({ "confirm_name": "Project" });
            developer.call(Route::DeleteProject, &[("project_id", &project)], Some(confirm)).await.expect(200);
            let body =
                json!({ "name": "Project", "description": "A Project for tests", "use_case": support::use_case() });
            let created = developer.post(Route::CreateProject, &[], body).await.expect(200);
            project = text(&created["project"]["id"]).to_owned();
            let body = json!({ "project_id": project });
            developer.call(Route::AttachApp, &of_app, Some(body)).await.expect(200);
            stage.world.advance_seconds(11);
        }
        assert_eq!(admitted, [400, 400, 200, 0]);
        // What the new Project shows is its own; the cap is the account's, too.
        let usage = developer.get(Route::FindProjectUsage, &[("project_id", &project)]).await.expect(200);
        assert_eq!(usage["month"]["used"], 0);
        let (answer, body) = refused(call(&stage.isolate, "/1.1/free.json", &token).await.0);
        assert_eq!(answer.status, 429, "{body}");
        stage.world.advance_seconds(31 * 86_400);
        assert!(passes(&stage.isolate, "/1.1/free.json", &token).await);
    });
}

/// An isolate of a deployment with another plan.
fn isolate_with_plan(world: &Rc<World>, projects: u32, monthly_cap: u64) -> Deployed {
    let mut isolate = TestDeployment::isolate(world, &[]);
    let plan = &mut Rc::get_mut(&mut isolate).unwrap().settings.api.plan;
    (plan.projects, plan.monthly_cap) = (projects, monthly_cap);
    isolate
}

/// Three Apps of one account that move between Projects, of which the plan has
/// two and more come and go, for a month, with faults. Gives how many requests
/// passed, in each Project.
async fn one_month(seed: u64) -> BTreeMap<ProjectId, u64> {
    let world = World::new(seed);
    let chance = SeededEntropy::new(seed);
    let isolate = || isolate_with_plan(&world, 2, 300);
    let mut all: Vec<Deployed> = (0..1 + seed % 4).map(|_| isolate()).collect();
    let projects: Vec<ProjectId> = (1..=5).map(|n| ProjectId::from_random([n; 8])).collect();
    let mut apps: Vec<EdgeApp> = (0..3).map(|_| EdgeApp::new(&world, &all[0], Some(projects[0]))).collect();
    let owner = apps[0].owner;
    for app in &mut apps {
        app.owner = owner;
        app.publish(&world, false);
    }
    to_window_start(&world, 31 * 86_400);
    let mut passed = BTreeMap::<ProjectId, u64>::new();
    for round in 0..250 {
        if chance.below(4) == 0 {
            let after_steps = chance.below(8) as u32;
            let is_crash = chance.below(2) == 0;
            world.inject(if is_crash { Fault::Crash { after_steps } } else { Fault::Fail { after_steps } });
        }
        let calls: Vec<_> = (0..6)
            .map(|_| (chance.below(all.len() as u64) as usize, chance.below(3) as usize))
            .map(|(isolate, app)| call(&all[isolate], "/1.1/free.json", &apps[app].bearer))
            .collect();
        for (verdict, _) in join_all(calls).await {
            if let Verdict::Forward(identity) = verdict {
                *passed.entry(identity.project_id.unwrap()).or_default() += 1;
            }
        }
        world.advance_millis(700);
        if chance.below(6) == 0 {
            // To a newer Project now and then: the older ones are deleted.
            let newest = (1 + round * 5 / 250).min(4) as u64;
            let app = &mut apps[chance.below(3) as usize];
            app.live.project_id = Some(projects[(newest - chance.below(2)) as usize]);
            app.publish(&world, false);
        }
        if chance.below(10) == 0 {
            // What leases and reservations hold goes back.
            all[chance.below(all.len() as u64) as usize].return_leases(0).await;
            world.advance_seconds(61);
            world.run_alarms().await;
        }
        if chance.below(20) == 0 {
            let gone = chance.below(all.len() as u64) as usize;
            all[gone] = isolate();
        }
    }
    world.clear_fault();
    passed
}

#[test]
fn no_moving_between_projects_admits_more_than_the_accounts_month() {
    let mut reached = 0;
    for seed in 0..60 {
        let passed = block_on(one_month(seed));
        let total: u64 = passed.values().sum();
        assert!(passed.values().all(|passed| *passed <= 300), "seed {seed}: {passed:?}");
        assert!(total <= 600, "seed {seed}: {passed:?}");
        assert!(passed.len() > 2, "seed {seed}: {passed:?}");
        reached += u32::from(total >= 500);
    }
    // It must be able to fail: most of these runs come close to the cap.
    assert!(reached > 30, "{reached}");
}

/// What a run of the simulation came to.
struct Run {
    admitted: u32,
    tried: u32,
    objects_asked: u64,
}

/// Many isolates and one window of `/1.1/limited.json` or the like, under a
/// load of `a_second` requests a second for the whole window, with faults.
async fn one_window(seed: u64, path: &str, window: u64, a_second: u64, isolates: usize, faults: bool) -> Run {
    let world = World::new(seed);
    let mut all: Vec<Deployed> = (0..isolates).map(|_| TestDeployment::isolate(&world, &[])).collect();
    let project = path.starts_with("/2/").then(|| ProjectId::from_random([7; 8]));
    let mut app = EdgeApp::new(&world, &all[0], project);
    app.publish(&world, false);
    let token = app.bearer;
    to_window_start(&world, window);
    let mut chance = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u64| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        chance % below
    };
    let before = world.objects_asked.get();
    let mut run = Run { admitted: 0, tried: 0, objects_asked: 0 };
    for _ in 0..window - 2 {
        if faults && draw(4) == 0 {
            let after_steps = draw(6) as u32;
            let fault = if draw(2) == 0 { Fault::Crash { after_steps } } else { Fault::Fail { after_steps } };
            world.inject(fault);
        }
        // Some at a time, and after them what nobody waits for.
        let mut left = a_second;
        while left > 0 {
            let together = left.min(10);
            let chosen = (0..together).map(|_| draw(all.len() as u64) as usize);
            let calls: Vec<_> = chosen.map(|n| passes(&all[n], path, &token)).collect();
            let renewals = join_all(all.iter().map(|isolate| isolate.renew_leases()));
            let (passed, _) = join(join_all(calls), renewals).await;
            run.admitted += passed.into_iter().map(u32::from).sum::<u32>();
            run.tried += together as u32;
            left -= together;
            world.advance_millis(1_000 * together / a_second);
        }
        if faults && draw(5) == 0 {
            // An isolate is gone, with all that it holds.
            let gone = draw(all.len() as u64) as usize;
            all[gone] = TestDeployment::isolate(&world, &[]);
        }
        if draw(5) == 0 {
            all[draw(all.len() as u64) as usize].return_leases(4_000).await;
        }
    }
    world.clear_fault();
    run.objects_asked = world.objects_asked.get() - before;
    run
}

#[test]
fn no_interleaving_crash_or_lost_lease_admits_more_than_the_limit() {
    let mut reached = 0;
    for seed in 0..200 {
        // 1 to 12 requests a second for a minute, where 100 are allowed.
        let run = block_on(one_window(seed, "/2/limited", 60, 1 + seed % 12, 1 + seed as usize % 7, true));
        assert!(run.admitted <= 100, "seed {seed}: {}", run.admitted);
        reached += u32::from(run.admitted >= 90);
    }
    // It must be able to fail: most of these runs come close to the limit.
    assert!(reached > 60, "{reached}");
}

#[test]
fn a_steady_load_can_use_at_least_95_percent_and_asks_seldom() {
    for (path, limit, window, a_second, isolates) in [
        ("/2/limited", 100, 60, 2, 1),
        ("/2/limited", 100, 60, 4, 5),
        ("/2/limited", 100, 60, 20, 8),
        ("/1.1/busy.json", 30_000, 60, 600, 6),
        ("/1.1/busy.json", 30_000, 60, 1_000, 20),
    ] {
        let run = block_on(one_window(7, path, window, a_second, isolates, false));
        let fair = limit.min(run.tried);
        assert!(run.admitted <= limit, "{path}: {}", run.admitted);
        assert!(run.admitted * 100 >= fair * 95, "{path} {a_second}/s on {isolates}: {} of {fair}", run.admitted);
        let share = run.objects_asked as f64 / f64::from(run.tried);
        println!("{path}, {a_second}/s on {isolates}: {} of {fair}, {share:.4} calls a request", run.admitted);
        if a_second >= 600 {
            assert!(share < 0.05, "{share}");
        }
    }
}

#[test]
fn usage_counts_calls_that_come_alone_exactly_and_at_once() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let (project, app, token) = app_of(&stage).await;
        to_window_start(&stage.world, 900);
        let client = stage.client();
        let body = json!({ "login": "alice", "password": support::PASSWORD });
        client.post(Route::SignIn, &[], body).await.expect(200);
        for calls in 1..=4 {
            assert!(passes(&stage.isolate, "/2/notes/7", &token).await);
            let usage = client.get(Route::FindAppUsage, &[("app_id", &app)]).await.expect(200);
            assert_eq!(usage["month"]["used"], calls);
            let usage = client.get(Route::FindProjectUsage, &[("project_id", &project)]).await.expect(200);
            assert_eq!(usage["month"]["used"], calls);
            stage.world.advance_seconds(3);
        }
    });
}

#[test]
fn a_lease_that_was_not_spent_comes_back_and_usage_is_what_passed() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let (project, app, token) = app_of(&stage).await;
        to_window_start(&stage.world, 900);
        for _ in 0..5 {
            assert!(passes(&stage.isolate, "/2/notes/7", &token).await);
        }
        for _ in 0..2 {
            assert!(passes(&stage.isolate, "/1.1/notes.json", &token).await);
        }
        assert!(stage.isolate.has_work(stage.isolate.runtime.now()));
        stage.isolate.settle().await;
        assert!(!stage.isolate.has_work(stage.isolate.runtime.now()));
        let client = stage.client();
        let body = json!({ "login": "alice", "password": support::PASSWORD });
        client.post(Route::SignIn, &[], body).await.expect(200);
        let usage = client.get(Route::FindAppUsage, &[("app_id", &app)]).await.expect(200);
        let days = usage["days"].as_array().unwrap();
        assert_eq!(days.len(), 30);
        let today = json!([{ "name": "/1.1/*", "requests": 2 }, { "name": "GET /2/notes/:id", "requests": 5 }]);
        assert_eq!(days[29]["parts"], today);
        assert_eq!((&usage["month"]["cap"], &usage["month"]["used"]), (&json!(1000), &json!(7)));
        let usage = client.get(Route::FindProjectUsage, &[("project_id", &project)]).await.expect(200);
        assert_eq!(usage["days"][29]["parts"], json!([{ "name": "Weather", "requests": 7 }]));
        // The same at the API itself.
        let Verdict::Answer(answer) = call(&stage.isolate, "/2/usage?days=3", &token).await.0 else { panic!() };
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let data = &body["data"];
        assert_eq!((&data["project_id"], &data["project_cap"]), (&json!(project), &json!("1000")));
        assert_eq!(data["daily_client_app_usage"][0]["client_app_id"], json!(app));
        // Its own lease is counted until it comes back.
        assert!(text(&data["project_usage"]).parse::<u64>().unwrap() >= 8, "{data}");
        let (answer, _) = match call(&stage.isolate, "/2/usage?days=0", &token).await.0 {
            Verdict::Answer(answer) => (answer.status, answer.body),
            other => panic!("{other:?}"),
        };
        assert_eq!(answer, 400);
    });
}

#[test]
fn the_status_of_every_limit_is_told() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let (_, app, token) = app_of(&stage).await;
        to_window_start(&stage.world, 900);
        for _ in 0..3 {
            assert!(passes(&stage.isolate, "/1.1/limited.json", &token).await);
        }
        let path = "/1.1/application/rate_limit_status.json";
        let Verdict::Answer(answer) = call(&stage.isolate, path, &token).await.0 else { panic!() };
        assert_eq!(answer.status, 200);
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["rate_limit_context"], json!({ "application": app }));
        let limited = &body["resources"]["limited"]["/limited"];
        assert_eq!((&limited["limit"], &limited["remaining"]), (&json!(20), &json!(17)));
        assert_eq!(limited["reset"].as_u64().unwrap() % 900, 0);
        // A route without a limit for Apps is not among them.
        assert!(body["resources"].get("account").is_none(), "{body}");
    });
}

#[test]
fn a_forgery_reads_nothing_and_a_checked_request_one_round() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let (_, app, token) = app_of(&stage).await;
        let isolate = TestDeployment::isolate(&stage.world, &[]);
        // Once after its start it asks whether its master keys are the right ones.
        isolate.settle().await;
        let reads = || (stage.world.kv_reads.get(), stage.world.objects_asked.get());
        let start = reads();
        let mut forged = token.clone();
        let last = forged.pop().unwrap();
        forged.push(if last == '0' { '1' } else { '0' });
        let theirs = TestDeployment::with(9, &[("MASTER_KEYS", &format!("1:{}", "66".repeat(32)))]);
        let stranger = app_of(&theirs).await.2;
        for bad in [forged.as_str(), stranger.as_str(), "gh_bearer_x", ""] {
            assert!(!passes(&isolate, "/2/notes/7", bad).await);
        }
        assert_eq!(reads(), start, "a forgery read storage");
        // Cold: one KV read and one lease. Where more follow, a lease for a handful. Warm: nothing.
        assert!(passes(&isolate, "/2/notes/7", &token).await);
        assert_eq!(stage.world.kv_reads.get() - start.0, 1);
        // To the App's object, which asked the Project's, which asked the account's.
        assert_eq!(stage.world.objects_asked.get() - start.1, 3);
        let alone = reads();
        assert!(passes(&isolate, "/2/notes/7", &token).await);
        assert_eq!(reads(), (alone.0, alone.1 + 1), "the Project's part of the month is reserved");
        let warm = reads();
        for _ in 0..3 {
            assert!(!call(&isolate, "/2/notes/7", &token).await.1, "had to wait");
        }
        assert_eq!(reads(), warm);
        // A window that is used up is believed for a second without asking.
        to_window_start(&stage.world, 60);
        for _ in 0..3 {
            assert!(passes(&isolate, "/2/scarce", &token).await);
        }
        assert!(!passes(&isolate, "/2/scarce", &token).await);
        let full = reads();
        for _ in 0..50 {
            assert!(!passes(&isolate, "/2/scarce", &token).await);
        }
        assert_eq!(reads(), full);
        assert!(stage.world.objects().contains(&ObjectName::AppTraffic(app.parse().unwrap())));
    });
}
