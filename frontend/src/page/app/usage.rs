//! Shows the usage of an App.

use super::text::usage as text;
use crate::api::use_client;
use crate::state::Remote;
use crate::ui::{CardSkeleton, Notice, Tone};
use crate::widget::{AppUsageChart, Loaded, MonthCard};
use gatehouse_shared::api::{AppUsage, AppView};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn UsageTab(id: AppId, app: Memo<AppView>) -> impl IntoView {
    let client = use_client();
    let remote = Remote::new(move || client.find_app_usage(id));
    view! {
        <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |usage: Memo<AppUsage>| {
            view! {
                {move || match usage.with(|usage| usage.month) {
                    Some(month) => view! { <MonthCard month><SharedMonth app/></MonthCard> }.into_any(),
                    None => view! { <NoMonth/> }.into_any(),
                }}
                <AppUsageChart usage/>
            }.into_any()
        })/>
    }
}

/// Says which other Apps share the monthly cap.
#[component]
fn SharedMonth(app: Memo<AppView>) -> impl IntoView {
    move || {
        app.get().project.map(|project| {
            view! {
                <p class="hint">"Includes all Apps in " <a href=format!("/projects/{}", project.id)>{project.name}</a> "."</p>
            }
        })
    }
}

#[component]
fn NoMonth() -> impl IntoView {
    view! {
        <Notice tone=Tone::Info testid="no-month">
            <p>{text::NO_MONTH}</p>
        </Notice>
    }
}
