//! A clock that is set forward and back, under a deployment that runs and between two starts.

use super::developer;
use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, Proof, Server, ShiftedClock, Signer, TestApp, unique};
use serde_json::json;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// What of a developer has to work whatever the clock shows, within the session's 30 days.
struct Known {
    client: Client,
    app: TestApp,
    signer: Signer,
}

impl Known {
    fn works(&self, server: &Server, when: &str) {
        let client = self.client.moved_to(server.url());
        let reply = client.gate("GET", "/2/notes", &self.app.bearer_token);
        assert_eq!(reply.status, 200, "{when}: {}", reply.text);
        let account = [("developer_account_id", client.own_developer_account())];
        let account = account.each_ref().map(|(name, value)| (*name, value.as_str()));
        let body = json!({ "name": unique("App"), "description": "Made at a strange time" });
        let made = client.post(Route::CreateApp, &account, body);
        assert_eq!(made.status, 200, "{when}: {}", made.text);
        let made = made.json;
        let token = made["credentials"]["bearer_token"].as_str().expect("a token");
        assert_eq!(client.gate("GET", "/1.1/notes.json", token).status, 200, "{when}: what was just made");
        let (id, name) = (made["app"]["id"].as_str().expect("an id"), &made["app"]["settings"]["name"]);
        client.post(Route::DeleteApp, &[("app_id", id)], json!({ "confirm_name": name })).expect(200);
    }

    /// What a request that was signed at the true time is answered.
    fn signed(&self, server: &Server) -> u16 {
        self.repeated(server, &self.signer.header_at(server.url(), "GET", "/2/notes", None))
    }

    fn repeated(&self, server: &Server, authorization: &str) -> u16 {
        let client = Client::at(server.url().to_owned());
        client.send("GET", "/2/notes", &[("authorization", authorization)], &[]).status
    }
}

#[test]
fn a_clock_that_jumps_refuses_signatures_while_it_is_wrong_and_loses_nothing() {
    let proof = Proof::new("folder");
    let data = tempfile::tempdir().unwrap();
    let clock = ShiftedClock::new();
    let server = Server::start_at(data.path(), &clock, &[]);
    let (client, app) = developer(server.url());
    let signer = Signer::generate(&client, &app);
    let known = Known { client, app, signer };
    known.works(&server, "before");
    let used = known.signer.header_at(server.url(), "GET", "/2/notes", None);
    assert_eq!(known.repeated(&server, &used), 200);
    let jumps = [HOUR, 3 * DAY, -HOUR, -2 * DAY, 0];
    for seconds in jumps {
        clock.shift_to(seconds);
        let when = format!("{seconds} s off");
        known.works(&server, &when);
        let (fresh, again) = (known.signed(&server), known.repeated(&server, &used));
        assert_eq!(fresh, if seconds == 0 { 200 } else { 401 }, "{when}");
        assert_eq!(again, 401, "{when}: a nonce passes twice");
    }
    drop(server);
    for seconds in jumps {
        clock.shift_to(seconds);
        let server = Server::start_at(data.path(), &clock, &[]);
        known.works(&server, &format!("started {seconds} s off"));
        assert_eq!(known.repeated(&server, &used), 401, "started {seconds} s off: a nonce passes twice");
    }
    proof.note(
        "clock jumps of an hour, two and three days, running and between starts",
        format!("{} each; nothing lost, no nonce passes twice, signatures refused while it is wrong", jumps.len()),
    );
}
