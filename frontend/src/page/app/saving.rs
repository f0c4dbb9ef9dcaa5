use crate::api::{Failure, use_client};
use crate::form::{FormState, Submit, submit};
use crate::state::{Remote, effect, use_toasts};
use gatehouse_shared::api::{AppView, UpdateAppRequest};
use gatehouse_shared::model::AppId;
use gatehouse_shared::problem::FieldError;
use leptos::prelude::*;

/// How a form with some of an App's settings saves them: only what was edited, and only where nobody else has saved
/// since. Where somebody has, the form takes that in, keeps what was typed, and says so.
#[derive(Clone, Copy)]
pub struct Saving {
    pub id: AppId,
    pub app: Memo<AppView>,
    pub remote: Remote<AppView>,
    pub state: FormState,
    /// What the form's fields show of an App, by their names.
    pub shown: fn(&AppView) -> Vec<(&'static str, String)>,
    /// What is said once it is saved.
    pub done: &'static str,
}

impl Saving {
    pub fn submit(
        self,
        request: impl Fn() -> Result<UpdateAppRequest, Vec<FieldError>> + Clone + Send + Sync + 'static,
    ) -> Submit {
        let Self { id, app, remote, state, shown, done } = self;
        let (client, toasts) = (use_client(), use_toasts());
        effect(move || app.with(|app| state.follow(&shown(app))));
        submit(move || {
            let request = untrack(&request);
            async move {
                let request = app.with_untracked(|app| request.map(|request| request.only_changes(app)));
                match client.update_app(id, &request.map_err(Failure::Invalid)?).await {
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
        })
    }
}
