//! A consent gives exactly what was shown when it was given, and can be taken
//! back as long as it lasts.

use crate::support::sign_in::{
    CALLBACK, SignIn, authenticate, authorize_query, decide_oauth1, decide_oauth2, fields, look, press, text,
};
use crate::support::signing::Signer;
use crate::support::{Client, ORIGIN, PASSWORD, Reply, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::gate::Verdict;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

const LEVELS: [&str; 3] = ["read", "read-write", "read-write-directmessages"];
const OAUTH1: &str = "/api/oauth1/consent";
const OAUTH2: &str = "/api/oauth2/consent";

impl SignIn {
    async fn change(&self, change: Value) {
        // An account may go on for long with one change a second.
        self.stage.world.advance_seconds(1);
        self.developer.post(Route::UpdateApp, &[("app_id", &self.asking.app)], change).await.expect(200);
    }

    async fn permit(&self, permission: &str) {
        self.change(json!({ "permission": permission })).await;
    }

    async fn revoke(&self) -> Reply {
        self.user.call(Route::RevokeConnectedApp, &[("app_id", &self.asking.app)], None).await
    }

    async fn connected(&self, user: &Client) -> Value {
        user.get(Route::ListConnectedApps, &[]).await.expect(200)["apps"].clone()
    }

    /// A request token with its secret, and the query of its page.
    async fn ask(&self, nonce: &str, form: &[(&str, &str)]) -> (Signer, String) {
        let reply = self.asking.request_token(&self.stage, nonce, form).await;
        let signer = self.with_token(&reply.text, nonce);
        let query = format!("oauth_token={}", signer.token);
        (signer, query)
    }

    fn with_token(&self, answer: &str, nonce: &str) -> Signer {
        let fields = fields(answer);
        Signer {
            token: fields["oauth_token"].clone(),
            token_secret: fields["oauth_token_secret"].clone(),
            ..self.asking.signer.with_nonce(nonce)
        }
    }

    /// Redeems what an outcome of the consent page brings back.
    async fn redeem(&self, asked: &Signer, outcome: &Value) -> Reply {
        let back = fields(text(&outcome["content"]));
        self.asking.access_token(&self.stage, asked, &back["oauth_verifier"]).await
    }

    /// The level of a user's token, as the gate has it.
    async fn level_of(&self, answer: &Reply, nonce: &str) -> String {
        assert_eq!(answer.status, 200, "{}", answer.text);
        let signer = self.with_token(&answer.text, &format!("level {nonce}"));
        let verdict = signer.send(&self.stage, "GET", "/1.1/free.json", None).await;
        let Verdict::Forward(identity) = verdict else { panic!("{verdict:?}") };
        identity.shown_level.as_str().to_owned()
    }

    /// What a user who presses Authorize gives the App with OAuth 1.0a.
    async fn agree(&self, user: &Client, nonce: &str, form: &[(&str, &str)]) -> Reply {
        let (asked, _) = self.ask(nonce, form).await;
        let outcome = decide_oauth1(user, &asked.token, true).await;
        self.redeem(&asked, &outcome).await
    }
}

fn lower(a: usize, b: usize) -> &'static str {
    LEVELS[a.min(b)]
}

const BY_CALLBACK: &[(&str, &str)] = &[("oauth_callback", CALLBACK)];
const READING: &[(&str, &str)] = &[("oauth_callback", CALLBACK), ("x_auth_access_type", "read")];

