//! Answers that get lost and requests that are sent twice: the client has a way on, and whoever kept an old token
//! has none.

use crate::support;
use crate::support::sign_in::{Asking, CALLBACK, SignIn, VERIFIER, decide_oauth1, post_form, text};
use crate::support::{Reply, TestDeployment};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_simulation::Fault;
use serde_json::{Value, json};

const SCOPE: &str = "notes.read notes.write offline.access";

#[track_caller]
fn refused(reply: Reply, error: &str, named: &str) {
    assert_eq!((reply.status, reply.json["error"].as_str()), (400, Some(error)), "{}", reply.text);
    let description = reply.json["error_description"].as_str().unwrap_or_default();
    assert!(description.contains(named), "{description}");
}

/// A refresh with a scope.
async fn refresh_to(asking: &Asking, stage: &TestDeployment, token: &str, scope: &str) -> Reply {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
    asking.post(stage, "/2/oauth2/token", &form).await
}

#[test]
fn a_refresh_whose_answer_was_lost_gives_the_same_tokens_again_for_an_hour() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(1, "read-write").await;
        let first = asking.tokens(&stage, &user, SCOPE).await;
        let lost = asking.refresh(&stage, text(&first["refresh_token"])).await.expect(200);
        // The use of an access token says nothing about the answer of the last refresh: another worker may have it.
        assert_eq!(stage.gate_status("/2/notes/7", text(&lost["access_token"])).await, 200);
        stage.world.advance_seconds(3599);
        let again = asking.refresh(&stage, text(&first["refresh_token"])).await.expect(200);
        assert_eq!((&again["refresh_token"], &again["access_token"]), (&lost["refresh_token"], &lost["access_token"]));
        // Told anew, and no second longer.
        assert_eq!((&lost["expires_in"], &again["expires_in"]), (&json!(7200), &json!(3601)));
        stage.world.advance_seconds(3600);
        assert_eq!(stage.gate_status("/2/notes/7", text(&again["access_token"])).await, 200);
        stage.world.advance_seconds(1);
        assert_eq!(stage.gate_status("/2/notes/7", text(&again["access_token"])).await, 401);
        // Too late is refused, and nothing ends.
        refused(asking.refresh(&stage, text(&first["refresh_token"])).await, "invalid_grant", "an hour ago");
        asking.refresh(&stage, text(&again["refresh_token"])).await.expect(200);
    });
}

#[test]
fn a_refresh_token_whose_successor_was_redeemed_ends_the_authorization_at_once() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(2, "read-write").await;
        let first = asking.tokens(&stage, &user, SCOPE).await;
        let second = asking.refresh(&stage, text(&first["refresh_token"])).await.expect(200);
        let third = asking.refresh(&stage, text(&second["refresh_token"])).await.expect(200);
        refused(asking.refresh(&stage, text(&first["refresh_token"])).await, "invalid_grant", "has ended");
        refused(asking.refresh(&stage, text(&third["refresh_token"])).await, "invalid_grant", "refresh_token");
        for tokens in [&first, &second, &third] {
            assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 401);
        }
    });
}

#[test]
fn a_repeat_is_for_the_same_client_alone() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(3, "read-write").await;
        let mallory = stage.developer("mallory").await;
        let (other, _) = mallory.create_app("Other").await;
        let client_id = support::sign_in::turn_on(&mallory, &other).await;
        let first = asking.tokens(&stage, &user, SCOPE).await;
        asking.refresh(&stage, text(&first["refresh_token"])).await.expect(200);
        let params = [("app_id", other.as_str()), ("kind", "client-secret")];
        let made =
            mallory.post(gatehouse_shared::api::Route::RegenerateCredential, &params, json!({})).await.expect(200);
        let theirs = Asking { app: other, client_id, client_secret: text(&made["client_secret"]).to_owned(), ..asking };
        refused(theirs.refresh(&stage, text(&first["refresh_token"])).await, "invalid_grant", "refresh_token");
    });
}

