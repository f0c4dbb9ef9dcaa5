//! Shows how much of a month's requests is used.

use super::text;
use crate::state::{Load, Remote};
use crate::ui::{Level, Meter, Notice, Tag, Tone, long_day, number_text, percent_text};
use gatehouse_shared::api::{MonthUsage, ProjectUsage};
use gatehouse_shared::model::ProjectId;
use leptos::prelude::*;

/// The month of a Project: a bar, and a notice once few requests are left.
#[component]
pub fn MonthCard(
    #[prop(into)] month: Signal<MonthUsage>,
    #[prop(optional)] children: Option<ChildrenFn>,
) -> impl IntoView {
    view! {
        <section class="card month" aria-labelledby="month-title" data-testid="month">
            <h2 id="month-title">{text::MONTH}</h2>
            {move || view! { <MonthBar month=month.get()/> }}
            {children.map(|children| children())}
            {move || view! { <Remaining month=month.get()/> }}
        </section>
    }
}

fn in_words(month: MonthUsage) -> String {
    let MonthUsage { cap, used, .. } = month;
    text::used(&number_text(used), &number_text(cap), &percent_text(used, cap))
}

/// The time at which the next month starts.
fn reset(month: MonthUsage) -> String {
    format!("{}, 00:00 UTC", long_day(month.resets_at))
}

#[component]
fn MonthBar(month: MonthUsage) -> impl IntoView {
    view! {
        <Meter used=month.used most=month.cap text=in_words(month) label=text::METER/>
        <p class="month-line">
            <span>{in_words(month)}</span>
            <span class="hint">"Resets on " {reset(month)}</span>
        </p>
    }
}

#[component]
fn Remaining(month: MonthUsage) -> impl IntoView {
    match Level::of(month.used, month.cap) {
        Level::Fine => ().into_any(),
        Level::NearlyFull => view! {
            <Notice tone=Tone::Warning title=text::NEARLY_TITLE testid="month-warning">
                <p>{text::nearly(&number_text(month.cap), &reset(month))}</p>
            </Notice>
        }
        .into_any(),
        Level::Full => view! {
            <Notice tone=Tone::Danger title=text::FULL_TITLE testid="month-full">
                <p>{text::full(&reset(month))}</p>
            </Notice>
        }
        .into_any(),
    }
}

/// The month of a Project in one line.
#[component]
pub fn MonthLine(project: ProjectId, name: String, usage: Remote<ProjectUsage>) -> impl IntoView {
    let label = format!("{}: {name}", text::METER);
    view! {
        <div class="card-line month" data-testid=format!("month-{project}")>
            {move || match usage.state.get() {
                Load::Loading => view! { <span class="skeleton"></span> <span class="skeleton skeleton-short"></span> }.into_any(),
                // The page shows more than this, so do not alarm.
                Load::Failed(_) => view! { <p class="hint">{text::UNREADABLE}</p> }.into_any(),
                Load::Ready(usage) => {
                    let month = usage.month;
                    let alert = match Level::of(month.used, month.cap) {
                        Level::Fine => None,
                        Level::NearlyFull => Some((Tone::Warning, text::NEARLY)),
                        Level::Full => Some((Tone::Danger, text::FULL)),
                    };
                    view! {
                        <Meter used=month.used most=month.cap text=in_words(month) label=label.clone()/>
                        <p class="month-line hint">
                            <span>{in_words(month)} " this month"</span>
                            {alert.map(|(tone, text)| view! { <Tag tone text/> })}
                        </p>
                    }.into_any()
                }
            }}
        </div>
    }
}
