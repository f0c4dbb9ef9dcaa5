//! A client that signs its requests.

use super::TestDeployment;
use gatehouse_domain::gate::Verdict;
use gatehouse_edge::check::Form;
use gatehouse_shared::oauth1::{ClientCredentials, Received};
use serde_json::Value;

/// A pair of pairs, as the portal showed them.
#[derive(Clone)]
pub struct Signer {
    pub key: String,
    pub key_secret: String,
    pub token: String,
    pub token_secret: String,
    pub nonce: String,
    /// What is added to the world's clock.
    pub skew_seconds: i64,
}

impl Signer {
    /// Reads `api_key`, `api_key_secret` from one answer and `access_token`,
    /// `access_token_secret` from another.
    pub fn new(pair: &Value, token: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            key: text(&pair["api_key"]),
            key_secret: text(&pair["api_key_secret"]),
            token: text(&token["access_token"]),
            token_secret: text(&token["access_token_secret"]),
            nonce: "first".into(),
            skew_seconds: 0,
        }
    }

    pub fn with_nonce(&self, nonce: &str) -> Self {
        Self { nonce: nonce.into(), ..self.clone() }
    }

    /// The `Authorization` header for a request to `url` that is signed for `origin`.
    pub fn header_for(
        &self,
        stage: &TestDeployment,
        method: &str,
        url: &str,
        origin: &str,
        form: Option<&[u8]>,
    ) -> String {
        let timestamp = stage.world.now().seconds().0.saturating_add_signed(self.skew_seconds);
        let credentials = ClientCredentials {
            consumer_key: self.key.clone(),
            consumer_secret: self.key_secret.clone(),
            token: self.token.clone(),
            token_secret: self.token_secret.clone(),
        };
        let request = Received { method, url, authorization: None, form };
        credentials.authorization(&request, origin, timestamp, &self.nonce).unwrap()
    }

    /// What the gate says about a signed request.
    pub async fn send(&self, stage: &TestDeployment, method: &str, path: &str, form: Option<&[u8]>) -> Verdict {
        let url = format!("{}{path}", super::ORIGIN);
        let header = self.header_for(stage, method, &url, super::ORIGIN, form);
        stage.gate_form(method, &url, Some(&header), form.map_or(Form::None, |form| Form::Read(form.to_vec()))).await
    }
}
