//! Requests as clients send them, at every entry: what is mutated.

use base64ct::{Base64, Encoding};
use gatehouse_shared::api::{Access, Route};
use gatehouse_tests::{Client, Server, Signer, application, percent, sign_up_request, unique};

#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    fn new(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { method: method.to_owned(), path: path.to_owned(), headers, body: body.as_bytes().to_vec() }
    }
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

/// A developer with an App, and what its requests need.
pub struct Caller {
    url: String,
    bearer: String,
    basic: String,
    signer: Signer,
    client_id: String,
    client_secret: String,
    cookie: String,
    ids: Vec<(&'static str, String)>,
}

impl Caller {
    pub fn new(server: &Server) -> Self {
        let owner = Client::at(server.url().to_owned());
        owner.post(Route::SignUp, &[], sign_up_request(&unique("mut"))).expect(200);
        owner.post(Route::SubmitApplication, &[], application()).expect(200);
        let app = owner.create_project("read-write");
        let client = owner.turn_sign_in_on(&app, "web-app");
        let pair = format!("{}:{}", app.api_key, app.api_key_secret);
        let ids = vec![
            ("developer_account_id", owner.own_developer_account()),
            ("account_id", owner.account_id()),
            ("app_id", app.id.clone()),
            ("project_id", app.project_id.clone()),
            ("kind", "access-token".to_owned()),
            ("month", "2026-11".to_owned()),
        ];
        Self {
            url: server.url().to_owned(),
            bearer: format!("Bearer {}", app.bearer_token),
            basic: format!("Basic {}", Base64::encode_string(pair.as_bytes())),
            signer: Signer::generate(&owner, &app),
            client_id: client.id,
            client_secret: client.secret,
            cookie: format!("__Host-gatehouse={}", owner.session().expect("signed in")),
            ids,
        }
    }

    /// Requests of programs and of people who are asked for consent, each as it would be answered well.
    pub fn gate(&self) -> Vec<Request> {
        [self.forwarded(), self.questions(), self.protocols()].concat()
    }

    fn signed(&self, method: &str, path: &str, form: &str) -> Request {
        let covered = (!form.is_empty()).then_some(form.as_bytes());
        let authorization = self.signer.header_at(&self.url, method, path, covered);
        Request::new(method, path, &[("authorization", &authorization), FORM], form)
    }

    fn forwarded(&self) -> Vec<Request> {
        let bearer = ("authorization", self.bearer.as_str());
        let page = ("origin", "https://page.example");
        vec![
            Request::new("GET", "/1.1/notes.json?count=2", &[bearer], ""),
            Request::new("GET", "/2/notes", &[bearer, page], ""),
            Request::new("GET", "/2/notes/7", &[bearer], ""),
            Request::new("OPTIONS", "/2/notes", &[page, ("access-control-request-method", "GET")], ""),
            Request::new("PUT", "/2/echo?a=1&b=%20", &[bearer, JSON], "{\"text\":\"a note\"}"),
            Request::new("GET", "/2/usage", &[bearer], ""),
            Request::new("GET", "/2/users/by/username/someone", &[bearer], ""),
            Request::new("GET", "/2/users/me", &[], ""),
            self.signed("GET", "/1.1/notes.json?count=2", ""),
            self.signed("GET", "/1.1/account/verify_credentials.json", ""),
            self.signed("GET", "/1.1/application/rate_limit_status.json", ""),
            self.signed("POST", "/1.1/notes.json", "status=hello%20there&a=b"),
            self.signed("DELETE", "/2/echo", ""),
        ]
    }

