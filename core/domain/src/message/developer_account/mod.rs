//! Messages to the object of a developer account.

mod call;
mod invitation;
mod owned;
mod transfer;

pub use call::{DeveloperAccountCall, Need};
pub use invitation::{CreateInvitation, Invitee};
pub use owned::{
    AskingApp, CreateApp, CreateProject, EnsureBearerToken, NewApp, ReplaceCredential, SetAppStatus, SubmitApplication,
};

pub use transfer::{AnswerTransfer, OfferTransfer, Parcel, PutTransfer};

use crate::audit::RequestSource;
use crate::operator::Operator;
use gatehouse_shared::model::{AccountId, DeveloperAccountId};
use serde::{Deserialize, Serialize};

/// A message to the object of a developer account.
#[derive(Serialize, Deserialize)]
pub struct DeveloperAccountRequest {
    pub developer: DeveloperAccountId,
    pub caller: Caller,
    pub source: RequestSource,
    pub call: DeveloperAccountCall,
}

impl DeveloperAccountRequest {
    /// A message from the deployment itself.
    pub fn internal(developer: DeveloperAccountId, call: DeveloperAccountCall) -> Self {
        Self { developer, caller: Caller::Internal, source: RequestSource::default(), call }
    }
}

/// On whose behalf a developer account is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Caller {
    /// The deployment itself.
    Internal,
    /// Somebody whose session was checked at their own Account; the developer account knows whether they are a member.
    Account(Asking),
    Operator(Operator),
}

/// An account that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    pub account: AccountId,
    pub username: String,
    /// Whether this is the developer account that they may apply for.
    pub is_own: bool,
}
