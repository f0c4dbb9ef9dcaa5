//! Which entries of an activity log are asked for.

use gatehouse_shared::api::{ActivityEntry, OperationGroup};
use gatehouse_shared::model::{AppId, ProjectId};
use serde::{Deserialize, Serialize};

/// What is empty or `None` restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityFilter {
    pub app_id: Option<AppId>,
    pub project_id: Option<ProjectId>,
    /// An account's id, or a kind of actor.
    pub actor: String,
    pub group: Option<OperationGroup>,
}

impl ActivityFilter {
    /// Whether it lets an entry through.
    pub fn takes(&self, entry: &ActivityEntry) -> bool {
        let is_actor = || match entry.actor.account_id {
            Some(id) => id.to_string() == self.actor,
            None => entry.actor.kind.as_str() == self.actor,
        };
        (self.app_id.is_none() || self.app_id == entry.app_id)
            && (self.project_id.is_none() || self.project_id == entry.project_id)
            && self.group.is_none_or(|group| group == OperationGroup::of(&entry.operation))
            && (self.actor.is_empty() || is_actor())
    }
}
