//! Creates a Project with its first App, then shows the credentials of the App.

use super::text;
use crate::api::{Failure, use_client};
use crate::form::{Choice, Form, FormState, RadioCards, TextArea, TextField, submit};
use crate::layout::{Heading, Page};
use crate::state::{use_description, use_session};
use crate::ui::use_toasts;
use crate::widget::credentials::text as credentials_text;
use crate::widget::{
    NewCredentials, NotApproved, RoleNote, environment_choices, environment_of, permission_choices, permission_of,
};
use gatehouse_shared::api::{
    AppView, CreateProjectRequest, CreatedApp, CreatedProject, FirstApp, IssuedCredentials, ProjectView,
};
use gatehouse_shared::model::{ApplicationState, DeveloperAccountId, Environment, MemberRole, Permission};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Creates a Project and its first App in one form, then shows the credentials of the App.
#[component]
pub fn NewProjectPage() -> impl IntoView {
    let session = use_session();
    let made: RwSignal<Option<(ProjectView, AppView)>> = RwSignal::new(None);
    let issued = RwSignal::new(None);
    let title =
        Signal::derive(move || if made.with(Option::is_some) { credentials_text::TITLE } else { text::NEW }.to_owned());
    let state = Memo::new(move |_| {
        session.developer_account().map_or(ApplicationState::None, |developer| developer.application_state)
    });
    let of = Memo::new(move |_| session.developer_account_id());
    view! {
        <Page name="new-project" title narrow=true>
            <Heading title parents=Signal::stored(vec![("Dashboard".to_owned(), "/dashboard".to_owned())])/>
            {move || match made.get() {
                Some((project, app)) => {
                    let lead = text::ready(&project.settings.name, &app.settings.name);
                    view! { <NewCredentials app issued lead/> }.into_any()
                }
                None if !session.has_role(of.get(), MemberRole::Developer) => view! { <RoleNote of/> }.into_any(),
                None if state.get() == ApplicationState::Approved => view! { <NewProjectForm of made issued/> }.into_any(),
                None => view! { <NotApproved state=state.get()/> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn NewProjectForm(
    of: Memo<DeveloperAccountId>,
    made: RwSignal<Option<(ProjectView, AppView)>>,
    issued: RwSignal<Option<IssuedCredentials>>,
) -> impl IntoView {
    let navigate = use_navigate();
    let (client, toasts, rules) = (use_client(), use_toasts(), use_description());
    let text = || RwSignal::new(String::new());
    let (name, description, use_case, app_name, app_description) = (text(), text(), text(), text(), text());
    let environment = RwSignal::new(Environment::Development.as_str().to_owned());
    let permission = RwSignal::new(Permission::Read.as_str().to_owned());
    let request = move || {
        CreateProjectRequest {
            name: name.get(),
            description: description.get(),
            use_case: use_case.get(),
            app: Some(FirstApp {
                name: app_name.get(),
                description: app_description.get(),
                environment: environment_of(&environment.get()),
                permission: permission_of(&permission.get()),
                ..FirstApp::default()
            }),
        }
        .check(&rules.rules())
    };
    let state = FormState::new(request);
    let send = submit(move || {
        let navigate = navigate.clone();
        async move {
            let request = untrack(request).map_err(Failure::Invalid)?;
            let CreatedProject { project, app } = client.create_project(of.get_untracked(), &request).await?;
            toasts.success(text::CREATED);
            match app {
                Some(CreatedApp { app, credentials }) => {
                    issued.set(Some(credentials));
                    made.set(Some((project, app)));
                }
                // This form always creates an App, so this arm is not expected.
                None => navigate(&format!("/projects/{}", project.id), NavigateOptions::default()),
            }
            Ok(())
        }
    });
    let least = Signal::derive(move || rules.rules().use_case_minimum);
    let environments: Vec<Choice> = environment_choices();
    view! {
        <Form state on_submit=send action="Create Project and App" issues_credentials=true>
            <section class="card" aria-labelledby="project-title">
                <h2 id="project-title" class="card-title"><span class="step" aria-hidden="true">"1"</span> "Project"</h2>
                <div class="form">
                    <TextField state name="name" label="Name" value=name most=50 hint=text::NAME_HINT/>
                    <TextField state name="description" label="Description" value=description most=200 hint=text::DESCRIPTION_HINT/>
                    <TextArea state name="use_case" label="Use case" value=use_case least most=2000
                        hint=text::USE_CASE_HINT/>
                </div>
            </section>
            <section class="card" aria-labelledby="app-title">
                <h2 id="app-title" class="card-title"><span class="step" aria-hidden="true">"2"</span> "First App"</h2>
                <div class="form">
                    <TextField state name="app.name" label="App name" value=app_name most=32 hint=text::APP_NAME_HINT/>
                    <TextField state name="app.description" label="App description" value=app_description most=200 hint=text::APP_DESCRIPTION_HINT/>
                    <RadioCards state name="app.environment" legend="Environment" value=environment choices=environments row=true/>
                    <RadioCards state name="app.permission" legend="Permission" value=permission choices=permission_choices(Permission::Read) testid="permission"/>
                </div>
            </section>
        </Form>
    }
}