    fn questions(&self) -> Vec<Request> {
        let bearer = ("authorization", self.bearer.as_str());
        let (method, uri) = (("x-forwarded-method", "GET"), ("x-forwarded-uri", "/2/notes?a=1"));
        vec![
            Request::new("GET", "/gate/check", &[bearer, method, uri, ("x-forwarded-proto", "https")], ""),
            Request::new(
                "GET",
                "/gate/check",
                &[bearer, ("x-original-method", "POST"), ("x-original-uri", "/1.1/notes.json")],
                "",
            ),
            Request::new("POST", "/gate/check/2/notes", &[bearer, JSON], "{}"),
            Request::new("GET", "/gate/refusal", &[method, uri, ("x-gatehouse-check", "guessed")], ""),
            Request::new("GET", "/healthz", &[], ""),
        ]
    }

    fn protocols(&self) -> Vec<Request> {
        let basic = ("authorization", self.basic.as_str());
        let client = format!("client_id={}&client_secret={}", self.client_id, self.client_secret);
        let callback = percent("http://127.0.0.1:9/callback?from=test");
        let code = format!("grant_type=authorization_code&code=gh_code_x&code_verifier=v&redirect_uri={callback}");
        let page = format!(
            "response_type=code&client_id={}&redirect_uri={callback}&scope=notes.read&state=s&code_challenge={}&\
             code_challenge_method=S256",
            self.client_id, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        let bearer = self.bearer.trim_start_matches("Bearer ");
        vec![
            Request::new("POST", "/oauth2/token", &[basic, FORM], "grant_type=client_credentials"),
            Request::new("POST", "/oauth2/invalidate_token", &[basic, FORM], "access_token=gh_made_up"),
            self.signed("POST", &format!("/oauth/request_token?oauth_callback={callback}"), ""),
            self.signed("POST", "/oauth/access_token", "oauth_verifier=1234567"),
            Request::new("GET", "/oauth/authorize?oauth_token=made-up", &[], ""),
            Request::new("POST", "/2/oauth2/token", &[FORM], &format!("{client}&{code}")),
            Request::new(
                "POST",
                "/2/oauth2/token",
                &[FORM],
                &format!("{client}&grant_type=refresh_token&refresh_token=x"),
            ),
            Request::new("POST", "/2/oauth2/revoke", &[FORM], &format!("{client}&token=gh_made_up")),
            Request::new("POST", "/2/oauth2/introspect", &[FORM], &format!("{client}&token={bearer}")),
            Request::new("GET", &format!("/i/oauth2/authorize?{page}"), &[], ""),
            Request::new("GET", &format!("/api/oauth2/consent?{page}"), &[], ""),
            Request::new("GET", "/.well-known/oauth-authorization-server", &[], ""),
            Request::new("GET", "/", &[("accept", "text/html")], ""),
            Request::new("GET", "/openapi.json", &[("accept-encoding", "br, gzip")], ""),
        ]
    }

    /// Each route of the portal's API, but for those that would end the session.
    pub fn portal(&self) -> Vec<Request> {
        let headers = [("cookie", self.cookie.as_str()), ("origin", self.url.as_str()), JSON];
        let ends = |route: &Route| matches!(route, Route::SignOut | Route::ChangePassword);
        let seed = |route: &Route| {
            let params: Vec<(&str, &str)> = self.ids.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let endpoint = route.endpoint();
            let body = match route {
                Route::CreateApp => r#"{"name":"Mutated","description":"An App of the tests","permission":"read"}"#,
                Route::SignIn => r#"{"login":"nobody","password":"correct horse battery"}"#,
                Route::UpdateApp => r#"{"description":"Another text","callback_urls":["https://app.example/back"]}"#,
                _ if endpoint.method.as_str() == "GET" => "",
                _ => r#"{"confirm_name":"no","role":"viewer","username":"nobody","name":"A name","text":"A text"}"#,
            };
            let with_session = if endpoint.access == Access::Public { &headers[1..] } else { &headers };
            Request::new(endpoint.method.as_str(), &route.path(&params), with_session, body)
        };
        Route::TABLE
            .iter()
            .map(|endpoint| endpoint.route)
            .filter(|route| !ends(route))
            .map(|route| seed(&route))
            .collect()
    }
}
