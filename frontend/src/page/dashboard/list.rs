use super::text;
use crate::page::usage::MonthLine;
use crate::ui::{CopyText, Icon, IconName, Tag, Tone};
use crate::widget::labels;
use gatehouse_shared::api::{AppSummary, ProjectView};
use gatehouse_shared::model::{AppStatus, Environment};
use leptos::prelude::*;

#[component]
pub fn ProjectCard(project: ProjectView, approved: bool, limit: u32, apps_left: bool) -> impl IntoView {
    let href = format!("/projects/{}", project.id);
    let heading = format!("project-{}-title", project.id);
    let has_room = approved && apps_left && project.apps.len() < limit as usize;
    view! {
        <article class="card card-list" data-testid=format!("project-{}", project.id) aria-labelledby=heading.clone()>
            <div class="card-head">
                <div>
                    <h3 id=heading.clone()><a href=href>{project.settings.name.clone()}</a></h3>
                    <p class="hint">{project.settings.description.clone()}</p>
                </div>
                {has_room.then(|| view! {
                    <a class="button button-small" href=format!("/apps/new?project={}", project.id)
                        aria-label=format!("Add App to {}", project.settings.name)>
                        <Icon name=IconName::Plus/> "Add App"
                    </a>
                })}
            </div>
            <MonthLine project=project.id name=project.settings.name.clone()/>
            {if project.apps.is_empty() {
                view! { <p class="card-empty hint">{text::NO_APPS}</p> }.into_any()
            } else {
                view! { <AppList apps=project.apps/> }.into_any()
            }}
        </article>
    }
}

#[component]
pub fn AppList(apps: Vec<AppSummary>) -> impl IntoView {
    view! { <ul class="rows">{apps.into_iter().map(|app| view! { <AppRow app/> }).collect_view()}</ul> }
}

#[component]
pub fn AppRow(app: AppSummary) -> impl IntoView {
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

#[component]
pub fn EnvironmentTag(environment: Environment) -> impl IntoView {
    let tone = match environment {
        Environment::Development => Tone::Neutral,
        Environment::Staging => Tone::Info,
        Environment::Production => Tone::Good,
    };
    view! { <Tag tone text=environment.label()/> }
}
