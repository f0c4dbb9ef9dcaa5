//! Members of a developer account, made over the API.

use crate::Client;
use gatehouse_shared::api::Route;
use serde_json::json;

impl Client {
    /// Invites whoever has the link to the account's own developer account. Gives the code.
    #[track_caller]
    pub fn invite_by_link(&self, role: &str) -> String {
        let created = self.post(Route::CreateInvitation, &[], json!({ "role": role })).expect(200);
        created["invitation_code"].as_str().expect("a code").to_owned()
    }

    #[track_caller]
    pub fn invite(&self, username: &str, role: &str) {
        self.post(Route::CreateInvitation, &[], json!({ "username": username, "role": role })).expect(200);
    }

    /// Makes another account a member of the account's own developer account.
    #[track_caller]
    pub fn add_member(&self, member: &Self, role: &str) {
        let (developer, code) = (self.own_developer_account(), self.invite_by_link(role));
        let params = [("developer_account_id", developer.as_str()), ("invitation_code", code.as_str())];
        member.call(Route::AcceptInvitation, &params, None).expect(200);
    }

    /// Gives a member of the account's own developer account another role.
    #[track_caller]
    pub fn change_role(&self, member: &Self, role: &str) {
        let account = member.account_id();
        self.post(Route::UpdateMember, &[("account_id", &account)], json!({ "role": role })).expect(200);
    }

    #[track_caller]
    pub fn remove_member(&self, member: &Self) {
        let account = member.account_id();
        self.call(Route::RemoveMember, &[("account_id", &account)], None).expect(200);
    }
}
