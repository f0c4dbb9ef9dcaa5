//! How long what was taken back still passes, measured under load in an isolate that has to hear of it by storage.

use gatehouse_shared::api::Route;
use gatehouse_tests::{
    CALLBACK, Client, Server, TestDeployment, application, eventually, percent, sign_up_request, unique,
};
use serde_json::json;
use std::{
    thread,
    time::{Duration, Instant},
};

/// MEMORY_SECONDS + KV cache + KV propagation; the local KV has neither of the last two.
const BOUND: Duration = Duration::from_secs(10 + 30 + 60);
const MEMORY: Duration = Duration::from_secs(10);

/// Calls the second isolate until it refuses for a second on end; when the last call that passed began, and how many
/// did.
fn load(url: &str, path: &str, token: &str) -> (Option<Instant>, u32) {
    let client = Client::at(url.to_owned());
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str()), ("x-elsewhere", "1")];
    let (mut last, mut passed, mut refused_since) = (None, 0, None::<Instant>);
    loop {
        let began = Instant::now();
        let reply = client.send("GET", path, &headers, b"");
        match reply.status {
            status if reached_the_api(status) => (last, passed, refused_since) = (Some(began), passed + 1, None),
            401 | 403 if refused_since.get_or_insert(began).elapsed() > Duration::from_secs(1) => {
                return (last, passed);
            }
            401 | 403 => {}
            status => panic!("{path} was refused for another reason: {status} {}", reply.text),
        }
    }
}

/// The API has a note list, and answers 404 to the path without a limit: both mean that the gate let the call pass.
fn reached_the_api(status: u16) -> bool {
    matches!(status, 200 | 404)
}

/// A deployment in two isolates, and who changes something there.
struct TwoIsolates {
    server: Server,
    developer: Client,
    operator: Client,
    /// The developer's own developer account.
    own: String,
}

impl TwoIsolates {
    fn new(data: &tempfile::TempDir, variables: &[(&str, &str)]) -> Self {
        let server = Server::in_two_isolates(data.path(), variables);
        let at = || Client::at(server.url().to_owned());
        let (developer, operator) = (at(), at());
        developer.post(Route::SignUp, &[], sign_up_request(&unique("dev"))).expect(200);
        developer.post(Route::SubmitApplication, &[], application()).expect(200);
        let body = json!({ "login": "operator", "password": TestDeployment::operator_password() });
        operator.post(Route::SignIn, &[], body).expect(200);
        let own = developer.own_developer_account();
        Self { server, developer, operator, own }
    }

    /// An access token of the developer for an App in a Project, by OAuth 2.0; the App's id with it.
    fn grant(&self) -> (String, String) {
        let app = self.developer.create_project("read");
        let client = self.developer.turn_sign_in_on(&app, "single-page-app");
        let url = self.server.url();
        // Verifier and challenge of RFC 7636, appendix B.
        let address = format!(
            "{url}/2/oauth2/authorize?response_type=code&client_id={}&redirect_uri={}&scope=notes.read&state=s\
             &code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            client.id,
            percent(CALLBACK)
        );
        let back = self.developer.answer(&address, true);
        let code = back.split(['?', '&']).find_map(|part| part.strip_prefix("code=")).expect("a code");
        let body = format!(
            "grant_type=authorization_code&client_id={}&redirect_uri={}&code={code}\
             &code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            client.id,
            percent(CALLBACK)
        );
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let tokens = self.developer.send("POST", "/2/oauth2/token", &form, body.as_bytes()).expect(200);
        (app.id, tokens["access_token"].as_str().expect("a token").to_owned())
    }

    /// Takes back under load; how long after the answer the last call that passed began.
    fn measure(&self, what: &str, path: &str, token: &str, take_back: impl FnOnce()) -> Duration {
        let url = self.server.url();
        let headers = [("authorization", &*format!("Bearer {token}")), ("x-elsewhere", "1")];
        eventually("the second isolate knows it", || {
            let status = Client::at(url.to_owned()).send("GET", path, &headers, b"").status;
            if reached_the_api(status) { Ok(()) } else { Err(format!("status {status}")) }
        });
        thread::scope(|scope| {
            let callers: Vec<_> = (0..2).map(|_| scope.spawn(|| load(url, path, token))).collect();
            take_back();
            let done = Instant::now();
            let loads: Vec<_> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
            let late = loads.iter().filter_map(|(last, _)| last.map(|last| last.saturating_duration_since(done)));
            let (late, calls): (Duration, u32) =
                (late.max().unwrap_or_default(), loads.iter().map(|(_, passed)| passed).sum());
            println!("{what}: the last of {calls} calls that passed began {late:.1?} after; the bound is {BOUND:?}");
            late
        })
    }

    fn set_status(&self, app: &str, status: &str) {
        let params = [("developer_account_id", self.own.as_str()), ("app_id", app)];
        let body = json!({ "status": status, "reason": "For tests" });
        self.operator.call(Route::SetAppStatus, &params, Some(body)).expect(200);
    }

    /// Everything that can be taken back, a deletion first, side by side; what was measured of each.
    fn measure_all(&self) -> Vec<Duration> {
        let [deleted, suspended, regenerated] = [(); 3].map(|()| self.developer.create_app("read"));
        let (granted, access) = self.grant();
        let free = "/1.1/any.json";
        thread::scope(|scope| {
            let runs = [
                scope.spawn(|| {
                    self.measure("App deleted", free, &deleted.bearer_token, || {
                        let body = json!({ "confirm_name": deleted.name });
                        self.developer.call(Route::DeleteApp, &[("app_id", &deleted.id)], Some(body)).expect(200);
                    })
                }),
                scope.spawn(|| {
                    self.measure("App suspended", free, &suspended.bearer_token, || {
                        self.set_status(&suspended.id, "suspended")
                    })
                }),
                scope.spawn(|| {
                    self.measure("Bearer Token regenerated", free, &regenerated.bearer_token, || {
                        let params = [("app_id", regenerated.id.as_str()), ("kind", "bearer-token")];
                        self.developer.post(Route::RegenerateCredential, &params, json!({})).expect(200);
                    })
                }),
                scope.spawn(|| {
                    self.measure("grant revoked", "/2/notes", &access, || {
                        self.developer.call(Route::RevokeConnectedApp, &[("app_id", &granted)], None).expect(200);
                    })
                }),
            ];
            runs.map(|run| run.join().unwrap()).to_vec()
        })
    }
}

#[test]
fn what_is_taken_back_under_load_stops_within_the_bound() {
    let data = tempfile::tempdir().unwrap();
    let measured = TwoIsolates::new(&data, &[]).measure_all();
    for late in &measured {
        // A local KV shows a change at once: what is left is the isolate's memory, and a call's own time.
        assert!(*late < MEMORY + Duration::from_secs(3) && *late < BOUND, "{measured:?}");
    }
    // Had the second isolate heard of it by itself, this would prove nothing. Of a deletion it hears with its next lease.
    assert!(measured.iter().skip(1).all(|late| *late > Duration::from_millis(200)), "{measured:?}");
}

#[test]
fn with_strict_freshness_what_is_taken_back_stops_at_once() {
    let data = tempfile::tempdir().unwrap();
    let measured = TwoIsolates::new(&data, &[("FRESHNESS", "strict")]).measure_all();
    // Calls that were under way are all that passes.
    assert!(measured.iter().all(|late| *late < Duration::from_millis(100)), "{measured:?}");
}
