//! `api.toml` and the settings, checked by the rules that the Worker itself applies, before minutes go into a build.

use super::secrets::{NEEDED, NewSecrets};
use anyhow::{Context, Result, ensure};
use gatehouse::{description::read_description, env_file::Variables, settings};
use gatehouse_shared::description::ApiDescription;
use std::path::Path;
use toml::Table;

/// Checks the `api.toml` of a source tree with the variables that a deployment of it would have, and returns what it says.
pub fn check_settings(root: &Path, variables: Option<&Table>) -> Result<ApiDescription> {
    let api = read_description(&root.join("api.toml"))?;
    let by_connection = variables.and_then(|variables| variables.get("CLIENT_ADDRESS"));
    ensure!(
        by_connection.is_none_or(|value| value.as_str() == Some("cloudflare")),
        "CLIENT_ADDRESS must be `cloudflare` at Cloudflare, where no connection tells a client's address"
    );
    settings::check(&api, &with_secrets(variables)?)?;
    Ok(api)
}

/// The variables, with secrets that pass: those of the account can't be read, and were checked when they were set.
fn with_secrets(variables: Option<&Table>) -> Result<Variables> {
    let mut all = texts(variables)?;
    let secrets = NewSecrets::draw(&NEEDED)?;
    all.extend(NEEDED.iter().filter_map(|name| Some(((*name).to_owned(), secrets.value(name)?.to_owned()))));
    Ok(all)
}

/// The variables of a wrangler.toml.
pub fn texts(variables: Option<&Table>) -> Result<Variables> {
    let text = |(name, value): (&String, &toml::Value)| {
        let text = value.as_str().with_context(|| format!("the variable {name} in wrangler.toml must be a text"))?;
        Ok((name.clone(), text.to_owned()))
    };
    variables.into_iter().flatten().map(text).collect()
}
