//! workerd is killed in the middle of writes, again and again. Afterwards everything that was acknowledged is there,
//! nothing is half made, names that nobody got are free, and KV has what the objects say.

mod writer;

use gatehouse_shared::api::Route;
use gatehouse_tests::{
    Client, PASSWORD, Proof, Random, Server, ShiftedClock, TestDeployment, application, at_once, eventually,
    median_and_longest, poll, sign_up_request, unique,
};
use serde_json::json;
use std::{
    collections::HashMap,
    env,
    path::Path,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use writer::{Developer, Fate, KnownApp, Writer};

const WRITERS: usize = 8;
/// Longer than a name stays reserved for a claim that nothing came of, in seconds.
const AFTER_RESERVATIONS: i64 = 11 * 60;

#[test]
fn acknowledged_writes_survive_and_nothing_is_half_made() {
    let proof = Proof::new("kill");
    let kills = proof.choose(5, 200);
    let data = tempfile::tempdir().expect("a temporary folder");
    let mut writers: Vec<Writer> = (0..WRITERS).map(|seed| Writer::new(seed as u64)).collect();
    let mut random = Random::from_seed(7);
    let mut starts = Vec::new();
    for kill in 1..=kills {
        let started = Instant::now();
        let server = Server::start(data.path());
        starts.push(started.elapsed().as_secs_f64());
        write_and_kill(server, &mut writers, 10 + random.below(30));
        if kill % 20 == 0 {
            let acknowledged: usize = writers.iter().map(|writer| writer.acknowledged).sum();
            proof.progress(format!("{kill} of {kills} kills, {acknowledged} acknowledged writes"));
        }
    }
    proof.note("kill -9 of workerd", kills);
    proof.note("acknowledged writes", writers.iter().map(|writer| writer.acknowledged).sum::<usize>());
    proof.note("from the start of workerd to its first answer", median_and_longest(starts));

    let clock = ShiftedClock::new();
    clock.shift_to(AFTER_RESERVATIONS);
    let server = Server::start_at(data.path(), &clock, &[]);
    let url = server.url();
    let settled = Instant::now();
    kv_has_what_the_objects_say(&proof, url);
    proof.note("until KV and objects agreed", format!("{:.0} s", settled.elapsed().as_secs_f64()));
    let writers: Vec<Mutex<Writer>> = writers.into_iter().map(Mutex::new).collect();
    let seen = at_once(WRITERS, |at| check(url, &mut writers[at].lock().expect("one thread each")));
    let total = |count: fn(&Seen) -> usize| seen.iter().map(count).sum::<usize>();
    assert!(total(|seen| seen.apps) > kills, "too little was acknowledged to say anything");
    proof.note("accounts and Apps looked at afterwards", total(|seen| seen.accounts) + total(|seen| seen.apps));
    proof.note("acknowledged writes lost", 0);
    proof.note("ended tokens that pass", format!("0 of {}", total(|seen| seen.ended)));
    proof.note("creations without an answer, each whole or not there", total(|seen| seen.unanswered));
    kv_has_what_the_objects_say(&proof, url);
    proof.note("records that differ in KV", 0);
}

/// Lets all writers write until so many answers came, and kills the server meanwhile.
fn write_and_kill(server: Server, writers: &mut [Writer], enough: usize) {
    let (url, answers) = (server.url().to_owned(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for writer in writers {
            let (url, answers) = (&url, &answers);
            scope.spawn(move || writer.work(url, answers));
        }
        eventually("some work", || match answers.load(Ordering::Relaxed) {
            count if count >= enough => Ok(()),
            count => Err(format!("only {count} answers")),
        });
        server.kill();
    });
}

/// What was looked at.
#[derive(Default)]
struct Seen {
    accounts: usize,
    apps: usize,
    ended: usize,
    unanswered: usize,
}

fn check(url: &str, writer: &mut Writer) -> Seen {
    let mut seen = Seen::default();
    for developer in &mut writer.developers {
        developer.client = developer.client.moved_to(url);
        check_developer(url, developer, &mut seen);
    }
    let mut taker = Taker::new(url);
    for name in writer.developers.iter().flat_map(|developer| &developer.unanswered) {
        seen.unanswered += 1;
        // Where the App is there, its developer has found it and deleted it by now.
        taker.take_app(name);
    }
    for username in &writer.unanswered {
        seen.unanswered += 1;
        check_unanswered_sign_up(url, username);
    }
    seen
}

/// The session and the password work, the dashboard lists exactly the Apps that are there, and each has a token that works.
fn check_developer(url: &str, developer: &mut Developer, seen: &mut Seen) {
    seen.accounts += 1;
    let username = developer.username.as_str();
    let session = developer.client.get(Route::FindSession, &[]).expect(200);
    assert_eq!(session["account"]["username"], username, "the session that came with the sign-up");
    Client::at(url.to_owned()).post(Route::SignIn, &[], json!({ "login": username, "password": PASSWORD })).expect(200);
    let own = [("developer_account_id", developer.id.as_str())];
    if developer.client.get(Route::FindApplication, &own).status == 404 {
        // The application had no answer, and nothing came of it.
        assert!(developer.apps.is_empty());
        developer.client.post(Route::SubmitApplication, &own, application()).expect(200);
    }
    let dashboard = developer.client.get(Route::FindDashboard, &own).expect(200);
    let apps = dashboard["standalone_apps"].as_array().expect("Apps");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let mut listed: HashMap<String, String> = apps.iter().map(|app| (text(&app["id"]), text(&app["name"]))).collect();
    for app in &developer.apps {
        seen.apps += 1;
        seen.ended += app.ended.len();
        check_app(&developer.client, app, listed.remove(&app.id));
    }
    for (id, name) in listed {
        assert!(developer.unanswered.contains(&name), "{username} never asked for the App {name}");
        passes(&developer.client, &regenerate(&developer.client, &id));
        developer.client.post(Route::DeleteApp, &[("app_id", &id)], json!({ "confirm_name": name })).expect(200);
    }
}

fn check_app(owner: &Client, app: &KnownApp, listed_as: Option<String>) {
    let is_there = match app.deletion {
        Fate::NotDone => true,
        Fate::Done => false,
        Fate::Unknown => listed_as.is_some(),
    };
    assert_eq!(
        listed_as.as_ref(),
        is_there.then_some(&app.name),
        "App {}, whose deletion is {:?}",
        app.id,
        app.deletion
    );
    let found = owner.get(Route::FindApp, &[("app_id", &app.id)]).status;
    assert_eq!(found, if is_there { 200 } else { 404 }, "App {}", app.id);
    for token in &app.ended {
        refused(owner, token);
    }
    match (is_there, app.replacement) {
        (false, _) => refused(owner, &app.token),
        (true, Fate::NotDone) => passes(owner, &app.token),
        // Either the token stands, or another one took its place that nobody has seen.
        (true, _) => {
            let fresh = regenerate(owner, &app.id);
            passes(owner, &fresh);
            refused(owner, &app.token);
        }
    }
}

fn regenerate(owner: &Client, app_id: &str) -> String {
    let issued = owner.post(Route::RegenerateCredential, &[("app_id", app_id), ("kind", "bearer-token")], json!({}));
    issued.expect(200)["bearer_token"].as_str().expect("a token").to_owned()
}

fn passes(client: &Client, token: &str) {
    answers(client, token, 200);
}

fn refused(client: &Client, token: &str) {
    answers(client, token, 401);
}

fn answers(client: &Client, token: &str, wanted: u16) {
    eventually(&format!("{wanted} for a token"), || match client.gate("GET", "/1.1/notes.json", token).status {
        status if status == wanted => Ok(()),
        status => Err(format!("the gate answers {status}")),
    });
}

/// The account is there as a whole, or its names are free.
fn check_unanswered_sign_up(url: &str, username: &str) {
    let client = Client::at(url.to_owned());
    let signed_in = client.post(Route::SignIn, &[], json!({ "login": username, "password": PASSWORD }));
    if signed_in.status == 200 {
        client.post(Route::SubmitApplication, &[], application()).expect(200);
        client.get(Route::FindDashboard, &[]).expect(200);
    } else {
        client.post(Route::SignUp, &[], sign_up_request(username)).expect(200);
    }
}

/// Takes names of Apps that others asked for, with one account after the other.
struct Taker {
    client: Client,
    taken: usize,
}

impl Taker {
    fn new(url: &str) -> Self {
        let client = Client::at(url.to_owned());
        client.post(Route::SignUp, &[], sign_up_request(&unique("take"))).expect(200);
        client.post(Route::SubmitApplication, &[], application()).expect(200);
        Self { client, taken: 0 }
    }

    fn take_app(&mut self, name: &str) {
        let body = json!({ "name": name, "description": "Takes a name that is free" });
        if self.taken == 8 {
            *self = Self::new(self.client.url());
        }
        self.taken += 1;
        // The App that had the name may have been deleted a moment ago.
        eventually(&format!("the name {name} is free"), || {
            match self.client.post(Route::CreateApp, &[], body.clone()).status {
                200 => Ok(()),
                status => Err(format!("{status}")),
            }
        });
    }
}

fn kv_has_what_the_objects_say(proof: &Proof, url: &str) {
    let program = env::var("GATEHOUSE_PROGRAM").expect("GATEHOUSE_PROGRAM: run by cargo xtask test");
    let verify = || {
        let mut command = Command::new(Path::new(&program));
        command.args(["verify", "--url", url]);
        let output = command.env("GATEHOUSE_OPERATOR_PASSWORD", TestDeployment::operator_password()).output();
        let output = output.expect("the program");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() && said.contains("0 differ in KV, 0 are on their way") {
            Ok(said)
        } else {
            Err(said + &String::from_utf8_lossy(&output.stderr))
        }
    };
    let said = poll(Duration::from_secs(300), verify).expect("KV has what the objects say");
    proof.progress(said.lines().last().unwrap_or_default());
}
