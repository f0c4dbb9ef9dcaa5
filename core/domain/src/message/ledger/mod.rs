//! Messages to a Ledger and its answers.

mod account;
mod call;
mod credential;
mod grant;
mod owned;

pub use account::{ChangePassword, CreateAccount, HoldsName, Login, NewSession, Profile, SubmitApplication};
pub use call::{LedgerCall, Need};
pub use credential::{CredentialUse, EnsureBearerToken, HeldRoot, Place, ReplaceCredential};
pub use grant::{Advanced, AskingApp, EnsureAccessToken, NoteConsent, StartFamily};
pub use owned::{CreateApp, CreateProject, NewApp, SetAppStatus};

use crate::account::TokenHash;
use crate::app::AppRecord;
use crate::grant::GrantRecord;
use crate::portal_error::PortalError;
use gatehouse_shared::model::{AccountId, AppId};
use serde::{Deserialize, Serialize};

/// A message to a Ledger.
#[derive(Serialize, Deserialize)]
pub struct LedgerRequest {
    pub account: AccountId,
    pub caller: Caller,
    pub call: LedgerCall,
}

impl LedgerRequest {
    /// A message from another object; it must name no account of its own.
    pub fn internal(call: LedgerCall) -> Self {
        // Only `CreateAccount` reads the account, and it has its own constructor.
        Self { account: AccountId::from_random([0; 8]), caller: Caller::Internal, call }
    }
}

/// On whose behalf a call is made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Caller {
    /// The deployment itself.
    Internal,
    /// Whoever has this session; the Ledger knows whether it is one.
    Session(TokenHash),
    /// An operator whose session was checked at their own Ledger.
    Operator,
}

/// The answer to a [`LedgerRequest`].
#[derive(Serialize, Deserialize)]
pub struct Outcome<T> {
    pub result: Result<T, PortalError>,
    /// The App records that this call changed, for the memory of the isolate
    /// that asked.
    #[serde(default = "Vec::new")]
    pub records: Vec<(AppId, AppRecord)>,
    /// The same of grants.
    #[serde(default = "Vec::new")]
    pub grants: Vec<(AppId, AccountId, GrantRecord)>,
}
