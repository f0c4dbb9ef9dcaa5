//! One of the writers whose server is killed, and what it knows of its writes.

use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, Random, application, sign_up_request, unique};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What became of a write, as far as its writer knows.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub enum Fate {
    /// It was never asked for, or was refused.
    NotDone,
    /// It was asked for, and no answer came.
    Unknown,
    Done,
}

pub struct KnownApp {
    pub id: String,
    pub name: String,
    pub token: String,
    /// Whether the token was replaced after it was shown.
    pub replacement: Fate,
    pub deletion: Fate,
    /// Tokens that were replaced.
    pub ended: Vec<String>,
}

pub struct Developer {
    pub username: String,
    pub client: Client,
    pub id: String,
    pub apps: Vec<KnownApp>,
    /// Names of Apps whose creation had no answer.
    pub unanswered: Vec<String>,
    writes: usize,
}

pub struct Writer {
    random: Random,
    pub developers: Vec<Developer>,
    /// Usernames whose sign-up had no answer.
    pub unanswered: Vec<String>,
    pub acknowledged: usize,
}

enum Answer {
    Done(Value),
    Refused,
    Lost,
}

/// After so many writes another account goes on: an account may make 60 changes at once.
const WRITES_OF_A_DEVELOPER: usize = 30;
/// The plan allows ten.
const APPS_OF_A_DEVELOPER: usize = 8;

impl Writer {
    pub fn new(seed: u64) -> Self {
        Self { random: Random::from_seed(seed), developers: Vec::new(), unanswered: Vec::new(), acknowledged: 0 }
    }

    /// Writes until the server is gone. `answers` counts for all writers.
    pub fn work(&mut self, url: &str, answers: &AtomicUsize) {
        for developer in &mut self.developers {
            developer.client = developer.client.moved_to(url);
        }
        loop {
            let goes_on = match self.developers.last() {
                Some(developer) if developer.writes < WRITES_OF_A_DEVELOPER => self.write(),
                _ => self.sign_up(url),
            };
            if !goes_on {
                return;
            }
            answers.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn sign_up(&mut self, url: &str) -> bool {
        let (client, username) = (Client::at(url.to_owned()), unique("kill"));
        let session = match ask(&client, Route::SignUp, &[], sign_up_request(&username)) {
            Answer::Done(session) => session,
            Answer::Refused => return true,
            Answer::Lost => {
                self.unanswered.push(username);
                return false;
            }
        };
        self.acknowledged += 1;
        let id = session["developer_accounts"][0]["id"].as_str().expect("an id").to_owned();
        let applied = ask(&client, Route::SubmitApplication, &[("developer_account_id", &id)], application());
        self.developers.push(Developer { username, client, id, apps: Vec::new(), unanswered: Vec::new(), writes: 0 });
        self.acknowledged += usize::from(matches!(applied, Answer::Done(_)));
        !matches!(applied, Answer::Lost)
    }

    fn write(&mut self) -> bool {
        let developer = self.developers.last_mut().expect("there is one");
        developer.writes += 1;
        let living: Vec<usize> = (0..developer.apps.len()).filter(|at| developer.apps[*at].lives()).collect();
        let answer = match self.random.below(10) {
            0..5 if living.len() < APPS_OF_A_DEVELOPER => developer.create(),
            _ if living.is_empty() => developer.create(),
            0..8 => developer.regenerate(*self.random.choose(&living)),
            _ => developer.delete(*self.random.choose(&living)),
        };
        self.acknowledged += usize::from(answer == Some(true));
        answer.is_some()
    }
}

impl KnownApp {
    fn lives(&self) -> bool {
        self.deletion == Fate::NotDone && self.replacement == Fate::NotDone
    }
}

impl Developer {
    /// Whether it was done; nothing where no answer came.
    fn create(&mut self) -> Option<bool> {
        let name = unique("App");
        let body = json!({ "name": name, "description": "Made before the end" });
        match ask(&self.client, Route::CreateApp, &[("developer_account_id", &self.id)], body) {
            Answer::Done(created) => {
                let text = |path: &str| created.pointer(path).and_then(Value::as_str).expect(path).to_owned();
                self.apps.push(KnownApp {
                    id: text("/app/id"),
                    name,
                    token: text("/credentials/bearer_token"),
                    replacement: Fate::NotDone,
                    deletion: Fate::NotDone,
                    ended: Vec::new(),
                });
                Some(true)
            }
            Answer::Refused => Some(false),
            Answer::Lost => {
                self.unanswered.push(name);
                None
            }
        }
    }

    fn regenerate(&mut self, at: usize) -> Option<bool> {
        let app = &mut self.apps[at];
        let params = [("app_id", app.id.as_str()), ("kind", "bearer-token")];
        match ask(&self.client, Route::RegenerateCredential, &params, json!({})) {
            Answer::Done(issued) => {
                let fresh = issued["bearer_token"].as_str().expect("a token").to_owned();
                app.ended.push(std::mem::replace(&mut app.token, fresh));
                Some(true)
            }
            Answer::Refused => Some(false),
            Answer::Lost => {
                app.replacement = Fate::Unknown;
                None
            }
        }
    }

    fn delete(&mut self, at: usize) -> Option<bool> {
        let app = &mut self.apps[at];
        match ask(&self.client, Route::DeleteApp, &[("app_id", &app.id)], json!({ "confirm_name": app.name })) {
            Answer::Done(_) => {
                app.deletion = Fate::Done;
                Some(true)
            }
            Answer::Refused => Some(false),
            Answer::Lost => {
                app.deletion = Fate::Unknown;
                None
            }
        }
    }
}

/// Asks; an answer of 5xx says as little as none.
fn ask(client: &Client, route: Route, params: &[(&str, &str)], body: Value) -> Answer {
    let reply = client.try_call(route.endpoint().method.as_str(), &route.path(params), Some(body));
    match reply {
        Ok(reply) if reply.status == 200 => Answer::Done(reply.json),
        Ok(reply) if reply.status < 500 => Answer::Refused,
        _ => Answer::Lost,
    }
}
