//! Signatures published by others: RFC 5849's examples, and vectors with
//! retired credentials of the deployed protocol.

use gatehouse_shared::oauth1::{Received, SignatureMethod, read, sign};

struct Vector {
    method: &'static str,
    url: &'static str,
    origin: &'static str,
    header: &'static str,
    form: Option<&'static str>,
    secrets: (&'static str, &'static str),
}

impl Vector {
    fn received(&self) -> Received<'_> {
        let form = self.form.map(str::as_bytes);
        Received { method: self.method, url: self.url, authorization: Some(self.header), form }
    }

    #[track_caller]
    fn verifies(&self) {
        let request = read(&self.received()).unwrap();
        let (consumer, token) = self.secrets;
        assert!(request.is_signed_with(self.origin, consumer, token), "{}", request.base_string(self.origin));
        for (consumer, token) in [(consumer, "x"), ("x", token), (token, consumer)] {
            assert!(!request.is_signed_with(self.origin, consumer, token));
        }
        assert!(!request.is_signed_with("https://elsewhere.example", consumer, token));
    }
}

#[test]
fn the_three_requests_of_rfc_5849_section_1_2_verify() {
    Vector {
        method: "POST",
        url: "https://photos.example.net/initiate",
        origin: "https://photos.example.net",
        header: r#"OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131200", oauth_nonce="wIjqoS", oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready", oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D""#,
        form: None,
        secrets: ("kd94hf93k423kf44", ""),
    }
    .verifies();
    Vector {
        method: "POST",
        url: "https://photos.example.net/token",
        origin: "https://photos.example.net",
        header: r#"OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="hh5s93j4hdidpola", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="walatlh", oauth_verifier="hfdp7dh39dks9884", oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D""#,
        form: None,
        secrets: ("kd94hf93k423kf44", "hdhd0244k9j7ao03"),
    }
    .verifies();
    Vector {
        method: "GET",
        url: "http://photos.example.net/photos?file=vacation.jpg&size=original",
        origin: "http://photos.example.net",
        header: r#"OAuth realm="Photos",oauth_consumer_key="dpf43f3p2l4k3l03",oauth_token="nnch734d00sl2jdk",oauth_signature_method="HMAC-SHA1",oauth_timestamp="137131202",oauth_nonce="chapoH",oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D""#,
        form: None,
        secrets: ("kd94hf93k423kf44", "pfkkdhi9sl3r4s00"),
    }
    .verifies();
}

#[test]
fn the_base_string_of_rfc_5849_section_3_4_1_1_is_written() {
    let received = Received {
        method: "POST",
        url: "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
        authorization: Some(
            r#"OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D""#,
        ),
        form: Some(b"c2&a3=2+q"),
    };
    let request = read(&received).unwrap();
    assert_eq!(
        request.base_string("HTTP://EXAMPLE.COM:80"),
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D\
         %26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA\
         1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    );
}

/// Header parameters of a published vector, with its signature.
fn header(params: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        let mut out = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
        out
    };
    let pairs: Vec<String> = params.iter().map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect();
    format!("OAuth {}", pairs.join(", "))
}

#[test]
fn the_published_vectors_with_retired_credentials_verify() {
    let update = |path: &'static str, signature: &'static str| {
        let header = header(&[
            ("oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"),
            ("oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
            ("oauth_signature", signature),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "1318622958"),
            ("oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
            ("oauth_version", "1.0"),
        ]);
        let url = format!("https://api.twitter.com{path}?include_entities=true");
        let form = b"status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21";
        let received = Received { method: "POST", url: &url, authorization: Some(&header), form: Some(form) };
        let request = read(&received).unwrap();
        assert!(request.is_signed_with(
            "https://api.twitter.com",
            "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
            "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"
        ));
    };
    update("/1.1/statuses/update.json", "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
    update("/1/statuses/update.json", "tnnArxj06cWHq44gCs1OSKk/jLY=");

    let consumer = ("oauth_consumer_key", "cChZNFj6T5R0TigYB9yd1w");
    let secret = "L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOg";
    let first = header(&[
        consumer,
        ("oauth_callback", "http://localhost/sign-in-with-twitter/"),
        ("oauth_nonce", "ea9ec8429b68d6b77cd5600adbbb0456"),
        ("oauth_signature", "F1Li3tvehgcraF8DMJ7OyxO4w9Y="),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1318467427"),
        ("oauth_version", "1.0"),
    ]);
    let url = "https://api.twitter.com/oauth/request_token";
    let request = read(&Received { method: "POST", url, authorization: Some(&first), form: None }).unwrap();
    assert!(request.is_signed_with("https://api.twitter.com", secret, ""));
    assert_eq!(request.token, None);

    let second = header(&[
        consumer,
        ("oauth_nonce", "a9900fe68e2573b27a37f10fbad6a755"),
        ("oauth_signature", "39cipBtIOHEEnybAR4sATQTpl2I="),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1318467427"),
        ("oauth_token", "NPcudxy0yU5T3tBzho7iCotZ3cnetKwcTIRlX0iwRl0"),
        ("oauth_version", "1.0"),
    ]);
    let url = "https://api.twitter.com/oauth/access_token";
    let form = Some(b"oauth_verifier=uw7NjWHT6OJ1MpJOXsHfNxoAhPKpgI8BlYDhxEjIBY".as_slice());
    let request = read(&Received { method: "POST", url, authorization: Some(&second), form }).unwrap();
    assert!(request.is_signed_with("https://api.twitter.com", secret, "veNRnAWe6inFuo8o2u8SLLZLjolYDmDP7SzL0YfYI"));
}

#[test]
fn the_hash_is_the_one_that_is_named() {
    // Of the same base string and key, by OpenSSL: `openssl dgst -sha1|-sha256 -hmac "a&b" -binary | base64`.
    assert_eq!(sign(SignatureMethod::HmacSha1, "GET&x&y", "a", "b"), "ctorWrVhVpxSCh1SZwxAGkjPS9o=");
    assert_eq!(sign(SignatureMethod::HmacSha256, "GET&x&y", "a", "b"), "9UIic/WNbssuJN04yf5djMS3H/Ngjkat4zBwVjznwqM=");
}
