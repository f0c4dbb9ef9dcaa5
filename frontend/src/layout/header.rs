//! The header of the portal.

use super::account_menu::AccountMenu;
use super::text;
use super::theme_menu::ThemeMenu;
use super::waiting::WaitingCount;
use crate::state::{SessionState, use_description, use_session};
use crate::ui::Logo;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The header: the name of the API, the links, and the account.
#[component]
pub fn Header() -> impl IntoView {
    let session = use_session();
    view! {
        <header class="header">
            <div class="header-inner">
                <a class="brand" href="/"><Brand/></a>
                <nav class="header-nav" aria-label=text::MAIN>
                    <ul>
                        // First, so that the link of an account moves no other when the session comes.
                        <li><NavLink href="/docs" testid="nav-docs" label=text::DOCS/></li>
                        {move || session.operator().map(|_| view! {
                            <li><NavLink href="/review" testid="nav-review" label=text::REVIEW><WaitingCount/></NavLink></li>
                        })}
                        {move || session.account().filter(|_| !session.is_settings_operator()).map(|_| view! {
                            <li><NavLink href="/dashboard" testid="nav-dashboard" label=text::DASHBOARD/></li>
                        })}
                    </ul>
                </nav>
                <div class="header-end">
                    {move || match session.state() {
                        // Show nothing of an account whose session has ended.
                        SessionState::Unknown | SessionState::Ended(_) => view! { <span class="skeleton header-skeleton" aria-hidden="true"></span> }.into_any(),
                        SessionState::SignedOut => view! {
                            <ThemeMenu/>
                            <a class="button button-quiet" href="/sign-in" data-testid="nav-sign-in">{text::SIGN_IN}</a>
                            <a class="button button-primary" href="/sign-up" data-testid="nav-sign-up">{text::SIGN_UP}</a>
                        }.into_any(),
                        SessionState::SignedIn(account) => view! { <ThemeMenu/> <AccountMenu account/> }.into_any(),
                    }}
                </div>
            </div>
        </header>
    }
}

/// The header of a page that stands alone: the name of the API, without links.
#[component]
pub fn PlainHeader() -> impl IntoView {
    view! {
        <header class="header">
            <div class="header-inner header-plain">
                <span class="brand"><Brand/></span>
                <div class="header-end"><ThemeMenu/></div>
            </div>
        </header>
    }
}

#[component]
fn Brand() -> impl IntoView {
    let description = use_description();
    view! { <Logo/> <span class="brand-name">{move || description.name()}</span> }
}

#[component]
fn NavLink(
    href: &'static str,
    testid: &'static str,
    label: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let path = use_location().pathname;
    let is_current =
        move || path.with(|path| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')));
    view! { <a href=href data-testid=testid aria-current=move || is_current().then_some("page")>{label} {children.map(|children| children())}</a> }
}
