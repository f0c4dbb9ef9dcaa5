//! Shows the activity of an App.

use super::text::activity as text;
use crate::api::use_client;
use crate::state::Remote;
use crate::widget::ActivityTable;
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn ActivityTab(id: AppId) -> impl IntoView {
    let client = use_client();
    let group = RwSignal::new(String::new());
    let remote = Remote::new(move || {
        let group = group.get();
        async move { client.list_app_activity(id, &group).await }
    });
    view! {
        <section class="card card-list" aria-labelledby="activity-title">
            <div class="card-head"><h2 id="activity-title">"Activity"</h2></div>
            <ActivityTable remote group when_empty=text::EMPTY_WHY/>
        </section>
    }
}
