//! The Workers that are compared, and the configuration of one workerd that runs them all.

use crate::{
    build::{self, Mode, PRODUCT},
    workspace::Workspace,
};
use anyhow::Result;
use gatehouse::{
    assemble::{assemble, copy_all},
    description::read_description,
    engine::{
        config::{self, Binding, Class, Config, Kind, Module},
        services::{KV_BINDING, UPSTREAM, disk, modules, object_bindings, object_classes},
    },
    files::{copy, files_below, write},
    process::run,
};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
};

/// A Worker of ours or somebody else's, with a socket for each of its entry points.
pub struct Service {
    pub name: String,
    /// Its modules, the main one first.
    modules: Modules,
    bindings: Vec<Binding>,
    /// Its Durable Object classes.
    classes: Vec<Class>,
}

enum Modules {
    /// One file of bench/, bundled.
    Peer(&'static str),
    /// `gate.js` of bench/ and the Worker that is deployed.
    Gatehouse,
}

/// What a deployment is given; the secrets are of this run alone.
pub struct Secrets {
    pub master_keys: String,
    pub operator_password: String,
    pub upstream_key: String,
}

/// Every Worker of the comparison, with a static reply for each of so many rows.
pub fn all(secrets: &Secrets, javascript_token: &str, rows: usize) -> Vec<Service> {
    let mut services = vec![
        with_objects("kv", "STORE", "Store"),
        peer("static", vec![]),
        peer("refusal", vec![]),
        peer("header", vec![]),
        peer("checked", vec![]),
        peer("check", vec![Binding::text("TOKEN", javascript_token)]),
        peer("hono", vec![Binding::kv("KV", "kv")]),
        peer("provider", vec![Binding::kv("OAUTH_KV", "kv")]),
        with_objects("object", "RECORDER", "Recorder"),
        peer("forward", vec![Binding::service(UPSTREAM, "static")]),
        peer("told", vec![Binding::service(UPSTREAM, "static")]),
        gatehouse(FIRST, "static", secrets, &[]),
        gatehouse("gatehouse-writes", "static", secrets, &[("NONCES", "writes")]),
        gatehouse("gatehouse-cold", "static", secrets, &[("MEMORY_SECONDS", "0")]),
        peer("sample", vec![Binding::text("UPSTREAM_KEY", &secrets.upstream_key)]),
        gatehouse(BEFORE_SAMPLE, "sample", secrets, &[("UPSTREAM_KEY", &secrets.upstream_key)]),
    ];
    services.extend((0..rows).map(|row| Service { name: beside(row), ..peer("static", vec![]) }));
    services
}

/// One file of bench/, which the Worker is called after.
fn peer(file: &'static str, bindings: Vec<Binding>) -> Service {
    Service { name: file.to_owned(), modules: Modules::Peer(file), bindings, classes: Vec::new() }
}

/// One that keeps something in objects of its own.
fn with_objects(file: &'static str, binding: &str, class: &str) -> Service {
    let bindings = vec![Binding::Objects { name: binding.to_owned(), class: class.to_owned(), service: None }];
    let classes = vec![Class { name: class.to_owned(), key: file.to_owned() }];
    Service { classes, ..peer(file, bindings) }
}

/// The name of the static reply that runs beside a row and nothing else: what V8 collects of one Worker's garbage, in
/// fifths of a second at a time, is to fall on the row that made it.
pub fn beside(row: usize) -> String {
    format!("static-beside-{row}")
}

/// The one before the sample API, which signs what it tells it.
pub const BEFORE_SAMPLE: &str = "gatehouse-sample";

/// The one whose objects the others use.
const FIRST: &str = "gatehouse";

/// The Worker before an API, under some settings.
fn gatehouse(name: &str, upstream: &str, secrets: &Secrets, variables: &[(&str, &str)]) -> Service {
    let is_first = name == FIRST;
    let mut bindings = vec![
        Binding::kv(KV_BINDING, "kv"),
        Binding::service(UPSTREAM, upstream),
        Binding::text("MASTER_KEYS", &secrets.master_keys),
        Binding::text("OPERATOR_PASSWORD", &secrets.operator_password),
    ];
    bindings.extend(variables.iter().chain(&[("APPROVAL", "auto")]).map(|(name, value)| Binding::text(name, value)));
    bindings.extend(object_bindings((!is_first).then_some(FIRST)));
    let classes = if is_first { object_classes() } else { Vec::new() };
    Service { name: name.to_owned(), modules: Modules::Gatehouse, bindings, classes }
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
            Modules::Peer(_) if service.classes.is_empty() => &[None],
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
    let api = read_description(&workspace.root.join("api.toml"))?;
    let folder = directory.join("assembled");
    let assembled = assemble(&build::built(workspace, &PRODUCT)?, &api, &folder)?;
    let worker = directory.join("gatehouse");
    copy_all(&assembled.worker, &worker)?;
    copy(&workspace.root.join("bench/gate.js"), &worker.join("gate.js"))
}

/// Writes the configuration that serves some services on some sockets.
pub fn write_config(directory: &Path, data: &Path, services: &[Service], sockets: &[Socket]) -> Result<PathBuf> {
    let mut config = Config::default();
    for service in services {
        let modules = match service.modules {
            Modules::Peer(file) => vec![Module { name: format!("{file}.js"), path: format!("{file}.js") }],
            Modules::Gatehouse => modules(&directory.join("gatehouse"), "gatehouse", "gate.js")?,
        };
        let storage = (!service.classes.is_empty()).then(|| DISK.to_owned());
        let (bindings, classes) = (service.bindings.clone(), service.classes.clone());
        let worker = config::Worker { modules, bindings, classes, storage, outbound: None };
        config.services.push(config::Service { name: service.name.clone(), kind: Kind::Worker(worker) });
    }
    config.services.push(disk(DISK, data.to_owned(), true));
    for (number, Socket { service, entrypoint, port }) in sockets.iter().enumerate() {
        config.sockets.push(config::Socket {
            name: format!("s{number}"),
            address: Some(format!("127.0.0.1:{port}")),
            service: service.clone(),
            entrypoint: entrypoint.map(str::to_owned),
        });
    }
    let path = directory.join("config.capnp");
    write(&path, config.to_string().as_bytes())?;
    Ok(path)
}

const DISK: &str = "disk";
