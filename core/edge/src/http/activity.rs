//! Which entries of an activity log a call asks for.

use super::router::Exchange;
use gatehouse_domain::message::activity::ActivityFilter;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::OperationGroup;
use gatehouse_shared::problem::FieldError;

impl<R: EdgePorts> Exchange<'_, R> {
    /// What the query restricts an activity log to.
    pub(super) fn activity_filter(&self) -> Result<ActivityFilter, PortalError> {
        let query = |name| self.request.query(name).filter(|text| !text.is_empty());
        let invalid =
            |field: &str, message: &str| PortalError::Invalid(vec![FieldError::new(field, "unknown", message)]);
        let group = query("group").map(|text| {
            let group = OperationGroup::ALL.into_iter().find(|group| group.as_str() == text);
            let names = OperationGroup::ALL.map(OperationGroup::as_str).join(", ");
            group.ok_or_else(|| invalid("group", &format!("Use one of {names}, or omit it for all.")))
        });
        let id = "Use an id of 19 digits, or omit it for all.";
        Ok(ActivityFilter {
            app_id: query("app_id").map(|id_text| id_text.parse().map_err(|_| invalid("app_id", id))).transpose()?,
            project_id: query("project_id")
                .map(|text| text.parse().map_err(|_| invalid("project_id", id)))
                .transpose()?,
            actor: query("actor").unwrap_or_default(),
            group: group.transpose()?,
        })
    }
}
