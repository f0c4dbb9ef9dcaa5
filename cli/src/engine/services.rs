//! The services of a deployment on one machine: our Worker as it is deployed to Cloudflare, and what stands in for the
//! platform's own services.

use super::config::{Binding, Class, Config, Kind, Module, Service, Socket, Worker};
use crate::{
    assemble::{PAGE, with_ending},
    env_file::{Variables, find},
    files::{files_below, read},
};
use anyhow::{Context, Result, bail};
use gatehouse_domain::{ports::RateLimit, settings::table};
use gatehouse_shared::description::Upstream;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The Worker, as a service.
pub const GATEHOUSE: &str = "gatehouse";
/// The socket that requests come in by.
pub const SOCKET: &str = "http";
pub const KV: &str = "kv";
pub const KV_BINDING: &str = "GATEHOUSE_KV";
/// The service binding that the sample API answers.
pub const UPSTREAM: &str = "UPSTREAM";
const ASSETS: &str = "assets";
const LIMITS: &str = "limits";
const OBJECT_FILES: &str = "object-files";
const KV_FILES: &str = "kv-files";
const PORTAL_FILES: &str = "portal-files";
const NETWORK: &str = "network";
const SAMPLE_API: &str = "sample-api";

/// The Durable Object classes: the binding, and the class.
pub const OBJECTS: [(&str, &str); 8] = [
    ("ACCOUNT", "Account"),
    ("DEVELOPER_ACCOUNT", "DeveloperAccount"),
    ("NAME_REGISTRY", "NameRegistry"),
    ("APP_TRAFFIC", "AppTraffic"),
    ("PROJECT_QUOTA", "ProjectQuota"),
    ("ACCOUNT_INDEX", "AccountIndex"),
    ("AUDIT_MONTH", "AuditMonth"),
    ("AUDIT_INDEX", "AuditIndex"),
];

/// The stand-ins, by the files of platform/.
pub const PLATFORM: [(&str, &str); 4] = [
    ("kv.js", include_str!("../../../platform/kv.js")),
    ("kv_request.js", include_str!("../../../platform/kv_request.js")),
    ("limits.js", include_str!("../../../platform/limits.js")),
    ("assets.js", include_str!("../../../platform/assets.js")),
];

/// What a deployment consists of.
pub struct Deployment<'a> {
    /// The folder that has the modules and the portal, in `worker`, `platform`, `portal` and `sample-api`.
    pub assembled: &'a Path,
    /// Where that folder is when it runs.
    pub run: &'a Path,
    /// Where objects and KV are kept, each in a folder of its own.
    pub state: &'a Path,
    pub variables: &'a Variables,
    pub upstream: &'a Upstream,
    /// How many times as much every rate limit admits.
    pub limit_factor: u32,
}

impl Deployment<'_> {
    pub fn config(&self) -> Result<Config> {
        let has_sample_api = forwards_to_the_sample_api(self.upstream, self.variables)?;
        let mut services = vec![
            service(GATEHOUSE, self.gatehouse(has_sample_api)?),
            service(KV, kv()),
            service(LIMITS, stand_in("limits.js")),
            service(ASSETS, self.assets()?),
            disk(OBJECT_FILES, self.state.join("objects"), true),
            disk(KV_FILES, self.state.join("kv"), true),
            disk(PORTAL_FILES, self.run.join("portal"), false),
            Service { name: NETWORK.to_owned(), kind: Kind::Network },
        ];
        if has_sample_api {
            services.push(service(SAMPLE_API, self.sample_api()?));
        }
        let socket = Socket { name: SOCKET.to_owned(), address: None, service: GATEHOUSE.to_owned(), entrypoint: None };
        Ok(Config { services, sockets: vec![socket] })
    }

    fn gatehouse(&self, has_sample_api: bool) -> Result<Worker> {
        let modules = modules(&self.assembled.join("worker"), "worker", "entry.js")?;
        let mut worker = Worker { modules, outbound: Some(NETWORK.to_owned()), ..Worker::default() };
        worker.bindings.extend(object_bindings(None));
        worker.bindings.push(Binding::kv(KV_BINDING, KV));
        worker.bindings.push(Binding::service("ASSETS", ASSETS));
        worker.bindings.extend(RateLimit::ALL.map(|limit| self.limiter(limit)));
        if has_sample_api {
            worker.bindings.push(Binding::service(UPSTREAM, SAMPLE_API));
        }
        let names = self.variables.keys();
        worker.bindings.extend(names.map(|name| Binding::FromEnvironment { name: name.clone() }));
        worker.classes = object_classes();
        worker.storage = Some(OBJECT_FILES.to_owned());
        Ok(worker)
    }

    fn limiter(&self, limit: RateLimit) -> Binding {
        let name = limit.binding();
        Binding::Service {
            name: name.to_owned(),
            service: LIMITS.to_owned(),
            entrypoint: Some("Limiter".to_owned()),
            props: Some(json!({ "name": name, "limit": limit.a_minute() * self.limit_factor, "period": 60 })),
        }
    }

    fn assets(&self) -> Result<Worker> {
        let mut worker = stand_in("assets.js");
        worker.bindings = vec![
            Binding::service("FILES", PORTAL_FILES),
            Binding::Json { name: "MANIFEST".to_owned(), value: manifest(&self.assembled.join("portal"))? },
        ];
        Ok(worker)
    }

    fn sample_api(&self) -> Result<Worker> {
        let modules = modules(&self.assembled.join(SAMPLE_API), SAMPLE_API, "index.js")
            .context("`upstream` in api.toml is the sample API, which is not here: give the address of your API")?;
        let key = self.variables.contains_key("UPSTREAM_KEY");
        let bindings = key.then(|| Binding::FromEnvironment { name: "UPSTREAM_KEY".to_owned() });
        Ok(Worker { modules, bindings: bindings.into_iter().collect(), ..Worker::default() })
    }
}

