use crate::api::use_client;
use crate::state::{SessionState, Task, Theme, effect, use_description, use_session};
use crate::ui::{Icon, IconName, Logo};
use gatehouse_shared::api::AccountView;
use gatehouse_shared::model::Role;
use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

/// The bar on top: where one is, where one can go, and who one is.
#[component]
pub fn Header() -> impl IntoView {
    let session = use_session();
    let description = use_description();
    view! {
        <header class="header">
            <div class="header-inner">
                <a class="brand" href="/">
                    <Logo/>
                    <span class="brand-name">{move || description.name()}</span>
                </a>
                <nav class="header-nav" aria-label="Main">
                    <ul>
                        {move || session.account().map(|_| view! {
                            <li><NavLink href="/dashboard" testid="nav-dashboard" label="Dashboard"/></li>
                        })}
                        <li><NavLink href="/docs" testid="nav-docs" label="Docs"/></li>
                        {move || session.is_operator().then(|| view! {
                            <li><NavLink href="/office" testid="nav-office" label="Review desk"/></li>
                        })}
                    </ul>
                </nav>
                <div class="header-end">
                    {move || match session.state() {
                        SessionState::Unknown => view! { <span class="skeleton header-skeleton" aria-hidden="true"></span> }.into_any(),
                        SessionState::SignedOut => view! {
                            <ThemeButton/>
                            <a class="button button-quiet" href="/sign-in" data-testid="nav-sign-in">"Sign in"</a>
                            <a class="button button-primary header-sign-up" href="/sign-up" data-testid="nav-sign-up">"Sign up"</a>
                        }.into_any(),
                        SessionState::SignedIn(account) => view! { <ThemeButton/> <AccountMenu account/> }.into_any(),
                    }}
                </div>
            </div>
        </header>
    }
}

/// The bar over a page that stands by itself: whose it is, and nothing that leads away.
#[component]
pub fn PlainHeader() -> impl IntoView {
    let description = use_description();
    view! {
        <header class="header">
            <div class="header-inner header-plain">
                <span class="brand">
                    <Logo/>
                    <span class="brand-name">{move || description.name()}</span>
                </span>
                <div class="header-end"><ThemeButton/></div>
            </div>
        </header>
    }
}

#[component]
fn NavLink(href: &'static str, testid: &'static str, label: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    let is_current =
        move || path.with(|path| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')));
    view! { <a href=href data-testid=testid aria-current=move || is_current().then_some("page")>{label}</a> }
}

/// Goes through the themes: as the system, light, dark.
#[component]
fn ThemeButton() -> impl IntoView {
    let theme = RwSignal::new(Theme::stored());
    let next = move |_| {
        let at = Theme::ALL.iter().position(|known| *known == theme.get_untracked()).unwrap_or(0);
        let chosen = Theme::ALL[(at + 1) % Theme::ALL.len()];
        chosen.choose();
        theme.set(chosen);
    };
    view! {
        <button type="button" class="button button-quiet theme-toggle" data-testid="theme-toggle" data-theme-choice=move || theme.get().as_str()
            aria-label=move || format!("Theme: {}. Change it", theme.get().label()) title=move || format!("Theme: {}", theme.get().label())
            on:click=next>
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                {move || match theme.get() {
                    Theme::System => view! { <path d="M1.8 3h12.4v8H1.8zM5.5 13.5h5"></path> }.into_any(),
                    Theme::Light => view! { <path d="M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.4M8 13.6V15M1 8h1.4M13.6 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"></path> }.into_any(),
                    Theme::Dark => view! { <path d="M13.6 9.800A6 6 0 0 1 6.2 2.400a6 6 0 1 0 7.400 7.400Z"></path> }.into_any(),
                }}
            </svg>
        </button>
    }
}

#[component]
fn AccountMenu(account: AccountView) -> impl IntoView {
    let client = use_client();
    let task = Task::new();
    let menu: NodeRef<html::Div> = NodeRef::new();
    let expanded = RwSignal::new(false);
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            // Fails only where the menu is closed already.
            let _ = menu.hide_popover();
        }
    };
    let path = use_location().pathname;
    effect(move || {
        path.track();
        close();
    });
    let sign_out = move |_| {
        task.run(async move {
            client.delete_session().await?;
            // A new start, so that nothing of this account stays in memory for whoever signs in next.
            let _ = window().location().set_href("/");
            Ok(())
        });
    };
    view! {
        <button type="button" class="button button-quiet account-button" data-testid="account-menu" popovertarget="account-menu"
            aria-expanded=move || expanded.get().to_string()>
            <span class="avatar" aria-hidden="true">{initial(&account.username)}</span>
            <span class="visually-hidden">"Account menu of "</span>
            <span class="account-name">{account.username.clone()}</span>
            <Icon name=IconName::ChevronDown/>
        </button>
        <div id="account-menu" class="menu" popover="auto" node_ref=menu on:toggle=move |_| {
            expanded.set(menu.get_untracked().is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false)));
        }>
            <div class="menu-head">
                <p class="menu-name">{account.username.clone()}</p>
                <p class="hint">{account.email.clone()}</p>
                {(account.role == Role::Operator).then(|| view! { <p class="hint">"Operator"</p> })}
            </div>
            <a href="/account" data-testid="nav-account">"Account settings"</a>
            <a href="/account/apps" data-testid="nav-connected-apps">"Connected Apps"</a>
            <a href="/apply" data-testid="nav-apply">"Developer application"</a>
            <button type="button" data-testid="sign-out" on:click=sign_out disabled=move || task.is_pending()>"Sign out"</button>
        </div>
    }
}

fn initial(name: &str) -> String {
    name.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default()
}