#[test]
fn a_refresh_may_ask_for_fewer_scopes_and_the_grant_stays_whole() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(4, "read-write").await;
        let first = asking.tokens(&stage, &user, SCOPE).await;
        for (scope, named) in [("notes.read users.read", "users.read"), ("offline.access", "at least one thing")] {
            let reply = refresh_to(&asking, &stage, text(&first["refresh_token"]), scope).await;
            refused(reply, "invalid_scope", named);
        }
        let reading = refresh_to(&asking, &stage, text(&first["refresh_token"]), "notes.read").await.expect(200);
        assert_eq!(reading["scope"], "notes.read");
        let access = text(&reading["access_token"]);
        assert_eq!(stage.gate_status("/2/notes/7", access).await, 200);
        let status = |verdict| match verdict {
            gatehouse_domain::gate::Verdict::Forward(identity) => (200, identity.scopes.unwrap()),
            gatehouse_domain::gate::Verdict::Refuse(refused) => (refused.answer.status, String::new()),
            other => panic!("{other:?}"),
        };
        assert_eq!(status(stage.gate("POST", "/2/notes", access).await).0, 403);
        let told = asking.post(&stage, "/2/oauth2/introspect", &[("token", access)]).await.expect(200);
        assert_eq!((&told["active"], &told["scope"]), (&json!(true), &json!("notes.read")));
        // Nobody can give a token more scopes by writing it anew: they are in its MAC.
        let wide = refresh_to(&asking, &stage, text(&first["refresh_token"]), SCOPE).await.expect(200);
        assert_eq!(wide["scope"], SCOPE);
        assert_eq!(wide["refresh_token"], reading["refresh_token"], "the same successor, with the scope asked now");
        assert_ne!(wide["access_token"], reading["access_token"]);
        let passed = status(stage.gate("POST", "/2/notes", text(&wide["access_token"])).await);
        assert_eq!(passed, (200, SCOPE.to_owned()));
        // The refresh token of a narrowed answer still has the whole grant (RFC 6749 §6).
        let whole = asking.refresh(&stage, text(&reading["refresh_token"])).await.expect(200);
        assert_eq!(whole["scope"], SCOPE);
    });
}

#[test]
fn a_code_that_comes_twice_at_once_keeps_the_tokens_that_it_gave() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(5, "read-write").await;
        let code = asking.code(&user, SCOPE).await;
        let replies = join_all((0..3).map(|_| asking.redeem(&stage, &code))).await;
        let (given, copies): (Vec<Reply>, Vec<Reply>) = replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!((given.len(), copies.len()), (1, 2));
        for copy in copies {
            refused(copy, "invalid_grant", "code was used before");
        }
        stage.world.advance_seconds(9);
        refused(asking.redeem(&stage, &code).await, "invalid_grant", "code was used before");
        assert_eq!(stage.gate_status("/2/notes/7", text(&given[0].json["access_token"])).await, 200);
        // Later it is no copy.
        stage.world.advance_seconds(1);
        refused(asking.redeem(&stage, &code).await, "invalid_grant", "has ended");
        assert_eq!(stage.gate_status("/2/notes/7", text(&given[0].json["access_token"])).await, 401);
    });
}

#[test]
fn whoever_finds_an_old_callback_url_cannot_end_what_its_code_gave() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(6, "read-write").await;
        let code = asking.code(&user, SCOPE).await;
        let tokens = asking.redeem(&stage, &code).await.expect(200);
        let refreshed = asking.refresh(&stage, text(&tokens["refresh_token"])).await.expect(200);
        let send = async |code: &str, verifier: &str| {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", verifier),
                ("client_id", &asking.client_id),
                ("client_secret", &asking.client_secret),
            ];
            post_form(&stage, "/2/oauth2/token", None, &form).await
        };
        for seconds in [0, 9, 35, 3600] {
            stage.world.advance_seconds(seconds);
            refused(send(&code, &"x".repeat(43)).await, "invalid_grant", "code was used before");
        }
        assert_eq!(stage.gate_status("/2/notes/7", text(&refreshed["access_token"])).await, 200);
        // With the verifier it is a replay.
        refused(send(&code, VERIFIER).await, "invalid_grant", "has ended");
        assert_eq!(stage.gate_status("/2/notes/7", text(&refreshed["access_token"])).await, 401);
    });
}

