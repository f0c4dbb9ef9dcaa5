//! `cargo xtask serve`: the whole product on this machine.

mod temporary;
mod watch;
mod wrangler;

use crate::{
    build::{self, Mode, PANICKING, PRODUCT},
    process::{pause, say},
    secret::LocalSecrets,
    workspace::Workspace,
};
use anyhow::{Context, Result};
use clap::Args;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    time::Duration,
};
use watch::Sources;
pub use wrangler::{Server, stop_signal, wrangler_dev, wrangler_environment};

#[derive(Args)]
pub struct Options {
    /// The port on 127.0.0.1
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Where secrets, KV and Durable Objects are kept [default: .gatehouse in the repository]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Build quickly instead of well, and build again whenever a source changes
    #[arg(long)]
    dev: bool,
    /// Build as for production (the default)
    #[arg(long, conflicts_with = "dev")]
    release: bool,
    /// Serve what the tests run against: routes that panic, and limits too high to meet
    #[arg(long)]
    for_tests: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    check_port(options.port)?;
    let data = workspace.data(options.data.as_deref())?;
    let secrets = LocalSecrets::load_or_create(&data)?;
    crate::setup::run_setup(workspace)?;
    let mode = if options.dev { Mode::Dev } else { Mode::Release };
    let variant = if options.for_tests { &PANICKING } else { &PRODUCT };
    build::build(workspace, mode, variant)?;

    let stop = wrangler::stop_signal()?;
    say(format!("starting workerd on port {}", options.port));
    let mut server = Server::start(workspace, variant, options.port, &data, &stop)?;
    print_welcome(options, &server.url(), &data, &secrets);

    let mut sources = if options.dev { Some(Sources::watch(workspace)?) } else { None };
    while !stop.requested() {
        server.check()?;
        if sources.as_mut().is_some_and(Sources::have_changed) {
            say("a source changed");
            // A source that does not compile is an everyday thing here: say so and go on serving the last good build.
            match build::build(workspace, mode, variant) {
                Ok(()) => say("rebuilt: reload the page"),
                Err(error) => say(format!("not rebuilt: {error:#}")),
            }
        }
        pause(Duration::from_millis(100));
    }
    say("stopping");
    server.stop()
}

/// Fails at once, rather than after a build of minutes, when something else listens there.
fn check_port(port: u16) -> Result<()> {
    TcpListener::bind(("127.0.0.1", port))
        .map(drop)
        .with_context(|| format!("port {port} on 127.0.0.1 cannot be used: choose another with --port"))
}

fn print_welcome(options: &Options, url: &str, data: &Path, secrets: &LocalSecrets) {
    let mut demo = String::from("cargo xtask demo");
    if options.port != 8787 {
        demo.push_str(&format!(" --url {url}"));
    }
    if let Some(data) = &options.data {
        demo.push_str(&format!(" --data {}", data.display()));
    }
    println!();
    println!("  Gatehouse is ready at  {url}");
    println!("  Operator's username    operator");
    println!("  Operator's password    {}", secrets.operator_password);
    println!("  Data is kept in        {}", data.display());
    println!("  Something to try       {demo}");
    println!("  Stop                   Ctrl-C");
    println!();
}
