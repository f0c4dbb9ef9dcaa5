//! What `cargo xtask serve` forwards to the sample API, beside the same Worker on the benchmark's own workerd.

use super::{
    Bench, HOST, Options, TURN,
    load::{Lane, Load},
    make_app,
    request::get_with_bearer,
    table::verdict,
    workers::BEFORE_SAMPLE,
};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use gatehouse::{
    engine::wait_until_it_answers,
    process::{say, stop_signal},
    secret::LocalSecrets,
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
};

/// At least how much of what bare workerd forwards.
const GOAL: f64 = 0.95;
/// The sample API has nothing there, and says so.
const STATUS: u16 = 404;

/// `cargo xtask serve` as a child.
struct Serve(Child);

impl Drop for Serve {
    fn drop(&mut self) {
        if let Ok(pid) = i32::try_from(self.0.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
        let _ = self.0.wait();
    }
}

impl Bench {
    /// Prints how many requests `serve` forwards, and how many bare workerd does by turns with it.
    pub fn served(&self, workspace: &Workspace, options: &Options) -> Result<()> {
        say("serving");
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let data = self.directory.join("served");
        let operator_password = LocalSecrets::load_or_create(&data)?.operator_password;
        let settings = self.directory.join("served.env");
        fs::write(&settings, "APPROVAL=auto\n")?;
        let mut serve = Command::new(env::current_exe()?);
        serve.args(["serve", "--port", &port.to_string(), "--data"]).arg(&data);
        serve.arg("--built").arg(workspace.dist()).arg("--settings").arg(&settings);
        let mut serve = Serve(serve.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?);
        wait_until_it_answers(&mut serve.0, SocketAddr::from((Ipv4Addr::LOCALHOST, port)), &stop_signal()?)?;

        let served = [get_with_bearer(HOST, &make_app(port, &operator_password)?.bearer_token, &[])];
        let bare = [get_with_bearer(HOST, self.credentials.bearers.first().context("there is no token")?, &[])];
        let load = |port, requests| Load { port, requests, is_single_use: false, status: STATUS };
        let mut lanes = [
            Lane::open(load(port, &served), options.connections)?,
            Lane::open(load(self.port(BEFORE_SAMPLE, Some("proxy"))?, &bare), options.connections)?,
        ];
        let turns = (f64::from(options.rounds) * options.seconds / TURN.as_secs_f64()).ceil() as usize;
        let warm_up = turns.min(80);
        for turn in 0..turns + warm_up {
            if turn == warm_up {
                lanes.iter_mut().try_for_each(Lane::forget)?;
            }
            for lane in [turn % 2, 1 - turn % 2] {
                lanes[lane].run(TURN)?;
            }
        }
        let [served, bare] = lanes.map(|lane| lane.latencies.count() as f64 / lane.seconds);
        let ratio = served / bare;
        println!("\n| GET through the gate to the sample API | requests/s |");
        println!("|---|---:|");
        println!("| `cargo xtask serve` | {served:.0} |");
        println!("| the same Worker on bare workerd | {bare:.0} |");
        println!("| ratio, goal ≥ {GOAL}: {} | {ratio:.2} |", verdict(ratio, GOAL));
        Ok(())
    }
}
