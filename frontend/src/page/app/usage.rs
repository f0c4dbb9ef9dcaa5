use crate::api::use_client;
use crate::page::usage::{MonthCard, UsageChart};
use crate::state::Remote;
use crate::ui::{CardSkeleton, Loaded, Notice, Tone};
use gatehouse_shared::api::{AppUsage, AppView};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn UsageTab(id: AppId, app: Memo<AppView>) -> impl IntoView {
    let client = use_client();
    let remote = Remote::new(move || client.find_app_usage(id));
    view! {
        <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |usage: Memo<AppUsage>| {
            let days = Signal::derive(move || usage.with(|usage| usage.days.clone()));
            view! {
                {move || match usage.with(|usage| usage.month) {
                    Some(month) => view! { <MonthCard month><SharedMonth app/></MonthCard> }.into_any(),
                    None => view! { <NoMonth/> }.into_any(),
                }}
                <UsageChart days by="class of routes"/>
            }.into_any()
        })/>
    }
}

/// Who else uses the same month.
#[component]
fn SharedMonth(app: Memo<AppView>) -> impl IntoView {
    move || {
        app.get().project.map(|project| {
            view! {
                <p class="hint">"Counts all Apps of " <a href=format!("/projects/{}", project.id)>{project.name}</a> "."</p>
            }
        })
    }
}

#[component]
fn NoMonth() -> impl IntoView {
    view! {
        <Notice tone=Tone::Info testid="no-month">
            <p>"This App is in no Project, so it has no monthly cap. Only the limits of each route hold."</p>
        </Notice>
    }
}
