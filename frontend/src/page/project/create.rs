use crate::api::use_client;
use crate::form::{Choice, Form, FormState, RadioCards, TextArea, TextField, submit};
use crate::layout::{Heading, Page};
use crate::page::app::{environment_choices, environment_of, permission_choices, permission_of};
use crate::page::credentials::CredentialsPanel;
use crate::page::dashboard::NotApproved;
use crate::state::{use_description, use_session, use_toasts};
use gatehouse_shared::api::{CreateProjectRequest, CreatedProject, FirstApp};
use gatehouse_shared::model::{ApplicationState, Environment, Permission};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// One flow: the Project, its first App, then the App's credentials.
#[component]
pub fn NewProjectPage() -> impl IntoView {
    let session = use_session();
    let made: RwSignal<Option<CreatedProject>> = RwSignal::new(None);
    let navigate = use_navigate();
    let title = Signal::derive(move || {
        if made.with(Option::is_some) { "Keep your credentials".to_owned() } else { "New Project".to_owned() }
    });
    let approved =
        Memo::new(move |_| session.account().is_some_and(|a| a.application_state == ApplicationState::Approved));
    view! {
        <Page name="new-project" title narrow=true>
            <Heading title parent=Signal::stored(("Dashboard".to_owned(), "/dashboard".to_owned()))/>
            {move || match made.get() {
                Some(CreatedProject { project, app: Some(app) }) => {
                    let navigate = navigate.clone();
                    let id = app.app.id.to_string();
                    let target = format!("/apps/{id}");
                    view! {
                        <div class="stack">
                            <p class="lead">{format!("{} and its App {} are ready.", project.settings.name, app.app.settings.name)}</p>
                            <CredentialsPanel credentials=app.credentials app_name=app.app.settings.name app_id=id in_project=true
                                done="I have kept them" on_done=Callback::new(move |()| navigate(&target, NavigateOptions::default()))/>
                        </div>
                    }.into_any()
                }
                _ if approved.get() => view! { <NewProjectForm made/> }.into_any(),
                _ => view! { <NotApproved state=session.account().map_or(ApplicationState::None, |a| a.application_state)/> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn NewProjectForm(made: RwSignal<Option<CreatedProject>>) -> impl IntoView {
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
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        let created = client.create_project(&request).await?;
        toasts.success("Project created.");
        made.set(Some(created));
        Ok(())
    });
    let least = Signal::derive(move || rules.rules().use_case_minimum);
    let environments: Vec<Choice> = environment_choices();
    view! {
        <Form state on_submit=send action="Create Project and App">
            <section class="card" aria-labelledby="project-title">
                <h2 id="project-title" class="card-title"><span class="step" aria-hidden="true">"1"</span> "The Project"</h2>
                <div class="form">
                    <TextField state name="name" label="Name" value=name most=50 hint="The product that its Apps belong to."/>
                    <TextField state name="description" label="Description" value=description most=200 hint="One sentence, 10 to 200 characters."/>
                    <TextArea state name="use_case" label="Use case" value=use_case least most=2000
                        hint="How this Project uses the API, and for whom."/>
                </div>
            </section>
            <section class="card" aria-labelledby="app-title">
                <h2 id="app-title" class="card-title"><span class="step" aria-hidden="true">"2"</span> "Its first App"</h2>
                <div class="form">
                    <TextField state name="app.name" label="App name" value=app_name most=32 hint="Must be free in the whole deployment. People see it when they grant access."/>
                    <TextField state name="app.description" label="App description" value=app_description most=200 hint="What it does, for the people who use it."/>
                    <RadioCards state name="app.environment" legend="Environment" value=environment choices=environments row=true/>
                    <RadioCards state name="app.permission" legend="Permission" value=permission choices=permission_choices() testid="permission"/>
                </div>
            </section>
        </Form>
    }
}