#[test]
fn a_request_token_whose_answer_was_lost_gives_the_same_access_token_for_ten_seconds() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(7, "read-write").await;
        let asked = asking.asked(&stage, "n1", "oob").await;
        let outcome = decide_oauth1(&user, &asked.token, true).await;
        let pin = text(&outcome["content"]);
        let given = asking.access_token(&stage, &asked, pin).await;
        assert_eq!(given.status, 200, "{}", given.text);
        // Repeats do not lengthen the time.
        for _ in 0..3 {
            stage.world.advance_seconds(3);
            assert_eq!(asking.access_token(&stage, &asked, pin).await.text, given.text);
        }
        // Not without the PIN, the token's secret, or as another App.
        assert_eq!(asking.access_token(&stage, &asked, "0").await.status, 401);
        let forgetful = support::signing::Signer { token_secret: String::new(), ..asked.clone() };
        assert_eq!(asking.access_token(&stage, &forgetful, pin).await.status, 401);
        let mallory = stage.developer("mallory").await;
        let (_, created) = mallory.create_app("Other").await;
        let theirs = support::signing::Signer {
            key: text(&created["credentials"]["api_key"]).to_owned(),
            key_secret: text(&created["credentials"]["api_key_secret"]).to_owned(),
            ..asked.clone()
        };
        assert_eq!(asking.access_token(&stage, &theirs, pin).await.status, 401);
        stage.world.advance_seconds(1);
        assert_eq!(asking.access_token(&stage, &asked, pin).await.status, 401);
        // And nobody can answer it once more.
        let again = decide_oauth1(&user, &asked.token, true).await;
        assert_eq!(again["kind"], "expired");
    });
}

#[test]
fn a_consent_taken_back_is_not_given_again_by_a_repeat() {
    block_on(async {
        let SignIn { stage, user, asking, .. } = SignIn::new(8, "read-write").await;
        let asked = asking.asked(&stage, "n1", "oob").await;
        let outcome = decide_oauth1(&user, &asked.token, true).await;
        let pin = text(&outcome["content"]);
        assert_eq!(asking.access_token(&stage, &asked, pin).await.status, 200);
        stage.world.advance_seconds(1);
        let route = gatehouse_shared::api::Route::RevokeConnectedApp;
        user.call(route, &[("app_id", &asking.app)], None).await.expect(200);
        assert_eq!(asking.access_token(&stage, &asked, pin).await.status, 401);
    });
}

/// Reproducible chance (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % end
    }
}

/// Refreshes until an answer arrives. The service may crash anywhere, and an answer may get lost.
async fn refresh_until_answered(sign_in: &SignIn, chance: &mut Chance, token: &str) -> Value {
    let SignIn { stage, asking, .. } = sign_in;
    let began = stage.world.now().seconds().0;
    loop {
        if chance.below(3) == 0 {
            stage.world.inject(Fault::Crash { after_steps: chance.below(6) as u32 });
        }
        let workers = 1 + chance.below(3);
        let replies = join_all((0..workers).map(|_| asking.refresh(stage, token))).await;
        stage.world.clear_fault();
        let mut given: Vec<Value> = Vec::new();
        for reply in replies {
            match reply.status {
                200 => given.push(reply.json),
                503 => {}
                _ => panic!("the client is stuck: {} {}", reply.status, reply.text),
            }
        }
        for pair in given.windows(2) {
            assert_eq!(pair[0]["refresh_token"], pair[1]["refresh_token"]);
        }
        if let Some(tokens) = given.pop()
            && chance.below(3) > 0
        {
            return tokens;
        }
        let passed = stage.world.now().seconds().0 - began;
        stage.world.advance_seconds(chance.below(3600 - passed).min(900));
    }
}

#[test]
fn whatever_is_lost_a_client_goes_on_and_a_stolen_older_token_ends_the_authorization() {
    block_on(async {
        let sign_in = SignIn::new(9, "read-write").await;
        let SignIn { stage, user, asking, .. } = &sign_in;
        for seed in 1..=100_u64 {
            let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let mut tokens = asking.tokens(stage, user, SCOPE).await;
            let mut used: Vec<String> = Vec::new();
            for _ in 0..2 + chance.below(6) {
                let token = text(&tokens["refresh_token"]).to_owned();
                tokens = refresh_until_answered(&sign_in, &mut chance, &token).await;
                used.push(token);
                assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 200, "seed {seed}");
                stage.world.advance_seconds(chance.below(4) * 1000);
            }
            // The successor of every one but the last was redeemed.
            let stolen = &used[chance.below(used.len() as u64 - 1) as usize];
            refused(asking.refresh(stage, stolen).await, "invalid_grant", "has ended");
            refused(asking.refresh(stage, text(&tokens["refresh_token"])).await, "invalid_grant", "refresh_token");
            assert_eq!(stage.gate_status("/2/notes/7", text(&tokens["access_token"])).await, 401, "seed {seed}");
        }
    });
}
