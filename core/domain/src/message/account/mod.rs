//! Messages to the object of an Account.

mod call;
mod grant;
mod membership;
mod own_token;
mod sign_in;

pub use call::{AccountCall, Need};
pub use grant::{Advanced, EnsureAccessToken, NoteConsent, StartFamily};
pub use membership::{Membership, PutInvitation, PutMembership, Signer};
pub use own_token::{OwnTokenTerms, ReplaceOwnToken};
pub use sign_in::{ChangePassword, CreateAccount, Login, NewSession, Profile};

use crate::account::TokenHash;
use crate::audit::RequestSource;
use crate::operator::Operator;
use gatehouse_shared::model::AccountId;
use serde::{Deserialize, Serialize};

/// A message to the object of an Account.
#[derive(Serialize, Deserialize)]
pub struct AccountRequest {
    pub account: AccountId,
    pub caller: Caller,
    pub source: RequestSource,
    pub call: AccountCall,
}

impl AccountRequest {
    /// A message from the deployment itself.
    pub fn internal(account: AccountId, call: AccountCall) -> Self {
        Self { account, caller: Caller::Internal, source: RequestSource::default(), call }
    }
}

/// On whose behalf an Account is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Caller {
    /// The deployment itself.
    Internal,
    /// Whoever has this session; the Account knows whether it is one.
    Session(TokenHash),
    Operator(Operator),
}
