//! Remembers the developer account that the user chose, in this browser.

use gatehouse_shared::model::DeveloperAccountId;
use leptos::prelude::window;

const KEY: &str = "gatehouse-developer-account";

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The last choice. Whether it is still one of the user's is not known here.
pub fn stored_choice() -> Option<DeveloperAccountId> {
    storage()?.get_item(KEY).ok()??.parse().ok()
}

pub fn store_choice(id: DeveloperAccountId) {
    if let Some(storage) = storage() {
        // Without storage the choice lasts as long as the document.
        let _ = storage.set_item(KEY, &id.to_string());
    }
}
