//! Verifies a signed request against the secrets of its App and its token.

use super::{Used, Verified, find, secret_of};
use crate::app::LiveApp;
use crate::credential::Derived;
use crate::gate::{Unproven, Unusable};
use crate::grant::LiveGrant;
use crate::request::RequestHead;
use crate::secret::Secret;
use crate::settings::Settings;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::{AccessTokenSecret, ApiKeySecret, Public};
use gatehouse_shared::model::{AccountId, CredentialForm, UnixSeconds};
use gatehouse_shared::oauth1;
use gatehouse_shared::oauth1::{Fault, Received, SignedRequest};
use sha2::{Digest, Sha256};

/// Names one request: of key, token, timestamp and nonce together.
pub type NonceDigest = [u8; 16];

/// What must be new about a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonce {
    pub digest: NonceDigest,
    pub signed_at: UnixSeconds,
    /// From then on the timestamp alone has it refused.
    pub keep_until: UnixSeconds,
}

/// For how long after its last moment a nonce is kept: clocks differ.
const NONCE_SLACK_SECONDS: u64 = 60;

/// Whether a request was signed within the window (RFC 5849 §3.3).
pub fn check_timestamp(settings: &Settings, timestamp: u64, now: UnixSeconds) -> Result<(), Unproven> {
    let skew_seconds = i64::try_from(i128::from(now.0) - i128::from(timestamp)).unwrap_or(i64::MAX);
    if skew_seconds.unsigned_abs() <= settings.signature_window_seconds {
        Ok(())
    } else {
        Err(Unproven::Timestamp { skew_seconds })
    }
}

/// What a request says that it is signed with, and what is known of that.
pub struct Signing<'a> {
    pub settings: &'a Settings,
    pub received: &'a Received<'a>,
    pub request: &'a SignedRequest<'a>,
    pub key: Public,
    pub app: &'a LiveApp,
    /// When the request came, by which its timestamp is judged.
    pub arrived_at: UnixSeconds,
    /// The moment at which its credentials must work.
    pub now: UnixSeconds,
}

/// A request that the App signed, whoever it is for. Its nonce is still to be spent.
pub struct SignedByApp {
    pub nonce: Nonce,
    key: Used,
}

impl Signing<'_> {
    /// Verifies the signature (RFC 5849 §3.2); `token_secret` is empty where
    /// the request is for nobody.
    pub fn verify(&self, token_secret: &str) -> Result<SignedByApp, Unproven> {
        let settings = self.settings;
        check_timestamp(settings, self.request.timestamp, self.arrived_at)?;
        let (kind, what) = (CredentialKind::ApiKey, Derived::ApiKeySecret);
        let (key, secret) = find(settings, self.app, kind, what, &self.key, self.now).map_err(Unproven::Key)?;
        let secret = Secret::new(ApiKeySecret::write(settings.prefix(), secret.reveal()));
        check_signature(settings, self.received, self.request, secret.reveal(), token_secret)?;
        let window = settings.signature_window_seconds + NONCE_SLACK_SECONDS;
        let signed_at = UnixSeconds(self.request.timestamp);
        let nonce = Nonce { digest: digest(self.request), signed_at, keep_until: signed_at.plus(window) };
        Ok(SignedByApp { nonce, key: Used::own(key) })
    }

    /// Verifies a request that is signed for a user; `grant` is what the user
    /// lets the App do.
    pub fn verify_for_user(
        &self,
        (user, named): (AccountId, Public),
        grant: Option<&LiveGrant>,
    ) -> Result<Verified, Unproven> {
        check_timestamp(self.settings, self.request.timestamp, self.arrived_at)?;
        let replaced = Unproven::Token(Unusable::Replaced);
        let grant = grant.ok_or(replaced.clone())?;
        let stored = grant.find_access_token(&named, self.app.transfers).ok_or(replaced)?;
        let what = Derived::AccessTokenSecret(user);
        let secret = secret_of(self.settings, named.app_id, what, stored, self.now).map_err(Unproven::Token)?;
        let secret = Secret::new(AccessTokenSecret::write(self.settings.prefix(), secret.reveal()));
        let signed = self.verify(secret.reveal())?;
        Ok(Verified {
            app_id: self.key.app_id,
            form: CredentialForm::OAuth1User,
            user: Some(user),
            level: stored.permission.unwrap_or_default(),
            scopes: Vec::new(),
            used: vec![signed.key, Used { serial: stored.root.serial, granted_by: Some(user) }],
            nonce: Some(signed.nonce),
        })
    }
}

/// A wrong signature is explained for so many of the deployment's origins: each takes some twenty HMACs.
const MOST_EXPLAINED_ORIGINS: usize = 4;

fn check_signature(
    settings: &Settings,
    received: &Received<'_>,
    request: &SignedRequest<'_>,
    key_secret: &str,
    token_secret: &str,
) -> Result<(), Unproven> {
    let requested = RequestHead { method: received.method, url: received.url, authorization: None }.origin();
    let accepted = settings.signed_origins(requested);
    if accepted.iter().any(|origin| request.is_signed_with(origin, key_secret, token_secret)) {
        return Ok(());
    }
    let first = accepted.first().copied().unwrap_or(requested);
    // Whoever knows a key and a token, which are no secrets, may send what costs seconds to explain.
    if !request.is_short() {
        let expected = request.base_string(first);
        return Err(Unproven::Signature(Box::new(oauth1::Explanation { expected, signed: None })));
    }
    // Behind a proxy it is not known which of its origins the client called: the one that explains the signature.
    let explain = |origin| oauth1::explain(request, received, origin, &[requested], key_secret, token_secret);
    let mut explained = accepted.iter().take(MOST_EXPLAINED_ORIGINS).map(|origin| explain(origin));
    let kept = explained.next().unwrap_or_else(|| explain(first));
    let explanation = match kept.signed {
        Some(_) => kept,
        None => explained.find(|found| found.signed.is_some()).unwrap_or(kept),
    };
    match explanation.signed.as_ref().map(|signed| &signed.fault) {
        Some(Fault::OtherOrigin(origin)) => Err(Unproven::OriginNotAccepted { origin: origin.clone() }),
        _ => Err(Unproven::Signature(Box::new(explanation))),
    }
}

/// 128 bits that name key, token, timestamp and nonce together.
fn digest(request: &SignedRequest<'_>) -> NonceDigest {
    let mut hash = Sha256::new();
    let token = request.token.as_deref().unwrap_or_default();
    for part in [request.consumer_key.as_ref(), token, &request.timestamp.to_string(), request.nonce.as_ref()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bytes: [u8; 32] = hash.finalize().into();
    bytes.first_chunk().copied().unwrap_or_default()
}
