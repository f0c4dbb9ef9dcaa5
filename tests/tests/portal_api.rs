//! The portal's API against its own OpenAPI document, with Schemathesis: no answer that the document does not have.

use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, Proof, Server, TestDeployment, application, python, sign_up_request, unique};
use serde_json::{Value, json};
use std::{env, fs, path::Path, process::Command};

/// Calls that would end the session with which all calls are made.
const EXCLUDED: [&str; 3] = ["delete_session", "revoke_session", "update_password"];
/// It wants that whatever the schema admits is accepted. The document does not say how long texts may be, or which ids
/// exist.
const EXCLUDED_CHECK: &str = "positive_data_acceptance";

#[test]
fn answers_are_as_the_document_says_whatever_is_asked() {
    let proof = Proof::new("portal-api");
    let cases = proof.choose(300, 5_000);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("data"));
    let operator = Client::at(server.url().to_owned()).signed_in_as_operator(&TestDeployment::operator_password());
    let (caller, mut own) = developer(server.url());
    let (_, other) = developer(server.url());
    let account = caller.account_id();
    let administrator = json!({ "role": "administrator" });
    operator.post(Route::SetOperatorRole, &[("account_id", &account)], administrator).expect(200);
    // Whatever is done to an account is done to the other one.
    own["account_id"] = other["account_id"].clone();
    let answers = folder.path().join("answers.json");
    let mut schemathesis = schemathesis(folder.path(), &server, &caller);
    // The first phase of the full run tries every kind of wrong parameter once, some 1,500 cases.
    let (phases, examples) = proof.choose(("fuzzing", 6), ("examples,coverage,fuzzing", 60));
    schemathesis
        .args(["--phases", phases, "--max-examples", &examples.to_string()])
        .env("PORTAL_IDS", json!({ "own": own, "other": other }).to_string())
        .env("ANSWERS", &answers);
    let output = schemathesis.output().expect("Schemathesis");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(caller.account_id(), account, "the session was lost on the way");

    let answers: Value = serde_json::from_str(&fs::read_to_string(answers).expect("a file")).expect("JSON");
    let answers = answers.as_object().expect("counts");
    let of = |status: &str| answers.get(status).and_then(Value::as_u64).unwrap_or(0);
    let total: u64 = answers.values().filter_map(Value::as_u64).sum();
    assert!(total >= cases && of("200") > total / 20, "{answers:?}");
    assert!(answers.keys().all(|status| !status.starts_with('5')), "{answers:?}");
    let by_status: Vec<String> = answers.iter().map(|(status, count)| format!("{count} × {status}")).collect();
    proof.note("operations called", Route::TABLE.len() - EXCLUDED.len());
    proof.note("cases", total);
    proof.note("answers", by_status.join(", "));
    proof.note("answers of 5xx, and answers that the document does not have", 0);
}

/// A developer with a Project and an App, and their ids.
fn developer(url: &str) -> (Client, Value) {
    let client = Client::at(url.to_owned());
    client.post(Route::SignUp, &[], sign_up_request(&unique("api"))).expect(200);
    client.post(Route::SubmitApplication, &[], application()).expect(200);
    let app = client.create_project("read-write");
    let ids = json!({
        "account_id": client.account_id(),
        "developer_account_id": client.own_developer_account(),
        "app_id": app.id,
        "project_id": app.project_id,
        "kind": "bearer-token",
    });
    (client, ids)
}

/// The program, with the caller's session and the hooks in `tests/clients/portal_api.py`.
fn schemathesis(folder: &Path, server: &Server, caller: &Client) -> Command {
    let hooks = python("portal_api.py");
    let clients = env::var("GATEHOUSE_CLIENTS").expect("GATEHOUSE_CLIENTS: run by cargo xtask test");
    let settings = folder.join("schemathesis.toml");
    let session = caller.session().expect("signed in");
    fs::write(&settings, format!("[auth.openapi.session]\napi_key = \"{session}\"\n")).expect("a file");
    let mut command = Command::new(Path::new(hooks.get_program()).with_file_name("st"));
    command.current_dir(folder).env("PYTHONPATH", clients).env("SCHEMATHESIS_HOOKS", "portal_api");
    command.arg("--config-file").arg(settings).arg("run").arg(format!("{}/openapi.json", server.url()));
    command.args(["--header", &format!("Origin: {}", server.url())]);
    command.args(["--checks", "all", "--exclude-checks", EXCLUDED_CHECK]);
    command.args(["--seed", "1", "--workers", "2", "--continue-on-failure", "--no-color", "--warnings", "off"]);
    for operation in EXCLUDED {
        command.args(["--exclude-operation-id", operation]);
    }
    command
}
