//! The pages of the operator: the review queue and the accounts.

mod account;
mod account_status;
mod app_status;
mod decision;
mod search;
mod text;
mod waiting;

pub use account::ReviewAccountPage;
pub use search::ReviewAccountsPage;

use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::{Remote, Task};
use crate::ui::{CardSkeleton, Empty, IconName, Moment, Tab, Tabs, Tag};
use crate::widget::{Loaded, labels};
use gatehouse_shared::api::{AccountListItem, ApplicationQueue};
use gatehouse_shared::model::{AccountStatus, ApplicationState, Role};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use waiting::watch_waiting;

/// The tabs of the review queue and of the accounts.
#[component]
fn ReviewTabs(current: &'static str) -> impl IntoView {
    let tab = move |label, href: &str, testid| Tab { label, href: href.into(), testid, is_current: href == current };
    let tabs = Signal::stored(vec![
        tab(text::QUEUE, "/review", "tab-queue"),
        tab(text::ACCOUNTS, "/review/accounts", "tab-accounts"),
    ]);
    view! { <Tabs label=text::TITLE tabs/> }
}

#[component]
pub fn ReviewPage() -> impl IntoView {
    watch_waiting();
    let client = use_client();
    let query = use_location().query;
    let state = Memo::new(move |_| {
        query.with(|query| query.get("state")).filter(|state| !state.is_empty()).unwrap_or_else(|| "in-review".into())
    });
    let remote = Remote::new(move || {
        let state = state.get();
        async move { client.list_applications(&state, "").await }
    });
    let navigate = use_navigate();
    let choose = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlSelectElement>| {
        let target = format!("/review?state={}", event.target().value());
        remote.state.set(crate::state::Load::Loading);
        navigate(&target, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let ready = Signal::derive(move || remote.is_settled());
    let states = ApplicationState::ALL.into_iter().filter(|state| *state != ApplicationState::None);
    view! {
        <Page name="review" title=text::TITLE ready>
            <Heading title=text::TITLE lead=Signal::stored(text::LEAD.to_owned())/>
            <ReviewTabs current="/review"/>
            <div class="filter">
                <label class="label" for="state">{text::STATE}</label>
                <div class="select">
                    <select id="state" name="state" class="input" on:change:target=choose>
                        {states.map(|known| view! {
                            <option value=known.as_str() selected=move || state.with(|state| state == known.as_str())>
                                {labels::application_state(known).0}
                            </option>
                        }).collect_view()}
                    </select>
                </div>
            </div>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |queue| {
                view! { <Queue queue remote state/> }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Queue(queue: Memo<ApplicationQueue>, remote: Remote<ApplicationQueue>, state: Memo<String>) -> impl IntoView {
    let (client, task) = (use_client(), Task::new());
    let more = move |cursor: String| {
        task.run(async move {
            let mut page = client.list_applications(&state.get_untracked(), &cursor).await?;
            let mut items = queue.get_untracked().items;
            items.append(&mut page.items);
            remote.set(ApplicationQueue { items, next_cursor: page.next_cursor });
            Ok(())
        });
    };
    move || {
        let ApplicationQueue { items, next_cursor } = queue.get();
        if items.is_empty() {
            return view! {
                <Empty icon=IconName::Check title=text::NONE>
                    <p>{if state.get() == "in-review" { text::NONE_WAITING } else { text::NONE_IN_STATE }}</p>
                </Empty>
            }
            .into_any();
        }
        view! {
            <div class="card card-list"><AccountRows items/></div>
            {next_cursor.map(|cursor| view! { <MoreButton task on_more=Callback::new(move |()| more(cursor.clone()))/> })}
        }
        .into_any()
    }
}

#[component]
fn MoreButton(task: Task, on_more: Callback<()>) -> impl IntoView {
    view! {
        <p class="more">
            <button type="button" class="button" data-testid="more" disabled=move || task.is_pending() on:click=move |_| on_more.run(())>{text::MORE}</button>
        </p>
    }
}

#[component]
fn AccountRows(items: Vec<AccountListItem>) -> impl IntoView {
    view! {
        <ul class="rows">
            {items.into_iter().map(|item| {
                let (label, tone) = labels::application_state(item.application_state);
                view! {
                    <li class="row" data-testid=format!("application-{}", item.id)>
                        <div class="row-main">
                            <p class="row-title">
                                <a href=format!("/review/accounts/{}", item.id)>{item.username}</a>
                                {(item.role == Role::Operator).then(|| view! { <Tag text=text::OPERATOR/> })}
                                {(item.status == AccountStatus::Suspended).then(|| {
                                    let (label, tone) = labels::account_status(item.status);
                                    view! { <Tag tone text=label/> }
                                })}
                            </p>
                            <p class="hint">
                                {if item.organization.is_empty() { text::NO_ORGANIZATION.to_owned() } else { item.organization }}
                            </p>
                        </div>
                        <div class="row-side">
                            <Tag tone text=label/>
                            <span class="hint">{text::SINCE} <Moment at=item.since/></span>
                        </div>
                    </li>
                }
            }).collect_view()}
        </ul>
    }
}
