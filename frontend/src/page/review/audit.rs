//! Shows the audit log, and where to export it.

use super::rows::{Fetched, Row, RowPage, Rows};
use super::{ReviewTabs, text};
use crate::api::{Client, Failure, use_client};
use crate::layout::{Heading, Page};
use crate::state::{Load, Remote, use_session};
use crate::ui::{CardSkeleton, Empty, IconName};
use crate::widget::Loaded;
use gatehouse_shared::api::{Access, AuditMonthList, AuditMonthView, Route};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// The parameters of a filter, each with its label and the kind of its field.
const FIELDS: [(&str, &str, &str); 5] = [
    ("actor", text::AUDIT_ACTOR, "text"),
    ("subject", text::AUDIT_SUBJECT, "text"),
    ("operation", text::AUDIT_OPERATION, "text"),
    ("from", text::AUDIT_FROM, "date"),
    ("to", text::AUDIT_TO, "date"),
];

/// What the entries are restricted to, in the order of [`FIELDS`].
type Filter = [String; 5];

async fn fetch(client: Client, links: bool, filter: Filter, cursor: String) -> Result<RowPage, Failure> {
    let mut query: Vec<(&str, &str)> =
        FIELDS.iter().zip(&filter).map(|(field, value)| (field.0, value.as_str())).collect();
    query.push(("cursor", &cursor));
    let list = client.list_audit_entries(&query).await?;
    let row = |entry| if links { Row::from(entry) } else { Row::from(entry).without_link() };
    Ok(RowPage { rows: list.entries.into_iter().map(row).collect(), next_cursor: list.next_cursor })
}

#[component]
pub fn ReviewAuditPage() -> impl IntoView {
    let (client, session) = (use_client(), use_session());
    // An Auditor may not open the pages that entries are about.
    let links = move || untrack(|| session.may(Access::Support));
    let query = use_location().query;
    let wanted = Memo::new(move |_| query.with(|query| FIELDS.map(|field| query.get(field.0).unwrap_or_default())));
    let typed = FIELDS.map(|_| RwSignal::new(String::new()));
    for (signal, value) in typed.iter().zip(wanted.get_untracked()) {
        signal.set(value);
    }
    let remote = Remote::new(move || fetch(client, links(), wanted.get(), String::new()));
    let months = Remote::new(move || client.list_audit_months());
    let navigate = use_navigate();
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let values = typed.map(|signal| signal.get_untracked().trim().to_owned());
        if values == wanted.get_untracked() {
            return;
        }
        remote.state.set(Load::Loading);
        let encode = |value: &String| String::from(js_sys::encode_uri_component(value));
        let pairs: Vec<String> =
            FIELDS.iter().zip(&values).map(|(field, value)| format!("{}={}", field.0, encode(value))).collect();
        let target = format!("/review/audit?{}", pairs.join("&"));
        navigate(&target, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let ready = Signal::derive(move || remote.is_settled() && months.is_settled());
    view! {
        <Page name="review-audit" title=text::AUDIT ready>
            <Heading title=text::AUDIT parents=Signal::stored(vec![(text::TITLE.to_owned(), "/review".to_owned())])
                lead=Signal::stored(text::AUDIT_LEAD.to_owned())/>
            <ReviewTabs current="/review/audit"/>
            <form class="filters" role="search" on:submit=apply>
                {FIELDS.into_iter().zip(typed).map(|((name, label, kind), signal)| {
                    let id = format!("audit-{name}");
                    view! {
                        <div class="filter">
                            <label class="label" for=id.clone()>{label}</label>
                            <input id=id name=name type=kind class="input" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="100"
                                prop:value=move || signal.get() on:input:target=move |event| signal.set(event.target().value())/>
                        </div>
                    }
                }).collect_view()}
                <button type="submit" class="button" data-testid="submit">{text::SEARCH}</button>
            </form>
            <div class="stack stack-wide">
                <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |page| {
                    let more = move |cursor: String| -> Fetched { Box::pin(fetch(client, links(), wanted.get_untracked(), cursor)) };
                    let empty = || view! { <Empty icon=IconName::Clock title=text::NOT_FOUND><p>{text::AUDIT_NOTHING}</p></Empty> };
                    view! { <Rows page remote fetch=Box::new(more) empty/> }.into_any()
                })/>
                <section class="card card-list" aria-labelledby="export-title">
                    <div class="card-head"><h2 id="export-title">{text::AUDIT_EXPORT}</h2></div>
                    <Loaded remote=months skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |list: Memo<AuditMonthList>| {
                        let rows = move || list.get().months.into_iter().rev().map(view_month).collect_view();
                        view! { <ul class="rows" data-testid="audit-months">{rows}</ul> }.into_any()
                    })/>
                </section>
            </div>
        </Page>
    }
}

/// A month with the files that it is exported as.
fn view_month(view: AuditMonthView) -> impl IntoView {
    let month = view.month.to_string();
    let path = Route::ExportAuditLog.path(&[("month", &month)]);
    let files = (1..=view.parts).flat_map(|part| [("ndjson", part), ("csv", part)]);
    let (parts, testid) = (view.parts, format!("audit-{month}"));
    view! {
        <li class="row" data-testid=testid>
            <div class="row-main">
                <p class="row-title">{month}</p>
                <p class="hint">{view.entries} " entries, last hash " <code>{view.last_hash}</code></p>
            </div>
            <div class="row-side">
                {files.map(|(format, part)| {
                    let label = if parts > 1 { format!("{} {part}", format.to_uppercase()) } else { format.to_uppercase() };
                    view! { <a class="button" download="" href=format!("{path}?format={format}&part={part}")>{label}</a> }
                }).collect_view()}
            </div>
        </li>
    }
}
