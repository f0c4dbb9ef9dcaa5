//! What the demonstration does, step by step.

use super::report::{DemoApp, Made, Member, Person};
use crate::{
    portal::{Visitor, text},
    secret::random_alphanumerics,
};
use anyhow::Result;
use serde_json::{Value, json};

const DESCRIPTION: &str = "Demonstration data, made by the command `demo`.";
const USE_CASE: &str = "Demonstration data, made by the command `demo`: this App reads and writes notes in order to show \
    how a developer's credentials pass the gate. It may be deleted at any time.";
const SECOND_MEMBERS_ROLE: &str = "developer";

pub fn play(url: &str, operator: Person) -> Result<Made> {
    let mark = random_alphanumerics(6)?;
    let developer = Person { username: format!("demo_{mark}"), password: random_alphanumerics(24)? };
    let second = Person { username: format!("demo2_{mark}"), password: random_alphanumerics(24)? };

    let mut portal = Visitor::new(url);
    sign_up(&mut portal, &developer)?;
    let own = become_approved(url, &mut portal, &operator)?;
    let apps =
        vec![create_project_with_app(&mut portal, &own, &mark)?, create_standalone_app(&mut portal, &own, &mark)?];
    let scopes = scopes_offered(&mut portal)?;
    add_member(url, &mut portal, &own, &second)?;
    let invitation_url = invite_by_link(url, &mut portal, &own)?;
    portal.delete("/api/session")?;

    let members =
        vec![Member { person: developer.clone(), role: "owner" }, Member { person: second, role: SECOND_MEMBERS_ROLE }];
    Ok(Made { url: url.to_owned(), operator, developer, members, invitation_url, apps, scopes })
}

fn sign_up(portal: &mut Visitor, person: &Person) -> Result<()> {
    portal.post(
        "/api/accounts",
        &json!({
            "username": person.username,
            "email": format!("{}@example.com", person.username),
            "password": person.password,
        }),
    )?;
    Ok(())
}

/// Signs somebody up, invites them by username, and accepts for them.
fn add_member(url: &str, portal: &mut Visitor, own: &str, person: &Person) -> Result<()> {
    let mut member = Visitor::new(url);
    sign_up(&mut member, person)?;
    let request = json!({ "username": person.username, "role": SECOND_MEMBERS_ROLE });
    portal.post(&format!("{own}/invitations"), &request)?;
    let code = text(&member.get("/api/session")?, "/invitations/0/invitation_code")?;
    member.post(&format!("{own}/invited/{code}"), &json!({}))?;
    member.delete("/api/session")?;
    Ok(())
}

/// An invitation that stays open. Gives the address of its page.
fn invite_by_link(url: &str, portal: &mut Visitor, own: &str) -> Result<String> {
    let created = portal.post(&format!("{own}/invitations"), &json!({ "role": "viewer" }))?;
    let developer = own.rsplit('/').next().unwrap_or_default();
    Ok(format!("{url}/invitations/{developer}/{}", text(&created, "/invitation_code")?))
}

/// What Apps may ask users for: the API's scopes, and refresh tokens.
fn scopes_offered(portal: &mut Visitor) -> Result<Vec<String>> {
    let api = portal.get("/api/description")?;
    let scopes = api["scopes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut names = scopes.iter().map(|scope| text(scope, "/name")).collect::<Result<Vec<_>>>()?;
    names.push("offline.access".to_owned());
    Ok(names)
}

/// Applies as the developer and, where that is not enough, approves as the operator. Gives the path of the developer
/// account.
fn become_approved(url: &str, portal: &mut Visitor, operator: &Person) -> Result<String> {
    let developer = text(&portal.get("/api/session")?, "/developer_accounts/0/id")?;
    let own = format!("/api/developer-accounts/{developer}");
    let application = portal.post(
        &format!("{own}/application"),
        &json!({
            "use_case": USE_CASE,
            "purpose": "education",
            "organization": "Demonstration data",
            "accept_terms": true,
        }),
    )?;
    if text(&application, "/state")? == "approved" {
        return Ok(own);
    }
    let mut reviewer = Visitor::new(url);
    reviewer.post("/api/sessions", &json!({ "login": operator.username, "password": operator.password }))?;
    reviewer.post(
        &format!("/api/review/developer-accounts/{developer}/decision"),
        &json!({ "decision": "approve", "reason": "Demonstration data" }),
    )?;
    reviewer.delete("/api/session")?;
    Ok(own)
}

fn create_project_with_app(portal: &mut Visitor, own: &str, mark: &str) -> Result<DemoApp> {
    let created = portal.post(
        &format!("{own}/projects"),
        &json!({
            "name": format!("Demonstration {mark}"),
            "description": DESCRIPTION,
            "use_case": USE_CASE,
            "app": {
                "name": format!("Demonstration {mark}"),
                "description": DESCRIPTION,
                "permission": "read-write",
                "environment": "development",
            },
        }),
    )?;
    app_of(portal, &created["app"], Some(text(&created, "/project/id")?))
}

fn create_standalone_app(portal: &mut Visitor, own: &str, mark: &str) -> Result<DemoApp> {
    let created = portal.post(
        &format!("{own}/apps"),
        &json!({
            "name": format!("Demonstration {mark} standalone"),
            "description": DESCRIPTION,
            "use_case": USE_CASE,
            "permission": "read",
        }),
    )?;
    app_of(portal, &created, None)
}

/// Where the demonstration Apps have their users sent back to: the reader's own machine.
const CALLBACK: &str = "http://127.0.0.1:8000/callback";

/// What was created, with an Access Token of its owner, and ready to ask other users.
fn app_of(portal: &mut Visitor, created: &Value, project_id: Option<String>) -> Result<DemoApp> {
    let app_id = text(created, "/app/id")?;
    let token = portal.post(&format!("/api/apps/{app_id}/credentials/access-token"), &json!({}))?;
    let settings = json!({ "sign_in": true, "client_type": "web-app", "callback_urls": [CALLBACK] });
    portal.patch(&format!("/api/apps/{app_id}"), &settings)?;
    let client = portal.post(&format!("/api/apps/{app_id}/credentials/client-secret"), &json!({}))?;
    Ok(DemoApp {
        name: text(created, "/app/settings/name")?,
        app_id,
        project_id,
        permission: text(created, "/app/settings/permission")?,
        api_key: text(created, "/credentials/api_key")?,
        api_key_secret: text(created, "/credentials/api_key_secret")?,
        access_token: text(&token, "/access_token")?,
        access_token_secret: text(&token, "/access_token_secret")?,
        bearer_token: text(created, "/credentials/bearer_token")?,
        client_id: text(&client, "/client_id")?,
        client_secret: text(&client, "/client_secret")?,
        callback_url: CALLBACK.to_owned(),
    })
}
