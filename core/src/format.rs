use serde::{Deserialize, Deserializer, Serialize, de};

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
