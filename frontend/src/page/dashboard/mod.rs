//! The dashboard: lists the Projects and Apps of the developer.

mod invitations;
mod project_card;
mod text;
mod transfers;

use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::{Remote, refresh_while, use_session};
use crate::ui::{CardSkeleton, CopyText, Empty, Icon, IconName, number_text};
use crate::widget::{ActivityTable, AppList, ExpiryNotice, Loaded, NotApproved};
use gatehouse_shared::api::Dashboard;
use gatehouse_shared::model::{ApplicationState, MemberRole};
use invitations::ReceivedInvitations;
use leptos::prelude::*;
use project_card::ProjectCard;
use transfers::ReceivedTransfers;

#[component]
pub fn DashboardPage() -> impl IntoView {
    let session = use_session();
    let has_none = Memo::new(move |_| session.developer_account().is_none());
    move || match has_none.get() {
        true => view! { <NoDeveloperAccount/> }.into_any(),
        false => view! { <DeveloperDashboard/> }.into_any(),
    }
}

/// For a user who left the last one.
#[component]
fn NoDeveloperAccount() -> impl IntoView {
    view! {
        <Page name="dashboard" title="Dashboard">
            <Heading title="Dashboard"/>
            <ReceivedInvitations/>
            <Empty icon=IconName::User title=text::NO_DEVELOPER_ACCOUNT>
                <p>{text::NO_DEVELOPER_ACCOUNT_WHY}</p>
            </Empty>
        </Page>
    }
}

#[component]
fn DeveloperDashboard() -> impl IntoView {
    let client = use_client();
    let session = use_session();
    let remote = Remote::new(move || client.find_dashboard(session.developer_account_id()));
    let group = RwSignal::new(String::new());
    let activity = Remote::new(move || {
        let (of, group) = (session.developer_account_id(), group.get());
        async move { client.list_developer_activity(of, &group).await }
    });
    let ready = Signal::derive(move || remote.is_settled() && activity.is_settled());
    // Refresh while the application is in review or something is on its way, so that both appear without a reload.
    let waits = move || {
        remote.get().is_some_and(|dashboard| {
            let is_coming = dashboard.transfers.iter().any(|transfer| transfer.accepted);
            is_coming || dashboard.application_state == ApplicationState::InReview
        })
    };
    refresh_while(waits, move || {
        remote.refresh();
        session.refresh(client);
    });
    // An Owner of a single developer account knows which one it is.
    let lead = Signal::derive(move || {
        let shown = session.developer_account();
        let is_told =
            session.developer_accounts().len() > 1 || shown.as_ref().is_some_and(|it| it.role < MemberRole::Owner);
        shown.filter(|_| is_told).map(|it| text::lead(&it.name, it.role.label())).unwrap_or_default()
    });
    view! {
        <Page name="dashboard" title="Dashboard" ready>
            <Heading title="Dashboard" lead>
                {move || remote.get().map(|dashboard| view! { <Actions dashboard/> })}
            </Heading>
            {move || session.developer_account().filter(|shown| shown.application_state != ApplicationState::None).map(|shown| view! {
                <div class="meta">
                    <span class="meta-item">
                        <span class="row-label">{text::ID}</span>
                        <CopyText text=shown.id.to_string() what=text::ID testid="developer-account-id"/>
                    </span>
                </div>
            })}
            <ReceivedInvitations/>
            // The activity comes with the dashboard, which would move it otherwise.
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |dashboard| {
                view! {
                    <Content dashboard remote/>
                    <section class="card card-list" aria-labelledby="activity-title">
                        <div class="card-head"><h2 id="activity-title">{text::ACTIVITY}</h2></div>
                        <ActivityTable remote=activity group when_empty=text::ACTIVITY_EMPTY/>
                    </section>
                }.into_any()
            })/>
        </Page>
    }
}

/// Why the developer cannot create more of a kind, if so.
fn obstacle(dashboard: &Dashboard, used: usize, limit: u32, what: &str) -> Option<String> {
    if dashboard.application_state != ApplicationState::Approved {
        Some(text::NOT_APPROVED.into())
    } else if used >= limit as usize {
        Some(text::used_up(used, limit, what))
    } else {
        None
    }
}

fn app_count(dashboard: &Dashboard) -> usize {
    dashboard.standalone_apps.len() + dashboard.projects.iter().map(|project| project.apps.len()).sum::<usize>()
}

