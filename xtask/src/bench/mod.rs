//! `cargo xtask bench`: what the gate costs, beside what others cost, on one bare workerd.
//!
//! Requests a second depend on the machine and on what else it does. Therefore every row is measured in each round, in
//! another order each time, by turns with a static reply of its own, and what counts is the ratio of the two.

mod cold_start;
mod histogram;
mod load;
mod reply;
mod request;
mod rows;
mod served;
mod server;
mod table;
mod workers;

use crate::{setup, workspace::Workspace};
use anyhow::{Context, Result, ensure};
use clap::Args;
use gatehouse::{
    demo::{DemoApp, Person, play},
    process::{pause, say, stop_signal},
    secret::{new_master_key, random_alphanumerics},
};
use load::{Lane, Load};
use request::{Pairs, forge, get};
use rows::{Credentials, Row};
use server::Server;
use std::time::Duration;
use table::{Figures, Measured, Measurements, Round};
use workers::{Secrets, Socket};

/// How many Apps call, one after the other, where the size of the store is what counts.
const APPS_CALLED: usize = 32;
const WARM_UP_SECONDS: f64 = 4.0;
/// How long a row and the static reply beside it take turns.
const TURN: Duration = Duration::from_millis(50);
/// What every request calls the server.
const HOST: &str = "127.0.0.1";

#[derive(Args)]
pub struct Options {
    /// How often every row is measured
    #[arg(long, default_value_t = 4)]
    rounds: u32,
    /// How long each time, and as long the static reply beside it
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// How many connections stay open at once
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Only rows whose name has one of these in it
    #[arg(long)]
    only: Vec<String>,
    /// Measure with 1 k, 100 k and 1 M Apps in the store, and compare
    #[arg(long)]
    scale: bool,
    /// Measure only the time from the start of the process to the first checked request
    #[arg(long)]
    cold_start: bool,
    /// Measure only what `cargo xtask serve` forwards to the sample API
    #[arg(long)]
    served: bool,
    /// Measure nothing: let all Workers run for a profiler until Ctrl-C, and say where and with which headers
    #[arg(long)]
    hold: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::run_setup(workspace, setup::Tools::All)?;
    let directory = tempfile::tempdir()?;
    let mut bench = Bench::start(workspace, directory.path())?;
    if options.hold {
        return bench.hold();
    }
    print_conditions(options)?;
    if options.cold_start {
        return bench.cold_start(workspace);
    }
    if options.served {
        return bench.served(workspace, options);
    }
    if options.scale {
        return bench.scale(options);
    }
    let measurements = bench.measure(options)?;
    measurements.print();
    measurements.print_goals();
    if options.only.is_empty() {
        bench.served(workspace, options)?;
    }
    bench.cold_start(workspace)
}

/// The processor and the load, without which no figure means anything.
fn print_conditions(options: &Options) -> Result<()> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "{model}, {cores} cores, load before {}; {} rounds of {} s, {} connections\n",
        load.split(' ').next().unwrap_or_default(),
        options.rounds,
        options.seconds,
        options.connections
    );
    Ok(())
}

/// Plays the demonstration, and takes its App that is in no Project.
fn make_app(port: u16, operator_password: &str) -> Result<DemoApp> {
    let operator = Person { username: "operator".into(), password: operator_password.to_owned() };
    let made = play(&format!("http://127.0.0.1:{port}"), operator)?;
    let alone = made.apps.into_iter().find(|app| app.project_id.is_none());
    alone.context("the demonstration made no standalone App")
}

/// All Workers in one process, with one App known to the store.
struct Bench {
    directory: std::path::PathBuf,
    secrets: Secrets,
    sockets: Vec<Socket>,
    server: Option<Server>,
    credentials: Credentials,
    app_id: String,
}

