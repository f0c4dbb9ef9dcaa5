//! What calls about the transfer of an App or a Project carry.

use crate::app::StoredApp;
use crate::message::credential::CredentialUse;
use crate::project::StoredProject;
use gatehouse_shared::api::{ReceivedTransfer, TransferSubject};
use gatehouse_shared::model::{DeveloperAccountId, PlanLimits};
use serde::{Deserialize, Serialize};

/// A member offers an App or a Project to another developer account.
#[derive(Serialize, Deserialize)]
pub struct OfferTransfer {
    /// Drawn for the offer.
    pub id: String,
    pub subject: TransferSubject,
    pub receiver: DeveloperAccountId,
    /// The receiver's name, as its object told it.
    pub receiver_name: String,
    /// For the answer.
    pub limits: PlanLimits,
}

/// What the giver says of an offer, to the receiver.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PutTransfer {
    pub id: String,
    /// `None` where the offer is over.
    pub offer: Option<ReceivedTransfer>,
    /// An older word never replaces a newer one.
    pub version: u64,
}

/// What the receiver answers to an offer, to the giver.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerTransfer {
    pub id: String,
    pub receiver: DeveloperAccountId,
    /// Whether it was accepted, or declined.
    pub is_accepted: bool,
}

/// What a developer account gives away, whole: it does not have it any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parcel {
    /// The id of the offer.
    pub id: String,
    pub giver: DeveloperAccountId,
    /// The giver's version: all that the receiver says of the Apps must be newer.
    pub version: u64,
    pub project: Option<StoredProject>,
    pub apps: Vec<StoredApp>,
    pub uses: Vec<CredentialUse>,
}
