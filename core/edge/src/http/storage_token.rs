//! Makes a token for a program that reaches the storage of every object.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::account::write_storage_token;
use gatehouse_domain::message::account::AccountCall;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::{CreateStorageTokenRequest, StorageToken};
use gatehouse_shared::model::UnixSeconds;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) async fn create_storage_token(&self) -> Result<Response, BodyError> {
        let CreateStorageTokenRequest { purpose } = read_json(self.request)?;
        let operator = self.operator()?;
        let signed_in = self.token.as_ref().ok_or(PortalError::NotSignedIn)?;
        let token = self.new_token(operator.account, signed_in.role);
        let session = self.new_session(&token);
        let expires_at: UnixSeconds = self.ask(AccountCall::CreateStorageToken { session, purpose }).await?;
        Ok(Response::ok(&StorageToken {
            token: write_storage_token(&token, &self.isolate.settings.keyring),
            expires_at,
        })?)
    }
}
