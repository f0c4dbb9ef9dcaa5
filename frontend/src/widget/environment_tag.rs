//! Shows the environment of an App.

use crate::ui::{Tag, Tone};
use gatehouse_shared::model::Environment;
use leptos::prelude::*;

#[component]
pub fn EnvironmentTag(environment: Environment) -> impl IntoView {
    let tone = match environment {
        Environment::Development => Tone::Neutral,
        Environment::Staging => Tone::Info,
        Environment::Production => Tone::Good,
    };
    view! { <Tag tone text=environment.label()/> }
}
