//! The description of the API, loaded once.

use super::{Load, Remote};
use crate::api::Client;
use gatehouse_shared::api::ApiSummary;
use gatehouse_shared::validate::Rules;
use leptos::prelude::*;

/// The description of the API by its deployment, loaded once.
#[derive(Clone, Copy)]
pub struct Description(pub Remote<ApiSummary>);

pub fn use_description() -> Description {
    expect_context()
}

impl Description {
    pub fn new(client: Client) -> Self {
        Self(Remote::new(move || client.describe_api()))
    }

    /// The name of the API. Before the description is loaded, the name comes from the HTML page.
    pub fn name(self) -> String {
        self.with(|api| api.name.clone())
            .or_else(|| meta_content("application-name"))
            .unwrap_or_else(|| "Developer portal".into())
    }

    /// The summary of the API. Before the description is loaded, the summary comes from the HTML page, so that what
    /// stands below it does not move.
    pub fn summary(self) -> String {
        self.with(|api| api.summary.clone()).or_else(|| meta_content("description")).unwrap_or_default()
    }

    /// The rules for forms: the defaults until the description is loaded.
    pub fn rules(self) -> Rules {
        self.with(|api| api.rules.clone()).unwrap_or_default()
    }

    /// Says when a change takes effect. Pages that revoke, suspend, lower or replace access show it.
    pub fn takes_effect(self) -> String {
        takes_effect(self.with(|api| api.freshness_seconds))
    }

    /// Reads the description if it is loaded.
    pub fn with<R>(self, read: impl FnOnce(&ApiSummary) -> R) -> Option<R> {
        self.0.state.with(|load| match load {
            Load::Ready(api) => Some(read(api)),
            _ => None,
        })
    }
}

/// Reads what the build wrote into a `meta` element of the HTML page.
fn meta_content(name: &str) -> Option<String> {
    let element = document().query_selector(&format!("meta[name='{name}']")).ok()??;
    element.get_attribute("content")
}

/// Says when a change takes effect. `freshness_seconds` is the bound of this deployment, if it is known.
fn takes_effect(freshness_seconds: Option<u64>) -> String {
    let within = match freshness_seconds {
        Some(0) => return "This takes effect immediately.".to_owned(),
        Some(seconds @ 1..=120) => format!("{seconds} seconds"),
        Some(seconds) => format!("{} minutes", seconds.div_ceil(60)),
        None => "a few minutes".to_owned(),
    };
    format!("This takes effect within {within}.")
}

#[cfg(test)]
mod tests {
    use super::takes_effect;

    #[test]
    fn no_change_is_said_to_be_in_effect_before_the_bound() {
        for (seconds, wanted) in [
            (Some(0), "This takes effect immediately."),
            (Some(100), "This takes effect within 100 seconds."),
            (Some(390), "This takes effect within 7 minutes."),
            (None, "This takes effect within a few minutes."),
        ] {
            assert_eq!(takes_effect(seconds), wanted);
        }
    }
}
