//! Names the errors of OAuth 2.0 (RFC 6749).

/// What is wrong with a request, in the words of RFC 6749 §5.2 and §4.1.2.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnsupportedGrantType,
    UnsupportedResponseType,
    InvalidScope,
    TemporarilyUnavailable,
    /// Too many calls. The word is RFC 8628's (§3.5).
    SlowDown,
}

impl ErrorCode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::SlowDown => "slow_down",
        }
    }
}

/// A refusal of the token endpoint; the description names the parameter at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenError {
    pub code: ErrorCode,
    pub description: String,
    /// What the App's owner reads besides. No secrets.
    pub evidence: Vec<(&'static str, String)>,
}

/// A text in the characters that a description may have (RFC 6749 §5.2).
pub fn plain(text: &str) -> String {
    let change = |c: char| match c {
        '’' | '‘' | '“' | '”' | '"' => '\'',
        '\\' => '/',
        ' '..='~' => c,
        _ => '?',
    };
    text.chars().map(change).collect()
}

impl TokenError {
    pub fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        Self { code, description: plain(&description.into()), evidence: Vec::new() }
    }

    /// With something for the App's owner alone.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.evidence.push((name, value.into()));
        self
    }

    pub fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    pub fn invalid_client(description: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidClient, description)
    }

    /// A part of the deployment did not answer.
    pub fn unavailable() -> Self {
        Self::new(ErrorCode::TemporarilyUnavailable, "Part of the service didn't respond. Try again.")
    }

    pub fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidGrant, description)
    }
}
