//! The part of a credential that is no secret: who made it, for which App, and its generation.

use super::base62::{decode_u64, encode_u64, numbers_of};
use super::checksum::FormatError;
use crate::model::AppId;

/// Digits of an App ID: 62^11 > 2^63.
const APP_ID_CHARS: usize = 11;
/// Digits of the number that tells the generations of a credential apart.
pub const SERIAL_CHARS: usize = 6;
/// Digits of the keyed tag: 47 bits, checked before any storage is read.
const TAG_CHARS: usize = 8;
/// How many keyed tags there are: they are below that number.
pub const TAGS: u64 = numbers_of(TAG_CHARS);
pub(super) const PUBLIC_CHARS: usize = 1 + APP_ID_CHARS + SERIAL_CHARS + TAG_CHARS;

/// Tells the generations of one App's credential apart; in 0..62^6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Serial(u64);

impl Serial {
    /// Makes a serial from eight random bytes.
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(bytes) % numbers_of(SERIAL_CHARS))
    }

    /// The serial with this number, as [`Self::value`] gave it.
    pub fn from_value(value: u64) -> Self {
        Self(value % numbers_of(SERIAL_CHARS))
    }

    /// The number itself, below 62^6.
    pub fn value(self) -> u64 {
        self.0
    }
}

/// The part of a credential that is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Public {
    /// The id of the master key that made it: one base62 digit.
    pub key_id: char,
    pub app_id: AppId,
    pub serial: Serial,
    /// The keyed tag over the rest, in 0..62^8.
    pub tag: u64,
}

impl Public {
    pub(super) fn write(&self) -> String {
        let mut text = String::with_capacity(PUBLIC_CHARS);
        text.push(self.key_id);
        text.push_str(&encode_u64(self.app_id.value(), APP_ID_CHARS));
        text.push_str(&encode_u64(self.serial.0, SERIAL_CHARS));
        text.push_str(&encode_u64(self.tag, TAG_CHARS));
        text
    }

    /// Reads `PUBLIC_CHARS` base62 digits.
    pub(super) fn read(text: &str) -> Result<Self, FormatError> {
        let (key_id, rest) = text.split_at(1);
        let (app_id, rest) = rest.split_at(APP_ID_CHARS);
        let (serial, tag) = rest.split_at(SERIAL_CHARS);
        let number = |digits: &str| decode_u64(digits).ok_or(FormatError::AppId);
        Ok(Self {
            key_id: key_id.chars().next().ok_or(FormatError::Length)?,
            app_id: AppId::from_value(number(app_id)?).map_err(|_| FormatError::AppId)?,
            serial: Serial(number(serial)?),
            tag: number(tag)?,
        })
    }
}
