//! What holds for every signed request, and what is found out about wrong ones.

use gatehouse_shared::oauth1::{Fault, ReadError, Received, SignatureMethod, explain, peek, read, sign};
use proptest::prelude::*;

const ORIGIN: &str = "https://api.example.com";
const SECRETS: (&str, &str) = ("consumer-secret", "token-secret");

/// Written once more here, so that the code under test does not check itself.
fn encode_bytes(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}

fn encode(text: &str) -> String {
    encode_bytes(text.as_bytes())
}

fn form(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// A request as a careful client sends it: signed by its own base string.
struct Sent {
    method: String,
    url: String,
    header: String,
    form: String,
}

fn protocol(signature: &str) -> Vec<(String, String)> {
    let fixed = [
        ("oauth_consumer_key", "key"),
        ("oauth_token", "token"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1318622958"),
        ("oauth_nonce", "n"),
    ];
    let mut all: Vec<(String, String)> =
        fixed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if !signature.is_empty() {
        all.push(("oauth_signature".into(), signature.into()));
    }
    all
}

/// Writes a base string on its own, by the letter of RFC 5849 §3.4.1.
fn base_string(method: &str, uri: &str, params: &[(String, String)]) -> String {
    let mut pairs: Vec<(String, String)> = params.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    pairs.sort();
    let joined: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{method}&{}&{}", encode(uri), encode(&joined.join("&")))
}

fn send(method: &str, path: &str, query: &[(String, String)], body: &[(String, String)]) -> Sent {
    let all: Vec<(String, String)> = [query, body, &protocol("")].concat();
    let text = base_string(method, &format!("{ORIGIN}{path}"), &all);
    with_signature(method, path, query, body, &sign(SignatureMethod::HmacSha1, &text, SECRETS.0, SECRETS.1))
}

fn with_signature(
    method: &str,
    path: &str,
    query: &[(String, String)],
    body: &[(String, String)],
    signature: &str,
) -> Sent {
    let header: Vec<String> =
        protocol(signature).iter().map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect();
    let url = format!("{ORIGIN}{path}?{}", form(query));
    Sent { method: method.into(), url, header: format!("OAuth {}", header.join(", ")), form: form(body) }
}

impl Sent {
    fn received(&self) -> Received<'_> {
        Received {
            method: &self.method,
            url: &self.url,
            authorization: Some(&self.header),
            form: Some(self.form.as_bytes()),
        }
    }

    fn verifies(&self) -> bool {
        read(&self.received()).is_ok_and(|request| request.is_signed_with(ORIGIN, SECRETS.0, SECRETS.1))
    }
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let text = || prop_oneof!["[a-c]{1,2}", "\\PC{0,6}", "[é ~!*'()+☃&=%/?]{1,5}"];
    prop::collection::vec((text(), text()), 0..5)
        // An empty pair is no parameter, and the protocol's names are its own.
        .prop_map(|pairs| {
            pairs.into_iter().filter(|(name, _)| !name.is_empty() && !name.starts_with("oauth")).collect()
        })
}

proptest! {
    #[test]
    fn what_is_signed_by_the_letter_of_the_rfc_verifies_and_no_change_does(
        query in pairs(), body in pairs(), method in "(GET|POST|PUT|DELETE)", path in "/[a-z0-9/._~-]{0,12}",
        extra in "[a-z]{1,4}",
    ) {
        let sent = send(&method, &path, &query, &body);
        prop_assert!(sent.verifies(), "{} {} {}", sent.url, sent.form, sent.header);
        let changed = [
            Sent { method: if method == "GET" { "POST" } else { "GET" }.into(), ..copy(&sent) },
            Sent { url: sent.url.replacen('?', "x?", 1), ..copy(&sent) },
            Sent { url: format!("{}&{extra}", sent.url), ..copy(&sent) },
            Sent { form: format!("{}&{extra}=", sent.form), ..copy(&sent) },
            Sent { header: sent.header.replace("1318622958", "1318622959"), ..copy(&sent) },
            Sent { header: sent.header.replace("nonce=\"n\"", "nonce=\"m\""), ..copy(&sent) },
        ];
        for (index, changed) in changed.iter().enumerate() {
            prop_assert!(!changed.verifies(), "change {index}");
        }
        // The same parameter again, in its place in the order.
        if let Some((name, value)) = body.first() {
            let again = format!("{}={}&{}", encode(name), encode(value), sent.form);
            let verifies = Sent { form: again, ..copy(&sent) }.verifies();
            prop_assert!(!verifies, "a duplicate");
        }
        let request = read(&sent.received()).unwrap();
        prop_assert!(!request.is_signed_with("https://api.example.com:8443", SECRETS.0, SECRETS.1));
        prop_assert!(!request.is_signed_with("http://api.example.com", SECRETS.0, SECRETS.1));
        prop_assert!(request.is_signed_with("HTTPS://API.example.com:443", SECRETS.0, SECRETS.1));
    }

    #[test]
    fn no_input_makes_a_parser_panic(header in "\\PC*", url in "\\PC*", body: Vec<u8>, method in "\\PC{0,5}") {
        for header in [header.clone(), format!("OAuth {header}"), format!("OAuth oauth_consumer_key=\"{header}")] {
            let received = Received { method: &method, url: &url, authorization: Some(&header), form: Some(&body) };
            let _ = peek(Some(&header), &url);
            if let Ok(request) = read(&received) {
                let _ = request.base_string(ORIGIN);
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_signed_as_they_are(bytes: Vec<u8>) {
        let encoded: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        let body = format!("x={encoded}");
        let sent = with_signature("POST", "/x", &[], &[], "s");
        let request = read(&Received { form: Some(body.as_bytes()), ..sent.received() }).unwrap();
        let again = encode_bytes(&bytes).replace('%', "%25");
        let base_string = request.base_string(ORIGIN);
        prop_assert!(base_string.ends_with(&format!("%26x%3D{again}")), "{base_string}");
    }
}

fn copy(sent: &Sent) -> Sent {
    Sent { method: sent.method.clone(), url: sent.url.clone(), header: sent.header.clone(), form: sent.form.clone() }
}

fn pair(name: &str, value: &str) -> Vec<(String, String)> {
    vec![(name.into(), value.into())]
}

#[test]
fn the_parameters_may_be_in_the_query_or_the_body_instead() {
    let sent = send("POST", "/x", &pair("q", "1"), &pair("b", "2"));
    let header = sent.header.trim_start_matches("OAuth ").replace(", ", "&").replace('"', "");
    let in_query = format!("{}&{header}", sent.url);
    let in_form = format!("{}&{header}", sent.form);
    for received in [
        Received { url: &in_query, authorization: None, ..sent.received() },
        Received { form: Some(in_form.as_bytes()), authorization: None, ..sent.received() },
        Received { authorization: Some(&sent.header.replace("OAuth ", "oauth realm=\"a, b\",")), ..sent.received() },
        Received { authorization: Some(&sent.header.replace(", ", ",")), ..sent.received() },
    ] {
        assert!(read(&received).unwrap().is_signed_with(ORIGIN, SECRETS.0, SECRETS.1), "{received:?}");
    }
    assert_eq!(peek(None, &in_query).unwrap().consumer_key, "key");
    assert_eq!(peek(Some(&sent.header), &sent.url).unwrap().token.as_deref(), Some("token"));
    assert_eq!(peek(None, &sent.url), None);
}

#[test]
fn a_protocol_parameter_sent_twice_and_signed_once_or_twice_verifies() {
    let sent = send("POST", "/x", &[], &pair("b", "2"));
    let twice = format!("{}&oauth_nonce=n&oauth_token=token", sent.form);
    assert!(Sent { form: twice, ..copy(&sent) }.verifies());
    // A parameter of the API that comes twice must be signed twice.
    let repeated = format!("{}&b=2", sent.form);
    assert!(!Sent { form: repeated, ..copy(&sent) }.verifies());
    for (extra, name) in [("oauth_nonce=other", "oauth_nonce"), ("oauth_nonce=n&oauth_nonce=n", "oauth_nonce")] {
        let form = format!("{}&{extra}", sent.form);
        let error = read(&Received { form: Some(form.as_bytes()), ..sent.received() }).unwrap_err();
        assert_eq!(error, ReadError::Duplicate(name.into()));
    }
    let form = format!("{}&oauth_callback=a&oauth_callback=b", sent.form);
    let error = read(&Received { form: Some(form.as_bytes()), ..sent.received() }).unwrap_err();
    assert_eq!(error, ReadError::Duplicate("oauth_callback".into()));
}

#[test]
fn what_is_not_signed_properly_is_named() {
    let sent = send("GET", "/x", &[], &[]);
    let with = |from: &str, to: &str| {
        let header = sent.header.replace(from, to);
        read(&Received { authorization: Some(&header), ..sent.received() }).unwrap_err()
    };
    assert_eq!(with("HMAC-SHA1", "PLAINTEXT"), ReadError::SignatureMethod("PLAINTEXT".into()));
    assert_eq!(with("1318622958", "-5"), ReadError::Timestamp);
    assert_eq!(with("1318622958", "+5"), ReadError::Timestamp);
    assert_eq!(with("oauth_nonce=\"n\"", "oauth_nonce=\"\""), ReadError::Missing("oauth_nonce"));
    assert_eq!(with("oauth_nonce=\"n\"", "oauth_version=\"2.0\""), ReadError::Version("2.0".into()));
    assert_eq!(with("oauth_nonce=\"n\"", "oauth_nonce=\"n"), ReadError::MalformedHeader);
    assert_eq!(with("OAuth ", "Basic "), ReadError::NoSignature);
    let many = "a&".repeat(1001);
    let error = read(&Received { form: Some(many.as_bytes()), ..sent.received() }).unwrap_err();
    assert_eq!(error, ReadError::TooManyParameters);
    for version in ["1.0", "1.0A", "1.0a"] {
        let header = format!("{}, oauth_version=\"{version}\"", sent.header);
        assert!(read(&Received { authorization: Some(&header), ..sent.received() }).is_ok());
    }
}

#[test]
fn a_wrong_signature_is_explained_by_what_was_signed() {
    let (query, body) = (pair("q", "one two"), pair("b", "é/2"));
    let all = [&query[..], &body, &protocol("")].concat();
    let uri = format!("{ORIGIN}/x");
    let ours = base_string("POST", &uri, &all);
    let without = |drop: &str| all.iter().filter(|(name, _)| name != drop).cloned().collect::<Vec<_>>();
    let once_more: Vec<(String, String)> = all
        .iter()
        .map(|(name, value)| (name.clone(), if name.len() == 1 { encode(value) } else { value.clone() }))
        .collect();
    let joined = |separated: &str| format!("POST&{}&{}", encode(&uri), encode(separated));
    let protocol_text = form(&protocol(""));
    let unsorted = joined(&format!("{}&{}&{}", form(&query), form(&body), protocol_text));
    let plus = ours.replace("one%2520two", "one%2Btwo");
    let cases = [
        (Fault::OtherOrigin("http://127.0.0.1:8787".into()), base_string("POST", "http://127.0.0.1:8787/x", &all)),
        (Fault::SchemeOrPort, base_string("POST", "http://api.example.com/x", &all)),
        (Fault::SchemeOrPort, base_string("POST", "https://api.example.com:443/x", &all)),
        (Fault::TrailingSlash, base_string("POST", &format!("{uri}/"), &all)),
        (Fault::BodyNotSigned, base_string("POST", &uri, &without("b"))),
        (Fault::QueryNotSigned, base_string("POST", &uri, &without("q"))),
        (Fault::NotSorted, unsorted),
        (Fault::SpaceAsPlus, plus),
        (Fault::EncodedTwice, base_string("POST", &uri, &once_more)),
        (Fault::OtherMethod("GET".into()), base_string("GET", &uri, &all)),
        (Fault::OtherMethod("post".into()), base_string("post", &uri, &all)),
    ];
    for (fault, signed) in cases {
        let signature = sign(SignatureMethod::HmacSha1, &signed, SECRETS.0, SECRETS.1);
        let sent = with_signature("POST", "/x", &query, &body, &signature);
        assert!(!sent.verifies(), "{fault:?}");
        let found = explain_sent(&sent);
        assert_eq!(found.expected, ours);
        let over = found.signed.unwrap_or_else(|| panic!("{fault:?} is not found"));
        let parts_at = over.parts_at.unwrap();
        assert_eq!((&over.fault, &over.base_string), (&fault, &signed));
        assert_eq!(ours[..parts_at], signed[..parts_at]);
        assert_ne!(ours.as_bytes().get(parts_at), signed.as_bytes().get(parts_at));
        assert!(!over.fault.text().is_empty());
    }
    for (fault, method, consumer, token) in [
        (Fault::NoTokenSecret, SignatureMethod::HmacSha1, SECRETS.0, ""),
        (Fault::NoConsumerSecret, SignatureMethod::HmacSha1, "", SECRETS.1),
        (Fault::SecretsSwapped, SignatureMethod::HmacSha1, SECRETS.1, SECRETS.0),
        (Fault::KeyAsSecret, SignatureMethod::HmacSha1, "key", SECRETS.1),
        (Fault::OtherHashFunction, SignatureMethod::HmacSha256, SECRETS.0, SECRETS.1),
    ] {
        let sent = with_signature("POST", "/x", &query, &body, &sign(method, &ours, consumer, token));
        let over = explain_sent(&sent).signed.unwrap();
        assert_eq!((over.fault, over.parts_at), (fault, None));
    }
    assert_eq!(explain_sent(&with_signature("POST", "/x", &query, &body, "bm9uc2Vuc2U=")).signed, None);
}

fn explain_sent(sent: &Sent) -> gatehouse_shared::oauth1::Explanation {
    let request = read(&sent.received()).unwrap();
    let found = explain(&request, &sent.received(), ORIGIN, &["http://127.0.0.1:8787"], SECRETS.0, SECRETS.1);
    let text = format!("{found:?}");
    assert!(!text.contains(SECRETS.0) && !text.contains(SECRETS.1), "{text}");
    found
}
