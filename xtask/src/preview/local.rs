//! A branch's deployment on this machine: a second instance, on a port and data of its own, that goes on in the
//! background.

use super::{
    UpOptions,
    instance::{Instance, instances},
    plan::Plan,
    source::Source,
    table::Row,
};
use crate::{
    config::write_config,
    git,
    process::say,
    secret::LocalSecrets,
    serve::{Server, stop_signal, wrangler_dev},
    workspace::Workspace,
};
use anyhow::{Context, Result, ensure};
use std::{
    fs::{self, File},
    net::TcpListener,
    ops::Range,
    path::{Path, PathBuf},
};

/// Where a free port is looked for; `serve` has the one before.
const PORTS: Range<u16> = 8788..8888;

pub fn up(workspace: &Workspace, source: Source, options: &UpOptions) -> Result<()> {
    let (tree, commit) = (source.root.clone(), source.commit.clone());
    let prepared = source.prepare(workspace, options.built.as_deref())?;
    let plan = &prepared.plan;
    let folder = plan.folder(&workspace.target);

    let before = Instance::load(&folder)?;
    if let Some(before) = &before
        && before.is_running(&folder)?
    {
        say(format!("ending the one that runs on port {}", before.port));
        before.end(&folder)?;
    }
    let port = choose_port(options.port, before.map(|before| before.port))?;
    let data = folder.join("data");
    let secrets = LocalSecrets::load_or_create(&data)?;
    let log = folder.join("log");
    let config = write_config(folder.join("wrangler.toml"), &prepared.config(&plan.name)?)?;
    let mut command = wrangler_dev(workspace, &tree, &config, port, &data)?;
    let file = File::create(&log)?;
    command.stdout(file.try_clone()?).stderr(file);
    say(format!("starting {} on port {port}", plan.branch));
    let pid = Server::start_detached(command, port, &data, &stop_signal()?)
        .with_context(|| format!("{} did not start; {} ends with:\n{}", plan.branch, log.display(), end_of(&log)))?;
    let started_at = jiff::Timestamp::now().to_string();
    let instance = Instance { branch: plan.branch.clone(), name: plan.name.clone(), port, pid, started_at };
    instance.save(&folder)?;

    println!();
    println!("  {} is ready at  {}", plan.branch, instance.url());
    println!("  Operator's username    operator");
    println!("  Operator's password    {}", secrets.operator_password);
    println!("  Commit                 {}", commit.unwrap_or_default());
    println!("  Log                    {}", log.display());
    println!("  Remove it              cargo xtask preview down --local --branch '{}'", plan.branch);
    println!();
    Ok(())
}

pub fn down(workspace: &Workspace, plan: &Plan) -> Result<()> {
    let folder = plan.folder(&workspace.target);
    if !folder.exists() {
        say(format!("nothing is up for {}", plan.branch));
        return Ok(());
    }
    if let Some(instance) = Instance::load(&folder)? {
        instance.end(&folder)?;
    }
    git::remove_tree(workspace, &folder.join("source"))?;
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    if let Some(all) = folder.parent() {
        // The last one takes the folder of all with it.
        let _ = fs::remove_dir(all);
    }
    say(format!("removed {}, with its data", plan.name));
    Ok(())
}

pub fn list(workspace: &Workspace) -> Result<Vec<Row>> {
    let row = |(folder, instance): (PathBuf, Instance)| {
        let address = if instance.is_running(&folder)? { instance.url() } else { "not running".to_owned() };
        let Instance { name, branch, started_at: since, .. } = instance;
        Ok(Row { name, place: "local", address, since, branch })
    };
    instances(&workspace.target)?.into_iter().map(row).collect()
}

/// The port that was asked for; else the one of before, for links that somebody kept; else one that is free.
fn choose_port(given: Option<u16>, before: Option<u16>) -> Result<u16> {
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    if let Some(port) = given {
        ensure!(is_free(port), "port {port} on 127.0.0.1 cannot be used: choose another with --port");
        return Ok(port);
    }
    let first = PORTS.start;
    before
        .into_iter()
        .chain(PORTS)
        .find(|port| is_free(*port))
        .with_context(|| format!("no port from {first} to {} is free: choose another with --port", PORTS.end - 1))
}

fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
