//! The pages of an App, and the page that creates one.

mod activity;
mod create;
mod delete_app;
mod facts;
mod keys;
mod membership;
mod permissions;
mod refusals;
mod saving;
mod settings;
mod sign_in;
mod text;
mod transfer;
mod usage;

pub use create::NewAppPage;

use crate::api::use_client;
use crate::layout::{Heading, NotFoundPage, Page};
use crate::state::{Remote, use_new_app, use_session};
use crate::ui::{CopyText, FormSkeleton, Notice, Tab, Tabs, Tag, Tone, effect};
use crate::widget::{EnvironmentTag, ExpiryNotice, Loaded, labels};
use gatehouse_shared::api::{AppView, NextExpiry};
use gatehouse_shared::model::{AppId, AppStatus};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The last part of the address, the label, and the test id.
const TABS: [(&str, &str, &str); 6] = [
    ("", "Settings", "tab-settings"),
    ("keys", "Keys and tokens", "tab-keys"),
    ("permissions", "Permissions and sign-in", "tab-permissions"),
    ("usage", "Usage", "tab-usage"),
    ("activity", "Activity", "tab-activity"),
    ("refusals", "Refusals", "tab-refusals"),
];

#[component]
pub fn AppPage(id: AppId) -> impl IntoView {
    let client = use_client();
    let remote = Remote::starting_with(use_new_app().take(id), move || client.find_app(id));
    let session = use_session();
    // The pages that come next are of the same developer account.
    effect(move || {
        if let Some(app) = remote.get() {
            session.show_developer_account(app.developer_account_id, client);
        }
    });
    let is_missing = Memo::new(move |_| remote.is_missing());
    move || match is_missing.get() {
        true => view! { <NotFoundPage lead=text::page::MISSING/> }.into_any(),
        false => view! { <AppTabs id remote/> }.into_any(),
    }
}

#[component]
fn AppTabs(id: AppId, remote: Remote<AppView>) -> impl IntoView {
    let path = use_location().pathname;
    let tab = Memo::new(move |_| {
        let last = path.with(|path| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned());
        TABS.into_iter().map(|(path, ..)| path).find(|path| *path == last).unwrap_or_default()
    });
    let name = Signal::derive(move || remote.get().map(|app| app.settings.name).unwrap_or_default());
    let title = Signal::derive(move || {
        let label = TABS.into_iter().find(|(path, ..)| *path == tab.get()).map_or("", |(_, label, _)| label);
        // Until the name is loaded, show only the label of the tab.
        match name.get() {
            name if name.is_empty() => label.to_owned(),
            name => format!("{label} · {name}"),
        }
    });
    let parents = Signal::derive(move || {
        let project = remote.get().and_then(|app| app.project);
        let project = project.map(|project| (project.name, format!("/projects/{}", project.id)));
        [("Dashboard".to_owned(), "/dashboard".to_owned())].into_iter().chain(project).collect::<Vec<_>>()
    });
    let tabs = Signal::derive(move || {
        TABS.into_iter()
            .map(|(path, label, testid)| Tab {
                label,
                href: if path.is_empty() { format!("/apps/{id}") } else { format!("/apps/{id}/{path}") },
                testid,
                is_current: tab.get() == path,
            })
            .collect::<Vec<_>>()
    });
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="app" title ready>
            <Heading title=name parents/>
            <AppMeta id remote/>
            <Tabs label="App" tabs/>
            <Loaded remote skeleton=|| view! { <FormSkeleton/> }.into_any() children=Box::new(move |app| view! {
                <div class="stack stack-wide">
                    <StatusBanner app/>
                    <ExpiryBanner app/>
                    {move || match tab.get() {
                        "keys" => view! { <keys::KeysTab id app remote/> }.into_any(),
                        "permissions" => view! { <permissions::PermissionsTab id app remote/> }.into_any(),
                        "usage" => view! { <usage::UsageTab id app/> }.into_any(),
                        "activity" => view! { <activity::ActivityTab id/> }.into_any(),
                        "refusals" => view! { <refusals::RefusalsTab id/> }.into_any(),
                        _ => view! { <settings::SettingsTab id app remote/> }.into_any(),
                    }}
                </div>
            }.into_any())/>
        </Page>
    }
}

/// The facts of an App that each of its pages shows.
#[component]
fn AppMeta(id: AppId, remote: Remote<AppView>) -> impl IntoView {
    view! {
        <div class="meta">
            <span class="meta-item"><span class="row-label">"App ID"</span> <CopyText text=id.to_string() what="App ID" testid="app-id"/></span>
            {move || remote.get().map(|app| {
                let (label, tone) = labels::app_status(app.status);
                view! {
                    <Tag tone text=label/>
                    {app.environment.map(|environment| view! { <EnvironmentTag environment/> })}
                    {app.project.is_none().then(|| view! { <Tag text="Standalone"/> })}
                }
            })}
        </div>
    }
}

#[component]
fn StatusBanner(app: Memo<AppView>) -> impl IntoView {
    move || {
        let app = app.get();
        let (tone, title, text) = match app.status {
            AppStatus::Active => return None,
            AppStatus::WriteRestricted => (Tone::Warning, text::page::RESTRICTED, text::page::RESTRICTED_WHY),
            AppStatus::Suspended => (Tone::Danger, text::page::SUSPENDED, text::page::SUSPENDED_WHY),
        };
        Some(view! {
            <Notice tone title testid="status-banner">
                <p>{text}</p>
                {(!app.status_reason.is_empty()).then(|| view! { <p class="quoted">{app.status_reason}</p> })}
            </Notice>
        })
    }
}

/// Warns of the credentials that expire soon.
#[component]
fn ExpiryBanner(app: Memo<AppView>) -> impl IntoView {
    move || {
        let app = app.get();
        let expiring = app.credentials.iter().filter(|credential| credential.is_current());
        expiring
            .filter_map(|credential| {
                let next = NextExpiry { kind: credential.kind, at: credential.expires_at? };
                let href = format!("/apps/{}/keys", app.id);
                Some(view! { <ExpiryNotice of=app.developer_account_id next app_name=app.settings.name.clone() href/> })
            })
            .collect_view()
    }
}
