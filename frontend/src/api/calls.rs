//! The calls of the portal API, one method for each operation.

use super::Failure;
use super::client::{Call, Client, json};
use gatehouse_shared::api::*;
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, ProjectId};

type Answer<T> = Result<T, Failure>;

impl Client {
    pub async fn describe_api(self) -> Answer<ApiSummary> {
        self.call(Route::DescribeApi, Call::default()).await
    }

    pub async fn create_account(self, request: &SignUpRequest) -> Answer<SessionInfo> {
        self.call(Route::SignUp, Call { body: json(request), ..Call::default() }).await
    }

    pub async fn create_session(self, request: &SignInRequest) -> Answer<SessionInfo> {
        self.call(Route::SignIn, Call { body: json(request), ..Call::default() }).await
    }

    pub async fn find_session(self) -> Answer<SessionInfo> {
        self.call(Route::FindSession, Call::default()).await
    }

    /// Signs out. Succeeds too if the session had ended before.
    pub async fn delete_session(self) -> Answer<Done> {
        match self.call(Route::SignOut, Call::default()).await {
            Err(failure) if failure.is_signed_out() => Ok(Done {}),
            answer => answer,
        }
    }

    pub async fn list_sessions(self) -> Answer<SessionList> {
        self.call(Route::ListSessions, Call::default()).await
    }

    pub async fn revoke_session(self, id: &str) -> Answer<Done> {
        self.call(Route::RevokeSession, Call { params: &[("session_id", id)], ..Call::default() }).await
    }

    pub async fn update_password(self, request: &ChangePasswordRequest) -> Answer<Done> {
        self.call(Route::ChangePassword, Call { body: json(request), ..Call::default() }).await
    }

    /// `group` restricts it to what operations of that group did; empty for all.
    pub async fn list_activity(self, group: &str) -> Answer<ActivityList> {
        self.call(Route::ListActivity, Call { query: &[("group", group)], ..Call::default() }).await
    }

    pub async fn list_connected_apps(self) -> Answer<ConnectedAppList> {
        self.call(Route::ListConnectedApps, Call::default()).await
    }

    pub async fn revoke_connected_app(self, id: AppId) -> Answer<Done> {
        self.on_app(Route::RevokeConnectedApp, id, None).await
    }

    pub async fn find_oauth1_consent(self, query: &str) -> Answer<Consent> {
        self.call(Route::FindOAuth1Consent, Call { raw_query: query, ..Call::default() }).await
    }

    pub async fn repeat_oauth1_consent(self, request: &RepeatConsentRequest) -> Answer<Consent> {
        self.call(Route::RepeatOAuth1Consent, Call { body: json(request), ..Call::default() }).await
    }

    pub async fn decide_oauth1_consent(self, request: &DecideConsentRequest) -> Answer<ConsentOutcome> {
        self.call(Route::DecideOAuth1Consent, Call { body: json(request), ..Call::default() }).await
    }

    pub async fn find_oauth2_consent(self, query: &str) -> Answer<Consent> {
        self.call(Route::FindOAuth2Consent, Call { raw_query: query, ..Call::default() }).await
    }

    pub async fn decide_oauth2_consent(self, request: &DecideConsentRequest) -> Answer<ConsentOutcome> {
        self.call(Route::DecideOAuth2Consent, Call { body: json(request), ..Call::default() }).await
    }

    pub async fn find_application(self, of: DeveloperAccountId) -> Answer<ApplicationView> {
        self.on_developer_account(Route::FindApplication, of, None).await
    }

    pub async fn submit_application(
        self,
        of: DeveloperAccountId,
        request: &SubmitApplicationRequest,
    ) -> Answer<ApplicationView> {
        self.on_developer_account(Route::SubmitApplication, of, json(request)).await
    }

    pub async fn find_dashboard(self, of: DeveloperAccountId) -> Answer<Dashboard> {
        self.on_developer_account(Route::FindDashboard, of, None).await
    }

    pub async fn list_project_activity(
        self,
        of: DeveloperAccountId,
        id: ProjectId,
        group: &str,
    ) -> Answer<ActivityList> {
        let (of, id) = (of.to_string(), id.to_string());
        let (params, query) = ([("developer_account_id", of.as_str())], [("group", group), ("project_id", &id)]);
        self.call(Route::ListDeveloperActivity, Call { params: &params, query: &query, ..Call::default() }).await
    }

