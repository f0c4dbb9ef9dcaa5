//! Rules that a version sets for all its routes, and that a route may set for itself.

use super::super::PathData;
use super::{At, DescriptionError};
use crate::model::{CredentialForm, DAY_SECONDS, Limit};
use serde_spanned::Spanned;

/// What holds for each route of a version that says nothing else.
pub(super) struct Defaults<'a> {
    pub prefix: &'a str,
    pub credentials: &'a [CredentialForm],
    pub limit: Limit,
    pub path_data: PathData,
}

/// Reads which signs a path's data may hold.
pub(super) fn check_path_data(signs: Vec<Spanned<String>>, at: At<'_>) -> Result<PathData, DescriptionError> {
    let mut data = PathData::default();
    for sign in signs {
        match sign.get_ref().as_str() {
            "%2F" | "%2f" => data.slash = true,
            ";" => data.semicolon = true,
            _ => return Err(at(sign.span().start, "path_data takes \"%2F\" and \";\" alone".to_owned())),
        }
    }
    Ok(data)
}

/// Checks that a limit's window divides a day, and that the limit counts something.
pub(super) fn check_limit(limit: Spanned<Limit>, at: At<'_>) -> Result<Limit, DescriptionError> {
    let (span, limit) = (limit.span(), limit.into_inner());
    let refuse = |message: &str| Err(at(span.start, message.to_owned()));
    if limit.window_seconds == 0 || !DAY_SECONDS.is_multiple_of(limit.window_seconds.into()) {
        return refuse("window_seconds divides a day, such as 60, 900 or 86400");
    }
    if [limit.app, limit.user].contains(&Some(0)) {
        return refuse("a limit is at least 1: to close a route, list no credentials for it");
    }
    if limit.is_none() {
        return refuse("a limit names how many requests an app, a user or both may make in a window");
    }
    Ok(limit)
}
