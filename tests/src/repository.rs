//! The repository.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The repository that the test runs from.
pub(crate) fn repository() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").expect("run by cargo");
    Path::new(&manifest).parent().expect("tests/ lies in the repository").to_owned()
}
