//! Lists the Apps of a developer.

use super::{EnvironmentTag, labels};
use crate::ui::{CopyText, Tag};
use gatehouse_shared::api::AppSummary;
use gatehouse_shared::model::AppStatus;
use leptos::prelude::*;

#[component]
pub fn AppList(apps: Vec<AppSummary>) -> impl IntoView {
    view! { <ul class="rows">{apps.into_iter().map(|app| view! { <AppRow app/> }).collect_view()}</ul> }
}

#[component]
fn AppRow(app: AppSummary) -> impl IntoView {
    let (status, tone) = labels::app_status(app.status);
    let id = app.id.to_string();
    view! {
        <li class="row" data-testid=format!("app-{id}")>
            <div class="row-main">
                <p class="row-title">
                    <a href=format!("/apps/{id}")>{app.name.clone()}</a>
                    {app.environment.map(|environment| view! { <EnvironmentTag environment/> })}
                    {(app.status != AppStatus::Active).then(|| view! { <Tag tone text=status/> })}
                </p>
                <p class="hint">{app.permission.label()}</p>
            </div>
            <div class="row-side">
                <span class="row-label">"App ID"</span>
                <CopyText text=id.clone() what=format!("App ID of {}", app.name)/>
            </div>
        </li>
    }
}
