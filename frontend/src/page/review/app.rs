//! Shows an App to operators: its settings, its requests, and those that were refused.

use super::{developer_account_page, text};
use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::Remote;
use crate::ui::{CardSkeleton, CopyText, Empty, IconName, Tag};
use crate::widget::{AppUsageChart, Loaded, MonthCard, RefusalCall, labels};
use gatehouse_shared::api::{RefusalView, ReviewedApp};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn ReviewAppPage(id: AppId) -> impl IntoView {
    super::watch_waiting();
    let client = use_client();
    let remote = Remote::new(move || client.find_reviewed_app(id));
    let title = Signal::derive(move || remote.get().map_or("App".into(), |record| record.app.settings.name));
    let parents = Signal::derive(move || {
        let mut parents = vec![(text::TITLE.to_owned(), "/review".to_owned())];
        parents.extend(
            remote
                .get()
                .map(|record| (record.developer_account_name, developer_account_page(record.developer_account_id))),
        );
        parents
    });
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="review-app" title ready>
            <Heading title parents/>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |record| {
                let usage = Memo::new(move |_| record.with(|record: &ReviewedApp| record.usage.clone()));
                view! {
                    <div class="stack stack-wide">
                        <Facts record/>
                        {move || usage.with(|usage| usage.month).map(|month| view! { <MonthCard month/> })}
                        <AppUsageChart usage is_own=false/>
                        <Refusals record/>
                    </div>
                }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Facts(record: Memo<ReviewedApp>) -> impl IntoView {
    move || {
        let ReviewedApp { app, developer_account_id, developer_account_name, .. } = record.get();
        let (label, tone) = labels::app_status(app.status);
        let project = app.project.map_or(text::STANDALONE.to_owned(), |project| project.name);
        view! {
            <section class="card" aria-labelledby="app-title" data-testid="app-facts">
                <div class="card-head">
                    <h2 id="app-title">{text::APP}</h2>
                    <Tag tone text=label/>
                </div>
                {(!app.status_reason.is_empty()).then(|| view! { <p class="quoted">{app.status_reason}</p> })}
                <dl class="facts">
                    <dt>{text::DEVELOPER_ACCOUNT}</dt><dd><a href=developer_account_page(developer_account_id)>{developer_account_name}</a></dd>
                    <dt>{text::PROJECT}</dt><dd>{project}</dd>
                    <dt>{text::DESCRIPTION}</dt><dd class="prose">{app.settings.description}</dd>
                    <dt>{text::PERMISSION}</dt><dd>{app.settings.permission.label()}</dd>
                    <dt>{text::APP_ID}</dt><dd><CopyText text=app.id.to_string() what="App ID"/></dd>
                </dl>
            </section>
        }
    }
}

/// The newest refused requests, each with what to do about it.
#[component]
fn Refusals(record: Memo<ReviewedApp>) -> impl IntoView {
    let rows = move || {
        let refusals = record.with(|record| record.refusals.refusals.clone());
        if refusals.is_empty() {
            return view! { <Empty icon=IconName::Check title=text::NO_REFUSALS><p>{text::NO_REFUSALS_WHY}</p></Empty> }
                .into_any();
        }
        view! { <ul class="rows" data-testid="refusals">{refusals.into_iter().map(view_refusal).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <section class="card card-list" aria-labelledby="refusals-title">
            <div class="card-head"><h2 id="refusals-title">{text::REFUSALS}</h2></div>
            {rows}
        </section>
    }
}

fn view_refusal(refusal: RefusalView) -> impl IntoView {
    view! {
        <li class="row">
            <div class="row-main">
                <p class="row-title">{refusal.text.clone()}</p>
                <RefusalCall refusal=refusal.clone()/>
                <p class="hint">{refusal.help}</p>
                <p class="hint">{text::REQUEST_ID} " " <code>{refusal.request_id}</code></p>
            </div>
        </li>
    }
}
