//! Offers new credentials as a `.env` file.

use gatehouse_shared::api::IssuedCredentials;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Offers a `.env` file for download. Returns false in a browser without object URLs, where the copy buttons still
/// work.
pub fn download_env(app_name: &str, app_id: &str, credentials: &IssuedCredentials) -> bool {
    offer(&format!("{}.env", file_stem(app_name)), &env_text(app_name, app_id, credentials)).is_ok()
}

fn offer(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("text/plain");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}

fn env_text(app_name: &str, app_id: &str, credentials: &IssuedCredentials) -> String {
    let mut text = format!("# {app_name} (App ID {app_id})\n");
    for (key, value) in [
        ("API_KEY", &credentials.api_key),
        ("API_KEY_SECRET", &credentials.api_key_secret),
        ("ACCESS_TOKEN", &credentials.access_token),
        ("ACCESS_TOKEN_SECRET", &credentials.access_token_secret),
        ("BEARER_TOKEN", &credentials.bearer_token),
        ("CLIENT_ID", &credentials.client_id),
        ("CLIENT_SECRET", &credentials.client_secret),
    ] {
        if let Some(value) = value {
            text.push_str(&format!("{key}={value}\n"));
        }
    }
    text
}

fn file_stem(name: &str) -> String {
    let stem: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let stem = stem.trim_matches('-');
    if stem.is_empty() { "credentials".into() } else { stem.into() }
}
