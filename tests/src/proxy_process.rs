//! A proxy of others as a process of a test.

use crate::poll;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// Runs as long as this lives; its configuration and its files go with it.
pub(crate) struct ProxyProcess {
    process: Child,
    folder: TempDir,
}

impl ProxyProcess {
    /// Starts a command, and waits until something listens at the address.
    pub fn start(command: &[String], folder: TempDir, address: &str) -> Self {
        let home = folder.path().join("home");
        let process = Command::new(&command[0])
            .args(&command[1..])
            // What they keep goes with the test; and none of them finds its file as the one of the whole machine.
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", &home)
            .env("XDG_DATA_HOME", &home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test --only system` installs it", command[0]));
        let mut started = Self { process, folder };
        if let Err(error) = poll(Duration::from_secs(30), || started.answers(address)) {
            panic!("{}: {error}", command[0]);
        }
        started
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn answers(&mut self, address: &str) -> Result<(), String> {
        if let Ok(Some(status)) = self.process.try_wait() {
            panic!("the proxy ended by itself ({status})");
        }
        std::net::TcpStream::connect(address).map(drop).map_err(|error| error.to_string())
    }
}

impl Drop for ProxyProcess {
    fn drop(&mut self) {
        // So that nginx ends its workers as well.
        if let Ok(process) = i32::try_from(self.process.id()) {
            let _ = kill(Pid::from_raw(process), Signal::SIGTERM);
        }
        let _ = self.process.wait();
    }
}

/// Replaces what must be there.
#[track_caller]
pub(crate) fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the configuration of the docs no longer has {from}");
    text.replace(from, to)
}

/// What keeps one machine's copies of nginx apart, in place of the line that begins its `http` block.
pub(crate) fn nginx_apart(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "pid {folder}/pid; daemon off; error_log stderr;\nhttp {{ access_log off; client_body_temp_path {folder}/body; \
         proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path \
         {folder}/s;"
    )
}
