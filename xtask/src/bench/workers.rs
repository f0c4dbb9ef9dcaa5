//! The Workers that are compared, and the configuration of one workerd that runs them all.

use crate::{
    build::{self, Mode, PRODUCT},
    process::run,
    workspace::{Workspace, files_below},
};
use anyhow::Result;
use std::{
    fmt::Write,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

/// As in wrangler.toml.
const COMPATIBILITY_DATE: &str = "2026-10-23";

/// A Worker of ours or somebody else's, with a socket for each of its entry points.
pub struct Service {
    pub name: String,
    /// Its modules, the main one first.
    modules: Modules,
    /// Bindings in the configuration's own language.
    bindings: String,
    /// Durable Object classes, with what their objects are kept under.
    objects: &'static [(&'static str, &'static str)],
}

enum Modules {
    /// One file of bench/, bundled.
    Peer(&'static str),
    /// `gate.js` of bench/ and the Worker that is deployed.
    Gatehouse,
}

const GATE_OBJECTS: &[(&str, &str)] = &[
    ("Account", "account"),
    ("DeveloperAccount", "developer-account"),
    ("NameRegistry", "directory"),
    ("AppTraffic", "app-gate"),
    ("ProjectQuota", "project-gate"),
    ("AccountIndex", "account-index"),
    ("AuditMonth", "audit-month"),
    ("AuditIndex", "audit-index"),
];

/// What a deployment is given; the secrets are of this run alone.
pub struct Secrets {
    pub master_keys: String,
    pub operator_password: String,
}

/// Every Worker of the comparison, with a static reply for each of so many rows.
pub fn all(secrets: &Secrets, javascript_token: &str, rows: usize) -> Vec<Service> {
    let peer = |file: &'static str, bindings: &str| Service {
        name: file.to_owned(),
        modules: Modules::Peer(file),
        bindings: bindings.to_owned(),
        objects: &[],
    };
    let mut services = vec![
        Service {
            objects: &[("Store", "kv")],
            ..peer("kv", "(name = \"STORE\", durableObjectNamespace = \"Store\"),")
        },
        peer("static", ""),
        peer("refusal", ""),
        peer("header", ""),
        peer("checked", ""),
        peer("check", &text("TOKEN", javascript_token)),
        peer("hono", &kv("KV")),
        peer("provider", &kv("OAUTH_KV")),
        Service {
            objects: &[("Recorder", "recorder")],
            ..peer("object", "(name = \"RECORDER\", durableObjectNamespace = \"Recorder\"),")
        },
        peer("forward", &upstream()),
        gatehouse("gatehouse", secrets, &[]),
        gatehouse("gatehouse-writes", secrets, &[("NONCES", "writes")]),
        gatehouse("gatehouse-cold", secrets, &[("MEMORY_SECONDS", "0")]),
    ];
    services.extend((0..rows).map(|row| Service { name: beside(row), ..peer("static", "") }));
    services
}

/// The name of the static reply that runs beside a row and nothing else: what V8 collects of one Worker's garbage, in
/// fifths of a second at a time, is to fall on the row that made it.
pub fn beside(row: usize) -> String {
    format!("static-beside-{row}")
}

/// The same Worker under other settings; what it keeps in objects is kept by the first.
fn gatehouse(name: &'static str, secrets: &Secrets, variables: &[(&str, &str)]) -> Service {
    let is_first = name == "gatehouse";
    let mut bindings = kv("GATEHOUSE_KV") + &upstream();
    bindings += &text("MASTER_KEYS", &secrets.master_keys);
    bindings += &text("OPERATOR_PASSWORD", &secrets.operator_password);
    for (name, value) in variables.iter().chain(&[("APPROVAL", "auto")]) {
        bindings += &text(name, value);
    }
    for (binding, class) in [
        ("ACCOUNT", "Account"),
        ("DEVELOPER_ACCOUNT", "DeveloperAccount"),
        ("NAME_REGISTRY", "NameRegistry"),
        ("APP_TRAFFIC", "AppTraffic"),
        ("PROJECT_QUOTA", "ProjectQuota"),
        ("ACCOUNT_INDEX", "AccountIndex"),
        ("AUDIT_MONTH", "AuditMonth"),
        ("AUDIT_INDEX", "AuditIndex"),
    ] {
        let elsewhere = if is_first { "" } else { ", serviceName = \"gatehouse\"" };
        let _ =
            write!(bindings, "(name = \"{binding}\", durableObjectNamespace = (className = \"{class}\"{elsewhere})),");
    }
    let objects = if is_first { GATE_OBJECTS } else { &[] };
    Service { name: name.to_owned(), modules: Modules::Gatehouse, bindings, objects }
}

fn text(name: &str, value: &str) -> String {
    format!("(name = \"{name}\", text = \"{value}\"),")
}

fn kv(name: &str) -> String {
    format!("(name = \"{name}\", kvNamespace = \"kv\"),")
}

fn upstream() -> String {
    "(name = \"UPSTREAM\", service = \"static\"),".to_owned()
}

/// A socket: a Worker, or one of its named entry points, on a port.
pub struct Socket {
    pub service: String,
    pub entrypoint: Option<&'static str>,
    pub port: u16,
}

/// The sockets of some services, on ports that were free just now.
pub fn sockets(services: &[Service]) -> Result<Vec<Socket>> {
    let mut sockets = Vec::new();
    let mut held = Vec::new();
    for service in services {
        let entrypoints: &[Option<&'static str>] = match service.modules {
            Modules::Gatehouse => &[None, Some("proxy"), Some("counter")],
            Modules::Peer(_) if service.objects.is_empty() => &[None],
            Modules::Peer(_) => &[None, Some("counter")],
        };
        for entrypoint in entrypoints {
            let listener = TcpListener::bind(("127.0.0.1", 0))?;
            sockets.push(Socket {
                service: service.name.clone(),
                entrypoint: *entrypoint,
                port: listener.local_addr()?.port(),
            });
            held.push(listener);
        }
    }
    Ok(sockets)
}

/// Builds the Worker and puts all modules into the directory.
pub fn prepare(workspace: &Workspace, directory: &Path) -> Result<()> {
    build::build_worker(workspace, Mode::Release, &PRODUCT)?;
    let mut esbuild = workspace.npm_tool("esbuild")?;
    for file in files_below(&workspace.root.join("bench"))? {
        if !file.ends_with("gate.js") {
            esbuild.arg(workspace.root.join("bench").join(file));
        }
    }
    run(esbuild
        .args(["--bundle", "--format=esm", "--log-level=warning", "--external:cloudflare:*"])
        .args(["--target=esnext", "--conditions=workerd,worker"])
        .arg(format!("--outdir={}", directory.display())))?;
    let worker = workspace.dist().join(PRODUCT.name);
    for file in files_below(&worker)? {
        let to = directory.join("gatehouse").join(&file);
        fs::create_dir_all(to.parent().unwrap_or(directory))?;
        fs::copy(worker.join(&file), to)?;
    }
    fs::copy(workspace.root.join("bench/gate.js"), directory.join("gatehouse/gate.js"))?;
    Ok(())
}

/// Writes the configuration that serves some services on some sockets.
pub fn write_config(directory: &Path, data: &Path, services: &[Service], sockets: &[Socket]) -> Result<PathBuf> {
    let mut config = String::from(
        "using Workerd = import \"/workerd/workerd.capnp\";\nconst config :Workerd.Config = (\nservices = [\n",
    );
    for service in services {
        let mut modules = String::new();
        match service.modules {
            Modules::Peer(file) => {
                let _ = write!(modules, "(name = \"{file}.js\", esModule = embed \"{file}.js\")");
            }
            Modules::Gatehouse => {
                modules.push_str("(name = \"gate.js\", esModule = embed \"gatehouse/gate.js\")");
                for file in files_below(&directory.join("gatehouse"))? {
                    let name = file.display();
                    let kind = match file.extension().and_then(|extension| extension.to_str()) {
                        Some("js") if !file.ends_with("gate.js") => "esModule",
                        Some("wasm") => "wasm",
                        _ => continue,
                    };
                    let _ = write!(modules, ",\n  (name = \"{name}\", {kind} = embed \"gatehouse/{name}\")");
                }
            }
        }
        let _ = write!(
            config,
            "(name = \"{}\", worker = (modules = [{modules}],\n  compatibilityDate = \"{COMPATIBILITY_DATE}\", bindings = [{}]",
            service.name, service.bindings
        );
        if !service.objects.is_empty() {
            let classes = service
                .objects
                .iter()
                .map(|(class, key)| format!("(className = \"{class}\", uniqueKey = \"{key}\", enableSql = true)"));
            let _ = write!(
                config,
                ",\n  durableObjectNamespaces = [{}], durableObjectStorage = (localDisk = \"disk\")",
                classes.collect::<Vec<_>>().join(", ")
            );
        }
        config.push_str(")),\n");
    }
    let _ = write!(
        config,
        "(name = \"disk\", disk = (path = \"{}\", writable = true)),\n],\nsockets = [\n",
        data.display()
    );
    for (number, Socket { service, entrypoint, port }) in sockets.iter().enumerate() {
        let entrypoint = entrypoint.map(|name| format!(", entrypoint = \"{name}\"")).unwrap_or_default();
        let _ = writeln!(
            config,
            "(name = \"s{number}\", address = \"127.0.0.1:{port}\", http = (), service = (name = \"{service}\"{entrypoint})),"
        );
    }
    config.push_str("]);\n");
    let path = directory.join("config.capnp");
    fs::write(&path, config)?;
    Ok(path)
}
