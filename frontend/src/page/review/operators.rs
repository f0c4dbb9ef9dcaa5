//! Lists the operators, and what each role may do.

use super::rows::{Row, RowPage, Rows};
use super::{ReviewTabs, text};
use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::Remote;
use crate::ui::{CardSkeleton, Empty, IconName};
use crate::widget::Loaded;
use gatehouse_shared::model::OperatorRole;
use leptos::prelude::*;

#[component]
pub fn ReviewOperatorsPage() -> impl IntoView {
    super::watch_waiting();
    let client = use_client();
    let remote = Remote::new(move || async move {
        let operators = client.list_operators().await?.operators;
        Ok(RowPage { rows: operators.into_iter().map(Row::from).collect(), next_cursor: None })
    });
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="review-operators" title=text::OPERATORS ready>
            <Heading title=text::OPERATORS parents=Signal::stored(vec![(text::TITLE.to_owned(), "/review".to_owned())])
                lead=Signal::stored(text::OPERATORS_LEAD.to_owned())/>
            <ReviewTabs current="/review/operators"/>
            <div class="stack stack-wide">
                <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |page| {
                    let empty = || view! { <Empty icon=IconName::User title=text::NOT_FOUND><p>{text::OPERATORS_LEAD}</p></Empty> };
                    let fetch = move |_| -> super::rows::Fetched { Box::pin(async { Ok(RowPage::default()) }) };
                    view! { <Rows page remote fetch=Box::new(fetch) empty/> }.into_any()
                })/>
                <Roles/>
            </div>
        </Page>
    }
}

#[component]
fn Roles() -> impl IntoView {
    view! {
        <section class="card card-list" aria-labelledby="roles-title">
            <div class="card-head"><h2 id="roles-title">{text::ROLES}</h2></div>
            <ul class="rows" data-testid="roles">
                {OperatorRole::ALL.into_iter().rev().map(|role| view! {
                    <li class="row"><div class="row-main">
                        <p class="row-title">{role.label()}</p>
                        <p class="hint">{role.abilities()}</p>
                    </div></li>
                }).collect_view()}
            </ul>
        </section>
    }
}