#[component]
fn Actions(dashboard: Dashboard) -> impl IntoView {
    let session = use_session();
    let may_create = session.has_role(session.developer_account_id(), MemberRole::Developer);
    let no_project = obstacle(&dashboard, dashboard.projects.len(), dashboard.limits.projects, "Project");
    let no_app = obstacle(&dashboard, app_count(&dashboard), dashboard.limits.apps, "App");
    let mut reasons: Vec<String> = [no_app.clone(), no_project.clone()].into_iter().flatten().collect();
    reasons.dedup();
    view! {
        <div class="create-actions">
            <div class="button-row">
                {session.members_page().map(|href| view! {
                    <a class="button" href=href data-testid="members"><Icon name=IconName::User/> {text::MEMBERS}</a>
                })}
                {may_create.then(|| view! {
                    <CreateLink href="/apps/new" testid="create-app" label="New App" blocked=no_app.is_some()/>
                    <CreateLink href="/projects/new" testid="create-project" label="New Project" primary=true blocked=no_project.is_some()/>
                })}
            </div>
            {may_create.then(|| view! { <p class="hint" id="create-why">{reasons.join(" ")}</p> })}
        </div>
    }
}

/// A link, or a disabled button if the developer cannot create more. The line below says why.
#[component]
fn CreateLink(
    href: &'static str,
    testid: &'static str,
    label: &'static str,
    #[prop(optional)] primary: bool,
    blocked: bool,
) -> impl IntoView {
    let class = if primary { "button button-primary" } else { "button" };
    if blocked {
        view! {
            <button type="button" class=class data-testid=testid aria-disabled="true" aria-describedby="create-why">
                <Icon name=IconName::Lock/> {label}
            </button>
        }
        .into_any()
    } else {
        view! { <a class=class href=href data-testid=testid><Icon name=IconName::Plus/> {label}</a> }.into_any()
    }
}

/// Warns of each App with a credential that expires soon.
fn expiring(dashboard: &Dashboard) -> impl IntoView + use<> {
    let apps = dashboard.projects.iter().flat_map(|project| &project.apps).chain(&dashboard.standalone_apps);
    apps.filter_map(|app| {
        let (next, href) = (app.next_expiry?, format!("/apps/{}/keys", app.id));
        Some(view! { <ExpiryNotice of=dashboard.developer_account_id next app_name=app.name.clone() href/> })
    })
    .collect_view()
}

#[component]
fn Content(dashboard: Memo<Dashboard>, remote: Remote<Dashboard>) -> impl IntoView {
    let session = use_session();
    move || {
        let mut dashboard = dashboard.get();
        let transfers = std::mem::take(&mut dashboard.transfers);
        let may_create = session.has_role_in_approved(session.developer_account_id(), MemberRole::Developer);
        let limits = dashboard.limits;
        let (projects, apps) = (dashboard.projects.len(), app_count(&dashboard));
        view! {
            <div class="stack stack-wide">
                <NotApproved state=dashboard.application_state/>
                <ReceivedTransfers transfers of=dashboard.developer_account_id remote/>
                {expiring(&dashboard)}
                <ul class="plan" aria-label=text::PLAN>
                    <li><strong>{format!("{projects} of {}", limits.projects)}</strong> <span>"Projects"</span></li>
                    <li><strong>{format!("{apps} of {}", limits.apps)}</strong> <span>"Apps"</span></li>
                    <li><strong>{limits.apps_per_project.to_string()}</strong> <span>{text::APPS_PER_PROJECT}</span></li>
                    <li><strong>{number_text(limits.monthly_cap)}</strong> <span>{text::MONTHLY_CAP}</span></li>
                </ul>
                <section aria-labelledby="projects-title" class="stack">
                    <h2 id="projects-title">"Projects"</h2>
                    {if dashboard.projects.is_empty() {
                        view! {
                            <Empty icon=IconName::Folder title=text::NO_PROJECT>
                                <p>{text::NO_PROJECT_WHY}</p>
                                {may_create.then(|| view! { <a class="button button-primary" href="/projects/new">"Create your first Project"</a> })}
                            </Empty>
                        }.into_any()
                    } else {
                        dashboard.projects.into_iter()
                            .map(|project| view! { <ProjectCard project may_create limit=limits.apps_per_project apps_left=(apps as u64) < u64::from(limits.apps)/> })
                            .collect_view().into_any()
                    }}
                </section>
                <section aria-labelledby="standalone-title" class="stack">
                    <h2 id="standalone-title">"Standalone Apps"</h2>
                    {if dashboard.standalone_apps.is_empty() {
                        view! {
                            <Empty icon=IconName::Box title=text::NO_STANDALONE>
                                <p>{text::NO_STANDALONE_WHY}</p>
                            </Empty>
                        }.into_any()
                    } else {
                        view! { <div class="card card-list"><AppList apps=dashboard.standalone_apps/></div> }.into_any()
                    }}
                </section>
            </div>
        }
    }
}
