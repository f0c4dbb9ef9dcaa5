//! Where a server has its temporary files: in its data folder. In the system's folder nobody would remove what a killed
//! wrangler leaves.

use anyhow::{Context, Result};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// The folder for the temporary files of the server that has this data folder.
pub fn temporary_folder(data: &Path) -> PathBuf {
    data.join("tmp")
}

/// Makes an empty folder in place of what an earlier server left.
pub fn make_temporary_folder(data: &Path) -> Result<()> {
    remove_temporary_folder(data)?;
    let folder = temporary_folder(data);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))
}

pub fn remove_temporary_folder(data: &Path) -> Result<()> {
    let folder = temporary_folder(data);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
