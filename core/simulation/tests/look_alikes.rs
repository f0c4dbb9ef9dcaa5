//! Names that look like others, texts as the world's keyboards write them, and
//! callbacks that go where they should not.

use crate::support::{PASSWORD, TestDeployment, application};
use futures::executor::block_on;
use gatehouse_shared::api::Route;
use serde_json::{Value, json};

fn new_app(name: &str) -> Value {
    json!({ "name": name, "description": "An App for tests" })
}

#[test]
fn an_app_name_that_looks_like_anothers_is_taken() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let (alice, bob) = (stage.developer("alice").await, stage.developer("bob").await);
        alice.create_app("Weather Pro").await;
        for name in ["Wеather Pro", "WЕАTHЕR PRО", "weatherpro", "Ｗeather Pro", "Wea\u{200c}ther Pro"] {
            let reply = bob.post(Route::CreateApp, &[], new_app(name)).await;
            assert!(reply.status == 409 || reply.status == 422, "{name}: {} {}", reply.status, reply.json);
        }
        bob.post(Route::CreateApp, &[], new_app("Wеather Pro")).await.refused(409, "name-taken");

        // The other way round: the imitation came first.
        bob.create_app("Сloud").await;
        alice.post(Route::CreateApp, &[], new_app("Cloud")).await.refused(409, "name-taken");
        // ASCII names are compared by their letters, not by their look.
        alice.create_app("modern").await;
        bob.create_app("modem").await;
    });
}

#[test]
fn a_name_that_is_given_up_frees_its_look() {
    block_on(async {
        let stage = TestDeployment::new(2);
        let (alice, bob) = (stage.developer("alice").await, stage.developer("bob").await);
        let (app, _) = alice.create_app("Сloud").await;
        let params = [("app_id", app.as_str())];
        // The App itself may take the name that its own looks like.
        alice.call(Route::UpdateApp, &params, Some(json!({ "name": "Cloud" }))).await.expect(200);
        bob.post(Route::CreateApp, &[], new_app("Сloud")).await.refused(409, "name-taken");
        alice.call(Route::UpdateApp, &params, Some(json!({ "name": "Rain" }))).await.expect(200);
        stage.world.settle().await;
        bob.create_app("Сloud").await;
    });
}

#[test]
fn a_reserved_word_is_refused_in_the_look_of_a_name_and_of_an_organization() {
    block_on(async {
        let stage = TestDeployment::new(3);
        let client = stage.unapproved("carol").await;
        let mut request = application();
        for organization in ["Acme", "Аcmе Ltd", "A-c-m-e", "ácme"] {
            request["organization"] = json!(organization);
            let reply =
                client.post(Route::SubmitApplication, &[], request.clone()).await.refused(422, "invalid-fields");
            assert_eq!(reply["errors"][0]["field"], "organization", "{organization}");
            assert_eq!(reply["errors"][0]["rule"], "reserved-word", "{organization}");
        }
        let alice = stage.developer("alice").await;
        let (app, _) = alice.create_app("Weather").await;
        for (field, text) in [("name", "Аcme Weather"), ("organization_name", "ᴀᴄᴍᴇ")] {
            let reply = alice.call(Route::UpdateApp, &[("app_id", &app)], Some(json!({ field: text }))).await;
            let reply = reply.refused(422, "invalid-fields");
            assert_eq!(
                (&reply["errors"][0]["field"], &reply["errors"][0]["rule"]),
                (&json!(field), &json!("reserved-word"))
            );
        }
    });
}

#[test]
fn persian_and_emoji_are_taken_as_their_keyboards_write_them() {
    block_on(async {
        let stage = TestDeployment::new(4);
        let client = stage.unapproved("carol").await;
        let mut request = application();
        request["use_case"] = json!("می\u{200c}خواهم داده\u{200c}ها را برای پژوهش بخوانم.\n".repeat(4));
        client.post(Route::SubmitApplication, &[], request).await.expect(200);
        let alice = stage.developer("alice").await;
        let body = json!({ "name": "ශ්\u{200d}රී ❤\u{fe0f}", "description": "1\u{fe0f}\u{20e3} 👨\u{200d}👩\u{200d}👧 هوای خانه\u{200c}ها" });
        let created = alice.post(Route::CreateApp, &[], body.clone()).await.expect(200);
        assert_eq!(created["app"]["settings"]["description"], body["description"]);
        // With and without the joiner is one name.
        alice.post(Route::CreateApp, &[], new_app("ශ්රී ❤")).await.refused(409, "name-taken");
    });
}

#[test]
fn a_person_signs_in_with_the_password_as_another_keyboard_composes_it() {
    block_on(async {
        let stage = TestDeployment::new(5);
        let client = stage.client();
        let sign_up = json!({ "username": "nino", "email": "nino@example.com", "password": "mañana por la mañana" });
        client.post(Route::SignUp, &[], sign_up).await.expect(200);
        let decomposed = json!({ "login": "nino", "password": "man\u{303}ana por la man\u{303}ana" });
        stage.client().post(Route::SignIn, &[], decomposed).await.expect(200);
        let other = json!({ "login": "nino", "password": PASSWORD });
        stage.client().post(Route::SignIn, &[], other).await.refused(401, "wrong-credentials");
    });
}

#[test]
fn a_plain_http_callback_elsewhere_than_on_loopback_needs_a_setting() {
    block_on(async {
        let with = |url: &str| {
            let mut body = new_app("Weather");
            body["callback_urls"] = json!([url]);
            body
        };
        let stage = TestDeployment::new(6);
        let alice = stage.developer("alice").await;
        let reply =
            alice.post(Route::CreateApp, &[], with("http://example.com/cb")).await.refused(422, "invalid-fields");
        assert_eq!(reply["errors"][0]["field"], "callback_urls[0]");
        assert_eq!(reply["errors"][0]["rule"], "https");
        alice.post(Route::CreateApp, &[], with("http://localhost:8000/cb")).await.expect(200);

        let stage = TestDeployment::with(7, &[("HTTP_CALLBACKS", "anywhere")]);
        let alice = stage.developer("alice").await;
        alice.post(Route::CreateApp, &[], with("http://example.com/cb")).await.expect(200);
    });
}
