//! Edits the settings of a Project.

use super::text;
use crate::api::{Failure, use_client};
use crate::form::{ChangedMeanwhile, Form, FormState, TextArea, TextField, submit};
use crate::state::{Remote, use_description};
use crate::ui::{Facts, effect, use_toasts};
use crate::widget::RoleNote;
use gatehouse_shared::api::{ProjectView, UpdateProjectRequest};
use gatehouse_shared::model::ProjectId;
use leptos::prelude::*;

/// The values of a Project in the fields of the form, by field name.
fn shown(project: &ProjectView) -> Vec<(&'static str, String)> {
    let settings = &project.settings;
    vec![
        ("name", settings.name.clone()),
        ("description", settings.description.clone()),
        ("use_case", settings.use_case.clone()),
    ]
}

/// Shows the settings to members who may not change them.
#[component]
pub fn ProjectFacts(project: Memo<ProjectView>) -> impl IntoView {
    let rows = move || {
        let settings = project.with(|project| project.settings.clone());
        vec![("Name", settings.name), ("Description", settings.description), ("Use case", settings.use_case)]
    };
    view! {
        <RoleNote of=Signal::derive(move || project.with(|project| project.developer_account_id))/>
        <section class="card" aria-labelledby="settings-title" data-testid="settings-facts">
            <h2 id="settings-title" class="card-title">{text::SETTINGS}</h2>
            {move || view! { <Facts rows=rows()/> }}
        </section>
    }
}

/// Saves only the edited fields, and only if nobody else has saved since.
#[component]
pub fn ProjectSettingsForm(id: ProjectId, project: Memo<ProjectView>, remote: Remote<ProjectView>) -> impl IntoView {
    let (client, toasts, rules) = (use_client(), use_toasts(), use_description());
    let before = project.get_untracked().settings;
    let name = RwSignal::new(before.name);
    let description = RwSignal::new(before.description);
    let use_case = RwSignal::new(before.use_case);
    // The rules apply only to edited fields, because an older setting may follow older rules.
    let changes = move || {
        let (name, description, use_case) = (Some(name.get()), Some(description.get()), Some(use_case.get()));
        let request = UpdateProjectRequest { name, description, use_case, version: None };
        project.with(|project| {
            let checked = request.only_changes(project).check(&rules.rules());
            checked.map(|request| request.only_changes(project))
        })
    };
    let state = FormState::new(changes);
    effect(move || project.with(|project| state.follow(&shown(project))));
    let send = submit(move || {
        let changes = untrack(changes);
        async move {
            match client.update_project(id, &changes.map_err(Failure::Invalid)?).await {
                Ok(project) => {
                    state.restart(&shown(&project));
                    remote.set(project);
                    toasts.success(text::SAVED);
                    Ok(())
                }
                Err(failure) => {
                    if failure.is_changed_meanwhile() {
                        remote.set(client.find_project(id).await?);
                    }
                    Err(failure)
                }
            }
        }
    });
    let least = Signal::derive(move || rules.rules().use_case_minimum);
    view! {
        <section class="card" aria-labelledby="settings-title">
            <h2 id="settings-title" class="card-title">{text::SETTINGS}</h2>
            <Form state on_submit=send action="Save changes">
                <TextField state name="name" label="Name" value=name most=50/>
                <TextField state name="description" label="Description" value=description most=200/>
                <TextArea state name="use_case" label="Use case" value=use_case least most=2000/>
                <ChangedMeanwhile state/>
            </Form>
        </section>
    }
}
