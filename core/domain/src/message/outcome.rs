//! What an Account or a developer account answers.

use crate::app::AppRecord;
use crate::grant::GrantRecord;
use crate::portal_error::PortalError;
use gatehouse_shared::model::{AccountId, AppId};
use serde::{Deserialize, Serialize};

/// The answer to a message to an Account or a developer account.
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
