//! What the demonstration made, for a person or for a program.

use serde_json::{Value, json};

pub struct Made {
    pub url: String,
    pub operator: Person,
    pub developer: Person,
    /// Everybody who shares the developer account, its Owner first.
    pub members: Vec<Member>,
    /// The address that makes whoever opens it first and accepts a member.
    pub invitation_url: String,
    pub apps: Vec<DemoApp>,
    /// What the Apps may ask users for with OAuth 2.0.
    pub scopes: Vec<String>,
}

#[derive(Clone)]
pub struct Person {
    pub username: String,
    pub password: String,
}

pub struct Member {
    pub person: Person,
    /// As the portal's API calls it.
    pub role: &'static str,
}

pub struct DemoApp {
    pub name: String,
    pub app_id: String,
    /// None for a standalone App.
    pub project_id: Option<String>,
    pub permission: String,
    pub api_key: String,
    pub api_key_secret: String,
    pub access_token: String,
    pub access_token_secret: String,
    pub bearer_token: String,
    pub client_id: String,
    pub client_secret: String,
    /// Where its users are sent back to.
    pub callback_url: String,
}

impl Made {
    pub fn to_json(&self) -> Value {
        let person = |person: &Person| json!({ "username": person.username, "password": person.password });
        let members = self.members.iter().map(|member| {
            json!({
                "username": member.person.username,
                "password": member.person.password,
                "role": member.role,
            })
        });
        let apps = self.apps.iter().map(|app| {
            json!({
                "name": app.name,
                "app_id": app.app_id,
                "project_id": app.project_id,
                "permission": app.permission,
                "api_key": app.api_key,
                "api_key_secret": app.api_key_secret,
                "access_token": app.access_token,
                "access_token_secret": app.access_token_secret,
                "bearer_token": app.bearer_token,
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "callback_url": app.callback_url,
            })
        });
        json!({
            "url": self.url,
            "operator": person(&self.operator),
            "developer": person(&self.developer),
            "members": members.collect::<Vec<_>>(),
            "invitation_url": self.invitation_url,
            "apps": apps.collect::<Vec<_>>(),
            "scopes": self.scopes,
        })
    }

    pub fn print(&self) {
        println!("\nDemonstration data on {}\n", self.url);
        for (role, person) in [("Operator", &self.operator), ("Developer", &self.developer)] {
            println!("{role:<16}  {:<20}  {}", person.username, person.password);
        }
        for Member { person, role } in self.members.iter().skip(1) {
            println!("{:<16}  {:<20}  {}", format!("Member ({role})"), person.username, person.password);
        }
        println!("{:<16}  {}", "Invitation", self.invitation_url);
        println!("{:<16}  {}", "OAuth 2.0 scopes", self.scopes.join(" "));
        for app in &self.apps {
            app.print(&self.url);
        }
    }
}

impl DemoApp {
    fn print(&self, url: &str) {
        let place = match &self.project_id {
            Some(id) => format!("in Project {id}"),
            None => "standalone".into(),
        };
        println!("\n{}: {}, {place}\n", self.name, self.permission);
        for (what, value) in [
            ("App ID", &self.app_id),
            ("API Key", &self.api_key),
            ("API Key Secret", &self.api_key_secret),
            ("Access Token", &self.access_token),
            ("Access Token Secret", &self.access_token_secret),
            ("Bearer Token", &self.bearer_token),
            ("Client ID", &self.client_id),
            ("Client Secret", &self.client_secret),
            ("Callback URL", &self.callback_url),
        ] {
            println!("  {what:<19}  {value}");
        }
        let bearer = format!("-H 'Authorization: Bearer {}'", self.bearer_token);
        println!();
        if self.project_id.is_some() {
            println!("  curl {bearer} {url}/2/notes");
        }
        println!("  curl {bearer} {url}/1.1/notes.json");
        println!(
            "  curl -u '{}:{}' -d grant_type=client_credentials {url}/oauth2/token",
            self.api_key, self.api_key_secret
        );
    }
}