/// Whether requests go to the sample API. Fails where they would go to another Worker: on one machine there is none.
pub fn forwards_to_the_sample_api(upstream: &Upstream, variables: &Variables) -> Result<bool> {
    if find(variables, table::UPSTREAM_URL.name).is_some() {
        return Ok(false);
    }
    match upstream {
        Upstream::Url(_) => Ok(false),
        Upstream::Service(name) if name == UPSTREAM => Ok(true),
        Upstream::Service(name) => bail!(
            "`upstream` in api.toml is the service {name}, which only Cloudflare has: give its address here, as \
             UPSTREAM_URL in the settings or as upstream = {{ url = \"…\" }}"
        ),
    }
}

/// The bindings of all Durable Object classes; `service` has them where it is another Worker.
pub fn object_bindings(service: Option<&str>) -> impl Iterator<Item = Binding> {
    OBJECTS.into_iter().map(move |(binding, class)| Binding::Objects {
        name: binding.to_owned(),
        class: class.to_owned(),
        service: service.map(str::to_owned),
    })
}

pub fn object_classes() -> Vec<Class> {
    OBJECTS.iter().map(|(_, class)| Class { name: (*class).to_owned(), key: (*class).to_owned() }).collect()
}

/// Workers KV, kept in one Durable Object.
fn kv() -> Worker {
    Worker {
        modules: ["kv.js", "kv_request.js"].map(stand_in_module).into(),
        bindings: vec![Binding::Objects { name: "STORE".to_owned(), class: "Store".to_owned(), service: None }],
        classes: vec![Class { name: "Store".to_owned(), key: KV.to_owned() }],
        storage: Some(KV_FILES.to_owned()),
        ..Worker::default()
    }
}

fn stand_in(file: &str) -> Worker {
    Worker { modules: vec![stand_in_module(file)], ..Worker::default() }
}

fn stand_in_module(file: &str) -> Module {
    Module { name: file.to_owned(), path: format!("platform/{file}") }
}

fn service(name: &str, worker: Worker) -> Service {
    Service { name: name.to_owned(), kind: Kind::Worker(worker) }
}

pub fn disk(name: &str, path: PathBuf, writable: bool) -> Service {
    Service { name: name.to_owned(), kind: Kind::Disk { path, writable } }
}

/// The modules in a folder, the main one first; a configuration finds them at `path`.
pub fn modules(folder: &Path, path: &str, main: &str) -> Result<Vec<Module>> {
    let files = files_below(folder)?;
    let is_module = |file: &&PathBuf| file.extension().is_some_and(|ending| ending == "js" || ending == "wasm");
    let names: Vec<String> = files.iter().filter(is_module).map(|file| file.display().to_string()).collect();
    if !names.iter().any(|name| name == main) {
        bail!("{} is missing", folder.join(main).display());
    }
    let (mut first, others): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| name == main);
    first.extend(others);
    Ok(first.into_iter().map(|name| Module { path: format!("{path}/{name}"), name }).collect())
}

/// What platform/assets.js has to know of each file: its type, its hash, and the encodings that lie beside it.
fn manifest(portal: &Path) -> Result<Value> {
    let mut manifest = Map::new();
    for file in files_below(portal)? {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if matches!(ending, "br" | "gz") {
            continue;
        }
        let path = portal.join(&file);
        let digest = base16ct::lower::encode_string(&Sha256::digest(read(&path)?));
        let encodings = [("br", "br"), ("gzip", "gz")].into_iter();
        let encodings = encodings.filter(|(_, ending)| with_ending(&path, ending).exists());
        let encodings: Vec<&str> = encodings.map(|(name, _)| name).collect();
        let entry = json!({ "type": media_type(ending), "etag": digest.get(..32), "encodings": encodings });
        manifest.insert(format!("/{}", file.display()), entry);
    }
    if !manifest.contains_key(&format!("/{PAGE}")) {
        bail!("{} is missing", portal.join(PAGE).display());
    }
    Ok(Value::Object(manifest))
}

fn media_type(ending: &str) -> &'static str {
    match ending {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "ico" => "image/vnd.microsoft.icon",
        _ => "application/octet-stream",
    }
}
