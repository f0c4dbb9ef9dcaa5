//! A client of the portal API and of the gate, which keeps its session.

use crate::{Reply, TestDeployment, eventually};
use gatehouse_shared::api::Route;
use serde_json::Value;
use std::{
    io::Read,
    sync::{Arc, Mutex},
    time::Duration,
};
use ureq::{Agent, SendBody, http};

/// The session cookie of the portal.
const COOKIE: &str = "__Host-gatehouse";

/// A caller: a browser as far as the portal's API sees one, with its session, or a program at the gate. A clone shares
/// the session, and may call from another thread.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    url: String,
    session: Arc<Mutex<Option<String>>>,
}

impl Default for Client {
    fn default() -> Self {
        Self::at(TestDeployment::url())
    }
}

impl Client {
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls another deployment than the one in the environment.
    pub fn at(url: String) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .max_idle_connections_per_host(8)
            // Under 64 callers at once every password takes its turn.
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .into();
        Self { agent, url, session: Arc::default() }
    }

    /// The same session, at a deployment that has moved to another address.
    pub fn moved_to(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The session's token: the cookie's value.
    pub fn session(&self) -> Option<String> {
        self.session.lock().expect("no caller has panicked").clone()
    }

    /// Calls a route of the portal API as the portal does.
    #[track_caller]
    pub fn call(&self, route: Route, params: &[(&str, &str)], body: Option<Value>) -> Reply {
        let mut params = params.to_vec();
        // Of the account's own developer account, unless another one is named.
        let is_named = params.iter().any(|(name, _)| *name == "developer_account_id");
        let own = match route.endpoint().path.contains("{developer_account_id}") && !is_named {
            true => self.own_developer_account(),
            false => String::new(),
        };
        params.push(("developer_account_id", &own));
        let path = route.path(&params);
        match self.try_call(route.endpoint().method.as_str(), &path, body) {
            Ok(reply) => reply,
            Err(error) => panic!("{} {path}: {error}", route.endpoint().method),
        }
    }

    #[track_caller]
    pub fn get(&self, route: Route, params: &[(&str, &str)]) -> Reply {
        self.call(route, params, None)
    }

    #[track_caller]
    pub fn post(&self, route: Route, params: &[(&str, &str)], body: Value) -> Reply {
        self.call(route, params, Some(body))
    }

    /// Calls as the portal does, without giving up where no answer comes.
    pub fn try_call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Reply, ureq::Error> {
        let text = body.map(|body| body.to_string()).unwrap_or_default();
        let headers = [("content-type", "application/json"), ("origin", self.url.as_str())];
        self.try_send(method, path, &headers, text.as_bytes())
    }

    /// Sends any request, with the session where there is one.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        match self.try_send(method, path, headers, body) {
            Ok(reply) => reply,
            Err(error) => panic!("{method} {path}: {error}"),
        }
    }

    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Reply, ureq::Error> {
        let request = self.request(method, path, headers);
        if body.is_empty() && matches!(method, "GET" | "HEAD" | "OPTIONS") {
            self.finish(request.body(SendBody::none())?)
        } else {
            self.finish(request.body(SendBody::from_owned_reader(std::io::Cursor::new(body.to_vec())))?)
        }
    }

    /// Sends a body as a stream: its length is not said beforehand.
    pub fn stream(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Read + 'static) -> Reply {
        let request = self.request(method, path, headers).body(SendBody::from_owned_reader(body));
        let sent = request.map_err(ureq::Error::from).and_then(|request| self.finish(request));
        match sent {
            Ok(reply) => reply,
            Err(error) => panic!("{method} {path}: {error}"),
        }
    }

    /// Calls the gate with a Bearer Token.
    #[track_caller]
    pub fn gate(&self, method: &str, path: &str, token: &str) -> Reply {
        let authorization = format!("Bearer {token}");
        self.send(method, path, &[("authorization", authorization.as_str())], &[])
    }

    /// Waits until the gate answers a read with a Bearer Token with that status.
    #[track_caller]
    pub fn expect_gate(&self, token: &str, status: u16) {
        eventually(&format!("{status} from the gate"), || match self.gate("GET", "/2/notes", token).status {
            found if found == status => Ok(()),
            found => Err(format!("it answers {found}")),
        });
    }

    /// The account's id.
    #[track_caller]
    pub fn account_id(&self) -> String {
        let session = self.get(Route::FindSession, &[]).expect(200);
        session["account"]["id"].as_str().expect("signed in").to_owned()
    }

    /// The developer account that the account may apply for; that of nobody where nobody is signed in.
    #[track_caller]
    pub fn own_developer_account(&self) -> String {
        let session = self.get(Route::FindSession, &[]).expect(200);
        session["developer_accounts"][0]["id"].as_str().unwrap_or("1000000000000000000").to_owned()
    }

    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> http::request::Builder {
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        match self.session() {
            Some(session) => request.header("cookie", format!("theme=dark; {COOKIE}={session}")),
            None => request,
        }
    }

    fn finish(&self, request: http::Request<SendBody<'_>>) -> Result<Reply, ureq::Error> {
        let request = self.agent.configure_request(request).build();
        let reply = Reply::read(self.agent.run(request)?)?;
        let begun = reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()?.split_once('='));
        if let Some((COOKIE, token)) = begun {
            let mut session = self.session.lock().expect("no caller has panicked");
            *session = Some(token.to_owned()).filter(|token| !token.is_empty());
        }
        Ok(reply)
    }
}
