//! Checks the routes of a version, and that each can be the first to match a request.

use super::super::{Builtin, RoutePolicy, is_write};
use super::cors::{FileCors, check_cors};
use super::defaults::{Defaults, check_limit, check_path_data};
use super::{At, DescriptionError};
use crate::model::{CredentialForm, Limit};
use crate::model::{Permission, ScopeSummary};
use crate::own_paths::{OAUTH2, lies_below};
use serde::Deserialize;
use serde_spanned::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileRoute {
    methods: Spanned<Vec<String>>,
    path: Spanned<String>,
    summary: String,
    #[serde(default)]
    credentials: Option<Vec<CredentialForm>>,
    #[serde(default)]
    permission: Option<Permission>,
    #[serde(default)]
    scopes: Vec<Spanned<String>>,
    #[serde(default)]
    limit: Option<Spanned<Limit>>,
    #[serde(default)]
    path_data: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    cors: Option<FileCors>,
    #[serde(default)]
    builtin: Option<Builtin>,
}

/// Checks the routes of a version. The first that matches a request counts: one
/// that can never be the first is a mistake.
pub(super) fn check_routes(
    routes: Vec<FileRoute>,
    defaults: &Defaults<'_>,
    scopes: &[ScopeSummary],
    at: At<'_>,
) -> Result<Vec<RoutePolicy>, DescriptionError> {
    let mut policies = Vec::new();
    let mut before: Vec<Listed> = Vec::new();
    for route in routes {
        let (line, methods, path) =
            (at(route.path.span().start, String::new()).line, route.methods.get_ref().clone(), route.path.get_ref());
        check_path(path, defaults.prefix).map_err(|message| at(route.path.span().start, message))?;
        let listed = Listed { line, methods, path: path.clone() };
        if let Some(message) = before.iter().find_map(|earlier| earlier.leaves_nothing_of(&listed)) {
            return Err(at(route.path.span().start, message));
        }
        before.push(listed);
        policies.extend(check_route(route, defaults, scopes, at)?);
    }
    Ok(policies)
}

/// A route's path has only what every API reads alike: whatever divides a
/// path for one and not for another can't be listed.
fn check_path(path: &str, prefix: &str) -> Result<(), String> {
    if !lies_below(path, prefix) {
        return Err(format!("a route of this version starts with {prefix}/"));
    }
    if lies_below(&path.to_ascii_lowercase(), OAUTH2) {
        return Err(format!("{path} never applies: the deployment answers what lies below {OAUTH2} itself"));
    }
    let is_letter = |letter: char| letter.is_alphanumeric() || "-._~!$&'()+,=@".contains(letter);
    let is_segment = |segment: &str| match segment.strip_prefix(':') {
        Some(name) => !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
        None => !segment.is_empty() && segment.chars().all(is_letter) && !segment.ends_with('.'),
    };
    if path.split('/').skip(1).all(is_segment) {
        return Ok(());
    }
    Err("a path has segments of letters, digits and - . _ ~ ! $ & ' ( ) + , = @, none empty or with a dot at its end; \
         “:name” stands for one segment. Write it decoded"
        .to_owned())
}

/// A route as the file lists it.
struct Listed {
    line: usize,
    methods: Vec<String>,
    path: String,
}

impl Listed {
    /// Why a route after this one never applies, at least with one of its
    /// methods.
    fn leaves_nothing_of(&self, later: &Self) -> Option<String> {
        let plain = |method: &String| if method == "HEAD" { "GET".to_owned() } else { method.clone() };
        let taken: Vec<String> = self.methods.iter().map(plain).collect();
        let method = later.methods.iter().find(|method| taken.contains(&plain(method)))?;
        let is_name = |segment: &str| segment.starts_with(':');
        let mut pairs = self.path.split('/').zip(later.path.split('/'));
        let same_length = self.path.matches('/').count() == later.path.matches('/').count();
        let covers = |(one, other): (&str, &str)| is_name(one) || (!is_name(other) && one.eq_ignore_ascii_case(other));
        if !same_length || !pairs.all(covers) {
            return None;
        }
        let is_repeated = self
            .path
            .split('/')
            .zip(later.path.split('/'))
            .all(|(one, other)| (is_name(one) && is_name(other)) || one.eq_ignore_ascii_case(other));
        let (path, line) = (&later.path, self.line);
        Some(if is_repeated {
            format!("{method} {path} is listed twice: line {line} has it already")
        } else {
            format!(
                "{method} {path} never applies: {} on line {line} matches it first. List the narrower path first",
                self.path
            )
        })
    }
}

fn check_route(
    route: FileRoute,
    defaults: &Defaults<'_>,
    scopes: &[ScopeSummary],
    at: At<'_>,
) -> Result<Vec<RoutePolicy>, DescriptionError> {
    let path_at = route.path.span().start;
    let methods = route.methods.get_ref();
    if methods.is_empty() || methods.iter().any(|m| m.is_empty() || !m.bytes().all(|b| b.is_ascii_uppercase())) {
        let message = "methods are upper-case names such as \"GET\", at least one";
        return Err(at(route.methods.span().start, message.to_owned()));
    }
    let limit = route.limit.map(|limit| check_limit(limit, at)).transpose()?.unwrap_or(defaults.limit);
    let credentials = route.credentials.unwrap_or_else(|| defaults.credentials.to_vec());
    if let Some(unknown) = route.scopes.iter().find(|scope| scopes.iter().all(|s| s.name != *scope.get_ref())) {
        return Err(at(unknown.span().start, format!("there is no [[scope]] named {}", unknown.get_ref())));
    }
    if credentials.contains(&CredentialForm::OAuth2User) == route.scopes.is_empty() {
        return Err(at(path_at, "a route takes oauth2-user exactly if it names scopes".to_owned()));
    }
    let allows = |scope: &&ScopeSummary| route.scopes.iter().any(|name| *name.get_ref() == scope.name);
    let granted = scopes.iter().filter(allows).map(|scope| scope.permission).max();
    let path_data = match route.path_data {
        Some(signs) => check_path_data(signs, at)?,
        None => defaults.path_data,
    };
    let cors = route.cors.map(|cors| check_cors(cors, at)).transpose()?;
    // Where the file names no permission, each method needs its own.
    let (writes, reads): (Vec<String>, Vec<String>) = methods.iter().cloned().partition(|method| is_write(method));
    // What the deployment answers by itself changes nothing in the API.
    let permission = route.permission.or(route.builtin.map(|_| Permission::Read));
    let policies = match permission {
        Some(permission) => vec![(methods.clone(), permission)],
        None => vec![(reads, Permission::Read), (writes, Permission::ReadWrite)],
    };
    let mut checked = Vec::new();
    for (methods, permission) in policies.into_iter().filter(|(methods, _)| !methods.is_empty()) {
        if granted.is_some_and(|granted| granted < permission) {
            let message = format!("one of the scopes must have the permission that {} needs", methods.join(", "));
            return Err(at(path_at, message));
        }
        checked.push(RoutePolicy {
            methods,
            path: route.path.get_ref().clone(),
            summary: route.summary.clone(),
            credentials: credentials.clone(),
            permission,
            scopes: route.scopes.iter().map(|scope| scope.get_ref().clone()).collect(),
            limit,
            path_data,
            cors: cors.clone(),
            builtin: route.builtin,
        });
    }
    Ok(checked)
}
