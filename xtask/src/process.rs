//! Running other programs, and saying what is going on.

use anyhow::{Context, Result, bail, ensure};
use nix::{
    errno::Errno,
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

/// Announces a step on standard error.
pub fn say(text: impl AsRef<str>) {
    eprintln!("\x1b[1m›\x1b[0m {}", text.as_ref());
}

/// Runs a command to its end; anything but success is an error that names it.
pub fn run(command: &mut Command) -> Result<()> {
    let name = name_of(command);
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    ensure!(status.success(), "{name} failed ({status})");
    Ok(())
}

/// Runs a command to its end and returns what it printed; shows the end of that when it fails.
pub fn run_quietly(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let all = text + &String::from_utf8_lossy(&output.stderr);
        // wasm-opt prints whole functions before it says what is wrong with them.
        let lines: Vec<_> = all.lines().collect();
        let end = lines[lines.len().saturating_sub(30)..].join("\n");
        bail!("{name} failed ({})\n{end}", output.status);
    }
    Ok(text)
}

/// Does a step and says afterwards how long it took, when that was long enough to wonder.
pub fn timed<T>(what: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    say(what);
    let start = Instant::now();
    let done = step()?;
    let spent = start.elapsed();
    if spent > Duration::from_secs(2) {
        eprintln!("  took {:.0} s", spent.as_secs_f64());
    }
    Ok(done)
}

/// Ends a process group, and returns when all of it is gone; what does not go within 5 seconds is killed. `reap` is
/// called while waiting: a parent has to take note of its child's end.
pub fn end_group(leader: u32, mut reap: impl FnMut()) {
    let Ok(group) = i32::try_from(leader).map(Pid::from_raw) else {
        return;
    };
    let mut signal = Signal::SIGTERM;
    let mut deadline = Instant::now() + Duration::from_secs(5);
    while killpg(group, signal) != Err(Errno::ESRCH) {
        reap();
        if Instant::now() > deadline {
            signal = Signal::SIGKILL;
            deadline = Instant::now() + Duration::from_secs(5);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// The program and its first arguments: enough to recognise the call in an error.
fn name_of(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let mut name = program.rsplit('/').next().unwrap_or(&program).to_owned();
    for argument in command.get_args().take(4) {
        name.push(' ');
        name.push_str(&argument.to_string_lossy());
    }
    name
}
