//! A chromedriver of one's own, and the few commands of WebDriver that the tests need: plain JSON over HTTP
//! (W3C WebDriver §6), said directly.

use crate::{PATIENCE, poll, server::free_port};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::{Value, json};
use std::{
    net::TcpStream,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use ureq::Agent;

/// Headless Chromium with one window, ended when this is dropped.
pub(super) struct Driver {
    process: Child,
    agent: Agent,
    /// Where the session's commands go.
    base: String,
    /// The user's data and downloads: fresh for each.
    home: TempDir,
}

impl Driver {
    pub fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .env("HOME", home.path())
            .env("TMPDIR", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, with the browser in it, so that both can be ended together.
            .process_group(0)
            .spawn()
            .expect("chromedriver on PATH (Debian: apt-get install chromium chromium-driver)");
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .into();
        let mut driver = Self { process, agent, base: format!("http://127.0.0.1:{port}/session"), home };
        let listening = poll(PATIENCE, || TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string()));
        listening.expect("chromedriver listens");
        // Two browsers that start at the same moment on a small machine can be too slow for chromedriver's own limit.
        let session = poll(PATIENCE, || driver.command("POST", "", Some(driver.capabilities())));
        let session = session.expect("a browser");
        let id = session["sessionId"].as_str().expect("a session").to_owned();
        driver.base = format!("{}/{id}", driver.base);
        driver
    }

    fn capabilities(&self) -> Value {
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // Its warnings about passwords in known leaks would lie over the page.
            "--disable-features=PasswordLeakDetection",
            "--window-size=1280,900",
            "--lang=en-GB",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", self.home.path().join("profile").display()));
        json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments, "prefs": { "credentials_enable_service": false } },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 60_000, "pageLoad": 60_000 },
        } } })
    }

    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    pub fn get(&self, path: &str) -> Result<Value, String> {
        self.command("GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        self.command("POST", path, Some(body))
    }

    /// Says a command of the Chrome DevTools Protocol.
    pub fn devtools(&self, command: &str, params: Value) -> Result<Value, String> {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": params }))
    }

    /// The value of the answer, or what went wrong.
    fn command(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, String> {
        let url = format!("{}{path}", self.base);
        let sent = match (method, body) {
            ("POST", body) => self.agent.post(&url).send_json(body.unwrap_or_else(|| json!({}))),
            ("DELETE", _) => self.agent.delete(&url).call(),
            _ => self.agent.get(&url).call(),
        };
        let mut answer = sent.map_err(|error| format!("chromedriver: {error}"))?;
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string();
        let mut answer: Value = serde_json::from_str(&text.map_err(|error| error.to_string())?)
            .map_err(|error| format!("chromedriver: {error}"))?;
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(error) => {
                let message = value["message"].as_str().unwrap_or_default().lines().next().unwrap_or_default();
                Err(format!("{error}: {message}"))
            }
            None => Ok(value),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.command("DELETE", "", None);
        if let Ok(group) = i32::try_from(self.process.id()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = self.process.wait();
    }
}
