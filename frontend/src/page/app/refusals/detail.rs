//! Shows one refused request.

use super::evidence::EvidenceList;
use crate::ui::CopyText;
use crate::widget::RefusalCall;
use gatehouse_shared::api::RefusalView;
use leptos::prelude::*;

/// One refusal with all its facts.
#[component]
pub fn RefusalDetail(refusal: RefusalView) -> impl IntoView {
    view! {
        <article class="card refusal" aria-labelledby="refusal-title" data-testid="refusal-detail">
            <h3 id="refusal-title">{refusal.text.clone()}</h3>
            <RefusalCall refusal=refusal.clone()/>
            {(!refusal.help.is_empty()).then(|| view! { <p class="refusal-help">{refusal.help}</p> })}
            <dl class="facts">
                <dt>"Request ID"</dt><dd><CopyText text=refusal.request_id what="request ID"/></dd>
                <dt>"Reason"</dt><dd><code>{refusal.reason}</code></dd>
            </dl>
            {(!refusal.evidence.is_empty()).then(|| view! { <EvidenceList evidence=refusal.evidence/> })}
        </article>
    }
}
