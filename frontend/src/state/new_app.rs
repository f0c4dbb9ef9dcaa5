//! Keeps an App that a call just created, for the page that shows it next.

use gatehouse_shared::api::AppView;
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

/// The App that was created last, until its page has taken it.
#[derive(Clone, Copy)]
pub struct NewApp(StoredValue<Option<AppView>>);

impl NewApp {
    pub fn provide() {
        provide_context(Self(StoredValue::new(None)));
    }

    /// Keeps a created App for its page.
    pub fn put(self, app: AppView) {
        self.0.set_value(Some(app));
    }

    /// Takes the App with this id, where it is the one that was created last.
    pub fn take(self, id: AppId) -> Option<AppView> {
        self.0.try_update_value(Option::take).flatten().filter(|app| app.id == id)
    }
}

pub fn use_new_app() -> NewApp {
    expect_context()
}
