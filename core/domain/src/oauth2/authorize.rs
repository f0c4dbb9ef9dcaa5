//! Whether an App's request to act for a user can be put before the user.

use super::{ErrorCode, Parameters, is_challenge, plain};
use crate::app::LiveApp;
use crate::grant::Callback;
use gatehouse_shared::api::{ConsentProblem, Fact};
use gatehouse_shared::description::OFFLINE_SCOPE;
use gatehouse_shared::model::ScopeSummary;

/// What an authorization request asks for, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    pub callback: Callback,
    pub scopes: Vec<String>,
    pub state: Option<String>,
    pub challenge: String,
}

impl Authorization {
    /// The App's address with the answer. `issuer` as RFC 9207 has it.
    pub fn answer(&self, params: &[(&str, &str)], issuer: Option<&str>) -> String {
        answer(&self.callback, self.state.as_deref(), params, issuer)
    }
}

fn answer(callback: &Callback, state: Option<&str>, params: &[(&str, &str)], issuer: Option<&str>) -> String {
    let (state, issuer) = (state.map(|state| ("state", state)), issuer.map(|issuer| ("iss", issuer)));
    let all: Vec<(&str, &str)> = state.into_iter().chain(params.iter().copied()).chain(issuer).collect();
    callback.with(&all)
}

/// What surrounds a request.
pub struct Asked<'a> {
    pub params: &'a Parameters,
    /// The App whose `client_id` came.
    pub app: &'a LiveApp,
    /// What the API offers.
    pub scopes: &'a [ScopeSummary],
    /// `None` where the App wants redirects without it.
    pub issuer: Option<&'a str>,
    /// Whether the App's own account looks: only it is shown what is registered.
    pub is_member: bool,
}

fn fact(name: &str, value: impl Into<String>) -> Fact {
    Fact { name: name.to_owned(), value: value.into() }
}

/// Checks an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3). What is
/// wrong is shown with what was received, and to the App's own account with
/// what is registered; nothing is ever sent to an address that is not.
pub fn check_authorization(asked: &Asked<'_>) -> Result<Authorization, ConsentProblem> {
    let callback = check_redirect_uri(asked)?;
    let state = find(asked, "state").unwrap_or_default().map(str::to_owned);
    let refuse = |code: ErrorCode, title: &str, detail: String, facts: Vec<Fact>| {
        let description = plain(&detail);
        let params = [("error", code.as_str()), ("error_description", description.as_str())];
        let return_url = answer(&callback, state.as_deref(), &params, asked.issuer);
        ConsentProblem { title: title.to_owned(), detail, facts, return_url }
    };
    let value = |name: &str| -> Result<Option<String>, ConsentProblem> {
        find(asked, name)
            .map(|value| value.map(str::to_owned))
            .map_err(|detail| refuse(ErrorCode::InvalidRequest, "A parameter came more than once", detail, Vec::new()))
    };
    value("state")?;
    let response_type = value("response_type")?;
    if response_type.as_deref() != Some("code") {
        let detail = "response_type must be code.".to_owned();
        let facts = vec![fact("response_type received", response_type.unwrap_or_default())];
        return Err(refuse(ErrorCode::UnsupportedResponseType, "This response type is not supported", detail, facts));
    }
    let challenge = value("code_challenge")?.unwrap_or_default();
    let method = value("code_challenge_method")?.unwrap_or_default();
    let pkce_facts =
        || vec![fact("code_challenge received", &*challenge), fact("code_challenge_method received", &*method)];
    if !method.eq_ignore_ascii_case("S256") {
        let detail = "code_challenge_method must be S256: every App uses PKCE here, and plain protects nothing.";
        let title = "The PKCE parameters can’t be used";
        return Err(refuse(ErrorCode::InvalidRequest, title, detail.to_owned(), pkce_facts()));
    }
    if !is_challenge(&challenge) {
        let detail = "code_challenge must be BASE64URL(SHA256(code_verifier)): 43 characters without padding.";
        let title = "The PKCE parameters can’t be used";
        return Err(refuse(ErrorCode::InvalidRequest, title, detail.to_owned(), pkce_facts()));
    }
    let scopes = check_scopes(asked, value("scope")?.unwrap_or_default().as_str())
        .map_err(|(detail, facts)| refuse(ErrorCode::InvalidScope, "The scopes can’t be asked for", detail, facts))?;
    Ok(Authorization { callback, scopes, state, challenge })
}

fn find<'a>(asked: &Asked<'a>, name: &str) -> Result<Option<&'a str>, String> {
    asked.params.find(name).map_err(|error| error.description)
}

fn check_redirect_uri(asked: &Asked<'_>) -> Result<Callback, ConsentProblem> {
    let registered = &asked.app.callback_urls;
    let problem = |title: &str, detail: &str, received: &str| {
        let mut facts = vec![fact("redirect_uri received", received)];
        let mut detail = detail.to_owned();
        if asked.is_member {
            facts.extend(registered.iter().map(|url| fact("registered callback URL", url.as_str())));
        } else {
            detail.push_str(" To see which are registered, sign in as the App’s developer.");
        }
        ConsentProblem { title: title.into(), detail, facts, return_url: String::new() }
    };
    let received = match find(asked, "redirect_uri") {
        Ok(received) => received.unwrap_or_default(),
        Err(detail) => return Err(problem("The redirect URI can’t be used", &detail, "")),
    };
    if received.is_empty() {
        let detail = "redirect_uri is missing. Send one of the App’s callback URLs.";
        return Err(problem("The redirect URI is missing", detail, received));
    }
    Callback::find(registered, received).ok_or_else(|| {
        let detail = "It must be exactly one of the App’s callback URLs, trailing slash included. Only the port of \
                      a loopback address may differ. Send one of them, or register this one under Settings on the \
                      App’s page.";
        problem("The redirect URI is not registered", detail, received)
    })
}

