//! Load for a long time: memory, data and open files stay level once warm, and what has ended goes.

mod load;
mod measure;

use gatehouse::process::pause;
use gatehouse_tests::{Proof, Server, ShiftedClock, poll, python, run};
use load::{Load, Sent};
use measure::Sample;
use serde_json::Value;
use std::{
    env,
    path::Path,
    thread,
    time::{Duration, Instant},
};

const CALLERS: u64 = 4;
const SAMPLES: u32 = 120;
/// How long it takes, in minutes, until the last three quarters are level: memory after some 100,000 requests, and data after
/// 17 minutes, when nonces end as fast as new ones come (docs/storage.md).
const LEVEL_WITHIN: f64 = 60.0;
/// Longer than what is kept for a day: tombstones, and what an alarm removes within one.
const LATER: i64 = 50 * 3600;

/// For how many minutes the load lasts: `cargo xtask prove --soak-minutes`.
fn minutes(proof: &Proof) -> f64 {
    let asked = env::var("GATEHOUSE_PROOF_SOAK_MINUTES").ok().and_then(|minutes| minutes.parse().ok());
    proof.choose(1.0, asked.unwrap_or(60.0))
}

#[test]
fn memory_data_and_open_files_stay_level_and_what_has_ended_goes() {
    let proof = Proof::new("soak");
    let minutes = minutes(&proof);
    let data = tempfile::tempdir().unwrap();
    let clock = ShiftedClock::new();
    let server = Server::start_at(data.path(), &clock, &[]);
    let duration = Duration::from_secs_f64(minutes * 60.0);
    let until = Instant::now() + duration;
    let mut loads: Vec<Load> = (0..CALLERS).map(|seed| Load::new(server.url(), seed)).collect();
    let mut samples = Vec::new();
    let sent: Vec<Sent> = thread::scope(|scope| {
        let callers: Vec<_> = loads.iter_mut().map(|load| scope.spawn(move || load.run(until))).collect();
        while Instant::now() < until {
            pause(duration / SAMPLES);
            let sample = Sample::take(server.pid(), data.path());
            if samples.len() % 12 == 0 {
                proof.progress(format!("{sample:.0?}"));
            }
            samples.push(sample);
        }
        callers.into_iter().map(|caller| caller.join().expect("every answer as it must be")).collect()
    });
    let total = |count: fn(&Sent) -> usize| sent.iter().map(count).sum::<usize>();
    let longest = sent.iter().map(|sent| sent.longest).fold(0.0, f64::max);
    proof.note("minutes of load", minutes);
    proof.note("requests, all answered as they must be", total(|sent| sent.requests));
    proof.note("the longest wait of a caller", format!("{longest:.2} s"));
    stays_level(&proof, &samples, minutes);
    let during = rows(data.path());
    proof.note("nonces at the end of the load", count(&during, "nonce"));
    assert!(count(&during, "nonce") > 0, "nothing was signed");
    drop(server);
    what_has_ended_goes(&proof, data.path(), &clock, total(|sent| sent.apps_deleted));
}

/// Compares the last quarter with the second one.
fn stays_level(proof: &Proof, samples: &[Sample], minutes: f64) {
    let quarter = samples.len() / 4;
    let (second, last) = (Sample::mean(&samples[quarter..2 * quarter]), Sample::mean(&samples[3 * quarter..]));
    let both = |figure: fn(&Sample) -> f64, unit: &str| {
        format!("{:.0}{unit} in the second quarter, {:.0}{unit} in the last", figure(&second), figure(&last))
    };
    proof.note("memory of workerd", both(|sample| sample.memory, " MB"));
    proof.note("data on disk, without the audit log", both(|sample| sample.data, " MB"));
    proof.note("audit log on disk", both(|sample| sample.audit_log, " MB"));
    proof.note("open files of workerd", both(|sample| sample.open_files, ""));
    // In a shorter time, only what runs away is found.
    let (much, files) = if minutes < LEVEL_WITHIN { (2.0, 2.0) } else { (1.15, 1.1) };
    assert!(last.memory <= second.memory * much + 10.0, "memory grows: {samples:.0?}");
    assert!(last.open_files <= second.open_files * files + 20.0, "open files grow: {samples:.0?}");
    assert!(last.data <= second.data * much + 4.0, "data grow: {samples:.0?}");
}

/// Starts the deployment two days later, and looks for what docs/storage.md says is gone by then.
fn what_has_ended_goes(proof: &Proof, data: &Path, clock: &ShiftedClock, apps_deleted: usize) {
    clock.shift_to(LATER);
    let server = Server::start_at(data, clock, &[]);
    let ended = ["nonce", "request_token", "rate_window"];
    let gone = poll(Duration::from_secs(120), || {
        let left = rows(data);
        match ended.iter().map(|table| count(&left, table)).sum::<u64>() {
            0 => Ok(()),
            _ => Err(format!("{left}")),
        }
    });
    gone.expect("what has ended is gone two days later");
    proof.note("nonces, request tokens and rate windows two days later", 0);
    // The objects of deleted Apps have deleted themselves: those of the Apps that call are left.
    let objects = data.join("state/objects/AppTraffic");
    let traffic = poll(Duration::from_secs(60), || match count(&rows_below(&objects), "app") {
        CALLERS => Ok(()),
        count => Err(format!("{count} Apps have traffic")),
    });
    traffic.expect("nothing is left of deleted Apps");
    proof.note("deleted Apps of which something is left two days later", format!("0 of {apps_deleted}"));
    drop(server);
}

/// How many rows each table has, over all databases.
fn rows(data: &Path) -> Value {
    rows_below(&data.join("state"))
}

fn rows_below(folder: &Path) -> Value {
    let printed = run(python("count_rows.py").arg(folder));
    serde_json::from_str(&printed).expect("JSON")
}

fn count(rows: &Value, table: &str) -> u64 {
    rows[table].as_u64().unwrap_or(0)
}
