//! The repository's branches, and a second working tree of one.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use gatehouse::process::run_quietly;
use std::{fs, path::Path, process::Command};

/// The branch that is checked out; `None` where it is a bare commit.
pub fn current_branch(workspace: &Workspace) -> Result<Option<String>> {
    let output = git(&workspace.root).args(["symbolic-ref", "--quiet", "HEAD"]).output();
    let output = output.context("git is missing, and a preview needs it")?;
    match output.status.code() {
        Some(0) => {
            let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            Ok(name.strip_prefix("refs/heads/").map(str::to_owned))
        }
        // So it says of a bare commit; anything else is a fault, such as a repository that is not trusted.
        Some(1) => Ok(None),
        _ => bail!("git does not say which branch is checked out: {}", String::from_utf8_lossy(&output.stderr).trim()),
    }
}

/// The commit that is checked out.
pub fn current_commit(workspace: &Workspace) -> Result<String> {
    Ok(run_quietly(git(&workspace.root).args(["rev-parse", "--verify", "HEAD"]))?.trim().to_owned())
}

/// The commit that a branch is at, here or else as it was last fetched from origin.
pub fn commit_of(workspace: &Workspace, branch: &str) -> Result<String> {
    for place in ["refs/heads", "refs/remotes/origin"] {
        let found = git(&workspace.root)
            .args(["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{place}/{branch}^{{commit}}")])
            .output()?;
        if found.status.success() {
            return Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned());
        }
    }
    bail!("there is no branch {branch}, neither here nor as fetched from origin: `git branch --all` lists them")
}

/// Checks a commit out into a working tree of its own, made there if there is none yet.
pub fn check_out(workspace: &Workspace, commit: &str, into: &Path) -> Result<()> {
    if into.join(".git").exists() {
        run_quietly(git(into).args(["checkout", "--quiet", "--detach", commit]))?;
        return Ok(());
    }
    // One whose folder somebody has deleted would be in the way.
    run_quietly(git(&workspace.root).args(["worktree", "prune"]))?;
    run_quietly(git(&workspace.root).args(["worktree", "add", "--quiet", "--detach"]).arg(into).arg(commit))?;
    Ok(())
}

/// Removes a working tree with all that was built in it; one that is gone is fine.
pub fn remove_tree(workspace: &Workspace, tree: &Path) -> Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree).with_context(|| format!("cannot remove {}", tree.display()))?;
    }
    run_quietly(git(&workspace.root).args(["worktree", "prune"]))?;
    Ok(())
}

fn git(directory: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(directory);
    command
}
