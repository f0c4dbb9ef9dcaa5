//! Every 401 says how to authenticate (RFC 9110 §11.6.1).

use super::paths::is_api;
use super::reply::Response;

/// Gives a 401 that has none yet its challenge. The portal's API has a scheme
/// that no browser acts on: a dialog for a password would be in a page's way.
pub(super) fn challenged(response: Response, path: &str, origin: &str) -> Response {
    if response.status != 401 || response.header("www-authenticate").is_some() {
        return response;
    }
    let challenge = if is_api(path) {
        "Session realm=\"portal\"".to_owned()
    } else if path.starts_with("/oauth/") {
        match code_in(&response.body) {
            Some(code) => format!("OAuth realm=\"{origin}\", api_error_code={code}"),
            None => format!("OAuth realm=\"{origin}\""),
        }
    } else {
        "Basic realm=\"OAuth 2.0 client\", charset=\"UTF-8\"".to_owned()
    };
    response.with("www-authenticate", challenge)
}

/// The code in `{"errors":[{"code":…`.
fn code_in(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("\"code\":")?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
    rest.get(..end).filter(|code| !code.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_endpoint_has_its_challenge_and_an_own_one_stays() {
        let refused = |body: &str| Response::new(401, "application/json", body.to_owned());
        for (path, body, challenge) in [
            ("/api/session", "{}", "Session realm=\"portal\""),
            (
                "/oauth/request_token",
                r#"{"errors":[{"code":416,"message":"x"}]}"#,
                "OAuth realm=\"https://h\", api_error_code=416",
            ),
            ("/oauth/access_token", "text", "OAuth realm=\"https://h\""),
            ("/2/oauth2/token", "{}", "Basic realm=\"OAuth 2.0 client\", charset=\"UTF-8\""),
        ] {
            let answer = challenged(refused(body), path, "https://h");
            assert_eq!(answer.header("www-authenticate"), Some(challenge), "{path}");
        }
        let own = challenged(refused("").with("www-authenticate", "Basic"), "/api/session", "https://h");
        assert_eq!(own.headers.iter().filter(|(name, _)| name == "www-authenticate").count(), 1);
        assert_eq!(challenged(Response::new(200, "x", String::new()), "/api/x", "").header("www-authenticate"), None);
    }
}