impl Bench {
    fn start(workspace: &Workspace, directory: &std::path::Path) -> Result<Self> {
        workers::prepare(workspace, directory)?;
        let secrets = Secrets {
            master_keys: new_master_key('1')?,
            operator_password: random_alphanumerics(24)?,
            upstream_key: random_alphanumerics(64)?,
        };
        let javascript = random_alphanumerics(43)?;
        let rows = rows::all(&Credentials::default()).len();
        let services = workers::all(&secrets, &javascript, rows);
        let sockets = workers::sockets(&services)?;
        let data = directory.join("data");
        std::fs::create_dir_all(&data)?;
        let config = workers::write_config(directory, &data, &services, &sockets)?;
        let mut server = Server::spawn(workspace, &config)?;
        for socket in &sockets {
            server.wait_for(socket.port)?;
        }
        let credentials = Credentials { javascript, ..Credentials::default() };
        let (directory, app_id) = (directory.to_owned(), String::new());
        let mut bench = Self { directory, secrets, sockets, server: Some(server), credentials, app_id };
        bench.seed()?;
        Ok(bench)
    }

    fn port(&self, service: &str, entrypoint: Option<&str>) -> Result<u16> {
        let found = self.sockets.iter().find(|socket| socket.service == service && socket.entrypoint == entrypoint);
        Ok(found.with_context(|| format!("{service} has no such socket"))?.port)
    }

    /// Makes an App through the portal, and a token for each of the others.
    fn seed(&mut self) -> Result<()> {
        say("making an App and its credentials");
        let app = self.make_app()?;
        let credentials = &mut self.credentials;
        credentials.forged = forge(&app.bearer_token);
        credentials.bearers = vec![app.bearer_token];
        credentials.pairs = Pairs {
            key: app.api_key,
            key_secret: app.api_key_secret,
            token: app.access_token,
            token_secret: app.access_token_secret,
        };
        self.app_id = app.app_id;

        let (status, answer) = load::ask(self.port("provider", None)?, &get(HOST, "/seed", &[]))?;
        ensure!(status == 200, "workers-oauth-provider gave no token: {answer}");
        let answer: serde_json::Value = serde_json::from_str(answer.trim())?;
        self.credentials.provider = gatehouse::portal::text(&answer, "/access_token")?;

        let put =
            format!("PUT /hono/{} HTTP/1.1\r\nhost: kv\r\ncontent-length: 2\r\n\r\n{{}}", self.credentials.javascript);
        let (status, _) = load::ask(self.port("kv", None)?, put.as_bytes())?;
        ensure!(status == 200, "the store took no token");
        Ok(())
    }

    fn make_app(&self) -> Result<DemoApp> {
        make_app(self.port("gatehouse", Some("proxy"))?, &self.secrets.operator_password)
    }

    /// How many KV reads and object calls there were so far.
    fn counts(&self) -> Result<(f64, f64)> {
        let count = |service| -> Result<f64> {
            let (_, text) = load::ask(self.port(service, Some("counter"))?, &get("counter", "/", &[]))?;
            text.trim().parse().with_context(|| format!("{service} does not count: {text}"))
        };
        let calls = count("object")? + count("gatehouse")?;
        Ok((count("kv")?, calls))
    }

    fn hold(&self) -> Result<()> {
        for row in rows::all(&self.credentials) {
            let request = row.requests(HOST, 1)?.concat();
            println!(
                "{}: 127.0.0.1:{}\n{}",
                row.name,
                self.port(row.service, row.entrypoint)?,
                String::from_utf8_lossy(&request)
            );
        }
        println!("configuration: {}", self.directory.join("config.capnp").display());
        let stop = stop_signal()?;
        while !stop.requested() {
            pause(Duration::from_millis(100));
        }
        Ok(())
    }

