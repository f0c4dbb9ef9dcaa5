//! Saves the edited settings of an App, and follows what others save meanwhile.

use crate::api::{Failure, use_client};
use crate::form::{FormState, Submit, submit};
use crate::state::{Remote, use_description};
use crate::ui::{effect, use_toasts};
use gatehouse_shared::api::{AppView, UpdateAppRequest};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

/// Saves the settings of a form: only the edited fields, and only if nobody else has saved since. If somebody has, the
/// form shows their values, keeps the input, and says so.
#[derive(Clone, Copy)]
pub struct Saving {
    pub id: AppId,
    pub app: Memo<AppView>,
    pub remote: Remote<AppView>,
    /// The values of an App in the fields of the form, by field name.
    pub shown: fn(&AppView) -> Vec<(&'static str, String)>,
    /// The message after saving.
    pub done: &'static str,
}

impl Saving {
    /// The form whose fields make `request`. The rules apply only to edited fields, because an older setting may follow
    /// older rules.
    pub fn form(self, request: impl Fn() -> UpdateAppRequest + Clone + Send + Sync + 'static) -> (FormState, Submit) {
        let Self { id, app, remote, shown, done } = self;
        let (client, toasts, description) = (use_client(), use_toasts(), use_description());
        let changes = move || {
            let rules = description.rules();
            app.with(|app| {
                // Compare again after the rules, which trim the input.
                let checked = request().only_changes(app).check(&rules);
                checked.map(|request| request.only_changes(app))
            })
        };
        let state = FormState::new(changes.clone());
        effect(move || app.with(|app| state.follow(&shown(app))));
        let send = submit(move || {
            let changes = untrack(&changes);
            async move {
                match client.update_app(id, &changes.map_err(Failure::Invalid)?).await {
                    Ok(app) => {
                        state.restart(&shown(&app));
                        remote.set(app);
                        toasts.success(done);
                        Ok(())
                    }
                    Err(failure) => {
                        if failure.is_changed_meanwhile() {
                            remote.set(client.find_app(id).await?);
                        }
                        Err(failure)
                    }
                }
            }
        });
        (state, send)
    }
}
