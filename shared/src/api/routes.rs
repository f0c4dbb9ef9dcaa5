//! One table of routes, read by the Worker's router, the portal's client, the
//! OpenAPI document and the tests.

use crate::model::{MemberRole, OperatorRole};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An HTTP method that the portal API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever is signed in.
    Account,
    /// Members of the developer account, in any role.
    Viewer,
    /// Its members from the role Developer on, once its application is approved.
    Developer,
    /// Its members from the role Admin on, once its application is approved.
    Admin,
    /// Its Owners.
    Owner,
    /// Operators in the role Support, Reviewer or Administrator.
    Support,
    /// Operators in the role Reviewer or Administrator.
    Reviewer,
    /// Operators in the role Auditor or Administrator.
    Auditor,
    /// Operators in the role Administrator.
    Administrator,
}

impl Access {
    /// Whether whoever has this access may call a route of the other.
    pub fn includes(self, other: Self) -> bool {
        match (self, other) {
            (_, Self::Public) => true,
            (Self::Public, _) => false,
            (_, Self::Account) => true,
            (access, other) => match (access.member_role(), other.member_role()) {
                (Some(role), Some(needed)) => role >= needed,
                _ => access == other,
            },
        }
    }

    /// The role that a member of the developer account needs; `None` where it is not about members.
    pub fn member_role(self) -> Option<MemberRole> {
        match self {
            Self::Viewer => Some(MemberRole::Viewer),
            Self::Developer => Some(MemberRole::Developer),
            Self::Admin => Some(MemberRole::Admin),
            Self::Owner => Some(MemberRole::Owner),
            Self::Public | Self::Account | Self::Support | Self::Reviewer | Self::Auditor | Self::Administrator => None,
        }
    }

