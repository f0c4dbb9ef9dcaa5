//! What is known of an instance that runs in the background.

use anyhow::{Context, Result};
use gatehouse::process::{Process, end_group, processes};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

const FILE: &str = "instance.json";

pub struct Instance {
    pub branch: String,
    pub name: String,
    pub port: u16,
    /// Of `serve`, which leads the process group.
    pub pid: u32,
    /// RFC 3339.
    pub started_at: String,
}

impl Instance {
    /// The one that a folder describes, running or not; `None` where none was ever started.
    pub fn load(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let read = serde_json::from_str(&text).ok().and_then(|json: Value| Self::read(&json));
        read.map(Some).with_context(|| format!("{} is damaged: end what it describes, and delete it", path.display()))
    }

    fn read(json: &Value) -> Option<Self> {
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        Some(Self {
            branch: text("branch")?,
            name: text("name")?,
            port: json["port"].as_u64()?.try_into().ok()?,
            pid: json["pid"].as_u64()?.try_into().ok()?,
            started_at: text("started_at")?,
        })
    }

    pub fn save(&self, folder: &Path) -> Result<()> {
        let Self { branch, name, port, pid, started_at } = self;
        let json = json!({ "branch": branch, "name": name, "port": port, "pid": pid, "started_at": started_at });
        Ok(fs::write(folder.join(FILE), json.to_string())?)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether it still runs.
    pub fn is_running(&self, folder: &Path) -> Result<bool> {
        Ok(is_ours(self.pid, folder, &processes()?))
    }

    /// Ends it, if it runs.
    pub fn end(&self, folder: &Path) -> Result<()> {
        if self.is_running(folder)? {
            end_group(self.pid, || ());
        }
        Ok(())
    }
}

/// Whether a process group is still the instance of a folder: numbers are given out again. `serve` is told where its data
/// are, and so is the workerd that it watches.
fn is_ours(group: u32, folder: &Path, processes: &[Process]) -> bool {
    // With its end: another's name may begin like this one's.
    let folder = format!("{}/", folder.display());
    processes.iter().any(|process| process.group == group && process.arguments.contains(&folder))
}

/// The instances of all branches, with their folders.
pub fn instances(target: &Path) -> Result<Vec<(PathBuf, Instance)>> {
    let root = target.join("previews");
    let mut found = Vec::new();
    if !root.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(&root)? {
        let folder = entry?.path();
        if let Some(instance) = Instance::load(&folder)? {
            found.push((folder, instance));
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{os::unix::process::CommandExt, process::Command};

    fn instance(pid: u32) -> Instance {
        Instance {
            branch: "a/b".into(),
            name: "a-b".into(),
            port: 8788,
            pid,
            started_at: "2026-01-01T00:00:00Z".into(),
        }
    }

    #[test]
    fn an_instance_is_kept_and_found_again() {
        let target = tempfile::tempdir().unwrap();
        assert!(instances(target.path()).unwrap().is_empty());
        let folder = target.path().join("previews/a-b");
        fs::create_dir_all(&folder).unwrap();
        assert!(Instance::load(&folder).unwrap().is_none());
        instance(7).save(&folder).unwrap();
        let found = instances(target.path()).unwrap();
        assert_eq!((found[0].1.pid, found[0].1.branch.as_str(), found[0].0.as_path()), (7, "a/b", folder.as_path()));
    }

    #[test]
    fn a_process_that_has_got_the_number_since_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let mut other = Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        assert!(processes().unwrap().iter().any(|process| process.pid == other.id() && process.group == other.id()));
        assert!(!instance(other.id()).is_running(folder.path()).unwrap());
        instance(other.id()).end(folder.path()).unwrap();
        assert!(other.try_wait().unwrap().is_none(), "a stranger was ended");
        other.kill().unwrap();
        other.wait().unwrap();
    }

    #[test]
    fn what_a_killed_server_has_left_behind_is_ours() {
        let process = |pid, arguments: &str| Process { pid, group: 7, is_over: false, arguments: arguments.to_owned() };
        let folder = Path::new("/target/previews/a-b");
        let serve = |of: &str| process(7, &format!("xtask serve --data /target/previews/{of}/data"));
        let workerd = |of: &str| process(9, &format!("workerd serve /target/previews/{of}/data/run/workerd.capnp"));
        assert!(is_ours(7, folder, &[serve("a-b"), workerd("a-b")]));
        assert!(is_ours(7, folder, &[workerd("a-b")]));
        assert!(!is_ours(7, folder, &[serve("a-b-c"), workerd("a-b-c")]));
        assert!(!is_ours(8, folder, &[serve("a-b"), workerd("a-b")]));
        assert!(!is_ours(7, folder, &[process(8, "sleep 60")]));
    }
}
