//! Names accounts, Projects and Apps by numbers that are written as text.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

const SMALLEST: u64 = 1_000_000_000_000_000_000;
const COUNT: u64 = 8_000_000_000_000_000_000;

/// The text is not an id: ids are 19 decimal digits, in a range below 2^63.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 19 decimal digits, from 1000000000000000000 to 8999999999999999999")]
pub struct IdError;

macro_rules! decimal_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Exactly 19 decimal digits, a string in JSON, below 2^63 so that
        /// clients may keep it in a signed 64-bit integer.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(u64);

        impl $name {
            /// Makes an id from eight random bytes.
            pub fn from_random(bytes: [u8; 8]) -> Self {
                Self(SMALLEST + u64::from_be_bytes(bytes) % COUNT)
            }

            /// Returns the id as a number in `10^18..9·10^18`.
            pub fn value(self) -> u64 {
                self.0
            }

            /// Reads an id back from its number.
            pub fn from_value(value: u64) -> Result<Self, IdError> {
                if (SMALLEST..SMALLEST + COUNT).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err(IdError)
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                if text.len() != 19 || !text.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(IdError);
                }
                Self::from_value(text.parse().map_err(|_| IdError)?)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[1-9][0-9]{18}$" })
            }
        }
    };
}

decimal_id!(
    /// Names an account; the numeric user id inside its access tokens.
    AccountId
);
decimal_id!(
    /// Names a developer account, which owns Projects and Apps.
    DeveloperAccountId
);
decimal_id!(
    /// Names a developer App.
    AppId
);
decimal_id!(
    /// Names a Project.
    ProjectId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text_and_nothing_else_does() {
        let id = AppId::from_random([0xff; 8]);
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in
            ["", "12", "0000000000000000000", "9999999999999999999", "123456789012345678a", "+234567890123456789"]
        {
            assert_eq!(text.parse::<AppId>(), Err(IdError), "{text}");
        }
    }
}
