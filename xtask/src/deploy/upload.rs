//! wrangler, as the one who uploads.

use super::secrets::NewSecrets;
use crate::{
    cloudflare::{Account, wrangler_environment},
    config::write_config,
    workspace::Workspace,
};
use anyhow::Result;
use gatehouse::{
    files::read,
    process::{self, stop_signal},
};
use serde_json::Value;
use std::{io::stderr, process::Command};
use toml::Table;

/// What an upload led to.
pub struct Upload {
    pub addresses: Vec<String>,
}

/// A wrangler that works on this account and asks nothing.
pub fn wrangler(workspace: &Workspace, account: &Account) -> Result<Command> {
    let mut command = workspace.npm_tool("wrangler")?;
    command.envs(wrangler_environment()).env("CLOUDFLARE_ACCOUNT_ID", &account.id);
    Ok(command)
}

/// Runs an upload, new secrets with it in one step, and reads from wrangler's report where the result is.
pub fn upload(command: &mut Command, config: &Table, secrets: &NewSecrets) -> Result<Upload> {
    // Ctrl-C reaches wrangler as well, which fails then: the folder with the secrets goes in every case.
    let _stop = stop_signal()?;
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("report");
    command.arg("--config").arg(write_config(folder.path().join("wrangler.toml"), config)?);
    command.env("WRANGLER_OUTPUT_FILE_PATH", &report).stdout(stderr());
    if !secrets.is_empty() {
        let file = folder.path().join("secrets.json");
        secrets.write_for_wrangler(&file)?;
        command.arg("--secrets-file").arg(file);
    }
    process::run(command)?;
    let report = String::from_utf8_lossy(&read(&report)?).into_owned();
    Ok(Upload { addresses: addresses(&report) })
}

/// Has wrangler do all that it does before an upload: check the configuration and bundle the Worker.
pub fn try_upload(workspace: &Workspace, config: &Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut command = workspace.npm_tool("wrangler")?;
    command
        .args(["deploy", "--dry-run", "--config"])
        .arg(write_config(folder.path().join("wrangler.toml"), config)?)
        .arg("--outdir")
        .arg(folder.path().join("out"))
        .envs(wrangler_environment())
        .stdout(stderr());
    process::run(&mut command)
}

/// The addresses in wrangler's report, which has one JSON object a line.
fn addresses(report: &str) -> Vec<String> {
    let entries = report.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let lists = entries.filter_map(|entry| match entry["type"].as_str()? {
        "deploy" => entry["targets"].as_array().cloned(),
        "preview" => entry["preview_urls"].as_array().cloned(),
        _ => None,
    });
    lists.flatten().filter_map(|address| Some(address.as_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_from_wranglers_report() {
        let report = "{\"type\":\"wrangler-session\",\"version\":1}\n\
                      {\"type\":\"deploy\",\"version\":1,\"targets\":[\"https://gatehouse.example.workers.dev\"]}\n";
        assert_eq!(addresses(report), ["https://gatehouse.example.workers.dev"]);
        let report = "{\"type\":\"preview\",\"preview_urls\":[\"https://a-gatehouse.example.workers.dev\"]}\nnot JSON";
        assert_eq!(addresses(report), ["https://a-gatehouse.example.workers.dev"]);
    }
}
