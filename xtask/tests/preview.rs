//! `cargo xtask preview` at Cloudflare, up to the upload, by the real wrangler against an account on loopback.

use crate::support::{
    account::{Call, StandIn},
    build_small_worker, here,
    repository::Repository,
    said, xtask,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// As long as Git and the file system take it, and in no way a DNS label.
fn long_branch() -> String {
    format!("feature/Ünïcode__very-long/{}", "segment".repeat(28))
}

/// The title of a deployment's KV namespace.
fn title(name: &str) -> String {
    let digest = Sha256::digest(format!("gatehouse {name}"));
    let digits: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("gatehouse-preview-{name}-{digits}")
}

struct Ran {
    ok: bool,
    said: String,
    /// On standard output alone.
    result: String,
    saved: String,
}

/// Runs `preview` with a small Worker for `up`.
fn preview(repository: &Repository, account: &StandIn, arguments: &[&str]) -> Ran {
    preview_with(repository, account, arguments, "")
}

/// As [`preview`], with a password for the operator.
fn preview_with(repository: &Repository, account: &StandIn, arguments: &[&str], password: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a temporary folder");
    build_small_worker(folder.path());
    let saved = folder.path().join("new-secrets.env");
    let mut run = xtask(&repository.root(), &["preview"]);
    run.args(arguments).env("CLOUDFLARE_API_BASE_URL", account.url());
    run.env("GATEHOUSE_PREVIEW_OPERATOR_PASSWORD", password);
    if arguments.first() == Some(&"up") {
        run.arg("--built").arg(folder.path()).arg("--save-secrets").arg(&saved);
    }
    let output = run.output().expect("xtask");
    let saved = fs::read_to_string(saved).unwrap_or_default();
    let result = String::from_utf8_lossy(&output.stdout).into_owned();
    Ran { ok: output.status.success(), said: said(&output), result, saved }
}

fn changes(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.line.as_str()).filter(|line| !line.starts_with("GET ")).collect()
}

/// The namespace of each rate limiter in wrangler.toml, by the limiter's name.
fn limiters_of_production() -> BTreeMap<String, String> {
    let config: toml::Table = fs::read_to_string(here().join("wrangler.toml")).unwrap().parse().unwrap();
    let limiters = config["ratelimits"].as_array().expect("rate limiters").iter();
    let text = |limiter: &toml::Value, key: &str| limiter[key].as_str().expect(key).to_owned();
    limiters.map(|limiter| (text(limiter, "name"), text(limiter, "namespace_id"))).collect()
}

/// The environment in the upload of a Preview, and the Preview's name.
fn upload(calls: &[Call]) -> (&Value, &str) {
    let uploads = calls.iter().filter_map(|call| {
        let name = call.line.strip_prefix("POST /accounts/acct/workers/workers/gatehouse/previews/")?;
        Some((&call.body["env"], name.strip_suffix("/deployments")?))
    });
    let uploads: Vec<_> = uploads.collect();
    let [only] = uploads.as_slice() else { panic!("not one upload in {calls:#?}") };
    *only
}

#[test]
fn a_branch_gets_namespace_limiters_and_secrets_of_its_own_and_loses_them_all() {
    let long = long_branch();
    let repository = Repository::with_branches(&[&long]);
    let account = StandIn::start();
    account.add_worker("gatehouse-sample-api", &[]);
    account.add_worker("gatehouse", &["MASTER_KEYS", "OPERATOR_PASSWORD"]);
    account.add_namespace("gatehouse-gatehouse-kv");
    account.add_namespace(&title("another"));

    let up = preview(&repository, &account, &["up", "--branch", &long]);
    assert!(up.ok, "{}", up.said);
    let calls = account.take_calls();
    let (env, name) = upload(&calls);
    assert_eq!(account.namespaces(), ["gatehouse-gatehouse-kv", &title("another"), &title(name)]);
    assert_eq!(env["GATEHOUSE_KV"]["namespace_id"], format!("{:032x}", 3));
    let of_production = limiters_of_production();
    assert_eq!(of_production.len(), 5, "{of_production:?}");
    let mut ids: BTreeSet<&str> = of_production.values().map(String::as_str).collect();
    for limit in of_production.keys() {
        let id = env[limit]["namespace_id"].as_str().expect("a namespace");
        assert!(ids.insert(id), "{limit} counts together with another limiter: {env:#}");
        assert!(env[limit]["simple"]["limit"].is_u64(), "{env:#}");
    }
    assert_eq!(ids.len(), 10, "production's own limiters share a namespace");
    for object in [
        "ACCOUNT",
        "DEVELOPER_ACCOUNT",
        "NAME_REGISTRY",
        "APP_TRAFFIC",
        "PROJECT_QUOTA",
        "ACCOUNT_INDEX",
        "AUDIT_MONTH",
        "AUDIT_INDEX",
    ] {
        assert_eq!(env[object]["type"], "durable_object_namespace", "{env:#}");
        assert!(env[object]["script_name"].is_null(), "{object} is another Worker's");
    }
    assert_eq!(env["UPSTREAM"]["service"], "gatehouse-sample-api");
    for secret in ["MASTER_KEYS", "OPERATOR_PASSWORD"] {
        assert_eq!(env[secret]["type"], "secret_text");
        let value = env[secret]["text"].as_str().expect("a value");
        assert!(up.saved.contains(&format!("{secret}={value}\n")) && !up.said.contains(value), "{secret}");
    }
    // A workflow takes the address from there.
    assert_eq!(up.result, format!("https://{name}-gatehouse.example.workers.dev\n"));
    let made = calls.iter().find(|call| call.line == "POST /accounts/acct/workers/workers/gatehouse/previews");
    assert_eq!(made.expect("it is made").query, "ignore_base_config=true");
    assert!(changes(&calls).iter().all(|line| !line.contains("/scripts/") || line.ends_with("assets-upload-session")));

    let list = preview(&repository, &account, &["list"]);
    assert!(list.said.contains(&format!("{name}  cloudflare  2026-09-30 08:32  https://")), "{}", list.said);

    let down = preview(&repository, &account, &["down", "--branch", &long]);
    assert!(down.ok, "{}", down.said);
    assert_eq!(account.namespaces(), ["gatehouse-gatehouse-kv", &title("another")]);
    assert!(account.previews().is_empty());
    assert_eq!(repository.trees(), 0);
    account.take_calls();
    let again = preview(&repository, &account, &["down", "--branch", &long]);
    assert!(again.ok && again.said.contains("nothing is up"), "{}", again.said);
}

