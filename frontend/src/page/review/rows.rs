//! Lists accounts and developer accounts, a page at a time.

use super::{developer_account_page, text};
use crate::api::Failure;
use crate::state::{Remote, Task};
use crate::ui::{Moment, Tag, Tone};
use crate::widget::labels;
use gatehouse_shared::api::{
    AccountList, AccountListItem, ActorKind, ApplicationQueue, AuditEntry, DeveloperAccountList,
    DeveloperAccountListItem,
};
use gatehouse_shared::model::{AccountStatus, UnixSeconds};
use leptos::prelude::*;
use std::{future::Future, pin::Pin};

/// One account or developer account in a list.
#[derive(Clone, PartialEq)]
pub struct Row {
    id: String,
    href: String,
    title: String,
    hint: String,
    /// How the use case begins, in the review queue.
    quote: String,
    tags: Vec<(&'static str, Tone)>,
    since: Option<UnixSeconds>,
    /// When it was done, of something that happened.
    at: Option<UnixSeconds>,
}

/// A page of a list.
#[derive(Clone, Default, PartialEq)]
pub struct RowPage {
    pub rows: Vec<Row>,
    pub next_cursor: Option<String>,
}

fn developer_row(item: DeveloperAccountListItem) -> Row {
    let hint = if item.applicant == item.name { text::NO_ORGANIZATION.to_owned() } else { item.applicant };
    Row {
        id: item.id.to_string(),
        href: developer_account_page(item.id),
        title: item.name,
        hint,
        quote: item.use_case,
        tags: vec![labels::application_state(item.application_state)],
        since: Some(item.since),
        at: None,
    }
}

impl From<ApplicationQueue> for RowPage {
    fn from(queue: ApplicationQueue) -> Self {
        Self { rows: queue.items.into_iter().map(developer_row).collect(), next_cursor: queue.next_cursor }
    }
}

impl From<DeveloperAccountList> for RowPage {
    fn from(list: DeveloperAccountList) -> Self {
        Self { rows: list.items.into_iter().map(developer_row).collect(), next_cursor: list.next_cursor }
    }
}

impl From<AccountList> for RowPage {
    fn from(list: AccountList) -> Self {
        Self { rows: list.items.into_iter().map(Row::from).collect(), next_cursor: list.next_cursor }
    }
}

impl From<AccountListItem> for Row {
    fn from(item: AccountListItem) -> Self {
        let mut tags = Vec::new();
        if let Some(role) = item.operator {
            tags.push((role.label(), Tone::Info));
        }
        if item.status == AccountStatus::Suspended {
            tags.push(labels::account_status(item.status));
        }
        Self {
            id: item.id.to_string(),
            href: format!("/review/accounts/{}", item.id),
            title: item.username,
            hint: String::new(),
            quote: String::new(),
            tags,
            since: None,
            at: None,
        }
    }
}

impl Row {
    /// The same without a link, for whoever may not open the page.
    pub fn without_link(self) -> Self {
        Self { href: String::new(), ..self }
    }
}

impl From<AuditEntry> for Row {
    fn from(entry: AuditEntry) -> Self {
        let facts = entry.facts;
        let mut words: Vec<String> = Vec::new();
        match entry.personal {
            Some(personal) => {
                words.extend([personal.username, personal.subject]);
                words.extend(personal.changes.iter().map(labels::change));
                words.push(personal.address);
            }
            None => words.push(text::AUDIT_ERASED.to_owned()),
        }
        words.extend([facts.session_id, facts.request_id]);
        words.retain(|word| !word.is_empty());
        let href = match (facts.developer_account_id, facts.account_id) {
            (Some(id), _) => developer_account_page(id),
            (None, Some(id)) => format!("/review/accounts/{id}"),
            (None, None) => String::new(),
        };
        let kind = match facts.actor_kind {
            ActorKind::Account => "Account",
            ActorKind::Operator => "Operator",
            ActorKind::App => "App",
            ActorKind::Deployment => "Deployment",
        };
        Self {
            id: entry.seq.to_string(),
            href,
            title: labels::operation(&facts.operation),
            hint: words.join(" · "),
            quote: String::new(),
            tags: vec![(kind, Tone::Neutral)],
            since: None,
            at: Some(facts.at),
        }
    }
}

/// A page that is on its way.
pub type Fetched = Pin<Box<dyn Future<Output = Result<RowPage, Failure>>>>;

/// The rows of a list, with a button for more.
#[component]
pub fn Rows(
    page: Memo<RowPage>,
    remote: Remote<RowPage>,
    /// Fetches the page after a cursor.
    fetch: Box<dyn Fn(String) -> Fetched>,
    /// Shown for an empty list.
    #[prop(into)]
    empty: ViewFn,
) -> impl IntoView {
    let task = Task::new();
    let fetch = StoredValue::new_local(fetch);
    let more = move |cursor: String| {
        let next = fetch.with_value(|fetch| fetch(cursor));
        task.run(async move {
            let mut next = next.await?;
            let mut rows = page.get_untracked().rows;
            rows.append(&mut next.rows);
            remote.set(RowPage { rows, next_cursor: next.next_cursor });
            Ok(())
        });
    };
    move || {
        let RowPage { rows, next_cursor } = page.get();
        if rows.is_empty() {
            return empty.run();
        }
        view! {
            <div class="card card-list"><ul class="rows">{rows.into_iter().map(view_row).collect_view()}</ul></div>
            {next_cursor.map(|cursor| view! {
                <p class="more">
                    <button type="button" class="button" data-testid="more" disabled=move || task.is_pending()
                        on:click=move |_| more(cursor.clone())>{text::MORE}</button>
                </p>
            })}
        }
        .into_any()
    }
}

fn view_row(row: Row) -> impl IntoView {
    view! {
        <li class="row" data-testid=format!("row-{}", row.id)>
            <div class="row-main">
                <p class="row-title">{match row.href {
                    href if href.is_empty() => view! { <span>{row.title}</span> }.into_any(),
                    href => view! { <a href=href>{row.title}</a> }.into_any(),
                }}</p>
                {(!row.hint.is_empty()).then(|| view! { <p class="hint">{row.hint}</p> })}
                {(!row.quote.is_empty()).then(|| view! { <p class="quoted">{row.quote}</p> })}
            </div>
            <div class="row-side">
                {row.tags.into_iter().map(|(label, tone)| view! { <Tag tone text=label/> }).collect_view()}
                {row.at.map(|at| view! { <span class="hint"><Moment at/></span> })}
                {row.since.map(|since| view! { <span class="hint">{text::SINCE} <Moment at=since/></span> })}
            </div>
        </li>
    }
}
