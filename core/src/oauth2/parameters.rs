use super::TokenError;

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
        let wrong = |_| TokenError::invalid_request("The body is not a JSON object of texts.");
        let read: std::collections::BTreeMap<String, String> = serde_json::from_slice(bytes).map_err(wrong)?;
        Ok(Self(read.into_iter().collect()))
    }

    /// Adds others behind.
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The value of a parameter; an empty one counts as left out, and none may
    /// come twice (RFC 6749 §3.1).
    pub fn find(&self, name: &str) -> Result<Option<&str>, TokenError> {
        let mut values = self.0.iter().filter(|(key, value)| key == name && !value.is_empty());
        let first = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            Some((_, other)) if Some(other.as_str()) != first => {
                Err(TokenError::invalid_request(format!("{name} came more than once.")))
            }
            _ => Ok(first),
        }
    }

    /// As [`Self::find`], where there must be one.
    pub fn require(&self, name: &str) -> Result<&str, TokenError> {
        self.find(name)?.ok_or_else(|| TokenError::invalid_request(format!("{name} is missing.")))
    }
}
