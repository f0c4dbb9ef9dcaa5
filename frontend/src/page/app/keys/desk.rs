use super::ending::{EndOverlapForm, RevokeForm};
use super::expiry::ExpiryForm;
use super::regenerate::RegenerateForm;
use super::row::row_id;
use super::text;
use crate::layout::focus_heading;
use crate::state::Remote;
use crate::ui::Dialog;
use crate::widget::{CredentialsGone, CredentialsPanel};
use gatehouse_shared::api::{AppView, CredentialKind, CredentialView, IssuedCredentials};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// What one does with a credential.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Regenerate,
    SetExpiry,
    Revoke,
    EndOverlap,
}

/// An App's credentials with the one dialog in which all is done with them.
#[derive(Clone, Copy)]
pub struct Desk {
    pub id: AppId,
    pub app: Memo<AppView>,
    pub remote: Remote<AppView>,
    /// What was just made, until it is put away.
    pub issued: RwSignal<Option<IssuedCredentials>>,
    doing: RwSignal<(Act, CredentialKind)>,
    open: RwSignal<bool>,
}

impl Desk {
    pub fn new(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> Self {
        Self {
            id,
            app,
            remote,
            issued: RwSignal::new(None),
            doing: RwSignal::new((Act::Regenerate, CredentialKind::ApiKey)),
            open: RwSignal::new(false),
        }
    }

    pub fn start(self, act: Act, kind: CredentialKind) {
        self.doing.set((act, kind));
        self.open.set(true);
    }

    pub fn close(self) {
        self.open.set(false);
    }

    /// Shows what was just made, beside what is still shown: nothing of it can be had again.
    pub fn show(self, made: IssuedCredentials) {
        self.issued.update(|shown| *shown = Some(made.beside(shown.take().unwrap_or_default())));
    }

    /// Moves the focus to the credential that was just dealt with: what had it is gone.
    fn focus_row(self) {
        let kind = self.doing.get_untracked().1;
        request_animation_frame(move || {
            let button = document().query_selector(&format!("#{} button", row_id(kind))).ok().flatten();
            match button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                Some(button) => drop(button.focus()),
                None => focus_heading(),
            }
        });
    }

    /// The newest credential of a kind.
    pub fn current(self, kind: CredentialKind) -> Option<CredentialView> {
        self.find(kind, true)
    }

    /// The one before it, while it still works.
    pub fn previous(self, kind: CredentialKind) -> Option<CredentialView> {
        self.find(kind, false)
    }

    fn find(self, kind: CredentialKind, is_current: bool) -> Option<CredentialView> {
        self.app.with(|app| app.credentials.iter().find(|c| c.kind == kind && c.is_current() == is_current).cloned())
    }
}

#[component]
pub fn CredentialDialog(desk: Desk) -> impl IntoView {
    let title = Signal::derive(move || {
        let (act, kind) = desk.doing.get();
        let label = kind.label();
        match act {
            Act::Regenerate if desk.current(kind).is_none() => format!("Generate {label}"),
            Act::Regenerate => format!("Regenerate {label}?"),
            Act::SetExpiry => text::expiry::title(label),
            Act::Revoke => format!("Revoke {label}?"),
            Act::EndOverlap => text::overlap::TITLE.to_owned(),
        }
    });
    view! {
        <Dialog open=desk.open id="credential-dialog" title>
            {move || {
                let (act, kind) = desk.doing.get_untracked();
                match act {
                    Act::Regenerate => view! { <RegenerateForm desk kind/> }.into_any(),
                    Act::SetExpiry => view! { <ExpiryForm desk kind/> }.into_any(),
                    Act::Revoke => view! { <RevokeForm desk kind/> }.into_any(),
                    Act::EndOverlap => view! { <EndOverlapForm desk kind/> }.into_any(),
                }
            }}
        </Dialog>
    }
}

/// What was just made, the one time that it is shown.
#[component]
pub fn IssuedPanel(desk: Desk) -> impl IntoView {
    let is_put_away = StoredValue::new(true);
    // Anew for each that is made.
    move || {
        if desk.issued.with(Option::is_some) {
            is_put_away.set_value(false);
            let app = desk.app.get_untracked();
            let done = Callback::new(move |()| {
                is_put_away.set_value(true);
                desk.issued.set(None);
                desk.focus_row();
            });
            view! {
                <CredentialsPanel issued=desk.issued app_name=app.settings.name app_id=app.id.to_string()
                    in_project=app.project.is_some() done="Done" on_done=done/>
            }
            .into_any()
        } else if is_put_away.get_value() {
            ().into_any()
        } else {
            view! { <CredentialsGone keys=format!("/apps/{}/keys", desk.id)/> }.into_any()
        }
    }
}
