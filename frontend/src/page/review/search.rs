//! Finds accounts by the beginning of their username.

use super::{AccountRows, MoreButton, ReviewTabs, text};
use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::{Load, Remote, Task};
use crate::ui::{CardSkeleton, Empty, IconName};
use crate::widget::Loaded;
use gatehouse_shared::api::AccountList;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// Finds accounts by the beginning of their username.
#[component]
pub fn ReviewAccountsPage() -> impl IntoView {
    super::watch_waiting();
    let client = use_client();
    let query = use_location().query;
    let wanted = Memo::new(move |_| query.with(|query| query.get("username")).unwrap_or_default());
    let typed = RwSignal::new(wanted.get_untracked());
    let remote = Remote::new(move || {
        let wanted = wanted.get();
        async move { client.list_accounts(&wanted, "").await }
    });
    let navigate = use_navigate();
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = typed.get_untracked().trim().to_owned();
        if name == wanted.get_untracked() {
            return;
        }
        remote.state.set(Load::Loading);
        let name = String::from(js_sys::encode_uri_component(&name));
        navigate(
            &format!("/review/accounts?username={name}"),
            NavigateOptions { scroll: false, ..NavigateOptions::default() },
        );
    };
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="review-accounts" title=text::ACCOUNTS ready>
            <Heading title=text::ACCOUNTS parents=Signal::stored(vec![(text::TITLE.to_owned(), "/review".to_owned())])/>
            <ReviewTabs current="/review/accounts"/>
            <form class="filter" role="search" on:submit=search>
                <label class="label" for="username">{text::SEARCH_LABEL}</label>
                <div class="input-group">
                    <input id="username" name="username" type="search" class="input" autocomplete="off" autocapitalize="none" spellcheck="false"
                        prop:value=move || typed.get() on:input:target=move |event| typed.set(event.target().value())/>
                    <button type="submit" class="button" data-testid="submit">{text::SEARCH}</button>
                </div>
            </form>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |list| {
                view! { <Found list remote wanted/> }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Found(list: Memo<AccountList>, remote: Remote<AccountList>, wanted: Memo<String>) -> impl IntoView {
    let (client, task) = (use_client(), Task::new());
    let more = move |cursor: String| {
        task.run(async move {
            let mut page = client.list_accounts(&wanted.get_untracked(), &cursor).await?;
            let mut items = list.get_untracked().items;
            items.append(&mut page.items);
            remote.set(AccountList { items, next_cursor: page.next_cursor });
            Ok(())
        });
    };
    move || {
        let AccountList { items, next_cursor } = list.get();
        if items.is_empty() {
            return view! {
                <Empty icon=IconName::User title=text::NOT_FOUND><p>{match wanted.get() {
                    wanted if wanted.is_empty() => text::NO_ACCOUNTS.to_owned(),
                    wanted => text::none_starts_with(&wanted),
                }}</p></Empty>
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
