//! Shows a developer account to the operator: its application, its members and its Apps.

use super::app_status::ReviewAppRow;
use super::decision::Decision;
use super::notes::{About, Notes};
use super::{developer_account_page, text};
use crate::api::use_client;
use crate::layout::{Heading, Page};
use crate::state::Remote;
use crate::ui::{CardSkeleton, CopyText, Date, Empty, IconName, Notice, Tag, Tone};
use crate::widget::{ApplicationHistory, Loaded, labels};
use gatehouse_shared::api::{DeveloperAccountListItem, DeveloperAccountRecord};
use gatehouse_shared::model::DeveloperAccountId;
use leptos::prelude::*;

/// The page of a developer account, with the decisions about it and its Apps.
#[component]
pub fn ReviewDeveloperAccountPage(id: DeveloperAccountId) -> impl IntoView {
    super::watch_waiting();
    let client = use_client();
    let remote = Remote::new(move || client.find_developer_account(id));
    let title = Signal::derive(move || remote.get().map_or("Developer account".into(), |record| record.name));
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="review-developer-account" title ready>
            <Heading title parents=Signal::stored(vec![(text::TITLE.to_owned(), "/review".to_owned())])/>
            <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |record| {
                view! { <Record id record remote/> }.into_any()
            })/>
        </Page>
    }
}

#[component]
fn Record(
    id: DeveloperAccountId,
    record: Memo<DeveloperAccountRecord>,
    remote: Remote<DeveloperAccountRecord>,
) -> impl IntoView {
    let application = Memo::new(move |_| record.with(|record| record.application.clone()));
    let state = Memo::new(move |_| application.with(|application| application.state));
    let next: RwSignal<Option<DeveloperAccountListItem>> = RwSignal::new(None);
    view! {
        <div class="columns">
            <div class="stack stack-wide">
                <Said record/>
                <section class="card card-list" aria-labelledby="apps-title">
                    <div class="card-head"><h2 id="apps-title">{text::APPS}</h2></div>
                    {move || view_apps(id, record.get(), remote)}
                </section>
            </div>
            <div class="stack stack-wide">
                {move || view! { <Decision id state=state.get() remote next/> }}
                {move || next.get().map(|next| view! {
                    <p data-testid="next-in-queue">{text::NEXT} <a href=developer_account_page(next.id)>{next.name}</a></p>
                })}
                <Members record/>
                <ApplicationHistory view=application/>
                <Notes about=About::DeveloperAccount(id) notes=Signal::derive(move || record.with(|record| record.notes.clone())) reload=Callback::new(move |()| remote.reload())/>
            </div>
        </div>
    }
}

fn view_apps(
    id: DeveloperAccountId,
    record: DeveloperAccountRecord,
    remote: Remote<DeveloperAccountRecord>,
) -> AnyView {
    let DeveloperAccountRecord { projects, apps, .. } = record;
    if apps.is_empty() && projects.is_empty() {
        return view! { <Empty icon=IconName::Box title=text::NO_APPS><p>{text::NO_APPS_HINT}</p></Empty> }.into_any();
    }
    view! {
        {(!projects.is_empty()).then(|| view! {
            <p class="card-line">{text::PROJECTS} {projects.iter().map(|p| p.settings.name.clone()).collect::<Vec<_>>().join(", ")}</p>
        })}
        <ul class="rows">
            {apps.into_iter().map(|app| view! { <ReviewAppRow of=id app remote/> }).collect_view()}
        </ul>
    }
    .into_any()
}

/// The members, each with their role and a link to their account.
#[component]
fn Members(record: Memo<DeveloperAccountRecord>) -> impl IntoView {
    let id = record.with_untracked(|record| record.id.to_string());
    let rows = move || {
        let members = record.get().members.into_iter().map(|member| {
            view! {
                <li class="row">
                    <div class="row-main">
                        <p class="row-title"><a href=format!("/review/accounts/{}", member.account_id)>{member.username}</a></p>
                        <p class="hint">{member.role.label()} " · " {text::SINCE} <Date at=member.since/></p>
                    </div>
                </li>
            }
        });
        members.collect_view()
    };
    view! {
        <section class="card card-list" aria-labelledby="members-title">
            <div class="card-head"><h2 id="members-title">{text::MEMBERS}</h2></div>
            <ul class="rows" data-testid="members">{rows}</ul>
            <dl class="facts card-line"><dt>{text::ID}</dt><dd><CopyText text=id what="developer account ID"/></dd></dl>
        </section>
    }
}

#[component]
fn Said(record: Memo<DeveloperAccountRecord>) -> impl IntoView {
    move || {
        let record = record.get();
        let (label, tone) = labels::application_state(record.application.state);
        view! {
            <section class="card" aria-labelledby="application-title" data-testid="application">
                <div class="card-head">
                    <h2 id="application-title">{text::APPLICATION}</h2>
                    <Tag tone text=label/>
                </div>
                {changed_fields(&record).map(|fields| view! {
                    <Notice tone=Tone::Info title=text::changed_since(&fields) testid="changed-since">
                        {record.previous_application.clone().filter(|_| fields.contains(&text::USE_CASE)).map(|before| view! {
                            <details><summary>{text::USE_CASE_BEFORE}</summary><p class="prose">{before.use_case}</p></details>
                        })}
                    </Notice>
                })}
                {record.application.application.map(|application| view! {
                        <dl class="facts">
                            <dt>{text::USE_CASE}</dt><dd class="prose">{application.use_case}</dd>
                            <dt>{text::PURPOSE}</dt><dd>{application.purpose.label()}</dd>
                            <dt>{text::ORGANIZATION}</dt>
                            <dd>{if application.organization.is_empty() { text::NO_ORGANIZATION_GIVEN.to_owned() } else { application.organization }}</dd>
                            <dt>{text::TERMS_ACCEPTED}</dt><dd><Date at=application.terms_accepted_at/></dd>
                        </dl>
                })}
            </section>
        }
    }
}

/// The fields in which the application differs from the one that was submitted before; `None` where it is the first.
fn changed_fields(record: &DeveloperAccountRecord) -> Option<Vec<&'static str>> {
    let (before, now) = (record.previous_application.as_ref()?, record.application.application.as_ref()?);
    let fields = [
        (text::USE_CASE, before.use_case != now.use_case),
        (text::PURPOSE, before.purpose != now.purpose),
        (text::ORGANIZATION, before.organization != now.organization),
    ];
    Some(fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect())
}
