//! Reads stored records and messages, and names errors without quoting values.

mod by_name;

pub use by_name::ByName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt::Display;

/// Reads a stored record or a message, as JSON. `what` says in the error which.
pub fn decode<T: DeserializeOwned>(what: impl Display, text: &str) -> Result<T, String> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(ByName(&mut deserializer)).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| format!("{what}: {}", unreadable(&error)))
}

/// What is wrong with a text that can't be read, without what stands in it:
/// serde quotes values, and this goes into the log.
fn unreadable(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let Some((before, rest)) = text.split_once(['"', '`']) else { return text };
    let place = rest.rfind(" at line ").and_then(|at| rest.get(at..)).unwrap_or_default();
    format!("{before}…{place}")
}

/// The layout of a record in KV, of which this Worker reads up to `NEWEST`. A
/// record of a newer one can't be read at all: what looks like something known
/// may mean something else by now. It stands first in its record, so that
/// nothing of a newer one is looked at before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Format<const NEWEST: u32>(u32);

impl<const NEWEST: u32> Format<NEWEST> {
    /// The layout that is written.
    pub const CURRENT: Self = Self(NEWEST);
}

impl<'de, const NEWEST: u32> Deserialize<'de> for Format<NEWEST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let format = u32::deserialize(deserializer)?;
        if format > NEWEST {
            return Err(de::Error::custom(format_args!(
                "a newer Worker has written this record: its format is {format}, and this Worker knows {NEWEST}; \
                 deploy the newer one again"
            )));
        }
        Ok(Self(format))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unreadable_is_told_without_its_values() {
        let told = |text: &str| unreadable(&serde_json::from_str::<Vec<u64>>(text).unwrap_err());
        assert_eq!(told("[\"a \\\" at line secret\"]"), "invalid type: string … at line 1 column 22");
        assert_eq!(told("[-5]"), "invalid value: integer … at line 1 column 3");
        assert_eq!(told("[1"), "EOF while parsing a list at line 1 column 2");
        let newer = unreadable(&serde_json::from_str::<Format<1>>("2").unwrap_err());
        assert!(newer.contains("its format is 2, and this Worker knows 1"), "{newer}");
    }
}