#[test]
fn an_oauth1_consent_gives_the_level_that_was_shown_whatever_the_app_is_permitted_meanwhile() {
    block_on(async {
        let sign_in = SignIn::new(1, "read").await;
        let user = &sign_in.user;
        for steps in 0..81 {
            let [request, view, decision, redemption] = [steps / 27, steps / 9 % 3, steps / 3 % 3, steps % 3];
            let name = format!("{request}{view}{decision}{redemption}");
            sign_in.permit(LEVELS[request]).await;
            let (asked, query) = sign_in.ask(&name, BY_CALLBACK).await;
            sign_in.permit(LEVELS[view]).await;
            let mut shown = look(user, OAUTH1, &query).await;
            assert_eq!(shown["content"]["terms"]["permission"], lower(request, view), "{name}");
            sign_in.permit(LEVELS[decision]).await;
            let mut answer = press(user, Route::DecideOAuth1Consent, &query, true, &shown).await;
            if lower(request, view) != lower(request, decision) {
                answer.refused(409, "consent-changed");
                // Nothing was given, and the page can be shown again.
                assert_eq!(sign_in.connected(user).await, json!([]), "{name}");
                shown = look(user, OAUTH1, &query).await;
                answer = press(user, Route::DecideOAuth1Consent, &query, true, &shown).await;
            }
            let outcome = answer.expect(200);
            sign_in.permit(LEVELS[redemption]).await;
            let given = sign_in.redeem(&asked, &outcome).await;
            assert_eq!(sign_in.level_of(&given, &name).await, text(&shown["content"]["terms"]["permission"]), "{name}");
            sign_in.revoke().await.expect(200);
        }
    });
}

#[test]
fn a_user_who_is_not_asked_again_gives_no_more_than_before_whatever_the_app_is_permitted_meanwhile() {
    block_on(async {
        let sign_in = SignIn::new(2, "read").await;
        let user = &sign_in.user;
        let first = sign_in.agree(user, "first", BY_CALLBACK).await;
        for steps in 0..27 {
            let [request, decision, redemption] = [steps / 9, steps / 3 % 3, steps % 3];
            let name = format!("{request}{decision}{redemption}");
            sign_in.permit(LEVELS[request]).await;
            let (asked, query) = sign_in.ask(&name, BY_CALLBACK).await;
            sign_in.permit(LEVELS[decision]).await;
            let page = authenticate(user, &query).await;
            if lower(request, decision) != "read" {
                assert_eq!(page["kind"], "ask", "{name}");
                assert_eq!(page["content"]["terms"]["permission"], lower(request, decision), "{name}");
                continue;
            }
            assert_eq!(page["kind"], "redirect", "{name}");
            sign_in.permit(LEVELS[redemption]).await;
            let given = sign_in.redeem(&asked, &page).await;
            assert_eq!(given.text, first.text, "{name}");
            assert_eq!(sign_in.level_of(&given, &name).await, "read", "{name}");
        }
    });
}

#[test]
fn an_oauth2_consent_gives_the_scopes_that_were_shown_whatever_the_app_is_permitted_meanwhile() {
    block_on(async {
        let sign_in = SignIn::new(3, "read-write").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        for scope in ["notes.read", "notes.read notes.write", "notes.write offline.access"] {
            let needed = usize::from(scope.contains("write"));
            for steps in 0..27 {
                let [view, decision, redemption] = [steps / 9, steps / 3 % 3, steps % 3];
                let name = format!("{scope} {view}{decision}{redemption}");
                sign_in.permit(LEVELS[view]).await;
                let query = authorize_query(&asking.client_id, scope);
                let shown = look(user, OAUTH2, &query).await;
                assert_eq!(shown["kind"], if view < needed { "problem" } else { "ask" }, "{name}");
                if view < needed {
                    continue;
                }
                assert_eq!(shown["content"]["terms"]["scopes"], json!(scope.split(' ').collect::<Vec<_>>()));
                assert_eq!(shown["content"]["terms"]["is_lasting"], scope.contains("offline"));
                sign_in.permit(LEVELS[decision]).await;
                let outcome = press(user, Route::DecideOAuth2Consent, &query, true, &shown).await.expect(200);
                if decision < needed {
                    assert_eq!(outcome["kind"], "problem", "{name}");
                    assert_eq!(sign_in.connected(user).await, json!([]), "{name}");
                    continue;
                }
                sign_in.permit(LEVELS[redemption]).await;
                let code = fields(text(&outcome["content"]))["code"].clone();
                let tokens = asking.redeem(stage, &code).await.expect(200);
                assert_eq!(tokens["scope"], scope, "{name}");
                assert_eq!(tokens.get("refresh_token").is_some(), scope.contains("offline"), "{name}");
                sign_in.revoke().await.expect(200);
            }
        }
    });
}

