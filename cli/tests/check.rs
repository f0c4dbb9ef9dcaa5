//! `gatehouse check`: what an operator is told before anything is served.

use crate::support::{gatehouse, said};
use std::{fs, path::Path};

fn check(folder: &Path, settings: &str) -> (bool, String) {
    fs::write(folder.join("gatehouse.env"), settings).unwrap();
    let (api, settings) = (folder.join("api.toml"), folder.join("gatehouse.env"));
    let output = gatehouse(&["check", "--api", &api.to_string_lossy(), "--settings", &settings.to_string_lossy()]);
    (output.status.success(), said(&output))
}

#[test]
fn what_would_be_served_is_said_and_a_mistake_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let example = include_str!("../../api.toml");
    fs::write(folder.path().join("api.toml"), example).unwrap();
    let (is_right, said) = check(folder.path(), include_str!("../package/gatehouse.env"));
    assert!(is_right && said.contains("Notes API") && said.contains("v2 at /2"), "{said}");
    let (_, said) = check(folder.path(), "UPSTREAM_URL=http://127.0.0.1:3000\nORIGINS=https://api.example.com\n");
    assert!(said.contains("http://127.0.0.1:3000") && said.contains("https://api.example.com"), "{said}");

    for (settings, expected) in [
        ("MEMORY_SECONDS=a while", "MEMORY_SECONDS must be a number from 0 to 300"),
        ("TRUSTED_PROXIES=proxy.example.com", "TRUSTED_PROXIES must be addresses or networks"),
        ("# a comment\nMEMORY SECONDS=1", "gatehouse.env: line 2 is not NAME=value"),
        ("MEMORY_SECOND=1", "no settings of this version: MEMORY_SECOND"),
        ("OPERATOR_PASSWORD=short", "OPERATOR_PASSWORD must be at least 16 characters long"),
    ] {
        let (is_right, said) = check(folder.path(), settings);
        assert!(!is_right && said.contains(expected) && !said.contains("=short"), "{settings}: {said}");
    }
    fs::write(folder.path().join("api.toml"), example.replace("needs_project = true", "needs_project = 1")).unwrap();
    let line = example.lines().position(|line| line == "needs_project = true").unwrap() + 1;
    let (is_right, said) = check(folder.path(), "");
    assert!(!is_right && said.contains(&format!("api.toml line {line}")), "{said}");
}
