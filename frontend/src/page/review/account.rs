//! Shows an account to the operator, with its application and its Apps.

use super::account_status::AccountStatusButton;
use super::app_status::ReviewAppRow;
use super::decision::Decision;
use super::text;
use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::Remote;
use crate::ui::{CardSkeleton, CopyText, Date, Empty, IconName, Tag};
use crate::widget::{ApplicationHistory, Loaded, labels};
use gatehouse_shared::api::AccountRecord;
use gatehouse_shared::model::AccountId;
use leptos::prelude::*;

/// The page of an account: its facts, its application, its Apps, and the decisions about them.
#[component]
pub fn ReviewAccountPage(id: AccountId) -> impl IntoView {
    super::watch_waiting();
    let client = use_client();
    let remote = Remote::new(move || client.find_account(id));
    let title = Signal::derive(move || remote.get().map_or("Account".into(), |record| record.account.username));
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="review-account" title ready>
            <Heading title parents=Signal::stored(vec![(text::TITLE.to_owned(), "/review".to_owned())])/>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |record| {
                view! { <Record id record remote/> }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Record(id: AccountId, record: Memo<AccountRecord>, remote: Remote<AccountRecord>) -> impl IntoView {
    let application = Memo::new(move |_| record.with(|record| record.application.clone()));
    let state = Memo::new(move |_| record.with(|record| record.account.application_state));
    view! {
        <div class="columns">
            <div class="stack stack-wide">
                <Said record/>
                <section class="card card-list" aria-labelledby="apps-title">
                    <div class="card-head"><h2 id="apps-title">{text::APPS}</h2></div>
                    {move || {
                        let AccountRecord { projects, apps, .. } = record.get();
                        if apps.is_empty() && projects.is_empty() {
                            return view! { <Empty icon=IconName::Box title=text::NO_APPS><p>{text::NO_APPS_HINT}</p></Empty> }.into_any();
                        }
                        view! {
                            {(!projects.is_empty()).then(|| view! {
                                <p class="card-line">{text::PROJECTS} {projects.iter().map(|p| p.settings.name.clone()).collect::<Vec<_>>().join(", ")}</p>
                            })}
                            <ul class="rows">
                                {apps.into_iter().map(|app| view! { <ReviewAppRow account=id app remote/> }).collect_view()}
                            </ul>
                        }.into_any()
                    }}
                </section>
            </div>
            <div class="stack stack-wide">
                {move || view! { <Decision id state=state.get() remote/> }}
                <Account record remote/>
                <ApplicationHistory view=application/>
            </div>
        </div>
    }
}

#[component]
fn Account(record: Memo<AccountRecord>, remote: Remote<AccountRecord>) -> impl IntoView {
    let account = Memo::new(move |_| record.with(|record| record.account.clone()));
    move || {
        let account = account.get();
        let (label, tone) = labels::account_status(account.status);
        view! {
            <section class="card" aria-labelledby="account-title" data-testid="account">
                <div class="card-head">
                    <h2 id="account-title">"Account"</h2>
                    <Tag tone text=label/>
                </div>
                {(!account.status_reason.is_empty()).then(|| view! { <p class="quoted">{account.status_reason.clone()}</p> })}
                <dl class="facts">
                    <dt>{text::EMAIL}</dt><dd>{account.email.clone()}</dd>
                    <dt>{text::MEMBER_SINCE}</dt><dd><Date at=account.created_at/></dd>
                    <dt>{text::ACCOUNT_ID}</dt><dd><CopyText text=account.id.to_string() what="account ID"/></dd>
                </dl>
                <AccountStatusButton account remote/>
            </section>
        }
    }
}

#[component]
fn Said(record: Memo<AccountRecord>) -> impl IntoView {
    move || {
        let record = record.get();
        let (label, tone) = labels::application_state(record.account.application_state);
        view! {
            <section class="card" aria-labelledby="application-title" data-testid="application">
                <div class="card-head">
                    <h2 id="application-title">{text::APPLICATION}</h2>
                    <Tag tone text=label/>
                </div>
                {match record.application.application {
                    None => view! { <p class="hint">{text::NOT_APPLIED}</p> }.into_any(),
                    Some(application) => view! {
                        <dl class="facts">
                            <dt>{text::USE_CASE}</dt><dd class="prose">{application.use_case}</dd>
                            <dt>{text::PURPOSE}</dt><dd>{application.purpose.label()}</dd>
                            <dt>{text::ORGANIZATION}</dt>
                            <dd>{if application.organization.is_empty() { text::NO_ORGANIZATION_GIVEN.to_owned() } else { application.organization }}</dd>
                            <dt>{text::TERMS_ACCEPTED}</dt><dd><Date at=application.terms_accepted_at/></dd>
                        </dl>
                    }.into_any(),
                }}
            </section>
        }
    }
}
