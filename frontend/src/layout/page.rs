//! The root and the heading of every page.

use super::scroll::{kept_scroll, scroll_to};
use super::text;
use crate::state::{use_description, use_session};
use crate::ui::effect;
use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

/// How many pages were shown before this page. On the first, the browser places the focus.
#[derive(Clone, Copy)]
pub(super) struct PageCount(pub StoredValue<u32>);

/// The title of the present page, for the announcer.
#[derive(Clone, Copy)]
pub(super) struct Announced(pub RwSignal<String>);

/// Whether the page has its scroll position and its focus.
#[derive(Clone, Copy, PartialEq)]
enum Placed {
    Not,
    /// Placed before its data was loaded.
    Empty,
    WithData,
}

/// The root of every page: names it for tests, sets the title of the window, and takes the focus after a navigation.
#[component]
pub fn Page(
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    /// Whether its data is loaded.
    #[prop(default = true.into(), into)]
    ready: Signal<bool>,
    /// As narrow as a form.
    #[prop(optional)]
    narrow: bool,
    children: Children,
) -> impl IntoView {
    let (description, session) = (use_description(), use_session());
    let PageCount(count) = expect_context();
    let Announced(announced) = expect_context();
    let root: NodeRef<html::Div> = NodeRef::new();
    let hash = use_location().hash;
    let is_first = count.get_value() == 0;
    count.update_value(|count| *count += 1);

    Effect::new(move |before: Option<String>| {
        // A hidden page has no title, since its title may contain the name of an App.
        let title = if session.is_ended() { String::new() } else { title.get() };
        document().set_title(&match description.name() {
            name if name == title || title.is_empty() => name,
            name => format!("{title} · {name}"),
        });
        // A screen reader reads a new page from its heading, which has the focus. A tab of the same page is announced.
        match before {
            None => announced.set(String::new()),
            Some(before) if !before.is_empty() && before != title => announced.set(title.clone()),
            Some(_) => {}
        }
        title
    });
    let placed = StoredValue::new(Placed::Not);
    effect(move || {
        let is_ready = ready.get();
        let before = placed.get_value();
        if root.get().is_none() || before == Placed::WithData {
            return;
        }
        placed.set_value(if is_ready { Placed::WithData } else { Placed::Empty });
        let target = hash.get_untracked().trim_start_matches('#').to_owned();
        request_animation_frame(move || {
            let kept = kept_scroll();
            if let Some(element) = document().get_element_by_id(&target).filter(|_| kept.is_none()) {
                element.scroll_into_view();
                placed.try_set_value(Placed::WithData);
                return focus(Some(element), true);
            }
            // The page can scroll to its old position only once its data has made it long enough.
            if let Some(kept) = kept {
                scroll_to(kept);
            }
            if before == Placed::Not && !(is_first && target.is_empty()) {
                if kept.is_none() {
                    scroll_to(0.0);
                }
                let heading = root.try_get_untracked().flatten();
                focus(heading.and_then(|root| root.query_selector("h1").ok().flatten()), true);
            }
        });
    });
    view! {
        <div class="page" class:page-narrow=narrow node_ref=root data-page=name data-ready=move || ready.get().then_some("true")>
            {children()}
        </div>
    }
}

/// Moves the focus to the heading of the page. Use it if the element with the focus is gone.
pub fn focus_heading() {
    // After a closing dialog has given the focus back.
    request_animation_frame(|| focus(document().query_selector(".page h1").ok().flatten(), false));
}

/// `stay` keeps the page scrolled as it is.
fn focus(element: Option<web_sys::Element>, stay: bool) {
    use wasm_bindgen::JsCast;
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(stay);
        let _ = element.focus_with_options(&options);
    }
}

/// The `h1` of the page, with a line below and actions beside it. An empty title is still loading.
#[component]
pub fn Heading(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] lead: Option<Signal<String>>,
    /// The label and address of each page above this page, the uppermost first.
    #[prop(optional, into)]
    parents: Option<Signal<Vec<(String, String)>>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="heading">
            <div class="heading-text">
                {parents.map(|parents| view! {
                    <nav class="crumbs" aria-label=text::BREADCRUMB>
                        <ol>
                            {move || parents.get().into_iter().map(|(label, href)| view! { <li><a href=href>{label}</a></li> }).collect_view()}
                            <li aria-current="page">{title}</li>
                        </ol>
                    </nav>
                })}
                <h1 tabindex="-1">{move || match title.get() {
                    title if title.is_empty() => view! {
                        <span class="skeleton heading-skeleton"></span><span class="visually-hidden">{text::LOADING}</span>
                    }.into_any(),
                    title => title.into_any(),
                }}</h1>
                {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="heading-actions">{children()}</div> })}
        </div>
    }
}
