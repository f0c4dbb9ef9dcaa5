//! Deployments with more Workers than their own.

use crate::{
    repository::repository,
    server::{Server, free_port},
};
use gatehouse::{
    engine::{
        config::{Binding, Config, Kind, Module, Service, Socket, Worker},
        services::{GATEHOUSE, SOCKET, object_bindings},
    },
    files::{copy, write},
};
use std::path::Path;

const ELSEWHERE: &str = "elsewhere";
const ROUTER: &str = "router";
const GUARDED: &str = "guarded";

/// Sends requests that ask for it to the second isolate.
const ROUTER_JS: &str = r#"
export default {
  fetch(request, env) {
    return (request.headers.has("x-elsewhere") ? env.ELSEWHERE : env.GATEHOUSE).fetch(request);
  },
};
"#;

impl Server {
    /// One deployment in two isolates, each with a memory of its own over the same storage: what carries the header
    /// `x-elsewhere` is answered by the second. `data` is an empty folder.
    pub fn in_two_isolates(data: &Path, variables: &[(&str, &str)]) -> Self {
        Self::start_changed(data, variables, |config, run| {
            let first = worker(config, GATEHOUSE);
            let binds_no_objects = |binding: &&Binding| !matches!(binding, Binding::Objects { .. });
            let mut bindings: Vec<Binding> = first.bindings.iter().filter(binds_no_objects).cloned().collect();
            // The second one's objects are those of the first.
            bindings.extend(object_bindings(Some(GATEHOUSE)));
            let (modules, outbound) = (first.modules.clone(), first.outbound.clone());
            add(config, ELSEWHERE, Worker { modules, bindings, outbound, ..Worker::default() });
            let bindings = vec![Binding::service("GATEHOUSE", GATEHOUSE), Binding::service("ELSEWHERE", ELSEWHERE)];
            write(&run.join("router.js"), ROUTER_JS.as_bytes()).expect("a file");
            add(config, ROUTER, Worker { modules: vec![module("router.js")], bindings, ..Worker::default() });
            serve(config, ROUTER);
        })
    }

    /// The Worker of examples/guarded-worker, and the address of the deployment beside it, which it asks.
    pub fn guarded(data: &Path) -> (Self, String) {
        let portal = format!("127.0.0.1:{}", free_port());
        let url = format!("http://{portal}");
        let server = Self::start_changed(data, &[], |config, run| {
            let source = repository().join("examples/guarded-worker/src/index.js");
            copy(&source, &run.join("guarded.js")).expect("a file");
            let gate = Binding::Service {
                name: "GATEHOUSE".to_owned(),
                service: GATEHOUSE.to_owned(),
                entrypoint: Some("Gate".to_owned()),
                props: None,
            };
            add(
                config,
                GUARDED,
                Worker { modules: vec![module("guarded.js")], bindings: vec![gate], ..Worker::default() },
            );
            serve(config, GUARDED);
            config.sockets.push(Socket {
                name: "portal".to_owned(),
                address: Some(portal),
                service: GATEHOUSE.to_owned(),
                entrypoint: None,
            });
        });
        (server, url)
    }
}

fn worker<'a>(config: &'a Config, name: &str) -> &'a Worker {
    let service = config.services.iter().find(|service| service.name == name).expect("a service");
    match &service.kind {
        Kind::Worker(worker) => worker,
        _ => panic!("{name} is no Worker"),
    }
}

fn add(config: &mut Config, name: &str, worker: Worker) {
    config.services.push(Service { name: name.to_owned(), kind: Kind::Worker(worker) });
}

fn module(file: &str) -> Module {
    Module { name: file.to_owned(), path: file.to_owned() }
}

/// Has requests come to this service.
fn serve(config: &mut Config, service: &str) {
    let socket = config.sockets.iter_mut().find(|socket| socket.name == SOCKET).expect("the socket");
    service.clone_into(&mut socket.service);
}
