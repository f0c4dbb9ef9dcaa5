//! The settings of a deployment on this machine, from files and from the environment, checked by the rules that the
//! Worker itself applies.

use crate::{
    env_file::{Variables, read_file},
    secret::{new_master_key, random_alphanumerics},
};
use anyhow::Result;
use gatehouse_domain::settings::{Settings, table};
use gatehouse_shared::description::ApiDescription;
use std::{env, path::PathBuf};

/// Reads the settings. What stands in a later file counts, and before all files what the environment says.
pub fn read_settings(files: &[PathBuf]) -> Result<Variables> {
    let mut variables = Variables::new();
    for file in files {
        variables.extend(read_file(file)?);
    }
    let known = table::all().into_iter().map(|setting| setting.name.to_owned());
    variables.extend(known.filter_map(|name| Some((name.clone(), env::var(&name).ok()?))));
    Ok(variables)
}

/// Fails where the Worker would not start with these. The error names the setting and repeats no secret. Returns the
/// names that are no setting.
pub fn check(api: &ApiDescription, variables: &Variables) -> Result<Vec<String>> {
    Settings::read(api.clone(), |name| variables.get(name).cloned())?;
    Ok(table::unknown(variables.keys().cloned()))
}

/// The same, where the secrets are elsewhere, or not made yet: those that every deployment needs are taken for set.
pub fn check_without_secrets(api: &ApiDescription, variables: &mut Variables) -> Result<Vec<String>> {
    let secrets = [("MASTER_KEYS", new_master_key('1')?), ("OPERATOR_PASSWORD", random_alphanumerics(24)?)];
    for (name, value) in secrets {
        variables.entry(name.to_owned()).or_insert(value);
    }
    variables.insert("CLIENT_ADDRESS".to_owned(), "connection".to_owned());
    check(api, variables)
}
