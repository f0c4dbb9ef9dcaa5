//! The life of credentials that are kept together: of each kind at most one is
//! current, and at most one more is in its overlap.

use super::StoredCredential;
use crate::portal_error::{Missing, PortalError};
use gatehouse_shared::api::CredentialKind;
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

/// The newest credential of a kind.
pub fn current_credential(kept: &[StoredCredential], kind: CredentialKind) -> Option<&StoredCredential> {
    kept.iter().find(|stored| stored.kind == kind && stored.is_current())
}

/// Puts `new` in the place of the credential of its kind, which stops at
/// once, or works on for `overlap_seconds`.
pub fn replace_credential(
    kept: &mut Vec<StoredCredential>,
    new: StoredCredential,
    overlap_seconds: Option<u64>,
    now: UnixSeconds,
) -> Result<(), PortalError> {
    let kind = new.kind;
    let in_overlap = |stored: &StoredCredential| stored.kind == kind && !stored.is_current();
    match overlap_seconds {
        None => kept.retain(|stored| stored.kind != kind),
        Some(seconds) => {
            if let Some(previous) = kept.iter().find(|stored| in_overlap(stored) && stored.works_at(now)) {
                return Err(PortalError::OverlapRunning(previous.ends_at().unwrap_or(now)));
            }
            kept.retain(|stored| stored.kind != kind || (stored.is_current() && stored.works_at(now)));
            for stored in kept.iter_mut().filter(|stored| stored.kind == kind) {
                stored.works_until = Some(now.plus(seconds));
            }
        }
    }
    kept.push(new);
    // Of one kind the current one stands first.
    kept.sort_by_key(|stored| (stored.kind, !stored.is_current()));
    Ok(())
}

/// Sets or clears the expiry date of the current credential of a kind.
pub fn set_expiry(
    kept: &mut [StoredCredential],
    kind: CredentialKind,
    expires_at: Option<UnixSeconds>,
) -> Result<(), PortalError> {
    let current = kept.iter_mut().find(|stored| stored.kind == kind && stored.is_current());
    current.ok_or(PortalError::NotFound(Missing::Credential))?.expires_at = expires_at;
    Ok(())
}

/// Removes credentials of a kind; they stop working.
pub fn revoke_credential(
    kept: &mut Vec<StoredCredential>,
    kind: CredentialKind,
    which: Which,
) -> Result<(), PortalError> {
    let before = kept.len();
    kept.retain(|stored| {
        let is_meant = match which {
            Which::All => true,
            Which::Previous => !stored.is_current(),
            Which::One(serial) => stored.root.serial == serial,
        };
        stored.kind != kind || !is_meant
    });
    if kept.len() == before { Err(PortalError::NotFound(Missing::Credential)) } else { Ok(()) }
}
