//! Makes accounts members of a developer account.

use super::{Client, TestDeployment};
use gatehouse_shared::api::Route;
use serde_json::json;

/// Invites an account by its username; gives the code that it was told.
pub async fn invited(
    stage: &TestDeployment,
    inviting: &Client,
    developer: &str,
    invitee: &Client,
    username: &str,
    role: &str,
) -> String {
    let of_developer = [("developer_account_id", developer)];
    let body = json!({ "username": username, "role": role });
    inviting.post(Route::CreateInvitation, &of_developer, body).await.expect(200);
    stage.world.settle().await;
    let session = invitee.get(Route::FindSession, &[]).await.expect(200);
    let all = session["invitations"].as_array().unwrap();
    let one = all.iter().find(|one| one["developer_account_id"] == developer).expect("an invitation");
    one["invitation_code"].as_str().unwrap().to_owned()
}

/// The same, and they accept.
pub async fn invite(
    stage: &TestDeployment,
    inviting: &Client,
    developer: &str,
    invitee: &Client,
    username: &str,
    role: &str,
) {
    let code = invited(stage, inviting, developer, invitee, username, role).await;
    let params = [("developer_account_id", developer), ("invitation_code", code.as_str())];
    invitee.post(Route::AcceptInvitation, &params, json!({})).await.expect(200);
    stage.world.settle().await;
}
