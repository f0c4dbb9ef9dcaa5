//! The proxies of docs/self-hosting, which end TLS before a deployment on this machine.

use crate::{
    program::run,
    proxy_process::{ProxyProcess, nginx_apart, replace},
    repository::repository,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A proxy with the configuration that the docs show: only addresses, the certificate and what keeps one machine's copies
/// apart are put in.
pub struct TlsProxy(ProxyProcess);

/// The address of the deployment in the configurations.
const GATEHOUSE: &str = "127.0.0.1:8787";

impl TlsProxy {
    /// Starts nginx on a port of localhost, before a deployment.
    pub fn nginx(port: u16, deployment: &str) -> Self {
        Self::start("nginx.conf", port, |text, folder| {
            let shown = folder.display();
            let own = nginx_apart(folder);
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
        let text = fs::read_to_string(repository().join("docs/self-hosting").join(name)).expect(name);
        let (text, command) = adapt(text, folder.path());
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        let file = path.to_string_lossy().into_owned();
        let command: Vec<String> = command.into_iter().map(str::to_owned).chain([file]).collect();
        Self(ProxyProcess::start(&command, folder, &format!("127.0.0.1:{port}")))
    }

    /// What its clients have to trust.
    pub fn certificate(&self) -> PathBuf {
        self.0.folder().join("cert.pem")
    }
}
