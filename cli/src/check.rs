//! `gatehouse check`: whether `api.toml` and the settings can be served, and what that would be.

use crate::{
    description::read_description, engine::services::forwards_to_the_sample_api, env_file::find, serve::Configuration,
    settings,
};
use anyhow::{Result, ensure};
use clap::Args;
use gatehouse_domain::settings::table;
use gatehouse_shared::description::{ApiDescription, Upstream};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    configuration: Configuration,
}

pub fn run(options: &Options) -> Result<()> {
    let api = read_description(&options.configuration.api)?;
    let variables = settings::read_settings(&options.configuration.files())?;
    let unknown = table::unknown(variables.keys().cloned());
    ensure!(unknown.is_empty(), "no settings of this version: {}", unknown.join(", "));
    settings::check_without_secrets(&api, variables.clone())?;
    let forwards = match forwards_to_the_sample_api(&api.upstream, &variables)? {
        true => "the sample API",
        false => find(&variables, table::UPSTREAM_URL.name).unwrap_or_else(|| url(&api)),
    };
    let origins = find(&variables, table::ORIGINS.name);
    println!("{} and its settings can be served.", options.configuration.api.display());
    println!("  API        {}", api.name);
    println!("  Versions   {}", versions(&api));
    println!("  Forwards   to {forwards}");
    println!("  Origins    {}", origins.unwrap_or("this machine's own (set ORIGINS for others)"));
    Ok(())
}

fn versions(api: &ApiDescription) -> String {
    let one = |version: &gatehouse_shared::description::Version| {
        format!("{} at {} with {} routes", version.name, version.prefix, version.routes.len())
    };
    api.versions.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn url(api: &ApiDescription) -> &str {
    match &api.upstream {
        Upstream::Url(url) | Upstream::Service(url) => url,
    }
}
