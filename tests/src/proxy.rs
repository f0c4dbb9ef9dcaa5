use crate::{Deployment, poll, server};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// A proxy of others before an API, which asks the deployment about every request, with the configuration that the docs
/// show: only addresses are put in, and what keeps one machine's copies apart.
pub struct Proxy {
    process: Child,
    url: String,
    /// Holds its configuration and its files for as long as it runs.
    _folder: TempDir,
}

/// The addresses in the configurations of docs/forward-auth.
const GATEHOUSE: &str = "gatehouse.example.com";
const API: &str = "127.0.0.1:9000";

impl Proxy {
    /// Starts nginx; `api` is the address of the API behind it.
    pub fn nginx(api: &str) -> Self {
        Self::start(api, "nginx.conf", |text, port, folder| {
            let folder = folder.display();
            let own = format!(
                "pid {folder}/pid; daemon off; error_log stderr;\nhttp {{ access_log off; client_body_temp_path \
                 {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path \
                 {folder}/u; scgi_temp_path {folder}/s;"
            );
            (
                replace(&replace(&text, "http {", &own), "listen 80;", &format!("listen 127.0.0.1:{port};")),
                vec!["nginx".to_owned(), "-e".into(), "stderr".into(), "-c".into()],
            )
        })
    }

    /// Starts Caddy; `api` is the address of the API behind it.
    pub fn caddy(api: &str) -> Self {
        Self::start(api, "Caddyfile", |text, port, _| {
            let own = format!("{{\n\tadmin off\n}}\nhttp://127.0.0.1:{port} {{");
            let command = ["caddy", "run", "--adapter", "caddyfile", "--config"];
            (replace(&text, "api.example.com {", &own), command.map(str::to_owned).to_vec())
        })
    }

    fn start(api: &str, name: &str, adapt: impl Fn(String, u16, &Path) -> (String, Vec<String>)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let source = server::repository().join("docs/forward-auth").join(name);
        let text = fs::read_to_string(&source).expect("the configuration that the docs show");
        let text = replace(&text, &format!("https://{GATEHOUSE}"), &format!("http://{GATEHOUSE}"));
        let text = replace(&replace(&text, GATEHOUSE, &Deployment::authority()), API, api);
        let port = server::free_port();
        let (text, command) = adapt(text, port, folder.path());
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a written configuration");
        let process = Command::new(&command[0])
            .args(&command[1..])
            .arg(&path)
            // What Caddy keeps goes with the test.
            .env("HOME", folder.path())
            .env("XDG_CONFIG_HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test --only system` installs it", command[0]));
        let mut proxy = Self { process, url: format!("http://127.0.0.1:{port}"), _folder: folder };
        if let Err(error) = poll(Duration::from_secs(30), || proxy.answers()) {
            panic!("{}: {error}", command[0]);
        }
        proxy
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn authority(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    fn answers(&mut self) -> Result<(), String> {
        if let Ok(Some(status)) = self.process.try_wait() {
            panic!("the proxy ended by itself ({status})");
        }
        std::net::TcpStream::connect(self.authority()).map(drop).map_err(|error| error.to_string())
    }
}

impl Drop for Proxy {
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
fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the configuration of the docs no longer has {from}");
    text.replace(from, to)
}
