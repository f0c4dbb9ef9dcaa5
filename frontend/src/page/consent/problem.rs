//! Tells the developer of an App why its request does not work.

use super::consent_card::ConsentCard;
use super::text;
use gatehouse_shared::api::ConsentProblem;
use leptos::prelude::*;

/// Shows why the request of the App is invalid, in full: the developer of the App can read it nowhere else.
#[component]
pub fn Problem(problem: ConsentProblem) -> impl IntoView {
    let facts = problem.facts;
    view! {
        <ConsentCard title=text::PROBLEM lead=text::PROBLEM_LEAD>
            <section class="consent-problem" aria-labelledby="problem-title" data-testid="consent-problem">
                <h2 id="problem-title">{problem.title}</h2>
                <p>{problem.detail}</p>
                {(!facts.is_empty()).then(|| view! {
                    <dl class="facts">
                        {facts.into_iter().map(|fact| view! { <dt>{fact.name}</dt><dd><code>{fact.value}</code></dd> }).collect_view()}
                    </dl>
                })}
            </section>
            {(!problem.return_url.is_empty()).then(|| view! {
                <a class="button" href=problem.return_url rel="external" data-testid="consent-return">{text::RETURN}</a>
            })}
        </ConsentCard>
    }
}
