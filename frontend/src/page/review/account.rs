//! Shows an account to the operator, with the developer accounts that it is a member of.

use super::account_status::AccountStatusButton;
use super::notes::{About, Notes};
use super::operator_role::OperatorRoleCard;
use super::{developer_account_page, text};
use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::Remote;
use crate::ui::{CardSkeleton, CopyText, Date, Tag};
use crate::widget::{Loaded, labels};
use gatehouse_shared::api::AccountRecord;
use gatehouse_shared::model::AccountId;
use leptos::prelude::*;

/// The page of an account: its facts and its developer accounts.
#[component]
pub fn ReviewAccountPage(id: AccountId) -> impl IntoView {
    super::watch_waiting();
    let client = use_client();
    let remote = Remote::new(move || client.find_account(id));
    let title = Signal::derive(move || remote.get().map_or("Account".into(), |record| record.account.username));
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="review-account" title ready narrow=true>
            <Heading title parents=Signal::stored(vec![(text::TITLE.to_owned(), "/review".to_owned())])/>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |record| {
                view! { <div class="stack stack-wide"><Account record remote/> <OperatorRoleCard record remote/> <DeveloperAccounts record/>
                    <Notes about=About::Account(id) notes=Signal::derive(move || record.with(|record| record.notes.clone())) reload=Callback::new(move |()| remote.reload())/>
                </div> }.into_any()
            })/>
        </Page>
    }
}

/// The developer accounts that the account is a member of.
#[component]
fn DeveloperAccounts(record: Memo<AccountRecord>) -> impl IntoView {
    let rows = move || {
        let developer_accounts = record.get().developer_accounts;
        if developer_accounts.is_empty() {
            return view! { <p class="card-line hint">{text::NO_MEMBERSHIP}</p> }.into_any();
        }
        let rows = developer_accounts.into_iter().map(|developer| {
            let (label, tone) = labels::application_state(developer.application_state);
            view! {
                <li class="row" data-testid=format!("developer-{}", developer.id)>
                    <div class="row-main">
                        <p class="row-title"><a href=developer_account_page(developer.id)>{developer.name}</a></p>
                        <p class="hint">{developer.role.label()}</p>
                    </div>
                    <div class="row-side"><Tag tone text=label/></div>
                </li>
            }
        });
        view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card card-list" aria-labelledby="developer-accounts-title">
            <div class="card-head"><h2 id="developer-accounts-title">{text::DEVELOPER_ACCOUNTS}</h2></div>
            {rows}
        </section>
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
                <AccountStatusButton account=account.clone() remote/>
            </section>
        }
    }
}
