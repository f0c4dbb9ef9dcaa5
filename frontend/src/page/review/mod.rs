//! The pages of operators: the review queue, accounts, developer accounts and Apps.

mod account;
mod account_status;
mod app;
mod app_status;
mod audit;
mod decision;
mod developer_account;
mod list;
mod notes;
mod operator_role;
mod operators;
mod rows;
mod search;
mod text;
mod waiting;

pub use account::ReviewAccountPage;
pub use app::ReviewAppPage;
pub use audit::ReviewAuditPage;
pub use developer_account::ReviewDeveloperAccountPage;
pub use list::{ReviewAccountsPage, ReviewDeveloperAccountsPage};
pub use operators::ReviewOperatorsPage;
pub use search::ReviewSearchPage;

use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::{Remote, use_session};
use crate::ui::{CardSkeleton, Empty, IconName, Moment, Tab, Tabs};
use crate::widget::{Loaded, labels};
use gatehouse_shared::api::{Access, ApplicationCounts};
use gatehouse_shared::model::{ApplicationState, DeveloperAccountId};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rows::{Fetched, RowPage, Rows};
use waiting::watch_waiting;

/// The address of a developer account's page.
fn developer_account_page(id: DeveloperAccountId) -> String {
    format!("/review/developer-accounts/{id}")
}

/// The tabs of the review queue and of the lists.
#[component]
fn ReviewTabs(current: &'static str) -> impl IntoView {
    let tab = move |label, href: &str, testid| Tab { label, href: href.into(), testid, is_current: href == current };
    let session = use_session();
    let tabs = Signal::derive(move || {
        let mut tabs = Vec::new();
        if session.may(Access::Support) {
            tabs.extend([
                tab(text::QUEUE, "/review", "tab-queue"),
                tab(text::SEARCH, "/review/search", "tab-search"),
                tab(text::DEVELOPER_ACCOUNTS, "/review/developer-accounts", "tab-developer-accounts"),
                tab(text::ACCOUNTS, "/review/accounts", "tab-accounts"),
            ]);
        }
        if session.may(Access::Auditor) {
            tabs.push(tab(text::AUDIT, "/review/audit", "tab-audit"));
        }
        if session.may(Access::Administrator) {
            tabs.push(tab(text::OPERATORS, "/review/operators", "tab-operators"));
        }
        tabs
    });
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
        async move { client.list_applications(&state, "").await.map(RowPage::from) }
    });
    let navigate = use_navigate();
    let choose = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlSelectElement>| {
        let target = format!("/review?state={}", event.target().value());
        remote.state.set(crate::state::Load::Loading);
        navigate(&target, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let counts = Remote::new(move || client.count_applications());
    let ready = Signal::derive(move || remote.is_settled() && counts.is_settled());
    let states = ApplicationState::ALL.into_iter().filter(|state| *state != ApplicationState::None);
    view! {
        <Page name="review" title=text::TITLE ready>
            <Heading title=text::TITLE lead=Signal::stored(text::LEAD.to_owned())/>
            <ReviewTabs current="/review"/>
            {move || counts.get().and_then(|counts| counts.waiting_since).map(|since| view! {
                <p class="hint" data-testid="waiting-since">{text::OLDEST_WAITS} " " <Moment at=since/></p>
            })}
            <div class="filter">
                <label class="label" for="state">{text::STATE}</label>
                <div class="select">
                    <select id="state" name="state" class="input" on:change:target=choose>
                        {states.map(|known| view! {
                            <option value=known.as_str() selected=move || state.with(|state| state == known.as_str())>
                                {labels::application_state(known).0} {move || counts.get().and_then(|counts| count_of(&counts, known))}
                            </option>
                        }).collect_view()}
                    </select>
                </div>
            </div>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |page| {
                let fetch = move |cursor: String| -> Fetched {
                    let state = state.get_untracked();
                    Box::pin(async move { client.list_applications(&state, &cursor).await.map(RowPage::from) })
                };
                let empty = move || view! {
                    <Empty icon=IconName::Check title=text::NONE>
                        <p>{if state.get() == "in-review" { text::NONE_WAITING } else { text::NONE_IN_STATE }}</p>
                    </Empty>
                };
                view! { <Rows page remote fetch=Box::new(fetch) empty/> }.into_any()
            })/>
        </Page>
    }
}

/// How many applications are in a state, such as ` (3)`; nothing for none.
fn count_of(counts: &ApplicationCounts, state: ApplicationState) -> Option<String> {
    let counted = counts.states.iter().find(|counted| counted.state == state)?;
    Some(format!(" ({})", counted.count))
}
