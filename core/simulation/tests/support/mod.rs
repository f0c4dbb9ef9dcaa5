//! A whole deployment over memory ports, and a client that calls it.

pub mod audit;
pub mod docs;
pub mod edge;
mod members;
pub mod sample;
pub mod sign_in;
pub mod signing;

pub use members::{invite, invited};

use gatehouse_domain::gate::Verdict;
use gatehouse_domain::progress::{Progress, start};
use gatehouse_domain::request::RequestHead;
use gatehouse_domain::settings::Settings;
use gatehouse_edge::check::{Asker, Form, FormBody};
use gatehouse_edge::http::{Body, Request, Response};
use gatehouse_edge::isolate::Isolate;
use gatehouse_shared::api::{Method, Route};
use gatehouse_shared::description::{ApiDescription, parse};
use gatehouse_simulation::{MemoryRuntime, World};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

pub const ORIGIN: &str = "https://portal.example";
pub const OPERATOR_PASSWORD: &str = "operator-password-1";
pub const PASSWORD: &str = "correct horse battery";
/// The id of no developer account.
pub const NOBODYS_DEVELOPER_ACCOUNT: &str = "1000000000000000000";

pub const API: &str = r#"
name = "Notes API"
summary = "For tests"
token_prefix = "gh"
reserved_words = ["acme"]
upstream = { service = "UPSTREAM" }
plan = { projects = 1, apps_per_project = 3, apps = 10, monthly_cap = 1000 }
[[scope]]
name = "notes.read"
text = "Read your notes."
[[scope]]
name = "notes.write"
text = "Add notes for you."
permission = "read-write"
[[scope]]
name = "users.read"
text = "See your username."
[[version]]
name = "v1.1"
prefix = "/1.1"
needs_project = false
errors = "codes"
[[version.route]]
methods = ["GET"]
path = "/1.1/account/verify.json"
summary = "Users only"
credentials = ["oauth1-user"]
[[version.route]]
methods = ["GET"]
path = "/1.1/account/verify_credentials.json"
summary = "The user"
credentials = ["oauth1-user"]
builtin = "verify-credentials"
[[version.route]]
methods = ["POST"]
path = "/1.1/oauth/invalidate_token"
summary = "Revoke"
credentials = ["oauth1-user"]
builtin = "invalidate-access-token"
[[version.route]]
methods = ["GET"]
path = "/1.1/free.json"
summary = "Any number"
credentials = ["bearer-token", "oauth1-user", "oauth2-user"]
scopes = ["notes.read"]
[[version.route]]
methods = ["GET"]
path = "/1.1/busy.json"
summary = "Often"
limit = { app = 30_000, window_seconds = 60 }
[[version.route]]
methods = ["GET"]
path = "/1.1/limited.json"
summary = "Seldom"
limit = { app = 20, user = 5 }
[[version.route]]
methods = ["GET"]
path = "/1.1/application/rate_limit_status.json"
summary = "Limits"
builtin = "rate-limit-status"
[[version.route]]
methods = ["GET"]
path = "/1.1/messages.json"
summary = "Messages"
permission = "read-write-directmessages"
[[version]]
name = "v2"
prefix = "/2"
needs_project = true
errors = "problem"
[[version.route]]
methods = ["GET"]
path = "/2/limited"
summary = "Seldom"
limit = { app = 100, window_seconds = 60 }
[[version.route]]
methods = ["GET"]
path = "/2/scarce"
summary = "Three a minute"
limit = { app = 3, window_seconds = 60 }
[[version.route]]
methods = ["GET"]
path = "/2/usage"
summary = "Usage"
credentials = ["bearer-token"]
builtin = "usage"
[[version.route]]
methods = ["GET"]
path = "/2/notes/:id"
summary = "Read a note"
credentials = ["bearer-token", "oauth1-user", "oauth2-user"]
scopes = ["notes.read"]
[[version.route]]
methods = ["POST"]
path = "/2/notes"
summary = "Add a note"
credentials = ["bearer-token", "oauth1-user", "oauth2-user"]
scopes = ["notes.read", "notes.write"]
[[version.route]]
methods = ["POST"]
path = "/2/search"
summary = "A POST that reads"
permission = "read"
[[version.route]]
methods = ["GET"]
path = "/2/users/me"
summary = "Users only"
credentials = ["oauth1-user", "oauth2-user"]
scopes = ["users.read"]
builtin = "find-me"
[[version.route]]
methods = ["GET"]
path = "/2/users/:id"
summary = "A user"
builtin = "find-user"
[[version.route]]
methods = ["GET"]
path = "/2/users/by/username/:name"
summary = "A user"
builtin = "find-user-by-username"
"#;

