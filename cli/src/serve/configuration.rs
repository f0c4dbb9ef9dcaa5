//! The files that an operator writes, and the folder that comes with the program.

use super::Site;
use crate::assemble::Built;
use anyhow::{Context, Result};
use clap::Args;
use std::{collections::BTreeMap, env, path::PathBuf};

/// The settings' file where none is given.
const SETTINGS: &str = "gatehouse.env";

#[derive(Args)]
pub struct Configuration {
    /// The description of the API
    #[arg(long, value_name = "FILE", default_value = "api.toml")]
    pub api: PathBuf,
    /// A file with settings, NAME=value in each line; may be given more than once [default: gatehouse.env, if it is there]
    #[arg(long, value_name = "FILE")]
    pub settings: Vec<PathBuf>,
}

impl Configuration {
    /// The file that is read where none is given; it may be missing.
    pub fn usual_settings(&self) -> Option<PathBuf> {
        self.settings.is_empty().then(|| SETTINGS.into())
    }

    /// All files with settings that are there.
    pub fn files(&self) -> Vec<PathBuf> {
        self.usual_settings().into_iter().filter(|file| file.exists()).chain(self.settings.iter().cloned()).collect()
    }

    /// What is served with this configuration.
    pub fn site(&self, data: PathBuf) -> Result<Site> {
        let program = env::current_exe()?.canonicalize()?;
        let library = program.parent().context("the program lies in a folder")?.join("lib");
        Ok(Site {
            built: Built::in_folder(&library, "worker")
                .context("this program needs the folder lib/ that it came with")?,
            description: self.api.clone(),
            usual_settings: self.usual_settings(),
            settings: self.settings.clone(),
            defaults: BTreeMap::new(),
            sample_api: library.join("sample-api"),
            workerd: library.join("workerd"),
            data,
            limit_factor: 1,
        })
    }
}
