//! Sign-up, sign-in, sessions and the developer application, natively.

use crate::support::{OPERATOR_PASSWORD, ORIGIN, PASSWORD, TestDeployment, application};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_shared::api::{Method, Route};
use gatehouse_simulation::MemoryRuntime;
use serde_json::json;

#[test]
fn a_person_signs_up_out_and_in_again_by_name_or_e_mail() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let client = stage.unapproved("alice").await;
        let info = client.get(Route::FindSession, &[]).await.expect(200);
        assert_eq!(info["account"]["username"], "alice");
        let old = client.cookie.borrow().clone();
        client.call(Route::SignOut, &[], None).await.expect(200);
        *client.cookie.borrow_mut() = old;
        assert!(client.get(Route::FindSession, &[]).await.expect(200)["account"].is_null());
        client.get(Route::FindDashboard, &[]).await.refused(401, "not-signed-in");
        for login in ["alice", "ALICE", "alice@example.com", " Alice@Example.com "] {
            let body = json!({ "login": login, "password": PASSWORD });
            stage.client().post(Route::SignIn, &[], body).await.expect(200);
        }
    });
}

#[test]
fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    block_on(async {
        let stage = TestDeployment::new(2);
        stage.unapproved("alice").await;
        let mut texts = Vec::new();
        for (login, password) in
            [("alice", "wrong password!"), ("nobody", PASSWORD), ("no@example.com", PASSWORD), ("operator", PASSWORD)]
        {
            let reply = stage.client().post(Route::SignIn, &[], json!({ "login": login, "password": password })).await;
            let mut problem = reply.refused(401, "wrong-credentials");
            problem["request_id"] = json!(null);
            texts.push(problem.to_string());
        }
        texts.dedup();
        assert_eq!(texts.len(), 1);
    });
}

#[test]
fn a_taken_name_and_a_taken_e_mail_get_the_same_answer() {
    block_on(async {
        let stage = TestDeployment::new(3);
        stage.unapproved("alice").await;
        let mut texts = Vec::new();
        for (username, email) in
            [("Alice", "new@example.com"), ("new_name", "ALICE@example.com"), ("operator", "x@example.com")]
        {
            let body = json!({ "username": username, "email": email, "password": PASSWORD });
            let mut problem = stage.client().post(Route::SignUp, &[], body).await.refused(409, "name-taken");
            problem["request_id"] = json!(null);
            texts.push(problem.to_string());
        }
        texts.dedup();
        assert_eq!(texts.len(), 1);
        // The half of the claim that succeeded was given back at once.
        let body = json!({ "username": "new_name", "email": "new@example.com", "password": PASSWORD });
        stage.client().post(Route::SignUp, &[], body).await.expect(200);
    });
}

#[test]
fn of_64_sign_ups_at_once_with_one_name_or_one_e_mail_one_wins() {
    for seed in 0..2 {
        block_on(async {
            let stage = TestDeployment::new(seed);
            let tries = (0..64).map(|n| {
                let client = stage.client();
                let username = if n % 2 == 0 { "alice".to_owned() } else { format!("user_{n}") };
                let email = if n % 2 == 0 { format!("user{n}@example.com") } else { "one@example.com".to_owned() };
                async move {
                    let body = json!({ "username": username, "email": email, "password": PASSWORD });
                    (n % 2, client.post(Route::SignUp, &[], body).await.status)
                }
            });
            let answers = join_all(tries).await;
            for kind in [0, 1] {
                let won = answers.iter().filter(|answer| **answer == (kind, 200)).count();
                let refused = answers.iter().filter(|answer| **answer == (kind, 409)).count();
                assert_eq!((won, refused), (1, 31), "seed {seed}");
            }
        });
    }
}

#[test]
fn sessions_are_listed_and_revocable_and_end_by_themselves() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let first = stage.unapproved("alice").await;
        let second = stage.client();
        second.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD })).await.expect(200);
        let list = second.get(Route::ListSessions, &[]).await.expect(200);
        let sessions = list["sessions"].as_array().unwrap();
        assert_eq!(sessions.len(), 2);
        let other = sessions.iter().find(|session| session["current"] == false).unwrap()["id"].as_str().unwrap();
        second.call(Route::RevokeSession, &[("session_id", other)], None).await.expect(200);
        second.call(Route::RevokeSession, &[("session_id", other)], None).await.refused(404, "not-found");
        first.get(Route::ListSessions, &[]).await.refused(401, "not-signed-in");
        stage.world.advance_seconds(30 * 24 * 3600 - 1);
        second.get(Route::ListSessions, &[]).await.expect(200);
        stage.world.advance_seconds(1);
        second.get(Route::ListSessions, &[]).await.refused(401, "not-signed-in");
    });
}

