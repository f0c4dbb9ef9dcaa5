//! Shows the usage of a Project.

use super::text;
use crate::api::use_client;
use crate::state::Remote;
use crate::ui::CardSkeleton;
use crate::widget::{Loaded, MonthCard, UsageChart};
use gatehouse_shared::api::ProjectUsage;
use gatehouse_shared::model::ProjectId;
use leptos::prelude::*;

/// The usage of the Apps of a Project.
#[component]
pub fn Usage(id: ProjectId) -> impl IntoView {
    let client = use_client();
    let remote = Remote::new(move || client.find_project_usage(id));
    view! {
        <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |usage: Memo<ProjectUsage>| {
            let days = Signal::derive(move || usage.with(|usage| usage.days.clone()));
            let month = Signal::derive(move || usage.with(|usage| usage.month));
            view! {
                <MonthCard month><p class="hint">{text::ALL_APPS}</p></MonthCard>
                <UsageChart days by="App"/>
            }.into_any()
        })/>
    }
}
