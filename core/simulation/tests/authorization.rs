//! Who may call what: a case for every route and every kind of caller.

use crate::audit;
use crate::support;
use crate::support::{Client, TestDeployment, application, invite, invited, sign_in, use_case};
use futures::executor::block_on;
use gatehouse_shared::api::{Access, Method, Route};
use gatehouse_shared::model::{MemberRole, OperatorRole};
use serde_json::{Value, json};

/// The ids of what one developer has.
struct Owned {
    client: Client,
    account: String,
    developer: String,
    project: String,
    app: String,
    standalone: String,
    session: String,
    /// Another member, and the id of an open invitation.
    member: String,
    invitation: String,
    /// The developer account that the developer is invited to, and the code that answers.
    host: String,
    code: String,
    /// What the other developer account offers.
    transfer: String,
    /// What a consent page of the standalone App is asked with.
    authorization: String,
}

async fn owned(stage: &TestDeployment, name: &str) -> Owned {
    let client = stage.developer(name).await;
    let (project, app, _) = client.create_project(&format!("{name} in Project"), "read").await;
    let (standalone, _) = client.create_app(&format!("{name} alone")).await;
    // A replaced key in its overlap.
    let params = [("app_id", standalone.as_str()), ("kind", "api-key")];
    client.post(Route::RegenerateCredential, &params, json!({ "overlap_hours": 1 })).await.expect(200);
    // And an authorization by its own owner.
    let authorization = sign_in::authorize_query(&sign_in::turn_on(&client, &standalone).await, "notes.read");
    sign_in::decide_oauth2(&client, &authorization, true).await;
    let account = client.account_id().await;
    let developer = client.own_developer_account().await;
    // A second session, so that revoking one leaves the caller signed in.
    let body = json!({ "login": name, "password": support::PASSWORD });
    stage.client().post(Route::SignIn, &[], body).await.expect(200);
    let sessions = client.get(Route::ListSessions, &[]).await.expect(200);
    let of_own = [("developer_account_id", developer.as_str())];
    let mia = stage.developer(&format!("{name}_mia")).await;
    invite(stage, &client, &developer, &mia, &format!("{name}_mia"), "viewer").await;
    let member = mia.account_id().await;
    let link = client.post(Route::CreateInvitation, &of_own, json!({ "role": "viewer" })).await.expect(200);
    let inviting = stage.developer(&format!("{name}_host")).await;
    let host = inviting.own_developer_account().await;
    let code = invited(stage, &inviting, &host, &client, name, "viewer").await;
    let (offered, _) = inviting.create_app(&format!("{name} gets it")).await;
    let offer = async |giver: &Client, route, param, id: &str, receiver: &str| {
        giver.post(route, &[(param, id)], json!({ "developer_account_id": receiver })).await.expect(200);
    };
    offer(&inviting, Route::OfferApp, "app_id", &offered, &developer).await;
    offer(&client, Route::OfferApp, "app_id", &standalone, &host).await;
    offer(&client, Route::OfferProject, "project_id", &project, &host).await;
    stage.world.settle().await;
    let dashboard = client.get(Route::FindDashboard, &of_own).await.expect(200);
    let other = sessions["sessions"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap();
    Owned {
        session: other["id"].as_str().unwrap().to_owned(),
        member,
        invitation: link["invitation"]["id"].as_str().unwrap().to_owned(),
        host,
        code,
        transfer: dashboard["transfers"][0]["id"].as_str().unwrap().to_owned(),
        client,
        account,
        developer,
        project,
        app,
        standalone,
        authorization,
    }
}

/// A call that its rightful caller makes with success. Every route must have
/// one: a new route does not compile without.
fn case(route: Route, of: &Owned) -> (Vec<(&'static str, String)>, Option<Value>) {
    let app = || vec![("app_id", of.standalone.clone())];
    let project = || vec![("project_id", of.project.clone())];
    let account = || vec![("account_id", of.account.clone())];
    let developer = || vec![("developer_account_id", of.developer.clone())];
    let credential = || vec![("app_id", of.standalone.clone()), ("kind", "api-key".to_owned())];
    let of_member = || vec![("developer_account_id", of.developer.clone()), ("account_id", of.member.clone())];
    let invitation = || vec![("developer_account_id", of.host.clone()), ("invitation_code", of.code.clone())];
    let transfer = || vec![("developer_account_id", of.developer.clone()), ("transfer_id", of.transfer.clone())];
    let receiver = || Some(json!({ "developer_account_id": of.host }));
    let none = Vec::new;
    match route {
        Route::DescribeApi | Route::FindSession | Route::ListSessions | Route::ListActivity => (none(), None),
        Route::SignUp => (
            none(),
            Some(json!({
                "username": "zoe", "email": "zoe@example.com", "password": support::PASSWORD,
            })),
        ),
        Route::SignIn => (none(), Some(json!({ "login": "alice", "password": support::PASSWORD }))),
        Route::SignOut => (none(), None),
        Route::RevokeSession => (vec![("session_id", of.session.clone())], None),
        Route::ChangePassword => (
            none(),
            Some(json!({
                "current_password": support::PASSWORD, "new_password": "another good password",
            })),
        ),
        Route::ListConnectedApps | Route::FindOAuth1Consent | Route::FindOAuth2Consent => (none(), None),
        Route::RevokeConnectedApp | Route::FindAppUsers | Route::FindAppUsage | Route::ListRefusals => (app(), None),
        Route::DecideOAuth1Consent => {
            (none(), Some(json!({ "query": "oauth_token=x", "account_id": of.account, "approve": true })))
        }
        Route::RepeatOAuth1Consent => (none(), Some(json!({ "query": "oauth_token=x" }))),
        Route::DecideOAuth2Consent => {
            let terms = json!({ "permission": null, "scopes": ["notes.read"], "is_lasting": false });
            let answer = json!({
                "query": of.authorization, "account_id": of.account, "approve": true, "terms": terms,
            });
            (none(), Some(answer))
        }
        Route::CountApplications
        | Route::Search
        | Route::ListApplications
        | Route::ListAccounts
        | Route::ListDeveloperAccounts => (none(), None),
        Route::FindApplication | Route::FindDashboard | Route::ListDeveloperActivity => (developer(), None),
        Route::SubmitApplication => (developer(), Some(application())),
        Route::ListMembers => (developer(), None),
        Route::UpdateMember => (of_member(), Some(json!({ "role": "admin" }))),
        Route::RemoveMember => (of_member(), None),
        Route::CreateInvitation => (developer(), Some(json!({ "role": "viewer" }))),
        Route::RevokeInvitation => {
            let mut params = developer();
            params.push(("invitation_id", of.invitation.clone()));
            (params, None)
        }
        Route::FindInvitation | Route::DeclineInvitation => (invitation(), None),
        Route::AcceptInvitation => (invitation(), Some(json!({}))),
        Route::CreateProject => (
            developer(),
            Some(json!({
                "name": "P", "description": "A Project for tests", "use_case": use_case(),
            })),
        ),
        Route::FindProject | Route::FindProjectUsage => (project(), None),
        Route::UpdateProject => (project(), Some(json!({ "name": "Renamed" }))),
        Route::DeleteProject => (project(), Some(json!({ "confirm_name": "Project" }))),
        Route::CreateApp => (developer(), Some(json!({ "name": "New App", "description": "An App for tests" }))),
        Route::FindApp | Route::ListAppActivity => (app(), None),
        Route::UpdateApp => (app(), Some(json!({ "description": "Another description" }))),
        Route::DeleteApp => (app(), Some(json!({ "confirm_name": "alice alone" }))),
        Route::OfferApp => (app(), receiver()),
        Route::OfferProject => (project(), receiver()),
        Route::WithdrawApp => (app(), None),
        Route::WithdrawProject => (project(), None),
        Route::AcceptTransfer => (transfer(), Some(json!({}))),
        Route::DeclineTransfer => (transfer(), None),
        Route::AttachApp => (app(), Some(json!({ "project_id": of.project }))),
        Route::DetachApp => (vec![("app_id", of.app.clone())], None),
        Route::RegenerateCredential => (credential(), Some(json!({}))),
        Route::UpdateCredential => (credential(), Some(json!({ "expires_at": null }))),
        Route::RevokeCredential | Route::RevokePreviousCredential => (credential(), None),
        Route::RederiveCredentials => (account(), None),
        Route::RederiveDeveloperCredentials => (developer(), None),
        Route::FindAccount => (account(), None),
        Route::FindReviewedApp => (app(), None),
        Route::FindDeveloperAccount => (developer(), None),
        Route::DecideApplication => (developer(), Some(json!({ "decision": "suspend", "reason": "For tests" }))),
        Route::SetAccountStatus => (account(), Some(json!({ "status": "suspended", "reason": "For tests" }))),
        Route::CreateAccountNote => (account(), Some(json!({ "text": "A note" }))),
        Route::CreateDeveloperAccountNote => (developer(), Some(json!({ "text": "A note" }))),
        Route::ListOperators => (none(), None),
        Route::CreateStorageToken => (none(), Some(json!({ "purpose": "backup" }))),
        Route::SetOperatorRole => (account(), Some(json!({ "role": "support" }))),
        Route::RemoveOperator => (account(), None),
        Route::ListAuditEntries | Route::ListAuditMonths => (none(), None),
        Route::ExportAuditLog => (vec![("month", "2027-01".to_owned())], None),
        Route::SetAppStatus => {
            let mut params = developer();
            params.extend(app());
            (params, Some(json!({ "status": "suspended", "reason": "For tests" })))
        }
    }
}

async fn call(client: &Client, route: Route, of: &Owned) -> support::Reply {
    let (params, body) = case(route, of);
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.call(route, &params, body).await
}

/// The status that a kind of caller gets on a route that is not theirs.
fn expected(caller: &str, route: Route) -> Option<u16> {
    let access = route.endpoint().access;
    let takes_id = route.endpoint().path.contains("_id}");
    let role = MemberRole::ALL.into_iter().find(|role| role.as_str() == caller);
    match (caller, access) {
        (_, Access::Public) => None,
        _ if role.is_some() && access.member_role().is_some() => (role < access.member_role()).then_some(403),
        ("anonymous", _) => Some(401),
        ("operator", _) if access.operator_roles().is_some() => None,
        _ if access.operator_roles().is_some() => {
            let role = OperatorRole::ALL.into_iter().find(|role| role.as_str() == caller);
            let may = access.operator_roles().unwrap().iter().any(|allowed| Some(*allowed) == role);
            (!may).then_some(403)
        }
        // Another's ids do not exist for anybody else.
        (_, Access::Account) if takes_id => Some(404),
        (_, Access::Account) => None,
        // Who has nothing but a developer account to apply for is told so, whatever the path names.
        ("unapproved", Access::Developer | Access::Admin)
            if !route.endpoint().path.contains("/developer-accounts/") =>
        {
            Some(403)
        }
        _ => Some(404),
    }
}

#[test]
fn every_route_refuses_whom_it_is_not_for_and_changes_nothing() {
    let mut refused = 0;
    block_on(async {
        for endpoint in Route::TABLE {
            let stage = TestDeployment::new(1);
            let alice = owned(&stage, "alice").await;
            let callers = [
                ("anonymous", stage.client()),
                ("unapproved", stage.unapproved("newcomer").await),
                ("other", owned(&stage, "mallory").await.client),
                ("operator", stage.operator().await),
            ];
            let mut callers = Vec::from(callers);
            for role in ["viewer", "developer", "admin"] {
                let member = stage.developer(&format!("a_{role}")).await;
                invite(&stage, &alice.client, &alice.developer, &member, &format!("a_{role}"), role).await;
                callers.push((role, member));
            }
            for role in ["auditor", "support", "reviewer"] {
                callers.push((role, stage.operator_as(&format!("an_{role}"), role).await));
            }
            let before = snapshot(&stage, &alice).await;
            for (caller, client) in &callers {
                let Some(status) = expected(caller, endpoint.route) else { continue };
                refused += 1;
                let reply = call(client, endpoint.route, &alice).await;
                assert_eq!(reply.status, status, "{caller} {}: {}", endpoint.operation, reply.text);
                assert!(!reply.text.contains("alice"), "{caller} {}: {}", endpoint.operation, reply.text);
            }
            assert_eq!(snapshot(&stage, &alice).await, before, "{}", endpoint.operation);
        }
    });
    // Those who may call a route are tried by `every_route_serves_its_rightful_caller`.
    println!("{} routes × 11 kinds of callers, {refused} of them refused", Route::TABLE.len());
}

#[test]
fn every_route_serves_its_rightful_caller() {
    block_on(async {
        for endpoint in Route::TABLE {
            let stage = TestDeployment::new(2);
            let alice = owned(&stage, "alice").await;
            let client = match endpoint.access {
                Access::Public => stage.client(),
                access if access.operator_roles().is_some() => stage.operator().await,
                _ => alice.client.clone(),
            };
            stage.world.settle().await;
            let entries = audit::entries(&stage);
            let reply = call(&client, endpoint.route, &alice).await;
            stage.world.settle().await;
            audit::check_left_behind(&stage, endpoint, entries, &client, &reply);
            // What the state of this account forbids, its own tests show.
            let conflicts = match endpoint.route {
                Route::SubmitApplication | Route::DeleteProject => Some("conflict"),
                Route::CreateProject => Some("limit-reached"),
                _ => None,
            };
            assert_eq!(reply.json["code"].as_str(), conflicts, "{}: {}", endpoint.operation, reply.text);
        }
    });
}

#[test]
fn each_operator_may_do_what_their_role_says() {
    let mut served = 0;
    block_on(async {
        for endpoint in Route::TABLE {
            for role in endpoint.access.operator_roles().unwrap_or_default() {
                let stage = TestDeployment::new(3);
                let alice = owned(&stage, "alice").await;
                // Who reviews approves, and does not suspend.
                let newcomer = stage.unapproved("newcomer").await;
                newcomer.post(Route::SubmitApplication, &[], application()).await.expect(200);
                let operator = stage.operator_as("chris", role.as_str()).await;
                let reply = if endpoint.route == Route::DecideApplication {
                    let refused = call(&operator, endpoint.route, &alice).await;
                    assert_eq!(refused.status, if *role == OperatorRole::Administrator { 200 } else { 403 });
                    operator.decide(&newcomer, "approve").await
                } else {
                    call(&operator, endpoint.route, &alice).await
                };
                assert_eq!(reply.status, 200, "{} {}: {}", role.as_str(), endpoint.operation, reply.text);
                served += 1;
            }
        }
    });
    println!("{served} calls of operators");
}

/// An Account says who calls, once; whatever decides then also checks the caller.
#[test]
fn a_guarded_call_asks_one_account_and_one_developer_account() {
    block_on(async {
        for endpoint in Route::TABLE {
            let messages = match (endpoint.access, endpoint.route) {
                (Access::Public, _) => continue,
                (access, _) if access.operator_roles().is_some() => continue,
                // Who signs in, with which password; then the change.
                (_, Route::ChangePassword) => (3, 0),
                // Their caller is checked before anything is looked up for them.
                (_, Route::DecideOAuth1Consent) => (1, 0),
                (_, Route::DecideOAuth2Consent) => (2, 1),
                // Whoever it is about is told as well.
                (_, Route::UpdateMember | Route::RemoveMember | Route::DeclineInvitation) => (2, 1),
                // Of the membership, and that the invitation is over.
                (_, Route::AcceptInvitation) => (3, 1),
                (_, Route::FindInvitation) => (1, 1),
                // The receiver of an offer hears of it, or that it is over; it was offered before.
                (_, Route::OfferApp | Route::OfferProject) => (1, 4),
                (_, Route::WithdrawApp | Route::WithdrawProject | Route::DeleteApp) => (1, 2),
                // The giver is told; it says that the offer is over, or sends the App and ends its members' own tokens.
                (_, Route::DeclineTransfer) => (1, 3),
                (_, Route::AcceptTransfer) => (2, 3),
                (Access::Account, _) => (1, 0),
                (_, _) => (1, 1),
            };
            let stage = TestDeployment::new(5);
            let alice = owned(&stage, "alice").await;
            stage.world.asked.replace(Some(Vec::new()));
            call(&alice.client, endpoint.route, &alice).await;
            let asked = stage.world.asked.take().unwrap();
            let count = |kind: &str| asked.iter().filter(|asked| *asked == kind).count();
            let counted = (count("account"), count("developer-account"));
            assert_eq!(counted, messages, "{}: {asked:?}", endpoint.operation);
        }
    });
}

/// All that a refused call may not change.
async fn snapshot(stage: &TestDeployment, of: &Owned) -> String {
    let operator = stage.operator().await;
    let account = operator.get(Route::FindAccount, &[("account_id", &of.account)]).await.expect(200);
    let ids = [("developer_account_id", of.developer.as_str())];
    let developer = operator.get(Route::FindDeveloperAccount, &ids).await.expect(200);
    let apps = of.client.get(Route::ListDeveloperActivity, &ids).await.expect(200);
    let sessions = of.client.get(Route::ListSessions, &[]).await.expect(200);
    let activity = of.client.get(Route::ListActivity, &[]).await.expect(200);
    format!("{account} {developer} {apps} {} {activity}", sessions["sessions"].as_array().unwrap().len())
}

#[test]
fn what_does_not_exist_and_what_is_anothers_look_the_same() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let alice = owned(&stage, "alice").await;
        let mallory = owned(&stage, "mallory").await.client;
        for (route, name, foreign) in [
            (Route::FindApp, "app_id", &alice.app),
            (Route::FindProject, "project_id", &alice.project),
            (Route::ListAppActivity, "app_id", &alice.app),
        ] {
            let mut answers = Vec::new();
            for id in [foreign.as_str(), "1234567890123456789", "nonsense", "%00"] {
                let mut problem = mallory.get(route, &[(name, id)]).await.refused(404, "not-found");
                problem["request_id"] = Value::Null;
                answers.push(problem.to_string());
            }
            answers.dedup();
            assert_eq!(answers.len(), 1);
        }
        let attach = json!({ "project_id": alice.project });
        let own = mallory.get(Route::FindDashboard, &[]).await.expect(200);
        let own = own["standalone_apps"][0]["id"].as_str().unwrap().to_owned();
        mallory.post(Route::AttachApp, &[("app_id", &own)], attach).await.refused(404, "not-found");
    });
}

#[test]
fn a_call_from_another_site_changes_nothing() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let alice = owned(&stage, "alice").await;
        for endpoint in Route::TABLE.iter().filter(|endpoint| endpoint.method != Method::Get) {
            for headers in [
                &[("content-type", "application/json")][..],
                &[("content-type", "application/json"), ("origin", "https://evil.example")],
                &[("content-type", "text/plain"), ("origin", "null")],
                &[("content-type", "application/json"), ("sec-fetch-site", "cross-site")],
            ] {
                let (params, body) = case(endpoint.route, &alice);
                let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let text = body.map(|body| body.to_string()).unwrap_or_default();
                let path = endpoint.route.path(&params);
                let reply = alice.client.send(endpoint.method, &path, headers, text.as_bytes()).await;
                reply.refused(403, "cross-site-request");
            }
        }
    });
}
