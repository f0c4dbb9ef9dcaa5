//! Lists the abilities of an App.

use crate::ui::{Icon, IconName};
use leptos::prelude::*;

/// Lists what an App may do, or may not do.
#[component]
pub fn Abilities(sentences: Vec<String>, may: bool, #[prop(optional)] testid: Option<&'static str>) -> impl IntoView {
    let (class, icon) = if may { ("abilities", IconName::Check) } else { ("abilities abilities-not", IconName::Close) };
    view! {
        <ul class=class data-testid=testid>
            {sentences.into_iter().map(|sentence| view! { <li><Icon name=icon/> <span>{sentence}</span></li> }).collect_view()}
        </ul>
    }
}
