//! Shows the evidence for a refusal, and marks where two base strings differ.

use super::difference::{Piece, difference};
use super::text;
use crate::ui::CopyButton;
use gatehouse_shared::api::Evidence;
use leptos::prelude::*;

/// The number of bytes from which on a value stands on lines of its own.
const LONG: usize = 48;

/// The evidence for a refusal. Marks where two base strings differ.
#[component]
pub fn EvidenceList(evidence: Vec<Evidence>) -> impl IntoView {
    let is_long = |evidence: &Evidence| evidence.value.len() > LONG || evidence.value.contains('\n');
    let (long, short): (Vec<Evidence>, Vec<Evidence>) = evidence.into_iter().partition(is_long);
    let differences = match long.as_slice() {
        [one, other] => difference(&one.value, &other.value),
        _ => None,
    };
    let is_marked = differences.is_some();
    let mut differences = differences.into_iter().flatten();
    let blocks = long.iter().map(|evidence| {
        let whole = vec![Piece { text: &evidence.value, differs: false }];
        block(evidence, differences.next().unwrap_or(whole))
    });
    let blocks = blocks.collect_view();
    view! {
        <section class="evidence" aria-labelledby="evidence-title">
            <h4 id="evidence-title">{text::EVIDENCE}</h4>
            {(!short.is_empty()).then(|| view! {
                <dl class="facts">
                    {short.into_iter().map(|Evidence { name, value }| view! { <dt>{name}</dt><dd><code>{value}</code></dd> }).collect_view()}
                </dl>
            })}
            {blocks}
            {is_marked.then(|| view! { <p class="hint">{text::MARKED}</p> })}
        </section>
    }
}

fn block(evidence: &Evidence, pieces: Vec<Piece<'_>>) -> AnyView {
    let Evidence { name, value } = evidence.clone();
    let piece = |Piece { text, differs }: Piece<'_>| {
        let text = text.to_owned();
        if differs { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
    };
    let pieces = pieces.into_iter().map(piece).collect_view();
    view! {
        <div class="evidence-block">
            <div class="evidence-head"><p class="row-label">{name.clone()}</p> <CopyButton text=value what=name/></div>
            <p class="evidence-value"><code>{pieces}</code></p>
        </div>
    }
    .into_any()
}
