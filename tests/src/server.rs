use crate::{Deployment, poll};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{
    env,
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A deployment of the test's own, for what would disturb the others: the same build and secrets, other data, and
/// accounts that are approved as soon as they apply.
pub struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Starts on a folder, which may hold what an earlier one left, and waits until it answers.
    pub fn start(data: &Path) -> Self {
        let root = repository();
        let config = root.join("dist/worker-test.toml");
        assert!(config.exists(), "{} is missing: `cargo xtask test --only system` makes it", config.display());
        let tools = root.join("node_modules/.bin");
        let mut path = vec![tools.clone()];
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let port = free_port();
        let process = Command::new(tools.join("wrangler"))
            .current_dir(&root)
            .arg("dev")
            .arg("--config")
            .arg(config)
            .arg("--config")
            .arg(root.join("sample-api/wrangler.toml"))
            .args(["--ip", "127.0.0.1", "--port", &port.to_string()])
            .args(["--inspector-port", "0", "--local-protocol", "http"])
            .args(["--show-interactive-dev-session=false", "--log-level", "error"])
            .args(["--var", "APPROVAL:auto"])
            .arg("--persist-to")
            .arg(data.join("state"))
            .arg("--env-file")
            .arg(Path::new(&Deployment::data()).join("secrets.env"))
            .env("PATH", env::join_paths(path).expect("a path"))
            .env("CI", "1")
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
            .env("WRANGLER_SEND_ERROR_REPORTS", "false")
            .env("WRANGLER_SEND_METRICS", "false")
            .env("WRANGLER_REGISTRY_PATH", data.join("registry"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("wrangler, as `cargo xtask` installs it");
        let mut server = Self { process, url: format!("http://127.0.0.1:{port}") };
        if let Err(error) = poll(Duration::from_secs(90), || server.answers()) {
            panic!("the server: {error}");
        }
        server
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it in the middle of whatever it does, as a power cut would.
    pub fn kill(mut self) {
        self.end();
    }

    fn answers(&mut self) -> Result<(), String> {
        if let Ok(Some(status)) = self.process.try_wait() {
            panic!("wrangler ended by itself ({status})");
        }
        let answer = ureq::get(format!("{}/healthz", self.url)).call();
        answer.map(drop).map_err(|error| error.to_string())
    }

    fn end(&mut self) {
        if let Ok(group) = i32::try_from(self.process.id()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// The repository that the test runs from.
fn repository() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").expect("run by cargo");
    Path::new(&manifest).parent().expect("tests/ lies in the repository").to_owned()
}

/// A port that nothing listens on. Another program could take it before the caller does; that fails the test then.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("its address").port()
}
