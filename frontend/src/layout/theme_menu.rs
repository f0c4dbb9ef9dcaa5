//! The menu that chooses the theme.

use super::menu::{Menu, MenuButton, MenuPanel};
use super::text;
use crate::state::Theme;
use leptos::prelude::*;

/// Chooses the theme: system, light or dark.
#[component]
pub fn ThemeMenu() -> impl IntoView {
    let theme = RwSignal::new(Theme::stored());
    let menu = Menu::new("theme-menu");
    view! {
        <MenuButton menu class="button button-quiet theme-toggle" testid="theme-toggle">
            {move || icon(theme.get())}
            <span class="visually-hidden">{move || format!("{}: {}", text::THEME, theme.get().label())}</span>
        </MenuButton>
        <MenuPanel menu class="menu menu-small">
            {Theme::ALL.map(|choice| {
                let choose = move |_| {
                    choice.choose();
                    theme.set(choice);
                    menu.close();
                };
                view! {
                    <button type="button" data-theme-choice=choice.as_str() aria-pressed=move || (theme.get() == choice).to_string() on:click=choose>
                        {icon(choice)} {choice.label()}
                    </button>
                }
            }).collect_view()}
        </MenuPanel>
    }
}

fn icon(theme: Theme) -> impl IntoView {
    let path = match theme {
        Theme::System => "M1.8 3h12.4v8H1.8zM5.5 13.5h5",
        Theme::Light => {
            "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.4M8 13.6V15M1 8h1.4M13.6 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"
        }
        Theme::Dark => "M13.6 9.8A6 6 0 0 1 6.2 2.4a6 6 0 1 0 7.4 7.4Z",
    };
    view! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=path></path></svg> }
}
