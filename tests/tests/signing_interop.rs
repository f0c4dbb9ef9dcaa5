//! Requests signed by libraries of others verify, and no changed one does.

use gatehouse_shared::oauth1::{Received, read};
use gatehouse_tests::{node, python, run};
use serde_json::Value;
use std::process::Command;

/// How many requests of each signer are looked at.
fn count() -> usize {
    std::env::var("GATEHOUSE_SIGNED_REQUESTS").ok().and_then(|text| text.parse().ok()).unwrap_or(500)
}

/// A request as a signer printed it.
#[derive(Clone)]
struct Signed {
    method: String,
    origin: String,
    url: String,
    authorization: Option<String>,
    form: Option<String>,
    consumer_secret: String,
    token_secret: String,
}

impl Signed {
    fn parse(line: &str) -> Self {
        let json: Value = serde_json::from_str(line).unwrap();
        let optional = |name: &str| json[name].as_str().map(str::to_owned);
        let text = |name: &str| optional(name).unwrap_or_else(|| panic!("{name}: {line}"));
        Self {
            method: text("method"),
            origin: text("origin"),
            url: text("url"),
            authorization: optional("authorization"),
            form: optional("form"),
            consumer_secret: text("consumer_secret"),
            token_secret: text("token_secret"),
        }
    }

    fn verifies(&self) -> bool {
        let received = Received {
            method: &self.method,
            url: &self.url,
            authorization: self.authorization.as_deref(),
            form: self.form.as_deref().map(str::as_bytes),
        };
        read(&received)
            .is_ok_and(|request| request.is_signed_with(&self.origin, &self.consumer_secret, &self.token_secret))
    }

    fn described(&self) -> String {
        format!("{} {} {:?} {:?}", self.method, self.url, self.authorization, self.form)
    }

    /// One change of each sort; `chance` picks the parameter.
    fn changes(&self, chance: usize) -> Vec<(&'static str, Self)> {
        let with = |change: &dyn Fn(&mut Self)| {
            let mut changed = self.clone();
            change(&mut changed);
            changed
        };
        let scheme_end = self.origin.find("://").unwrap() + 3;
        let mut changes = vec![
            ("method", with(&|s| s.method = if s.method == "GET" { "POST" } else { "GET" }.into())),
            ("host", with(&|s| s.origin.insert(scheme_end, 'x'))),
            ("port", with(&|s| s.origin = other_port(&s.origin))),
            ("path", with(&|s| s.url = in_path(&s.url))),
            ("consumer secret", with(&|s| s.consumer_secret.push('x'))),
            ("token secret", with(&|s| s.token_secret.push('x'))),
            ("timestamp", with(&|s| s.change_timestamp())),
        ];
        if let Some(changed) = self.map_parameter(chance, &|pair| vec![format!("{pair}x")]) {
            changes.push(("parameter", changed));
        }
        if let Some(changed) = self.map_parameter(chance, &|pair| vec![pair.to_owned(), pair.to_owned()]) {
            changes.push(("duplicate", changed));
        }
        if let Some(changed) = self.map_parameter(chance, &|_| vec![]) {
            changes.push(("left out", changed));
        }
        changes
    }

    fn change_timestamp(&mut self) {
        let change = |text: &mut String| {
            let Some(at) = text.find("oauth_timestamp=") else { return };
            let digit = at + text[at..].find(|c: char| c.is_ascii_digit()).unwrap();
            let other = if &text[digit..=digit] == "1" { "2" } else { "1" };
            text.replace_range(digit..=digit, other);
        };
        self.authorization.iter_mut().chain(&mut self.form).chain([&mut self.url]).for_each(change);
    }

    /// Changes one parameter of the API in query or form, in its place; `None` where there are none.
    fn map_parameter(&self, chance: usize, change: &dyn Fn(&str) -> Vec<String>) -> Option<Self> {
        let (front, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let mut query: Vec<String> = query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
        let form = self.form.as_deref().unwrap_or_default();
        let mut form: Vec<String> = form.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
        let of_api = |pairs: &[String]| {
            pairs
                .iter()
                .enumerate()
                .filter(|(_, pair)| !pair.starts_with("oauth_"))
                .map(|(at, _)| at)
                .collect::<Vec<_>>()
        };
        let (in_query, in_form) = (of_api(&query), of_api(&form));
        let all = in_query.len() + in_form.len();
        let chosen = chance.checked_rem(all)?;
        match in_query.get(chosen) {
            Some(at) => {
                let changed = change(&query[*at]);
                query.splice(*at..=*at, changed);
            }
            None => {
                let at = in_form[chosen - in_query.len()];
                let changed = change(&form[at]);
                form.splice(at..=at, changed);
            }
        }
        let url = if query.is_empty() { front.to_owned() } else { format!("{front}?{}", query.join("&")) };
        Some(Self { url, form: self.form.as_ref().map(|_| form.join("&")), ..self.clone() })
    }
}

fn other_port(origin: &str) -> String {
    let host = origin.find("://").unwrap() + 3;
    match origin[host..].rfind(':') {
        Some(at) => format!("{}:9", &origin[..host + at]),
        None => format!("{origin}:9"),
    }
}

fn in_path(url: &str) -> String {
    let end = url.find('?').unwrap_or(url.len());
    format!("{}x{}", &url[..end], &url[end..])
}

fn check(mut signer: Command) {
    let count = count();
    let printed = run(signer.args(["20260101", &count.to_string()]));
    let requests: Vec<Signed> = printed.lines().map(Signed::parse).collect();
    assert_eq!(requests.len(), count);
    let mut changed_ones = 0;
    for (index, request) in requests.iter().enumerate() {
        assert!(request.verifies(), "request {index}: {}", request.described());
        for (what, changed) in request.changes(index) {
            changed_ones += 1;
            assert!(!changed.verifies(), "request {index} with another {what}: {}", changed.described());
        }
    }
    println!("{count} requests verified, {changed_ones} changed ones refused");
}

#[test]
fn requests_signed_by_oauthlib_verify_and_none_that_was_changed() {
    check(python("sign_oauthlib.py"));
}

#[test]
fn requests_signed_by_oauth_1_0a_verify_and_none_that_was_changed() {
    check(node("sign_oauth_1_0a.mjs"));
}
