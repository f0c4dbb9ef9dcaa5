//! Says which role the user has, where the role lets them look and not change.

use crate::state::use_session;
use crate::ui::{Notice, Tone};
use gatehouse_shared::model::{DeveloperAccountId, MemberRole};
use leptos::prelude::*;

/// Names the user's role in a developer account, and the role that takes more.
#[component]
pub fn RoleNote(
    #[prop(into)] of: Signal<DeveloperAccountId>,
    /// The lowest role that may change what is shown.
    #[prop(default = MemberRole::Developer)]
    needed: MemberRole,
) -> impl IntoView {
    let session = use_session();
    move || {
        session.membership(of.get()).map(|known| {
            view! {
                <Notice tone=Tone::Neutral title=text::title(&known.name, known.role) testid="role-note">
                    <p>{text::why(needed)}</p>
                </Notice>
            }
        })
    }
}

mod text {
    use super::MemberRole;

    pub fn title(name: &str, role: MemberRole) -> String {
        format!("Your role in {name} is {}", role.label())
    }

    pub fn why(needed: MemberRole) -> String {
        let who = match needed {
            MemberRole::Owner => "an Owner".to_owned(),
            MemberRole::Admin => "an Admin or Owner".to_owned(),
            _ => format!("a {} or a higher role", needed.label()),
        };
        format!("Only {who} can change this. If you need to, ask an Owner or Admin.")
    }
}
