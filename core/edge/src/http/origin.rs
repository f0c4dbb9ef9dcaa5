//! Tells whether a call comes from the portal itself.

use super::request::Request;

/// Whether a state-changing call comes from the portal itself: the browser
/// says so in `Sec-Fetch-Site` or `Origin`. Neither header means no: every
/// browser sends one of them, and other clients can.
pub(super) fn is_same_origin(request: &Request, own: &str) -> bool {
    let site = request.header("sec-fetch-site").is_none_or(|site| site == "same-origin");
    match request.header("origin") {
        Some(origin) => site && origin == own,
        None => site && request.header("sec-fetch-site").is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Body;

    fn request(headers: &[(&str, &str)]) -> Request {
        Request {
            method: "POST".into(),
            url: "https://portal.example/api/apps".into(),
            headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            body: Body::Read(Vec::new()),
            address: None,
        }
    }

    #[test]
    fn only_the_portals_own_origin_changes_state() {
        let own = ("origin", "https://portal.example");
        for (headers, expected) in [
            (&[own][..], true),
            (&[own, ("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[], false),
            (&[own, ("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "https://portal.example:444")], false),
            (&[("origin", "http://portal.example")], false),
            (&[("origin", "null")], false),
        ] {
            assert_eq!(is_same_origin(&request(headers), "https://portal.example"), expected, "{headers:?}");
        }
    }
}
