//! Calls the portal API for OAuth 1.0a or OAuth 2.0.

use crate::api::{Client, Failure};
use gatehouse_shared::api::{Consent, ConsentOutcome, DecideConsentRequest, RepeatConsentRequest};
pub use gatehouse_shared::page::ConsentFlow as Protocol;

/// The calls of the portal API for a protocol.
pub trait ConsentCalls {
    /// `query` is the query of the page, without the question mark.
    async fn find(self, client: Client, query: String) -> Result<Consent, Failure>;
    async fn decide(self, client: Client, request: &DecideConsentRequest) -> Result<ConsentOutcome, Failure>;
}

impl ConsentCalls for Protocol {
    async fn find(self, client: Client, query: String) -> Result<Consent, Failure> {
        match self {
            Self::Authorize => client.find_oauth1_consent(&query).await,
            Self::Authenticate => client.repeat_oauth1_consent(&RepeatConsentRequest { query }).await,
            Self::OAuth2 => client.find_oauth2_consent(&query).await,
        }
    }

    async fn decide(self, client: Client, request: &DecideConsentRequest) -> Result<ConsentOutcome, Failure> {
        match self {
            Self::Authorize | Self::Authenticate => client.decide_oauth1_consent(request).await,
            Self::OAuth2 => client.decide_oauth2_consent(request).await,
        }
    }
}