    pub async fn list_developer_activity(self, of: DeveloperAccountId, group: &str) -> Answer<ActivityList> {
        let (of, query) = (of.to_string(), [("group", group)]);
        let params = [("developer_account_id", of.as_str())];
        self.call(Route::ListDeveloperActivity, Call { params: &params, query: &query, ..Call::default() }).await
    }

    /// A page of the audit log; `filter` is a query as the route takes it.
    pub async fn list_audit_entries(self, filter: &[(&str, &str)]) -> Answer<AuditList> {
        self.call(Route::ListAuditEntries, Call { query: filter, ..Call::default() }).await
    }

    pub async fn list_audit_months(self) -> Answer<AuditMonthList> {
        self.call(Route::ListAuditMonths, Call::default()).await
    }

    pub async fn list_members(self, of: DeveloperAccountId) -> Answer<MemberList> {
        self.on_developer_account(Route::ListMembers, of, None).await
    }

    pub async fn update_member(
        self,
        of: DeveloperAccountId,
        account: AccountId,
        request: &UpdateMemberRequest,
    ) -> Answer<MemberView> {
        self.on_member(Route::UpdateMember, of, account, json(request)).await
    }

    pub async fn delete_member(self, of: DeveloperAccountId, account: AccountId) -> Answer<Done> {
        self.on_member(Route::RemoveMember, of, account, None).await
    }

    async fn on_member<T: serde::de::DeserializeOwned>(
        self,
        route: Route,
        of: DeveloperAccountId,
        account: AccountId,
        body: Option<String>,
    ) -> Answer<T> {
        let params = &[("developer_account_id", &*of.to_string()), ("account_id", &*account.to_string())];
        self.call(route, Call { params, body, ..Call::default() }).await
    }

    pub async fn create_invitation(
        self,
        of: DeveloperAccountId,
        request: &CreateInvitationRequest,
    ) -> Answer<CreatedInvitation> {
        self.on_developer_account(Route::CreateInvitation, of, json(request)).await
    }

    pub async fn delete_invitation(self, of: DeveloperAccountId, id: &str) -> Answer<Done> {
        let params = &[("developer_account_id", &*of.to_string()), ("invitation_id", id)];
        self.call(Route::RevokeInvitation, Call { params, ..Call::default() }).await
    }

    pub async fn find_invitation(self, of: DeveloperAccountId, code: &str) -> Answer<ReceivedInvitation> {
        self.on_invitation(Route::FindInvitation, of, code).await
    }

    pub async fn accept_invitation(self, of: DeveloperAccountId, code: &str) -> Answer<DeveloperAccountSummary> {
        self.on_invitation(Route::AcceptInvitation, of, code).await
    }

    pub async fn decline_invitation(self, of: DeveloperAccountId, code: &str) -> Answer<Done> {
        self.on_invitation(Route::DeclineInvitation, of, code).await
    }

    async fn on_invitation<T: serde::de::DeserializeOwned>(
        self,
        route: Route,
        of: DeveloperAccountId,
        code: &str,
    ) -> Answer<T> {
        let params = &[("developer_account_id", &*of.to_string()), ("invitation_code", code)];
        self.call(route, Call { params, ..Call::default() }).await
    }

    pub async fn create_project(
        self,
        of: DeveloperAccountId,
        request: &CreateProjectRequest,
    ) -> Answer<CreatedProject> {
        self.on_developer_account(Route::CreateProject, of, json(request)).await
    }

    async fn on_developer_account<T: serde::de::DeserializeOwned>(
        self,
        route: Route,
        id: DeveloperAccountId,
        body: Option<String>,
    ) -> Answer<T> {
        let params = &[("developer_account_id", &*id.to_string())];
        self.call(route, Call { params, body, ..Call::default() }).await
    }

    pub async fn find_project(self, id: ProjectId) -> Answer<ProjectView> {
        self.call(Route::FindProject, Call { params: &[("project_id", &id.to_string())], ..Call::default() }).await
    }

    pub async fn update_project(self, id: ProjectId, request: &UpdateProjectRequest) -> Answer<ProjectView> {
        let params = &[("project_id", &*id.to_string())];
        self.call(Route::UpdateProject, Call { params, body: json(request), ..Call::default() }).await
    }

    pub async fn delete_project(self, id: ProjectId, request: &ConfirmDeletionRequest) -> Answer<Done> {
        let params = &[("project_id", &*id.to_string())];
        self.call(Route::DeleteProject, Call { params, body: json(request), ..Call::default() }).await
    }

