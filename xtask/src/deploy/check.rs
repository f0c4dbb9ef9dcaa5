//! `api.toml` and the settings, checked by the rules that the Worker itself applies, before minutes go into a build.

use crate::{
    process::timed,
    secret::{NEEDED, NewSecrets},
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::{
    io::{Read, Write},
    path::Path,
    process::Stdio,
};
use toml::Table;

/// Checks the api.toml of a source tree, and the variables that a deployment of it would have.
pub fn check_settings(workspace: &Workspace, root: &Path, variables: Option<&Table>) -> Result<()> {
    timed("checking api.toml and the settings", || {
        let input = Value::Object(with_secrets(variables)?).to_string();
        let mut cargo = workspace.cargo();
        let mut child = cargo
            .args(["run", "--quiet", "--package", "gatehouse-domain", "--features", "description-file"])
            .args(["--bin", "check-settings", "--"])
            .arg(root.join("api.toml"))
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start cargo")?;
        child.stdin.take().context("no standard input")?.write_all(input.as_bytes())?;
        let mut said = String::new();
        child.stderr.take().context("no standard error")?.read_to_string(&mut said)?;
        if !child.wait()?.success() {
            bail!("{}", said.trim());
        }
        Ok(())
    })
}

/// The variables, with secrets that pass: those of the account can't be read, and were checked when they were set.
fn with_secrets(variables: Option<&Table>) -> Result<Map<String, Value>> {
    let mut all = Map::new();
    for (name, value) in variables.into_iter().flatten() {
        let text = value.as_str().with_context(|| format!("the variable {name} in wrangler.toml must be a text"))?;
        all.insert(name.clone(), json!(text));
    }
    let secrets = NewSecrets::draw(&NEEDED)?;
    for name in NEEDED {
        all.insert(name.to_owned(), json!(secrets.value(name)));
    }
    Ok(all)
}
