//! The OpenAPI document of the portal API, made from the table of routes.

use super::*;
use crate::problem::Problem;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Makes the document (OpenAPI 3.1.0).
pub fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let problem = reference::<Problem>(&mut generator);
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for endpoint in Route::TABLE {
        let (request, response) = schemas(endpoint.route, &mut generator);
        let mut operation: Map<String, Value> = Map::new();
        operation.insert("operationId".into(), endpoint.operation.into());
        operation.insert("summary".into(), endpoint.summary.into());
        let responses = json!({
            "200": { "description": "Done.", "content": { "application/json": { "schema": response } } },
            "default": {
                "description": "Refused.",
                "content": { "application/problem+json": { "schema": problem } },
            },
        });
        operation.insert("responses".into(), responses);
        if let Some(request) = request {
            let body = json!({ "required": true, "content": { "application/json": { "schema": request } } });
            operation.insert("requestBody".into(), body);
        }
        if endpoint.access != Access::Public {
            operation.insert("security".into(), json!([{ "session": [] }]));
        }
        let mut parameters: Vec<Value> = endpoint
            .path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        parameters.extend(
            query(endpoint.route)
                .iter()
                .map(|name| json!({ "name": name, "in": "query", "required": false, "schema": { "type": "string" } })),
        );
        if !parameters.is_empty() {
            operation.insert("parameters".into(), Value::Array(parameters));
        }
        let methods = paths.entry(endpoint.path).or_default();
        methods.insert(endpoint.method.as_str().to_lowercase(), operation.into());
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Gatehouse portal API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the portal calls. State-changing calls send JSON and an `Origin` of the deployment.",
        },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": "__Host-gatehouse" } },
        },
    })
}

fn reference<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn query(route: Route) -> &'static [&'static str] {
    match route {
        Route::ListApplications => &["state", "cursor"],
        Route::Search => &["q"],
        Route::ListAccounts => &["username", "cursor"],
        Route::ListDeveloperAccounts => &["name", "order", "cursor"],
        Route::ListRefusals | Route::FindReviewedApp => &["request_id"],
        Route::ListActivity | Route::ListAppActivity => &["group", "actor", "app_id", "project_id"],
        Route::ListDeveloperActivity => &["group", "actor", "app_id", "project_id"],
        Route::ListAuditEntries => &["actor", "subject", "operation", "from", "to", "cursor"],
        Route::ExportAuditLog => &["format", "part"],
        Route::FindOAuth1Consent => &["oauth_token", "force_login", "screen_name"],
        Route::FindOAuth2Consent => {
            &["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"]
        }
        _ => &[],
    }
}

fn schemas(route: Route, generator: &mut SchemaGenerator) -> (Option<Value>, Value) {
    macro_rules! of {
        ($response:ty) => {
            (None, reference::<$response>(generator))
        };
        ($request:ty => $response:ty) => {
            (Some(reference::<$request>(generator)), reference::<$response>(generator))
        };
    }
    match route {
        Route::DescribeApi => of!(ApiSummary),
        Route::SignUp => of!(SignUpRequest => SessionInfo),
        Route::SignIn => of!(SignInRequest => SessionInfo),
        Route::FindSession => of!(SessionInfo),
        Route::SignOut | Route::RevokeSession => of!(Done),
        Route::ListSessions => of!(SessionList),
        Route::ChangePassword => of!(ChangePasswordRequest => Done),
        Route::ListActivity | Route::ListDeveloperActivity | Route::ListAppActivity => of!(ActivityList),
        Route::ListConnectedApps => of!(ConnectedAppList),
        Route::RevokeConnectedApp => of!(Done),
        Route::FindOAuth1Consent | Route::FindOAuth2Consent => of!(Consent),
        Route::RepeatOAuth1Consent => of!(RepeatConsentRequest => Consent),
        Route::DecideOAuth1Consent | Route::DecideOAuth2Consent => of!(DecideConsentRequest => ConsentOutcome),
        Route::FindAppUsers => of!(AppUsers),
        Route::FindAppUsage => of!(AppUsage),
        Route::FindProjectUsage => of!(ProjectUsage),
        Route::ListRefusals => of!(RefusalList),
        Route::FindApplication => of!(ApplicationView),
        Route::SubmitApplication => of!(SubmitApplicationRequest => ApplicationView),
        Route::FindDashboard => of!(Dashboard),
        Route::ListMembers => of!(MemberList),
        Route::UpdateMember => of!(UpdateMemberRequest => MemberView),
        Route::RemoveMember | Route::RevokeInvitation | Route::DeclineInvitation => of!(Done),
        Route::CreateInvitation => of!(CreateInvitationRequest => CreatedInvitation),
        Route::FindInvitation => of!(ReceivedInvitation),
        Route::AcceptInvitation => of!(DeveloperAccountSummary),
        Route::CreateProject => of!(CreateProjectRequest => CreatedProject),
        Route::FindProject => of!(ProjectView),
        Route::UpdateProject => of!(UpdateProjectRequest => ProjectView),
        Route::DeleteProject | Route::DeleteApp => of!(ConfirmDeletionRequest => Done),
        Route::CreateApp => of!(CreateAppRequest => CreatedApp),
        Route::FindApp => of!(AppView),
        Route::UpdateApp => of!(UpdateAppRequest => AppView),
        Route::OfferApp => of!(OfferTransferRequest => AppView),
        Route::WithdrawApp => of!(AppView),
        Route::OfferProject => of!(OfferTransferRequest => ProjectView),
        Route::WithdrawProject => of!(ProjectView),
        Route::AcceptTransfer | Route::DeclineTransfer => of!(Done),
        Route::AttachApp => of!(AttachAppRequest => AppView),
        Route::DetachApp => of!(AppView),
        Route::RegenerateCredential => of!(RegenerateCredentialRequest => RegeneratedCredential),
        Route::UpdateCredential => of!(UpdateCredentialRequest => AppView),
        Route::RevokeCredential | Route::RevokePreviousCredential => of!(AppView),
        Route::RederiveCredentials | Route::RederiveDeveloperCredentials => of!(RederivedCredentials),
        Route::CountApplications => of!(ApplicationCounts),
        Route::Search => of!(SearchResults),
        Route::ListApplications => of!(ApplicationQueue),
        Route::ListAccounts => of!(AccountList),
        Route::ListDeveloperAccounts => of!(DeveloperAccountList),
        Route::FindAccount => of!(AccountRecord),
        Route::FindReviewedApp => of!(ReviewedApp),
        Route::FindDeveloperAccount => of!(DeveloperAccountRecord),
        Route::DecideApplication => of!(DecideApplicationRequest => ApplicationView),
        Route::SetAccountStatus => of!(SetAccountStatusRequest => AccountView),
        Route::CreateAccountNote | Route::CreateDeveloperAccountNote => of!(CreateNoteRequest => NoteView),
        Route::ListOperators => of!(OperatorList),
        Route::SetOperatorRole => of!(SetOperatorRoleRequest => AccountView),
        Route::RemoveOperator => of!(AccountView),
        Route::ListAuditEntries => of!(AuditList),
        Route::ListAuditMonths => of!(AuditMonthList),
        Route::ExportAuditLog => of!(AuditEntry),
        Route::SetAppStatus => of!(SetAppStatusRequest => AppView),
        Route::CreateStorageToken => of!(CreateStorageTokenRequest => StorageToken),
    }
}
