use crate::http::body::BodyError;
use crate::http::reply::Response;
use crate::http::router::Exchange;
use gatehouse_domain::consent::Catalog;
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::ledger::LedgerCall;
use gatehouse_domain::ports::EdgePorts;
use gatehouse_shared::api::AppUsers;

impl<R: EdgePorts> Exchange<'_, R> {
    pub(in crate::http) async fn find_app_users(&self) -> Result<Response, BodyError> {
        let app_id = self.app_id()?;
        // The App is the caller's own, or there is none.
        let _: serde_json::Value = self.ask(LedgerCall::FindApp { app_id }).await?;
        let count = self.ask_app(app_id, &AppTrafficCall::CountGrantees).await?;
        Ok(Response::ok(&AppUsers { count })?)
    }

    pub(in crate::http) async fn list_connected_apps(&self) -> Result<Response, BodyError> {
        let catalog = Catalog::of(&self.isolate.settings.api);
        self.pass(LedgerCall::ListConnectedApps { catalog }).await
    }

    pub(in crate::http) async fn revoke_connected_app(&self) -> Result<Response, BodyError> {
        self.pass(LedgerCall::RevokeConnectedApp { app_id: self.app_id()? }).await
    }
}
