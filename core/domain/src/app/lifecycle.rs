//! The life of an App's credentials: of each kind at most one is current, and
//! at most one more is in its overlap.

use super::StoredApp;
use crate::credential::StoredCredential;
use crate::portal_error::{Missing, PortalError};
use gatehouse_shared::api::{CredentialKind, NextExpiry};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::UnixSeconds;
use serde::{Deserialize, Serialize};

/// Which credentials of a kind are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    All,
    /// The one in its overlap.
    Previous,
    One(Serial),
}

impl StoredApp {
    /// The newest credential of a kind.
    pub fn current_credential(&self, kind: CredentialKind) -> Option<&StoredCredential> {
        self.credentials.iter().find(|stored| stored.kind == kind && stored.is_current())
    }

    /// Puts `new` in the place of the credential of its kind, which stops at
    /// once, or works on for `overlap_seconds`. An Access Token bears the
    /// App's permission of this moment, unless it was asked for with a lower one.
    pub fn replace_credential(
        &mut self,
        mut new: StoredCredential,
        overlap_seconds: Option<u64>,
        now: UnixSeconds,
    ) -> Result<(), PortalError> {
        let kind = new.kind;
        let has_secret = self.settings.client_type.is_some_and(|kind| kind.is_confidential());
        if kind == CredentialKind::ClientSecret && !has_secret {
            return Err(PortalError::NotConfidential);
        }
        let in_overlap = |stored: &StoredCredential| stored.kind == kind && !stored.is_current();
        match overlap_seconds {
            None => self.credentials.retain(|stored| stored.kind != kind),
            Some(seconds) => {
                if let Some(previous) =
                    self.credentials.iter().find(|stored| in_overlap(stored) && stored.works_at(now))
                {
                    return Err(PortalError::OverlapRunning(previous.ends_at().unwrap_or(now)));
                }
                self.credentials.retain(|stored| stored.kind != kind || (stored.is_current() && stored.works_at(now)));
                for stored in self.credentials.iter_mut().filter(|stored| stored.kind == kind) {
                    stored.works_until = Some(now.plus(seconds));
                }
            }
        }
        if kind == CredentialKind::AccessToken {
            new.permission.get_or_insert(self.settings.permission);
        }
        self.credentials.push(new);
        // Of one kind the current one stands first.
        self.credentials.sort_by_key(|stored| (stored.kind, !stored.is_current()));
        Ok(())
    }

    /// Sets or clears the expiry date of the current credential of a kind.
    pub fn set_expiry(&mut self, kind: CredentialKind, expires_at: Option<UnixSeconds>) -> Result<(), PortalError> {
        let current = self.credentials.iter_mut().find(|stored| stored.kind == kind && stored.is_current());
        current.ok_or(PortalError::NotFound(Missing::Credential))?.expires_at = expires_at;
        Ok(())
    }

    /// Removes credentials of a kind; they stop working.
    pub fn revoke_credential(&mut self, kind: CredentialKind, which: Which) -> Result<(), PortalError> {
        let before = self.credentials.len();
        self.credentials.retain(|stored| {
            let is_meant = match which {
                Which::All => true,
                Which::Previous => !stored.is_current(),
                Which::One(serial) => stored.root.serial == serial,
            };
            stored.kind != kind || !is_meant
        });
        if self.credentials.len() == before { Err(PortalError::NotFound(Missing::Credential)) } else { Ok(()) }
    }

    /// The current credential that expires next.
    pub fn next_expiry(&self) -> Option<NextExpiry> {
        let current = self.credentials.iter().filter(|stored| stored.is_current());
        current
            .filter_map(|stored| Some(NextExpiry { kind: stored.kind, at: stored.expires_at? }))
            .min_by_key(|next| next.at)
    }
}
