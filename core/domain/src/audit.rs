//! The audit log: what an entry says, and the chain of hashes that its entries form.

use crate::credential::hex;
use crate::operator::Operator;
use gatehouse_shared::api::{Actor, ActorKind, AuditFacts, AuditPersonal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The role of an operator who signed in with the secret in the settings.
pub const BREAK_GLASS: &str = "break-glass";

/// The request from which a call comes, as the log tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSource {
    /// Empty where no request caused the call.
    pub request_id: String,
    /// The client's address, as far as the settings have it kept.
    pub address: String,
    /// The public id of the session; empty where there is none.
    pub session_id: String,
    /// 128 random bits, in hexadecimal digits, from which the salts of entries are derived. It is in no entry.
    pub entropy: String,
    /// For how many days entries are kept; 0 where it is not known.
    pub keep_days: u64,
}

/// An entry on its way to the log of its month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAuditEntry {
    pub facts: AuditFacts,
    pub personal: AuditPersonal,
    /// Keeps others from guessing personal data that were erased.
    pub salt: String,
    pub keep_days: u64,
}

/// An operator as an actor.
pub fn operator_as_actor(operator: &Operator) -> Actor {
    let role = if operator.is_break_glass { BREAK_GLASS } else { operator.role.as_str() };
    Actor {
        kind: ActorKind::Operator,
        account_id: Some(operator.account),
        username: operator.username.clone(),
        role: role.to_owned(),
    }
}

/// Where a log ends: the number and the hash of its last entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub seq: u64,
    /// Empty where there is no entry.
    pub hash: String,
}

/// The salt of an entry: another one for each entry, and none tells another.
pub fn salt_of(source: &RequestSource, id: &str) -> String {
    let mut salt = digest(&[&source.entropy, id]);
    salt.truncate(32);
    salt
}

/// The digest that stands in the chain for personal data, given as JSON text.
pub fn personal_digest(salt: &str, personal: &str) -> String {
    digest(&[salt, personal])
}

/// The hash of an entry that follows `head`.
pub fn hash_entry(head: &Head, facts: &AuditFacts, personal_digest: &str) -> String {
    let text = |id: Option<String>| id.unwrap_or_default();
    digest(&[
        "gatehouse-audit-1",
        &head.hash,
        &(head.seq + 1).to_string(),
        &facts.id,
        &facts.at.0.to_string(),
        &facts.operation,
        facts.actor_kind.as_str(),
        &text(facts.actor_account_id.map(|id| id.to_string())),
        &facts.actor_role,
        &facts.session_id,
        &text(facts.account_id.map(|id| id.to_string())),
        &text(facts.developer_account_id.map(|id| id.to_string())),
        &text(facts.project_id.map(|id| id.to_string())),
        &text(facts.app_id.map(|id| id.to_string())),
        &facts.credential_ids.join(","),
        &facts.request_id,
        personal_digest,
    ])
}

/// SHA-256 of lines, in hexadecimal digits. Only the last line may have line feeds.
fn digest(lines: &[&str]) -> String {
    hex(&Sha256::digest(lines.join("\n").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::model::{AccountId, UnixSeconds};

    fn facts() -> AuditFacts {
        AuditFacts {
            id: "account/1000000000000000007/3".into(),
            at: UnixSeconds(1_795_996_800),
            operation: "update_password".into(),
            actor_kind: ActorKind::Account,
            actor_account_id: AccountId::from_value(1_000_000_000_000_000_007).ok(),
            actor_role: String::new(),
            session_id: "s".into(),
            account_id: AccountId::from_value(1_000_000_000_000_000_007).ok(),
            developer_account_id: None,
            project_id: None,
            app_id: None,
            credential_ids: Vec::new(),
            request_id: "r".into(),
        }
    }

    #[test]
    fn an_entry_has_the_hash_that_the_docs_tell() {
        // By `printf '%s\n%s' salt '{}' | sha256sum`, and the same with the lines of docs/operating.md.
        let digest = personal_digest("salt", "{}");
        assert_eq!(digest, "66795fae9b7c89ab0ce003e655682e561bf06f0515c78b6c2e62fc7daf898614");
        let head = Head { seq: 4, hash: "before".into() };
        assert_eq!(
            hash_entry(&head, &facts(), &digest),
            "00af85c854c1b6f665a6fccae14aa61dbcbcd775d106a8234597dacc45acec0a"
        );
    }

    #[test]
    fn each_entry_has_a_salt_of_its_own() {
        let source = RequestSource { entropy: "ab".into(), ..RequestSource::default() };
        assert_eq!(salt_of(&source, "account/1/1").len(), 32);
        assert_ne!(salt_of(&source, "account/1/1"), salt_of(&source, "account/1/2"));
        let other = RequestSource { entropy: "cd".into(), ..source.clone() };
        assert_ne!(salt_of(&source, "account/1/1"), salt_of(&other, "account/1/1"));
    }
}
