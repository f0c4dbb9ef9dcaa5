//! The account: who one is, its password, sessions, activity, and the Apps that act for it.

mod apps;
mod password;
mod sessions;

pub use apps::ConnectedAppsPage;

use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::page::app::ActivityTable;
use crate::state::{Remote, use_session};
use crate::ui::{CopyText, Date, Tag};
use crate::words;
use gatehouse_shared::api::AccountView;
use gatehouse_shared::model::Role;
use leptos::prelude::*;
use password::PasswordForm;
use sessions::Sessions;

#[component]
pub fn AccountPage() -> impl IntoView {
    let (client, session) = (use_client(), use_session());
    let activity = Remote::new(move || client.list_activity());
    let sessions = Remote::new(move || client.list_sessions());
    let ready = Signal::derive(move || activity.is_settled() && sessions.is_settled());
    view! {
        <Page name="account" title="Account settings" ready narrow=true>
            <Heading title="Account settings"/>
            <div class="stack stack-wide">
                {move || session.account().map(|account| view! { <Profile account/> })}
                <ConnectedAppsLink/>
                <PasswordForm sessions/>
                <Sessions sessions/>
                <section class="card card-list" aria-labelledby="activity-title">
                    <div class="card-head"><h2 id="activity-title">"Activity"</h2></div>
                    <ActivityTable remote=activity/>
                </section>
            </div>
        </Page>
    }
}

#[component]
fn Profile(account: AccountView) -> impl IntoView {
    let (label, tone) = words::application_state(account.application_state);
    view! {
        <section class="card" aria-labelledby="profile-title">
            <h2 id="profile-title" class="card-title">"Profile"</h2>
            <dl class="facts">
                <dt>"Username"</dt><dd>{account.username}</dd>
                <dt>"E-mail address"</dt><dd>{account.email}</dd>
                <dt>"Account ID"</dt><dd><CopyText text=account.id.to_string() what="account ID"/></dd>
                <dt>"Member since"</dt><dd><Date at=account.created_at/></dd>
                <dt>"Developer account"</dt>
                <dd>
                    {if account.role == Role::Operator { view! { "Operator" }.into_any() } else { view! { <Tag tone text=label/> " " <a href="/apply">"See the application"</a> }.into_any() }}
                </dd>
            </dl>
        </section>
    }
}

/// A page of its own: users whom an App sent here look for it, and care for nothing else of the account.
#[component]
fn ConnectedAppsLink() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="connected-title">
            <div class="card-head">
                <div>
                    <h2 id="connected-title">"Connected Apps"</h2>
                    <p class="hint">"Apps that you let act for you."</p>
                </div>
                <a class="button" href="/account/apps" data-testid="connected-apps">"See and revoke"</a>
            </div>
        </section>
    }
}
