//! Developers and operators: accounts, applications, Projects and Apps made over the API.

use crate::{Client, Reply, Server, TestDeployment, unique};
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

pub const PASSWORD: &str = "correct horse battery";

/// A use case as long as the rules want it.
pub fn use_case() -> String {
    sentence().repeat(3)
}

/// Half of a use case: too short.
pub fn sentence() -> &'static str {
    "We read notes and show them beside our calendar. "
}

pub fn sign_up_request(username: &str) -> Value {
    json!({ "username": username, "email": format!("{username}@example.com"), "password": PASSWORD })
}

pub fn application() -> Value {
    json!({ "use_case": use_case(), "purpose": "research", "organization": "Almanac Ltd", "accept_terms": true })
}

/// A Project with its first App.
pub fn first_project(app: &str, permission: &str) -> Value {
    json!({
        "name": "Almanac", "description": "A Project for tests", "use_case": use_case(),
        "app": { "name": app, "description": "An App for tests", "permission": permission },
    })
}

impl Client {
    /// Signs a new account up.
    #[track_caller]
    pub fn unapproved(username: &str) -> Self {
        let client = Self::new();
        client.post(Route::SignUp, &[], sign_up_request(username)).expect(200);
        client
    }

    /// Signs a new account up whose application is in review.
    #[track_caller]
    pub fn applicant(username: &str) -> Self {
        let client = Self::unapproved(username);
        client.post(Route::SubmitApplication, &[], application()).expect(200);
        client
    }

    #[track_caller]
    pub fn operator() -> Self {
        Self::new().signed_in_as_operator(&TestDeployment::operator_password())
    }

    #[track_caller]
    pub fn signed_in_as_operator(self, password: &str) -> Self {
        let body = json!({ "login": "operator", "password": password });
        self.post(Route::SignIn, &[], body).expect(200);
        self
    }

    /// Signs a new account up, applies, and has the operator approve.
    #[track_caller]
    pub fn developer() -> Self {
        Self::developer_named(&unique("dev"))
    }

    #[track_caller]
    pub fn developer_named(username: &str) -> Self {
        let client = Self::applicant(username);
        Self::operator().decide(&client.own_developer_account(), "approve", "").expect(200);
        client
    }

    /// As an operator, decides about an application.
    #[track_caller]
    pub fn decide(&self, developer: &str, decision: &str, reason: &str) -> Reply {
        let body = json!({ "decision": decision, "reason": reason });
        self.post(Route::DecideApplication, &[("developer_account_id", developer)], body)
    }

    /// Creates a Project with an App of a unique name.
    #[track_caller]
    pub fn create_project(&self, permission: &str) -> TestApp {
        let name = unique("App");
        let created = self.post(Route::CreateProject, &[], first_project(&name, permission)).expect(200);
        TestApp::new(&created["app"])
    }

    /// Creates a standalone App of a unique name.
    #[track_caller]
    pub fn create_app(&self, permission: &str) -> TestApp {
        let body = json!({ "name": unique("App"), "description": "An App for tests", "permission": permission });
        TestApp::new(&self.post(Route::CreateApp, &[], body).expect(200))
    }
}

/// An App with the credentials that were shown once.
#[derive(Debug, Clone)]
pub struct TestApp {
    pub id: String,
    pub name: String,
    /// Empty for a standalone App.
    pub project_id: String,
    pub api_key: String,
    pub api_key_secret: String,
    pub bearer_token: String,
}

impl TestApp {
    #[track_caller]
    fn new(created: &Value) -> Self {
        let text = |path: &str| created.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            id: text("/app/id"),
            name: text("/app/settings/name"),
            project_id: text("/app/project/id"),
            api_key: text("/credentials/api_key"),
            api_key_secret: text("/credentials/api_key_secret"),
            bearer_token: text("/credentials/bearer_token"),
        }
    }
}

/// The Bearer Token of an App in a Project, at a deployment that approves by itself.
pub fn bearer_token_of(server: &Server) -> String {
    bearer_token_at(server.url())
}

/// The same of a deployment at an address, which approves accounts by itself.
pub fn bearer_token_at(url: &str) -> String {
    let developer = Client::at(url.to_owned());
    developer.post(Route::SignUp, &[], sign_up_request(&unique("dev"))).expect(200);
    developer.post(Route::SubmitApplication, &[], application()).expect(200);
    let created = developer.post(Route::CreateProject, &[], first_project(&unique("App"), "read-write")).expect(200);
    created["app"]["credentials"]["bearer_token"].as_str().expect("a Bearer Token").to_owned()
}
