//! One table of what members may do, in words. The portal shows it; a test compares it with the table of routes.

use super::Route;
use crate::model::MemberRole;

/// Something that members of a developer account may do.
#[derive(Debug, Clone, Copy)]
pub struct Ability {
    /// Verb first, for the table of the portal.
    pub label: &'static str,
    /// The lowest role that may do it.
    pub role: MemberRole,
    /// The routes that do it. Empty where an operation takes more than its route does.
    pub routes: &'static [Route],
}

impl Ability {
    /// All abilities, those of the lowest role first.
    pub const TABLE: &[Self] = &[
        Self {
            label: "See Projects, Apps, and members",
            role: MemberRole::Viewer,
            routes: &[
                Route::FindDashboard,
                Route::FindProject,
                Route::FindApp,
                Route::ListMembers,
                Route::FindApplication,
                Route::FindAppUsers,
            ],
        },
        Self {
            label: "See usage, refused requests, and activity",
            role: MemberRole::Viewer,
            routes: &[
                Route::FindAppUsage,
                Route::FindProjectUsage,
                Route::ListRefusals,
                Route::ListAppActivity,
                Route::ListDeveloperActivity,
            ],
        },
        // The same route removes somebody else.
        Self { label: "Leave the developer account", role: MemberRole::Viewer, routes: &[Route::RemoveMember] },
        Self {
            label: "Create and change Projects and Apps",
            role: MemberRole::Developer,
            routes: &[
                Route::CreateProject,
                Route::UpdateProject,
                Route::CreateApp,
                Route::UpdateApp,
                Route::AttachApp,
                Route::DetachApp,
            ],
        },
        Self {
            label: "Generate, regenerate, and revoke credentials",
            role: MemberRole::Developer,
            routes: &[
                Route::RegenerateCredential,
                Route::UpdateCredential,
                Route::RevokeCredential,
                Route::RevokePreviousCredential,
            ],
        },
        Self {
            label: "Delete Projects and Apps",
            role: MemberRole::Admin,
            routes: &[Route::DeleteProject, Route::DeleteApp],
        },
        Self {
            label: "Transfer Projects and Apps to another developer account, and accept what others offer",
            role: MemberRole::Admin,
            routes: &[
                Route::OfferApp,
                Route::WithdrawApp,
                Route::OfferProject,
                Route::WithdrawProject,
                Route::AcceptTransfer,
                Route::DeclineTransfer,
            ],
        },
        Self {
            label: "Invite and remove members, and change their roles",
            role: MemberRole::Admin,
            routes: &[Route::UpdateMember, Route::CreateInvitation, Route::RevokeInvitation],
        },
        Self { label: "Make, change, and remove Owners", role: MemberRole::Owner, routes: &[] },
        Self {
            label: "Submit the developer application",
            role: MemberRole::Owner,
            routes: &[Route::SubmitApplication],
        },
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_members_is_one_ability_of_the_role_that_it_takes() {
        for endpoint in Route::TABLE {
            let holders = Ability::TABLE.iter().filter(|ability| ability.routes.contains(&endpoint.route));
            let roles: Vec<MemberRole> = holders.map(|ability| ability.role).collect();
            let wanted: Vec<MemberRole> = endpoint.access.member_role().into_iter().collect();
            assert_eq!(roles, wanted, "{}", endpoint.operation);
        }
    }

    #[test]
    fn the_abilities_of_a_lower_role_come_first() {
        assert!(Ability::TABLE.is_sorted_by_key(|ability| ability.role));
    }
}
