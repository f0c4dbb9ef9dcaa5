//! The addresses of the refusals of an App.

use gatehouse_shared::model::AppId;

/// The address of one refusal, or of the list.
pub fn address(id: AppId, request_id: &str) -> String {
    if request_id.is_empty() {
        return format!("/apps/{id}/refusals");
    }
    format!("/apps/{id}/refusals?request_id={}", String::from(js_sys::encode_uri_component(request_id)))
}
