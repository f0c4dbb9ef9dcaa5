//! The table of what each role may do.

use super::text::{ROLE, roles as text};
use crate::widget::Abilities;
use gatehouse_shared::api::Ability;
use gatehouse_shared::model::MemberRole;
use leptos::prelude::*;

#[component]
pub fn RoleTable() -> impl IntoView {
    view! {
        <section class="card card-list" aria-labelledby="roles-title">
            <div class="card-head">
                <div>
                    <h2 id="roles-title">{text::TITLE}</h2>
                    <p class="hint">{text::LEAD}</p>
                </div>
            </div>
            <table class="table" data-testid="roles">
                <thead><tr><th scope="col">{ROLE}</th><th scope="col">{text::MAY}</th></tr></thead>
                <tbody>
                    {MemberRole::ALL.into_iter().map(|role| view! {
                        <tr>
                            <td><strong>{role.label()}</strong></td>
                            <td><Abilities sentences=may(role) may=true/></td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </section>
    }
}

/// What a role may do: everything that the role before it may, and more.
fn may(role: MemberRole) -> Vec<String> {
    let before = MemberRole::ALL.into_iter().rev().find(|other| *other < role).map(text::all_of);
    let more = Ability::TABLE.iter().filter(|ability| ability.role == role);
    before.into_iter().chain(more.map(|ability| ability.label.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_may_do_more_than_the_one_before_it() {
        assert_eq!(may(MemberRole::Viewer).first().map(String::as_str), Some("See Projects, Apps, and members"));
        let lines = may(MemberRole::Owner);
        assert_eq!(lines.first().map(String::as_str), Some("Everything that the role Admin may do"));
        assert!(MemberRole::ALL.into_iter().all(|role| may(role).len() > 1));
    }
}
