//! Proxies of others in front of an API: nginx, Caddy, Traefik and Envoy.

use crate::{
    TestDeployment,
    deployment::variable,
    proxy_process::{ProxyProcess, nginx_apart, replace},
    repository::repository,
    server,
};
use std::{fs, path::Path};

/// A proxy of others before an API, which asks the deployment about every request, with the configuration that the docs
/// show: only addresses are put in, and what keeps one machine's copies apart.
pub struct Proxy {
    url: String,
    /// Ends with this.
    _process: ProxyProcess,
}

/// The addresses in the configurations of docs/forward-auth.
const GATEHOUSE: &str = "gatehouse.example.com";
const API: &str = "127.0.0.1:9000";
/// Stands there for what the proxy proves itself with.
const SECRET: &str = "REPLACE-WITH-GATE_CHECK_SECRET";
/// Stands in a command for the file with the configuration.
const FILE: &str = "<file>";

impl Proxy {
    /// Starts nginx; `api` is the address of the API behind it.
    pub fn nginx(api: &str) -> Self {
        Self::start(api, "nginx.conf", |text, port, folder| {
            let own = nginx_apart(folder);
            let text =
                replace(&replace(&plain(&text), "http {", &own), "listen 80;", &format!("listen 127.0.0.1:{port};"));
            (text, ["nginx", "-e", "stderr", "-c", FILE].map(str::to_owned).to_vec())
        })
    }

    /// Starts Caddy; `api` is the address of the API behind it.
    pub fn caddy(api: &str) -> Self {
        Self::start(api, "Caddyfile", |text, port, _| {
            let own = format!("{{\n\tadmin off\n}}\nhttp://127.0.0.1:{port} {{");
            let command = ["caddy", "run", "--adapter", "caddyfile", "--config", FILE];
            (replace(&plain(&text), "api.example.com {", &own), command.map(str::to_owned).to_vec())
        })
    }

    /// Starts Traefik; `api` is the address of the API behind it.
    pub fn traefik(api: &str) -> Self {
        Self::start(api, "traefik.yml", |text, port, _| {
            let text = replace(&plain(&text), "      tls: {}\n", "");
            let text = replace(&text, "Host(`api.example.com`)", "PathPrefix(`/`)");
            let entry = format!("--entryPoints.websecure.address=127.0.0.1:{port}");
            let quiet = ["--global.checkNewVersion=false", "--global.sendAnonymousUsage=false", "--log.level=ERROR"];
            let file = format!("--providers.file.filename={FILE}");
            let command = [&packaged("traefik"), &entry, &file].map(String::clone).into_iter();
            (text, command.chain(quiet.map(str::to_owned)).collect())
        })
    }

    /// Starts Envoy; `api` is the address of the API behind it.
    pub fn envoy(api: &str) -> Self {
        let (api_host, api_port) = host_and_port(api);
        let authority = TestDeployment::authority();
        let (host, gatehouse_port) = host_and_port(&authority);
        Self::start(api, "envoy.yaml", |text, port, _| {
            let (tls, inner) = (text.find("      transport_socket:"), server::free_port());
            let text = text.get(..tls.expect("TLS to the gate")).unwrap_or_default();
            let text = [
                ("address: 0.0.0.0, port_value: 8080", format!("address: 127.0.0.1, port_value: {port}")),
                ("port_value: 8081", format!("port_value: {inner}")),
                ("127.0.0.1:8081", format!("127.0.0.1:{inner}")),
                ("address: 127.0.0.1, port_value: 9000", format!("address: {api_host}, port_value: {api_port}")),
                ("value: api.example.com", format!("value: \"127.0.0.1:{port}\"")),
                ("value: https", "value: http".to_owned()),
                (
                    "address: gatehouse.example.com, port_value: 443",
                    format!("address: {host}, port_value: {gatehouse_port}"),
                ),
                ("literal: gatehouse.example.com", format!("literal: \"{authority}\"")),
            ]
            .iter()
            .fold(text.to_owned(), |text, (from, to)| replace(&text, from, to));
            let command = ["-c", FILE, "--disable-hot-restart", "--concurrency", "1", "--log-level", "error"];
            (text, [packaged("envoy")].into_iter().chain(command.map(str::to_owned)).collect())
        })
    }

    fn start(api: &str, name: &str, adapt: impl Fn(String, u16, &Path) -> (String, Vec<String>)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let source = repository().join("docs/forward-auth").join(name);
        let text = fs::read_to_string(&source).expect("the configuration that the docs show");
        let text = replace(&text, SECRET, &TestDeployment::check_secret());
        let port = server::free_port();
        let (text, command) = adapt(text, port, folder.path());
        let path = folder.path().join(name);
        fs::write(&path, text.replace(API, api)).expect("a written configuration");
        let file = path.to_string_lossy();
        let command: Vec<String> = command.iter().map(|argument| argument.replace(FILE, &file)).collect();
        let process = ProxyProcess::start(&command, folder, &format!("127.0.0.1:{port}"));
        Self { _process: process, url: format!("http://127.0.0.1:{port}") }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn authority(&self) -> &str {
        self.url.trim_start_matches("http://")
    }
}

/// A program that a Python package brings, from where `cargo xtask test` installs them.
fn packaged(name: &str) -> String {
    let python = variable("GATEHOUSE_PYTHON");
    Path::new(&python).with_file_name(name).to_string_lossy().into_owned()
}

fn host_and_port(authority: &str) -> (String, String) {
    let (host, port) = authority.split_once(':').expect("a host and a port");
    (host.to_owned(), port.to_owned())
}

/// The gate's address in the configuration, without TLS.
#[track_caller]
fn plain(text: &str) -> String {
    let text = replace(text, &format!("https://{GATEHOUSE}"), &format!("http://{GATEHOUSE}"));
    replace(&text, GATEHOUSE, &TestDeployment::authority())
}