    pub async fn create_app(self, of: DeveloperAccountId, request: &CreateAppRequest) -> Answer<CreatedApp> {
        self.on_developer_account(Route::CreateApp, of, json(request)).await
    }

    pub async fn find_app(self, id: AppId) -> Answer<AppView> {
        self.on_app(Route::FindApp, id, None).await
    }

    pub async fn update_app(self, id: AppId, request: &UpdateAppRequest) -> Answer<AppView> {
        self.on_app(Route::UpdateApp, id, json(request)).await
    }

    pub async fn delete_app(self, id: AppId, request: &ConfirmDeletionRequest) -> Answer<Done> {
        self.on_app(Route::DeleteApp, id, json(request)).await
    }

    pub async fn create_app_transfer(self, id: AppId, request: &OfferTransferRequest) -> Answer<AppView> {
        self.on_app(Route::OfferApp, id, json(request)).await
    }

    pub async fn delete_app_transfer(self, id: AppId) -> Answer<AppView> {
        self.on_app(Route::WithdrawApp, id, None).await
    }

    pub async fn create_project_transfer(self, id: ProjectId, request: &OfferTransferRequest) -> Answer<ProjectView> {
        let params = &[("project_id", &*id.to_string())];
        self.call(Route::OfferProject, Call { params, body: json(request), ..Call::default() }).await
    }

    pub async fn delete_project_transfer(self, id: ProjectId) -> Answer<ProjectView> {
        self.call(Route::WithdrawProject, Call { params: &[("project_id", &id.to_string())], ..Call::default() }).await
    }

    pub async fn accept_transfer(self, of: DeveloperAccountId, id: &str) -> Answer<Done> {
        self.on_transfer(Route::AcceptTransfer, of, id).await
    }

    pub async fn decline_transfer(self, of: DeveloperAccountId, id: &str) -> Answer<Done> {
        self.on_transfer(Route::DeclineTransfer, of, id).await
    }

    async fn on_transfer(self, route: Route, of: DeveloperAccountId, id: &str) -> Answer<Done> {
        let params = &[("developer_account_id", &*of.to_string()), ("transfer_id", id)];
        self.call(route, Call { params, ..Call::default() }).await
    }

    pub async fn attach_app(self, id: AppId, request: &AttachAppRequest) -> Answer<AppView> {
        self.on_app(Route::AttachApp, id, json(request)).await
    }

    pub async fn detach_app(self, id: AppId) -> Answer<AppView> {
        self.on_app(Route::DetachApp, id, None).await
    }

    pub async fn regenerate_credential(
        self,
        id: AppId,
        kind: CredentialKind,
        request: &RegenerateCredentialRequest,
    ) -> Answer<RegeneratedCredential> {
        self.on_credential(Route::RegenerateCredential, id, kind, json(request)).await
    }

    pub async fn update_credential(
        self,
        id: AppId,
        kind: CredentialKind,
        request: &UpdateCredentialRequest,
    ) -> Answer<AppView> {
        self.on_credential(Route::UpdateCredential, id, kind, json(request)).await
    }

    pub async fn revoke_credential(self, id: AppId, kind: CredentialKind) -> Answer<AppView> {
        self.on_credential(Route::RevokeCredential, id, kind, None).await
    }

    pub async fn revoke_previous_credential(self, id: AppId, kind: CredentialKind) -> Answer<AppView> {
        self.on_credential(Route::RevokePreviousCredential, id, kind, None).await
    }

    async fn on_credential<T: serde::de::DeserializeOwned>(
        self,
        route: Route,
        id: AppId,
        kind: CredentialKind,
        body: Option<String>,
    ) -> Answer<T> {
        let params = &[("app_id", &*id.to_string()), ("kind", kind.as_str())];
        self.call(route, Call { params, body, ..Call::default() }).await
    }

    pub async fn find_app_users(self, id: AppId) -> Answer<AppUsers> {
        self.on_app(Route::FindAppUsers, id, None).await
    }

    pub async fn list_app_activity(self, id: AppId, group: &str) -> Answer<ActivityList> {
        let (id, query) = (id.to_string(), [("group", group)]);
        self.call(Route::ListAppActivity, Call { params: &[("app_id", &id)], query: &query, ..Call::default() }).await
    }

    pub async fn find_app_usage(self, id: AppId) -> Answer<AppUsage> {
        self.on_app(Route::FindAppUsage, id, None).await
    }

    pub async fn find_project_usage(self, id: ProjectId) -> Answer<ProjectUsage> {
        self.call(Route::FindProjectUsage, Call { params: &[("project_id", &id.to_string())], ..Call::default() }).await
    }

