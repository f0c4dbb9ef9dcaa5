//! Where a branch's deployment is made from.

use super::plan::{Plan, check_upstream};
use crate::{
    build::PRODUCT,
    config::{read_config, read_toml},
    deploy::{check_settings, texts, try_upload},
    git,
    workspace::Workspace,
};
use anyhow::Result;
use gatehouse::{
    assemble::{Assembled, Built, assemble},
    env_file::Variables,
    process::{run, say, timed},
};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use toml::{Table, Value};

/// A branch's source tree, and the plan that is made from it.
pub struct Source {
    pub root: PathBuf,
    /// What is checked out there; `None`: the repository as it lies here, changes included.
    pub commit: Option<String>,
    pub config: Table,
    pub plan: Plan,
}

/// A deployment that is ready but for its last step.
pub struct Prepared {
    pub plan: Plan,
    pub built: Built,
    /// The tree that it is made from.
    pub root: PathBuf,
    assembled: Assembled,
    /// Where that lies, as long as this lives.
    _folder: TempDir,
    /// The branch's wrangler.toml.
    source: Table,
}

/// Opens the source of a branch: this working tree, when the branch or its commit is checked out and no instance on this
/// machine is to stay on it; else one of its own.
pub fn open(workspace: &Workspace, branch: &str, apart: bool) -> Result<Source> {
    let is_here = match git::current_branch(workspace)? {
        Some(current) => current == branch,
        None => git::current_commit(workspace)? == git::commit_of(workspace, branch)?,
    };
    if is_here && !apart {
        let config = read_config(&workspace.root)?;
        let plan = Plan::of(branch, &config)?;
        return Ok(Source { root: workspace.root.clone(), commit: None, config, plan });
    }
    let commit = git::commit_of(workspace, branch)?;
    let root = Plan::of(branch, &read_config(&workspace.root)?)?.folder(&workspace.target).join("source");
    git::check_out(workspace, &commit, &root)?;
    say(format!("{branch} is at {}, checked out to {}", &commit[..commit.len().min(10)], root.display()));
    let config = read_config(&root)?;
    let plan = Plan::of(branch, &config)?;
    Ok(Source { root, commit: Some(commit), config, plan })
}

impl Source {
    /// Checks and builds, unless it is built already.
    pub fn prepare(self, workspace: &Workspace, built: Option<&Path>) -> Result<Prepared> {
        check_upstream(&read_toml(&self.root.join("api.toml"))?, &self.config)?;
        let previews = self.config.get("previews").and_then(Value::as_table);
        let variables = previews.and_then(|previews| previews.get("vars")).and_then(Value::as_table);
        let api = check_settings(&self.root, variables)?;
        let built = match built {
            Some(dist) => Built::in_folder(dist, PRODUCT.name)?,
            None => {
                timed(&format!("building {}", self.plan.branch), || {
                    let mut cargo = workspace.cargo();
                    cargo.current_dir(&self.root).args(["xtask", "build"]);
                    // By the branch's own rules, with the crates that are compiled already.
                    run(cargo.env_remove("RUSTUP_TOOLCHAIN").env("CARGO_TARGET_DIR", &workspace.target))
                })?;
                Built::in_folder(&self.root.join("dist"), PRODUCT.name)?
            }
        };
        let folder = tempfile::tempdir()?;
        let assembled = assemble(&built, &api, folder.path())?;
        let Self { root, plan, config: source, .. } = self;
        Ok(Prepared { plan, built, root, assembled, _folder: folder, source })
    }
}

impl Prepared {
    /// The configuration, with the KV namespace of this id.
    pub fn config(&self, namespace_id: &str) -> Result<Table> {
        self.plan.config(&self.source, &self.assembled, namespace_id)
    }

    /// The variables of a branch's deployment.
    pub fn variables(&self) -> Result<Variables> {
        let previews = self.source.get("previews").and_then(Value::as_table);
        texts(previews.and_then(|previews| previews.get("vars")).and_then(Value::as_table))
    }

    /// Has wrangler check it all, and upload nothing.
    pub fn try_out(&self, workspace: &Workspace) -> Result<()> {
        try_upload(workspace, &self.config("not-made-yet")?)
    }
}
