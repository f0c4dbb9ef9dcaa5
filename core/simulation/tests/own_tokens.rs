//! Access Tokens that members generate for themselves: they rest on the word
//! of the App's developer account.

use crate::support::signing::Signer;
use crate::support::{Client, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::credential::draw_credential;
use gatehouse_domain::gate::Verdict;
use gatehouse_domain::message::account::{
    AccountCall, AccountRequest, Membership, OwnTokenTerms, PutMembership, ReplaceOwnToken,
};
use gatehouse_domain::message::developer_account::{self, Asking, DeveloperAccountCall, DeveloperAccountRequest};
use gatehouse_domain::message::outcome::Outcome;
use gatehouse_domain::ports::{ObjectName, ask};
use gatehouse_shared::api::{AppView, CredentialKind, CredentialView, Done, Route};
use gatehouse_shared::model::{AccountId, AppId, ApplicationState, DeveloperAccountId, MemberRole};
use gatehouse_simulation::MemoryRuntime;
use serde_json::{Value, json};

/// A developer with an App, and who they are to the objects.
struct Stage {
    stage: TestDeployment,
    client: Client,
    account: AccountId,
    developer: DeveloperAccountId,
    app: AppId,
    pair: Value,
}

impl Stage {
    async fn new(seed: u64) -> Self {
        let stage = TestDeployment::new(seed);
        let client = stage.developer("alice").await;
        let (app, created) = client.create_app("Weather").await;
        let account = client.account_id().await.parse().unwrap();
        let developer = client.own_developer_account().await.parse().unwrap();
        Self { app: app.parse().unwrap(), pair: created["credentials"].clone(), stage, client, account, developer }
    }

    fn runtime(&self) -> MemoryRuntime {
        MemoryRuntime(self.stage.world.clone())
    }

    /// The first half of generating a token: the developer account's word.
    async fn allowed(&self) -> OwnTokenTerms {
        let asking = Asking { account: self.account, username: "alice".into(), is_own: true };
        let request = DeveloperAccountRequest {
            caller: developer_account::Caller::Account(asking),
            ..DeveloperAccountRequest::internal(
                self.developer,
                DeveloperAccountCall::AllowOwnToken { app_id: self.app },
            )
        };
        let object = ObjectName::DeveloperAccount(self.developer);
        let outcome: Outcome<(OwnTokenTerms, AppView)> = ask(&self.runtime(), &object, &request).await.unwrap();
        outcome.result.unwrap().0
    }

    async fn tell(&self, call: AccountCall) {
        let request = AccountRequest::internal(self.account, call);
        let outcome: Outcome<Done> = ask(&self.runtime(), &ObjectName::Account(self.account), &request).await.unwrap();
        outcome.result.unwrap();
    }

    /// The second half: the account keeps the token. Gives whether it did.
    async fn generated(&self, terms: OwnTokenTerms) -> bool {
        let settings = &self.stage.isolate.settings;
        let (kind, subject) = (CredentialKind::AccessToken, (self.app, Some(self.account)));
        let now = self.stage.world.now().seconds();
        let credential = draw_credential(&settings.keyring, "gh", kind, subject, now, &self.runtime());
        let call = AccountCall::ReplaceOwnToken(ReplaceOwnToken { terms, credential, overlap_seconds: None });
        let request = AccountRequest::internal(self.account, call);
        let outcome: Outcome<Vec<CredentialView>> =
            ask(&self.runtime(), &ObjectName::Account(self.account), &request).await.unwrap();
        outcome.result.is_ok()
    }

    /// What the developer account says of its member from `version` on.
    async fn say(&self, role: Option<MemberRole>, version: u64) {
        let membership =
            role.map(|role| Membership { name: "alice".into(), role, application_state: ApplicationState::Approved });
        self.tell(AccountCall::PutMembership(PutMembership { developer: self.developer, membership, version })).await;
    }

    async fn passes(&self, token: &Value, nonce: &str) -> bool {
        let signer = Signer::new(&self.pair, token).with_nonce(nonce);
        matches!(signer.send(&self.stage, "GET", "/1.1/free.json", None).await, Verdict::Forward(_))
    }

    async fn regenerate(&self, body: Value) -> Value {
        let app = self.app.to_string();
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        self.client.post(Route::RegenerateCredential, &params, body).await.expect(200)
    }
}

#[test]
fn a_member_has_one_token_of_their_own_for_an_app_and_may_keep_the_old_one_for_a_while() {
    block_on(async {
        let stage = Stage::new(1).await;
        let first = stage.regenerate(json!({})).await;
        assert!(stage.passes(&first, "1").await);
        let second = stage.regenerate(json!({ "overlap_hours": 1 })).await;
        assert!(stage.passes(&first, "2").await && stage.passes(&second, "2").await);
        let shown: Vec<&Value> = second["app"]["credentials"].as_array().unwrap().iter().collect();
        assert_eq!(shown.iter().filter(|shown| shown["kind"] == "access-token").count(), 2);
        stage.stage.world.advance_seconds(3_600);
        assert!(!stage.passes(&first, "3").await && stage.passes(&second, "3").await);
        let third = stage.regenerate(json!({})).await;
        assert!(!stage.passes(&second, "4").await && stage.passes(&third, "4").await);
    });
}

#[test]
fn a_token_ends_with_the_role_or_the_membership_that_it_rests_on() {
    block_on(async {
        for (seed, role) in [(2, Some(MemberRole::Viewer)), (3, None)] {
            let stage = Stage::new(seed).await;
            let token = stage.regenerate(json!({})).await;
            let version = stage.allowed().await.version;
            // Another role that still allows it changes nothing.
            stage.say(Some(MemberRole::Developer), version + 1).await;
            assert!(stage.passes(&token, "1").await);
            stage.say(role, version + 2).await;
            stage.stage.world.settle().await;
            assert!(!stage.passes(&token, "2").await, "{role:?}");
        }
    });
}

#[test]
fn a_later_word_that_takes_the_right_away_wins_whichever_arrives_first() {
    block_on(async {
        let stage = Stage::new(4).await;
        let terms = stage.allowed().await;
        let later = terms.version + 1;
        // The member was removed after they were allowed, and their account hears of that first.
        stage.say(None, later).await;
        assert!(!stage.generated(terms.clone()).await);
        // An older word than the removal does not bring them back.
        stage.say(Some(MemberRole::Owner), terms.version).await;
        assert!(!stage.generated(terms.clone()).await);
        // A newer one does, and so does a newer permission.
        stage.say(Some(MemberRole::Owner), later + 1).await;
        assert!(stage.generated(OwnTokenTerms { version: later + 1, ..terms.clone() }).await);
    });
}

#[test]
fn a_members_own_token_makes_no_user_of_the_app_and_every_change_of_it_is_in_their_activity() {
    block_on(async {
        let stage = Stage::new(9).await;
        let app = stage.app.to_string();
        let params = [("app_id", app.as_str()), ("kind", "access-token")];
        stage.regenerate(json!({})).await;
        stage.regenerate(json!({ "overlap_hours": 1 })).await;
        stage.stage.world.settle().await;
        assert_eq!(stage.client.get(Route::FindAppUsers, &[("app_id", &app)]).await.expect(200)["count"], 0);
        stage.client.call(Route::RevokePreviousCredential, &params, None).await.expect(200);
        stage.client.post(Route::UpdateCredential, &params, json!({ "expires_at": null })).await.expect(200);
        stage.client.call(Route::RevokeCredential, &params, None).await.expect(200);
        let activity = stage.client.get(Route::ListActivity, &[]).await.expect(200);
        let entries = activity["entries"].as_array().unwrap().iter();
        let of_token = entries.filter(|entry| entry["app_id"] == app.as_str()).map(|entry| &entry["operation"]);
        let wanted =
            ["revoke_credential", "update_credential", "end_overlap", "regenerate_credential", "generate_credential"];
        assert_eq!(of_token.collect::<Vec<_>>(), wanted);
    });
}
