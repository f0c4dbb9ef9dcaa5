//! Running other programs, and saying what is going on.

use anyhow::{Context, Result, bail, ensure};
use nix::{
    errno::Errno,
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{
    io::{self, Write},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Set by Ctrl-C and SIGTERM.
#[derive(Clone)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Takes note of the signals that end a program, from now on.
pub fn stop_signal() -> Result<StopSignal> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in signal_hook::consts::TERM_SIGNALS {
        // The second signal ends the program at once, should the orderly way out hang.
        signal_hook::flag::register_conditional_shutdown(*signal, 1, Arc::clone(&flag))?;
        signal_hook::flag::register(*signal, Arc::clone(&flag))?;
    }
    Ok(StopSignal(flag))
}

/// Announces a step on standard error.
pub fn say(text: impl AsRef<str>) {
    // Where nobody can be told, the work goes on.
    let _ = writeln!(io::stderr(), "\x1b[1m›\x1b[0m {}", text.as_ref());
}

/// Waits before another program is looked at again.
#[expect(clippy::disallowed_methods, reason = "other programs do not tell when they are ready")]
pub fn pause(duration: Duration) {
    thread::sleep(duration);
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
        let _ = writeln!(io::stderr(), "  took {:.0} s", spent.as_secs_f64());
    }
    Ok(done)
}

/// A process of this machine.
pub struct Process {
    pub pid: u32,
    /// Its process group, by its leader's number.
    pub group: u32,
    /// Whether it has ended, and only its parent has not taken note yet.
    pub is_over: bool,
    pub arguments: String,
}

/// Lists every process of this machine that can be seen. `ps` is asked since it knows process groups, on Linux and
/// macOS alike.
pub fn processes() -> Result<Vec<Process>> {
    let listed = run_quietly(Command::new("ps").args(["-A", "-ww", "-o", "pid=,pgid=,stat=,args="]))
        .context("processes can't be listed (Debian and Ubuntu: apt-get install procps)")?;
    let read = |line: &str| {
        let (pid, rest) = line.trim_start().split_once(' ')?;
        let (group, rest) = rest.trim_start().split_once(' ')?;
        let (state, arguments) = rest.trim_start().split_once(' ')?;
        let is_over = state.starts_with('Z');
        Some(Process { pid: pid.parse().ok()?, group: group.parse().ok()?, is_over, arguments: arguments.to_owned() })
    };
    Ok(listed.lines().filter_map(read).collect())
}

/// For how long a process may go on that is told to stop: longer than a server gives requests that are under way.
const PATIENCE: Duration = Duration::from_secs(15);

/// Ends a process group, and returns when all of it is over; what does not go in its time is killed. `reap` is
/// called while waiting: a parent has to take note of its child's end.
pub fn end_group(leader: u32, mut reap: impl FnMut()) {
    let Ok(group) = i32::try_from(leader).map(Pid::from_raw) else {
        return;
    };
    // Once: a program may take a second signal for impatience.
    let mut signal = Some(Signal::SIGTERM);
    let mut deadline = Instant::now() + PATIENCE;
    while killpg(group, signal.take()) != Err(Errno::ESRCH) {
        reap();
        // In a container there may be nobody to take note of an orphan's end: it stays in the list for good.
        let is_over = |all: Vec<Process>| all.iter().all(|process| process.group != leader || process.is_over);
        if processes().is_ok_and(is_over) {
            reap();
            return;
        }
        if Instant::now() > deadline {
            signal = Some(Signal::SIGKILL);
            deadline = Instant::now() + PATIENCE;
        }
        pause(Duration::from_millis(50));
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::CommandExt;

    #[test]
    fn the_end_of_a_group_that_nobody_takes_note_of_is_seen() {
        let mut child = Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        end_group(child.id(), || ());
        let left = processes().unwrap().into_iter().find(|process| process.pid == child.id());
        assert!(left.is_some_and(|process| process.is_over), "it is waited for only now");
        assert!(!child.wait().unwrap().success());
    }
}
