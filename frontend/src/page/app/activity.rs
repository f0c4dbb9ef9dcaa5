use super::text::activity as text;
use crate::api::use_client;
use crate::state::Remote;
use crate::ui::{CardSkeleton, Empty, IconName, Moment};
use crate::widget::{Loaded, labels};
use gatehouse_shared::api::ActivityList;
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn ActivityTab(id: AppId) -> impl IntoView {
    let client = use_client();
    let remote = Remote::new(move || client.list_app_activity(id));
    view! {
        <section class="card card-list" aria-labelledby="activity-title">
            <div class="card-head"><h2 id="activity-title">"Activity"</h2></div>
            <ActivityTable remote when_empty=text::EMPTY_WHY/>
        </section>
    }
}

/// The newest things that happened.
#[component]
pub fn ActivityTable(
    remote: Remote<ActivityList>,
    /// What appears here once there is something.
    when_empty: &'static str,
) -> impl IntoView {
    view! {
        <Loaded remote skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |list: Memo<ActivityList>| {
            let rows = move || {
                let entries = list.get().entries;
                if entries.is_empty() {
                    return view! { <Empty icon=IconName::Clock title=text::EMPTY><p>{when_empty}</p></Empty> }.into_any();
                }
                view! {
                    <table class="table" data-testid="activity">
                        <thead><tr><th scope="col">"Action"</th><th scope="col">"Details"</th><th scope="col">"When"</th></tr></thead>
                        <tbody>
                            {entries.into_iter().map(|entry| view! {
                                <tr>
                                    <td data-label="Action">{labels::operation(&entry.operation)} {entry.by_operator.then_some(" (by the operator)")}{(entry.count > 1).then(|| format!(" × {}", entry.count))}</td>
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
