//! Lists and revokes what a user lets Apps do.

use crate::http::body::BodyError;
use crate::http::reply::Response;
use crate::http::router::Exchange;
use gatehouse_domain::consent::Catalog;
use gatehouse_domain::message::account::AccountCall;
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::developer_account::DeveloperAccountCall;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::AppUsers;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(in crate::http) async fn find_app_users(&self) -> Result<Response, BodyError> {
        let app_id = self.app_id()?;
        // The caller is a member, or there is no such App.
        let _: serde_json::Value = self.ask_developer(DeveloperAccountCall::FindApp { app_id }).await?;
        let count = self.ask_app(app_id, &AppTrafficCall::CountGrantees).await?;
        Ok(Response::ok(&AppUsers { count })?)
    }

    pub(in crate::http) async fn list_connected_apps(&self) -> Result<Response, BodyError> {
        let catalog = Catalog::of(&self.isolate.settings.api);
        self.pass(AccountCall::ListConnectedApps { catalog }).await
    }

    pub(in crate::http) async fn revoke_connected_app(&self) -> Result<Response, BodyError> {
        self.pass(AccountCall::RevokeConnectedApp { app_id: self.app_id()? }).await
    }
}
