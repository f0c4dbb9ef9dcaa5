//! Checks which pages of other origins may call the API.

use super::super::{Cors, Origins};
use super::{At, DescriptionError};
use serde::Deserialize;
use serde_spanned::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileCors {
    origins: Spanned<toml::Value>,
    #[serde(default)]
    expose: Vec<Spanned<String>>,
    #[serde(default)]
    max_age_seconds: Option<u32>,
}

/// As browsers without a setting of their own remember it at the longest.
const DEFAULT_MAX_AGE_SECONDS: u32 = 7_200;

pub(super) fn check_cors(cors: FileCors, at: At<'_>) -> Result<Cors, DescriptionError> {
    let origins = read_origins(cors.origins.get_ref());
    let origins = origins.map_err(|message| at(cors.origins.span().start, message.to_owned()))?;
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if let Some(bad) = cors.expose.iter().find(|name| !is_name(name.get_ref())) {
        let message = "cors.expose lists names of headers, such as \"x-total-count\"";
        return Err(at(bad.span().start, message.to_owned()));
    }
    Ok(Cors {
        origins,
        expose: cors.expose.into_iter().map(|name| name.into_inner().to_ascii_lowercase()).collect(),
        max_age_seconds: cors.max_age_seconds.unwrap_or(DEFAULT_MAX_AGE_SECONDS),
    })
}

fn read_origins(value: &toml::Value) -> Result<Origins, &'static str> {
    let neither = "cors.origins is \"*\", or a list such as [\"https://app.example.com\"]";
    if value.as_str() == Some("*") {
        return Ok(Origins::Any);
    }
    let mut origins = Vec::new();
    for origin in value.as_array().ok_or(neither)? {
        let origin = origin.as_str().ok_or(neither)?;
        if !is_origin(origin) {
            return Err("an origin in cors.origins is written as browsers send it: scheme://host, with a port where \
                        it is not the scheme's own, in lower case and without a path");
        }
        origins.push(origin.to_owned());
    }
    Ok(Origins::Listed(origins))
}

/// Whether a text is an origin as the Fetch standard serializes one. Apps in a
/// shell of their own have schemes such as `capacitor`.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return false };
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => ":",
    };
    let is_scheme_byte = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte);
    let is_host_byte = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._:[]".contains(&byte);
    scheme.starts_with(|letter: char| letter.is_ascii_lowercase())
        && scheme.bytes().all(is_scheme_byte)
        && !host.is_empty()
        && host.bytes().all(is_host_byte)
        && !host.ends_with(default_port)
}
