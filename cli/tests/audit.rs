//! `gatehouse audit verify` on an exported log of three months: whole, and changed in every way.

use crate::support::{gatehouse, said};
use serde_json::{Value, json};
use std::{fs, path::Path};

const MONTHS: [&str; 3] = ["2027-01", "2027-02", "2027-03"];

/// The months as they were exported, line by line.
fn exported() -> Vec<Vec<String>> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let read = |month| fs::read_to_string(samples.join(format!("audit-{month}.ndjson"))).unwrap();
    MONTHS.map(|month| read(month).lines().map(str::to_owned).collect()).into()
}

/// Whether the command finds the log whole, and what it says.
fn verify(months: &[Vec<String>], more: &[&str]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec!["audit".to_owned(), "verify".to_owned()];
    for (index, lines) in months.iter().enumerate() {
        let file = folder.path().join(format!("{index}.ndjson"));
        fs::write(&file, lines.join("\n")).unwrap();
        arguments.push(file.display().to_string());
    }
    arguments.extend(more.iter().map(|text| (*text).to_owned()));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = gatehouse(&arguments);
    (output.status.success(), said(&output))
}

fn changed(line: &str, pointer: &str, value: Value) -> String {
    let mut entry: Value = serde_json::from_str(line).unwrap();
    *entry.pointer_mut(pointer).expect(pointer) = value;
    entry.to_string()
}

#[test]
fn a_whole_log_is_found_whole_also_where_personal_data_were_erased_or_the_oldest_months_are_gone() {
    let months = exported();
    let last: Value = serde_json::from_str(months[2].last().unwrap()).unwrap();
    let (is_whole, said) = verify(&months, &["--last-hash", last["hash"].as_str().unwrap()]);
    let count = months.concat().len();
    assert!(
        is_whole && said.contains(&format!("{count} entries, 1 to {count}, the last of 2027-03: whole.")),
        "{said}"
    );
    assert!(!said.contains(" 0 have no personal data"), "the sample has an erased entry: {said}");
    let (is_whole, said) = verify(&months[1..], &[]);
    assert!(is_whole && said.contains("entries before are not in these files"), "{said}");
    // Another tool may have written the JSON anew.
    let spaced: Vec<Vec<String>> =
        months.iter().map(|lines| lines.iter().map(|line| line.replace("\":", "\": ")).collect()).collect();
    assert!(verify(&spaced, &[]).0);
}

#[test]
fn whatever_is_changed_removed_added_or_moved_is_told_with_its_place() {
    let broken = |change: &dyn Fn(&mut Vec<Vec<String>>), place: &str, what: &str| {
        let mut months = exported();
        change(&mut months);
        let (is_whole, said) = verify(&months, &[]);
        assert!(!is_whole && said.contains(place) && said.contains(what), "{place} {what}: {said}");
    };
    for (pointer, value, what) in [
        ("/facts/operation", json!("delete_app"), "was changed"),
        ("/facts/at", json!(1), "was changed"),
        ("/facts/actor_account_id", json!("1000000000000000000"), "was changed"),
        ("/facts/request_id", json!("another"), "was changed"),
        ("/facts/credential_ids", json!(["7"]), "was changed"),
        ("/personal/username", json!("mallory"), "other personal data"),
        ("/personal/changes", json!([{ "field": "name", "from": "a", "to": "b" }]), "other personal data"),
        ("/personal", json!(null), "a salt without them"),
        ("/personal_digest", json!("00"), "other personal data"),
        ("/hash", json!("00"), "was changed"),
        ("/seq", json!(9), "has the number 9"),
    ] {
        broken(&|months| months[0][2] = changed(&months[0][2], pointer, value.clone()), "0.ndjson, line 3", what);
    }
    broken(
        &|months| months[0][0] = changed(&months[0][0], "/previous_hash", json!("00")),
        "0.ndjson, line 1",
        "bears the hash of one before",
    );
    broken(&|months| _ = months[0].remove(3), "0.ndjson, line 4", "were removed or moved");
    broken(&|months| months[0].swap(3, 4), "0.ndjson, line 4", "were removed or moved");
    broken(&|months| _ = months.remove(1), "1.ndjson, line 1", "were removed or moved");
    broken(&|months| months.swap(0, 1), "1.ndjson, line 1", "were removed or moved");
    let twice = exported()[0][2].clone();
    broken(&|months| months[0].insert(3, twice.clone()), "0.ndjson, line 4", "were removed or moved");
    broken(&|months| months[1][0] = "{".to_owned(), "1.ndjson, line 1", "is no JSON");
    let (is_whole, said) = verify(&[Vec::new()], &[]);
    assert!(!is_whole && said.contains("no entry"), "{said}");
}

#[test]
fn a_log_whose_end_was_cut_off_differs_from_a_hash_that_was_kept() {
    let mut months = exported();
    let last: Value = serde_json::from_str(&months[2].pop().unwrap()).unwrap();
    let (is_whole, said) = verify(&months, &["--last-hash", last["hash"].as_str().unwrap()]);
    assert!(!is_whole && said.contains("entries at the end are missing"), "{said}");
}
