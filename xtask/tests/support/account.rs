//! A Cloudflare account that answers as the real API does.

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    thread,
};
use tiny_http::{Header, Request, Response, Server};

/// One request that came.
#[derive(Debug, Clone)]
pub struct Call {
    /// Method and path, the query left out.
    pub line: String,
    pub query: String,
    /// The body, or the `metadata` part of an upload.
    pub body: Value,
}

/// What the account holds.
#[derive(Default)]
struct State {
    calls: Vec<Call>,
    /// Title by id.
    namespaces: BTreeMap<String, String>,
    /// Settings of an uploaded Worker by name.
    workers: BTreeMap<String, Value>,
    /// The latest deployment of a Preview by name; null before its first.
    previews: BTreeMap<String, Value>,
    made: usize,
    refused: Option<String>,
}

/// An account on loopback that answers as Cloudflare's API does, as far as a deployment asks, and records what it was
/// asked.
pub struct StandIn {
    url: String,
    state: Arc<Mutex<State>>,
}

impl StandIn {
    pub fn start() -> Self {
        let server = Server::http("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", server.server_addr());
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for request in server.incoming_requests() {
                answer(&shared, request);
            }
        });
        Self { url, state }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The calls so far, and forgets them.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.lock().calls)
    }

    pub fn namespaces(&self) -> Vec<String> {
        self.lock().namespaces.values().cloned().collect()
    }

    pub fn previews(&self) -> Vec<String> {
        self.lock().previews.keys().cloned().collect()
    }

    pub fn add_namespace(&self, title: &str) -> String {
        self.lock().make_namespace(title)
    }

    /// Puts a Worker there, with secrets of these names.
    pub fn add_worker(&self, name: &str, secrets: &[&str]) {
        let secrets = secrets.iter().map(|name| json!({ "type": "secret_text", "name": name }));
        let bindings = Value::Array(secrets.collect());
        self.lock().workers.insert(name.to_owned(), json!({ "bindings": bindings }));
    }

    /// Gives namespaces other titles.
    pub fn rename_namespaces(&self, titles: &[(&str, &str)]) {
        for title in self.lock().namespaces.values_mut() {
            if let Some((_, new)) = titles.iter().find(|(old, _)| old == title) {
                *title = (*new).to_owned();
            }
        }
    }

    /// Refuses from now on whatever path ends like this, as for a token that may not.
    pub fn refuse(&self, path_end: &str) {
        self.lock().refused = Some(path_end.to_owned());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no request has panicked")
    }
}

fn answer(state: &Mutex<State>, mut request: Request) {
    let url = request.url().to_owned();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let mut bytes = Vec::new();
    let _ = request.as_reader().read_to_end(&mut bytes);
    let line = format!("{} {path}", request.method());
    let body = read_body(&String::from_utf8_lossy(&bytes));
    let answer = {
        let mut state = state.lock().expect("no request has panicked");
        state.calls.push(Call { line, query: query.to_owned(), body: body.clone() });
        let method = request.method().to_string();
        let parts: Vec<_> = path.trim_start_matches('/').split('/').skip(2).collect();
        if state.refused.as_ref().is_some_and(|end| path.ends_with(end)) {
            Err((403, 10000))
        } else {
            state.answer(&method, &parts, &body)
        }
    };
    let (status, json) = match answer {
        Ok(result) => (200, json!({ "success": true, "errors": [], "messages": [], "result": result })),
        Err((status, code)) => {
            let errors = json!([{ "code": code, "message": format!("{url} is refused") }]);
            (status, json!({ "success": false, "errors": errors, "messages": [], "result": null }))
        }
    };
    let kind = Header::from_bytes("content-type", "application/json").expect("a header");
    let response = Response::from_string(json.to_string()).with_status_code(status).with_header(kind);
    let _ = request.respond(response);
}

/// JSON as it is; of a form the part `metadata`.
fn read_body(text: &str) -> Value {
    if let Ok(json) = serde_json::from_str(text) {
        return json;
    }
    let part = text.split_once("name=\"metadata\"").map(|(_, rest)| rest.trim_start_matches(['\r', '\n']));
    let line = part.and_then(|part| part.lines().find(|line| line.starts_with('{')));
    line.and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default()
}

const WORKER_NOT_FOUND: (u16, u64) = (404, 10007);
const PREVIEW_NOT_FOUND: (u16, u64) = (404, 10025);

