//! What a user lets an App do for them: one grant for each user and App, kept
//! by the user's Account.

mod callback;
mod family;
mod narrowed;
mod pending;

pub use callback::Callback;
pub use family::{ACCESS_SECONDS, CODE_SECONDS, Family, LiveFamily, PendingCode, RedeemedCode, RedemptionError, Step};
pub use narrowed::{Narrowing, narrow, scopes_without};
pub use pending::PendingConsent;

use crate::consent::Allowed;
use crate::credential::StoredCredential;
use crate::format::Format;
use gatehouse_shared::api::ConsentApp;
use gatehouse_shared::credential::{Public, Serial};
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, Permission, UnixSeconds};
use serde::{Deserialize, Serialize};

/// How many authorizations a user may have running with one App.
const MOST_FAMILIES: usize = 20;
/// How many consents of a user may wait for one App to redeem them.
const MOST_PENDING: usize = 20;

/// A grant as the user's Account keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredGrant {
    /// The App as the user last saw it.
    pub app: ConsentApp,
    pub granted_at: UnixSeconds,
    /// Of OAuth 1.0a, by consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<StoredCredential>,
    /// Those that the user generated as a member of the App's developer account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnTokens>,
    /// Of OAuth 2.0, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<Family>,
    /// Of OAuth 1.0a, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<PendingConsent>,
}

/// Access Tokens that a member of a developer account generated for themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTokens {
    /// The tokens end when the user is no member of it any more.
    pub developer: DeveloperAccountId,
    /// How often the App had changed hands: they end when it does again.
    pub transfers: u32,
    /// The current one, and one in its overlap.
    pub tokens: Vec<StoredCredential>,
}

/// What the gate knows of a grant: one KV record, `grant/<app id>/<user id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRecord {
    /// The layout of this record; see docs/storage.md.
    pub format: Format<1>,
    /// Grows with every change; an older record never replaces a newer one.
    pub version: u64,
    /// `None` where it was revoked.
    pub grant: Option<LiveGrant>,
}

impl GrantRecord {
    pub fn new(version: u64, grant: Option<LiveGrant>) -> Self {
        Self { format: Format::CURRENT, version, grant }
    }
}

/// What a user's Account has for an App.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Granted {
    Nothing,
    /// Only Access Tokens that the person generated as a member of the App's developer account.
    OwnTokens,
    /// The App acts for the person, who agreed to it.
    Consent,
}

/// The part of the record that a revoked grant lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveGrant {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access_tokens: Vec<StoredCredential>,
    /// The user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<LiveOwnTokens>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<LiveFamily>,
}

/// Access Tokens that a member generated, for the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveOwnTokens {
    /// How often the App had changed hands.
    pub transfers: u32,
    pub tokens: Vec<StoredCredential>,
}

impl LiveGrant {
    /// Every Access Token, whether by consent or the member's own.
    pub fn all_access_tokens(&self) -> impl Iterator<Item = &StoredCredential> {
        self.access_tokens.iter().chain(self.own.iter().flat_map(|own| &own.tokens))
    }

    /// The Access Token that a presented one names, if the grant still has it.
    /// The user's own ones are not those of an App that has changed hands since.
    pub fn find_access_token(&self, named: &Public, transfers: u32) -> Option<&StoredCredential> {
        let own = self.own.as_ref().filter(|own| own.transfers == transfers).map_or(&[][..], |own| &own.tokens);
        self.access_tokens.iter().chain(own).find(|stored| stored.root.is_named_by(named))
    }

    /// The authorization that a presented token names, if the grant still has it.
    pub fn find_family(&self, named: &Public) -> Option<&LiveFamily> {
        self.families.iter().find(|family| family.root.is_named_by(named))
    }
}

/// The KV key of a grant's record.
pub fn grant_key(app_id: AppId, user: AccountId) -> String {
    format!("grant/{app_id}/{user}")
}

impl StoredGrant {
    pub fn new(app: ConsentApp, now: UnixSeconds) -> Self {
        Self { app, granted_at: now, access_token: None, own: None, families: Vec::new(), pending: Vec::new() }
    }

    /// Whether there is nothing left of it.
    pub fn is_empty(&self) -> bool {
        self.has_no_tokens() && self.pending.is_empty()
    }

    /// Whether there is nothing in it for the gate.
    pub fn has_no_tokens(&self) -> bool {
        self.access_token.is_none() && self.own.is_none() && self.families.is_empty()
    }

    /// The part that the gate must know.
    pub fn live(&self) -> LiveGrant {
        LiveGrant {
            access_tokens: self.access_token.iter().cloned().collect(),
            own: self.own.as_ref().map(|own| LiveOwnTokens { transfers: own.transfers, tokens: own.tokens.clone() }),
            families: self.families.iter().map(Family::live).collect(),
        }
    }

    /// Every Access Token, whether by consent or the member's own.
    pub fn access_tokens(&self) -> impl Iterator<Item = &StoredCredential> {
        self.own_tokens().iter().chain(&self.access_token)
    }

    /// The Access Tokens that the user generated as a member.
    pub fn own_tokens(&self) -> &[StoredCredential] {
        self.own.as_ref().map_or(&[], |own| &own.tokens)
    }