/// Parsed once: a simulation makes thousands of isolates.
pub fn api() -> ApiDescription {
    static PARSED: OnceLock<ApiDescription> = OnceLock::new();
    PARSED.get_or_init(|| parse(API).unwrap()).clone()
}

/// An isolate.
pub type Deployed = Rc<Isolate<MemoryRuntime>>;

/// A deployment and its world.
pub struct TestDeployment {
    pub world: Rc<World>,
    pub isolate: Rc<Isolate<MemoryRuntime>>,
}

impl TestDeployment {
    pub fn new(seed: u64) -> Self {
        Self::with(seed, &[])
    }

    /// With some variables set.
    pub fn with(seed: u64, variables: &[(&str, &str)]) -> Self {
        let world = World::new(seed);
        let isolate = Self::isolate(&world, variables);
        Self { world, isolate }
    }

    /// Another isolate over the same storage, with a memory of its own.
    pub fn isolate(world: &Rc<World>, variables: &[(&str, &str)]) -> Rc<Isolate<MemoryRuntime>> {
        let keys = format!("1:{}", "5a".repeat(32));
        let settings = Settings::read(api(), |name| {
            let set = variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            set.or_else(|| match name {
                "MASTER_KEYS" => Some(keys.clone()),
                "OPERATOR_PASSWORD" => Some(OPERATOR_PASSWORD.to_owned()),
                _ => None,
            })
        })
        .unwrap();
        Rc::new(Isolate::new(MemoryRuntime(world.clone()), settings))
    }

    pub fn client(&self) -> Client {
        Client { isolate: self.isolate.clone(), cookie: RefCell::new(None) }
    }

    /// A signed-in account whose application is not sent yet.
    pub async fn unapproved(&self, username: &str) -> Client {
        let client = self.client();
        let body = json!({ "username": username, "email": format!("{username}@example.com"), "password": PASSWORD });
        client.post(Route::SignUp, &[], body).await.expect(200);
        client
    }

    pub async fn operator(&self) -> Client {
        let client = self.client();
        let body = json!({ "login": "operator", "password": OPERATOR_PASSWORD });
        client.post(Route::SignIn, &[], body).await.expect(200);
        client
    }

    /// A developer who is an operator as well.
    pub async fn operator_as(&self, username: &str, role: &str) -> Client {
        let client = self.developer(username).await;
        let account = client.account_id().await;
        let operator = self.operator().await;
        let params = [("account_id", account.as_str())];
        operator.call(Route::SetOperatorRole, &params, Some(json!({ "role": role }))).await.expect(200);
        client
    }

    /// A signed-in, approved developer.
    pub async fn developer(&self, username: &str) -> Client {
        let client = self.unapproved(username).await;
        client.post(Route::SubmitApplication, &[], application()).await.expect(200);
        self.operator().await.decide(&client, "approve").await.expect(200);
        client
    }

    /// What the gate says about a call with a Bearer Token.
    pub async fn gate(&self, method: &str, path: &str, token: &str) -> Verdict {
        self.gate_with(method, path, Some(&format!("Bearer {token}"))).await
    }

    pub async fn gate_with(&self, method: &str, path: &str, authorization: Option<&str>) -> Verdict {
        let url = format!("{ORIGIN}{path}");
        self.gate_form(method, &url, authorization, Form::None).await
    }

    /// What the gate says about a request with a form body.
    pub async fn gate_form(&self, method: &str, url: &str, authorization: Option<&str>, form: Form) -> Verdict {
        let head = RequestHead { method, url, authorization };
        decide(&self.isolate, Asker::Client, &head, &form).await.0.expect("the path lies under a version")
    }

    /// The status that a GET of a path gets at the gate; 200 where it passes.
    pub async fn gate_status(&self, path: &str, token: &str) -> u16 {
        match self.gate("GET", path, token).await {
            Verdict::Forward(_) => 200,
            Verdict::Answer(answer) => answer.status,
            Verdict::Refuse(refused) => refused.answer.status,
        }
    }
}

/// What an isolate decides, as the Worker asks it, and whether it had to wait.
pub async fn decide(
    isolate: &Deployed,
    asker: Asker,
    head: &RequestHead<'_>,
    body: &impl FormBody,
) -> (Option<Verdict>, bool) {
    match start(Box::pin(isolate.check(asker, head, body))) {
        Progress::Done(decided) => (decided, false),
        Progress::Waiting(decision) => (decision.await, true),
    }
}

/// What an isolate decides at once; `None` where it has to wait, and the
/// request is cancelled.
pub fn decide_at_once(
    isolate: &Deployed,
    asker: Asker,
    head: &RequestHead<'_>,
    body: &impl FormBody,
) -> Option<Option<Verdict>> {
    match start(Box::pin(isolate.check(asker, head, body))) {
        Progress::Done(decided) => Some(decided),
        Progress::Waiting(_) => None,
    }
}

