//! What the deployment answers by itself under the API's own paths, from its
//! accounts. Which paths these are is the operator's to say, in `api.toml`.

mod rate_limit_status;
mod usage;

use crate::isolate::Deployment;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::credential::{StoredCredential, show_credential};
use gatehouse_domain::date::ruby_date;
use gatehouse_domain::gate::{Answer, Unproven, Unusable, Verified, unauthenticated};
use gatehouse_domain::message::ledger::{Caller, LedgerCall, Profile};
use gatehouse_domain::ports::{EdgePorts, log_failure};
use gatehouse_domain::refusal::{Missing, Refusal};
use gatehouse_domain::request::Head;
use gatehouse_shared::api::{CredentialKind, Done};
use gatehouse_shared::description::Builtin;
use gatehouse_shared::model::AccountId;
use gatehouse_shared::own_paths::PICTURES;
use gatehouse_shared::validate;
use percent_encoding::percent_decode_str;
use serde_json::json;

/// Answers a request that the gate let pass.
pub(crate) async fn answer<R: EdgePorts>(
    deployment: &Deployment<R>,
    builtin: Builtin,
    head: &Head<'_>,
    caller: &Verified,
    request_id: &str,
) -> Answer {
    let answered = match builtin {
        Builtin::VerifyCredentials => verify_credentials(deployment, head, caller).await,
        Builtin::InvalidateAccessToken => deployment.invalidate_access_token(caller).await,
        Builtin::FindMe => find_me(deployment, caller).await,
        Builtin::FindUser => find_user(deployment, &last_segment(head)).await,
        Builtin::FindUserByUsername => find_user_by_username(deployment, &last_segment(head)).await,
        Builtin::RateLimitStatus => rate_limit_status::answer(deployment, head, caller).await,
        Builtin::Usage => usage::answer(deployment, head, caller).await,
    };
    answered.unwrap_or_else(|refusal| {
        let is_missing = matches!(refusal, Refusal::NotFound(_));
        if let Refusal::Internal(text) | Refusal::Unavailable(text) = refusal {
            log_failure(&deployment.runtime, "answer_builtin", request_id, text);
        }
        let has_codes = match builtin {
            Builtin::VerifyCredentials | Builtin::InvalidateAccessToken | Builtin::RateLimitStatus => true,
            Builtin::FindMe | Builtin::FindUser | Builtin::FindUserByUsername | Builtin::Usage => false,
        };
        match (has_codes, is_missing) {
            (true, true) => {
                let unproven = Unproven::Token(Unusable::Replaced);
                unauthenticated(&unproven, deployment.settings.origin(head.origin()))
            }
            (true, false) => Answer::coded(503, 130, "Over capacity").with("retry-after", "1"),
            (false, true) => not_found(deployment, head, builtin),
            (false, false) => unavailable(),
        }
    })
}

