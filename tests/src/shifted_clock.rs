//! A clock that a test moves under a workerd that runs.

use crate::repository::repository;
use std::{
    fs,
    os::unix::fs::{FileExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// The wall clock of one workerd. Timers are not moved, as on a machine whose clock is set.
///
/// libfaketime hangs workerd as it starts, therefore the test brings a library of its own; the C compiler that makes it is
/// the one that Rust links with.
pub struct ShiftedClock {
    folder: TempDir,
}

impl ShiftedClock {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Self { folder };
        let source = repository().join("tests/src/shifted_clock.c");
        let mut compile = Command::new("cc");
        compile.args(["-O1", "-shared", "-fPIC", "-o"]).arg(clock.library()).arg(source);
        assert!(compile.status().expect("cc, which Rust links with").success(), "the library can't be made");
        fs::write(clock.shift(), 0_i64.to_ne_bytes()).expect("a file");
        clock
    }

    /// Has the clock show another time than it is; a negative number is the past.
    pub fn shift_to(&self, seconds: i64) {
        let file = fs::OpenOptions::new().write(true).open(self.shift()).expect("a file");
        file.write_all_at(&seconds.to_ne_bytes(), 0).expect("written");
    }

    /// A program that starts another one under this clock.
    pub(crate) fn program(&self, of: &Path) -> PathBuf {
        let script = self.folder.path().join("workerd");
        let text = format!(
            "#!/bin/sh\nexport LD_PRELOAD='{}' SHIFTED_CLOCK='{}'\nexec '{}' \"$@\"\n",
            self.library().display(),
            self.shift().display(),
            of.display()
        );
        fs::write(&script, text).expect("a file");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).expect("a script");
        script
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("shifted_clock.so")
    }

    fn shift(&self) -> PathBuf {
        self.folder.path().join("shift")
    }
}

impl Default for ShiftedClock {
    fn default() -> Self {
        Self::new()
    }
}
