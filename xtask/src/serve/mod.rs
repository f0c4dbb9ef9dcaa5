//! `cargo xtask serve`: the whole product on this machine.

mod watch;

use crate::{
    build::{self, Mode, PANICKING, PRODUCT, WorkerVariant},
    config::read_config,
    deploy::texts,
    workspace::Workspace,
};
use anyhow::Result;
use clap::Args;
use gatehouse::{
    assemble::Built,
    process::{say, stop_signal},
    secret::LocalSecrets,
    serve::{Changes, LIMIT_FACTOR_OF_TESTS, Place, Site, print_welcome, serve, start},
};
use std::path::{Path, PathBuf};
use watch::Sources;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Build quickly instead of well, and build again whenever a source changes
    #[arg(long)]
    dev: bool,
    /// Build as for production, which takes some minutes more
    #[arg(long, conflicts_with = "dev")]
    release: bool,
    /// Serve what the tests run against: routes that panic, and limits too high to meet
    #[arg(long)]
    for_tests: bool,
    /// Serve what `cargo xtask build` has left in this folder instead of building
    #[arg(long, value_name = "DIST", conflicts_with = "dev")]
    built: Option<PathBuf>,
    /// The source tree with api.toml and the sample API [default: the repository]
    #[arg(long, value_name = "FOLDER", requires = "built", hide = true)]
    source: Option<PathBuf>,
    /// A file with settings, in place of those in wrangler.toml; may be given more than once
    #[arg(long, value_name = "FILE")]
    settings: Vec<PathBuf>,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let listener = options.place.listen()?;
    let program = workspace.program();
    let data = program.data(options.place.data.as_deref())?;
    LocalSecrets::load_or_create(&data)?;
    let mode = match options {
        Options { dev: true, .. } => Mode::Dev,
        Options { release: true, .. } => Mode::Release,
        _ => Mode::Local,
    };
    let variant = if options.for_tests { &PANICKING } else { &PRODUCT };
    let built = match &options.built {
        Some(dist) => Built::in_folder(dist, variant.name)?,
        None => {
            crate::setup::run_setup(workspace, crate::setup::Tools::Serving)?;
            build::build(workspace, mode, variant)?;
            build::built(workspace, variant)?
        }
    };
    let source = options.source.as_deref().unwrap_or(&workspace.root);
    let mut site = site(workspace, source, variant, built, data)?;
    if !options.settings.is_empty() {
        site.settings = options.settings.clone();
        site.defaults.clear();
    }
    let mut changes = Changes::of(site.watched());

    let stop = stop_signal()?;
    say(format!("starting workerd on port {}", options.place.port));
    let Some(server) = start(site, listener, &stop)? else { return Ok(()) };
    print_welcome(&program, &options.place, &server)?;
    let mut sources = if options.dev { Some(Sources::watch(workspace)?) } else { None };
    serve(server, &stop, &mut changes, &mut || {
        sources.as_mut().is_some_and(Sources::have_changed) && is_rebuilt(workspace, mode, variant)
    })
}

/// What the repository, or another source tree, has to serve.
pub fn site(
    workspace: &Workspace,
    source: &Path,
    variant: &WorkerVariant,
    built: Built,
    data: PathBuf,
) -> Result<Site> {
    let config = read_config(source)?;
    Ok(Site {
        built,
        description: source.join("api.toml"),
        usual_settings: None,
        settings: Vec::new(),
        defaults: texts(config.get("vars").and_then(toml::Value::as_table))?,
        sample_api: source.join("sample-api/src"),
        workerd: workspace.workerd(),
        data,
        // Every test comes from one address, which all limits on sign-ups and sign-ins would soon stop.
        limit_factor: if variant.name == PANICKING.name { LIMIT_FACTOR_OF_TESTS } else { 1 },
    })
}

/// A source that does not compile is an everyday thing here: says so, and the last good build goes on being served.
fn is_rebuilt(workspace: &Workspace, mode: Mode, variant: &WorkerVariant) -> bool {
    say("a source changed");
    match build::build(workspace, mode, variant) {
        Ok(()) => true,
        Err(error) => {
            say(format!("not rebuilt: {error:#}"));
            false
        }
    }
}