#[test]
fn up_again_keeps_namespace_and_secrets() {
    let repository = Repository::with_branches(&[]);
    let account = StandIn::start();
    account.add_worker("gatehouse-sample-api", &[]);
    let first = preview(&repository, &account, &["up"]);
    assert!(first.ok && first.saved.contains("MASTER_KEYS="), "{}", first.said);
    account.take_calls();
    let second = preview_with(&repository, &account, &["up"], "chosen by somebody");
    assert!(second.ok && second.saved.is_empty(), "{}", second.said);
    let calls = account.take_calls();
    let (env, name) = upload(&calls);
    assert_eq!((name, account.namespaces()), ("trunk", vec![title("trunk")]));
    assert_eq!(env["MASTER_KEYS"]["type"], "inherit");
    assert_eq!(env["OPERATOR_PASSWORD"]["text"], "chosen by somebody");
    assert!(!second.said.contains("chosen by somebody"));
    let short = preview_with(&repository, &account, &["up"], "too short");
    assert!(!short.ok && short.said.contains("at least 16 characters"), "{}", short.said);
    assert!(changes(&account.take_calls()).is_empty());
}

#[test]
fn a_worker_that_the_account_lacks_is_named_before_anything_is_made() {
    let repository = Repository::with_branches(&[]);
    let account = StandIn::start();
    let up = preview(&repository, &account, &["up"]);
    assert!(!up.ok && up.said.contains("gatehouse-sample-api"), "{}", up.said);
    assert!(changes(&account.take_calls()).is_empty() && up.saved.is_empty());
}

#[test]
fn a_bare_commit_is_deployed_as_a_branch_only_where_it_is_the_branchs() {
    let repository = Repository::with_branches(&["other"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    build_small_worker(folder.path());
    let dry_run = || {
        let mut run = xtask(&repository.root(), &["preview", "up", "--dry-run", "--branch", "other", "--built"]);
        let output = run.arg(folder.path()).output().expect("xtask");
        assert!(output.status.success(), "{}", said(&output));
        said(&output)
    };
    repository.git(&["checkout", "--quiet", "--detach"]);
    assert!(!dry_run().contains("checked out to"));
    repository.git(&["commit", "--quiet", "--allow-empty", "--message", "Not the branch's"]);
    assert!(dry_run().contains("checked out to"));
}

#[test]
fn what_is_half_there_is_removed_as_well() {
    let repository = Repository::with_branches(&[]);
    let account = StandIn::start();
    account.add_worker("gatehouse-sample-api", &[]);
    account.add_namespace(&title("trunk"));
    let list = preview(&repository, &account, &["list"]);
    assert!(list.said.contains("only its KV namespace"), "{}", list.said);
    let down = preview(&repository, &account, &["down", "--name", "trunk"]);
    assert!(down.ok && account.namespaces().is_empty(), "{}", down.said);

    assert!(preview(&repository, &account, &["up"]).ok);
    let id = account.add_namespace("to be taken");
    account.rename_namespaces(&[(&title("trunk"), "renamed")]);
    let down = preview(&repository, &account, &["down"]);
    assert!(down.ok && account.previews().is_empty(), "{}", down.said);
    assert_eq!(account.namespaces(), ["renamed", "to be taken"], "{id}");
}

#[test]
fn a_refusal_is_not_taken_for_something_missing() {
    let repository = Repository::with_branches(&[]);
    let account = StandIn::start();
    account.add_worker("gatehouse-sample-api", &[]);
    assert!(preview(&repository, &account, &["up"]).ok);
    account.take_calls();
    account.refuse("/deployments/latest");
    let up = preview(&repository, &account, &["up"]);
    assert!(!up.ok && up.said.contains("403"), "{}", up.said);
    assert!(changes(&account.take_calls()).is_empty());
}

#[test]
fn a_dry_run_takes_any_branch_and_asks_nobody() {
    let long = long_branch();
    // A branch that begins with a dot is none to Git.
    let branches = ["-x", "main", "123", "a--b", "x-", "x/_.hidden", "UPPER", &long];
    let repository = Repository::with_branches(&branches);
    let folder = tempfile::tempdir().expect("a temporary folder");
    build_small_worker(folder.path());
    for branch in branches {
        let mut run =
            xtask(&repository.root(), &["preview", "up", "--dry-run", &format!("--branch={branch}"), "--built"]);
        let output = run.arg(folder.path()).env_remove("CLOUDFLARE_API_TOKEN").output().expect("xtask");
        let said = said(&output);
        assert!(output.status.success() && said.contains("--dry-run: exiting now."), "{branch}: {said}");
        assert!(!said.contains("WARNING"), "{branch}: {said}");
    }
    let output =
        xtask(&repository.root(), &["preview", "up", "--dry-run", "--branch", "none"]).output().expect("xtask");
    assert!(said(&output).contains("there is no branch none"));
}
