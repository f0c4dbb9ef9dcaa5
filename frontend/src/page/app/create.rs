use super::{environment_choices, environment_of, permission_choices, permission_of};
use crate::api::use_client;
use crate::form::{Choice, Form, FormState, RadioCards, SelectField, TextField, submit};
use crate::layout::{Heading, Page};
use crate::page::credentials::CredentialsPanel;
use crate::page::dashboard::NotApproved;
use crate::state::{Remote, use_description, use_toasts};
use crate::ui::{FormSkeleton, Loaded, Notice, Tone};
use gatehouse_shared::api::{CreateAppRequest, CreatedApp, Dashboard};
use gatehouse_shared::model::{ApplicationState, Environment, Permission, ProjectId};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// A new App, standalone or in a Project, then its credentials.
#[component]
pub fn NewAppPage() -> impl IntoView {
    let client = use_client();
    // The Projects to choose from, and whether anything may be made at all.
    let remote = Remote::new(move || client.find_dashboard());
    let made: RwSignal<Option<CreatedApp>> = RwSignal::new(None);
    let navigate = use_navigate();
    let title = Signal::derive(move || {
        if made.with(Option::is_some) { "Keep your credentials".to_owned() } else { "New App".to_owned() }
    });
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="new-app" title ready narrow=true>
            <Heading title parent=Signal::stored(("Dashboard".to_owned(), "/dashboard".to_owned()))/>
            {move || match made.get() {
                Some(CreatedApp { app, credentials }) => {
                    let navigate = navigate.clone();
                    let id = app.id.to_string();
                    let target = format!("/apps/{id}");
                    let in_project = app.project.is_some();
                    view! {
                        <div class="stack">
                            <p class="lead">{format!("{} is ready.", app.settings.name)}</p>
                            <CredentialsPanel credentials app_name=app.settings.name app_id=id in_project
                                done="I have kept them" on_done=Callback::new(move |()| navigate(&target, NavigateOptions::default()))/>
                        </div>
                    }.into_any()
                }
                None => view! {
                    <Loaded remote skeleton=|| view! { <FormSkeleton/> }.into_any() children=Box::new(move |dashboard| {
                        let dashboard = dashboard.get_untracked();
                        if dashboard.application_state == ApplicationState::Approved {
                            view! { <NewAppForm dashboard made/> }.into_any()
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
fn NewAppForm(dashboard: Dashboard, made: RwSignal<Option<CreatedApp>>) -> impl IntoView {
    let (client, toasts, rules) = (use_client(), use_toasts(), use_description());
    let wanted = use_location().query.with_untracked(|query| query.get("project")).unwrap_or_default();
    let projects: Vec<Choice> = std::iter::once(Choice::new("", "None: a standalone App"))
        .chain(dashboard.projects.iter().map(|project| Choice::new(project.id, project.settings.name.clone())))
        .collect();
    let wanted = projects.iter().find(|choice| choice.value == wanted).map(|choice| choice.value.clone());
    let project = RwSignal::new(wanted.unwrap_or_default());
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
        let Ok(request) = untrack(request) else { return Ok(()) };
        let created = client.create_app(&request).await?;
        toasts.success("App created.");
        made.set(Some(created));
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
        <section class="card" aria-label="New App">
            <Form state on_submit=send action="Create App">
                <TextField state name="name" label="Name" value=name most=32 hint="Must be free in the whole deployment. People see it when they grant access."/>
                <TextField state name="description" label="Description" value=description most=200 hint="What it does, for the people who use it."/>
                <SelectField state name="project_id" label="Project" value=project choices=projects/>
                {move || if standalone.get() {
                    closed().filter(|names| !names.is_empty()).map(|names| view! {
                        <Notice tone=Tone::Info>
                            <p>{format!("A standalone App can’t call {names}. You can attach it to a Project later and keep its keys.")}</p>
                        </Notice>
                    }).into_any()
                } else {
                    view! { <RadioCards state name="environment" legend="Environment" value=environment choices=environment_choices() row=true/> }.into_any()
                }}
                <RadioCards state name="permission" legend="Permission" value=permission choices=permission_choices() testid="permission"/>
            </Form>
        </section>
    }
}
