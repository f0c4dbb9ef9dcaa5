//! Keeps the state of the dialog in which the developer changes the credentials of an App.

use crate::layout::focus_heading;
use crate::state::{Remote, Session, use_session};
use gatehouse_shared::api::{AppView, CredentialKind, CredentialView, IssuedCredentials};
use gatehouse_shared::model::{AppId, MemberRole};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// What the developer does with a credential in the dialog.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CredentialAction {
    Regenerate,
    SetExpiry,
    Revoke,
    EndOverlap,
}

/// The credentials of an App, and the state of the dialog in which the developer changes them.
#[derive(Clone, Copy)]
pub struct CredentialDialog {
    pub id: AppId,
    pub app: Memo<AppView>,
    pub remote: Remote<AppView>,
    /// New credentials, until the developer confirms that they are saved.
    pub issued: RwSignal<Option<IssuedCredentials>>,
    /// The action that the dialog is about, and the credential.
    pub(super) subject: RwSignal<(CredentialAction, CredentialKind)>,
    pub(super) is_open: RwSignal<bool>,
    session: Session,
}

impl CredentialDialog {
    pub fn new(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> Self {
        Self {
            id,
            app,
            remote,
            issued: RwSignal::new(None),
            subject: RwSignal::new((CredentialAction::Regenerate, CredentialKind::ApiKey)),
            is_open: RwSignal::new(false),
            session: use_session(),
        }
    }

    /// Whether the user may generate and revoke credentials of the App.
    pub fn may_change(self) -> bool {
        self.app.with(|app| self.session.has_role(app.developer_account_id, MemberRole::Developer))
    }

    /// Opens the dialog for an action on a credential.
    pub fn open(self, action: CredentialAction, kind: CredentialKind) {
        self.subject.set((action, kind));
        self.is_open.set(true);
    }

    /// Closes the dialog.
    pub fn close(self) {
        self.is_open.set(false);
    }

    /// Shows new credentials beside those that are still shown. Their values cannot be read again.
    pub fn show(self, made: IssuedCredentials) {
        self.issued.update(|shown| *shown = Some(made.beside(shown.take().unwrap_or_default())));
    }

    /// Moves the focus to the row of the credential, since the element that had the focus is gone.
    pub fn focus_row(self) {
        let kind = self.subject.get_untracked().1;
        request_animation_frame(move || {
            let button = document().query_selector(&format!("#{} button", row_id(kind))).ok().flatten();
            match button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                Some(button) => drop(button.focus()),
                None => focus_heading(),
            }
        });
    }

    /// The current credential of a kind.
    pub fn current(self, kind: CredentialKind) -> Option<CredentialView> {
        self.find(kind, true)
    }

    /// The previous credential of a kind, while it still works.
    pub fn previous(self, kind: CredentialKind) -> Option<CredentialView> {
        self.find(kind, false)
    }

    fn find(self, kind: CredentialKind, is_current: bool) -> Option<CredentialView> {
        self.app.with(|app| app.credentials.iter().find(|c| c.kind == kind && c.is_current() == is_current).cloned())
    }
}

/// The id of the row of a credential on the page.
pub fn row_id(kind: CredentialKind) -> String {
    format!("credential-{}", kind.as_str())
}
