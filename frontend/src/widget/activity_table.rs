//! Lists the newest operations on an account, a developer account or an App.

use super::{Loaded, labels};
use crate::state::{Load, Remote};
use crate::ui::{CardSkeleton, Empty, IconName, Moment};
use gatehouse_shared::api::{ActivityEntry, ActivityList, Actor, ActorKind, FieldChange, OperationGroup};
use leptos::prelude::*;

const EMPTY: &str = "No activity yet";
const NOTHING_OF_GROUP: &str = "There is nothing of this kind.";

/// The table of activity, newest first.
#[component]
pub fn ActivityTable(
    remote: Remote<ActivityList>,
    /// The group of operations that is shown, by its name; empty for all. `remote` reads it.
    group: RwSignal<String>,
    /// The text for an empty list.
    when_empty: &'static str,
) -> impl IntoView {
    let choose = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlSelectElement>| {
        remote.state.set(Load::Loading);
        group.set(event.target().value());
    };
    view! {
        <div class="filter">
            <label class="label" for="activity-group">"Show"</label>
            <div class="select">
                <select id="activity-group" class="input" data-testid="activity-group" on:change:target=choose>
                    <option value="">"Everything"</option>
                    {OperationGroup::ALL.into_iter().map(|known| view! {
                        <option value=known.as_str()>{labels::operation_group(known)}</option>
                    }).collect_view()}
                </select>
            </div>
        </div>
        <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |list: Memo<ActivityList>| {
            let rows = move || {
                let entries = list.get().entries;
                if entries.is_empty() {
                    let why = if group.get_untracked().is_empty() { when_empty } else { NOTHING_OF_GROUP };
                    return view! { <Empty icon=IconName::Clock title=EMPTY><p>{why}</p></Empty> }.into_any();
                }
                view! {
                    <table class="table" data-testid="activity">
                        <thead><tr><th scope="col">"Action"</th><th scope="col">"Details"</th><th scope="col">"Who"</th><th scope="col">"When"</th></tr></thead>
                        <tbody>{entries.into_iter().map(view_entry).collect_view()}</tbody>
                    </table>
                }.into_any()
            };
            rows.into_any()
        })/>
    }
}

fn view_entry(entry: ActivityEntry) -> impl IntoView {
    let count = (entry.count > 1).then(|| format!(" × {}", entry.count));
    view! {
        <tr>
            <td data-label="Action">{labels::operation(&entry.operation)} {count}</td>
            <td data-label="Details">
                {labels::subject(&entry.operation, &entry.subject)}
                {entry.changes.into_iter().map(view_change).collect_view()}
            </td>
            <td data-label="Who">{who(&entry.actor)}</td>
            <td class="table-time" data-label="When"><Moment at=entry.at/></td>
        </tr>
    }
}

fn view_change(change: FieldChange) -> impl IntoView {
    view! { <p class="hint">{labels::change(&change)}</p> }
}

fn who(actor: &Actor) -> String {
    match actor.kind {
        ActorKind::Account => actor.username.clone(),
        ActorKind::Operator => "an operator".to_owned(),
        ActorKind::App => "an App".to_owned(),
        ActorKind::Deployment => String::new(),
    }
}
