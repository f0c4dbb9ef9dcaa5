//! Offers of Apps and Projects to other developer accounts, and answers to them.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::credential::hex;
use gatehouse_domain::message::developer_account::{DeveloperAccountCall, OfferTransfer};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, random};
use gatehouse_shared::api::{OfferTransferRequest, TransferSubject};
use gatehouse_shared::problem::FieldError;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) async fn offer_app(&self) -> Result<Response, BodyError> {
        let call = self.offer(TransferSubject::App(self.app_id()?)).await?;
        self.pass_app(DeveloperAccountCall::OfferTransfer(call)).await
    }

    pub(super) async fn withdraw_app(&self) -> Result<Response, BodyError> {
        let (subject, limits) = (TransferSubject::App(self.app_id()?), self.isolate.settings.api.plan);
        self.pass_app(DeveloperAccountCall::WithdrawTransfer { subject, limits }).await
    }

    pub(super) async fn offer_project(&self) -> Result<Response, BodyError> {
        let call = self.offer(TransferSubject::Project(self.project_id()?)).await?;
        self.pass_developer(DeveloperAccountCall::OfferTransfer(call)).await
    }

    pub(super) async fn withdraw_project(&self) -> Result<Response, BodyError> {
        let (subject, limits) = (TransferSubject::Project(self.project_id()?), self.isolate.settings.api.plan);
        self.pass_developer(DeveloperAccountCall::WithdrawTransfer { subject, limits }).await
    }

    pub(super) async fn accept_transfer(&self) -> Result<Response, BodyError> {
        let (id, limits) = (self.transfer_id(), self.isolate.settings.api.plan);
        self.pass_developer(DeveloperAccountCall::AcceptTransfer { id, limits }).await
    }

    pub(super) async fn decline_transfer(&self) -> Result<Response, BodyError> {
        self.pass_developer(DeveloperAccountCall::DeclineTransfer { id: self.transfer_id() }).await
    }

    fn transfer_id(&self) -> String {
        self.params.get("transfer_id").to_owned()
    }

    /// Finds the receiver. What is wrong with the body is told only to whom may offer: they are checked with the offer.
    async fn offer(&self, subject: TransferSubject) -> Result<OfferTransfer, BodyError> {
        let OfferTransferRequest { developer_account_id: receiver } = read_json(self.request)?;
        let call = DeveloperAccountCall::DescribeReceiver;
        let receiver_name = match self.isolate.read_developer(receiver, call).await {
            Ok(name) => name,
            Err(PortalError::NotFound(_)) => {
                let message = "There’s no approved developer account with this id. Ask its members for it: their \
                               dashboard shows it.";
                let error = FieldError::new("developer_account_id", "unknown", message);
                return Err(PortalError::Invalid(vec![error]).into());
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let id = hex(&random::<16>(&self.isolate.runtime));
        Ok(OfferTransfer { id, subject, receiver, receiver_name, limits: self.isolate.settings.api.plan })
    }
}
