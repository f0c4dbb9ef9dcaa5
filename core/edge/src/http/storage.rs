//! Lets an operator's program copy, restore, publish and compare what the objects keep, one object a call.

use super::body::{BodyError, read_json};
use super::reply::Response;
use super::request::{BODY_LIMIT, Request, STORAGE_BODY_LIMIT};
use super::session::operator_secret;
use crate::isolate::Isolate;
use gatehouse_domain::account::{SessionToken, read_storage_token};
use gatehouse_domain::app::AppRecord;
use gatehouse_domain::format::decode;
use gatehouse_domain::grant::GrantRecord;
use gatehouse_domain::message::account::{AccountCall, Caller};
use gatehouse_domain::message::account_index::{AccountIndexCall, KeysSeen};
use gatehouse_domain::message::developer_account::{self, DeveloperAccountCall};
use gatehouse_domain::message::storage::{ObjectStorageCall, StorageMessage};
use gatehouse_domain::operator::Operator;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, ObjectName, ask};
use gatehouse_shared::api::{
    AccountList, CheckedKeys, Difference, DifferenceKind, Done, Published, Restored, STORAGE_PATH, StorageCall,
    StoragePurpose, StorageRequest, Verified,
};
use gatehouse_shared::model::Role;
use gatehouse_shared::problem::FieldError;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Answers a [`StorageRequest`]. Whoever calls it has no cookie but a token in `Authorization`, which no page sends.
pub(super) async fn storage_endpoint<R: EdgePorts>(
    isolate: &Isolate<R>,
    request: &Request,
    request_id: &str,
) -> Response {
    match answer(isolate, request, request_id).await {
        Ok(response) => response,
        Err(error) => isolate.fail(error, "storage", request_id),
    }
}

async fn answer<R: EdgePorts>(
    isolate: &Isolate<R>,
    request: &Request,
    request_id: &str,
) -> Result<Response, BodyError> {
    let token = read_token(isolate, request.header("authorization")).ok_or(PortalError::NotSignedIn)?;
    let (account, caller) = (token.account, Caller::Session(token.hash()));
    let mut source = isolate.source_of(request, request_id);
    source.session_id = token.hash().session_id();
    // Who asks comes before what: to anybody else the body is nothing.
    let (operator, purpose): (Operator, StoragePurpose) =
        isolate.ask_account(account, caller.clone(), AccountCall::RequireStorageToken, &source).await?;
    let StorageRequest { object, call } = read_json(request)?;
    if call.purpose().is_some_and(|needed| needed != purpose) {
        let message = format!("This token is for {}. Make another one.", purpose.as_str());
        return Err(PortalError::Invalid(vec![FieldError::new("call", "purpose", &message)]).into());
    }
    let message = "Use the name of an object, such as account/1234567890123456789.";
    let name: ObjectName =
        object.parse().map_err(|_| PortalError::Invalid(vec![FieldError::new("object", "object", message)]))?;
    Ok(match call {
        StorageCall::EndToken => {
            let done: Done = isolate.ask_account(account, caller, AccountCall::EndStorageToken, &source).await?;
            Response::ok(&done)?
        }
        StorageCall::Copy { after } => pass(isolate, &name, ObjectStorageCall::Copy { after }).await?,
        StorageCall::Restore(_) if is_log(&name) && !is_empty(isolate).await? => {
            Response::ok(&Restored { was_there: true })?
        }
        StorageCall::Restore(page) => pass(isolate, &name, ObjectStorageCall::Restore(page)).await?,
        StorageCall::CheckKeys { fingerprints } => Response::ok(&check_keys(isolate, &fingerprints).await?)?,
        StorageCall::Publish => {
            let published: Published = match name {
                ObjectName::Account(account) => {
                    isolate.ask_account(account, Caller::Operator(operator), AccountCall::PublishAgain, &source).await?
                }
                ObjectName::DeveloperAccount(developer) => {
                    let caller = developer_account::Caller::Operator(operator);
                    isolate.ask_developer(developer, caller, DeveloperAccountCall::PublishAgain, &source).await?
                }
                _ => return Err(publishes_nothing()),
            };
            Response::ok(&published)?
        }
        StorageCall::Verify => {
            let verified = match name {
                ObjectName::Account(account) => {
                    let caller = Caller::Operator(operator);
                    let kept = isolate.ask_account(account, caller, AccountCall::ReadRecords, &source).await?;
                    verify::<R, GrantRecord>(isolate, kept).await?
                }
                ObjectName::DeveloperAccount(developer) => {
                    let caller = developer_account::Caller::Operator(operator);
                    let call = DeveloperAccountCall::ReadRecords;
                    verify::<R, AppRecord>(isolate, isolate.ask_developer(developer, caller, call, &source).await?)
                        .await?
                }
                _ => return Err(publishes_nothing()),
            };
            Response::ok(&verified)?
        }
    })
}

