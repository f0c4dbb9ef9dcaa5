//! Names everything that is derived from a seed.

use gatehouse_shared::model::AccountId;

/// What is derived from a seed. The names are part of every secret: never
/// change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Derived {
    ApiKey,
    ApiKeySecret,
    /// For this user of the App.
    AccessToken(AccountId),
    AccessTokenSecret(AccountId),
    BearerToken,
    ClientId,
    ClientSecret,
    RequestToken,
    RequestTokenSecret,
    /// All tokens of one authorization by this user.
    Family(AccountId),
    Code(AccountId),
    OAuth2AccessToken(AccountId),
    RefreshToken(AccountId),
}

impl Derived {
    pub(super) fn label(self) -> &'static [u8] {
        match self {
            Self::ApiKey => b"api-key",
            Self::ApiKeySecret => b"api-key-secret",
            Self::AccessToken(_) => b"access-token",
            Self::AccessTokenSecret(_) => b"access-token-secret",
            Self::BearerToken => b"bearer-token",
            Self::ClientId => b"client-id",
            Self::ClientSecret => b"client-secret",
            Self::RequestToken => b"request-token",
            Self::RequestTokenSecret => b"request-token-secret",
            Self::Family(_) => b"family",
            Self::Code(_) => b"code",
            Self::OAuth2AccessToken(_) => b"oauth2-access-token",
            Self::RefreshToken(_) => b"refresh-token",
        }
    }

    pub(super) fn user(self) -> Option<AccountId> {
        match self {
            Self::AccessToken(user)
            | Self::AccessTokenSecret(user)
            | Self::Family(user)
            | Self::Code(user)
            | Self::OAuth2AccessToken(user)
            | Self::RefreshToken(user) => Some(user),
            Self::ApiKey
            | Self::ApiKeySecret
            | Self::BearerToken
            | Self::ClientId
            | Self::ClientSecret
            | Self::RequestToken
            | Self::RequestTokenSecret => None,
        }
    }
}
