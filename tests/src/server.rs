//! A server of a test, with settings and data of its own.

use crate::{PATIENCE, TestDeployment, poll};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{
    env, fs,
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
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
        Self::start_with(data, &[])
    }

    /// As [`Self::start`], with variables set.
    pub fn start_with(data: &Path, variables: &[(&str, &str)]) -> Self {
        let config = repository().join("dist/worker-test.toml");
        assert!(config.exists(), "{} is missing: `cargo xtask test --only system` makes it", config.display());
        let tested = TestDeployment::data();
        let mut wrangler = wrangler(data, &data.join("registry"));
        wrangler
            .arg("--config")
            .arg(config)
            .arg("--config")
            .arg(Path::new(&tested).join("sample-api.toml"))
            .args(["--var", "APPROVAL:auto"])
            .args(variables.iter().flat_map(|(name, value)| ["--var".to_owned(), format!("{name}:{value}")]))
            .arg("--persist-to")
            .arg(data.join("state"))
            .arg("--env-file")
            .arg(Path::new(&tested).join("secrets.env"));
        Self::run(wrangler, "/healthz")
    }

    /// Starts another Worker of the repository, which finds the deployment that is tested by its service binding.
    pub fn beside(config: &str, data: &Path) -> Self {
        let mut wrangler = wrangler(data, &Path::new(&TestDeployment::data()).join("registry"));
        wrangler.arg("--config").arg(repository().join(config)).arg("--persist-to").arg(data);
        Self::run(wrangler, "/")
    }

    /// Runs it, and waits until it answers there.
    pub(crate) fn run(mut wrangler: Command, path: &str) -> Self {
        let port = free_port();
        let process = wrangler
            .args(["--port", &port.to_string()])
            .process_group(0)
            .spawn()
            .expect("wrangler, as `cargo xtask` installs it");
        let mut server = Self { process, url: format!("http://127.0.0.1:{port}") };
        if let Err(error) = poll(Duration::from_secs(90), || server.answers(path)) {
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

    fn answers(&mut self, path: &str) -> Result<(), String> {
        if let Ok(Some(status)) = self.process.try_wait() {
            panic!("wrangler ended by itself ({status})");
        }
        let agent = ureq::Agent::new_with_defaults();
        let request = agent
            .get(format!("{}{path}", self.url))
            .config()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build();
        request.call().map(drop).map_err(|error| error.to_string())
    }

    fn end(&mut self) {
        let Ok(group) = i32::try_from(self.process.id()).map(Pid::from_raw) else { return };
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.process.wait();
        // workerd is wrangler's child, not ours to wait for: a killed process takes a moment to be gone.
        let _ = poll(Duration::from_secs(5), || match killpg(group, None) {
            Err(_) => Ok(()),
            Ok(()) => Err("still there".to_owned()),
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// wrangler's local server, quiet and offline; Workers find each other by the registry. Its temporary files lie in the
/// data folder and go with it: a killed wrangler removes none.
pub(crate) fn wrangler(data: &Path, registry: &Path) -> Command {
    let temporary = data.join("tmp");
    fs::create_dir_all(&temporary).expect("a folder for temporary files");
    let tools = repository().join("node_modules/.bin");
    let mut path = vec![tools.clone()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let mut command = Command::new(tools.join("wrangler"));
    command
        .current_dir(repository())
        .args(["dev", "--ip", "127.0.0.1", "--inspector-port", "0", "--local-protocol", "http"])
        .args(["--show-interactive-dev-session=false", "--log-level", "error"])
        .env("PATH", env::join_paths(path).expect("a path"))
        .env("CI", "1")
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        .env("WRANGLER_SEND_ERROR_REPORTS", "false")
        .env("WRANGLER_SEND_METRICS", "false")
        // As `cargo xtask serve` has it.
        .env("X_LOCAL_OBSERVABILITY", "false")
        .env("X_LOCAL_EXPLORER", "false")
        .env("WRANGLER_REGISTRY_PATH", registry)
        .env("TMPDIR", temporary)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// The repository that the test runs from.
pub(crate) fn repository() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").expect("run by cargo");
    Path::new(&manifest).parent().expect("tests/ lies in the repository").to_owned()
}

/// A port that nothing listens on, outside the range from which the system draws: between this and the server's start
/// another program would take one of those. Each process of the tests has a few of its own.
pub(crate) fn free_port() -> u16 {
    const FIRST: u16 = 20_000;
    const OF_A_PROCESS: u16 = 16;
    const PROCESSES: u32 = 750;
    let own = FIRST + (process::id() % PROCESSES) as u16 * OF_A_PROCESS;
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let mut ports = std::iter::repeat_with(|| own + TAKEN.fetch_add(1, Ordering::Relaxed) % OF_A_PROCESS);
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    ports.by_ref().take(usize::from(OF_A_PROCESS)).find(is_free).expect("a port")
}
