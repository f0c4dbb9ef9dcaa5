//! The page of a Project, and the page that creates one with its first App.

mod activity;
mod create;
mod settings;
mod text;
mod transfer;
mod usage;

pub use create::NewProjectPage;

use crate::api::use_client;
use crate::form::{Form, FormState, TextField, submit};
use crate::layout::{Heading, NotFoundPage, Page};
use crate::state::{Remote, use_description, use_session};
use crate::ui::{CardSkeleton, Dialog, Empty, Icon, IconName, count_text, effect, number_text, use_toasts};
use crate::widget::{AppList, Loaded};
use activity::Activity;
use gatehouse_shared::api::{ConfirmDeletionRequest, ProjectView};
use gatehouse_shared::model::{MemberRole, ProjectId};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use settings::{ProjectFacts, ProjectSettingsForm};
use transfer::Transfer;
use usage::Usage;

#[component]
pub fn ProjectPage(id: ProjectId) -> impl IntoView {
    let client = use_client();
    let remote = Remote::new(move || client.find_project(id));
    let session = use_session();
    // The pages that come next are of the same developer account.
    effect(move || {
        if let Some(project) = remote.get() {
            session.show_developer_account(project.developer_account_id, client);
        }
    });
    let is_missing = Memo::new(move |_| remote.is_missing());
    move || match is_missing.get() {
        true => view! { <NotFoundPage lead=text::MISSING/> }.into_any(),
        false => view! { <Known id remote/> }.into_any(),
    }
}

#[component]
fn Known(id: ProjectId, remote: Remote<ProjectView>) -> impl IntoView {
    let name = Signal::derive(move || remote.get().map(|project| project.settings.name).unwrap_or_default());
    let title = Signal::derive(move || if name.with(String::is_empty) { "Project".to_owned() } else { name.get() });
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="project" title ready>
            <Heading title=name parents=Signal::stored(vec![("Dashboard".to_owned(), "/dashboard".to_owned())])/>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |project| {
                view! { <Content id project remote/> }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Content(id: ProjectId, project: Memo<ProjectView>, remote: Remote<ProjectView>) -> impl IntoView {
    let (description, session) = (use_description(), use_session());
    let may = move |role| project.with(|project| session.has_role(project.developer_account_id, role));
    let may_change = Memo::new(move |_| may(MemberRole::Developer));
    let may_manage = Memo::new(move |_| may(MemberRole::Admin));
    let has_room = move || {
        let limit = description.with(|api| api.limits.apps_per_project as usize).unwrap_or(usize::MAX);
        project.with(|project| project.apps.len()) < limit
    };
    view! {
        <div class="stack stack-wide">
            <section class="card card-list" aria-labelledby="apps-title">
                <div class="card-head">
                    <div>
                        <h2 id="apps-title">"Apps"</h2>
                        <p class="hint">{move || text::shared_cap(&number_text(project.with(|p| p.monthly_cap)))}</p>
                    </div>
                    {move || if !may_change.get() {
                        ().into_any()
                    } else if has_room() {
                        view! { <a class="button button-small" data-testid="create-app" href=format!("/apps/new?project={id}")><Icon name=IconName::Plus/> "Add App"</a> }.into_any()
                    } else {
                        view! { <span class="hint">{text::FULL}</span> }.into_any()
                    }}
                </div>
                {move || {
                    let apps = project.with(|project| project.apps.clone());
                    if apps.is_empty() {
                        view! {
                            <Empty icon=IconName::Box title=text::NO_APPS>
                                <p>{text::NO_APPS_WHY}</p>
                            </Empty>
                        }.into_any()
                    } else {
                        view! { <AppList apps/> }.into_any()
                    }
                }}
            </section>
            <Usage id/>
            <Activity id of=project.with_untracked(|project| project.developer_account_id)/>
            {move || if may_change.get() {
                view! { <ProjectSettingsForm id project remote/> }.into_any()
            } else {
                view! { <ProjectFacts project/> }.into_any()
            }}
            {move || may_manage.get().then(|| view! { <Transfer id project remote/> <DeleteProject id project/> })}
        </div>
    }
}

#[component]
fn DeleteProject(id: ProjectId, project: Memo<ProjectView>) -> impl IntoView {
    let (client, toasts, navigate) = (use_client(), use_toasts(), use_navigate());
    let open = RwSignal::new(false);
    let name = Memo::new(move |_| project.with(|project| project.settings.name.clone()));
    let apps = Memo::new(move |_| project.with(|project| project.apps.len()));
    let typed = RwSignal::new(String::new());
    let state = FormState::without_rules();
    let send = submit(move || {
        let navigate = navigate.clone();
        async move {
            client.delete_project(id, &ConfirmDeletionRequest { confirm_name: typed.get_untracked() }).await?;
            toasts.success(format!("Project {} deleted.", name.get_untracked()));
            navigate("/dashboard", NavigateOptions::default());
            Ok(())
        }
    });
    let send = StoredValue::new(send);
    let differs = Signal::derive(move || typed.get() != name.get());
    view! {
        <section class="card card-danger" aria-labelledby="danger-title">
            <div class="card-head">
                <div>
                    <h2 id="danger-title">"Delete this Project"</h2>
                    <p class="hint" id="delete-project-why">
                        {move || match apps.get() {
                            0 => text::DELETE_EMPTY.to_owned(),
                            apps => text::delete_full(&count_text(apps, "App", "Apps")),
                        }}
                    </p>
                </div>
                <button type="button" class="button button-danger-quiet" data-testid="delete-project" aria-describedby="delete-project-why"
                    disabled=move || apps.get() != 0
                    on:click=move |_| { typed.set(String::new()); open.set(true); }>"Delete Project"</button>
            </div>
        </section>
        <Dialog open id="delete-dialog" title="Delete this Project?">
            <Form state on_submit=send.get_value() action="Delete Project" danger=true testid="confirm" disabled=differs
                on_cancel=Callback::new(move |()| open.set(false))>
                <p>"You can’t undo this. Type " <strong>{name}</strong> " to confirm."</p>
                <TextField state name="confirm_name" label="Project name" value=typed literal=true/>
            </Form>
        </Dialog>
    }
}
