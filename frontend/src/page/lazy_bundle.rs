//! Fetches a bundle of pages on demand.

use super::route::PageRoute;
use super::text;
use crate::layout::{Heading, Page};
use crate::ui::{CardSkeleton, Notice, Tone};
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use std::{future::Future, pin::Pin};
use wasm_bindgen_futures::spawn_local;

/// Makes the page of a route.
pub type MakePage = fn(PageRoute) -> AnyView;

/// A bundle of pages. The program fetches it when the user first needs one of its pages.
#[derive(Clone, Copy)]
pub struct LazyBundle {
    fetch: fn() -> Fetch,
    stage: RwSignal<Stage>,
}

/// Returns a function, not a page. The page is made where it is shown, so that it belongs to its surroundings.
pub type Fetch = Pin<Box<dyn Future<Output = Result<MakePage, SplitLoaderError>>>>;

#[derive(Clone, Copy)]
enum Stage {
    Absent,
    Coming,
    Here(MakePage),
    Failed,
}

impl LazyBundle {
    pub fn new(fetch: fn() -> Fetch) -> Self {
        Self { fetch, stage: RwSignal::new(Stage::Absent) }
    }

    /// Starts to fetch the bundle, unless it is loaded or loading.
    pub fn request(self) {
        if matches!(self.stage.get_untracked(), Stage::Coming | Stage::Here(_)) {
            return;
        }
        self.stage.set(Stage::Coming);
        spawn_local(async move {
            // The loader has written the error to the console.
            let stage = (self.fetch)().await.map_or(Stage::Failed, Stage::Here);
            self.stage.set(stage);
        });
    }
}

/// Shows a page of the bundle once the bundle is loaded.
#[component]
pub fn BundlePage(bundle: LazyBundle, route: PageRoute) -> impl IntoView {
    bundle.request();
    move || match bundle.stage.get() {
        Stage::Here(make_page) => make_page(route),
        Stage::Failed => view! { <NotLoaded/> }.into_any(),
        Stage::Absent | Stage::Coming => view! { <div class="page" aria-busy="true"><CardSkeleton/></div> }.into_any(),
    }
}

/// Shows that a bundle did not load. A deploy removes the files of the previous version, so an older page finds none.
#[component]
fn NotLoaded() -> impl IntoView {
    let reload = move |_| {
        // Fails only in a document that is not active.
        let _ = window().location().reload();
    };
    view! {
        <Page name="not-loaded" title=text::NOT_LOADED>
            <Heading title=text::NOT_LOADED/>
            <div role="alert">
                <Notice tone=Tone::Danger>
                    <p>{text::NOT_LOADED_WHY}</p>
                    <p><button type="button" class="button" data-testid="reload" on:click=reload>{text::RELOAD}</button></p>
                </Notice>
            </div>
        </Page>
    }
}
