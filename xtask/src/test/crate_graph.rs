//! The crate graph, as an invariant: frontend → shared ← core ← functions, and xtask stands alone.

use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::collections::BTreeSet;

/// Each crate of the workspace and the ones of it that it may depend on, for whatever purpose.
const MAY_DEPEND_ON: [(&str, &[&str]); 7] = [
    ("gatehouse-shared", &[]),
    ("gatehouse-core", &["gatehouse-shared"]),
    ("gatehouse-functions", &["gatehouse-core", "gatehouse-shared"]),
    ("gatehouse-frontend", &["gatehouse-shared"]),
    ("gatehouse-tests", &["gatehouse-core", "gatehouse-shared"]),
    ("gatehouse-fuzz", &["gatehouse-core", "gatehouse-shared"]),
    ("xtask", &[]),
];

pub fn check(workspace: &Workspace) -> Result<()> {
    let metadata = cargo_metadata::MetadataCommand::new().current_dir(&workspace.root).no_deps().exec()?;
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
        bail!("{}", wrong.join("; "));
    }
    eprintln!("{} crates depend on each other as they should", members.len());
    Ok(())
}
