//! Asks an account, or a developer account.

use crate::isolate::Isolate;
use gatehouse_domain::message::account::{AccountCall, AccountRequest, Caller};
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::developer_account::{self, DeveloperAccountCall, DeveloperAccountRequest};
use gatehouse_domain::message::outcome::Outcome;
use gatehouse_domain::message::project_quota::ProjectQuotaCall;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, ObjectName, PortError, ask};
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, ProjectId};
use serde::de::DeserializeOwned;

impl<R: EdgePorts> Isolate<R> {
    /// Asks an account; the records that it changed go into this isolate's memory.
    pub(crate) async fn ask_account<T: DeserializeOwned>(
        &self,
        account: AccountId,
        caller: Caller,
        call: AccountCall,
    ) -> Result<T, PortalError> {
        let message = AccountRequest { account, caller, call };
        let outcome: Outcome<T> = ask(&self.runtime, &ObjectName::Account(account), &message).await?;
        self.remember(outcome.records, outcome.grants);
        outcome.result
    }

    /// The same with a developer account.
    pub(crate) async fn ask_developer<T: DeserializeOwned>(
        &self,
        developer: DeveloperAccountId,
        caller: developer_account::Caller,
        call: DeveloperAccountCall,
    ) -> Result<T, PortalError> {
        let message = DeveloperAccountRequest { developer, caller, call };
        let outcome: Outcome<T> = ask(&self.runtime, &ObjectName::DeveloperAccount(developer), &message).await?;
        self.remember(outcome.records, outcome.grants);
        outcome.result
    }

    /// The developer account that an App belongs to, as the App's own object knows it.
    pub(crate) async fn find_developer_of_app(&self, app_id: AppId) -> Result<Option<DeveloperAccountId>, PortError> {
        ask(&self.runtime, &ObjectName::AppTraffic(app_id), &AppTrafficCall::FindOwner).await
    }

    /// The same of a Project.
    pub(crate) async fn find_developer_of_project(
        &self,
        project_id: ProjectId,
    ) -> Result<Option<DeveloperAccountId>, PortError> {
        ask(&self.runtime, &ObjectName::ProjectQuota(project_id), &ProjectQuotaCall::FindOwner).await
    }
}