#[test]
fn a_new_password_ends_every_other_session() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let client = stage.unapproved("alice").await;
        let other = stage.client();
        other.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD })).await.expect(200);
        let change = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
        let next = "another good password";
        let problem = client.post(Route::ChangePassword, &[], change("not this one!", next)).await;
        assert_eq!(problem.refused(422, "invalid-fields")["errors"][0]["field"], "current_password");
        let problem = client.post(Route::ChangePassword, &[], change(PASSWORD, "alicealicealice")).await;
        assert_eq!(problem.refused(422, "invalid-fields")["errors"][0]["field"], "new_password");
        client.post(Route::ChangePassword, &[], change(PASSWORD, next)).await.expect(200);
        other.get(Route::ListSessions, &[]).await.refused(401, "not-signed-in");
        client.get(Route::ListSessions, &[]).await.expect(200);
        let sign_in = |password: &str| json!({ "login": "alice", "password": password });
        stage.client().post(Route::SignIn, &[], sign_in(PASSWORD)).await.refused(401, "wrong-credentials");
        stage.client().post(Route::SignIn, &[], sign_in(next)).await.expect(200);
        let operator = stage.operator().await;
        operator.post(Route::ChangePassword, &[], change(OPERATOR_PASSWORD, next)).await.refused(409, "conflict");
    });
}

#[test]
fn the_operators_account_begins_once_with_their_first_sign_in() {
    block_on(async {
        let stage = TestDeployment::new(6);
        let tries = join_all((0..8).map(|_| stage.operator())).await;
        let mut ids = join_all(tries.iter().map(|client| client.account_id())).await;
        ids.dedup();
        assert_eq!(ids.len(), 1);
    });
}

#[test]
fn tries_beyond_the_rate_are_refused_by_address() {
    block_on(async {
        let stage = TestDeployment::new(7);
        stage.world.admitted.set(3);
        let try_from = |address: &'static str, login: &str| {
            let client = stage.client();
            let body = json!({ "login": login, "password": "wrong password" }).to_string();
            async move {
                let headers = [("content-type", "application/json"), ("origin", ORIGIN), ("cf-connecting-ip", address)];
                client.send(Method::Post, "/api/sessions", &headers, body.as_bytes()).await
            }
        };
        for _ in 0..3 {
            try_from("203.0.113.7", "alice").await.refused(401, "wrong-credentials");
        }
        let reply = try_from("203.0.113.7", "alice").await;
        assert_eq!(reply.header("retry-after"), Some("60"));
        reply.refused(429, "too-many-requests");
        // Nobody else is locked out.
        try_from("203.0.113.8", "bob").await.refused(401, "wrong-credentials");
    });
}

#[test]
fn an_application_goes_back_and_forth_until_it_is_approved() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let (client, operator) = (stage.unapproved("alice").await, stage.operator().await);
        let id = client.own_developer_account().await;
        let decide = |decision: &str, reason: &str| json!({ "decision": decision, "reason": reason });
        let account = [("developer_account_id", id.as_str())];
        let queue = |state: &'static str| {
            let operator = operator.clone();
            async move {
                let path = format!("/api/review/applications?state={state}");
                let reply = operator.send(Method::Get, &path, &[], b"").await.expect(200);
                reply["items"].as_array().unwrap().len()
            }
        };

        client.post(Route::CreateApp, &[], json!({})).await.refused(403, "not-approved");
        client.post(Route::SubmitApplication, &[], application()).await.expect(200);
        client.post(Route::SubmitApplication, &[], application()).await.refused(409, "conflict");
        assert_eq!(queue("in-review").await, 1);
        let vague = operator.post(Route::DecideApplication, &account, decide("request-information", " ")).await;
        assert_eq!(vague.refused(422, "invalid-fields")["errors"][0]["field"], "reason");
        operator
            .post(Route::DecideApplication, &account, decide("request-information", "Which calendar?"))
            .await
            .expect(200);
        assert_eq!((queue("in-review").await, queue("more-information-requested").await), (0, 1));
        let seen = client.get(Route::FindApplication, &[]).await.expect(200);
        assert_eq!(seen["state"], "more-information-requested");
        assert_eq!(seen["history"][1]["reason"], "Which calendar?");
        client.post(Route::SubmitApplication, &[], application()).await.expect(200);
        operator.post(Route::DecideApplication, &account, decide("decline", "Not for us")).await.expect(200);
        client.post(Route::CreateApp, &[], json!({})).await.refused(403, "not-approved");
        client.post(Route::SubmitApplication, &[], application()).await.expect(200);
        operator.post(Route::DecideApplication, &account, decide("approve", "")).await.expect(200);
        operator.post(Route::DecideApplication, &account, decide("approve", "")).await.refused(409, "conflict");
        let history = client.get(Route::FindApplication, &[]).await.expect(200);
        assert_eq!(history["history"].as_array().unwrap().len(), 6);
        client.create_app("Weather").await;
    });
}

#[test]
fn with_automatic_approval_a_complete_application_is_approved_at_once() {
    block_on(async {
        let stage = TestDeployment::with(9, &[("APPROVAL", "auto")]);
        let client = stage.unapproved("alice").await;
        let mut short = application();
        short["use_case"] = json!("too short");
        client.post(Route::SubmitApplication, &[], short).await.refused(422, "invalid-fields");
        let seen = client.post(Route::SubmitApplication, &[], application()).await.expect(200);
        assert_eq!(seen["state"], "approved");
        client.create_app("Weather").await;
    });
}