    /// Removes the Access Token of that serial; gives whether it was there.
    pub fn revoke_access_token(&mut self, serial: Serial) -> bool {
        let before = self.access_tokens().count();
        self.access_token.take_if(|stored| stored.root.serial == serial);
        if let Some(own) = &mut self.own {
            own.tokens.retain(|stored| stored.root.serial != serial);
        }
        self.own.take_if(|own| own.tokens.is_empty());
        self.access_tokens().count() < before
    }

    /// The user's one Access Token by consent; `new` where there is none, or where it may
    /// less than what was agreed to now.
    pub fn ensure_access_token(&mut self, new: StoredCredential) -> &StoredCredential {
        let is_enough = self.access_token.as_ref().is_some_and(|stored| stored.permission >= new.permission);
        if !is_enough {
            self.access_token = None;
        }
        self.access_token.get_or_insert(new)
    }

    /// Begins an authorization; what is over goes.
    pub fn start_family(&mut self, new: Family, now: UnixSeconds) {
        self.families.retain(|family| now < family.ends_at());
        while self.families.len() >= MOST_FAMILIES {
            // A code that nobody redeemed goes before tokens that somebody uses; then what ends next.
            let order = |family: &Family| (family.code.is_none(), family.ends_at());
            let next = self.families.iter().enumerate().min_by_key(|(_, family)| order(family));
            let Some((index, _)) = next else { break };
            self.families.remove(index);
        }
        self.families.push(new);
    }

    /// Notes a consent until its request token is redeemed; `false` where that
    /// token was answered already.
    pub fn note_consent(&mut self, new: PendingConsent, now: UnixSeconds) -> bool {
        self.pending.retain(|consent| now < consent.expires_at);
        if self.pending.iter().any(|consent| consent.serial == new.serial) {
            return false;
        }
        if self.pending.len() >= MOST_PENDING {
            self.pending.remove(0);
        }
        self.pending.push(new);
        true
    }

    /// The consent that is being redeemed, if it still stands.
    pub fn find_consent(&self, serial: Serial, now: UnixSeconds) -> Option<&PendingConsent> {
        self.pending.iter().find(|consent| consent.serial == serial && now < consent.expires_at)
    }

    /// Notes what a consent gave: nothing else comes of it, and it ends at `until`.
    pub fn redeem_consent(&mut self, serial: Serial, given: Serial, until: UnixSeconds) {
        for consent in self.pending.iter_mut().filter(|consent| consent.serial == serial) {
            consent.given = Some(given);
            consent.expires_at = consent.expires_at.min(until);
        }
    }

    /// Forgets a consent that came to nothing.
    pub fn withdraw_consent(&mut self, serial: Serial) {
        self.pending.retain(|consent| consent.serial != serial);
    }

    /// Ends what the App has not redeemed yet.
    pub fn end_unredeemed(&mut self) {
        self.pending.clear();
        self.families.retain(|family| family.code.is_none());
    }

    /// What the App's object must know of it.
    pub fn granted(&self) -> Granted {
        if self.access_token.is_some() || self.families.iter().any(|family| family.code.is_none()) {
            Granted::Consent
        } else if self.own.is_some() {
            Granted::OwnTokens
        } else {
            Granted::Nothing
        }
    }

    /// Whether the App got something for it.
    pub fn is_used(&self) -> bool {
        self.granted() != Granted::Nothing
    }

    pub fn family_mut(&mut self, serial: Serial) -> Option<&mut Family> {
        self.families.iter_mut().find(|family| family.serial() == serial)
    }

    /// The level that it was granted with OAuth 1.0a.
    pub fn permission(&self) -> Option<Permission> {
        self.access_token.as_ref()?.permission
    }

    /// The serials of its tokens, as uses are counted by.
    pub fn serials(&self) -> Vec<Serial> {
        let tokens = self.access_tokens().map(|stored| stored.root.serial);
        tokens.chain(self.families.iter().map(Family::serial)).collect()
    }

    /// What the App may do with what it redeemed.
    pub fn allowed(&self, now: UnixSeconds) -> Allowed {
        let own = self.own_tokens().iter().filter(|own| own.works_at(now)).filter_map(|own| own.permission).max();
        Allowed { permission: self.permission().max(own), scopes: self.scopes(now, |family| family.code.is_none()) }
    }

    /// What the App may do once it redeems what it has not yet.
    pub fn unredeemed(&self, now: UnixSeconds) -> Allowed {
        let waiting = self.pending.iter().filter(|consent| consent.given.is_none() && now < consent.expires_at);
        Allowed {
            permission: waiting.map(|consent| consent.level).max(),
            scopes: self.scopes(now, |family| family.code.is_some()),
        }
    }

    /// All that the user agreed to and that is not over.
    pub fn agreed(&self, now: UnixSeconds) -> Allowed {
        let permission = self.allowed(now).permission.max(self.unredeemed(now).permission);
        Allowed { permission, scopes: self.scopes(now, |_| true) }
    }

    /// The scopes of running authorizations, each once.
    fn scopes(&self, now: UnixSeconds, is_meant: impl Fn(&Family) -> bool) -> Vec<String> {
        let mut scopes: Vec<String> = Vec::new();
        let running = self.families.iter().filter(|family| now < family.ends_at() && is_meant(family));
        for scope in running.flat_map(|family| &family.scopes) {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        scopes
    }
}
