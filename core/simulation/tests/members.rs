//! Members of a developer account: how they come, what their role changes, and how they go.

use crate::support::{Client, PASSWORD, TestDeployment, application, invite, invited};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_domain::ports::ObjectName;
use gatehouse_shared::api::Route;
use gatehouse_simulation::Fault;
use serde_json::{Value, json};

const DAY: u64 = 24 * 3600;

/// An approved developer with an App, and somebody else.
struct Stage {
    stage: TestDeployment,
    alice: Client,
    developer: String,
    app: String,
    bob: Client,
}

impl Stage {
    async fn new(seed: u64) -> Self {
        let stage = TestDeployment::new(seed);
        let alice = stage.developer("alice").await;
        let developer = alice.own_developer_account().await;
        let (app, _) = alice.create_app("Weather").await;
        let bob = stage.unapproved("bob").await;
        Self { stage, alice, developer, app, bob }
    }

    fn of(&self) -> [(&str, &str); 1] {
        [("developer_account_id", self.developer.as_str())]
    }

    fn of_code<'a>(&'a self, code: &'a str) -> [(&'a str, &'a str); 2] {
        [("developer_account_id", self.developer.as_str()), ("invitation_code", code)]
    }

    async fn invite_bob(&self, role: &str) {
        invite(&self.stage, &self.alice, &self.developer, &self.bob, "bob", role).await;
    }

    async fn link(&self, role: &str) -> String {
        let made = self.alice.post(Route::CreateInvitation, &self.of(), json!({ "role": role })).await.expect(200);
        made["invitation_code"].as_str().unwrap().to_owned()
    }

    async fn members(&self) -> Vec<(String, String)> {
        let list = self.alice.get(Route::ListMembers, &self.of()).await.expect(200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        list["members"].as_array().unwrap().iter().map(|one| (text(&one["username"]), text(&one["role"]))).collect()
    }

    async fn set_role(&self, by: &Client, of: &Client, role: &str) -> crate::support::Reply {
        let account = of.account_id().await;
        let params = [("developer_account_id", self.developer.as_str()), ("account_id", account.as_str())];
        by.call(Route::UpdateMember, &params, Some(json!({ "role": role }))).await
    }

    async fn remove(&self, by: &Client, of: &Client) -> crate::support::Reply {
        let account = of.account_id().await;
        let params = [("developer_account_id", self.developer.as_str()), ("account_id", account.as_str())];
        by.call(Route::RemoveMember, &params, None).await
    }
}