    /// The roles in which an operator may call the route; `None` where it is not for operators.
    pub fn operator_roles(self) -> Option<&'static [OperatorRole]> {
        match self {
            Self::Support => Some(&[OperatorRole::Support, OperatorRole::Reviewer, OperatorRole::Administrator]),
            Self::Reviewer => Some(&[OperatorRole::Reviewer, OperatorRole::Administrator]),
            Self::Auditor => Some(&[OperatorRole::Auditor, OperatorRole::Administrator]),
            Self::Administrator => Some(&[OperatorRole::Administrator]),
            Self::Public | Self::Account | Self::Viewer | Self::Developer | Self::Admin | Self::Owner => None,
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    pub route: Route,
    pub method: Method,
    /// The path, with `{name}` for a parameter.
    pub path: &'static str,
    pub access: Access,
    /// `<verb>_<resource>`, the same word in handler, client and document.
    pub operation: &'static str,
    pub summary: &'static str,
}

macro_rules! routes {
    ($($variant:ident $operation:literal $method:ident $path:literal $access:ident $summary:literal;)*) => {
        /// A route of the portal API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Route { $($variant,)* }

        impl Route {
            /// Every route.
            pub const TABLE: &[Endpoint] = &[$(Endpoint {
                route: Route::$variant,
                method: Method::$method,
                path: $path,
                access: Access::$access,
                operation: $operation,
                summary: $summary,
            },)*];
        }
    };
}

routes! {
    DescribeApi "describe_api" Get "/api/description" Public "What this deployment offers: the API's name, versions, plan and rules.";
    SignUp "create_account" Post "/api/accounts" Public "Sign up; the answer sets the session cookie.";
    SignIn "create_session" Post "/api/sessions" Public "Sign in; the answer sets the session cookie.";
    FindSession "find_session" Get "/api/session" Public "Who is signed in, or `null`.";
    SignOut "delete_session" Delete "/api/session" Account "Sign out of this session.";
    ListSessions "list_sessions" Get "/api/sessions" Account "List the account's sessions.";
    RevokeSession "revoke_session" Delete "/api/sessions/{session_id}" Account "End one session.";
    ChangePassword "update_password" Put "/api/account/password" Account "Change the password; ends every other session.";
    ListActivity "list_activity" Get "/api/account/activity" Account "The account's newest activity.";
    ListDeveloperActivity "list_developer_activity" Get "/api/developer-accounts/{developer_account_id}/activity" Viewer "The developer account's newest activity.";
    ListConnectedApps "list_connected_apps" Get "/api/account/apps" Account "The Apps that act for the account.";
    RevokeConnectedApp "revoke_connected_app" Delete "/api/account/apps/{app_id}" Account "Take back all that an App may do for the account.";
    FindOAuth1Consent "find_oauth1_consent" Get "/api/oauth1/consent" Public "What an App asks for with OAuth 1.0a. Query: that of the consent page.";
    DecideOAuth1Consent "decide_oauth1_consent" Post "/api/oauth1/consent" Account "Let the App act for the account, or do not.";
    RepeatOAuth1Consent "repeat_oauth1_consent" Post "/api/oauth1/consent/repeat" Public "Send the user back at once who has agreed to as much before; otherwise the same as `find_oauth1_consent`.";
    FindOAuth2Consent "find_oauth2_consent" Get "/api/oauth2/consent" Public "What an App asks for with OAuth 2.0. Query: that of the consent page.";
    DecideOAuth2Consent "decide_oauth2_consent" Post "/api/oauth2/consent" Account "Let the App act for the account, or do not.";
    FindApplication "find_application" Get "/api/developer-accounts/{developer_account_id}/application" Viewer "The developer application: its state and history.";
    SubmitApplication "submit_application" Post "/api/developer-accounts/{developer_account_id}/application" Owner "Apply for a developer account, or answer a question.";
    FindDashboard "find_dashboard" Get "/api/developer-accounts/{developer_account_id}/dashboard" Viewer "Projects with their Apps, standalone Apps, and what the plan leaves.";
    ListMembers "list_members" Get "/api/developer-accounts/{developer_account_id}/members" Viewer "The members of the developer account, and who is invited.";
    UpdateMember "update_member" Patch "/api/developer-accounts/{developer_account_id}/members/{account_id}" Admin "Give a member another role.";
    RemoveMember "delete_member" Delete "/api/developer-accounts/{developer_account_id}/members/{account_id}" Viewer "Remove a member, or leave.";
    CreateInvitation "create_invitation" Post "/api/developer-accounts/{developer_account_id}/invitations" Admin "Invite an account by its username, or whoever has a link; the answer bears the link's code, once.";
    RevokeInvitation "delete_invitation" Delete "/api/developer-accounts/{developer_account_id}/invitations/{invitation_id}" Admin "Take an invitation back.";
    FindInvitation "find_invitation" Get "/api/developer-accounts/{developer_account_id}/invited/{invitation_code}" Account "An invitation, for whoever it is for.";
    AcceptInvitation "accept_invitation" Post "/api/developer-accounts/{developer_account_id}/invited/{invitation_code}" Account "Accept an invitation: become a member.";
    DeclineInvitation "decline_invitation" Delete "/api/developer-accounts/{developer_account_id}/invited/{invitation_code}" Account "Decline an invitation.";
    CreateProject "create_project" Post "/api/developer-accounts/{developer_account_id}/projects" Developer "Create a Project, with its first App in the same call if wanted.";
    FindProject "find_project" Get "/api/projects/{project_id}" Viewer "One Project with its Apps.";
    UpdateProject "update_project" Patch "/api/projects/{project_id}" Developer "Change a Project's name, description or use case.";
    DeleteProject "delete_project" Delete "/api/projects/{project_id}" Admin "Delete a Project without Apps.";
    CreateApp "create_app" Post "/api/developer-accounts/{developer_account_id}/apps" Developer "Create an App, standalone or in a Project; the answer bears its credentials, once.";
    FindApp "find_app" Get "/api/apps/{app_id}" Viewer "One App: settings, status and hints of its credentials.";
    UpdateApp "update_app" Patch "/api/apps/{app_id}" Developer "Change an App's settings.";
    DeleteApp "delete_app" Delete "/api/apps/{app_id}" Admin "Delete an App; its credentials stop working.";
    OfferApp "create_app_transfer" Post "/api/apps/{app_id}/transfer" Admin "Offer an App to another developer account; its keys stay the same.";
    WithdrawApp "delete_app_transfer" Delete "/api/apps/{app_id}/transfer" Admin "Take the offer of an App back.";
    OfferProject "create_project_transfer" Post "/api/projects/{project_id}/transfer" Admin "Offer a Project with its Apps to another developer account.";
    WithdrawProject "delete_project_transfer" Delete "/api/projects/{project_id}/transfer" Admin "Take the offer of a Project back.";
    AcceptTransfer "accept_transfer" Post "/api/developer-accounts/{developer_account_id}/transfers/{transfer_id}" Admin "Accept what another developer account offers.";
    DeclineTransfer "decline_transfer" Delete "/api/developer-accounts/{developer_account_id}/transfers/{transfer_id}" Admin "Decline what another developer account offers.";
    AttachApp "attach_app" Put "/api/apps/{app_id}/project" Developer "Attach an App to a Project; its keys stay the same.";
    DetachApp "detach_app" Delete "/api/apps/{app_id}/project" Developer "Detach an App from its Project; its keys stay the same.";
    RegenerateCredential "regenerate_credential" Post "/api/apps/{app_id}/credentials/{kind}" Developer "Make a credential or replace it, at once or with an overlap; the answer bears it, once.";
    UpdateCredential "update_credential" Patch "/api/apps/{app_id}/credentials/{kind}" Developer "Set or clear a credential's expiry date.";
    RevokeCredential "revoke_credential" Delete "/api/apps/{app_id}/credentials/{kind}" Developer "Revoke a credential; one in its overlap goes with it.";
    RevokePreviousCredential "revoke_previous_credential" Delete "/api/apps/{app_id}/credentials/{kind}/previous" Developer "End an overlap: the replaced credential stops working.";
    FindAppUsers "find_app_users" Get "/api/apps/{app_id}/users" Viewer "How many users let an App act for them.";
    ListAppActivity "list_app_activity" Get "/api/apps/{app_id}/activity" Viewer "An App's newest activity.";
    FindAppUsage "find_app_usage" Get "/api/apps/{app_id}/usage" Viewer "An App's requests of the last 30 days, by class of routes, and its Project's month.";
    FindProjectUsage "find_project_usage" Get "/api/projects/{project_id}/usage" Viewer "A Project's requests of the last 30 days, by App, and its month.";
    ListRefusals "list_refusals" Get "/api/apps/{app_id}/refusals" Viewer "An App's newest refused requests, and why. Query: `request_id`.";
    CountApplications "count_applications" Get "/api/review" Support "How many applications are in each state, and since when the oldest waits.";
    Search "search" Get "/api/review/search" Support "Find accounts, developer accounts, Projects and Apps. Query: `q`: a username, an e-mail address, an App's name, an id, an API Key, a Client ID, or the id of a request that changed something.";
    ListApplications "list_applications" Get "/api/review/applications" Support "The review queue, oldest first. Query: `state`, `cursor`.";
    ListAccounts "list_accounts" Get "/api/review/accounts" Support "Accounts by username. Query: `username` (prefix), `cursor`.";
    ListDeveloperAccounts "list_developer_accounts" Get "/api/review/developer-accounts" Support "Developer accounts by name. Query: `name` (prefix), `order` (`name` or `id`), `cursor`.";
    FindAccount "find_account" Get "/api/review/accounts/{account_id}" Support "One account, and the developer accounts that it is a member of.";
    FindReviewedApp "find_reviewed_app" Get "/api/review/apps/{app_id}" Support "One App, its usage, and its newest refused requests. Query: `request_id`.";
    FindDeveloperAccount "find_developer_account" Get "/api/review/developer-accounts/{developer_account_id}" Support "One developer account: application, members, Projects and Apps.";
    DecideApplication "decide_application" Post "/api/review/developer-accounts/{developer_account_id}/decision" Reviewer "Approve, decline, ask for more information, suspend or reinstate.";
    CreateAccountNote "create_account_note" Post "/api/review/accounts/{account_id}/notes" Support "Add a note about an account, which only operators see.";
    CreateDeveloperAccountNote "create_developer_account_note" Post "/api/review/developer-accounts/{developer_account_id}/notes" Support "Add a note about a developer account, which only operators see.";
    SetAccountStatus "update_account_status" Put "/api/review/accounts/{account_id}/status" Administrator "Suspend an account, or let it go on. Suspension ends its sessions and what it lets Apps do.";
    RederiveCredentials "rederive_credentials" Post "/api/review/accounts/{account_id}/credentials" Administrator "Derive the secrets of an account's grants anew under the newest master key; they stay the same.";
    RederiveDeveloperCredentials "rederive_developer_credentials" Post "/api/review/developer-accounts/{developer_account_id}/credentials" Administrator "Derive the secrets of a developer account's Apps anew under the newest master key; they stay the same.";
    ListOperators "list_operators" Get "/api/review/operators" Administrator "Every operator, with their role.";
    SetOperatorRole "update_operator" Put "/api/review/operators/{account_id}" Administrator "Make an account an operator, or give one another role.";
    RemoveOperator "delete_operator" Delete "/api/review/operators/{account_id}" Administrator "Take an operator's role back; the account stays.";
    SetAppStatus "update_app_status" Put "/api/review/developer-accounts/{developer_account_id}/apps/{app_id}/status" Administrator "Restrict, suspend or reactivate an App.";
    CreateStorageToken "create_storage_token" Post "/api/storage/tokens" Administrator "Make a token for an hour, with which the operator's program backs up, restores, publishes or verifies.";
    ListAuditEntries "list_audit_entries" Get "/api/audit" Auditor "The audit log, newest first. Query: `actor`, `subject`, `operation`, `from`, `to`, `cursor`.";
    ListAuditMonths "list_audit_months" Get "/api/audit/months" Auditor "The months of the audit log that are kept, with the hash of the last entry of each.";
    ExportAuditLog "export_audit_log" Get "/api/audit/months/{month}" Auditor "One month of the audit log, oldest first, to keep. Query: `format` (`ndjson` or `csv`), `part`.";
}

/// The values of a path's parameters, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(&'static str, String)>);

impl Params {
    /// The value of `name`, empty where the path has no such parameter.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }
}

/// Why no route fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchError {
    NoSuchPath,
    /// The path exists, with these methods.
    OtherMethod(Vec<Method>),
}

