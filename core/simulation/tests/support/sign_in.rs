//! Users who let Apps act for them, by OAuth 1.0a and 2.0.

use super::signing::Signer;
use super::{Client, ORIGIN, Reply, TestDeployment};
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use form_urlencoded::{Serializer, parse};
use gatehouse_edge::http::Body;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

pub const CALLBACK: &str = "https://app.example/cb?k=1";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Reads form data, or the query of an address.
pub fn fields(text: &str) -> BTreeMap<String, String> {
    let data = text.split_once('?').map_or(text, |(_, query)| query);
    parse(data.as_bytes()).into_owned().collect()
}

/// Lets an App ask users, as a Web App with one callback; gives its client id.
pub async fn turn_on(client: &Client, app: &str) -> String {
    let body = json!({ "sign_in": true, "client_type": "web-app", "callback_urls": [CALLBACK] });
    let view = client.post(Route::UpdateApp, &[("app_id", app)], body).await.expect(200);
    text(&view["client_id"]).to_owned()
}

/// An App that may ask users, with all its credentials.
pub struct Asking {
    pub app: String,
    pub client_id: String,
    pub client_secret: String,
    /// With the API Key alone.
    pub signer: Signer,
}

impl Asking {
    /// In a Project of the developer, who owns nothing yet.
    pub async fn new(developer: &Client, permission: &str) -> Self {
        let (_, app, created) = developer.create_project("Weather", permission).await;
        let client_id = turn_on(developer, &app).await;
        let params = [("app_id", app.as_str()), ("kind", "client-secret")];
        let secret = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        assert_eq!(secret["client_id"], client_id.as_str());
        let nobody = json!({ "access_token": "", "access_token_secret": "" });
        let signer = Signer::new(&created["app"]["credentials"], &nobody);
        Self { app, client_id, client_secret: text(&secret["client_secret"]).to_owned(), signer }
    }

    pub fn basic(&self) -> String {
        format!("Basic {}", Base64::encode_string(format!("{}:{}", self.client_id, self.client_secret).as_bytes()))
    }

    /// A signed call to an endpoint of OAuth 1.0a.
    pub async fn signed(&self, stage: &TestDeployment, path: &str, signer: &Signer, form: &[(&str, &str)]) -> Reply {
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        let url = format!("{ORIGIN}{path}");
        let header = signer.header_for(stage, "POST", &url, ORIGIN, Some(body.as_bytes()));
        let headers = [("authorization", header.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        stage.client().raw("POST", path, &headers, Body::Read(body.into_bytes())).await
    }

    pub async fn request_token(&self, stage: &TestDeployment, nonce: &str, form: &[(&str, &str)]) -> Reply {
        self.signed(stage, "/oauth/request_token", &self.signer.with_nonce(nonce), form).await
    }

    /// A request token with its secret.
    pub async fn asked(&self, stage: &TestDeployment, nonce: &str, callback: &str) -> Signer {
        let reply = self.request_token(stage, nonce, &[("oauth_callback", callback)]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let fields = fields(&reply.text);
        Signer {
            token: fields["oauth_token"].clone(),
            token_secret: fields["oauth_token_secret"].clone(),
            ..self.signer.with_nonce(nonce)
        }
    }

    /// Redeems a request token, in a request of its own each time.
    pub async fn access_token(&self, stage: &TestDeployment, asked: &Signer, verifier: &str) -> Reply {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let asked = asked.with_nonce(&format!("redeem {}", CALLS.fetch_add(1, Ordering::Relaxed)));
        self.signed(stage, "/oauth/access_token", &asked, &[("oauth_verifier", verifier)]).await
    }

    /// A call to an endpoint of OAuth 2.0 as the confidential client.
    pub async fn post(&self, stage: &TestDeployment, path: &str, form: &[(&str, &str)]) -> Reply {
        post_form(stage, path, Some(&self.basic()), form).await
    }

    /// The tokens for a user's consent.
    pub async fn tokens(&self, stage: &TestDeployment, user: &Client, scope: &str) -> Value {
        let code = self.code(user, scope).await;
        self.redeem(stage, &code).await.expect(200)
    }

    pub async fn code(&self, user: &Client, scope: &str) -> String {
        let outcome = decide_oauth2(user, &authorize_query(&self.client_id, scope), true).await;
        assert_eq!(outcome["kind"], "redirect", "{outcome}");
        fields(text(&outcome["content"]))["code"].clone()
    }

    pub async fn redeem(&self, stage: &TestDeployment, code: &str) -> Reply {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post(stage, "/2/oauth2/token", &form).await
    }

    pub async fn refresh(&self, stage: &TestDeployment, token: &str) -> Reply {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post(stage, "/2/oauth2/token", &form).await
    }
}

/// A deployment where a user can sign in to an App: the App, its developer, and the user.
pub struct SignIn {
    pub stage: TestDeployment,
    pub developer: Client,
    pub user: Client,
    pub asking: Asking,
}

impl SignIn {
    pub async fn new(seed: u64, permission: &str) -> Self {
        Self::with(seed, permission, &[]).await
    }

    /// With settings of its own.
    pub async fn with(seed: u64, permission: &str, variables: &[(&str, &str)]) -> Self {
        let stage = TestDeployment::with(seed, variables);
        let developer = stage.developer("alice").await;
        let asking = Asking::new(&developer, permission).await;
        let user = stage.unapproved("bob").await;
        Self { stage, developer, user, asking }
    }
}

pub async fn post_form(
    stage: &TestDeployment,
    path: &str,
    authorization: Option<&str>,
    form: &[(&str, &str)],
) -> Reply {
    let body = Serializer::new(String::new()).extend_pairs(form).finish();
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(authorization.map(|value| ("authorization", value)));
    stage.client().raw("POST", path, &headers, Body::Read(body.into_bytes())).await
}

/// The query of the consent page of OAuth 2.0.
pub fn authorize_query(client_id: &str, scope: &str) -> String {
    let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(VERIFIER.as_bytes()));
    Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", CALLBACK),
            ("scope", scope),
            ("state", "state 1"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ])
        .finish()
}

/// Answers a consent page as its button does, with the terms that it showed.
pub async fn press(user: &Client, route: Route, query: &str, approve: bool, shown: &Value) -> Reply {
    let body = json!({
        "query": query, "account_id": user.account_id().await, "approve": approve, "terms": shown["content"]["terms"],
    });
    user.post(route, &[], body).await
}

async fn decide(user: &Client, route: Route, query: &str, approve: bool) -> Value {
    let shown = look(user, route.endpoint().path, query).await;
    press(user, route, query, approve, &shown).await.expect(200)
}

pub async fn decide_oauth1(user: &Client, token: &str, approve: bool) -> Value {
    decide(user, Route::DecideOAuth1Consent, &format!("oauth_token={token}&ignored=1"), approve).await
}

pub async fn decide_oauth2(user: &Client, query: &str, approve: bool) -> Value {
    decide(user, Route::DecideOAuth2Consent, query, approve).await
}

/// What a consent page shows.
pub async fn look(user: &Client, path: &str, query: &str) -> Value {
    let headers = [("sec-fetch-site", "same-origin")];
    user.raw("GET", &format!("{path}?{query}"), &headers, Body::Read(Vec::new())).await.expect(200)
}

/// What the page of `/oauth/authenticate` gets, where an App sends users to sign in.
pub async fn authenticate(user: &Client, query: &str) -> Value {
    user.post(Route::RepeatOAuth1Consent, &[], json!({ "query": query })).await.expect(200)
}