/// A browser, as far as the API sees one.
#[derive(Clone)]
pub struct Client {
    pub isolate: Rc<Isolate<MemoryRuntime>>,
    pub cookie: RefCell<Option<String>>,
}

impl Client {
    pub async fn get(&self, route: Route, params: &[(&str, &str)]) -> Reply {
        self.call(route, params, None).await
    }

    pub async fn post(&self, route: Route, params: &[(&str, &str)], body: Value) -> Reply {
        self.call(route, params, Some(body)).await
    }

    /// Calls a route with its method, whatever that is.
    pub async fn call(&self, route: Route, params: &[(&str, &str)], body: Option<Value>) -> Reply {
        let headers = [("content-type", "application/json"), ("origin", ORIGIN)];
        let text = body.map(|body| body.to_string()).unwrap_or_default();
        let mut params = params.to_vec();
        // Of an account's own developer account, unless another one is named.
        let own = match route.endpoint().path.contains("{developer_account_id}") {
            true if !params.iter().any(|(name, _)| *name == "developer_account_id") => {
                self.own_developer_account().await
            }
            _ => String::new(),
        };
        params.push(("developer_account_id", &own));
        self.send(route.endpoint().method, &route.path(&params), &headers, text.as_bytes()).await
    }

    /// The developer account that the account may apply for; that of nobody where nobody is signed in.
    pub async fn own_developer_account(&self) -> String {
        let reply = self.send(Method::Get, &Route::FindSession.path(&[]), &[], b"").await;
        reply.json["developer_accounts"][0]["id"].as_str().unwrap_or(NOBODYS_DEVELOPER_ACCOUNT).to_owned()
    }

    /// As an operator, decides about the application of a developer's own developer account.
    pub async fn decide(&self, developer: &Client, decision: &str) -> Reply {
        let id = developer.own_developer_account().await;
        let body = json!({ "decision": decision, "reason": "For a reason that they can read." });
        self.post(Route::DecideApplication, &[("developer_account_id", &id)], body).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.raw(method.as_str(), path, headers, Body::Read(body.to_vec())).await
    }

    pub async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let mut all: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if let Some(cookie) = &*self.cookie.borrow() {
            all.push(("cookie".to_owned(), format!("theme=dark; __Host-gatehouse={cookie}")));
        }
        let address = all.iter().find(|(name, _)| name == "cf-connecting-ip").map(|(_, value)| value.clone());
        let url = format!("{ORIGIN}{path}");
        let request = Request { method: method.to_owned(), url, headers: all, body, address };
        let response = self.isolate.handle(&request).await;
        if let Some(set) = response.header("set-cookie") {
            let value = set.split(';').next().unwrap().split_once('=').unwrap().1;
            *self.cookie.borrow_mut() = Some(value.to_owned()).filter(|value| !value.is_empty());
        }
        Reply::new(response)
    }

    pub async fn account_id(&self) -> String {
        let info = self.get(Route::FindSession, &[]).await.expect(200);
        info["account"]["id"].as_str().unwrap().to_owned()
    }

    /// Creates a standalone App; gives its id and the whole answer.
    pub async fn create_app(&self, name: &str) -> (String, Value) {
        let body = json!({ "name": name, "description": "An App for tests" });
        let created = self.post(Route::CreateApp, &[], body).await.expect(200);
        (created["app"]["id"].as_str().unwrap().to_owned(), created)
    }

    /// Creates the account's Project with a first App; gives both ids and the
    /// whole answer.
    pub async fn create_project(&self, app: &str, permission: &str) -> (String, String, Value) {
        let body = json!({
            "name": "Project", "description": "A Project for tests", "use_case": use_case(),
            "app": { "name": app, "description": "An App for tests", "permission": permission },
        });
        let created = self.post(Route::CreateProject, &[], body).await.expect(200);
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        (id(&created["project"]), id(&created["app"]["app"]), created)
    }
}

/// An answer, read.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
    pub json: Value,
}

impl Reply {
    fn new(response: Response) -> Self {
        let json = serde_json::from_str(&response.body).unwrap_or(Value::Null);
        Self { status: response.status, headers: response.headers, text: response.body, json }
    }

    /// The body, where the status is the expected one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json
    }

    /// Asserts a refusal with a code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.json["code"].as_str()), (status, Some(code)), "{}", self.text);
        self.json
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

pub fn use_case() -> String {
    "We read notes and show them beside our calendar. ".repeat(3)
}

pub fn application() -> Value {
    json!({ "use_case": use_case(), "purpose": "research", "organization": "", "accept_terms": true })
}
