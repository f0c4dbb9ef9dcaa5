//! Previews on this machine, made by `cargo xtask preview`.

use crate::{Client, deployment::variable, repository::repository};
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

/// A repository of the test's own, whose branches can be put up on this machine with the Worker that is tested.
pub struct Previews {
    root: TempDir,
    built: TempDir,
    /// What its commands take for the system's temporary folder.
    temporary: TempDir,
}

/// A branch's deployment.
pub struct Up {
    pub url: String,
    pub operator_password: String,
}

impl Previews {
    pub fn of_branches(branches: &[&str]) -> Self {
        let folder = || tempfile::tempdir().expect("a temporary folder");
        let previews = Self { root: folder(), built: folder(), temporary: folder() };
        let (here, root) = (repository(), previews.root());
        for file in ["wrangler.toml", "api.toml", "package.json", "package-lock.json", "rust-toolchain.toml"] {
            fs::copy(here.join(file), root.join(file)).expect(file);
        }
        for folder in ["xtask", "sample-api", "sample-api/src"] {
            fs::create_dir(root.join(folder)).expect("a folder");
        }
        for file in ["wrangler.toml", "src/index.js", "src/signature.js"] {
            fs::copy(here.join("sample-api").join(file), root.join("sample-api").join(file)).expect(file);
        }
        fs::write(root.join("Cargo.toml"), "[workspace]\nmembers = []\n").expect("a file");
        fs::write(root.join(".gitignore"), "/target\n/node_modules\n").expect("a file");
        symlink(here.join("node_modules"), root.join("node_modules")).expect("a link");
        for (name, dist) in [("worker", "worker-test"), ("portal", "portal")] {
            symlink(here.join("dist").join(dist), previews.built.path().join(name)).expect("a link");
        }
        previews.git(&["init", "--quiet", "--initial-branch", "trunk"]);
        previews.git(&["add", "."]);
        previews.git(&["commit", "--quiet", "--message", "A start"]);
        branches.iter().for_each(|branch| drop(previews.git(&["branch", branch])));
        previews
    }

    /// Puts a branch up.
    pub fn up(&self, branch: &str) -> Up {
        let built = self.built.path().to_string_lossy();
        let said = self.preview(&["up", "--local", "--branch", branch, "--built", &built]);
        let after = |mark: &str| {
            let line = said.lines().find_map(|line| line.split_once(mark));
            line.map(|(_, value)| value.trim().to_owned()).unwrap_or_else(|| panic!("no {mark:?} in {said}"))
        };
        Up { url: after("is ready at"), operator_password: after("Operator's password") }
    }

    pub fn down(&self, branch: &str) {
        self.preview(&["down", "--local", "--branch", branch]);
    }

    /// What `list` says of this machine.
    pub fn list(&self) -> String {
        self.preview(&["list", "--local"])
    }

    /// The working trees that Git knows beside the first.
    pub fn trees(&self) -> usize {
        self.git(&["worktree", "list"]).lines().count() - 1
    }

    /// What is kept of previews.
    pub fn folder(&self) -> PathBuf {
        self.root().join("target/previews")
    }

    /// What its commands and servers have in the system's temporary folder.
    pub fn temporary_files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.temporary.path()).expect("a folder");
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// The processes that were told of this repository.
    pub fn processes(&self) -> Vec<String> {
        let listed = Command::new("ps").args(["-A", "-ww", "-o", "args="]).output().expect("ps");
        let root = self.root().display().to_string();
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        listed.lines().filter(|line| line.contains(&root)).map(str::to_owned).collect()
    }

    fn root(&self) -> PathBuf {
        self.root.path().canonicalize().expect("a folder")
    }

    fn preview(&self, arguments: &[&str]) -> String {
        done(&format!("{arguments:?}"), &self.command(arguments).output().expect("xtask"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(variable("GATEHOUSE_XTASK"));
        command
            .arg("preview")
            .args(arguments)
            .current_dir(self.root())
            .env("CARGO_MANIFEST_DIR", self.root().join("xtask"))
            .env_remove("CARGO_TARGET_DIR")
            .env("TMPDIR", self.temporary.path());
        command
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(Path::new(&self.root()));
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]).args(arguments);
        done(&format!("git {arguments:?}"), &command.output().expect("git"))
    }
}

impl Drop for Previews {
    /// Also after a failure nothing runs on.
    fn drop(&mut self) {
        for entry in fs::read_dir(self.folder()).into_iter().flatten().flatten() {
            let _ = self.command(&["down", "--local", "--name", &entry.file_name().to_string_lossy()]).output();
        }
    }
}

impl Up {
    pub fn client(&self) -> Client {
        Client::at(self.url.clone())
    }

    pub fn operator(&self) -> Client {
        self.client().signed_in_as_operator(&self.operator_password)
    }
}

fn done(what: &str, output: &Output) -> String {
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
