//! Attaches an App to a Project, or detaches it.

use super::text::project as text;
use crate::api::use_client;
use crate::form::{Choice, Form, FormState, SelectField, submit};
use crate::state::{Load, Remote, use_description, use_session};
use crate::ui::{Dialog, use_toasts};
use crate::widget::{environment_choices, environment_of};
use gatehouse_shared::api::{AppView, AttachAppRequest, Dashboard, NamedProject};
use gatehouse_shared::model::{AppId, Environment, ProjectId};
use leptos::prelude::*;

/// Shows the Project of the App, and changes it. The keys stay the same.
#[component]
pub fn Membership(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let project = Memo::new(move |_| app.with(|app| app.project.clone()));
    view! {
        <section class="card" aria-labelledby="membership-title">
            <h2 id="membership-title" class="card-title">"Project"</h2>
            {move || match project.get() {
                Some(project) => view! { <Attached id project remote/> }.into_any(),
                None => view! { <Standalone id remote/> }.into_any(),
            }}
        </section>
    }
}

/// The names of the versions that only an App in a Project may call.
fn closed_versions() -> Signal<String> {
    let description = use_description();
    Signal::derive(move || {
        let names = description.with(|api| {
            let closed = api.versions.iter().filter(|version| version.needs_project);
            closed.map(|version| version.name.clone()).collect::<Vec<_>>().join(", ")
        });
        names.filter(|names| !names.is_empty()).unwrap_or_else(|| "some versions".into())
    })
}

#[component]
fn Attached(id: AppId, project: NamedProject, remote: Remote<AppView>) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let open = RwSignal::new(false);
    let state = FormState::without_rules();
    let send = StoredValue::new(submit(move || async move {
        let app = client.detach_app(id).await?;
        open.set(false);
        toasts.success(text::DETACHED);
        remote.set(app);
        Ok(())
    }));
    let (closed, description) = (closed_versions(), use_description());
    view! {
        <div class="split">
            <p>"This App is in " <a href=format!("/projects/{}", project.id) data-testid="app-project">{project.name.clone()}</a> "."</p>
            <button type="button" class="button" data-testid="detach" on:click=move |_| open.set(true)>"Detach"</button>
        </div>
        <Dialog open id="detach-dialog" title="Detach from Project?">
            <Form state on_submit=send.get_value() action="Detach" danger=true testid="confirm" on_cancel=Callback::new(move |()| open.set(false))>
                <p>{move || text::detach(&closed.get())} " " {move || description.takes_effect()}</p>
            </Form>
        </Dialog>
    }
}

#[component]
fn Standalone(id: AppId, remote: Remote<AppView>) -> impl IntoView {
    let client = use_client();
    let open = RwSignal::new(false);
    // The page of the App has chosen the App's own.
    let session = use_session();
    let projects = Remote::new(move || client.find_dashboard(session.developer_account_id()));
    let closed = closed_versions();
    view! {
        <div class="split">
            <p data-testid="standalone-note">{move || text::standalone(&closed.get())}</p>
            {move || match projects.state.get() {
                Load::Ready(dashboard) if dashboard.projects.is_empty() => view! { <a class="button" href="/projects/new">"Create a Project"</a> }.into_any(),
                _ => view! { <button type="button" class="button" data-testid="attach" on:click=move |_| open.set(true)>"Attach to a Project"</button> }.into_any(),
            }}
        </div>
        <Dialog open id="attach-dialog" title="Attach to a Project">
            {move || projects.get().map(|dashboard| view! { <AttachForm id remote dashboard open/> })}
        </Dialog>
    }
}

#[component]
fn AttachForm(id: AppId, remote: Remote<AppView>, dashboard: Dashboard, open: RwSignal<bool>) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let choices: Vec<Choice> =
        dashboard.projects.iter().map(|project| Choice::new(project.id, project.settings.name.clone())).collect();
    let project = RwSignal::new(choices.first().map(|choice| choice.value.clone()).unwrap_or_default());
    let environment = RwSignal::new(Environment::Development.as_str().to_owned());
    let state = FormState::without_rules();
    let send = submit(move || async move {
        let Ok(project_id) = project.get_untracked().parse::<ProjectId>() else { return Ok(()) };
        let request = AttachAppRequest { project_id, environment: environment_of(&environment.get_untracked()) };
        let app = client.attach_app(id, &request).await?;
        open.set(false);
        toasts.success(text::ATTACHED);
        remote.set(app);
        Ok(())
    });
    view! {
        <Form state on_submit=send action="Attach" testid="confirm" on_cancel=Callback::new(move |()| open.set(false))>
            <SelectField state name="project_id" label="Project" value=project choices/>
            <SelectField state name="environment" label="Environment" value=environment choices=environment_choices()/>
        </Form>
    }
}
