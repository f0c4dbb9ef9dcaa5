//! Checks a version of the API, with its prefix and its routes.

use super::super::Version;
use super::cors::{FileCors, check_cors};
use super::defaults::{Defaults, check_limit, check_path_data};
use super::routes::{FileRoute, check_routes};
use super::{At, DescriptionError};
use crate::description::Cors;
use crate::model::ScopeSummary;
use crate::model::{CredentialForm, ErrorForm, Limit};
use crate::own_paths::{lies_below, overlapped_by};
use serde::Deserialize;
use serde_spanned::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileVersion {
    name: String,
    prefix: Spanned<String>,
    needs_project: bool,
    errors: ErrorForm,
    #[serde(default)]
    credentials: Option<Vec<CredentialForm>>,
    #[serde(default)]
    limit: Option<Spanned<Limit>>,
    #[serde(default)]
    path_data: Vec<Spanned<String>>,
    #[serde(default)]
    cors: Option<FileCors>,
    #[serde(rename = "route", default)]
    routes: Vec<FileRoute>,
}

/// Checks a version, after those before it. `cors` is that of the whole API.
pub(super) fn check_version(
    version: FileVersion,
    before: &[Version],
    scopes: &[ScopeSummary],
    cors: Option<&Cors>,
    at: At<'_>,
) -> Result<Version, DescriptionError> {
    let span = version.prefix.span();
    let refuse = |message: String| at(span.start, message);
    let prefix = version.prefix.into_inner();
    check_prefix(&prefix).map_err(refuse)?;
    if let Some(other) = before.iter().find(|v| lies_below(&prefix, &v.prefix) || lies_below(&v.prefix, &prefix)) {
        return Err(refuse(format!("the prefix {prefix} overlaps with {}", other.prefix)));
    }
    let credentials =
        version.credentials.unwrap_or_else(|| vec![CredentialForm::OAuth1User, CredentialForm::BearerToken]);
    if credentials.contains(&CredentialForm::OAuth2User) {
        let message = "a version can't take oauth2-user on every path: name it on routes, with scopes";
        return Err(refuse(message.to_owned()));
    }
    let limit = version.limit.map(|limit| check_limit(limit, at)).transpose()?.unwrap_or_default();
    let path_data = check_path_data(version.path_data, at)?;
    let defaults = Defaults { prefix: &prefix, credentials: &credentials, limit, path_data };
    let routes = check_routes(version.routes, &defaults, scopes, at)?;
    let own_cors = version.cors.map(|cors| check_cors(cors, at)).transpose()?;
    Ok(Version {
        index: u16::try_from(before.len()).unwrap_or(u16::MAX),
        name: version.name,
        has_capitals: routes.iter().any(|route| has_capitals(&route.path)),
        prefix,
        needs_project: version.needs_project,
        errors: version.errors,
        credentials,
        limit,
        path_data,
        cors: own_cors.or_else(|| cors.cloned()),
        routes,
    })
}

/// A prefix has only letters that every API reads alike, and none of its own
/// paths lies under it.
fn check_prefix(prefix: &str) -> Result<(), String> {
    if !prefix.starts_with('/') || prefix.len() < 2 || prefix.ends_with('/') {
        return Err("a prefix starts with “/” and does not end with it".to_owned());
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let is_segment = |segment: &str| !segment.is_empty() && !segment.ends_with('.');
    if !prefix.bytes().all(is_plain) || !prefix.split('/').skip(1).all(is_segment) {
        return Err("a prefix has letters, digits and - . _ ~ alone, and no segment that is empty or ends with a dot"
            .to_owned());
    }
    match overlapped_by(prefix) {
        Some(own) => Err(format!("the prefix {prefix} collides with the deployment's own {own}")),
        None => Ok(()),
    }
}

/// Whether a literal segment of a route's path has a capital letter.
fn has_capitals(path: &str) -> bool {
    let mut literals = path.split('/').filter(|segment| !segment.starts_with(':'));
    literals.any(|segment| segment.bytes().any(|byte| byte.is_ascii_uppercase()))
}
