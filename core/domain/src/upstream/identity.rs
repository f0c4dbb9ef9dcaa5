//! Who calls, as the API behind the gate is told, and the signature by which
//! it can tell the gate's word from anybody's (RFC 9421).

use crate::limit::Rate;
use crate::request::RequestHead;
use crate::upstream::UpstreamKey;
use gatehouse_shared::model::{AccountId, AppId, Permission, ProjectId, UnixSeconds};
use std::fmt::Write;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub app_id: AppId,
    pub project_id: Option<ProjectId>,
    /// The user for whom the App acts, if it does.
    pub user_id: Option<AccountId>,
    /// What the caller may do.
    pub access_level: Permission,
    /// What the user granted with OAuth 2.0.
    pub scopes: Option<String>,
    /// What the caller is told of that.
    pub shown_level: Permission,
    pub request_id: String,
    /// How the caller's limit stands, where there is one.
    pub rate: Option<Rate>,
    /// When it was let pass.
    pub at: UnixSeconds,
}

impl Identity {
    /// The headers that say who calls, in the order in which they are signed.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, String)> {
        let fields = [
            ("x-gatehouse-app", Some(self.app_id.to_string())),
            ("x-gatehouse-project", self.project_id.map(|id| id.to_string())),
            ("x-gatehouse-user", self.user_id.map(|id| id.to_string())),
            ("x-gatehouse-access-level", Some(self.access_level.as_str().to_owned())),
            ("x-gatehouse-scopes", self.scopes.clone()),
            ("x-gatehouse-request-id", Some(self.request_id.clone())),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    /// The headers that the caller is told in the answer.
    pub fn fields_for_caller(&self) -> impl Iterator<Item = (&'static str, String)> {
        let fields = [
            ("x-access-level", self.shown_level.as_str().to_owned()),
            ("x-gatehouse-request-id", self.request_id.clone()),
        ];
        fields.into_iter().chain(self.rate.iter().flat_map(|rate| rate.headers(self.at)))
    }

    /// `name: value` lines: those for the API, an empty line, and those for
    /// the caller.
    pub fn header_lines(&self) -> String {
        let mut lines = String::with_capacity(384);
        write_lines(&mut lines, self.fields());
        lines.push('\n');
        write_lines(&mut lines, self.fields_for_caller());
        lines
    }

    /// The two headers by which the API can verify that the gate says this, of
    /// this request, at this time (RFC 9421 §4.1, §4.2).
    pub fn signature(
        &self,
        key: &UpstreamKey,
        head: &RequestHead<'_>,
        created: UnixSeconds,
    ) -> [(&'static str, String); 2] {
        // RFC 9421 §2.5: a line for each component, then one for the parameters, which has no line end.
        let query = if head.query().is_empty() { "?" } else { head.query() };
        let mut base = String::with_capacity(640);
        let _ = writeln!(base, "\"@method\": {}\n\"@path\": {}\n\"@query\": {query}", head.method, head.path());
        let mut parameters = String::with_capacity(256);
        parameters.push_str("(\"@method\" \"@path\" \"@query\"");
        for (name, value) in self.fields() {
            let _ = writeln!(base, "\"{name}\": {value}");
            let _ = write!(parameters, " \"{name}\"");
        }
        let _ = write!(parameters, ");created={};keyid=\"gatehouse\";alg=\"hmac-sha256\"", created.0);
        let _ = write!(base, "\"@signature-params\": {parameters}");
        let signature = format!("gatehouse=:{}:", key.sign(&base));
        [("signature-input", format!("gatehouse={parameters}")), ("signature", signature)]
    }

    /// [`Self::signature`] as `name: value` lines.
    pub fn signature_lines(&self, key: &UpstreamKey, head: &RequestHead<'_>, created: UnixSeconds) -> String {
        let mut lines = String::with_capacity(384);
        write_lines(&mut lines, self.signature(key, head, created));
        lines
    }
}

fn write_lines(lines: &mut String, fields: impl IntoIterator<Item = (&'static str, String)>) {
    for (name, value) in fields {
        let _ = writeln!(lines, "{name}: {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};

    fn identity(user_id: Option<AccountId>) -> Identity {
        Identity {
            app_id: "1000000000000000001".parse().unwrap(),
            project_id: None,
            user_id,
            access_level: Permission::ReadWrite,
            scopes: user_id.map(|_| "notes.read users.read".to_owned()),
            shown_level: Permission::Read,
            request_id: "abc".to_owned(),
            rate: None,
            at: UnixSeconds(0),
        }
    }

    fn key() -> UpstreamKey {
        UpstreamKey::parse(&"5a".repeat(32)).unwrap()
    }

    #[test]
    fn the_signature_covers_the_request_and_every_header_that_is_there() {
        let user: AccountId = "2000000000000000002".parse().unwrap();
        let head = RequestHead { method: "POST", url: "https://h.example/2/notes?a=1&b=%20?", authorization: None };
        let lines = identity(Some(user)).signature_lines(&key(), &head, UnixSeconds(1_618_884_473));
        let parameters = "(\"@method\" \"@path\" \"@query\" \"x-gatehouse-app\" \"x-gatehouse-user\" \
                          \"x-gatehouse-access-level\" \"x-gatehouse-scopes\" \
                          \"x-gatehouse-request-id\");created=1618884473;keyid=\"gatehouse\";alg=\"hmac-sha256\"";
        let base = format!(
            "\"@method\": POST\n\"@path\": /2/notes\n\"@query\": ?a=1&b=%20?\n\"x-gatehouse-app\": \
             1000000000000000001\n\"x-gatehouse-user\": 2000000000000000002\n\"x-gatehouse-access-level\": \
             read-write\n\"x-gatehouse-scopes\": notes.read users.read\n\"x-gatehouse-request-id\": \
             abc\n\"@signature-params\": {parameters}"
        );
        let signature = key().sign(&base);
        assert_eq!(lines, format!("signature-input: gatehouse={parameters}\nsignature: gatehouse=:{signature}:\n"));
        assert_eq!(Base64::decode_vec(&signature).unwrap().len(), 32);
    }

    #[test]
    fn an_empty_query_is_signed_as_a_question_mark_and_a_path_never_empty() {
        // RFC 9421 §2.2.6, §2.2.7
        let sign = |url| {
            let head = RequestHead { method: "GET", url, authorization: None };
            identity(None).signature_lines(&key(), &head, UnixSeconds(1))
        };
        assert_eq!(sign("https://h.example/"), sign("https://h.example?"));
        assert_eq!(sign("https://h.example/2"), sign("https://other.example/2?#x"));
        assert_ne!(sign("https://h.example/2"), sign("https://h.example/2?a"));
    }

    #[test]
    fn what_the_caller_is_told_comes_after_an_empty_line() {
        let lines = identity(None).header_lines();
        let (for_api, for_caller) = lines.split_once("\n\n").unwrap();
        assert!(for_api.starts_with("x-gatehouse-app: 1000000000000000001\n"), "{lines}");
        assert!(for_api.ends_with("x-gatehouse-request-id: abc"), "{lines}");
        assert!(!for_api.contains("x-gatehouse-user"), "{lines}");
        assert_eq!(for_caller, "x-access-level: read\nx-gatehouse-request-id: abc\n");
    }
}
