//! The crate graph, as an invariant: shared <- domain <- objects and edge <- functions, shared <- frontend, and
//! domain <- cli <- xtask.

use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::collections::BTreeSet;

const SHARED: &str = "gatehouse-shared";
const DOMAIN: &str = "gatehouse-domain";
const OBJECTS: &str = "gatehouse-objects";
const EDGE: &str = "gatehouse-edge";
const PROGRAM: &str = "gatehouse";
const SIMULATION: &str = "gatehouse-simulation";

/// The crates of the workspace, and the crates that each may depend on, for tests and build scripts too.
const MAY_DEPEND_ON: [(&str, &[&str]); 11] = [
    (SHARED, &[]),
    (DOMAIN, &[SHARED]),
    (OBJECTS, &[DOMAIN, SHARED]),
    (EDGE, &[DOMAIN, SHARED]),
    // The ports in memory, and the tests of all three together. No crate that serves requests may depend on it.
    (SIMULATION, &[DOMAIN, OBJECTS, EDGE, SHARED]),
    ("gatehouse-functions", &[DOMAIN, OBJECTS, EDGE, SHARED]),
    ("gatehouse-frontend", &[SHARED]),
    (PROGRAM, &[DOMAIN, SHARED]),
    ("gatehouse-tests", &[PROGRAM, DOMAIN, SHARED]),
    ("gatehouse-fuzz", &[DOMAIN, EDGE, SIMULATION, SHARED]),
    ("xtask", &[PROGRAM, SHARED]),
];

pub fn check(workspace: &Workspace) -> Result<()> {
    let metadata = workspace.metadata()?;
    let members: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let Some((_, allowed)) = MAY_DEPEND_ON.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!("{name} is not in the list of xtask/src/test/crate_graph.rs"));
            continue;
        };
        let inside = package.dependencies.iter().map(|dependency| dependency.name.as_str());
        for dependency in inside.filter(|dependency| members.contains(dependency)) {
            // A crate may name itself, to switch its own features on for its tests.
            if dependency != name && !allowed.contains(&dependency) {
                wrong.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("the crate graph is not as it should be:\n{}", wrong.join("\n"));
    }
    Ok(())
}