#[test]
fn two_people_share_an_app_as_their_roles_say_and_lowering_and_removal_hold_at_once() {
    block_on(async {
        let stage = Stage::new(1).await;
        let app = [("app_id", stage.app.as_str())];
        stage.bob.get(Route::FindApp, &app).await.refused(404, "not-found");
        stage.invite_bob("developer").await;
        let pair = |name: &str, role: &str| (name.to_owned(), role.to_owned());
        assert_eq!(stage.members().await, [pair("alice", "owner"), pair("bob", "developer")]);
        let session = stage.bob.get(Route::FindSession, &[]).await.expect(200);
        assert_eq!(session["invitations"], json!([]));
        assert_eq!(session["developer_accounts"].as_array().unwrap().len(), 2);
        let change = json!({ "description": "Changed by bob" });
        stage.bob.call(Route::UpdateApp, &app, Some(change.clone())).await.expect(200);
        assert_eq!(
            stage.alice.get(Route::FindApp, &app).await.expect(200)["settings"]["description"],
            "Changed by bob"
        );
        // Without a wait, although nothing was told to bob's Account yet.
        stage.set_role(&stage.alice, &stage.bob, "viewer").await.expect(200);
        stage.bob.call(Route::UpdateApp, &app, Some(change)).await.refused(403, "role-too-low");
        let seen = stage.bob.get(Route::ListMembers, &stage.of()).await.expect(200);
        assert_eq!(seen["invitations"], json!([]));
        stage.remove(&stage.alice, &stage.bob).await.expect(200);
        stage.bob.get(Route::FindApp, &app).await.refused(404, "not-found");
        stage.bob.get(Route::FindDashboard, &stage.of()).await.refused(404, "not-found");
        stage.stage.world.settle().await;
        let session = stage.bob.get(Route::FindSession, &[]).await.expect(200);
        assert_eq!(session["developer_accounts"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn nobody_gives_or_takes_more_than_they_have_and_the_last_owner_stays() {
    block_on(async {
        let stage = Stage::new(2).await;
        stage.invite_bob("admin").await;
        let owner = json!({ "role": "owner" });
        stage.bob.post(Route::CreateInvitation, &stage.of(), owner).await.refused(403, "role-too-low");
        stage.set_role(&stage.bob, &stage.bob, "owner").await.refused(403, "role-too-low");
        stage.set_role(&stage.bob, &stage.alice, "viewer").await.refused(403, "role-too-low");
        stage.remove(&stage.bob, &stage.alice).await.refused(403, "role-too-low");
        stage.set_role(&stage.alice, &stage.alice, "admin").await.refused(409, "conflict");
        stage.remove(&stage.alice, &stage.alice).await.refused(409, "conflict");
        stage.set_role(&stage.alice, &stage.bob, "owner").await.expect(200);
        stage.set_role(&stage.bob, &stage.alice, "viewer").await.expect(200);
        stage.remove(&stage.bob, &stage.bob).await.refused(409, "conflict");
        stage.remove(&stage.alice, &stage.alice).await.expect(200);
        stage.stage.world.settle().await;
        let session = stage.alice.get(Route::FindSession, &[]).await.expect(200);
        let own = session["developer_accounts"].as_array().unwrap();
        assert_eq!((own.len(), &own[0]["application_state"]), (1, &json!("none")), "{session}");
        // Who left the developer account that they applied for may apply for another one.
        let params = [("developer_account_id", own[0]["id"].as_str().unwrap())];
        stage.alice.post(Route::SubmitApplication, &params, application()).await.expect(200);
        assert_ne!(own[0]["id"], json!(stage.developer));
        stage.stage.operator().await.decide(&stage.alice, "approve").await.expect(200);
    });
}

#[test]
fn an_invitation_is_for_whom_it_was_made_and_ends_once_it_is_answered_taken_back_or_over() {
    block_on(async {
        let stage = Stage::new(3).await;
        let carol = stage.stage.unapproved("carol").await;
        let again = || invited(&stage.stage, &stage.alice, &stage.developer, &stage.bob, "bob", "viewer");
        let code = again().await;
        let shown = stage.bob.get(Route::FindInvitation, &stage.of_code(&code)).await.expect(200);
        assert_eq!((&shown["invited_by"], &shown["role"]), (&json!("alice"), &json!("viewer")));
        carol.get(Route::FindInvitation, &stage.of_code(&code)).await.refused(404, "not-found");
        carol.post(Route::AcceptInvitation, &stage.of_code(&code), json!({})).await.refused(404, "not-found");
        // A newer one replaces it.
        let newer = again().await;
        stage.bob.post(Route::AcceptInvitation, &stage.of_code(&code), json!({})).await.refused(404, "not-found");
        stage.bob.call(Route::DeclineInvitation, &stage.of_code(&newer), None).await.expect(200);
        stage.bob.post(Route::AcceptInvitation, &stage.of_code(&newer), json!({})).await.refused(404, "not-found");
        // One that was taken back.
        let code = again().await;
        let list = stage.alice.get(Route::ListMembers, &stage.of()).await.expect(200);
        let id = list["invitations"][0]["id"].as_str().unwrap();
        let params = [("developer_account_id", stage.developer.as_str()), ("invitation_id", id)];
        stage.alice.call(Route::RevokeInvitation, &params, None).await.expect(200);
        stage.bob.post(Route::AcceptInvitation, &stage.of_code(&code), json!({})).await.refused(404, "not-found");
        stage.stage.world.settle().await;
        assert_eq!(stage.bob.get(Route::FindSession, &[]).await.expect(200)["invitations"], json!([]));
        // And one that is over.
        let code = again().await;
        stage.stage.world.advance_seconds(7 * DAY);
        stage.bob.post(Route::AcceptInvitation, &stage.of_code(&code), json!({})).await.refused(404, "not-found");
        assert_eq!(stage.bob.get(Route::FindSession, &[]).await.expect(200)["invitations"], json!([]));
        assert_eq!(stage.members().await.len(), 1);
    });
}

#[test]
fn an_invitation_ends_with_the_role_of_whoever_invited() {
    block_on(async {
        let stage = Stage::new(4).await;
        stage.invite_bob("admin").await;
        let made = stage.bob.post(Route::CreateInvitation, &stage.of(), json!({ "role": "viewer" })).await.expect(200);
        let code = made["invitation_code"].as_str().unwrap();
        stage.set_role(&stage.alice, &stage.bob, "developer").await.expect(200);
        let carol = stage.stage.unapproved("carol").await;
        carol.post(Route::AcceptInvitation, &stage.of_code(code), json!({})).await.refused(404, "not-found");
    });
}

/// A newer invitation replaces an older one only where its inviter may take the older one back.
#[test]
fn an_admin_replaces_no_invitation_of_an_owner() {
    block_on(async {
        let stage = Stage::new(10).await;
        let carol = stage.stage.unapproved("carol").await;
        stage.invite_bob("admin").await;
        let invite = async |by: &Client, role: &str| {
            let body = json!({ "username": "carol", "role": role });
            by.post(Route::CreateInvitation, &stage.of(), body).await
        };
        invite(&stage.alice, "owner").await.expect(200);
        invite(&stage.bob, "viewer").await.refused(403, "role-too-low");
        stage.stage.world.settle().await;
        let session = carol.get(Route::FindSession, &[]).await.expect(200);
        assert_eq!(session["invitations"][0]["role"], "owner", "{session}");
        invite(&stage.alice, "viewer").await.expect(200);
        invite(&stage.bob, "developer").await.expect(200);
    });
}

#[test]
fn who_cannot_be_invited_is_named() {
    block_on(async {
        let stage = Stage::new(5).await;
        for (username, rule) in [("nobody", "unknown"), ("alice", "is-member"), (" ", "required")] {
            let body = json!({ "username": username, "role": "viewer" });
            let problem = stage.alice.post(Route::CreateInvitation, &stage.of(), body).await;
            let problem = problem.refused(422, "invalid-fields");
            assert_eq!(
                (&problem["errors"][0]["field"], &problem["errors"][0]["rule"]),
                (&json!("username"), &json!(rule))
            );
        }
    });
}

#[test]
fn a_name_that_a_broken_sign_up_keeps_is_nobody_who_can_be_invited() {
    let mut refused = 0;
    for after_steps in 0..40 {
        let struck = block_on(async {
            let stage = Stage::new(9).await;
            let world = &stage.stage.world;
            world.settle().await;
            world.inject(Fault::Crash { after_steps });
            let body = json!({ "username": "carol", "email": "carol@example.com", "password": PASSWORD });
            stage.stage.client().post(Route::SignUp, &[], body).await;
            let struck = !world.clear_fault();
            let body = json!({ "username": "carol", "role": "viewer" });
            let invited = stage.alice.post(Route::CreateInvitation, &stage.of(), body).await;
            refused += u32::from(invited.status == 422);
            let list = stage.alice.get(Route::ListMembers, &stage.of()).await.expect(200);
            let open = list["invitations"].as_array().unwrap().len();
            assert_eq!((invited.status, open), if open == 1 { (200, 1) } else { (422, 0) }, "step {after_steps}");
            world.settle().await;
            let developer = ObjectName::DeveloperAccount(stage.developer.parse().unwrap());
            assert_eq!(world.query(&developer, "SELECT target FROM outbox"), [""; 0], "step {after_steps}");
            struck
        });
        if !struck {
            break;
        }
    }
    assert!(refused > 1, "no sign-up kept a name only: the test proves little");
}

#[test]
fn of_64_who_accept_one_link_at_once_one_becomes_a_member() {
    block_on(async {
        let stage = Stage::new(6).await;
        let code = stage.link("viewer").await;
        let mut clients = Vec::new();
        for number in 0..64 {
            clients.push(stage.stage.unapproved(&format!("user{number}")).await);
        }
        let params = stage.of_code(&code);
        let answers =
            join_all(clients.iter().map(|client| client.post(Route::AcceptInvitation, &params, json!({})))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(answers.iter().all(|answer| [200, 404].contains(&answer.status)));
        assert_eq!(stage.members().await.len(), 2);
    });
}

#[test]
fn an_acceptance_that_a_crash_cuts_off_is_made_wholly_or_not_at_all() {
    let mut crashed = 0;
    for after_steps in 0..40 {
        let struck = block_on(async {
            let stage = Stage::new(7).await;
            let code = invited(&stage.stage, &stage.alice, &stage.developer, &stage.bob, "bob", "developer").await;
            let world = &stage.stage.world;
            world.inject(Fault::Crash { after_steps });
            let first = stage.bob.post(Route::AcceptInvitation, &stage.of_code(&code), json!({})).await.status;
            let struck = !world.clear_fault();
            // An isolate that could not read the master keys asks for them again after five seconds.
            world.advance_seconds(6);
            let again = stage.bob.post(Route::AcceptInvitation, &stage.of_code(&code), json!({})).await.status;
            assert!([200, 404].contains(&again), "step {after_steps}: {again}");
            assert!(first != 200 || again == 404, "step {after_steps}: accepted twice");
            world.settle().await;
            assert_eq!(stage.members().await.len(), 2, "step {after_steps}");
            let session = stage.bob.get(Route::FindSession, &[]).await.expect(200);
            assert_eq!(session["developer_accounts"].as_array().unwrap().len(), 2, "step {after_steps}");
            assert_eq!(session["invitations"], json!([]), "step {after_steps}");
            struck
        });
        crashed += u32::from(struck);
        if !struck {
            break;
        }
    }
    assert!(crashed > 3, "hardly a crash struck: the test proves nothing");
}
