//! `cargo xtask deploy`, up to the upload, by the real wrangler against an account on loopback.

use crate::support::{
    account::{Call, StandIn},
    build_small_worker, here, said, xtask,
};
use serde_json::Value;
use std::fs;

struct Ran {
    ok: bool,
    said: String,
    /// On standard output alone.
    result: String,
    saved: String,
}

/// Runs `deploy` on this repository with a small Worker.
fn deploy(account: &StandIn, arguments: &[&str]) -> Ran {
    let folder = tempfile::tempdir().expect("a temporary folder");
    build_small_worker(folder.path());
    let saved = folder.path().join("new-secrets.env");
    let output = xtask(&here(), &["deploy", "--built"])
        .arg(folder.path())
        .arg("--save-secrets")
        .arg(&saved)
        .args(arguments)
        .env("CLOUDFLARE_API_BASE_URL", account.url())
        .output()
        .expect("xtask");
    Ran {
        ok: output.status.success(),
        said: said(&output),
        result: String::from_utf8_lossy(&output.stdout).into_owned(),
        saved: fs::read_to_string(saved).unwrap_or_default(),
    }
}

fn upload<'a>(calls: &'a [Call], worker: &str) -> &'a Value {
    // wrangler has a way for a Worker that is there and one for a new one.
    let script = format!("/accounts/acct/workers/scripts/{worker}");
    let lines = [format!("PUT {script}"), format!("POST {script}/versions")];
    let mut uploads = calls.iter().filter(|call| lines.contains(&call.line));
    let upload = uploads.next().unwrap_or_else(|| panic!("no upload of {worker} in {calls:#?}"));
    assert!(uploads.next().is_none(), "{worker} was uploaded twice");
    &upload.body
}

fn binding<'a>(upload: &'a Value, name: &str) -> &'a Value {
    let bindings = upload["bindings"].as_array().expect("bindings");
    bindings.iter().find(|binding| binding["name"] == name).unwrap_or_else(|| panic!("no binding {name} in {upload:#}"))
}

#[test]
fn a_first_deployment_makes_what_is_missing_in_one_upload() {
    let account = StandIn::start();
    let Ran { ok, said, saved, result } = deploy(&account, &["--with-sample-api"]);
    assert!(ok, "{said}");
    assert_eq!(account.namespaces(), ["gatehouse-gatehouse-kv"]);
    let calls = account.take_calls();
    let gate = upload(&calls, "gatehouse");
    for name in ["MASTER_KEYS", "OPERATOR_PASSWORD"] {
        let secret = binding(gate, name);
        assert_eq!(secret["type"], "secret_text");
        let value = secret["text"].as_str().expect("a value");
        assert!(saved.contains(&format!("{name}={value}\n")), "{name} is not what was saved");
        assert!(!said.contains(value), "{name} was printed");
    }
    assert_eq!(binding(gate, "GATEHOUSE_KV")["namespace_id"], "00000000000000000000000000000001");
    assert_eq!(binding(gate, "UPSTREAM")["service"], "gatehouse-sample-api");
    // The API behind it is there before the gate is.
    upload(&calls, "gatehouse-sample-api");
    let place = |worker: &str| calls.iter().position(|call| call.line.ends_with(&format!("scripts/{worker}")));
    assert!(place("gatehouse-sample-api") < place("gatehouse"));
    assert_eq!(result, "https://gatehouse.example.workers.dev\n");
}

#[test]
fn a_later_one_touches_no_secret_and_keeps_the_namespace() {
    let account = StandIn::start();
    let Ran { ok, said, .. } = deploy(&account, &["--with-sample-api"]);
    assert!(ok, "{said}");
    account.take_calls();
    let Ran { ok, said, saved, .. } = deploy(&account, &[]);
    assert!(ok, "{said}");
    assert_eq!((account.namespaces().len(), saved.as_str()), (1, ""));
    let calls = account.take_calls();
    let gate = upload(&calls, "gatehouse");
    let named = |name: &str| gate["bindings"].as_array().into_iter().flatten().any(|one| one["name"] == name);
    assert!(!named("MASTER_KEYS") && !named("OPERATOR_PASSWORD"), "{gate:#}");
    let kept = gate["keep_bindings"].as_array().expect("bindings to keep");
    assert!(kept.iter().any(|kind| kind == "secret_text"), "{gate:#}");
    assert_eq!(binding(gate, "GATEHOUSE_KV")["namespace_id"], "00000000000000000000000000000001");
}

#[test]
fn nothing_is_changed_where_something_is_wrong() {
    let account = StandIn::start();
    let Ran { ok, said, .. } = deploy(&account, &[]);
    assert!(!ok && said.contains("binds UPSTREAM to the Worker gatehouse-sample-api"), "{said}");
    account.add_worker("gatehouse-sample-api", &[]);
    account.add_worker("gatehouse", &["OPERATOR_PASSWORD"]);
    let Ran { ok, said, saved, .. } = deploy(&account, &[]);
    assert!(!ok && said.contains("has no MASTER_KEYS") && saved.is_empty(), "{said}");
    let calls = account.take_calls();
    assert!(calls.iter().all(|call| call.line.starts_with("GET ")), "{calls:#?}");
}

#[test]
fn a_dry_run_asks_nobody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    build_small_worker(folder.path());
    let mut run = xtask(&here(), &["deploy", "--dry-run", "--built"]);
    let output = run.arg(folder.path()).env_remove("CLOUDFLARE_API_TOKEN").output().expect("xtask");
    let dry = said(&output);
    assert!(output.status.success() && dry.contains("--dry-run: exiting now."), "{dry}");
    let missing = tempfile::tempdir().expect("a temporary folder");
    let output = xtask(&here(), &["deploy", "--dry-run", "--built"]).arg(missing.path()).output().expect("xtask");
    assert!(!output.status.success() && said(&output).contains("entry.js is missing"));
}
