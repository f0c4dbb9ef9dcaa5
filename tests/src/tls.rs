//! The proxies of docs/self-hosting, which end TLS before a deployment on this machine.

use crate::{poll, program::run, server};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// A proxy with the configuration that the docs show: only addresses, the certificate and what keeps one machine's copies
/// apart are put in.
pub struct TlsProxy {
    process: Child,
    folder: TempDir,
}

/// The address of the deployment in the configurations.
const GATEHOUSE: &str = "127.0.0.1:8787";

impl TlsProxy {
    /// Starts nginx on a port of localhost, before a deployment.
    pub fn nginx(port: u16, deployment: &str) -> Self {
        Self::start("nginx.conf", port, |text, folder| {
            let shown = folder.display();
            let own = format!(
                "pid {shown}/pid; daemon off; error_log stderr;\nhttp {{ access_log off; client_body_temp_path \
                 {shown}/body; proxy_temp_path {shown}/proxy; fastcgi_temp_path {shown}/f; uwsgi_temp_path {shown}/u; \
                 scgi_temp_path {shown}/s;"
            );
            let text = [
                ("http {", own.as_str()),
                ("listen 443 ssl", &format!("listen 127.0.0.1:{port} ssl")),
                ("server_name api.example.com", "server_name localhost"),
                ("/etc/ssl/api.example.com.pem", &format!("{shown}/cert.pem")),
                ("/etc/ssl/api.example.com.key", &format!("{shown}/key.pem")),
                (GATEHOUSE, deployment),
            ]
            .iter()
            .fold(text, |text, (from, to)| replace(&text, from, to));
            (text, vec!["nginx", "-e", "stderr", "-c"])
        })
    }

    /// Starts Caddy on a port of localhost, before a deployment.
    pub fn caddy(port: u16, deployment: &str) -> Self {
        Self::start("Caddyfile", port, |text, folder| {
            let shown = folder.display();
            let own = format!(
                "{{\n\tadmin off\n\tauto_https disable_redirects\n}}\nhttps://localhost:{port} {{\n\tbind 127.0.0.1\n\ttls \
                 {shown}/cert.pem {shown}/key.pem"
            );
            let text = replace(&replace(&text, "api.example.com {", &own), GATEHOUSE, deployment);
            (text, vec!["caddy", "run", "--adapter", "caddyfile", "--config"])
        })
    }

    fn start(name: &str, port: u16, adapt: impl Fn(String, &Path) -> (String, Vec<&'static str>)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        run(Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
            .args(["-addext", "subjectAltName=DNS:localhost", "-keyout"])
            .arg(folder.path().join("key.pem"))
            .arg("-out")
            .arg(folder.path().join("cert.pem")));
        let text = fs::read_to_string(server::repository().join("docs/self-hosting").join(name)).expect(name);
        let (text, command) = adapt(text, folder.path());
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        let process = Command::new(command[0])
            .args(&command[1..])
            .arg(&path)
            .env("HOME", folder.path().join("home"))
            .env("XDG_CONFIG_HOME", folder.path().join("home"))
            .env("XDG_DATA_HOME", folder.path().join("home"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test --only system` installs it", command[0]));
        let mut proxy = Self { process, folder };
        let answers = || match proxy.process.try_wait() {
            Ok(Some(status)) => panic!("{name}: it ended by itself ({status})"),
            _ => std::net::TcpStream::connect(("127.0.0.1", port)).map(drop).map_err(|error| error.to_string()),
        };
        if let Err(error) = poll(Duration::from_secs(30), answers) {
            panic!("{name}: {error}");
        }
        proxy
    }

    /// What its clients have to trust.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }
}

impl Drop for TlsProxy {
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
