//! What the deployment answers by itself under the API's own paths, from its
//! accounts. Which paths these are is the operator's to say, in `api.toml`.

mod rate_limit_status;
mod usage;

use crate::isolate::Isolate;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::credential::{StoredCredential, show_credential};
use gatehouse_domain::date::ruby_date;
use gatehouse_domain::gate::{Answer, Unproven, Unusable, Verified, unauthenticated};
use gatehouse_domain::message::account::{AccountCall, Caller, Profile};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{EdgePorts, log_failure};
use gatehouse_domain::request::RequestHead;
use gatehouse_shared::api::Done;
use gatehouse_shared::description::Builtin;
use gatehouse_shared::model::AccountId;
use gatehouse_shared::own_paths::PICTURES;
use gatehouse_shared::validate;
use percent_encoding::percent_decode_str;
use serde_json::json;

/// Answers a request that the gate let pass.
pub(crate) async fn answer<R: EdgePorts>(
    isolate: &Isolate<R>,
    builtin: Builtin,
    head: &RequestHead<'_>,
    caller: &Verified,
    request_id: &str,
) -> Answer {
    let answered = match builtin {
        Builtin::VerifyCredentials => verify_credentials(isolate, head, caller).await,
        Builtin::InvalidateAccessToken => isolate.invalidate_access_token(caller, request_id).await,
        Builtin::FindMe => find_me(isolate, caller).await,
        Builtin::FindUser => find_user(isolate, &last_segment(head)).await,
        Builtin::FindUserByUsername => find_user_by_username(isolate, &last_segment(head)).await,
        Builtin::RateLimitStatus => rate_limit_status::answer(isolate, head, caller).await,
        Builtin::Usage => usage::answer(isolate, head, caller).await,
    };
    answered.unwrap_or_else(|refusal| {
        let is_missing = matches!(refusal, PortalError::NotFound(_));
        if let PortalError::Internal(text) | PortalError::Unavailable(text) = refusal {
            log_failure(&isolate.runtime, "answer_builtin", request_id, text);
        }
        let has_codes = match builtin {
            Builtin::VerifyCredentials | Builtin::InvalidateAccessToken | Builtin::RateLimitStatus => true,
            Builtin::FindMe | Builtin::FindUser | Builtin::FindUserByUsername | Builtin::Usage => false,
        };
        match (has_codes, is_missing) {
            (true, true) => {
                let unproven = Unproven::Token(Unusable::Replaced);
                unauthenticated(&unproven, isolate.settings.origin(head.origin()))
            }
            (true, false) => Answer::coded(503, 130, "Over capacity").with("retry-after", "1"),
            (false, true) => not_found(isolate, head, builtin),
            (false, false) => unavailable(),
        }
    })
}

/// The last segment of the path, decoded.
fn last_segment(head: &RequestHead<'_>) -> String {
    let path = head.path().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

fn not_found<R: EdgePorts>(isolate: &Isolate<R>, head: &RequestHead<'_>, builtin: Builtin) -> Answer {
    let detail = match builtin {
        Builtin::Usage => "This App is in no Project, and only Projects have a month.".to_owned(),
        _ => format!("There is no user “{}”.", last_segment(head)),
    };
    let prefix = isolate.settings.api.version_of(head.path()).map_or("", |version| &version.prefix);
    let origin = isolate.settings.origin(head.origin());
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

async fn read_profile<R: EdgePorts>(isolate: &Isolate<R>, account: AccountId) -> Result<Profile, PortalError> {
    isolate.read_account(account, AccountCall::ReadProfile).await
}

async fn verify_credentials<R: EdgePorts>(
    isolate: &Isolate<R>,
    head: &RequestHead<'_>,
    caller: &Verified,
) -> Result<Answer, PortalError> {
    let user = caller.user().ok_or(PortalError::NotFound(Missing::Account))?;
    let profile = read_profile(isolate, user).await?;
    let origin = isolate.settings.origin(head.origin());
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

async fn find_me<R: EdgePorts>(isolate: &Isolate<R>, caller: &Verified) -> Result<Answer, PortalError> {
    let user = caller.user().ok_or(PortalError::NotFound(Missing::Account))?;
    Ok(user_answer(&read_profile(isolate, user).await?))
}

async fn find_user<R: EdgePorts>(isolate: &Isolate<R>, id: &str) -> Result<Answer, PortalError> {
    let account = id.parse().map_err(|_| PortalError::NotFound(Missing::Account))?;
    Ok(user_answer(&read_profile(isolate, account).await?))
}

async fn find_user_by_username<R: EdgePorts>(isolate: &Isolate<R>, name: &str) -> Result<Answer, PortalError> {
    let missing = || PortalError::NotFound(Missing::Account);
    // Only what could be a username may name an object.
    let name = UniqueName::username(&validate::username(name).map_err(|_| missing())?);
    let account = isolate.find_owner(&name).await?.ok_or_else(missing)?;
    let profile = read_profile(isolate, account).await?;
    // A name may be reserved for an account that does not use it yet.
    if UniqueName::username(&profile.username) == name { Ok(user_answer(&profile)) } else { Err(missing()) }
}

impl<R: EdgePorts> Isolate<R> {
    /// Revokes the Access Token that signed a request.
    async fn invalidate_access_token(&self, caller: &Verified, request_id: &str) -> Result<Answer, PortalError> {
        let missing = || PortalError::NotFound(Missing::Credential);
        let user = caller.user().ok_or_else(missing)?;
        let used = caller.used().last().ok_or_else(missing)?;
        let (app_id, serial) = (caller.app_id(), used.serial);
        let show = |stored: &StoredCredential| {
            let (keyring, prefix) = (&self.settings.keyring, self.settings.prefix());
            show_credential(keyring, prefix, (app_id, Some(user)), stored)?.access_token
        };
        let token = self.on_grant(app_id, user, |grant| {
            grant?.all_access_tokens().find(|stored| stored.root.serial == serial).and_then(show)
        });
        let call = AccountCall::RevokeAccessToken { app_id, serial };
        let source = self.source(request_id, String::new(), String::new());
        let _: Done = self.ask_account(user, Caller::Internal, call, &source).await?;
        Ok(Answer::json(200, "application/json;charset=utf-8", &json!({ "access_token": token })))
    }
}
