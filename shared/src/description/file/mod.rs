//! Reads and checks `api.toml`.

mod cors;
mod defaults;
mod routes;
mod version;

use super::{ApiDescription, OFFLINE_SCOPE, Upstream, Version};
use crate::model::{PlanLimits, ScopeSummary};
use cors::{FileCors, check_cors};
use serde::Deserialize;
use serde_spanned::Spanned;
use std::fmt;
use version::{FileVersion, check_version};

/// Why `api.toml` can't be used, and on which line.
#[derive(Debug, PartialEq, Eq)]
pub struct DescriptionError {
    /// Counted from 1.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for DescriptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "api.toml line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for DescriptionError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    summary: String,
    token_prefix: Spanned<String>,
    #[serde(default)]
    terms_url: String,
    #[serde(default)]
    reserved_words: Vec<String>,
    #[serde(default = "default_use_case_minimum")]
    use_case_minimum: Spanned<usize>,
    upstream: Spanned<FileUpstream>,
    plan: PlanLimits,
    #[serde(rename = "scope", default)]
    scopes: Vec<Spanned<ScopeSummary>>,
    #[serde(default)]
    cors: Option<FileCors>,
    #[serde(rename = "version")]
    versions: Spanned<Vec<FileVersion>>,
}

fn default_use_case_minimum() -> Spanned<usize> {
    Spanned::new(0..0, 100)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileUpstream {
    service: Option<String>,
    url: Option<String>,
}

const MOST_VERSIONS: usize = 100;

/// Makes the error at an offset of the text.
type At<'a> = &'a dyn Fn(usize, String) -> DescriptionError;

/// Reads and checks the text of `api.toml`.
pub fn parse(text: &str) -> Result<ApiDescription, DescriptionError> {
    let at = |offset: usize, message: String| DescriptionError { line: line_of(text, offset), message };
    let file: File = toml::from_str(text)
        .map_err(|error| at(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    let refuse = |spot: std::ops::Range<usize>, message: &str| at(spot.start, message.to_owned());

    if file.name.get_ref().trim().is_empty() {
        return Err(refuse(file.name.span(), "the API needs a name"));
    }
    let prefix = file.token_prefix.get_ref();
    if !(2..=12).contains(&prefix.len()) || !prefix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return Err(refuse(file.token_prefix.span(), "token_prefix has 2 to 12 lower-case letters or digits"));
    }
    if *file.use_case_minimum.get_ref() > 1000 {
        return Err(refuse(file.use_case_minimum.span(), "use_case_minimum is at most 1000"));
    }
    let upstream_at = file.upstream.span();
    let upstream = match file.upstream.into_inner() {
        FileUpstream { service: Some(name), url: None } => Upstream::Service(name),
        FileUpstream { service: None, url: Some(url) }
            if (url.starts_with("https://") || url.starts_with("http://")) && url.matches('/').count() == 2 =>
        {
            Upstream::Url(url)
        }
        FileUpstream { service: None, url: Some(_) } => {
            return Err(refuse(
                upstream_at,
                "upstream.url is an origin such as https://api.example.com, without a path",
            ));
        }
        _ => return Err(refuse(upstream_at, "upstream names either a service or a url")),
    };
    if !(1..=MOST_VERSIONS).contains(&file.versions.get_ref().len()) {
        return Err(refuse(file.versions.span(), "describe at least one [[version]], and at most 100"));
    }

    let mut scopes: Vec<ScopeSummary> = Vec::new();
    for scope in file.scopes {
        let (span, scope) = (scope.span(), scope.into_inner());
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
        if scope.name.is_empty() || !scope.name.bytes().all(is_token) {
            return Err(refuse(span, "a scope's name has letters, digits and . _ : - alone"));
        }
        if scope.name == OFFLINE_SCOPE || scopes.iter().any(|known| known.name == scope.name) {
            return Err(at(span.start, format!("there is already a scope {}", scope.name)));
        }
        if scope.text.trim().is_empty() {
            return Err(refuse(span, "a scope needs a text for the user who is asked"));
        }
        scopes.push(scope);
    }

    let cors = file.cors.map(|cors| check_cors(cors, &at)).transpose()?;
    let mut versions: Vec<Version> = Vec::new();
    for version in file.versions.into_inner() {
        let version = check_version(version, &versions, &scopes, cors.as_ref(), &at)?;
        versions.push(version);
    }
    Ok(ApiDescription {
        name: file.name.into_inner(),
        summary: file.summary,
        token_prefix: file.token_prefix.into_inner(),
        terms_url: file.terms_url,
        reserved_words: file.reserved_words.iter().map(|word| word.to_lowercase()).collect(),
        use_case_minimum: file.use_case_minimum.into_inner(),
        upstream,
        versions,
        plan: file.plan,
        scopes,
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or_default().matches('\n').count() + 1
}

#[cfg(test)]
mod tests;
