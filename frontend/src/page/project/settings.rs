use crate::api::use_client;
use crate::form::{Form, FormState, TextArea, TextField, submit};
use crate::state::{Remote, use_description, use_toasts};
use gatehouse_shared::api::{ProjectView, UpdateProjectRequest};
use gatehouse_shared::model::ProjectId;
use leptos::prelude::*;

#[component]
pub fn ProjectSettingsForm(id: ProjectId, project: Memo<ProjectView>, remote: Remote<ProjectView>) -> impl IntoView {
    let (client, toasts, rules) = (use_client(), use_toasts(), use_description());
    let before = project.get_untracked().settings;
    let name = RwSignal::new(before.name);
    let description = RwSignal::new(before.description);
    let use_case = RwSignal::new(before.use_case);
    let request = move || {
        UpdateProjectRequest {
            name: Some(name.get()),
            description: Some(description.get()),
            use_case: Some(use_case.get()),
        }
        .check(&rules.rules())
    };
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        remote.set(client.update_project(id, &request).await?);
        toasts.success("Project saved.");
        Ok(())
    });
    let least = Signal::derive(move || rules.rules().use_case_minimum);
    view! {
        <section class="card" aria-labelledby="settings-title">
            <h2 id="settings-title" class="card-title">"Settings"</h2>
            <Form state on_submit=send action="Save changes">
                <TextField state name="name" label="Name" value=name most=50/>
                <TextField state name="description" label="Description" value=description most=200/>
                <TextArea state name="use_case" label="Use case" value=use_case least most=2000/>
            </Form>
        </section>
    }
}
