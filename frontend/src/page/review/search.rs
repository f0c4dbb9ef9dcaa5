//! Finds accounts, developer accounts, Projects and Apps by anything that names them.

use super::{ReviewTabs, developer_account_page, text};
use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::{Load, Remote};
use crate::ui::{CardSkeleton, Empty, IconName, Tag, Tone};
use crate::widget::Loaded;
use gatehouse_shared::api::SearchHit;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

#[component]
pub fn ReviewSearchPage() -> impl IntoView {
    super::watch_waiting();
    let client = use_client();
    let query = use_location().query;
    let wanted = Memo::new(move |_| query.with(|query| query.get("q")).unwrap_or_default());
    let typed = RwSignal::new(wanted.get_untracked());
    let remote = Remote::new(move || {
        let wanted = wanted.get();
        async move { client.search(&wanted).await }
    });
    let navigate = use_navigate();
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked().trim().to_owned();
        if text == wanted.get_untracked() {
            return;
        }
        remote.state.set(Load::Loading);
        let target = format!("/review/search?q={}", String::from(js_sys::encode_uri_component(&text)));
        navigate(&target, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="review-search" title=text::SEARCH ready>
            <Heading title=text::SEARCH parents=Signal::stored(vec![(text::TITLE.to_owned(), "/review".to_owned())])/>
            <ReviewTabs current="/review/search"/>
            <form class="filter" role="search" on:submit=search>
                <label class="label" for="search">{text::SEARCH_LABEL}</label>
                <div class="input-group">
                    <input id="search" name="q" type="search" class="input" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200"
                        prop:value=move || typed.get() on:input:target=move |event| typed.set(event.target().value())/>
                    <button type="submit" class="button" data-testid="submit">{text::SEARCH}</button>
                </div>
            </form>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |results| {
                let hits = move || {
                    let hits = results.with(|results| results.hits.clone());
                    if hits.is_empty() {
                        let why = if wanted.get().is_empty() { text::SEARCH_HINT } else { text::NOTHING_HAS_IT };
                        let title = if wanted.get().is_empty() { text::SEARCH } else { text::NOT_FOUND };
                        return view! { <Empty icon=IconName::User title=title><p>{why}</p></Empty> }.into_any();
                    }
                    view! {
                        <div class="card card-list"><ul class="rows" data-testid="hits">{hits.into_iter().map(view_hit).collect_view()}</ul></div>
                    }.into_any()
                };
                hits.into_any()
            })/>
        </Page>
    }
}

/// A row that leads to the page on which the hit is shown.
fn view_hit(hit: SearchHit) -> impl IntoView {
    let (kind, title, id, href) = match hit {
        SearchHit::Account { id, username } => ("Account", username, id.to_string(), format!("/review/accounts/{id}")),
        SearchHit::DeveloperAccount { id, name } => {
            ("Developer account", name, id.to_string(), developer_account_page(id))
        }
        SearchHit::Project { id, name, developer_account_id } => {
            ("Project", name, id.to_string(), developer_account_page(developer_account_id))
        }
        SearchHit::App { id, name, .. } => ("App", name, id.to_string(), format!("/review/apps/{id}")),
    };
    let testid = format!("hit-{id}");
    view! {
        <li class="row" data-testid=testid>
            <div class="row-main">
                <p class="row-title"><a href=href>{title}</a></p>
                <p class="hint"><code>{id}</code></p>
            </div>
            <div class="row-side"><Tag tone=Tone::Neutral text=kind/></div>
        </li>
    }
}