    /// Lists the refusals of one request, or the newest refusals if the id is empty.
    pub async fn list_refusals(self, id: AppId, request_id: &str) -> Answer<RefusalList> {
        let (params, query) = (&[("app_id", &*id.to_string())], &[("request_id", request_id)]);
        self.call(Route::ListRefusals, Call { params, query, ..Call::default() }).await
    }

    async fn on_app<T: serde::de::DeserializeOwned>(self, route: Route, id: AppId, body: Option<String>) -> Answer<T> {
        self.call(route, Call { params: &[("app_id", &id.to_string())], body, ..Call::default() }).await
    }

    pub async fn list_applications(self, state: &str, cursor: &str) -> Answer<ApplicationQueue> {
        let query = &[("state", state), ("cursor", cursor)];
        self.call(Route::ListApplications, Call { query, ..Call::default() }).await
    }

    pub async fn count_applications(self) -> Answer<ApplicationCounts> {
        self.call(Route::CountApplications, Call::default()).await
    }

    pub async fn search(self, wanted: &str) -> Answer<SearchResults> {
        self.call(Route::Search, Call { query: &[("q", wanted)], ..Call::default() }).await
    }

    pub async fn create_account_note(self, id: AccountId, request: &CreateNoteRequest) -> Answer<NoteView> {
        let params = &[("account_id", &*id.to_string())];
        self.call(Route::CreateAccountNote, Call { params, body: json(request), ..Call::default() }).await
    }

    pub async fn create_developer_account_note(
        self,
        id: DeveloperAccountId,
        request: &CreateNoteRequest,
    ) -> Answer<NoteView> {
        let params = &[("developer_account_id", &*id.to_string())];
        self.call(Route::CreateDeveloperAccountNote, Call { params, body: json(request), ..Call::default() }).await
    }

    pub async fn list_operators(self) -> Answer<OperatorList> {
        self.call(Route::ListOperators, Call::default()).await
    }

    pub async fn update_operator(self, id: AccountId, request: &SetOperatorRoleRequest) -> Answer<AccountView> {
        let params = &[("account_id", &*id.to_string())];
        self.call(Route::SetOperatorRole, Call { params, body: json(request), ..Call::default() }).await
    }

    pub async fn delete_operator(self, id: AccountId) -> Answer<AccountView> {
        let params = &[("account_id", &*id.to_string())];
        self.call(Route::RemoveOperator, Call { params, ..Call::default() }).await
    }

    pub async fn list_accounts(self, username: &str, cursor: &str) -> Answer<AccountList> {
        let query = &[("username", username), ("cursor", cursor)];
        self.call(Route::ListAccounts, Call { query, ..Call::default() }).await
    }

    pub async fn find_account(self, id: AccountId) -> Answer<AccountRecord> {
        self.call(Route::FindAccount, Call { params: &[("account_id", &id.to_string())], ..Call::default() }).await
    }

    pub async fn list_developer_accounts(self, name: &str, cursor: &str) -> Answer<DeveloperAccountList> {
        let query = &[("name", name), ("cursor", cursor)];
        self.call(Route::ListDeveloperAccounts, Call { query, ..Call::default() }).await
    }

    pub async fn find_reviewed_app(self, id: AppId) -> Answer<ReviewedApp> {
        self.on_app(Route::FindReviewedApp, id, None).await
    }

    pub async fn find_developer_account(self, id: DeveloperAccountId) -> Answer<DeveloperAccountRecord> {
        self.on_developer_account(Route::FindDeveloperAccount, id, None).await
    }

    pub async fn decide_application(
        self,
        id: DeveloperAccountId,
        request: &DecideApplicationRequest,
    ) -> Answer<ApplicationView> {
        self.on_developer_account(Route::DecideApplication, id, json(request)).await
    }

    pub async fn update_account_status(self, id: AccountId, request: &SetAccountStatusRequest) -> Answer<AccountView> {
        let params = &[("account_id", &*id.to_string())];
        self.call(Route::SetAccountStatus, Call { params, body: json(request), ..Call::default() }).await
    }

    pub async fn update_app_status(
        self,
        of: DeveloperAccountId,
        app: AppId,
        request: &SetAppStatusRequest,
    ) -> Answer<AppView> {
        let params = &[("developer_account_id", &*of.to_string()), ("app_id", &*app.to_string())];
        self.call(Route::SetAppStatus, Call { params, body: json(request), ..Call::default() }).await
    }
}
