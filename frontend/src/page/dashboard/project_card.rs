//! A Project on the dashboard, with its month and its Apps.

use super::text;
use crate::api::use_client;
use crate::state::Remote;
use crate::ui::{Icon, IconName};
use crate::widget::{AppList, MonthLine};
use gatehouse_shared::api::ProjectView;
use leptos::prelude::*;

#[component]
pub fn ProjectCard(project: ProjectView, may_create: bool, limit: u32, apps_left: bool) -> impl IntoView {
    let client = use_client();
    let id = project.id;
    let usage = Remote::new(move || client.find_project_usage(id));
    let href = format!("/projects/{id}");
    let heading = format!("project-{}-title", project.id);
    let has_room = may_create && apps_left && project.apps.len() < limit as usize;
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
            <MonthLine project=id name=project.settings.name.clone() usage/>
            {if project.apps.is_empty() {
                view! { <p class="card-empty hint">{text::NO_APPS}</p> }.into_any()
            } else {
                view! { <AppList apps=project.apps/> }.into_any()
            }}
        </article>
    }
}
