use crate::isolate::Isolate;
use gatehouse_domain::message::ledger::{Caller, LedgerCall, LedgerRequest, Outcome};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, ObjectName, ask};
use gatehouse_shared::model::AccountId;
use serde::de::DeserializeOwned;

impl<R: EdgePorts> Isolate<R> {
    /// Asks an account's Ledger; the records it changed go into this
    /// isolate's memory.
    pub(crate) async fn ask_ledger<T: DeserializeOwned>(
        &self,
        account: AccountId,
        caller: Caller,
        call: LedgerCall,
    ) -> Result<T, PortalError> {
        let message = LedgerRequest { account, caller, call };
        let outcome: Outcome<T> = ask(&self.runtime, &ObjectName::Ledger(account), &message).await?;
        self.remember(outcome.records, outcome.grants);
        outcome.result
    }
}
