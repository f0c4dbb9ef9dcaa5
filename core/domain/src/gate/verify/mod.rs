//! Whether a credential is what it says: the only makers of [`Verified`].

mod signed;
mod token;

pub use signed::{Nonce, NonceDigest, SignedByApp, Signing};
pub use token::{verify_api_key, verify_bearer, verify_client_secret, verify_user_token};

use crate::app::LiveApp;
use crate::credential::{Derived, Root, StoredCredential};
use crate::gate::{Denial, Reason, Unproven, Unusable};
use crate::secret::Secret;
use crate::settings::Settings;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::{Public, Serial};
use gatehouse_shared::model::{AccountId, AppId, CredentialForm, Permission, UnixSeconds};

/// Who calls, proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    app_id: AppId,
    form: CredentialForm,
    user: Option<AccountId>,
    level: Permission,
    scopes: Vec<String>,
    used: Vec<Used>,
    nonce: Option<Nonce>,
}

/// A credential that a request rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    pub serial: Serial,
    /// The user whose Account keeps it; `None` for the App's own.
    pub granted_by: Option<AccountId>,
}

impl Used {
    fn own(stored: &StoredCredential) -> Self {
        Self { serial: stored.root.serial, granted_by: None }
    }
}

impl Verified {
    pub fn app_id(&self) -> AppId {
        self.app_id
    }

    pub fn form(&self) -> CredentialForm {
        self.form
    }

    /// The user for whom the request is made; `None` for the App itself.
    pub fn user(&self) -> Option<AccountId> {
        self.user
    }

    /// What the credential may do.
    pub fn level(&self) -> Permission {
        self.level
    }

    /// What the caller is told: acting for no user counts as `read`.
    pub fn shown_level(&self) -> Permission {
        if self.user.is_some() { self.level } else { Permission::Read }
    }

    /// What the user granted with OAuth 2.0.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Why its request is refused where its App turns out to be deleted.
    pub fn of_deleted_app(&self) -> Unproven {
        match self.form {
            CredentialForm::OAuth1User => Unproven::Key(Unusable::UnknownApp),
            _ => Unproven::Token(Unusable::UnknownApp),
        }
    }

    /// Stops this caller's request.
    pub fn denied(&self, reason: Reason) -> Denial {
        Denial { reason, app_id: Some(self.app_id), level: Some(self.shown_level()) }
    }

    /// The credentials that it rests on; a user's token comes last.
    pub fn used(&self) -> &[Used] {
        &self.used
    }

    pub fn nonce(&self) -> Option<&Nonce> {
        self.nonce.as_ref()
    }
}

/// The secret of a stored credential, if it works now.
fn secret_of(
    settings: &Settings,
    app_id: AppId,
    what: Derived,
    stored: &StoredCredential,
    now: UnixSeconds,
) -> Result<Secret, Unusable> {
    if stored.works_at(now) { secret_of_root(settings, app_id, what, &stored.root) } else { Err(Unusable::Ended) }
}

fn secret_of_root(settings: &Settings, app_id: AppId, what: Derived, root: &Root) -> Result<Secret, Unusable> {
    let gone = Unusable::MasterKeyGone { app_id, key_id: root.master_key_id() };
    settings.keyring.secret(what, app_id, root).ok_or(gone)
}

/// Finds a presented credential among the App's, if it works now, with its secret.
fn find<'a>(
    settings: &Settings,
    app: &'a LiveApp,
    kind: CredentialKind,
    what: Derived,
    named: &Public,
    now: UnixSeconds,
) -> Result<(&'a StoredCredential, Secret), Unusable> {
    let stored = app.find_credential(kind, named).ok_or(Unusable::Replaced)?;
    Ok((stored, secret_of(settings, named.app_id, what, stored, now)?))
}
