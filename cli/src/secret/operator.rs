//! The operator's password.

use super::LocalSecrets;
use crate::program::Program;
use anyhow::{Context, Result};
use std::path::Path;

/// Returns the password that was given, or else the password of the deployment on this machine.
pub fn operator_password(program: &Program, given: Option<&str>, data: Option<&Path>) -> Result<String> {
    if let Some(password) = given {
        return Ok(password.to_owned());
    }
    let secrets = LocalSecrets::load(&program.data(data)?)
        .context("the operator's password is unknown: give --operator-password or --data")?;
    Ok(secrets.operator_password)
}
