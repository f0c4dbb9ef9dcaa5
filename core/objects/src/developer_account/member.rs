//! What members may do by themselves.

use super::DeveloperAccount;
use crate::ledger::Committed;
use gatehouse_domain::message::account::OwnTokenTerms;
use gatehouse_domain::message::developer_account::Caller;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::model::AppId;

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// Lets a member generate an Access Token for an App. Their Account keeps
    /// it; here is noted who may have one.
    pub(super) fn allow_own_token(&self, app_id: AppId, caller: &Caller) -> Result<Committed, PortalError> {
        let Caller::Account(member) = caller else { return Err(PortalError::NotFound(Missing::Account)) };
        let (app, developer) = (self.app(app_id)?, self.developer()?);
        self.ledger.runtime.exec(
            "INSERT OR IGNORE INTO own_token(app_id, account) VALUES (?, ?)",
            &[app_id.to_string().into(), member.account.to_string().into()],
        )?;
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
