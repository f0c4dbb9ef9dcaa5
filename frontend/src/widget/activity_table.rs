//! Lists the newest operations on an account or an App.

use super::{Loaded, labels};
use crate::state::Remote;
use crate::ui::{CardSkeleton, Empty, IconName, Moment};
use gatehouse_shared::api::{ActivityList, ActorKind};
use leptos::prelude::*;

const EMPTY: &str = "No activity yet";

/// The table of activity, newest first.
#[component]
pub fn ActivityTable(
    remote: Remote<ActivityList>,
    /// The text for an empty list.
    when_empty: &'static str,
) -> impl IntoView {
    view! {
        <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |list: Memo<ActivityList>| {
            let rows = move || {
                let entries = list.get().entries;
                if entries.is_empty() {
                    return view! { <Empty icon=IconName::Clock title=EMPTY><p>{when_empty}</p></Empty> }.into_any();
                }
                view! {
                    <table class="table" data-testid="activity">
                        <thead><tr><th scope="col">"Action"</th><th scope="col">"Details"</th><th scope="col">"When"</th></tr></thead>
                        <tbody>
                            {entries.into_iter().map(|entry| view! {
                                <tr>
                                    <td data-label="Action">{labels::operation(&entry.operation)} {(entry.actor.kind == ActorKind::Operator).then_some(" (by the operator)")}{(entry.count > 1).then(|| format!(" × {}", entry.count))}</td>
                                    <td data-label="Details">{labels::subject(&entry.operation, &entry.subject)}</td>
                                    <td class="table-time" data-label="When"><Moment at=entry.at/></td>
                                </tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                }.into_any()
            };
            rows.into_any()
        })/>
    }
}
