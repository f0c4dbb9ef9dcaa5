//! Developer accounts: how they begin, and what their members' accounts know of them.

use crate::support::{TestDeployment, application, use_case};
use futures::executor::block_on;
use gatehouse_shared::api::Route;
use gatehouse_simulation::Fault;
use serde_json::json;

#[test]
fn an_application_that_a_crash_cuts_off_can_be_sent_again_and_makes_one_developer_account() {
    let mut crashed = 0;
    for after_steps in 0..60 {
        let struck = block_on(async {
            let stage = TestDeployment::new(after_steps.into());
            let client = stage.unapproved("alice").await;
            let own = client.own_developer_account().await;
            let of_own = [("developer_account_id", own.as_str())];
            stage.world.inject(Fault::Crash { after_steps });
            let first = client.post(Route::SubmitApplication, &of_own, application()).await.status;
            let struck = !stage.world.clear_fault();
            // An isolate that could not read the master keys asks for them again after five seconds.
            stage.world.advance_seconds(6);
            let again = client.post(Route::SubmitApplication, &of_own, application()).await;
            // Either it got through, or it is taken now.
            assert!(again.status == 200 || again.json["code"] == "conflict", "step {after_steps}: {}", again.text);
            assert!(first != 200 || again.status != 200, "step {after_steps}: an acknowledged application was lost");
            let seen = client.get(Route::FindApplication, &of_own).await.expect(200);
            assert_eq!(seen["state"], "in-review", "step {after_steps}");
            assert_eq!(seen["history"].as_array().unwrap().len(), 1);
            stage.world.settle().await;
            let session = client.get(Route::FindSession, &[]).await.expect(200);
            let wanted = json!([{ "id": own, "name": "alice", "role": "owner", "application_state": "in-review" }]);
            assert_eq!(session["developer_accounts"], wanted, "step {after_steps}");
            let waiting = stage.operator().await.get(Route::ListApplications, &[]).await.expect(200);
            assert_eq!(waiting["items"].as_array().unwrap().len(), 1, "step {after_steps}");
            let shown = waiting["items"][0]["use_case"].as_str().unwrap();
            assert!(use_case().starts_with(shown.trim_end_matches('…')) && shown.chars().count() <= 201, "{shown}");
            struck
        });
        crashed += u32::from(struck);
        if !struck {
            break;
        }
    }
    assert!(crashed > 5, "hardly a crash struck: the test proves nothing");
}

#[test]
fn a_developer_account_that_nobody_applied_for_is_shown_to_the_one_who_may_and_to_nobody_else() {
    block_on(async {
        let stage = TestDeployment::new(100);
        let (alice, bob) = (stage.unapproved("alice").await, stage.developer("bob").await);
        let own = alice.own_developer_account().await;
        let of_own = [("developer_account_id", own.as_str())];
        let before = stage.world.tables();
        let dashboard = alice.get(Route::FindDashboard, &of_own).await.expect(200);
        assert_eq!((&dashboard["application_state"], &dashboard["name"]), (&json!("none"), &json!("alice")));
        assert_eq!(alice.get(Route::FindApplication, &of_own).await.expect(200)["state"], "none");
        bob.get(Route::FindDashboard, &of_own).await.refused(404, "not-found");
        bob.post(Route::SubmitApplication, &of_own, application()).await.refused(404, "not-found");
        stage.operator().await.get(Route::FindDeveloperAccount, &of_own).await.refused(404, "not-found");
        assert_eq!(stage.world.tables(), before, "looking leaves nothing behind");
    });
}
