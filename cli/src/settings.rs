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

/// Has the Worker take clients' addresses from connections: on one machine nobody sets Cloudflare's header.
pub fn count_connections(variables: &mut Variables) {
    let setting = table::CLIENT_ADDRESS;
    variables.insert(setting.name.to_owned(), setting.values.1.to_owned());
}

/// Fails where the Worker would not start with these. The error names the setting and repeats no secret.
pub fn check(api: &ApiDescription, variables: &Variables) -> Result<()> {
    Settings::read(api.clone(), |name| variables.get(name).cloned())?;
    Ok(())
}

/// The same for one machine, where the secrets are elsewhere, or not made yet: those that every deployment needs are taken
/// for set.
pub fn check_without_secrets(api: &ApiDescription, mut variables: Variables) -> Result<()> {
    let secrets =
        [(table::MASTER_KEYS.name, new_master_key('1')?), (table::OPERATOR_PASSWORD.name, random_alphanumerics(24)?)];
    for (name, value) in secrets {
        variables.entry(name.to_owned()).or_insert(value);
    }
    count_connections(&mut variables);
    check(api, &variables)
}