/// The last segment of the path, decoded.
fn last_segment(head: &Head<'_>) -> String {
    let path = head.path().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

fn not_found<R: EdgePorts>(deployment: &Deployment<R>, head: &Head<'_>, builtin: Builtin) -> Answer {
    let detail = match builtin {
        Builtin::Usage => "This App is in no Project, and only Projects have a month.".to_owned(),
        _ => format!("There is no user “{}”.", last_segment(head)),
    };
    let prefix = deployment.settings.api.version_of(head.path()).map_or("", |version| &version.prefix);
    let origin = deployment.settings.origin(head.origin());
    Answer::problem(
        404,
        &json!({
            "title": "Not Found Error",
            "detail": detail,
            "type": format!("{origin}{prefix}/problems/resource-not-found"),
            "status": 404,
        }),
    )
}

fn unavailable() -> Answer {
    let title = "Service Unavailable";
    Answer::problem(503, &json!({ "title": title, "detail": title, "type": "about:blank", "status": 503 }))
        .with("retry-after", "1")
}

async fn read_profile<R: EdgePorts>(deployment: &Deployment<R>, account: AccountId) -> Result<Profile, Refusal> {
    deployment.ask_ledger(account, Caller::Internal, LedgerCall::ReadProfile).await
}

async fn verify_credentials<R: EdgePorts>(
    deployment: &Deployment<R>,
    head: &Head<'_>,
    caller: &Verified,
) -> Result<Answer, Refusal> {
    let user = caller.user().ok_or(Refusal::NotFound(Missing::Account))?;
    let profile = read_profile(deployment, user).await?;
    let origin = deployment.settings.origin(head.origin());
    Ok(Answer::json(
        200,
        "application/json;charset=utf-8",
        &json!({
            // As a number for those who read it so; JavaScript can't, and takes the text.
            "id": user.value(),
            "id_str": user,
            "name": profile.username,
            "screen_name": profile.username,
            "created_at": ruby_date(profile.created_at),
            // Everybody's. Clients take `_normal` off for the large one.
            "profile_image_url_https": format!("{origin}{PICTURES}default_normal.png"),
        }),
    ))
}

fn user_answer(profile: &Profile) -> Answer {
    let user = json!({ "id": profile.id, "name": profile.username, "username": profile.username });
    Answer::json(200, "application/json;charset=utf-8", &json!({ "data": user }))
}

async fn find_me<R: EdgePorts>(deployment: &Deployment<R>, caller: &Verified) -> Result<Answer, Refusal> {
    let user = caller.user().ok_or(Refusal::NotFound(Missing::Account))?;
    Ok(user_answer(&read_profile(deployment, user).await?))
}

async fn find_user<R: EdgePorts>(deployment: &Deployment<R>, id: &str) -> Result<Answer, Refusal> {
    let account = id.parse().map_err(|_| Refusal::NotFound(Missing::Account))?;
    Ok(user_answer(&read_profile(deployment, account).await?))
}

async fn find_user_by_username<R: EdgePorts>(deployment: &Deployment<R>, name: &str) -> Result<Answer, Refusal> {
    let missing = || Refusal::NotFound(Missing::Account);
    // Only what could be a username may name an object.
    let name = UniqueName::username(&validate::username(name).map_err(|_| missing())?);
    let account = deployment.find_owner(&name).await?.ok_or_else(missing)?;
    let profile = read_profile(deployment, account).await?;
    // A name may be reserved for an account that does not use it yet.
    if UniqueName::username(&profile.username) == name { Ok(user_answer(&profile)) } else { Err(missing()) }
}

impl<R: EdgePorts> Deployment<R> {
    /// Revokes the Access Token that signed a request.
    async fn invalidate_access_token(&self, caller: &Verified) -> Result<Answer, Refusal> {
        let missing = || Refusal::NotFound(Missing::Credential);
        let user = caller.user().ok_or_else(missing)?;
        let used = caller.used().last().ok_or_else(missing)?;
        let (app_id, serial, kind) = (caller.app_id(), used.serial, CredentialKind::AccessToken);
        let show = |stored: &StoredCredential| {
            let (keyring, prefix) = (&self.settings.keyring, self.settings.prefix());
            show_credential(keyring, prefix, (app_id, user), stored)?.access_token
        };
        let is_it = |stored: &&StoredCredential| stored.kind == kind && stored.root.serial == serial;
        let token = match used.granted_by {
            None => self.on_app(app_id, |app| app.credentials.iter().find(is_it).and_then(show)).flatten(),
            Some(user) => self.on_grant(app_id, user, |grant| {
                grant.and_then(|grant| grant.access_token.as_ref()).filter(is_it).and_then(show)
            }),
        };
        let _: Done = self.ask_ledger(user, Caller::Internal, LedgerCall::RevokeAccessToken { app_id, serial }).await?;
        Ok(Answer::json(200, "application/json;charset=utf-8", &json!({ "access_token": token })))
    }
}
