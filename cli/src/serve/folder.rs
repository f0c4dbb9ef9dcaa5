//! The data folder of a deployment on this machine.
//!
//! `secrets.env` and `state/` are the deployment; `run/` is made anew at each start, and `lock` is held while one runs.

use crate::{
    files::{make_private, remove_folder},
    process::pause,
};
use anyhow::{Context, Result, bail};
use std::{
    fs::{self, File, TryLockError},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::fs::OpenOptionsExt,
    },
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The folder of objects and KV in the data folder.
pub const STATE: &str = "state";
/// For how long another server may take to end.
const PATIENCE: Duration = Duration::from_secs(12);

pub struct DataFolder {
    path: PathBuf,
    /// Held as long as this process or the workerd that it started lives.
    lock: File,
}

impl DataFolder {
    /// Makes the folder where it is missing, and keeps every other server out of it.
    pub fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        make_private(path)?;
        let lock = File::options().write(true).create(true).truncate(false).mode(0o600).open(path.join("lock"));
        let lock = lock.with_context(|| format!("cannot write in the data folder {shown}"))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                // A server that was killed leaves a workerd that needs a moment to end.
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => pause(Duration::from_millis(100)),
                Err(TryLockError::WouldBlock) => {
                    bail!(
                        "another server runs on the data folder {shown}: stop it, or choose another folder with --data"
                    )
                }
                Err(TryLockError::Error(error)) => return Err(error).context(format!("cannot lock {shown}")),
            }
        }
        let folder = Self { path: path.to_owned(), lock };
        if folder.state().join("v3").exists() {
            bail!(
                "{} holds data of wrangler's server, which this one can't read: choose another folder with --data, or \
                   remove it",
                folder.state().display()
            );
        }
        for kept in ["objects", "kv"] {
            make_private(&folder.state().join(kept))?;
        }
        Ok(folder)
    }

    /// What keeps other servers out, as long as anybody holds it.
    pub fn lock(&self) -> BorrowedFd<'_> {
        self.lock.as_fd()
    }

    /// Objects and KV.
    pub fn state(&self) -> PathBuf {
        self.path.join(STATE)
    }

    /// What runs.
    pub fn run(&self) -> PathBuf {
        self.path.join("run")
    }

    /// An empty folder for what runs next.
    pub fn make_next(&self) -> Result<PathBuf> {
        let next = self.path.join("run.next");
        remove_folder(&next)?;
        make_private(&next)?;
        Ok(next)
    }

    /// Has what was made next run from now on, and keeps what ran. Nothing may run meanwhile.
    pub fn take_next(&self) -> Result<()> {
        let last = self.path.join("run.last");
        remove_folder(&last)?;
        if self.run().exists() {
            fs::rename(self.run(), last).context("cannot keep what runs")?;
        }
        fs::rename(self.path.join("run.next"), self.run()).context("cannot replace what runs")
    }

    /// Has what ran before run again.
    pub fn take_last(&self) -> Result<()> {
        remove_folder(&self.run())?;
        fs::rename(self.path.join("run.last"), self.run()).context("cannot go back to what ran")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_of_the_server_before_are_not_taken_for_an_empty_folder() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir_all(data.path().join("state/v3")).unwrap();
        let refused = DataFolder::open(data.path()).err().unwrap().to_string();
        assert!(refused.contains("wrangler's server"), "{refused}");
    }

    #[test]
    fn what_runs_is_replaced_as_a_whole() {
        let data = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(data.path()).unwrap();
        for content in ["first", "second"] {
            let next = folder.make_next().unwrap();
            fs::write(next.join(content), content).unwrap();
            folder.take_next().unwrap();
            let files: Vec<_> = fs::read_dir(folder.run()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(files, [content]);
        }
        folder.take_last().unwrap();
        assert!(folder.run().join("first").exists());
    }
}
