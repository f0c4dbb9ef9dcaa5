//! `gatehouse check`: whether `api.toml` and the settings can be served, and what that would be.

use crate::{
    description::read_description,
    engine::services::forwards_to_the_sample_api,
    serve::{Configuration, ORIGINS, UPSTREAM_URL},
    settings,
};
use anyhow::{Result, ensure};
use clap::Args;
use gatehouse_shared::description::{ApiDescription, Upstream};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    configuration: Configuration,
}

pub fn run(options: &Options) -> Result<()> {
    let api = read_description(&options.configuration.api)?;
    let mut variables = settings::read_settings(&options.configuration.files())?;
    let set = |name: &str| variables.get(name).filter(|value| !value.trim().is_empty()).cloned();
    let (origins, upstream) = (set(ORIGINS), set(UPSTREAM_URL));
    let to_sample_api = forwards_to_the_sample_api(&api.upstream, &variables)?;
    let names = settings::check_without_secrets(&api, &mut variables)?;
    ensure!(names.is_empty(), "no settings of this version: {}", names.join(", "));
    println!("{} and its settings can be served.", options.configuration.api.display());
    println!("  API        {}", api.name);
    println!("  Versions   {}", versions(&api));
    println!(
        "  Forwards   to {}",
        if to_sample_api { "the sample API".to_owned() } else { upstream.unwrap_or_else(|| url(&api)) }
    );
    println!("  Origins    {}", origins.unwrap_or_else(|| "this machine's own (set ORIGINS for others)".to_owned()));
    Ok(())
}

fn versions(api: &ApiDescription) -> String {
    let one = |version: &gatehouse_shared::description::Version| {
        format!("{} at {} with {} routes", version.name, version.prefix, version.routes.len())
    };
    api.versions.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn url(api: &ApiDescription) -> String {
    match &api.upstream {
        Upstream::Url(url) | Upstream::Service(url) => url.clone(),
    }
}
