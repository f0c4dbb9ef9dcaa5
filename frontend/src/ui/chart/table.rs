//! The numbers of a chart as a table.

use super::stack::Stack;
use super::unit::Unit;
use crate::ui::number_text;
use crate::ui::time::{day_text, iso_moment};
use leptos::prelude::*;

/// All numbers, newest day first. A table that is too wide scrolls beside its days.
#[component]
pub fn NumberTable(id: &'static str, unit: Unit, stack: Stack) -> impl IntoView {
    let caption_id = format!("{id}-caption");
    let labelled_by = caption_id.clone();
    let Stack { names, days } = stack;
    view! {
        <details class="chart-details">
            <summary data-testid=format!("{id}-show-table")>"Show as table"</summary>
            <div class="table-scroll" role="region" tabindex="0" aria-labelledby=labelled_by>
                <table class="numbers" data-testid=format!("{id}-table")>
                    <caption id=caption_id>{format!("Number of {} a day (UTC)", unit.1)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Day"</th>
                            <th scope="col">"All"</th>
                            {names.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {days.into_iter().rev().map(|day| view! {
                            <tr>
                                <th scope="row"><time datetime=iso_moment(day.day)>{day_text(day.day)}</time></th>
                                <td><strong>{number_text(day.total())}</strong></td>
                                {day.values.iter().map(|value| view! { <td>{number_text(*value)}</td> }).collect_view()}
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        </details>
    }
}
