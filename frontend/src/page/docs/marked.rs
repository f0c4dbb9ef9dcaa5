//! Shows a text whose code stands in backticks.

use leptos::prelude::*;

/// Shows the text between backticks as code.
pub fn marked(text: &'static str) -> AnyView {
    let parts = text.split('`').enumerate();
    let views = parts
        .map(|(index, part)| if index % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() });
    views.collect_view().into_any()
}

/// A table with the names of its columns repeated in each cell, for screens too narrow for columns.
pub fn table(heads: &[&'static str], rows: Vec<Vec<AnyView>>) -> AnyView {
    let heads = heads.to_vec();
    let labels = heads.clone();
    let rows = rows.into_iter().map(|cells| {
        let cells = cells
            .into_iter()
            .zip(&labels)
            .map(|(cell, label)| view! { <td data-label=*label><span>{cell}</span></td> });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <table class="table">
            <thead><tr>{heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view()}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
