//! Shows when a credential expires, and warns the developer before it does.

use crate::state::use_session;
use crate::ui::{Notice, Tag, Tone, date_text, now};
use gatehouse_shared::api::NextExpiry;
use gatehouse_shared::model::{DAY_SECONDS, DeveloperAccountId, MemberRole, UnixSeconds};
use leptos::prelude::*;

const NEAR: &str = "Regenerate it with an overlap, or set a later date, under ";
/// For whom the role lets only look.
const NEAR_FOR_VIEWER: &str = "Ask a Developer, an Admin, or an Owner to regenerate it or to set a later date, under ";

/// How many days before the expiry the portal warns.
const SOON: u64 = 14;
/// How many days before the expiry the warning becomes urgent.
const VERY_SOON: u64 = 3;

/// Describes how near an expiry date is. The tone becomes more urgent as the date comes near.
fn nearness(at: UnixSeconds) -> (Tone, String) {
    let left = at.0.saturating_sub(now().0);
    let days = left.div_ceil(DAY_SECONDS);
    match left {
        0 => (Tone::Danger, format!("Expired on {}", date_text(at))),
        left if left > SOON * DAY_SECONDS => (Tone::Neutral, format!("Expires on {}", date_text(at))),
        left => {
            let tone = if left > VERY_SOON * DAY_SECONDS { Tone::Warning } else { Tone::Danger };
            (tone, format!("Expires within {days} {}", if days == 1 { "day" } else { "days" }))
        }
    }
}

/// The expiry date of a credential.
#[component]
pub fn ExpiryTag(at: UnixSeconds) -> impl IntoView {
    let (tone, text) = nearness(at);
    view! { <Tag tone text/> }
}

/// Warns of a credential that stops working soon, or has stopped.
#[component]
pub fn ExpiryNotice(of: DeveloperAccountId, next: NextExpiry, app_name: String, href: String) -> impl IntoView {
    let session = use_session();
    let what_to_do = move || if session.has_role(of, MemberRole::Developer) { NEAR } else { NEAR_FOR_VIEWER };
    let (tone, text) = nearness(next.at);
    (tone != Tone::Neutral).then(|| {
        view! {
            <Notice tone title=format!("{}: {} of {app_name}", text, next.kind.label()) testid="expiry-notice">
                <p>{what_to_do} <a href=href>"Keys and tokens"</a> "."</p>
            </Notice>
        }
    })
}
