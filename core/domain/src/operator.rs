//! On whose behalf an operator's call is made.

use crate::portal_error::PortalError;
use gatehouse_shared::api::Access;
use gatehouse_shared::model::{AccountId, OperatorRole};
use serde::{Deserialize, Serialize};

/// An operator whose session was checked at their own Account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    pub account: AccountId,
    pub username: String,
    pub role: OperatorRole,
    /// Whether they signed in with the secret in the settings.
    pub is_break_glass: bool,
}

impl Operator {
    /// Refuses an operator whose role does not allow calls of this access.
    pub fn require(&self, access: Access) -> Result<(), PortalError> {
        let needed = access.operator_roles().unwrap_or_default();
        if needed.contains(&self.role) {
            return Ok(());
        }
        Err(PortalError::OtherOperatorRole { role: self.role, needed: needed.to_vec() })
    }
}