impl<R: EdgePorts> Isolate<R> {
    /// How much of the body of a request is read, in bytes: more where somebody who has a token sends a page of a restore.
    pub fn body_limit(&self, path: &str, authorization: Option<&str>) -> usize {
        let sends_page = path == STORAGE_PATH && read_token(self, authorization).is_some();
        if sends_page { STORAGE_BODY_LIMIT } else { BODY_LIMIT }
    }
}

fn read_token<R: EdgePorts>(isolate: &Isolate<R>, authorization: Option<&str>) -> Option<SessionToken> {
    let (scheme, token) = authorization?.split_once(' ')?;
    let settings = &isolate.settings;
    let token = read_storage_token(token.trim(), &settings.keyring, operator_secret(settings));
    token.filter(|_| scheme.eq_ignore_ascii_case("bearer"))
}

fn is_log(name: &ObjectName) -> bool {
    matches!(name, ObjectName::AuditMonth(_) | ObjectName::AuditIndex)
}

/// Whether nobody has an account here but the operator of the settings: only then a log makes room for another one.
async fn is_empty<R: EdgePorts>(isolate: &Isolate<R>) -> Result<bool, PortalError> {
    let call = AccountIndexCall::ListAccounts { username: String::new(), cursor: None };
    let list: AccountList = ask(&isolate.runtime, &ObjectName::AccountIndex, &call).await?;
    Ok(list.items.iter().all(|account| account.role == Role::Operator))
}

fn publishes_nothing() -> BodyError {
    let message = "Accounts and developer accounts write to KV; this object does not.";
    PortalError::Invalid(vec![FieldError::new("object", "object", message)]).into()
}

async fn pass<R: EdgePorts>(
    isolate: &Isolate<R>,
    name: &ObjectName,
    call: ObjectStorageCall,
) -> Result<Response, PortalError> {
    let answer: Box<RawValue> = ask(&isolate.runtime, name, &StorageMessage::Storage(call)).await?;
    Ok(Response::new(200, "application/json", answer.get().to_owned()))
}

/// Compares the master keys that a copy's credentials rest on with those of the settings; has the account index note
/// them where none is another.
async fn check_keys<R: EdgePorts>(
    isolate: &Isolate<R>,
    fingerprints: &[(String, String)],
) -> Result<CheckedKeys, PortalError> {
    let own = isolate.settings.keyring.fingerprints();
    let mut checked = CheckedKeys { wrong: Vec::new(), missing: Vec::new() };
    for (id, fingerprint) in fingerprints {
        match own.iter().find(|(own, _)| own.to_string() == *id) {
            Some((_, own)) if own == fingerprint => {}
            Some(_) => checked.wrong.push(id.clone()),
            None => checked.missing.push(id.clone()),
        }
    }
    if checked.wrong.is_empty() && checked.missing.is_empty() {
        let fingerprints = fingerprints.iter().filter_map(|(id, print)| Some((id.chars().next()?, print.clone())));
        let call = AccountIndexCall::CheckMasterKeys { fingerprints: fingerprints.collect() };
        let seen: KeysSeen = ask(&isolate.runtime, &ObjectName::AccountIndex, &call).await?;
        checked.wrong.extend(seen.wrong.iter().map(char::to_string));
    }
    Ok(checked)
}

/// A record in KV, as far as it has to be compared.
trait Record: DeserializeOwned + PartialEq {
    fn version(&mut self) -> &mut u64;
    fn is_gone(&self) -> bool;
}

impl Record for AppRecord {
    fn version(&mut self) -> &mut u64 {
        &mut self.version
    }

    fn is_gone(&self) -> bool {
        self.app.is_none()
    }
}

impl Record for GrantRecord {
    fn version(&mut self) -> &mut u64 {
        &mut self.version
    }

    fn is_gone(&self) -> bool {
        self.grant.is_none()
    }
}

/// Compares the records of an object with KV; those that are on their way are counted.
async fn verify<R: EdgePorts, T: Record>(
    isolate: &Isolate<R>,
    (records, waiting): (Vec<(String, T)>, Vec<String>),
) -> Result<Verified, PortalError> {
    let mut verified = Verified { records: records.len() as u64, ..Verified::default() };
    for (key, kept) in records {
        if waiting.contains(&key) {
            verified.waiting += 1;
            continue;
        }
        let found = isolate.runtime.get(&key).await?;
        if let Some(what) = compare(kept, found.as_deref()) {
            verified.differences.push(Difference { key, what });
        }
    }
    Ok(verified)
}

/// How KV's record differs from the object's; the object's has the version of its newest change, whatever that was.
fn compare<T: Record>(mut kept: T, found: Option<&str>) -> Option<DifferenceKind> {
    let Some(found) = found else { return (!kept.is_gone()).then_some(DifferenceKind::Missing) };
    let Ok(mut found) = decode::<T>("record", found) else { return Some(DifferenceKind::Unreadable) };
    if found.version() > kept.version() {
        return Some(DifferenceKind::Newer);
    }
    if found.is_gone() && !kept.is_gone() {
        return Some(DifferenceKind::Missing);
    }
    *kept.version() = *found.version();
    (kept != found).then_some(DifferenceKind::Different)
}
