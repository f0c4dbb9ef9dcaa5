//! Who calls: a presented credential is verified against the records that
//! this isolate has, read where they are missing.

use crate::isolate::Isolate;
use gatehouse_domain::app::LiveApp;
use gatehouse_domain::gate::{Reason, Signed, Signing, Unproven, Unusable, Verified, verify_bearer, verify_user_token};
use gatehouse_domain::grant::LiveGrant;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::credential::{Public, Serial, UserToken};
use gatehouse_shared::model::{AccountId, AppId, UnixMillis, UnixSeconds};
use gatehouse_shared::oauth1::Received;

/// A credential whose tag is good, to be verified.
pub(crate) enum Claim<'a> {
    Bearer {
        public: Public,
        secret: &'a str,
    },
    /// An OAuth 2.0 access token of a user.
    UserToken(&'a UserToken<'a>),
    /// A signature for a user (RFC 5849 §3.2): all is verified but that its nonce is new.
    Signed {
        received: &'a Received<'a>,
        signed: &'a Signed<'a>,
        /// When the request came, by which its timestamp is judged.
        arrived_at: UnixSeconds,
    },
}

impl Claim<'_> {
    pub fn app_id(&self) -> AppId {
        match self {
            Self::Bearer { public, .. } => public.app_id,
            Self::UserToken(token) => token.public.app_id,
            Self::Signed { signed, .. } => signed.keys.key.app_id,
        }
    }

    /// The serial of the credential that turned out not to be known.
    fn missing(&self, unproven: &Unproven) -> Option<Serial> {
        match (self, unproven) {
            (Self::Signed { signed, .. }, Unproven::Key(_)) => Some(signed.keys.key.serial),
            (Self::Signed { signed, .. }, _) => signed.keys.token.map(|(_, token)| token.serial),
            (Self::Bearer { public, .. }, _) => Some(public.serial),
            (Self::UserToken(token), _) => Some(token.public.serial),
        }
    }

    /// The user whose grant the credential rests on.
    fn granted_by(&self) -> Option<AccountId> {
        match self {
            Self::Bearer { .. } => None,
            Self::UserToken(token) => Some(token.user),
            Self::Signed { signed, .. } => signed.keys.token.map(|(user, _)| user),
        }
    }

    /// What is said of an App that does not exist.
    fn unknown_app(&self) -> Unproven {
        match self {
            Self::Bearer { .. } | Self::UserToken(_) => Unproven::Token(Unusable::UnknownApp),
            Self::Signed { .. } => Unproven::Key(Unusable::UnknownApp),
        }
    }
}

impl<R: EdgePorts> Isolate<R> {
    /// Verifies a credential. Reads what memory has not, or not fresh enough;
    /// where the record may be older than the credential, its writer is asked.
    pub(crate) async fn verify(&self, claim: &Claim<'_>, now: UnixMillis) -> Result<Verified, Reason> {
        if let Claim::Signed { signed, .. } = claim
            && signed.keys.token.is_none()
        {
            return Err(Unproven::NoToken.into());
        }
        let missing = self.find_missing(claim.app_id(), claim.granted_by(), now);
        if missing.is_grant_alone()
            && let Err(unproven) = self.verify_without_grant(claim, now)
            && !is_not_known(&unproven)
        {
            // No grant would make it better, so none is read.
            return Err(unproven.into());
        }
        // A read that fails is no reason to go on with an old record.
        let now = self.read_missing(claim.app_id(), missing, now).await?;
        match self.verify_known(claim, now) {
            Err(unproven) if is_not_known(&unproven) => Box::pin(self.verify_newest(claim, unproven)).await,
            outcome => Ok(outcome?),
        }
    }

    /// Verifies a request signed for a user, at one of the protocol's endpoints.
    pub(crate) async fn verify_request(&self, received: &Received<'_>) -> Result<Verified, Reason> {
        let (signed, now) = (Signed::read(&self.settings, received, None)?, self.runtime.now());
        self.verify(&Claim::Signed { received, signed: &signed, arrived_at: now.seconds() }, now).await
    }

    /// Verifies with the newest records that this isolate has met.
    fn verify_known(&self, claim: &Claim<'_>, now: UnixMillis) -> Result<Verified, Unproven> {
        let granted_by = claim.granted_by();
        let verified = self.on_app(claim.app_id(), |app| match granted_by {
            Some(user) => self.on_grant(claim.app_id(), user, |grant| self.verify_with(claim, app, grant, now)),
            None => self.verify_with(claim, app, None, now),
        });
        verified.unwrap_or_else(|| Err(claim.unknown_app()))
    }

    /// Verifies a credential that rests on a grant as if there were none.
    fn verify_without_grant(&self, claim: &Claim<'_>, now: UnixMillis) -> Result<Verified, Unproven> {
        let verified = self.on_app(claim.app_id(), |app| self.verify_with(claim, app, None, now));
        verified.unwrap_or_else(|| Err(claim.unknown_app()))
    }

    fn verify_with(
        &self,
        claim: &Claim<'_>,
        app: &LiveApp,
        grant: Option<&LiveGrant>,
        now: UnixMillis,
    ) -> Result<Verified, Unproven> {
        let (settings, now) = (&self.settings, now.seconds());
        match claim {
            Claim::Bearer { public, secret } => verify_bearer(settings, public, secret, app, now),
            Claim::UserToken(token) => verify_user_token(settings, token, grant, now),
            Claim::Signed { received, signed: Signed { request, keys }, arrived_at } => {
                let token = keys.token.ok_or(Unproven::NoToken)?;
                let signing = Signing { settings, received, request, key: keys.key, app, arrived_at: *arrived_at, now };
                signing.verify_for_user(token, grant)
            }
        }
    }

    /// Asks the writers of the records, which may know a newer key, and then
    /// the user's a newer token; each is asked once for what it turns out not
    /// to have.
    async fn verify_newest(&self, claim: &Claim<'_>, unproven: Unproven) -> Result<Verified, Reason> {
        let (app_id, mut unproven) = (claim.app_id(), unproven);
        for _ in 0..2 {
            let missing = claim.missing(&unproven);
            if self.gone.borrow().has(app_id, missing) {
                break;
            }
            // Calls that come at once each ask: on Workers no request may wait for what another one does.
            match (&unproven, claim.granted_by()) {
                (Unproven::Token(_), Some(user)) => self.ask_for_grant(app_id, user).await?,
                _ => self.ask_for_app(app_id).await?,
            }
            let now_unproven = match self.verify_known(claim, self.runtime.now()) {
                Err(now_unproven) if is_not_known(&now_unproven) => now_unproven,
                outcome => return Ok(outcome?),
            };
            if now_unproven == unproven {
                self.gone.borrow_mut().put(app_id, missing);
                break;
            }
            unproven = now_unproven;
        }
        Err(unproven.into())
    }
}

/// Whether the record does not have the credential: it may be older.
fn is_not_known(unproven: &Unproven) -> bool {
    matches!(unproven, Unproven::Key(Unusable::Replaced) | Unproven::Token(Unusable::Replaced))
}