#[test]
fn the_operators_lists_come_in_pages_that_miss_nobody() {
    block_on(async {
        let stage = TestDeployment::new(10);
        let operator = stage.operator().await;
        for n in 0..120u64 {
            let id = gatehouse_shared::model::AccountId::from_random(n.to_be_bytes());
            let username = format!("user_{n:03}");
            let account = json!({ "id": id, "username": username, "role": "developer", "status": "active" });
            // Three developer accounts have one name, and seven came at one time.
            let developer = json!({
                "id": id, "name": format!("user_{:03}", n / 3), "applicant": username,
                "application_state": "in-review", "since": n / 7,
            });
            let runtime = MemoryRuntime(stage.world.clone());
            use gatehouse_domain::ports::{ObjectName, Objects};
            for call in [
                json!({ "PutAccount": { "entry": account, "version": 1 } }),
                json!({ "PutDeveloperAccount": { "entry": developer, "version": 1 } }),
            ] {
                runtime.call(&ObjectName::AccountIndex, call.to_string()).await.unwrap();
            }
        }
        for path in [
            "/api/review/applications?state=in-review",
            "/api/review/accounts?username=user",
            "/api/review/developer-accounts?name=user",
        ] {
            let (mut seen, mut cursor) = (std::collections::BTreeSet::new(), None);
            loop {
                let next = cursor.map(|cursor| format!("{path}&cursor={cursor}")).unwrap_or(path.to_owned());
                let page = operator.send(Method::Get, &next, &[], b"").await.expect(200);
                let items = page["items"].as_array().unwrap();
                assert!(items.len() <= 50);
                seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = Some(next.to_owned()),
                    None => break,
                }
            }
            assert_eq!(seen.len(), 120, "{path}");
        }
    });
}

#[test]
fn asking_for_what_does_not_exist_leaves_nothing_behind() {
    block_on(async {
        let stage = TestDeployment::new(11);
        let operator = stage.operator().await;
        let before = stage.world.tables();
        let client = stage.client();
        let made_up = format!("1234567890123456789.{}", "x".repeat(43));
        *client.cookie.borrow_mut() = Some(made_up);
        assert!(client.get(Route::FindSession, &[]).await.expect(200)["account"].is_null());
        client.get(Route::FindDashboard, &[]).await.refused(401, "not-signed-in");
        client.post(Route::SubmitApplication, &[], application()).await.refused(401, "not-signed-in");
        let body = json!({ "login": "nobody", "password": PASSWORD });
        client.post(Route::SignIn, &[], body).await.refused(401, "wrong-credentials");
        let nobody = [("account_id", "1234567890123456789")];
        operator.get(Route::FindAccount, &nobody).await.refused(404, "not-found");
        let decision = json!({ "decision": "approve" });
        let nobodys = [("developer_account_id", "1234567890123456789")];
        operator.get(Route::FindDeveloperAccount, &nobodys).await.refused(404, "not-found");
        operator.post(Route::DecideApplication, &nobodys, decision).await.refused(404, "not-found");
        assert_eq!(stage.world.tables(), before);
    });
}

#[test]
fn a_sign_in_with_the_old_password_never_outlives_its_change() {
    let mut refused = 0;
    for seed in 0..12 {
        block_on(async {
            let stage = TestDeployment::new(seed);
            let owner = stage.unapproved("alice").await;
            let other = stage.client();
            let sign_in = other.post(Route::SignIn, &[], json!({ "login": "alice", "password": PASSWORD }));
            let body = json!({ "current_password": PASSWORD, "new_password": "another good password" });
            let change = owner.post(Route::ChangePassword, &[], body);
            let (signed_in, changed) = futures::future::join(sign_in, change).await;
            changed.expect(200);
            // Before the change or after it: what the old password opened is over.
            if signed_in.status != 200 {
                refused += 1;
                signed_in.refused(401, "wrong-credentials");
            }
            assert!(other.get(Route::FindSession, &[]).await.expect(200)["account"].is_null(), "seed {seed}");
            owner.get(Route::ListSessions, &[]).await.expect(200);
        });
    }
    assert!(refused > 0, "no sign-in was overtaken by the change");
}

#[test]
fn an_answer_to_a_session_that_has_ended_takes_no_newer_cookie_away() {
    block_on(async {
        let stage = TestDeployment::new(30);
        let client = stage.unapproved("alice").await;
        let ended = client.cookie.borrow().clone();
        client
            .post(
                Route::ChangePassword,
                &[],
                json!({ "current_password": PASSWORD, "new_password": "another good one" }),
            )
            .await
            .expect(200);
        client.call(Route::SignOut, &[], None).await.expect(200);
        *client.cookie.borrow_mut() = ended;
        let late = client.get(Route::FindDashboard, &[]).await;
        assert_eq!(late.header("set-cookie"), None);
        late.refused(401, "not-signed-in");
    });
}
