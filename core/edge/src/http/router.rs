//! Finds the handler of a request, checks its caller, and answers.

use super::bearer_token::token_endpoint;
use super::body::BodyError;
use super::challenge::challenged;
use super::invalidate::invalidate_endpoint;
use super::oauth1::OAuth1Call;
use super::oauth2::Endpoint;
use super::origin::is_same_origin;
use super::paths::is_api;
use super::problem::{respond, to_response};
use super::protocol_answer::over_capacity;
use super::reply::Response;
use super::request::Request;
use super::session::read_token;
use super::storage::storage_endpoint;
use super::{oauth2, paths};
use crate::isolate::{Isolate, KeysError};
use gatehouse_domain::account::SessionToken;
use gatehouse_domain::audit::RequestSource;
use gatehouse_domain::credential::Which;
use gatehouse_domain::message::account::{AccountCall, Signer};
use gatehouse_domain::message::developer_account::DeveloperAccountCall;
use gatehouse_domain::operator::Operator;
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{EdgePorts, log_failure};
use gatehouse_shared::api::{Access, MatchError, Method, Params, Route, STORAGE_PATH};
use gatehouse_shared::own_paths::{HEALTH, METRICS, READINESS};
use gatehouse_shared::problem::Code;
use std::cell::{Cell, RefCell};

/// Names the request, for its answer and the log.
const ID: &str = "x-gatehouse-request-id";

/// One portal call on its way: what the handlers work with.
pub(super) struct Exchange<'a, R> {
    pub isolate: &'a Isolate<R>,
    pub request: &'a Request,
    pub params: Params,
    pub token: Option<SessionToken>,
    /// The request, as the audit log tells it.
    pub source: RequestSource,
    /// Who is signed in, once their Account was asked.
    pub(super) signer: RefCell<Option<Signer>>,
    /// Who calls as an operator, once their Account was asked.
    operator: RefCell<Option<Operator>>,
    /// The highest access for which an object checked the caller so far.
    asked_for: Cell<Access>,
}

impl<R: EdgePorts> Isolate<R> {
    /// Whether [`Self::handle`] answers a path.
    pub fn answers(&self, path: &str) -> bool {
        paths::is_answered(path, self.settings.metrics_token.is_some())
    }

    /// Answers a call to a path that is answered here, see [`Self::answers`].
    pub async fn handle(&self, request: &Request) -> Response {
        challenged(self.answer(request).await, request.path(), self.settings.origin(request.origin()))
    }

    async fn answer(&self, request: &Request) -> Response {
        let request_id = self.request_id();
        // No credential is made with master keys that may be wrong, or taken for a forgery.
        if paths::reads_credentials(request.path())
            && request.method != "OPTIONS"
            && let Err(error) = self.check_master_keys().await
        {
            log_failure(&self.runtime, "check_master_keys", &request_id, &error);
            let is_oauth2 = matches!(request.path(), paths::TOKEN | paths::REVOKE | paths::INTROSPECT);
            return if is_oauth2 { oauth2::unavailable() } else { over_capacity() }.with(ID, request_id);
        }
        match request.path() {
            HEALTH => self.answer_health().await,
            READINESS => self.answer_readiness(request, &request_id).await,
            METRICS if self.settings.metrics_token.is_some() => self.answer_metrics(request, &request_id).await,
            paths::BEARER_TOKEN => token_endpoint(self, request).await,
            paths::INVALIDATE_BEARER_TOKEN => invalidate_endpoint(self, request).await,
            paths::REQUEST_TOKEN => self.oauth1(request, &request_id).request_token().await.with(ID, request_id),
            paths::ACCESS_TOKEN => self.oauth1(request, &request_id).access_token().await.with(ID, request_id),
            paths::TOKEN => oauth2::call(self, request, &request_id, Endpoint::Token).await.with(ID, request_id),
            paths::REVOKE => oauth2::call(self, request, &request_id, Endpoint::Revoke).await.with(ID, request_id),
            paths::INTROSPECT => {
                oauth2::call(self, request, &request_id, Endpoint::Introspect).await.with(ID, request_id)
            }
            paths::METADATA => oauth2::metadata(self, request),
            STORAGE_PATH => storage_endpoint(self, request, &request_id).await,
            path if !is_api(path) => unknown_protocol_path(&request_id),
            // HEAD is GET; the runtime leaves the body out (RFC 9110 §9.3.2).
            path => match Route::find(if request.method == "HEAD" { "GET" } else { &request.method }, path) {
                Ok((endpoint, params)) => self.route(endpoint.route, params, request, &request_id).await,
                Err(MatchError::NoSuchPath) => to_response(PortalError::NotFound(Missing::Route), &request_id),
                Err(MatchError::OtherMethod(allowed)) => {
                    let allowed: Vec<&str> = allowed.iter().map(|method| method.as_str()).collect();
                    let allowed = allowed.join(", ");
                    let detail = format!("This path takes {allowed}.");
                    respond(Code::MethodNotAllowed, detail, Vec::new(), &request_id).with("allow", allowed)
                }
            },
        }
    }

