//! The deployment that is tested.

use std::env;

/// The deployment that is tested, as the environment describes it.
pub struct TestDeployment;

impl TestDeployment {
    /// Without a slash at its end.
    pub fn url() -> String {
        variable("GATEHOUSE_URL").trim_end_matches('/').to_owned()
    }

    /// `host:port`.
    pub fn authority() -> String {
        let url = Self::url();
        url.split_once("://").map_or(url.clone(), |(_, authority)| authority.to_owned())
    }

    pub fn operator_password() -> String {
        variable("GATEHOUSE_OPERATOR_PASSWORD")
    }

    /// With what its proxies prove themselves.
    pub fn check_secret() -> String {
        let secrets = std::fs::read_to_string(format!("{}/secrets.env", Self::data())).expect("its secrets");
        let secret = secrets.lines().find_map(|line| line.strip_prefix("GATE_CHECK_SECRET="));
        secret.expect("one is made for serving").to_owned()
    }

    /// The folder with its secrets and its storage.
    pub fn data() -> String {
        variable("GATEHOUSE_DATA")
    }

    /// The file axe.min.js.
    pub fn axe() -> String {
        variable("GATEHOUSE_AXE")
    }

    /// The folder for pictures of the pages.
    pub fn screenshots() -> String {
        variable("GATEHOUSE_SCREENSHOTS")
    }
}

pub(crate) fn variable(name: &str) -> String {
    match env::var(name) {
        Ok(value) if !value.is_empty() => value,
        _ => panic!("{name} is not set: run these tests with `cargo xtask test --only system`"),
    }
}
