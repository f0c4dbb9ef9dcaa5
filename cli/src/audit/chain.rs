//! Checks the chain of an audit log. docs/operating.md describes it; this is
//! written after that, apart from the code that makes it.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// What one line of an export did to the chain.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    pub month: String,
    pub seq: u64,
    pub hash: String,
    /// Whether its personal data were erased.
    pub is_erased: bool,
}

/// Checks one line against the entry before it; `None` for the first that is kept.
pub fn check(line: &str, before: Option<&Link>) -> Result<Link, String> {
    let entry: Value = serde_json::from_str(line).map_err(|error| format!("is no JSON: {error}"))?;
    let (month, seq) = (text(&entry, "/month")?, number(&entry, "/seq")?);
    let previous = text(&entry, "/previous_hash")?;
    if let Some(before) = before {
        if seq != before.seq + 1 {
            return Err(format!("has the number {seq} after {}: entries between were removed or moved", before.seq));
        }
        if previous != before.hash {
            return Err("bears another hash than that of the entry before: one of the two was replaced".to_owned());
        }
        if month < before.month {
            return Err(format!("is of {month}, after {}", before.month));
        }
    }
    if seq == 1 && !previous.is_empty() {
        return Err("is the first of the log, and bears the hash of one before".to_owned());
    }
    let is_erased = check_personal(&entry)?;
    let hash = text(&entry, "/hash")?;
    if hash_of(&entry)? != hash {
        return Err("was changed: its hash is that of other facts".to_owned());
    }
    Ok(Link { month, seq, hash, is_erased })
}

/// Checks the digest of an entry's personal data; tells whether they were erased.
fn check_personal(entry: &Value) -> Result<bool, String> {
    let (personal, salt) = (&entry["personal"], &entry["salt"]);
    match (personal.is_null(), salt.as_str()) {
        (true, None) => Ok(true),
        (false, Some(salt)) => {
            let mut canonical = String::new();
            write_canonical(personal, &mut canonical);
            if digest(&[salt, &canonical]) == text(entry, "/personal_digest")? {
                Ok(false)
            } else {
                Err("was changed: the digest is that of other personal data".to_owned())
            }
        }
        _ => Err("has personal data without their salt, or a salt without them".to_owned()),
    }
}

fn hash_of(entry: &Value) -> Result<String, String> {
    let id = |name: &str| entry["facts"][name].as_str().unwrap_or_default().to_owned();
    let required = |name: &str| text(entry, &format!("/facts/{name}"));
    let credentials = entry["facts"]["credential_ids"].as_array().ok_or("has no facts/credential_ids")?;
    let credentials: Vec<&str> = credentials.iter().filter_map(Value::as_str).collect();
    let lines = [
        "gatehouse-audit-1".to_owned(),
        text(entry, "/previous_hash")?,
        number(entry, "/seq")?.to_string(),
        required("id")?,
        number(entry, "/facts/at")?.to_string(),
        required("operation")?,
        required("actor_kind")?,
        id("actor_account_id"),
        required("actor_role")?,
        required("session_id")?,
        id("account_id"),
        id("developer_account_id"),
        id("project_id"),
        id("app_id"),
        credentials.join(","),
        required("request_id")?,
        text(entry, "/personal_digest")?,
    ];
    Ok(digest(&lines.each_ref().map(String::as_str)))
}

fn digest(lines: &[&str]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(lines.join("\n").as_bytes()))
}

/// Writes JSON as RFC 8785 does, for what an entry has: objects, arrays and texts.
fn write_canonical(value: &Value, into: &mut String) {
    let between = |index: usize| if index == 0 { "" } else { "," };
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            into.push('{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                into.push_str(&format!("{}{}:", between(index), Value::from(name.as_str())));
                write_canonical(value, into);
            }
            into.push('}');
        }
        Value::Array(values) => {
            into.push('[');
            for (index, value) in values.iter().enumerate() {
                into.push_str(between(index));
                write_canonical(value, into);
            }
            into.push(']');
        }
        value => into.push_str(&value.to_string()),
    }
}

fn text(entry: &Value, pointer: &str) -> Result<String, String> {
    let found = entry.pointer(pointer).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| format!("has no {}", pointer.trim_start_matches('/')))
}

fn number(entry: &Value, pointer: &str) -> Result<u64, String> {
    let found = entry.pointer(pointer).and_then(Value::as_u64);
    found.ok_or_else(|| format!("has no number {}", pointer.trim_start_matches('/')))
}
