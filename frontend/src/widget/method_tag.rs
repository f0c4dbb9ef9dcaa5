use leptos::prelude::*;

/// An HTTP method; those that change something look different.
#[component]
pub fn MethodTag(method: String) -> impl IntoView {
    let writes = gatehouse_shared::description::is_write(&method);
    view! { <span class="method" class:method-write=writes>{method}</span> }
}