#[test]
fn a_decision_about_other_terms_than_were_shown_is_refused() {
    block_on(async {
        let sign_in = SignIn::new(4, "read-write").await;
        let SignIn { user, asking, .. } = &sign_in;
        let query = |scope| authorize_query(&asking.client_id, scope);
        let shown = look(user, OAUTH2, &query("notes.read")).await;
        for other in ["notes.write", "notes.read notes.write", "notes.read offline.access", "users.read"] {
            let answer = press(user, Route::DecideOAuth2Consent, &query(other), true, &shown).await;
            answer.refused(409, "consent-changed");
        }
        let (asked, page) = sign_in.ask("n1", BY_CALLBACK).await;
        let of = |terms: Value| json!({ "content": { "terms": terms } });
        for terms in [
            Value::Null,
            json!({ "permission": "read", "scopes": [], "is_lasting": true }),
            json!({ "permission": "read-write-directmessages", "scopes": [], "is_lasting": true }),
            json!({ "permission": "read-write", "scopes": [], "is_lasting": false }),
            json!({ "permission": "read-write", "scopes": ["notes.read"], "is_lasting": true }),
        ] {
            let answer = press(user, Route::DecideOAuth1Consent, &page, true, &of(terms)).await;
            answer.refused(409, "consent-changed");
        }
        assert_eq!(sign_in.connected(user).await, json!([]));
        // Whoever says no needs to have read nothing.
        let denied = press(user, Route::DecideOAuth1Consent, &page, false, &of(Value::Null)).await.expect(200);
        assert_eq!(denied["kind"], "denied", "{}", asked.token);
    });
}

#[test]
fn an_owner_who_agrees_to_read_gives_read() {
    block_on(async {
        let sign_in = SignIn::new(5, "read-write").await;
        let SignIn { stage, developer, asking, .. } = &sign_in;
        let params = [("app_id", asking.app.as_str()), ("kind", "access-token")];
        let own = developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let given = sign_in.agree(developer, "n1", READING).await;
        assert_ne!(fields(&given.text)["oauth_token"], text(&own["access_token"]));
        assert_eq!(sign_in.level_of(&given, "n1").await, "read");
        // Again it is the same one, also where nothing is asked; the owner's own token stays as it is.
        let (asked, query) = sign_in.ask("n2", READING).await;
        let page = authenticate(developer, &query).await;
        assert_eq!(page["kind"], "redirect");
        assert_eq!(sign_in.redeem(&asked, &page).await.text, given.text);
        let full = sign_in.agree(developer, "n3", BY_CALLBACK).await;
        assert_eq!(fields(&full.text)["oauth_token"], text(&own["access_token"]));
        assert_eq!(sign_in.level_of(&full, "n3").await, "read-write");

        // It works in other isolates, and is revoked under Connected Apps, with the owner's own one.
        let elsewhere =
            TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, &[]) };
        let signer = sign_in.with_token(&given.text, "elsewhere");
        assert!(matches!(signer.send(&elsewhere, "GET", "/1.1/free.json", None).await, Verdict::Forward(_)));
        assert_eq!(sign_in.connected(developer).await[0]["app"]["name"], "Weather");
        developer.call(Route::RevokeConnectedApp, &[("app_id", &asking.app)], None).await.expect(200);
        let gone = signer.with_nonce("gone").send(stage, "GET", "/1.1/free.json", None).await;
        assert!(matches!(gone, Verdict::Refuse(refused) if refused.answer.status == 401));
        let own = sign_in.with_token(&full.text, "own").send(stage, "GET", "/1.1/free.json", None).await;
        assert!(matches!(own, Verdict::Refuse(refused) if refused.answer.status == 401));

        // Or by the App itself.
        let given = sign_in.agree(developer, "n4", READING).await;
        let signer = sign_in.with_token(&given.text, "invalidate");
        let Verdict::Answer(answer) = signer.send(stage, "POST", "/1.1/oauth/invalidate_token", None).await else {
            panic!("no answer");
        };
        assert_eq!((answer.status, answer.body), (200, json!({ "access_token": signer.token }).to_string()));
        let gone = signer.with_nonce("over").send(stage, "GET", "/1.1/free.json", None).await;
        assert!(matches!(gone, Verdict::Refuse(refused) if refused.answer.status == 401));
    });
}

