//! Reads the parameters of OAuth 2.0's requests.

use super::TokenError;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;

/// The parameters of a request, decoded, in order.
#[derive(Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads form data or a query.
    pub fn from_form(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// Reads a flat JSON object of texts.
    pub fn from_json(bytes: &[u8]) -> Result<Self, TokenError> {
        let wrong = |_| TokenError::invalid_request("The body isn't a JSON object of strings.");
        let Pairs(pairs) = serde_json::from_slice(bytes).map_err(wrong)?;
        Ok(Self(pairs))
    }

    /// Adds others behind.
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The value of a parameter; an empty one counts as left out, and none may
    /// come with two values (RFC 6749 §3.1).
    pub fn find(&self, name: &str) -> Result<Option<&str>, TokenError> {
        let mut values = self.0.iter().filter(|(key, value)| key == name && !value.is_empty());
        let first = values.next().map(|(_, value)| value.as_str());
        // Some clients send one in the body and in the query: the same is the same.
        if values.any(|(_, other)| Some(other.as_str()) != first) {
            return Err(TokenError::invalid_request(format!("{name} must not be repeated.")));
        }
        Ok(first)
    }

    /// As [`Self::find`], where there must be one.
    pub fn require(&self, name: &str) -> Result<&str, TokenError> {
        self.find(name)?.ok_or_else(|| TokenError::invalid_request(format!("{name} is missing.")))
    }
}

/// The members of a JSON object in their order, those that come twice included.
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_parameter_has_two_values_wherever_they_come_from() {
        let form = Parameters::from_form(b"a=1&a=1&b=1&b=1&b=2&c=");
        assert_eq!(form.find("a"), Ok(Some("1")));
        assert_eq!(form.find("c"), Ok(None));
        assert!(form.find("b").is_err());
        let json = Parameters::from_json(br#"{"a":"1","b":"1","b":"2"}"#).ok().unwrap();
        assert!(json.find("a") == Ok(Some("1")) && json.find("b").is_err());
        assert!(json.and(Parameters::from_form(b"a=2")).find("a").is_err());
        assert!(Parameters::from_json(br#"["a"]"#).is_err() && Parameters::from_json(br#"{"a":1}"#).is_err());
    }
}
