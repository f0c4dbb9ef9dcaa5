//! Serving on this machine.

mod changes;
mod configuration;
mod folder;
mod server;

pub use changes::Changes;
pub use configuration::Configuration;
pub use server::{Server, Site};

use crate::{
    engine::Listener,
    process::{StopSignal, pause, say, stop_signal},
    program::Program,
    secret::LocalSecrets,
};
use anyhow::Result;
use clap::Args;
use std::{
    io::{self, IsTerminal, Write},
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    configuration: Configuration,
    /// Raise all rate limits, for tests from one address
    #[arg(long, hide = true)]
    for_tests: bool,
}

/// What [`Options::for_tests`] multiplies rate limits with.
pub const LIMIT_FACTOR_OF_TESTS: u32 = 100;

/// `gatehouse serve`: what lies beside this program, as the configuration describes it.
pub fn run(program: &Program, options: &Options) -> Result<()> {
    let Options { place, configuration, for_tests } = options;
    let listener = place.listen()?;
    let data = program.data(place.data.as_deref())?;
    let mut site = configuration.site(data.clone())?;
    if *for_tests {
        site.limit_factor = LIMIT_FACTOR_OF_TESTS;
    }
    LocalSecrets::load_or_create(&data)?;
    let mut changes = Changes::of(site.watched());
    let stop = stop_signal()?;
    let Some(server) = start(site, listener, &stop)? else { return Ok(()) };
    print_welcome(program, place, &server)?;
    serve(server, &stop, &mut changes, &mut || false)
}

/// Where it listens, and where its data are.
#[derive(Args)]
pub struct Place {
    /// The port
    #[arg(long, default_value_t = 8787)]
    pub port: u16,
    /// The address to listen on; give 0.0.0.0 or :: for all that the machine has
    #[arg(long, default_value = "127.0.0.1")]
    pub address: IpAddr,
    /// Where secrets, KV and Durable Objects are kept
    #[arg(long)]
    pub data: Option<PathBuf>,
}

impl Place {
    pub fn listen(&self) -> Result<Listener> {
        Listener::bind(SocketAddr::new(self.address, self.port))
    }
}

/// Starts a server; none where it is told to stop meanwhile.
pub fn start(site: Site, listener: Listener, stop: &StopSignal) -> Result<Option<Server>> {
    match Server::start(site, listener, stop) {
        Err(_) if stop.requested() => Ok(None),
        started => started.map(Some),
    }
}

/// Serves until it is told to stop. `more` is called again and again, and may change what is served.
pub fn serve(
    mut server: Server,
    stop: &StopSignal,
    changes: &mut Changes,
    more: &mut dyn FnMut() -> bool,
) -> Result<()> {
    while !stop.requested() {
        match server.watch() {
            Err(_) if stop.requested() => break,
            watched => watched?,
        }
        if more() || changes.are_there() {
            match server.reload() {
                Ok(()) => say("now served as it was changed"),
                Err(error) => say(format!("not served as it was changed: {error:#}")),
            }
        }
        pause(Duration::from_millis(50));
    }
    say("stopping");
    server.stop()?;
    say("stopped");
    Ok(())
}

/// Tells a person where it is and how to sign in. A log is no place for a password.
pub fn print_welcome(program: &Program, place: &Place, server: &Server) -> Result<()> {
    let url = server.url()?;
    let mut demo = format!("{} demo", program.name);
    if place.port != 8787 || !place.address.is_loopback() {
        demo.push_str(&format!(" --url {url}"));
    }
    if let Some(data) = &place.data {
        demo.push_str(&format!(" --data {}", data.display()));
    }
    let data = program.data(place.data.as_deref())?;
    let (username, password) = server.operator();
    let password = match io::stdout().is_terminal() {
        true => password.to_owned(),
        false => format!("in {}", LocalSecrets::file(&data).display()),
    };
    let lines = format!(
        "\n  Gatehouse is ready at  {url}\n  Operator's username    {username}\n  Operator's password    {password}\n  \
         Data is kept in        {}\n  Something to try       {demo}\n  Stop                   Ctrl-C\n",
        data.display()
    );
    // Where nobody can be told, it serves all the same.
    let _ = writeln!(io::stdout(), "{lines}");
    Ok(())
}
