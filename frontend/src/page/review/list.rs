//! Finds accounts and developer accounts by the beginning of their name.

use super::rows::{Fetched, RowPage, Rows};
use super::{ReviewTabs, text};
use crate::api::{Client, use_client};
use crate::layout::{Heading, Page};
use crate::state::{Load, Remote};
use crate::ui::{CardSkeleton, Empty, IconName};
use crate::widget::Loaded;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// A list that can be searched.
#[derive(Clone, Copy)]
struct List {
    page: &'static str,
    path: &'static str,
    title: &'static str,
    label: &'static str,
    /// The parameter of the address that has the searched beginning.
    parameter: &'static str,
    none: &'static str,
    fetch: fn(Client, String, String) -> Fetched,
}

const ACCOUNTS: List = List {
    page: "review-accounts",
    path: "/review/accounts",
    title: text::ACCOUNTS,
    label: text::USERNAME_STARTS_WITH,
    parameter: "username",
    none: text::NO_ACCOUNTS,
    fetch: |client, beginning, cursor| {
        Box::pin(async move { client.list_accounts(&beginning, &cursor).await.map(RowPage::from) })
    },
};

const DEVELOPER_ACCOUNTS: List = List {
    page: "review-developer-accounts",
    path: "/review/developer-accounts",
    title: text::DEVELOPER_ACCOUNTS,
    label: text::NAME_STARTS_WITH,
    parameter: "name",
    none: text::NO_DEVELOPER_ACCOUNTS,
    fetch: |client, beginning, cursor| {
        Box::pin(async move { client.list_developer_accounts(&beginning, &cursor).await.map(RowPage::from) })
    },
};

/// Finds accounts by the beginning of their username.
#[component]
pub fn ReviewAccountsPage() -> impl IntoView {
    view! { <Search list=ACCOUNTS/> }
}

/// Finds developer accounts by the beginning of their name.
#[component]
pub fn ReviewDeveloperAccountsPage() -> impl IntoView {
    view! { <Search list=DEVELOPER_ACCOUNTS/> }
}

#[component]
fn Search(list: List) -> impl IntoView {
    super::watch_waiting();
    let client = use_client();
    let query = use_location().query;
    let wanted = Memo::new(move |_| query.with(|query| query.get(list.parameter)).unwrap_or_default());
    let typed = RwSignal::new(wanted.get_untracked());
    let remote = Remote::new(move || (list.fetch)(client, wanted.get(), String::new()));
    let navigate = use_navigate();
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = typed.get_untracked().trim().to_owned();
        if name == wanted.get_untracked() {
            return;
        }
        remote.state.set(Load::Loading);
        let name = String::from(js_sys::encode_uri_component(&name));
        let target = format!("{}?{}={name}", list.path, list.parameter);
        navigate(&target, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name=list.page title=list.title ready>
            <Heading title=list.title parents=Signal::stored(vec![(text::TITLE.to_owned(), "/review".to_owned())])/>
            <ReviewTabs current=list.path/>
            <form class="filter" role="search" on:submit=search>
                <label class="label" for="search">{list.label}</label>
                <div class="input-group">
                    <input id="search" name=list.parameter type="search" class="input" autocomplete="off" autocapitalize="none" spellcheck="false"
                        prop:value=move || typed.get() on:input:target=move |event| typed.set(event.target().value())/>
                    <button type="submit" class="button" data-testid="submit">{text::SEARCH}</button>
                </div>
            </form>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |page| {
                let fetch = move |cursor| (list.fetch)(client, wanted.get_untracked(), cursor);
                let empty = move || view! {
                    <Empty icon=IconName::User title=text::NOT_FOUND><p>{match wanted.get() {
                        wanted if wanted.is_empty() => list.none.to_owned(),
                        wanted => text::none_starts_with(&wanted),
                    }}</p></Empty>
                };
                view! { <Rows page remote fetch=Box::new(fetch) empty/> }.into_any()
            })/>
        </Page>
    }
}
