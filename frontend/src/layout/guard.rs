//! Lets only signed-in users or operators see a page, and leads the others to the sign-in page and back.

use super::{Heading, Page, text};
use crate::state::{SessionState, use_session};
use crate::ui::{CardSkeleton, effect};
use gatehouse_shared::api::AccountView;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::Location,
};

/// Shows the page to signed-in users, and sends the others to the sign-in page and back.
#[component]
pub fn SignedInOnly(children: ChildrenFn) -> impl IntoView {
    let session = use_session();
    let location = use_location();
    let navigate = use_navigate();
    // By account, so that a change of the account's state does not rebuild the page.
    let stage = Memo::new(move |_| match session.state() {
        SessionState::Unknown => (0_u8, None),
        SessionState::SignedOut => (1, None),
        // The user signs in again over a page whose session has ended, so the page stays.
        SessionState::SignedIn(account) | SessionState::Ended(account) => (2, Some(account.id)),
    });
    effect(move || {
        if stage.get().0 == 1 {
            let target = leading_back("/sign-in", &here(&location));
            navigate(&target, NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    move || match stage.get().0 {
        2 => children().into_any(),
        _ => view! { <div class="page" aria-busy="true"><CardSkeleton/></div> }.into_any(),
    }
}

/// Shows the page to operators only.
#[component]
pub fn OperatorOnly(children: ChildrenFn) -> impl IntoView {
    let session = use_session();
    let children = StoredValue::new(children);
    let is_operator = Memo::new(move |_| session.operator().is_some());
    view! {
        <SignedInOnly>
            {move || if is_operator.get() {
                children.with_value(|children| children()).into_any()
            } else {
                view! {
                    <Page name="not-operator" title=text::ONLY_OPERATORS narrow=true>
                        <Heading title=text::ONLY_OPERATORS lead=Signal::stored(text::ONLY_OPERATORS_WHY.to_owned())/>
                        <p><a class="button button-primary" href="/dashboard">{text::TO_DASHBOARD}</a></p>
                    </Page>
                }.into_any()
            }}
        </SignedInOnly>
    }
}

/// The path and query of the present address.
pub fn here(location: &Location) -> String {
    location.pathname.get_untracked() + &search(&location.search.get_untracked())
}

/// The address of a page for signing in or up that leads to `next` afterwards.
pub fn leading_back(page: &str, next: &str) -> String {
    if next == "/dashboard" { page.to_owned() } else { format!("{page}?next={}", escape(next)) }
}

/// The first page after signing in: the dashboard for a developer, the review page for an operator.
pub fn home(account: &AccountView) -> &'static str {
    if account.operator.is_some() { "/review" } else { "/dashboard" }
}

/// The page to open after signing in: `?next=`, or the dashboard.
pub fn use_next() -> Memo<String> {
    let search = use_location().search;
    // Read the query without the router, which decodes it twice: the address contains escapes of its own.
    let next = |search: &String| web_sys::UrlSearchParams::new_with_str(search).ok()?.get("next");
    Memo::new(move |_| safe_next(search.with(next).as_deref()))
}

/// Accepts only a path of this origin. A browser takes `//host` and `/\host` for other sites, and ignores some control
/// characters.
pub fn safe_next(next: Option<&str>) -> String {
    match next {
        Some(next)
            if next.starts_with('/')
                && !next.starts_with("//")
                && !next.contains('\\')
                && !next.contains(|c: char| c.is_control())
                && !next.starts_with("/sign-") =>
        {
            next.to_owned()
        }
        _ => "/dashboard".into(),
    }
}

fn search(text: &str) -> String {
    let text = text.trim_start_matches('?');
    if text.is_empty() { String::new() } else { format!("?{text}") }
}

fn escape(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn only_a_path_of_this_origin_is_followed() {
        assert_eq!(safe_next(Some("/apps/1?x=2")), "/apps/1?x=2");
        for bad in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/\t/evil.example", "/sign-in"] {
            assert_eq!(safe_next(Some(bad)), "/dashboard", "{bad}");
        }
        assert_eq!(safe_next(None), "/dashboard");
    }
}