    fn measure(&mut self, options: &Options) -> Result<Measurements> {
        let is_wanted =
            |row: &Row| options.only.is_empty() || options.only.iter().any(|part| row.name.contains(part.as_str()));
        let rows: Vec<Row> = rows::all(&self.credentials).into_iter().filter(is_wanted).collect();
        let mut measured: Vec<Measured> = Vec::new();
        for row in &rows {
            let absent = self.find_fault(row)?;
            measured.push(Measured { name: row.name, rounds: Vec::new(), absent });
        }
        say("warming up");
        for (row, _) in rows.iter().zip(&measured).filter(|(_, measured)| measured.absent.is_none()) {
            // V8 compiles wasm well only after it ran for a while.
            self.run_beside_static(row, options.connections, WARM_UP_SECONDS, true)?;
        }
        for round in 0..options.rounds {
            say(format!("round {} of {}", round + 1, options.rounds));
            let mut order: Vec<usize> = (0..rows.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for at in order {
                if measured[at].absent.is_none() {
                    let round =
                        self.run_beside_static(&rows[at], options.connections, options.seconds, round % 2 == 1)?;
                    measured[at].rounds.push(round);
                }
            }
        }
        Ok(Measurements(measured))
    }

    /// What a row's first request was answered instead of what it should be.
    fn find_fault(&self, row: &Row) -> Result<Option<String>> {
        let requests = row.requests(HOST, 1)?;
        let (status, _) = load::ask(self.port(row.service, row.entrypoint)?, &requests[0])?;
        Ok((status != row.status).then(|| format!("answered {status} instead of {}", row.status)))
    }

    /// A row and the static reply beside it, by turns that are too short for the machine to change much between them.
    fn run_beside_static(&self, row: &Row, connections: usize, seconds: f64, row_first: bool) -> Result<Round> {
        let server = self.server.as_ref().context("the server is gone")?;
        // More signed ones than the gate answers.
        let requests = row.requests(HOST, (seconds * 25_000.0) as usize)?;
        let port = self.port(row.service, row.entrypoint)?;
        let of = Load { port, requests: &requests, is_single_use: row.is_single_use(), status: row.status };
        let port = self.port(&workers::beside(row.number), None)?;
        let beside = Load { port, requests: &requests, is_single_use: false, status: 200 };
        let mut lanes = [Lane::open(of, connections)?, Lane::open(beside, connections)?];
        let mut cpu_micros = [0.0, 0.0];
        let (reads, calls) = self.counts()?;
        let turns = (seconds / TURN.as_secs_f64()).ceil() as usize;
        for turn in 0..turns {
            for lane in if (turn % 2 == 0) == row_first { [0, 1] } else { [1, 0] } {
                let before = server.cpu_micros()?;
                lanes[lane].run(TURN).with_context(|| row.name)?;
                cpu_micros[lane] += server.cpu_micros()? - before;
            }
        }
        let (reads_then, calls_then) = self.counts()?;
        let figures = |lane: usize| Figures {
            requests: lanes[lane].latencies.count() as f64,
            seconds: lanes[lane].seconds,
            p50_millis: lanes[lane].latencies.quantile(0.5),
            p99_millis: lanes[lane].latencies.quantile(0.99),
            cpu_micros: cpu_micros[lane],
        };
        Ok(Round { of: figures(0), beside: figures(1), kv_reads: reads_then - reads, object_calls: calls_then - calls })
    }

    /// The same with more and more Apps in the store.
    fn scale(&mut self, options: &Options) -> Result<()> {
        say(format!("making {APPS_CALLED} Apps to call"));
        for _ in 1..APPS_CALLED {
            let app = self.make_app()?;
            self.credentials.bearers.push(app.bearer_token);
        }
        let mut all = Vec::new();
        for apps in [1_000u64, 100_000, 1_000_000] {
            self.fill(apps)?;
            let measurements = self.measure(options)?;
            println!("\n{apps} Apps in the store\n");
            measurements.print();
            all.push((apps, measurements));
        }
        println!();
        table::print_scale(&all);
        Ok(())
    }

    /// Brings the store to so many Apps.
    fn fill(&self, apps: u64) -> Result<()> {
        say(format!("filling the store up to {apps} Apps"));
        let port = self.port("kv", None)?;
        let mut from = 0;
        loop {
            let count = 20_000.min(apps);
            let body = format!("{{\"like\":\"app/{}\",\"from\":{from},\"count\":{count}}}", self.app_id);
            let post = format!("POST /.fill HTTP/1.1\r\nhost: kv\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let (status, answer) = load::ask(port, post.as_bytes())?;
            ensure!(status == 200, "the store took no Apps: {answer}");
            let there: serde_json::Value = serde_json::from_str(answer.trim())?;
            from += count;
            if there["apps"].as_u64().context("the store does not count")? >= apps {
                return Ok(());
            }
        }
    }
}
