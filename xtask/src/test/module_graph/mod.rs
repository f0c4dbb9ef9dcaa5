//! The module graph, as an invariant: no modules of one folder use each other in a circle, and no page of the portal
//! uses another page.
//!
//! A module uses another if a `use` or a path in its code leads there, in whatever file below it. Re-exports are followed
//! to the module that defines the name. Calls of methods are not seen, nor is code for tests (`#[cfg(test)]`). What
//! `mod.rs` itself defines belongs to the folder: each module in it may use that.

mod circle;
mod page;
mod read;
mod resolve;
mod source;

pub use read::read_crate;
#[cfg(test)]
pub use source::Function;
pub use source::{Crate, SourceFile};

use crate::workspace::Workspace;
use anyhow::{Result, bail};
use cargo_metadata::{Metadata, Package, TargetKind};

/// The folder of the portal's pages, as a module of its crate.
const PAGES: (&str, &str) = ("gatehouse-frontend", "page");

pub fn check(workspace: &Workspace) -> Result<()> {
    let metadata = workspace.metadata()?;
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        for (_, source) in crates_of(&metadata, package)? {
            let uses = source.uses();
            wrong.extend(circle::circles(&source, &uses));
            if package.name.as_str() == PAGES.0 {
                wrong.extend(page::uses_of_other_pages(&source, PAGES.1, &uses));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("{} faults of the module graph:\n{}", wrong.len(), wrong.join("\n"));
    }
    Ok(())
}

/// Reads what Cargo compiles from a package, each library, program and test by itself. Build scripts, examples and
/// benches are left out.
pub fn crates_of(metadata: &Metadata, package: &Package) -> Result<Vec<(TargetKind, Crate)>> {
    let mut crates = Vec::new();
    for target in &package.targets {
        let left_out = [TargetKind::CustomBuild, TargetKind::Example, TargetKind::Bench];
        let Some(kind) = target.kind.first().filter(|kind| !left_out.contains(kind)) else { continue };
        let root = metadata.workspace_root.as_std_path();
        crates.push((kind.clone(), read_crate(root, target.src_path.as_std_path())?));
    }
    Ok(crates)
}

#[cfg(test)]
mod tests;
