//! Asks an account, or a developer account.

use crate::isolate::Isolate;
use futures_util::future::LocalBoxFuture;
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::format::decode;
use gatehouse_domain::message::account::{AccountCall, AccountRequest, Caller};
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::developer_account::{self, DeveloperAccountCall, DeveloperAccountRequest};
use gatehouse_domain::message::outcome::Outcome;
use gatehouse_domain::message::project_quota::ProjectQuotaCall;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, ObjectName, PortError, ask};
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, ProjectId};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// How many developer accounts are asked in turn, each of which gave the App away.
const MOST_MOVES: u32 = 8;

/// An answer as it is, to be read by whoever knows its type. Boxed, so that the code that waits for it stands in the Worker
/// once, and not once for each type.
pub(crate) type Answer<'a, E = PortalError> = LocalBoxFuture<'a, Result<Box<RawValue>, E>>;

/// Reads an answer. One of another type is an object that did not answer as it should.
pub(crate) fn read_answer<T: DeserializeOwned>(answer: &RawValue) -> Result<T, PortalError> {
    Ok(decode("unreadable answer", answer.get()).map_err(PortError)?)
}

impl<R: EdgePorts> Isolate<R> {
    /// Asks an account what changes nothing.
    pub(crate) async fn read_account<T: DeserializeOwned>(
        &self,
        account: AccountId,
        call: AccountCall,
    ) -> Result<T, PortalError> {
        self.ask_account(account, Caller::Internal, call, &RequestSource::default()).await
    }

    /// Asks a developer account what changes nothing.
    pub(crate) async fn read_developer<T: DeserializeOwned>(
        &self,
        developer: DeveloperAccountId,
        call: DeveloperAccountCall,
    ) -> Result<T, PortalError> {
        self.ask_developer(developer, developer_account::Caller::Internal, call, &RequestSource::default()).await
    }

    /// Asks an account; the records that it changed go into this isolate's memory.
    pub(crate) async fn ask_account<T: DeserializeOwned>(
        &self,
        account: AccountId,
        caller: Caller,
        call: AccountCall,
        source: &RequestSource,
    ) -> Result<T, PortalError> {
        read_answer(&self.ask_account_for_json(account, caller, call, source).await?)
    }

    /// The same with the answer as it is.
    pub(crate) fn ask_account_for_json<'a>(
        &'a self,
        account: AccountId,
        caller: Caller,
        call: AccountCall,
        source: &'a RequestSource,
    ) -> Answer<'a> {
        Box::pin(async move {
            let message = AccountRequest { account, caller, source: source.clone(), call };
            let outcome: Outcome<Box<RawValue>> = ask(&self.runtime, &ObjectName::Account(account), &message).await?;
            self.remember(outcome.records, outcome.grants);
            outcome.result
        })
    }

    /// The same with a developer account; with whoever has the App or the Project now, where it gave it away.
    pub(crate) async fn ask_developer<T: DeserializeOwned>(
        &self,
        developer: DeveloperAccountId,
        caller: developer_account::Caller,
        call: DeveloperAccountCall,
        source: &RequestSource,
    ) -> Result<T, PortalError> {
        read_answer(&self.ask_developer_for_json(developer, caller, call, source).await?)
    }

    /// The same with the answer as it is.
    pub(crate) fn ask_developer_for_json<'a>(
        &'a self,
        developer: DeveloperAccountId,
        caller: developer_account::Caller,
        call: DeveloperAccountCall,
        source: &'a RequestSource,
    ) -> Answer<'a> {
        Box::pin(async move {
            let mut message = DeveloperAccountRequest { developer, caller, source: source.clone(), call };
            let mut was_on_its_way = false;
            for _ in 0..MOST_MOVES {
                let object = ObjectName::DeveloperAccount(message.developer);
                let outcome: Outcome<Box<RawValue>> = ask(&self.runtime, &object, &message).await?;
                self.remember(outcome.records, outcome.grants);
                match outcome.result {
                    Err(PortalError::Moved { receiver, is_on_its_way, .. }) => {
                        message.developer = receiver;
                        was_on_its_way = is_on_its_way;
                    }
                    // The receiver has not taken it yet.
                    Err(PortalError::NotFound(_)) if was_on_its_way => break,
                    result => return result,
                }
            }
            Err(PortalError::Unavailable(format!("what developer-account/{developer} gave away is on its way")))
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A Worker of another version answers like that for some minutes after a deployment: whoever asked tries again.
    #[test]
    fn an_answer_of_another_type_is_no_fault_of_this_worker() {
        let answer = RawValue::from_string("{\"made_up\":true}".to_owned()).unwrap();
        let read = read_answer::<u64>(&answer);
        assert!(matches!(read, Err(PortalError::Unavailable(_))), "{read:?}");
    }
}
