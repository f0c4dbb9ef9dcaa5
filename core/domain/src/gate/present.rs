//! Reads the credential of a request, and checks its tags.

use crate::credential::Derived;
use crate::gate::{Unproven, Unusable};
use crate::request::RequestHead;
use crate::settings::Settings;
use gatehouse_shared::credential::{
    AccessToken, ApiKey, BearerToken, FormatError, OAuth2AccessToken, Public, UserToken,
};
use gatehouse_shared::model::AccountId;
use gatehouse_shared::oauth1;
use gatehouse_shared::oauth1::{Peeked, Received, SignedRequest};

/// A credential whose tags this deployment made. Nothing else is checked yet.
#[derive(Debug, PartialEq, Eq)]
pub enum Presented<'a> {
    Bearer {
        public: Public,
        secret: &'a str,
    },
    /// An OAuth 2.0 access token of a user.
    User(UserToken<'a>),
    /// All of it in the head.
    Signed(Box<Signed<'a>>),
    /// Signed, or perhaps so: a form body has to be read to tell.
    InBody {
        /// The key and the token that header or query name, where they do.
        named: Option<NamedKeys<'a>>,
    },
}

/// A signed request with what it says that it is signed with.
#[derive(Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    pub request: SignedRequest<'a>,
    pub keys: Keys,
}

impl<'a> Signed<'a> {
    /// Reads one, and refuses by arithmetic what was never made here. What
    /// `named` has is not looked at again.
    pub fn read(settings: &Settings, received: &Received<'a>, named: Option<&NamedKeys<'_>>) -> Result<Self, Unproven> {
        let request = oauth1::read(received)?;
        let (key, token) = (request.consumer_key.as_ref(), request.token.as_deref());
        let keys = match named {
            Some(NamedKeys { peeked, keys }) if peeked.consumer_key == key && peeked.token.as_deref() == token => *keys,
            _ => Keys::read(settings, key, token)?,
        };
        Ok(Self { request, keys })
    }
}

/// What header and query name before the body was read, with good tags.
#[derive(Debug, PartialEq, Eq)]
pub struct NamedKeys<'a> {
    peeked: Peeked<'a>,
    pub keys: Keys,
}

/// What a signed request says that it is signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    pub key: Public,
    pub token: Option<(AccountId, Public)>,
}

impl Keys {
    /// Reads both, and refuses by arithmetic what was never made here.
    pub fn read(settings: &Settings, consumer_key: &str, token: Option<&str>) -> Result<Self, Unproven> {
        let read = ApiKey::read(settings.prefix(), consumer_key);
        let key = verify_app_tag(settings, Derived::ApiKey, read).map_err(Unproven::Key)?;
        let read_token = |token| verify_tag(settings, |user| Derived::AccessToken(*user), AccessToken::read(token));
        let token = token.map(read_token).transpose().map_err(Unproven::Token)?;
        match token {
            Some((_, token)) if token.app_id != key.app_id => Err(Unproven::TokenOfOtherApp),
            _ => Ok(Self { key, token }),
        }
    }
}

/// Reads an OAuth 2.0 access token; `None` where the text is of another kind.
pub fn user_token<'a>(settings: &Settings, text: &'a str) -> Option<Result<UserToken<'a>, Unusable>> {
    let kind = text.strip_prefix(settings.prefix())?.strip_prefix('_')?;
    if !kind.starts_with(OAuth2AccessToken::KIND) {
        return None;
    }
    let read = OAuth2AccessToken::read(settings.prefix(), text).map(|token| (token, token.public));
    Some(verify_tag(settings, |token| Derived::OAuth2AccessToken(token.user), read).map(|(token, _)| token))
}

/// Passes on what was read, where this deployment made it.
pub fn verify_tag<T>(
    settings: &Settings,
    what: impl Fn(&T) -> Derived,
    read: Result<(T, Public), FormatError>,
) -> Result<(T, Public), Unusable> {
    let (rest, public) = read.map_err(Unusable::Malformed)?;
    if !settings.keyring.knows(public.key_id) {
        return Err(Unusable::UnknownMasterKey { key_id: public.key_id });
    }
    if settings.keyring.made(what(&rest), &public) { Ok((rest, public)) } else { Err(Unusable::MadeUp) }
}

/// As [`verify_tag`], for a credential that only names an App.
pub fn verify_app_tag(
    settings: &Settings,
    what: Derived,
    read: Result<Public, FormatError>,
) -> Result<Public, Unusable> {
    verify_tag(settings, |()| what, read.map(|named| ((), named))).map(|(_, named)| named)
}

/// Reads the credential in a request's head, and refuses by arithmetic what
/// was never made here.
pub fn present<'a>(settings: &Settings, head: &RequestHead<'a>) -> Result<Presented<'a>, Unproven> {
    let RequestHead { method, url, authorization } = *head;
    let header = authorization.map(str::trim).filter(|header| !header.is_empty());
    let (scheme, rest) = header.map_or(("", ""), |header| header.split_once(' ').unwrap_or((header, "")));
    if scheme.eq_ignore_ascii_case("Bearer") {
        if let Some(token) = user_token(settings, rest.trim()) {
            return token.map(Presented::User).map_err(Unproven::Token);
        }
        let read = BearerToken::read(settings.prefix(), rest.trim()).map(|(public, secret)| (secret, public));
        let (secret, public) = verify_tag(settings, |_| Derived::BearerToken, read).map_err(Unproven::Token)?;
        return Ok(Presented::Bearer { public, secret });
    }
    let is_signed = scheme.eq_ignore_ascii_case("OAuth");
    // A GET may say that it is a form and has no body.
    let has_body = !matches!(method, "GET" | "HEAD");
    let read = (!has_body).then(|| oauth1::read(&head.received(None)));
    if let Some(Ok(request)) = read {
        let keys = Keys::read(settings, &request.consumer_key, request.token.as_deref())?;
        return Ok(Presented::Signed(Box::new(Signed { request, keys })));
    }
    if let Some(peeked) = oauth1::peek(authorization, url) {
        // What was never made here is refused as such, however badly it is signed.
        let keys = Keys::read(settings, &peeked.consumer_key, peeked.token.as_deref())?;
        return match read {
            Some(Err(error)) => Err(error.into()),
            _ => Ok(Presented::InBody { named: Some(NamedKeys { peeked, keys }) }),
        };
    }
    if header.is_some() && !is_signed {
        return Err(Unproven::OtherScheme);
    }
    if has_body {
        return Ok(Presented::InBody { named: None });
    }
    let missing = oauth1::ReadError::Missing("oauth_consumer_key");
    Err(if is_signed { Unproven::NotSignedProperly(missing) } else { Unproven::NoCredentials })
}
