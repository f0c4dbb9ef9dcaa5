//! Reads the audit log as an operator exports it, and checks it.

use super::{Client, TestDeployment};
use gatehouse_domain::audit::{Head, hash_entry, personal_digest};
use gatehouse_shared::api::{AuditEntry, Method, Route};
use serde_json::Value;

/// Every entry that is kept, oldest first, once each was found to follow the one before.
pub async fn audit_log(stage: &TestDeployment) -> Vec<AuditEntry> {
    let operator = stage.operator().await;
    stage.world.settle().await;
    exported(&operator).await
}

/// The same as an operator sees it at this moment.
pub async fn exported(operator: &Client) -> Vec<AuditEntry> {
    let list = operator.get(Route::ListAuditMonths, &[]).await.expect(200);
    let mut all: Vec<AuditEntry> = Vec::new();
    for month in list["months"].as_array().unwrap() {
        let before = all.len();
        for part in 1..=month["parts"].as_u64().unwrap() {
            let path = Route::ExportAuditLog.path(&[("month", month["month"].as_str().unwrap())]);
            let reply = operator.send(Method::Get, &format!("{path}?part={part}"), &[], b"").await;
            assert_eq!(reply.status, 200, "{}", reply.text);
            for line in reply.text.lines() {
                all.push(checked(line, all.last()));
            }
        }
        assert_eq!((all.len() - before) as u64, month["entries"].as_u64().unwrap(), "{month}");
        assert_eq!(all.last().map_or("", |entry| &entry.hash), month["last_hash"].as_str().unwrap(), "{month}");
    }
    all
}

/// An entry of an export, found to follow the one before.
pub fn checked(line: &str, before: Option<&AuditEntry>) -> AuditEntry {
    let entry: AuditEntry = serde_json::from_str(line).unwrap();
    let head = Head { seq: entry.seq - 1, hash: entry.previous_hash.clone() };
    if let Some(before) = before {
        assert_eq!((before.seq, &before.hash, before.month <= entry.month), (head.seq, &head.hash, true), "{line}");
    }
    assert_eq!(hash_entry(&head, &entry.facts, &entry.personal_digest), entry.hash, "{line}");
    let raw: Value = serde_json::from_str(line).unwrap();
    match &entry.salt {
        Some(salt) => assert_eq!(personal_digest(salt, &raw["personal"].to_string()), entry.personal_digest, "{line}"),
        None => assert_eq!(entry.personal, None, "{line}"),
    }
    entry
}

/// How many entries an operation has.
pub fn count(log: &[AuditEntry], operation: &str) -> usize {
    log.iter().filter(|entry| entry.facts.operation == operation).count()
}