fn check_scopes(asked: &Asked<'_>, text: &str) -> Result<Vec<String>, (String, Vec<Fact>)> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split_ascii_whitespace() {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    let offered: Vec<&str> = asked.scopes.iter().map(|scope| scope.name.as_str()).chain([OFFLINE_SCOPE]).collect();
    let facts = || vec![fact("scope received", text), fact("scopes of this API", offered.join(" "))];
    if scopes.iter().all(|scope| scope == OFFLINE_SCOPE) {
        return Err(("scope must name at least one thing that the App wants to do.".to_owned(), facts()));
    }
    for scope in &scopes {
        let Some(known) = asked.scopes.iter().find(|known| known.name == *scope) else {
            if scope == OFFLINE_SCOPE {
                continue;
            }
            return Err(("scope names something that this API does not offer.".to_owned(), facts()));
        };
        if known.permission > asked.app.permission {
            let detail = format!(
                "The scope {scope} needs the App permission “{}”. Raise it on the App’s page, or leave the scope out.",
                known.permission.label()
            );
            return Err((
                detail,
                vec![fact("scope received", text), fact("App permission", asked.app.permission.label())],
            ));
        }
    }
    Ok(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::model::{AppStatus, ClientType, Permission};

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn check(changes: &[(&str, &str)]) -> Result<Authorization, ConsentProblem> {
        check_as(true, changes)
    }

    fn check_as(is_member: bool, changes: &[(&str, &str)]) -> Result<Authorization, ConsentProblem> {
        let mut params: Vec<(&str, &str)> = vec![
            ("response_type", "code"),
            ("redirect_uri", "https://a.example/cb?k=1"),
            ("scope", "notes.read offline.access notes.read"),
            ("state", "s p"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "s256"),
        ];
        for (name, value) in changes {
            params.retain(|(known, _)| known != name);
            params.push((name, value));
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
        let app = LiveApp {
            status: AppStatus::Active,
            owner_suspended: false,
            permission: Permission::Read,
            project_id: None,
            callback_urls: vec!["https://a.example/cb?k=1".into()],
            sign_in: true,
            client_id: None,
            client_type: Some(ClientType::WebApp),
            credentials: Vec::new(),
            transfers: 0,
        };
        let scope = |name: &str, permission| ScopeSummary { name: name.into(), text: "x".into(), permission };
        let scopes = [scope("notes.read", Permission::Read), scope("notes.write", Permission::ReadWrite)];
        let params = Parameters::from_form(query.as_bytes());
        let issuer = Some("https://api.example");
        check_authorization(&Asked { params: &params, app: &app, scopes: &scopes, issuer, is_member })
    }

    #[test]
    fn a_good_request_is_answered_where_the_app_is_registered() {
        let good = check(&[]).unwrap();
        assert_eq!(good.scopes, ["notes.read", "offline.access"]);
        let url = good.answer(&[("code", "c")], Some("https://api.example"));
        assert_eq!(url, "https://a.example/cb?k=1&state=s+p&code=c&iss=https%3A%2F%2Fapi.example");
        assert_eq!(good.answer(&[("code", "c")], None), "https://a.example/cb?k=1&state=s+p&code=c");
    }

    #[test]
    fn each_wrong_value_is_named_with_what_was_received() {
        for (name, value, error, received) in [
            ("response_type", "token", "unsupported_response_type", "token"),
            ("code_challenge_method", "plain", "invalid_request", "plain"),
            ("code_challenge_method", "", "invalid_request", ""),
            ("code_challenge", "short", "invalid_request", "short"),
            ("scope", "", "invalid_scope", ""),
            ("scope", "offline.access", "invalid_scope", "offline.access"),
            ("scope", "notes.read nonsense", "invalid_scope", "notes.read nonsense"),
            ("scope", "notes.write", "invalid_scope", "notes.write"),
        ] {
            let problem = check(&[(name, value)]).unwrap_err();
            assert!(problem.return_url.contains(&format!("error={error}&")), "{}", problem.return_url);
            assert!(problem.return_url.starts_with("https://a.example/cb?k=1&state=s+p&"), "{}", problem.return_url);
            let named = problem.facts.iter().any(|fact| fact.name.contains(name) && fact.value == received);
            assert!(named, "{name}: {:?}", problem.facts);
        }
    }

    #[test]
    fn an_unregistered_address_is_shown_and_never_linked() {
        for value in ["", "https://a.example/cb", "https://evil.example/", "javascript:alert(1)"] {
            let problem = check(&[("redirect_uri", value)]).unwrap_err();
            assert_eq!(problem.return_url, "");
            assert_eq!(problem.facts[0].value, value);
            assert_eq!(problem.facts[1].value, "https://a.example/cb?k=1");
            // Strangers learn the rule, and no address.
            let problem = check_as(false, &[("redirect_uri", value)]).unwrap_err();
            assert_eq!((problem.facts.len(), problem.facts[0].value.as_str()), (1, value));
            assert!(problem.detail.contains("sign in as the App’s developer"), "{}", problem.detail);
        }
    }
}