impl State {
    fn answer(&mut self, method: &str, parts: &[&str], body: &Value) -> Result<Value, (u16, u64)> {
        match (method, parts) {
            ("GET", ["storage", "kv", "namespaces"]) => {
                let all = self.namespaces.iter().map(|(id, title)| json!({ "id": id, "title": title }));
                Ok(Value::Array(all.collect()))
            }
            ("POST", ["storage", "kv", "namespaces"]) => {
                let title = body["title"].as_str().unwrap_or_default().to_owned();
                let id = self.make_namespace(&title);
                Ok(json!({ "id": id, "title": title }))
            }
            ("DELETE", ["storage", "kv", "namespaces", id]) => {
                self.namespaces.remove(*id).map(|_| json!({})).ok_or((404, 10013))
            }
            ("POST", ["workers", "scripts", _, "assets-upload-session"]) => Ok(json!({ "jwt": "done", "buckets": [] })),
            ("GET", ["workers", "subdomain"]) => Ok(json!({ "subdomain": "example" })),
            ("GET" | "POST", ["workers", "scripts", _, "subdomain"]) => {
                Ok(json!({ "enabled": true, "previews_enabled": true }))
            }
            ("GET", ["workers", "scripts", name, "settings"]) => {
                self.workers.get(*name).cloned().ok_or(WORKER_NOT_FOUND)
            }
            ("GET", ["workers", "scripts", name, "secrets"]) => {
                let settings = self.workers.get(*name).ok_or(WORKER_NOT_FOUND)?;
                let bindings = settings["bindings"].as_array().into_iter().flatten();
                Ok(Value::Array(bindings.filter(|one| one["type"] == "secret_text").cloned().collect()))
            }
            ("GET", ["workers", "services", name]) => {
                let settings = self.workers.get(*name).ok_or(WORKER_NOT_FOUND)?;
                Ok(
                    json!({ "default_environment": { "script": { "id": name, "last_deployed_from": "wrangler" } }, "x": settings }),
                )
            }
            ("PUT", ["workers", "scripts", name]) => {
                self.workers.insert((*name).to_owned(), body.clone());
                Ok(json!({ "id": name, "etag": "e", "pipeline_hash": "p", "deployment_id": "d", "startup_time_ms": 1 }))
            }
            ("POST", ["workers", "scripts", name, "versions"]) => {
                self.workers.insert((*name).to_owned(), body.clone());
                Ok(json!({ "id": "v", "startup_time_ms": 1, "resources": { "script": { "etag": "e" } } }))
            }
            ("GET", ["workers", "scripts", _, "deployments"]) => Ok(json!({ "deployments": [] })),
            ("POST", ["workers", "scripts", _, "deployments"]) => Ok(json!({ "id": "d" })),
            ("GET", ["workers", "workers", name]) => {
                Ok(json!({ "name": name, "subdomain": { "enabled": true, "previews_enabled": true } }))
            }
            ("PATCH", ["workers", "scripts", _, "script-settings"]) => Ok(json!({})),
            (method, ["workers", "workers", _, "previews", rest @ ..]) => self.answer_for_previews(method, rest, body),
            _ => {
                eprintln!("the account does not know {method} {parts:?}");
                Err((404, 7003))
            }
        }
    }

    fn answer_for_previews(&mut self, method: &str, parts: &[&str], body: &Value) -> Result<Value, (u16, u64)> {
        match (method, parts) {
            ("GET", []) => Ok(Value::Array(self.previews.keys().map(|name| preview(name)).collect())),
            ("POST", []) => {
                let name = body["name"].as_str().unwrap_or_default();
                self.previews.insert(name.to_owned(), Value::Null);
                Ok(preview(name))
            }
            (_, [name, ..]) if !self.previews.contains_key(*name) => Err(PREVIEW_NOT_FOUND),
            ("GET" | "PATCH", [name]) => Ok(preview(name)),
            ("DELETE", [name]) => {
                self.previews.remove(*name);
                Ok(Value::Null)
            }
            ("GET", [name, "deployments", "latest"]) => match &self.previews[*name] {
                Value::Null => Err((404, 10222)),
                deployment => Ok(deployment.clone()),
            },
            ("POST", [name, "deployments"]) => {
                let mut env = body["env"].clone();
                for (name, binding) in env.as_object_mut().into_iter().flatten() {
                    // What an upload takes over is still a secret, and none is ever told.
                    if binding["type"] == "inherit" || binding["type"] == "secret_text" {
                        *binding = json!({ "type": "secret_text", "name": name });
                    }
                }
                let deployment = json!({ "id": "d", "env": env, "urls": [] });
                self.previews.insert((*name).to_owned(), deployment.clone());
                Ok(deployment)
            }
            _ => Err((404, 7003)),
        }
    }

    fn make_namespace(&mut self, title: &str) -> String {
        self.made += 1;
        let id = format!("{:032x}", self.made);
        self.namespaces.insert(id.clone(), title.to_owned());
        id
    }
}

/// As the API shows one; the name, which is a label, is also its id here.
fn preview(name: &str) -> Value {
    json!({
        "id": name, "name": name, "slug": name,
        "urls": [format!("https://{name}-gatehouse.example.workers.dev")],
        "created_on": "2026-09-30T08:32:45.762865Z",
    })
}
