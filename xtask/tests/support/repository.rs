//! A repository to run xtask in.

use super::here;
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

/// A repository of the test's own with what a deployment is made from, and the tools of this one.
pub struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    pub fn with_branches(branches: &[&str]) -> Self {
        let repository = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let root = repository.root();
        for file in ["wrangler.toml", "api.toml", "package.json", "package-lock.json", "rust-toolchain.toml"] {
            fs::copy(here().join(file), root.join(file)).expect(file);
        }
        fs::create_dir(root.join("xtask")).expect("a folder");
        fs::write(root.join("Cargo.toml"), "[workspace]\nmembers = []\n").expect("a file");
        fs::write(root.join(".gitignore"), "/target\n/node_modules\n").expect("a file");
        symlink(here().join("node_modules"), root.join("node_modules")).expect("a link");
        repository.git(&["init", "--quiet", "--initial-branch", "trunk"]);
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "--message", "A start"]);
        for branch in branches {
            repository.git(&["update-ref", &format!("refs/heads/{branch}"), "HEAD"]);
        }
        repository
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("a folder")
    }

    /// The working trees beside the first.
    pub fn trees(&self) -> usize {
        self.git(&["worktree", "list"]).lines().count() - 1
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(Path::new(&self.root()))
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
            .args(arguments)
            .output()
            .expect("git");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
