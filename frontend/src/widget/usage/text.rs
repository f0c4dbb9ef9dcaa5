//! The texts about usage.

pub const MONTH: &str = "This month";
pub const METER: &str = "Used of this month’s requests";
pub const NEARLY: &str = "Nearly used up";
pub const NEARLY_TITLE: &str = "This month’s requests are nearly used up";
pub const FULL: &str = "Used up: requests are refused";
pub const FULL_TITLE: &str = "This month’s requests are used up";
pub const UNREADABLE: &str = "This month’s requests couldn’t be loaded.";
pub const CHART: &str = "Accepted requests";
pub const EMPTY: &str = "No requests yet";
pub const EMPTY_WHY: &str = "Make your first call with the App’s Bearer Token. The docs have one to copy.";

pub fn used(used: &str, cap: &str, percent: &str) -> String {
    format!("{used} of {cap} requests ({percent})")
}

pub fn nearly(cap: &str, reset: &str) -> String {
    format!("After {cap} requests, all others are refused until {reset}.")
}

pub fn full(reset: &str) -> String {
    format!("Requests are refused until {reset}.")
}

pub fn chart(by: &str) -> String {
    format!(
        "The last 30 days by {by}. Days start at 00:00 UTC. Under load, counts can be too high for up to 30 seconds."
    )
}

pub const BY_CLASS: &str = "endpoint";

/// The name of a class of requests. `/2/*` stands for all paths that are not listed.
pub fn class_name(class: &str) -> String {
    match class.strip_suffix("/*") {
        Some(prefix) => format!("Other paths under {prefix}"),
        None => class.to_owned(),
    }
}
