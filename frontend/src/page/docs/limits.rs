//! Documents the rate limits, and calls from browsers.

use super::marked::{marked, table};
use super::text;
use crate::ui::number_text;
use gatehouse_shared::model::Limit;
use leptos::prelude::*;

/// Documents the headers about limits, and what happens after a limit.
#[component]
pub fn RateLimits() -> impl IntoView {
    let rows = text::LIMIT_HEADERS
        .into_iter()
        .map(|(header, meaning)| vec![view! { <code>{header}</code> }.into_any(), meaning.into_any()]);
    let rows = rows.collect();
    view! {
        <section class="card prose-card" aria-labelledby="limits">
            <h2 id="limits" tabindex="-1">{text::LIMITS}</h2>
            <p>{text::LIMITS_TEXT}</p>
            <div class="docs-table">{table(&[text::HEADER, text::MEANING], rows)}</div>
            <p class="hint">{text::LIMITS_HINT}</p>
        </section>
    }
}

/// Documents what a script of another origin may do.
#[component]
pub fn FromBrowsers() -> impl IntoView {
    view! {
        <section class="card prose-card" aria-labelledby="browser">
            <h2 id="browser" tabindex="-1">{text::BROWSER}</h2>
            <p>{marked(text::BROWSER_TEXT)}</p>
        </section>
    }
}

/// `450 per 15 min per App · 900 per 15 min per user`.
pub fn limit_words(limit: &Limit) -> Option<String> {
    let window = match limit.window_seconds {
        86_400 => "day".to_owned(),
        3_600 => "hour".to_owned(),
        60 => "min".to_owned(),
        seconds if seconds % 3_600 == 0 => format!("{} hours", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    };
    let part =
        |count: Option<u32>, whose: &str| Some(format!("{} per {window} per {whose}", number_text(count?.into())));
    let parts: Vec<String> = [part(limit.app, "App"), part(limit.user, "user")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_for_apps_and_for_users() {
        let limit = |app, user, window_seconds| Limit { app, user, window_seconds };
        for (limit, wanted) in [
            (limit(Some(3_000), Some(10_000), 900), Some("3,000 per 15 min per App · 10,000 per 15 min per user")),
            (limit(Some(180), None, 86_400), Some("180 per day per App")),
            (limit(None, Some(5), 60), Some("5 per min per user")),
            (limit(None, None, 900), None),
        ] {
            assert_eq!(limit_words(&limit).as_deref(), wanted);
        }
    }
}