#[test]
fn an_owner_who_agrees_to_more_than_their_own_token_has_gives_that() {
    block_on(async {
        let sign_in = SignIn::new(6, "read").await;
        let SignIn { developer, asking, .. } = &sign_in;
        let params = [("app_id", asking.app.as_str()), ("kind", "access-token")];
        developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        sign_in.permit("read-write").await;
        let given = sign_in.agree(developer, "n1", BY_CALLBACK).await;
        assert_eq!(sign_in.level_of(&given, "n1").await, "read-write");
    });
}

#[test]
fn the_page_says_what_an_earlier_grant_still_allows() {
    block_on(async {
        let sign_in = SignIn::new(7, "read-write").await;
        let SignIn { stage, user, asking, developer } = &sign_in;
        asking.tokens(stage, user, "notes.write").await;
        let page = look(user, OAUTH2, &authorize_query(&asking.client_id, "notes.read")).await;
        let page = &page["content"];
        assert_eq!(page["may"], json!(["Read your notes."]));
        assert_eq!(page["already"], json!(["Add notes for you."]));
        assert!(!page["may_not"].to_string().contains("Add notes"), "{page}");
        // Another user's page knows nothing of it.
        let other = look(developer, OAUTH2, &authorize_query(&asking.client_id, "notes.read")).await;
        assert_eq!(
            (&other["content"]["already"], &other["content"]["may_not"][0]),
            (&json!([]), &json!("Add notes for you."))
        );

        // By the other protocol as well, and as soon as it was agreed to.
        let (_, query) = sign_in.ask("n1", READING).await;
        let page = look(user, OAUTH1, &query).await["content"].clone();
        assert_eq!(page["already"], json!(["Add notes for you."]));
        assert!(!page["may_not"].to_string().contains("Add, change"), "{page}");
        sign_in.revoke().await.expect(200);
        let (asked, _) = sign_in.ask("n2", BY_CALLBACK).await;
        decide_oauth1(user, &asked.token, true).await;
        let page = look(user, OAUTH1, &query).await["content"].clone();
        assert_eq!(page["already"], json!(["Add, change, and delete things in your name."]));

        // An owner's own token acts for them too.
        let params = [("app_id", asking.app.as_str()), ("kind", "access-token")];
        developer.post(Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let page = look(developer, OAUTH1, &query).await["content"].clone();
        assert_eq!(page["already"], json!(["Add, change, and delete things in your name."]));
    });
}

#[test]
fn a_consent_that_is_not_redeemed_yet_is_listed_and_can_be_revoked() {
    block_on(async {
        let sign_in = SignIn::new(8, "read-write").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        // By PIN, by callback and by code; with no grant, then in the same second with one.
        for round in 0..2 {
            if round == 1 {
                sign_in.agree(user, "held", READING).await;
                asking.tokens(stage, user, "users.read").await;
            }
            for form in [&[("oauth_callback", "oob")][..], BY_CALLBACK] {
                let (asked, _) = sign_in.ask(&format!("{round} {}", form[0].1), form).await;
                let outcome = decide_oauth1(user, &asked.token, true).await;
                let listed = sign_in.connected(user).await;
                let pending = text(&listed[0]["pending"][1]).to_owned();
                assert_eq!((listed.as_array().unwrap().len(), pending.contains("Add, change")), (1, true), "{listed}");
                sign_in.revoke().await.expect(200);
                assert_eq!(sign_in.connected(user).await, json!([]));
                let brought = text(&outcome["content"]);
                let verifier = fields(brought).get("oauth_verifier").cloned().unwrap_or(brought.to_owned());
                let refused = asking.access_token(stage, &asked, &verifier).await;
                assert_eq!((refused.status, refused.json["errors"][0]["code"].as_i64()), (401, Some(89)));
                if round == 1 {
                    sign_in.agree(user, &format!("held for {}", form[0].1), READING).await;
                }
            }
            let code = asking.code(user, "notes.write").await;
            assert_eq!(sign_in.connected(user).await[0]["pending"], json!(["Add notes for you."]));
            sign_in.revoke().await.expect(200);
            assert_eq!(sign_in.connected(user).await, json!([]));
            assert_eq!(asking.redeem(stage, &code).await.json["error"], "invalid_grant");
        }
        // What nobody redeems ends by itself.
        let (asked, _) = sign_in.ask("late", BY_CALLBACK).await;
        decide_oauth1(user, &asked.token, true).await;
        stage.world.advance_seconds(900);
        assert_eq!(sign_in.connected(user).await, json!([]));
    });
}

async fn change_password(user: &Client, to: &str, revoke_apps: bool) {
    let body = json!({ "current_password": PASSWORD, "new_password": to, "revoke_apps": revoke_apps });
    user.call(Route::ChangePassword, &[], Some(body)).await.expect(200);
}

#[test]
fn a_password_change_ends_consents_that_are_not_redeemed_and_leaves_tokens_alone() {
    block_on(async {
        let sign_in = SignIn::new(9, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let kept = asking.tokens(stage, user, "users.read").await;
        let (asked, _) = sign_in.ask("n1", BY_CALLBACK).await;
        let outcome = decide_oauth1(user, &asked.token, true).await;
        let code = asking.code(user, "notes.read").await;
        change_password(user, "another good password", false).await;
        assert_eq!(sign_in.redeem(&asked, &outcome).await.status, 401);
        assert_eq!(asking.redeem(stage, &code).await.json["error"], "invalid_grant");
        assert_eq!(stage.gate_status("/2/users/me", text(&kept["access_token"])).await, 200);
    });
}

#[test]
fn a_password_change_revokes_connected_apps_where_the_user_wants_that() {
    block_on(async {
        let sign_in = SignIn::new(10, "read").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        let tokens = asking.tokens(stage, user, "users.read offline.access").await;
        let signed = sign_in.agree(user, "n1", BY_CALLBACK).await;
        change_password(user, "another good password", true).await;
        assert_eq!(stage.gate_status("/2/users/me", text(&tokens["access_token"])).await, 401);
        assert_eq!(asking.refresh(stage, text(&tokens["refresh_token"])).await.status, 400);
        let signer = sign_in.with_token(&signed.text, "gone");
        let gone = signer.send(stage, "GET", "/1.1/free.json", None).await;
        assert!(matches!(gone, Verdict::Refuse(refused) if refused.answer.status == 401));
        assert_eq!(sign_in.connected(user).await, json!([]));
    });
}

#[test]
fn a_request_token_that_is_answered_twice_keeps_its_first_answer() {
    block_on(async {
        let sign_in = SignIn::new(11, "read").await;
        let (asked, query) = sign_in.ask("n1", BY_CALLBACK).await;
        let shown = look(&sign_in.user, OAUTH1, &query).await;
        let answer = || press(&sign_in.user, Route::DecideOAuth1Consent, &query, true, &shown);
        let answers = futures::future::join_all((0..8).map(|_| answer())).await;
        let (good, late): (Vec<_>, Vec<_>) =
            answers.into_iter().map(|answer| answer.expect(200)).partition(|outcome| outcome["kind"] == "redirect");
        assert_eq!(good.len(), 1);
        assert!(late.iter().all(|outcome| outcome["kind"] == "expired"), "{late:?}");
        assert_eq!(sign_in.redeem(&asked, &good[0]).await.status, 200);
        // Nor does somebody else's answer undo it.
        let other = sign_in.stage.unapproved("carol").await;
        let (asked, query) = sign_in.ask("n2", BY_CALLBACK).await;
        let shown = look(&other, OAUTH1, &query).await;
        let outcome = decide_oauth1(&sign_in.user, &asked.token, true).await;
        let late = press(&other, Route::DecideOAuth1Consent, &query, true, &shown).await.expect(200);
        assert_eq!(late["kind"], "expired");
        assert_eq!(sign_in.connected(&other).await, json!([]));
        assert_eq!(sign_in.redeem(&asked, &outcome).await.status, 200);
    });
}

#[test]
fn registered_callback_urls_are_shown_to_the_apps_account_alone() {
    block_on(async {
        let sign_in = SignIn::new(12, "read").await;
        let SignIn { stage, user, asking, developer } = &sign_in;
        sign_in.change(json!({ "callback_urls": [CALLBACK, "https://staging.internal.example/cb"] })).await;
        let wrong = authorize_query(&asking.client_id, "notes.read").replace("app.example", "other.example");
        for (client, is_told) in [(&stage.client(), false), (user, false), (developer, true)] {
            let page = look(client, OAUTH2, &wrong).await;
            assert_eq!(page["content"]["title"], "The redirect URI is not registered");
            assert_eq!(page["content"]["facts"][1]["value"], "https://other.example/cb?k=1");
            assert_eq!(page.to_string().contains("staging.internal.example"), is_told, "{page}");
        }
        let outcome = decide_oauth2(user, &wrong, true).await;
        assert!(outcome["kind"] == "problem" && !outcome.to_string().contains("staging"), "{outcome}");

        let (_, query) = sign_in.ask("n1", BY_CALLBACK).await;
        sign_in.change(json!({ "callback_urls": ["https://staging.internal.example/cb"] })).await;
        for (client, is_told) in [(&stage.client(), false), (user, false), (developer, true)] {
            let page = look(client, OAUTH1, &query).await;
            assert_eq!(page["content"]["title"], "The callback URL is no longer registered");
            assert_eq!(page.to_string().contains("staging.internal.example"), is_told, "{page}");
        }
    });
}

#[test]
fn an_app_may_leave_iss_out_of_its_redirects() {
    block_on(async {
        let sign_in = SignIn::new(13, "read").await;
        let SignIn { user, asking, .. } = &sign_in;
        let query = authorize_query(&asking.client_id, "notes.read");
        let iss = async |query: &str, approve: bool| {
            let outcome = decide_oauth2(user, query, approve).await;
            let url = outcome["content"]["return_url"].as_str().unwrap_or_else(|| text(&outcome["content"])).to_owned();
            assert!(url.starts_with("https://app.example/cb?k=1&state=state+1&"), "{url}");
            fields(&url).get("iss").cloned()
        };
        let wrong = query.replace("notes.read", "nonsense");
        for (omit, wanted) in [(false, Some(ORIGIN.to_owned())), (true, None), (false, Some(ORIGIN.to_owned()))] {
            sign_in.change(json!({ "omit_iss": omit })).await;
            assert_eq!(iss(&query, true).await, wanted);
            assert_eq!(iss(&query, false).await, wanted);
            assert_eq!(iss(&wrong, true).await, wanted);
        }
    });
}

#[test]
fn a_link_that_is_over_speaks_to_the_user_and_one_without_a_token_to_the_developer() {
    block_on(async {
        let sign_in = SignIn::new(14, "read").await;
        let SignIn { stage, user, .. } = &sign_in;
        let (asked, query) = sign_in.ask("n1", BY_CALLBACK).await;
        decide_oauth1(user, &asked.token, true).await;
        for over in [query.as_str(), "oauth_token=gh_request_made_up"] {
            assert_eq!(look(user, OAUTH1, over).await, json!({ "kind": "expired" }));
            assert_eq!(authenticate(&stage.client(), over).await, json!({ "kind": "expired" }));
        }
        for without in ["", "oauth_token=", "oauth_token_secret=x"] {
            assert_eq!(look(user, OAUTH1, without).await["content"]["title"], "The link has no oauth_token");
        }
    });
}