    fn refuse_keys(&self, error: &KeysError, request_id: &str) -> Response {
        log_failure(&self.runtime, "check_master_keys", request_id, error);
        to_response(PortalError::Unavailable(error.to_string()), request_id)
    }

    fn oauth1<'a>(&'a self, request: &'a Request, request_id: &'a str) -> OAuth1Call<'a, R> {
        OAuth1Call::new(self, request, request_id)
    }

    async fn route(&self, route: Route, params: Params, request: &Request, request_id: &str) -> Response {
        let endpoint = route.endpoint();
        if endpoint.method != Method::Get && !is_same_origin(request, self.settings.origin(request.origin())) {
            let detail =
                "A call that changes something must come from the portal itself. Send an `Origin` header with \
                          this deployment's origin."
                    .to_owned();
            return respond(Code::CrossSiteRequest, detail, Vec::new(), request_id);
        }
        if endpoint.method != Method::Get {
            // What makes credentials waits for the answer; nothing else depends on the account index.
            let makes_credentials = endpoint.access.includes(Access::Developer)
                || matches!(
                    route,
                    Route::DecideOAuth1Consent
                        | Route::RepeatOAuth1Consent
                        | Route::DecideOAuth2Consent
                        | Route::RederiveCredentials
                        | Route::RederiveDeveloperCredentials
                );
            let checked = if makes_credentials {
                self.check_master_keys().await
            } else {
                self.master_keys_known().unwrap_or(Ok(()))
            };
            if let Err(error) = checked {
                return self.refuse_keys(&error, request_id);
            }
        }
        let token = read_token(request, &self.settings);
        let (signer, operator, asked_for) = (RefCell::default(), RefCell::default(), Cell::new(Access::Public));
        let mut source = self.source_of(request, request_id);
        source.session_id = token.as_ref().map(|token| token.hash().session_id()).unwrap_or_default();
        let exchange = Exchange { isolate: self, request, params, token, source, signer, operator, asked_for };
        match exchange.call(route).await {
            Ok(response) => response,
            // A cookie that opens nothing stays: by now it may be a newer one, of a sign-in in another window.
            Err(error) => self.fail(error, endpoint.operation, request_id),
        }
    }

    /// The answer of a call that failed; what is the operator's to help goes into the log.
    pub(super) fn fail(&self, error: BodyError, operation: &str, request_id: &str) -> Response {
        if let BodyError::Refused(PortalError::Internal(text) | PortalError::Unavailable(text)) = &error {
            log_failure(&self.runtime, operation, request_id, text);
        }
        error.into_response(request_id)
    }
}

