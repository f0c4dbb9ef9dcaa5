//! An App that asks users to let it act for them, by OAuth 1.0a and 2.0.

use crate::{CALLBACK, Client, OAuth2Client, Signer, TestApp, percent, unique};

/// Verifier and challenge of PKCE: those of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An App that may ask users, with its developer and a user who gave it nothing so far.
pub struct AskingApp {
    pub developer: Client,
    pub app: TestApp,
    pub client: OAuth2Client,
    /// Where its users are sent back to.
    pub callback: String,
    pub user: Client,
    pub username: String,
}

impl AskingApp {
    #[track_caller]
    pub fn new(client_type: &str) -> Self {
        let developer = Client::developer();
        let app = developer.create_project("read-write");
        let client = developer.turn_sign_in_on(&app, client_type);
        let username = unique("user");
        let user = Client::unapproved(&username);
        Self { developer, app, client, callback: CALLBACK.to_owned(), user, username }
    }

    /// Asks for a request token, with `more` at the end of the query; gives what signs with it.
    #[track_caller]
    pub fn request_token(&self, callback: &str, more: &str) -> Signer {
        let path = format!("/oauth/request_token?oauth_callback={}{more}", percent(callback));
        let reply = Signer::of(&self.app, "", "").send("POST", &path);
        assert_eq!(reply.status, 200, "{}", reply.text);
        let field = |name: &str| {
            let found = reply.text.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            found.expect(name).to_owned()
        };
        Signer::of(&self.app, &field("oauth_token"), &field("oauth_token_secret"))
    }

    /// The address of the consent page of OAuth 2.0, with the state `s t`.
    pub fn oauth2_page(&self, redirect_uri: &str, scope: &str) -> String {
        format!(
            "/i/oauth2/authorize?response_type=code&client_id={}&redirect_uri={}&scope={}&state=s%20t&\
             code_challenge={CHALLENGE}&code_challenge_method=S256",
            self.client.id,
            percent(redirect_uri),
            percent(scope)
        )
    }

    /// The form that redeems a code which came to the callback.
    pub fn redemption(&self, code: &str) -> String {
        format!(
            "grant_type=authorization_code&client_id={}&client_secret={}&redirect_uri={}&code_verifier={VERIFIER}&\
             code={code}",
            self.client.id,
            self.client.secret,
            percent(&self.callback)
        )
    }
}
