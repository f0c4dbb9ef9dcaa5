//! Charts the requests of the last days.

use super::text;
use crate::ui::{Empty, IconName, Stack, StackChart};
use gatehouse_shared::api::DayUsage;
use leptos::prelude::*;

/// The chart of the requests of the last days.
#[component]
pub fn UsageChart(
    #[prop(into)] days: Signal<Vec<DayUsage>>,
    /// What the parts of a day are named after.
    by: &'static str,
    /// Whether the reader makes these requests. Where there are none, the page then says how to begin.
    #[prop(default = true)]
    is_own: bool,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="usage-title">
            <h2 id="usage-title" class="card-title">{text::CHART}</h2>
            <p class="hint">{text::chart(by)}</p>
            {move || {
                let stack = stack_of(days.get());
                if stack.total() == 0 { view! { <NoRequests is_own/> }.into_any() } else {
                    view! { <StackChart id="usage" labelled_by="usage-title" unit=("request", "requests") stack/> }.into_any()
                }
            }}
        </section>
    }
}

#[component]
fn NoRequests(is_own: bool) -> impl IntoView {
    view! {
        <div data-testid="usage-empty">
            <Empty icon=IconName::Clock title=text::EMPTY>
                {is_own.then(|| view! {
                    <p>{text::EMPTY_WHY}</p>
                    <a class="button" href="/docs#call">"How to call the API"</a>
                })}
            </Empty>
        </div>
    }
}

fn stack_of(days: Vec<DayUsage>) -> Stack {
    let parts_of = |day: DayUsage| day.parts.into_iter().map(|part| (part.name, part.requests)).collect();
    Stack::new(days.into_iter().map(|day| (day.day, parts_of(day))).collect())
}