/// The answer of the credential protocol for a path that it has and this
/// deployment does not.
fn unknown_protocol_path(request_id: &str) -> Response {
    let body = r#"{"errors":[{"code":34,"message":"Sorry, that page does not exist."}]}"#;
    Response::new(404, "application/json;charset=utf-8", body.to_owned()).with("x-gatehouse-request-id", request_id)
}

impl<R: EdgePorts> Exchange<'_, R> {
    /// Answers a call of a route, as the access in its row of the table allows.
    ///
    /// The object that decides also checks its caller: an Account, or, for
    /// whom an Account vouches, a developer account. Where a handler fails
    /// before that, its caller is checked here: whoever may not call a route
    /// learns nothing about its body or ids.
    async fn call(&self, route: Route) -> Result<Response, BodyError> {
        let access = route.endpoint().access;
        if access.operator_roles().is_some() {
            // Other objects take an operator's word for it.
            self.require(access).await?;
        }
        let answered = self.dispatch(route).await;
        if self.asked_for.get().includes(access) {
            return answered;
        }
        self.require(access).await?;
        match answered {
            Ok(_) => Err(PortalError::Internal("the caller of this route was not checked".to_owned()).into()),
            refused => refused,
        }
    }

    async fn dispatch(&self, route: Route) -> Result<Response, BodyError> {
        match route {
            Route::DescribeApi => self.describe_api(),
            Route::SignUp => self.sign_up().await,
            Route::SignIn => self.sign_in().await,
            Route::FindSession => self.find_session().await,
            Route::SignOut => self.sign_out().await,
            Route::ListSessions => self.pass(AccountCall::ListSessions).await,
            Route::RevokeSession => self.revoke_session().await,
            Route::ChangePassword => self.change_password().await,
            Route::ListActivity => self.pass(AccountCall::ListActivity(self.activity_filter()?)).await,
            Route::ListDeveloperActivity => {
                self.pass_developer(DeveloperAccountCall::ListActivity(self.activity_filter()?)).await
            }
            Route::ListConnectedApps => self.list_connected_apps().await,
            Route::RevokeConnectedApp => self.revoke_connected_app().await,
            Route::FindOAuth1Consent => self.find_oauth1_consent().await,
            Route::RepeatOAuth1Consent => self.repeat_oauth1_consent().await,
            Route::DecideOAuth1Consent => self.decide_oauth1_consent().await,
            Route::FindOAuth2Consent => self.find_oauth2_consent().await,
            Route::DecideOAuth2Consent => self.decide_oauth2_consent().await,
            Route::FindAppUsers => self.find_app_users().await,
            Route::FindAppUsage => self.find_app_usage().await,
            Route::FindProjectUsage => self.find_project_usage().await,
            Route::ListRefusals => self.list_refusals().await,
            Route::FindApplication => self.pass_developer(DeveloperAccountCall::FindApplication).await,
            Route::SubmitApplication => self.submit_application().await,
            Route::FindDashboard => self.find_dashboard().await,
            Route::ListMembers => self.pass_developer(DeveloperAccountCall::ListMembers).await,
            Route::UpdateMember => self.update_member().await,
            Route::RemoveMember => self.remove_member().await,
            Route::CreateInvitation => self.create_invitation().await,
            Route::RevokeInvitation => self.revoke_invitation().await,
            Route::FindInvitation => {
                self.pass_developer(DeveloperAccountCall::FindInvitation { code: self.invitation_code() }).await
            }
            Route::AcceptInvitation => {
                self.pass_developer(DeveloperAccountCall::AcceptInvitation { code: self.invitation_code() }).await
            }
            Route::DeclineInvitation => {
                self.pass_developer(DeveloperAccountCall::DeclineInvitation { code: self.invitation_code() }).await
            }
            Route::CreateProject => self.create_project().await,
            Route::FindProject => self.find_project().await,
            Route::UpdateProject => self.update_project().await,
            Route::DeleteProject => self.delete_project().await,
            Route::CreateApp => self.create_app().await,
            Route::FindApp => self.find_app().await,
            Route::UpdateApp => self.update_app().await,
            Route::DeleteApp => self.delete_app().await,
            Route::OfferApp => self.offer_app().await,
            Route::WithdrawApp => self.withdraw_app().await,
            Route::OfferProject => self.offer_project().await,
            Route::WithdrawProject => self.withdraw_project().await,
            Route::AcceptTransfer => self.accept_transfer().await,
            Route::DeclineTransfer => self.decline_transfer().await,
            Route::AttachApp => self.attach_app().await,
            Route::DetachApp => self.detach_app().await,
            Route::RegenerateCredential => self.regenerate_credential().await,
            Route::UpdateCredential => self.update_credential().await,
            Route::RevokeCredential => self.revoke_credential(Which::All).await,
            Route::RevokePreviousCredential => self.revoke_credential(Which::Previous).await,
            Route::ListAppActivity => self.list_app_activity().await,
            route => self.dispatch_review(route).await,
        }
    }

    /// The same of the operators' routes.
    async fn dispatch_review(&self, route: Route) -> Result<Response, BodyError> {
        match route {
            Route::CountApplications => self.count_applications().await,
            Route::Search => self.search().await,
            Route::ListApplications => self.list_applications().await,
            Route::ListAccounts => self.list_accounts().await,
            Route::ListDeveloperAccounts => self.list_developer_accounts().await,
            Route::FindAccount => self.find_account().await,
            Route::FindReviewedApp => self.find_reviewed_app().await,
            Route::FindDeveloperAccount => self.find_developer_account().await,
            Route::DecideApplication => self.decide_application().await,
            Route::SetAccountStatus => self.set_account_status().await,
            Route::RederiveCredentials => self.rederive_credentials().await,
            Route::RederiveDeveloperCredentials => self.rederive_developer_credentials().await,
            Route::ListAuditEntries => self.list_audit_entries().await,
            Route::ListAuditMonths => self.list_audit_months().await,
            Route::ExportAuditLog => self.export_audit_log().await,
            Route::SetAppStatus => self.set_app_status().await,
            Route::CreateAccountNote => self.create_account_note().await,
            Route::CreateDeveloperAccountNote => self.create_developer_account_note().await,
            Route::ListOperators => self.list_operators().await,
            Route::SetOperatorRole => self.set_operator_role().await,
            Route::RemoveOperator => self.remove_operator().await,
            Route::CreateStorageToken => self.create_storage_token().await,
            _ => Err(PortalError::NotFound(Missing::Route).into()),
        }
    }

    /// Refuses who may not call a route of this access.
    pub(super) async fn require(&self, access: Access) -> Result<(), BodyError> {
        match (access, access.member_role()) {
            (Access::Public, _) => Ok(()),
            _ if access.operator_roles().is_some() => {
                let operator: Operator = self.ask(AccountCall::RequireOperator(access)).await?;
                self.operator.replace(Some(operator));
                Ok(())
            }
            (_, Some(role)) => self.ask_developer(DeveloperAccountCall::Require(role)).await,
            (_, None) => self.signer(None).await.map(|_| ()),
        }
    }

    /// The operator who calls.
    pub(super) fn operator(&self) -> Result<Operator, PortalError> {
        self.operator.borrow().clone().ok_or(PortalError::NotOperator)
    }

    /// Notes that an object checked the caller for this access.
    pub(super) fn note_asked_for(&self, access: Access) {
        if access.includes(self.asked_for.get()) {
            self.asked_for.set(access);
        }
    }
}

impl From<PortalError> for BodyError {
    fn from(refusal: PortalError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Vec<gatehouse_shared::problem::FieldError>> for BodyError {
    fn from(errors: Vec<gatehouse_shared::problem::FieldError>) -> Self {
        Self::Refused(PortalError::Invalid(errors))
    }
}
