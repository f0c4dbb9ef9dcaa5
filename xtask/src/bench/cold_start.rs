//! From the start of the process to the first checked request, against a Worker that does nothing.

use super::{
    Bench, HOST,
    histogram::median,
    load,
    rows::{self, BEARER_HOT, FORGED, Row, STATIC},
    server::Server,
    workers::{self, Service},
};
use crate::workspace::Workspace;
use anyhow::{Result, ensure};
use gatehouse::process::say;
use std::time::Instant;

const REPEATS: u32 = 15;
/// How much longer than the static Worker it may take.
const GOAL_MILLIS: f64 = 45.0;

impl Bench {
    /// Takes the server down: each start is one of its own, on the same data.
    pub fn cold_start(&mut self, workspace: &Workspace) -> Result<()> {
        say("cold starts");
        self.server = None;
        let rows = rows::all(&self.credentials);
        let row = |name| rows.iter().find(|row| row.name == name);
        let (Some(bare), Some(forged), Some(ours)) = (row(STATIC), row(FORGED), row(BEARER_HOT)) else { return Ok(()) };
        let mut millis = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..REPEATS {
            millis[0].push(self.start_once(workspace, &["static"], bare)?);
            millis[1].push(self.start_once(workspace, &["static", "kv", "gatehouse"], forged)?);
            millis[2].push(self.start_once(workspace, &["static", "kv", "gatehouse"], ours)?);
        }
        let [bare, forged, ours] = millis.map(median);
        let verdict = if ours - bare <= GOAL_MILLIS { "met" } else { "**missed**" };
        println!("\n| from the start of the process to | ms, median of {REPEATS} |");
        println!("|---|---:|");
        println!("| the first static reply | {bare:.0} |");
        println!("| the first refusal, which reads nothing | {forged:.0} |");
        println!("| the first checked request, its App read from KV | {ours:.0} |");
        println!("| difference, goal ≤ {GOAL_MILLIS:.0}: {verdict} | {:.0} |", ours - bare);
        Ok(())
    }

    fn start_once(&self, workspace: &Workspace, names: &[&str], row: &Row) -> Result<f64> {
        let all = workers::all(&self.secrets, &self.credentials.javascript, 0);
        let services: Vec<Service> = all.into_iter().filter(|service| names.contains(&service.name.as_str())).collect();
        let sockets = workers::sockets(&services)?;
        let config = workers::write_config(&self.directory, &self.directory.join("data"), &services, &sockets)?;
        let port = sockets.iter().find(|socket| socket.service == row.service).map_or(0, |socket| socket.port);
        let requests = row.requests(HOST, 1)?;
        let start = Instant::now();
        let mut server = Server::spawn(workspace, &config)?;
        server.wait_for(port)?;
        let (status, answer) = load::ask(port, &requests[0])?;
        let millis = start.elapsed().as_secs_f64() * 1000.0;
        ensure!(status == row.status, "the first request was answered {status}: {answer}");
        Ok(millis)
    }
}
