//! Load as a deployment has it: programs that call, some of them wrongly, and people in the portal.

use base64ct::{Base64, Encoding};
use gatehouse::process::pause;
use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, PASSWORD, Random, Signer, TestApp, application, sign_up_request, unique};
use serde_json::json;
use std::time::{Duration, Instant};

/// The pace of one caller: with four of them, some 110 requests a second, below the limits of api.toml.
const PAUSE: Duration = Duration::from_millis(30);

/// A developer with an App that calls.
pub struct Load {
    random: Random,
    developer: Client,
    username: String,
    developer_account: String,
    app: TestApp,
    signer: Signer,
    basic: String,
}

/// What was sent.
#[derive(Default)]
pub struct Sent {
    pub requests: usize,
    pub signed: usize,
    pub apps_deleted: usize,
    /// In seconds.
    pub longest: f64,
}

impl Load {
    pub fn new(url: &str, seed: u64) -> Self {
        let (developer, username) = (Client::at(url.to_owned()), unique("soak"));
        developer.post(Route::SignUp, &[], sign_up_request(&username)).expect(200);
        developer.post(Route::SubmitApplication, &[], application()).expect(200);
        let app = developer.create_project("read-write");
        let signer = Signer::generate(&developer, &app);
        let basic =
            format!("Basic {}", Base64::encode_string(format!("{}:{}", app.api_key, app.api_key_secret).as_bytes()));
        let developer_account = developer.own_developer_account();
        Self { random: Random::from_seed(seed), developer, username, developer_account, app, signer, basic }
    }

    /// Calls until the time is over.
    pub fn run(&mut self, until: Instant) -> Sent {
        let mut sent = Sent::default();
        while Instant::now() < until {
            let started = Instant::now();
            match self.random.below(4000) {
                // Seldom: what is left of a deleted App stays for a day, and would grow for all of the hour.
                0 => sent.apps_deleted += self.come_and_go(),
                1..30 => self.regenerate(),
                30..60 => self.sign_in(),
                60..200 => self.ask_for_request_token(),
                200..400 => self.fetch_token(),
                400..700 => self.look_at_dashboard(),
                700..1200 => self.call_wrongly(),
                1200..2500 => {
                    sent.signed += 1;
                    self.call_signed();
                }
                _ => self.call_with_bearer(),
            }
            sent.requests += 1;
            sent.longest = sent.longest.max(started.elapsed().as_secs_f64());
            pause(PAUSE);
        }
        sent
    }

    fn url(&self) -> &str {
        self.developer.url()
    }

    /// Calls without the session, as programs do.
    fn call(&self, method: &str, path: &str, authorization: &str, form: &[u8]) -> u16 {
        let headers = [("authorization", authorization), ("content-type", "application/x-www-form-urlencoded")];
        Client::at(self.url().to_owned()).send(method, path, &headers, form).status
    }

    fn call_with_bearer(&self) {
        let authorization = format!("Bearer {}", self.app.bearer_token);
        assert_eq!(self.call("GET", "/2/echo?from=soak", &authorization, b""), 200);
    }

    fn call_signed(&mut self) {
        let (method, form) =
            if self.random.one_in(4) { ("POST", b"a=b&c=d".as_slice()) } else { ("GET", b"".as_slice()) };
        let covered = (!form.is_empty()).then_some(form);
        let authorization = self.signer.header_at(self.url(), method, "/2/echo?a=1", covered);
        assert_eq!(self.call(method, "/2/echo?a=1", &authorization, form), 200);
    }

    /// A made-up token, one that is misspelled, and a wrong signature: refused, and written down for the developer.
    fn call_wrongly(&mut self) {
        let authorization = match self.random.below(3) {
            0 => "Bearer gh_bearer_made_up".to_owned(),
            1 => format!("Bearer {}x", self.app.bearer_token),
            _ => self.signer.header_at(self.url(), "GET", "/2/elsewhere", None),
        };
        assert_eq!(self.call("GET", "/2/echo?a=1", &authorization, b""), 401);
    }

    fn fetch_token(&self) {
        assert_eq!(self.call("POST", "/oauth2/token", &self.basic, b"grant_type=client_credentials"), 200);
    }

    fn ask_for_request_token(&self) {
        let path = "/oauth/request_token?oauth_callback=oob";
        let signer = Signer::of(&self.app, "", "");
        let status = self.call("POST", path, &signer.header_at(self.url(), "POST", path, None), b"");
        assert!(matches!(status, 200 | 401 | 403), "a request token: {status}");
    }

    fn look_at_dashboard(&self) {
        self.developer.get(Route::FindDashboard, &[("developer_account_id", &self.developer_account)]).expect(200);
    }

    /// Goes on with the new session: of more than 50, the oldest end.
    fn sign_in(&mut self) {
        let body = json!({ "login": self.username, "password": PASSWORD });
        let anew = Client::at(self.url().to_owned());
        anew.post(Route::SignIn, &[], body).expect(200);
        self.developer = anew;
    }

    fn regenerate(&mut self) {
        let params = [("app_id", self.app.id.as_str()), ("kind", "bearer-token")];
        let issued = self.developer.post(Route::RegenerateCredential, &params, json!({})).expect(200);
        self.app.bearer_token = issued["bearer_token"].as_str().expect("a token").to_owned();
    }

    /// An App that is created, called once, and deleted.
    fn come_and_go(&self) -> usize {
        let app = self.developer.create_app("read");
        assert_eq!(self.call("GET", "/1.1/notes.json", &format!("Bearer {}", app.bearer_token), b""), 200);
        let body = json!({ "confirm_name": app.name });
        self.developer.post(Route::DeleteApp, &[("app_id", &app.id)], body).expect(200);
        1
    }
}
