//! Signing requests with OAuth 1.0a.

use crate::{Client, Reply, TestApp, unique, unix_time};
use gatehouse_shared::api::Route;
use gatehouse_shared::oauth1::{ClientCredentials, Received};
use serde_json::json;

/// Signs requests as an App's owner.
#[derive(Clone)]
pub struct Signer {
    pub credentials: ClientCredentials,
}

impl Signer {
    /// Generates the Access Token of an App's owner, or the next one.
    #[track_caller]
    pub fn generate(owner: &Client, app: &TestApp) -> Self {
        let params = [("app_id", app.id.as_str()), ("kind", "access-token")];
        let issued = owner.post(Route::RegenerateCredential, &params, json!({})).expect(200);
        let text = |name: &str| issued[name].as_str().unwrap_or_default().to_owned();
        Self::of(app, &text("access_token"), &text("access_token_secret"))
    }

    /// Signs with an Access Token that was made for an App.
    pub fn of(app: &TestApp, token: &str, token_secret: &str) -> Self {
        Self {
            credentials: ClientCredentials {
                consumer_key: app.api_key.clone(),
                consumer_secret: app.api_key_secret.clone(),
                token: token.to_owned(),
                token_secret: token_secret.to_owned(),
            },
        }
    }

    /// The header of a request that was never sent before.
    #[track_caller]
    pub fn header(&self, method: &str, path: &str, form: Option<&[u8]>) -> String {
        self.header_at(Client::new().url(), method, path, form)
    }

    /// As [`Self::header`], for a request to another origin.
    #[track_caller]
    pub fn header_at(&self, origin: &str, method: &str, path: &str, form: Option<&[u8]>) -> String {
        let request = Received { method, url: &format!("{origin}{path}"), authorization: None, form };
        let now = unix_time().as_secs();
        self.credentials.authorization(&request, origin, now, &unique("nonce")).expect("well-formed")
    }

    /// Sends a signed request.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str) -> Reply {
        let header = self.header(method, path, None);
        Client::new().send(method, path, &[("authorization", &header)], &[])
    }
}
