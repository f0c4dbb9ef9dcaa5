//! Shows the method of a route.

use leptos::prelude::*;

/// An HTTP method. Methods that change data look different.
#[component]
pub fn MethodTag(method: String) -> impl IntoView {
    let writes = gatehouse_shared::description::is_write(&method);
    view! { <span class="method" class:method-write=writes>{method}</span> }
}
