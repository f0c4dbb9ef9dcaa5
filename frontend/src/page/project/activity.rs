//! Shows the activity of a Project and its Apps.

use super::text;
use crate::api::use_client;
use crate::state::Remote;
use crate::widget::ActivityTable;
use gatehouse_shared::model::{DeveloperAccountId, ProjectId};
use leptos::prelude::*;

#[component]
pub fn Activity(id: ProjectId, of: DeveloperAccountId) -> impl IntoView {
    let client = use_client();
    let group = RwSignal::new(String::new());
    let remote = Remote::new(move || {
        let group = group.get();
        async move { client.list_project_activity(of, id, &group).await }
    });
    view! {
        <section class="card card-list" aria-labelledby="activity-title">
            <div class="card-head"><h2 id="activity-title">{text::ACTIVITY}</h2></div>
            <ActivityTable remote group when_empty=text::ACTIVITY_EMPTY/>
        </section>
    }
}
