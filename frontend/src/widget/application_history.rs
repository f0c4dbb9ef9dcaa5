//! Lists the events of a developer application.

use super::labels;
use crate::ui::{Moment, Tag};
use gatehouse_shared::api::ApplicationView;
use leptos::prelude::*;

const HISTORY: &str = "History";
const BY_OPERATOR: &str = " · by an operator";

/// The events of an application, newest first.
#[component]
pub fn ApplicationHistory(view: Memo<ApplicationView>) -> impl IntoView {
    move || {
        let events = view.with(|view| view.history.clone());
        (!events.is_empty()).then(|| view! {
            <section class="card" aria-labelledby="history-title">
                <h2 id="history-title" class="card-title">{HISTORY}</h2>
                <ol class="timeline">
                    {events.into_iter().rev().map(|event| {
                        let (label, tone) = labels::application_state(event.state);
                        view! {
                            <li>
                                <div class="timeline-head">
                                    <Tag tone text=label/>
                                    <span class="hint"><Moment at=event.at/> {if event.by_operator { BY_OPERATOR } else { "" }}</span>
                                </div>
                                {(!event.reason.is_empty()).then(|| view! { <p class="quoted">{event.reason}</p> })}
                            </li>
                        }
                    }).collect_view()}
                </ol>
            </section>
        })
    }
}
