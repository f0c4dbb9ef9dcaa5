//! The menu of the signed-in account.

use super::menu::{Menu, MenuButton, MenuPanel};
use super::text;
use crate::api::use_client;
use crate::state::{Leaving, Task, use_session};
use crate::ui::{Icon, IconName};
use gatehouse_shared::api::{AccountView, DeveloperAccountSummary};
use gatehouse_shared::model::{ApplicationState, Role};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The menu of the signed-in account.
#[component]
pub fn AccountMenu(account: AccountView) -> impl IntoView {
    let (client, session, task) = (use_client(), use_session(), Task::new());
    let menu = Menu::new("account-menu");
    let (username, initial) = (account.username.clone(), initial(&account.username));
    let (is_settings_operator, operator) = (account.role == Role::Operator, account.operator);
    let leaving: Leaving = expect_context();
    let shown_of_several = move || {
        let shown = session.developer_account().filter(|_| session.developer_accounts().len() > 1);
        shown.map(|developer| developer.name)
    };
    let sign_out = move || {
        task.run(async move {
            client.delete_session().await?;
            session.announce();
            leaving.forget();
            // Load the portal again, so that no data of this account stays in memory for the next user.
            let _ = window().location().set_href("/");
            Ok(())
        });
    };
    view! {
        <MenuButton menu class="button button-quiet account-button" testid="account-menu">
            <span class="avatar" aria-hidden="true">{initial}</span>
            <span class="visually-hidden">{text::ACCOUNT_MENU_OF} " "</span>
            <span class="account-name">
                {username}
                {move || shown_of_several().map(|name| view! { " " <span class="account-developer" data-testid="current-developer-account">{name}</span> })}
            </span>
            <Icon name=IconName::ChevronDown/>
        </MenuButton>
        <MenuPanel menu class="menu">
            <div class="menu-head">
                <p class="menu-name">{account.username}</p>
                {(!account.email.is_empty()).then(|| view! { <p class="hint">{account.email}</p> })}
                {operator.map(|role| view! { <p class="hint">{text::operator(role)}</p> })}
            </div>
            {move || view! { <DeveloperAccounts all=session.developer_accounts() menu/> }}
            {move || session.members_page().map(|href| view! { <a href=href data-testid="nav-members">{text::MEMBERS}</a> })}
            <a href="/account" data-testid="nav-account">{text::ACCOUNT_SETTINGS}</a>
            <a href="/account/apps" data-testid="nav-connected-apps">{text::CONNECTED_APPS}</a>
            {(!is_settings_operator).then(|| view! { <a href="/apply" data-testid="nav-apply">{text::APPLICATION}</a> })}
            <button type="button" data-testid="sign-out" on:click=move |_| leaving.then(sign_out) disabled=move || task.is_pending()>{text::SIGN_OUT}</button>
        </MenuPanel>
    }
}

/// The developer accounts to choose from, where there are several.
#[component]
fn DeveloperAccounts(all: Vec<DeveloperAccountSummary>, menu: Menu) -> impl IntoView {
    if all.len() < 2 {
        return ().into_any();
    }
    let session = use_session();
    let navigate = use_navigate();
    let choices = all.into_iter().map(move |developer| {
        let id = developer.id;
        let is_shown = move || session.developer_account().is_some_and(|shown| shown.id == id);
        let navigate = navigate.clone();
        let choose = move |_| {
            session.choose_developer_account(id);
            menu.close();
            navigate("/dashboard", NavigateOptions::default());
        };
        let role = match developer.application_state {
            ApplicationState::None => text::NOT_APPLIED,
            _ => developer.role.label(),
        };
        view! {
            <button type="button" data-testid=format!("developer-{id}") aria-current=move || is_shown().then_some("true") on:click=choose>
                <span>{developer.name}</span> <span class="hint">{role}</span>
            </button>
        }
    });
    view! { <div class="menu-group" role="group" aria-label=text::DEVELOPER_ACCOUNTS>{choices.collect_view()}</div> }
        .into_any()
}

fn initial(name: &str) -> String {
    name.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default()
}
