//! What a change is told as, in the activity log and in the audit log.

use super::Ledger;
use gatehouse_domain::audit::{NewAuditEntry, RequestSource, salt_of};
use gatehouse_domain::credential::StoredCredential;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, SqlError};
use gatehouse_shared::api::{Actor, ActorKind, AuditFacts, AuditPersonal, FieldChange};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::{AccountId, AppId, ProjectId};
use serde::Serialize;
use serde_json::Value;

/// How many characters of a field's value are told.
const MOST_VALUE: usize = 300;

/// Who makes the change that is being committed, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Acting {
    /// The object that is changed.
    pub place: ObjectName,
    pub actor: Actor,
    pub source: RequestSource,
}

/// One change.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub operation: &'static str,
    /// What it was done to, in words.
    pub subject: String,
    pub app_id: Option<AppId>,
    pub project_id: Option<ProjectId>,
    /// Whom it concerns, where that is another account than the object's own.
    pub account_id: Option<AccountId>,
    /// The ids of credentials and consents that were made or ended.
    pub credential_ids: Vec<String>,
    pub changes: Vec<FieldChange>,
    /// How often it was done.
    pub count: u32,
}

impl Act {
    pub fn new(operation: &'static str, subject: impl Into<String>) -> Self {
        Self {
            operation,
            subject: subject.into(),
            app_id: None,
            project_id: None,
            account_id: None,
            credential_ids: Vec::new(),
            changes: Vec::new(),
            count: 1,
        }
    }

    /// Of an App, in the Project that it is in.
    pub fn of_app(self, id: AppId, project_id: Option<ProjectId>) -> Self {
        Self { app_id: Some(id), project_id, ..self }
    }

    pub fn of_project(self, id: ProjectId) -> Self {
        Self { project_id: Some(id), ..self }
    }

    pub fn of_account(self, id: AccountId) -> Self {
        Self { account_id: Some(id), ..self }
    }

    /// With what was made or ended by it.
    pub fn with_serials(mut self, serials: impl IntoIterator<Item = Serial>) -> Self {
        self.credential_ids.extend(serials.into_iter().map(|serial| serial.value().to_string()));
        self
    }

    /// With a field's values before and after, where they differ.
    pub fn with_change(mut self, field: &str, from: &str, to: &str) -> Self {
        if from != to {
            self.changes.push(FieldChange {
                field: field.to_owned(),
                from: cut(from, MOST_VALUE),
                to: cut(to, MOST_VALUE),
            });
        }
        self
    }

    /// With every field that differs between two values of one type.
    pub fn with_changes(self, before: &impl Serialize, after: &impl Serialize) -> Self {
        let (Ok(Value::Object(before)), Ok(Value::Object(after))) =
            (serde_json::to_value(before), serde_json::to_value(after))
        else {
            return self;
        };
        after.iter().fold(self, |act, (field, value)| {
            act.with_change(field, &words(before.get(field).unwrap_or(&Value::Null)), &words(value))
        })
    }
}

/// Adds what became of credentials: those that are new, that are gone, or that end at another time.
pub(crate) fn credentials_changed(act: Act, before: &[StoredCredential], after: &[StoredCredential]) -> Act {
    let find = |all: &[StoredCredential], serial| all.iter().find(|stored| stored.root.serial == serial).cloned();
    let serials = |all: &[StoredCredential]| all.iter().map(|stored| stored.root.serial).collect::<Vec<Serial>>();
    let ends = |stored: Option<StoredCredential>| {
        stored.and_then(|stored| stored.ends_at()).map(|at| at.0.to_string()).unwrap_or_default()
    };
    let mut all = serials(before);
    all.extend(serials(after).into_iter().filter(|serial| find(before, *serial).is_none()));
    all.into_iter().fold(act, |act, serial| {
        let (before, after) = (find(before, serial), find(after, serial));
        if before == after {
            return act;
        }
        let is_kept = before.is_some() && after.is_some();
        let act = act.with_serials([serial]);
        if is_kept { act.with_change("ends_at", &ends(before), &ends(after)) } else { act }
    })
}

/// A value as people read it.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<String>>().join(", "),
        value => value.to_string(),
    }
}

/// The first `most` characters of a text, and an ellipsis where there are more.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let mut cut: String = text.chars().take(most).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

impl<R: ObjectPorts> Ledger<R> {
    /// Says who makes the change that is being committed.
    pub(super) fn act_as(&self, acting: Option<Acting>) {
        self.acting.replace(acting);
    }

    pub(super) fn acting(&self) -> Result<Acting, SqlError> {
        self.acting.borrow().clone().ok_or_else(|| SqlError("a change without an actor".to_owned()))
    }

    /// The request that causes the change that is being committed.
    pub fn source(&self) -> RequestSource {
        self.acting.borrow().as_ref().map(|acting| acting.source.clone()).unwrap_or_default()
    }

    /// Makes the audit log's entry of an act.
    pub(super) fn audit_entry(&self, act: &Act, number: u64) -> Result<NewAuditEntry, SqlError> {
        let Acting { place, actor, source } = self.acting()?;
        let id = format!("{place}/{number}");
        let (own_account, developer_account_id) = match place {
            ObjectName::Account(account) => (Some(account), None),
            ObjectName::DeveloperAccount(developer) => (None, Some(developer)),
            _ => (None, None),
        };
        Ok(NewAuditEntry {
            salt: salt_of(&source, &id),
            keep_days: source.keep_days,
            facts: AuditFacts {
                id,
                at: self.runtime.now().seconds(),
                operation: act.operation.to_owned(),
                actor_kind: actor.kind,
                actor_account_id: actor.account_id,
                actor_role: actor.role,
                session_id: source.session_id,
                account_id: act.account_id.or(own_account),
                developer_account_id,
                project_id: act.project_id,
                app_id: act.app_id,
                credential_ids: act.credential_ids.clone(),
                request_id: source.request_id,
            },
            personal: AuditPersonal {
                address: source.address,
                changes: act.changes.clone(),
                subject: act.subject.clone(),
                username: actor.username,
            },
        })
    }
}

/// An actor as the members of a developer account see them: of an operator, only that it was one.
pub(super) fn as_shown(actor: Actor) -> Actor {
    match actor.kind {
        ActorKind::Operator => Actor::of(ActorKind::Operator),
        _ => actor,
    }
}
