//! An App: making one, and its own pages.

mod activity;
mod create;
mod danger;
mod keys;
mod membership;
mod permissions;
mod refusals;
mod settings;
mod sign_in;
mod usage;

pub use activity::ActivityTable;
pub use create::NewAppPage;
pub use keys::ExpiryNotice;

use crate::api::use_client;
use crate::form::Choice;
use crate::layout::{Heading, Page};
use crate::page::dashboard::EnvironmentTag;
use crate::state::Remote;
use crate::ui::{CopyText, FormSkeleton, Loaded, Notice, Tab, Tabs, Tag, Tone};
use crate::words;
use gatehouse_shared::api::{AppView, NextExpiry};
use gatehouse_shared::model::{AppId, AppStatus, Environment, Permission};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The last part of the address, the name, and what tests call it.
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
    let path = use_location().pathname;
    let tab = Memo::new(move |_| {
        let last = path.with(|path| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned());
        TABS.into_iter().map(|(path, ..)| path).find(|path| *path == last).unwrap_or_default()
    });
    let client = use_client();
    let remote = Remote::new(move || client.find_app(id));
    let name = Signal::derive(move || remote.get().map_or("App".into(), |app| app.settings.name));
    let title = Signal::derive(move || {
        let label = TABS.into_iter().find(|(path, ..)| *path == tab.get()).map_or("", |(_, label, _)| label);
        format!("{label} · {}", name.get())
    });
    let parent = Signal::derive(move || match remote.get().and_then(|app| app.project) {
        Some(project) => (project.name, format!("/projects/{}", project.id)),
        None => ("Dashboard".into(), "/dashboard".into()),
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
            <Heading title=name parent/>
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

/// What one wants to see of an App on each of its pages.
#[component]
fn AppMeta(id: AppId, remote: Remote<AppView>) -> impl IntoView {
    view! {
        <div class="meta">
            <span class="meta-item"><span class="row-label">"App ID"</span> <CopyText text=id.to_string() what="App ID" testid="app-id"/></span>
            {move || remote.get().map(|app| {
                let (label, tone) = words::app_status(app.status);
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
            AppStatus::WriteRestricted => (
                Tone::Warning,
                "This App may only read for now",
                "The operator restricted it. Requests that change something are refused.",
            ),
            AppStatus::Suspended => {
                (Tone::Danger, "This App is suspended", "The operator suspended it. None of its credentials pass.")
            }
        };
        Some(view! {
            <Notice tone title testid="status-banner">
                <p>{text}</p>
                {(!app.status_reason.is_empty()).then(|| view! { <p class="quoted">{app.status_reason}</p> })}
            </Notice>
        })
    }
}

/// The credentials that stop working soon.
#[component]
fn ExpiryBanner(app: Memo<AppView>) -> impl IntoView {
    move || {
        let app = app.get();
        let expiring = app.credentials.iter().filter(|credential| credential.is_current());
        expiring
            .filter_map(|credential| {
                let next = NextExpiry { kind: credential.kind, at: credential.expires_at? };
                let href = format!("/apps/{}/keys", app.id);
                Some(view! { <keys::ExpiryNotice next app_name=app.settings.name.clone() href/> })
            })
            .collect_view()
    }
}

pub fn permission_choices() -> Vec<Choice> {
    Permission::ALL.into_iter().map(|p| Choice::new(p.as_str(), p.label()).hint(words::permission_hint(p))).collect()
}

pub fn permission_of(value: &str) -> Permission {
    Permission::ALL.into_iter().find(|known| known.as_str() == value).unwrap_or_default()
}

pub fn environment_choices() -> Vec<Choice> {
    Environment::ALL.into_iter().map(|e| Choice::new(e.as_str(), e.label())).collect()
}

pub fn environment_of(value: &str) -> Environment {
    Environment::ALL.into_iter().find(|known| known.as_str() == value).unwrap_or_default()
}
