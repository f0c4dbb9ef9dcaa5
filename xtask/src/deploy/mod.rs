//! `cargo xtask deploy`: production, at Cloudflare.

mod check;
mod decide;
pub mod secrets;
mod upload;

pub use check::{check_settings, texts};
pub use upload::{try_upload, upload, wrangler};

use crate::{
    build::{self, Mode, PRODUCT},
    cloudflare::Account,
    config::{bind_namespace, point_at, read_config, worker_name},
    setup,
    workspace::Workspace,
};
use anyhow::Result;
use clap::Args;
use decide::{Decision, Found, SAMPLE_API, Wishes, decide};
use gatehouse::{
    assemble::{Assembled, Built, assemble},
    process::{run, say, timed},
};
use secrets::{NewSecrets, check_is_new};
use std::{
    io::{IsTerminal, stderr, stdout},
    path::PathBuf,
};
use toml::{Table, Value};

#[derive(Args, Default)]
pub struct Options {
    /// Do everything but the upload; needs neither account nor network
    #[arg(long)]
    dry_run: bool,
    /// Deploy the sample API as well, for a gate that has no API behind it yet
    #[arg(long)]
    with_sample_api: bool,
    /// Make a master key for a Worker that exists and has none: credentials that an earlier key made stay unusable
    #[arg(long)]
    new_master_key: bool,
    /// Write secrets that are made into this new file instead of showing them
    #[arg(long, value_name = "FILE")]
    save_secrets: Option<PathBuf>,
    /// Deploy what `cargo xtask build` has left in this directory instead of building: for a change of api.toml or of a
    /// setting, which needs no compiler
    #[arg(long, value_name = "DIST")]
    built: Option<PathBuf>,
}

impl Options {
    /// A dry run of what is built already.
    pub fn dry_run(dist: PathBuf) -> Self {
        Self { dry_run: true, built: Some(dist), ..Self::default() }
    }
}

pub fn run_deploy(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::run_setup(workspace, setup::Tools::All)?;
    let source = read_config(&workspace.root)?;
    let worker = worker_name(&source)?.to_owned();
    let api = check_settings(&workspace.root, source.get("vars").and_then(Value::as_table))?;
    let folder = tempfile::tempdir()?;
    if options.dry_run {
        let assembled = assemble(&built(workspace, options)?, &api, folder.path())?;
        return try_upload(workspace, &configured(source, &assembled, None)?);
    }

    // Looked at before the build of minutes; changed only after it.
    let account = Account::find(workspace, source.get("account_id").and_then(Value::as_str))?;
    let found = timed("looking at what the account has", || look(&account, &source, &worker))?;
    let wishes = Wishes {
        sample_api: options.with_sample_api,
        new_master_key: options.new_master_key,
        may_tell: options.save_secrets.is_some() || stdout().is_terminal(),
    };
    let decision = decide(&worker, &source, &found, &wishes)?;
    check_is_new(options.save_secrets.as_deref())?;
    let assembled = assemble(&built(workspace, options)?, &api, folder.path())?;
    let namespace = match &decision {
        Decision { namespace: Some(id), .. } => id.clone(),
        Decision { title, .. } => {
            say(format!("making the KV namespace {title}"));
            account.create_namespace(title)?.id
        }
    };
    if decision.sample_api {
        say(format!("uploading {SAMPLE_API}"));
        run(wrangler(workspace, &account)?.args(["deploy", "--config", "sample-api/wrangler.toml"]).stdout(stderr()))?;
    }
    let secrets = NewSecrets::draw(&decision.make)?;
    // Before the upload: whatever happens to it, no key is in use that nobody has a copy of.
    secrets.show(options.save_secrets.as_deref())?;
    say(format!("uploading {worker}"));
    let config = configured(source, &assembled, Some(&namespace))?;
    let done = upload(wrangler(workspace, &account)?.arg("deploy"), &config, &secrets)?;
    match done.addresses.as_slice() {
        [] => say("deployed, with no address: wrangler.toml gives it neither routes nor workers.dev"),
        addresses => addresses.iter().for_each(|address| println!("{address}")),
    }
    Ok(())
}

/// What this deployment is configured with: wrangler.toml, the files to upload, and the id of the namespace.
fn configured(mut source: Table, assembled: &Assembled, namespace: Option<&str>) -> Result<Table> {
    point_at(&mut source, assembled)?;
    if let Some(id) = namespace {
        bind_namespace(&mut source, id)?;
    }
    Ok(source)
}

fn built(workspace: &Workspace, options: &Options) -> Result<Built> {
    match &options.built {
        Some(dist) => Built::in_folder(dist, PRODUCT.name),
        None => {
            build::build(workspace, Mode::Release, &PRODUCT)?;
            build::built(workspace, &PRODUCT)
        }
    }
}

fn look(account: &Account, source: &Table, worker: &str) -> Result<Found> {
    let missing_services = account.missing_services(source, worker)?;
    Ok(Found { worker: account.find_worker(worker)?, namespaces: account.list_namespaces()?, missing_services })
}
