//! The pages of the account: profile, password, sessions, activity, and connected Apps.

mod apps;
mod password;
mod sessions;
mod text;

pub use apps::ConnectedAppsPage;

use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::{Remote, use_session};
use crate::ui::{CopyText, Date, Tag};
use crate::widget::{ActivityTable, labels};
use gatehouse_shared::api::{AccountView, DeveloperAccountSummary};
use gatehouse_shared::model::Role;
use leptos::prelude::*;
use password::PasswordForm;
use sessions::Sessions;

#[component]
pub fn AccountPage() -> impl IntoView {
    let (client, session) = (use_client(), use_session());
    let group = RwSignal::new(String::new());
    let activity = Remote::new(move || {
        let group = group.get();
        async move { client.list_activity(&group).await }
    });
    let sessions = Remote::new(move || client.list_sessions());
    let ready = Signal::derive(move || activity.is_settled() && sessions.is_settled());
    view! {
        <Page name="account" title=text::TITLE ready narrow=true>
            <Heading title=text::TITLE/>
            <div class="stack stack-wide">
                {move || session.account().map(|account| view! { <Profile account developer_accounts=session.developer_accounts()/> })}
                <ConnectedAppsLink/>
                {move || if session.is_settings_operator() {
                    view! { <OperatorPassword/> }.into_any()
                } else {
                    view! { <PasswordForm sessions/> }.into_any()
                }}
                <Sessions sessions/>
                <section class="card card-list" aria-labelledby="activity-title">
                    <div class="card-head"><h2 id="activity-title">{text::ACTIVITY}</h2></div>
                    <ActivityTable remote=activity group when_empty=text::ACTIVITY_EMPTY/>
                </section>
            </div>
        </Page>
    }
}

#[component]
fn Profile(account: AccountView, developer_accounts: Vec<DeveloperAccountSummary>) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="profile-title">
            <h2 id="profile-title" class="card-title">{text::PROFILE}</h2>
            <dl class="facts">
                <dt>{text::USERNAME}</dt><dd>{account.username}</dd>
                {(!account.email.is_empty()).then(|| view! { <dt>{text::EMAIL}</dt><dd>{account.email}</dd> })}
                <dt>{text::ACCOUNT_ID}</dt><dd><CopyText text=account.id.to_string() what="account ID"/></dd>
                <dt>{text::MEMBER_SINCE}</dt><dd><Date at=account.created_at/></dd>
                <dt>{text::DEVELOPER_ACCOUNTS}</dt>
                {(account.role == Role::Operator).then(|| view! { <dd>{text::OPERATOR}</dd> })}
                {developer_accounts.into_iter().map(|developer| {
                    let (label, tone) = labels::application_state(developer.application_state);
                    view! { <dd>{developer.name} " · " {developer.role.label()} " " <Tag tone text=label/></dd> }
                }).collect_view()}
            </dl>
        </section>
    }
}

#[component]
fn OperatorPassword() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title" class="card-title">{text::PASSWORD}</h2>
            <p>{text::OPERATOR_PASSWORD}</p>
        </section>
    }
}

/// Links to the page of connected Apps. It is a page of its own, because users come to it from an App.
#[component]
fn ConnectedAppsLink() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="connected-title">
            <div class="card-head">
                <div>
                    <h2 id="connected-title">{text::CONNECTED_APPS}</h2>
                    <p class="hint">{text::CONNECTED_APPS_HINT}</p>
                </div>
                <a class="button" href="/account/apps" data-testid="connected-apps">{text::REVIEW_ACCESS}</a>
            </div>
        </section>
    }
}
