//! Creates an App, then shows its credentials.

use super::text::create as text;
use crate::api::{Failure, use_client};
use crate::form::{Choice, Form, FormState, RadioCards, SelectField, TextField, submit};
use crate::layout::{Heading, Page};
use crate::state::{Remote, use_description, use_session};
use crate::ui::{FormSkeleton, Notice, Tone, use_toasts};
use crate::widget::credentials::text as credentials_text;
use crate::widget::{
    Loaded, NewCredentials, NotApproved, RoleNote, environment_choices, environment_of, permission_choices,
    permission_of,
};
use gatehouse_shared::api::{AppView, CreateAppRequest, CreatedApp, Dashboard, IssuedCredentials, ProjectView};
use gatehouse_shared::model::{ApplicationState, Environment, MemberRole, Permission, ProjectId};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Creates an App, standalone or in a Project, then shows its credentials.
#[component]
pub fn NewAppPage() -> impl IntoView {
    let client = use_client();
    // The Projects to choose from, and whether the developer is approved.
    let session = use_session();
    let remote = Remote::new(move || client.find_dashboard(session.developer_account_id()));
    let made: RwSignal<Option<AppView>> = RwSignal::new(None);
    let issued = RwSignal::new(None);
    let title = Signal::derive(move || {
        if made.with(Option::is_some) { credentials_text::TITLE } else { text::TITLE }.to_owned()
    });
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="new-app" title ready narrow=true>
            <Heading title parents=Signal::stored(vec![("Dashboard".to_owned(), "/dashboard".to_owned())])/>
            {move || match made.get() {
                Some(app) => {
                    let lead = format!("{} is ready.", app.settings.name);
                    view! { <NewCredentials app issued lead/> }.into_any()
                }
                None => view! {
                    <Loaded remote skeleton=|| view! { <FormSkeleton/> }.into_any() children=Box::new(move |dashboard| {
                        let dashboard = dashboard.get_untracked();
                        if !session.has_role(dashboard.developer_account_id, MemberRole::Developer) {
                            view! { <RoleNote of=dashboard.developer_account_id/> }.into_any()
                        } else if dashboard.application_state == ApplicationState::Approved {
                            view! { <NewAppForm dashboard made issued/> }.into_any()
                        } else {
                            view! { <NotApproved state=dashboard.application_state/> }.into_any()
                        }
                    })/>
                }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn NewAppForm(
    dashboard: Dashboard,
    made: RwSignal<Option<AppView>>,
    issued: RwSignal<Option<IssuedCredentials>>,
) -> impl IntoView {
    let (client, toasts, rules) = (use_client(), use_toasts(), use_description());
    let of = dashboard.developer_account_id;
    let wanted = use_location().query.with_untracked(|query| query.get("project")).unwrap_or_default();
    // Choose the Project if there is only one, since only an App in a Project may call every version.
    let has_room = |project: &&ProjectView| project.apps.len() < dashboard.limits.apps_per_project as usize;
    let only = match dashboard.projects.as_slice() {
        [project] => Some(project).filter(has_room).map(|project| project.id.to_string()),
        _ => None,
    };
    let projects: Vec<Choice> = std::iter::once(Choice::new("", text::STANDALONE))
        .chain(dashboard.projects.iter().map(|project| Choice::new(project.id, project.settings.name.clone())))
        .collect();
    let wanted = projects.iter().find(|choice| choice.value == wanted).map(|choice| choice.value.clone());
    let project = RwSignal::new(wanted.filter(|id| !id.is_empty()).or(only).unwrap_or_default());
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let environment = RwSignal::new(Environment::Development.as_str().to_owned());
    let permission = RwSignal::new(Permission::Read.as_str().to_owned());
    let request = move || {
        let project_id = project.get().parse::<ProjectId>().ok();
        CreateAppRequest {
            name: name.get(),
            description: description.get(),
            permission: permission_of(&permission.get()),
            project_id,
            environment: project_id.map(|_| environment_of(&environment.get())),
            ..CreateAppRequest::default()
        }
        .check(&rules.rules())
    };
    let state = FormState::new(request);
    let send = submit(move || async move {
        let request = untrack(request).map_err(Failure::Invalid)?;
        let CreatedApp { app, credentials } = client.create_app(of, &request).await?;
        toasts.success(text::CREATED);
        issued.set(Some(credentials));
        made.set(Some(app));
        Ok(())
    });
    let standalone = Memo::new(move |_| project.with(String::is_empty));
    let closed = move || {
        rules.with(|api| {
            let names: Vec<String> = api.versions.iter().filter(|v| v.needs_project).map(|v| v.name.clone()).collect();
            names.join(", ")
        })
    };
    view! {
        <section class="card" aria-label=text::TITLE>
            <Form state on_submit=send action="Create App" issues_credentials=true>
                <TextField state name="name" label="Name" value=name most=32 hint=text::NAME_HINT/>
                <TextField state name="description" label="Description" value=description most=200 hint=text::DESCRIPTION_HINT/>
                <SelectField state name="project_id" label="Project" value=project choices=projects/>
                {move || if standalone.get() {
                    closed().filter(|names| !names.is_empty()).map(|names| view! {
                        <Notice tone=Tone::Info>
                            <p>{text::standalone_note(&names)}</p>
                        </Notice>
                    }).into_any()
                } else {
                    view! { <RadioCards state name="environment" legend="Environment" value=environment choices=environment_choices() row=true/> }.into_any()
                }}
                <RadioCards state name="permission" legend="Permission" value=permission choices=permission_choices(Permission::Read) testid="permission"/>
            </Form>
        </section>
    }
}
