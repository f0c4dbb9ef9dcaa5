//! A branch's deployment on this machine: a second instance, on a port and data of its own, that goes on in the
//! background.

use super::{
    UpOptions,
    instance::{Instance, instances},
    plan::Plan,
    source::Source,
    table::Row,
};
use crate::{git, workspace::Workspace};
use anyhow::{Context, Result, ensure};
use gatehouse::{
    engine::wait_until_it_answers,
    process::{StopSignal, end_group, say, stop_signal},
    secret::LocalSecrets,
};
use std::{
    env,
    fs::{self, File},
    net::TcpListener,
    ops::Range,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Where a free port is looked for; `serve` has the one before.
const PORTS: Range<u16> = 8788..8888;

pub fn up(workspace: &Workspace, source: Source, options: &UpOptions) -> Result<()> {
    let commit = source.commit.clone();
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
    let settings = folder.join("settings.env");
    let lines = prepared.variables()?.into_iter().map(|(name, value)| format!("{name}={value}\n"));
    fs::write(&settings, lines.collect::<String>())?;
    let file = File::create(&log)?;
    say(format!("starting {} on port {port}", plan.branch));
    // It goes on when this ends, and watches its server as `serve` does.
    let child = Command::new(env::current_exe()?)
        .arg("serve")
        .args(["--port", &port.to_string()])
        .arg("--data")
        .arg(&data)
        .arg("--built")
        .arg(prepared.built.worker.parent().context("a build lies in a folder")?)
        .arg("--source")
        .arg(&prepared.root)
        .arg("--settings")
        .arg(&settings)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .process_group(0)
        .spawn()?;
    let pid = child.id();
    wait_until_ready(child, port, &stop_signal()?)
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

/// Waits until it answers. The server goes on when this process ends.
fn wait_until_ready(mut child: Child, port: u16, stop: &StopSignal) -> Result<()> {
    let answer = wait_until_it_answers(&mut child, ([127, 0, 0, 1], port).into(), stop);
    if answer.is_err() {
        end_group(child.id(), || drop(child.try_wait()));
    }
    answer.map(drop)
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
