//! A message that every kind of object takes beside its own: about all that it keeps.

use gatehouse_shared::api::{CopyCursor, RestorePage};
use serde::{Deserialize, Serialize};

/// What the JSON of each [`StorageMessage`] begins with, and that of no other message.
const BEGINNING: &str = r#"{"Storage":"#;

#[derive(Debug, Serialize, Deserialize)]
pub enum StorageMessage {
    Storage(ObjectStorageCall),
}

impl StorageMessage {
    /// Whether a message is one of these.
    pub fn is_in(message: &str) -> bool {
        message.starts_with(BEGINNING)
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub enum ObjectStorageCall {
    /// Answers [`CopyPage`](gatehouse_shared::api::CopyPage).
    Copy { after: Option<CopyCursor> },
    /// Answers [`Restored`](gatehouse_shared::api::Restored).
    Restore(RestorePage),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storage_message_is_known_by_its_beginning() {
        let message = StorageMessage::Storage(ObjectStorageCall::Copy { after: None });
        assert!(StorageMessage::is_in(&serde_json::to_string(&message).unwrap()));
        assert!(!StorageMessage::is_in(r#"{"account":"1"}"#));
    }
}