impl Route {
    /// The route's row in the table.
    #[expect(clippy::indexing_slicing, reason = "a variant's number is its row: both come from one macro")]
    pub fn endpoint(self) -> &'static Endpoint {
        &Self::TABLE[self as usize]
    }

    /// The path with its parameters filled in.
    pub fn path(self, params: &[(&str, &str)]) -> String {
        params
            .iter()
            .fold(self.endpoint().path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
    }

    /// Finds the route for a request's method and path.
    pub fn find(method: &str, path: &str) -> Result<(&'static Endpoint, Params), MatchError> {
        let mut allowed = Vec::new();
        for endpoint in Self::TABLE {
            let Some(params) = match_path(endpoint.path, path) else { continue };
            if endpoint.method.as_str() == method {
                return Ok((endpoint, params));
            }
            allowed.push(endpoint.method);
        }
        Err(if allowed.is_empty() { MatchError::NoSuchPath } else { MatchError::OtherMethod(allowed) })
    }
}

fn match_path(pattern: &'static str, path: &str) -> Option<Params> {
    let mut params = Params::default();
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(params),
            (Some(wanted), Some(given)) => match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) if !given.is_empty() => params.0.push((name, given.to_owned())),
                None if wanted == given => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_by_its_own_path() {
        for endpoint in Route::TABLE {
            assert_eq!(endpoint.route.endpoint().operation, endpoint.operation);
            let names: Vec<&str> =
                endpoint.path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).collect();
            let values: Vec<(&str, &str)> = names.iter().map(|name| (*name, "7")).collect();
            let path = endpoint.route.path(&values);
            let (found, params) = Route::find(endpoint.method.as_str(), &path).unwrap();
            assert_eq!(found.route, endpoint.route, "{path}");
            assert!(names.iter().all(|name| params.get(name) == "7"), "{path}");
        }
    }

    #[test]
    fn a_known_path_with_another_method_tells_which_it_takes() {
        assert_eq!(Route::find("PUT", "/api/session"), Err(MatchError::OtherMethod(vec![Method::Get, Method::Delete])));
        assert_eq!(Route::find("GET", "/api/apps/"), Err(MatchError::NoSuchPath));
        assert_eq!(Route::find("GET", "/api/apps/1/2/3"), Err(MatchError::NoSuchPath));
    }

    impl PartialEq for Endpoint {
        fn eq(&self, other: &Self) -> bool {
            self.route == other.route
        }
    }
}
