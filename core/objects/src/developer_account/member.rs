//! What members may do by themselves.

use super::DeveloperAccount;
use crate::ledger::Committed;
use gatehouse_domain::message::account::OwnTokenTerms;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::model::AppId;

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// Lets a member generate an Access Token for an App. Their account keeps
    /// it, and loses it with the role.
    pub(super) fn allow_own_token(&self, app_id: AppId) -> Result<Committed, PortalError> {
        let (app, developer) = (self.app(app_id)?, self.developer()?);
        let subject = format!("{} of {}", CredentialKind::AccessToken.label(), app.settings.name);
        self.ledger.record("regenerate_credential", subject, Some(app_id), false)?;
        let terms = OwnTokenTerms {
            app: app.introduce(developer.name()),
            developer: developer.id,
            permission: app.settings.permission,
            version: self.ledger.version()?,
        };
        Committed::answer(&(terms, self.view_app(&app)?))
    }
}
