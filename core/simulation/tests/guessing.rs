//! Guessing at names and passwords: what is counted, and what nobody learns.

use crate::support;
use crate::support::sign_in::Asking;
use crate::support::{OPERATOR_PASSWORD, ORIGIN, PASSWORD, Reply, TestDeployment, sign_in};
use base64ct::{Base64, Encoding};
use futures::executor::block_on;
use gatehouse_domain::account::hashes_computed;
use gatehouse_domain::ports::RateLimit;
use gatehouse_edge::http::{Body, Request};
use gatehouse_shared::api::Route;
use gatehouse_simulation::{Fault, Port};
use serde_json::{Value, json};
use std::cell::RefCell;

/// A browser elsewhere, with its cookies.
struct Browser<'a> {
    stage: &'a TestDeployment,
    address: String,
    cookies: RefCell<Vec<(String, String)>>,
}

impl<'a> Browser<'a> {
    fn at(stage: &'a TestDeployment, address: &str) -> Self {
        Self { stage, address: address.to_owned(), cookies: RefCell::default() }
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Reply {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers = vec![("content-type", "application/json".to_owned()), ("origin", ORIGIN.to_owned())];
        headers.push(("cookie", cookies.join("; ")));
        if !self.address.is_empty() {
            headers.push(("cf-connecting-ip", self.address.clone()));
        }
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let reply = self.stage.client().raw(method, path, &headers, Body::Read(body)).await;
        for (_, set) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.borrow_mut();
            cookies.retain(|(kept, _)| kept != name);
            cookies.push((name.to_owned(), value.to_owned()));
        }
        reply
    }

    async fn sign_in(&self, login: &str, password: &str) -> u16 {
        self.send("POST", "/api/sessions", &json!({ "login": login, "password": password })).await.status
    }
}

/// Which objects a call asked, in order, and how many hashes it computed.
async fn cost(stage: &TestDeployment, call: impl Future<Output = u16>) -> (u16, Vec<String>, u64) {
    *stage.world.asked.borrow_mut() = Some(Vec::new());
    let before = hashes_computed();
    let status = call.await;
    let asked = stage.world.asked.borrow_mut().take().unwrap();
    (status, asked, hashes_computed() - before)
}

#[test]
fn a_known_and_an_unknown_name_cost_the_same_calls_and_one_hash_at_sign_in() {
    block_on(async {
        for operator_is_there in [false, true] {
            let stage = TestDeployment::new(1);
            stage.unapproved("alice").await;
            if operator_is_there {
                stage.operator().await;
            }
            let mut costs = Vec::new();
            for login in ["alice", "alice@example.com", "nobody", "nobody@example.com", "operator"] {
                let browser = Browser::at(&stage, "127.0.0.1");
                costs.push(cost(&stage, browser.sign_in(login, "a wrong password")).await);
            }
            let expected = (401, vec!["directory".to_owned(), "account".to_owned()], 1);
            assert!(costs.iter().all(|cost| *cost == expected), "{costs:?}");
        }
    });
}

#[test]
fn a_taken_name_costs_the_same_calls_and_one_hash_at_sign_up_whichever_it_is() {
    block_on(async {
        for operator_is_there in [false, true] {
            let stage = TestDeployment::new(2);
            stage.unapproved("alice").await;
            if operator_is_there {
                stage.operator().await;
            }
            let mut costs = Vec::new();
            for (username, email) in [
                ("alice", "new@example.com"),
                ("someone", "alice@example.com"),
                ("alice", "alice@example.com"),
                ("operator", "new@example.com"),
                ("operator", "alice@example.com"),
            ] {
                let body = json!({ "username": username, "email": email, "password": PASSWORD });
                let browser = Browser::at(&stage, "127.0.0.1");
                let call = async { browser.send("POST", "/api/accounts", &body).await.status };
                costs.push(cost(&stage, call).await);
            }
            assert_eq!((costs[0].0, costs[0].2), (409, 1));
            assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
            // Nothing of it stays reserved.
            let body = json!({ "username": "someone", "email": "new@example.com", "password": PASSWORD });
            stage.client().post(Route::SignUp, &[], body).await.expect(200);
            stage.operator().await;
        }
    });
}

#[test]
fn one_name_is_guessed_at_no_faster_from_many_networks() {
    block_on(async {
        let stage = TestDeployment::new(3);
        stage.world.admitted.set(10);
        stage.unapproved("alice").await;
        let mut admitted = [0; 2];
        for (index, login) in ["alice", "operator"].into_iter().enumerate() {
            for n in 0..40 {
                // Each from a /48 of its own.
                let browser = Browser::at(&stage, &format!("2001:db8:{:x}::1", 100 * index + n));
                admitted[index] += u32::from(browser.sign_in(login, "a wrong password").await == 401);
            }
        }
        assert_eq!(admitted, [10, 10]);
        // Another name is another budget.
        assert_eq!(Browser::at(&stage, "2001:db8:fff::1").sign_in("bob", "a wrong password").await, 401);
    });
}

#[test]
fn guesses_from_elsewhere_do_not_lock_the_owner_out_of_a_browser_that_is_known() {
    block_on(async {
        let stage = TestDeployment::new(4);
        stage.world.admitted.set(10);
        stage.unapproved("alice").await;
        let (known, operators) = (Browser::at(&stage, "203.0.113.7"), Browser::at(&stage, "203.0.113.8"));
        assert_eq!(known.sign_in("alice", PASSWORD).await, 200);
        assert_eq!(operators.sign_in("operator", OPERATOR_PASSWORD).await, 200);
        for n in 0..20 {
            for login in ["alice", "alice@example.com", "operator"] {
                Browser::at(&stage, &format!("198.51.100.{n}")).sign_in(login, "a wrong password").await;
            }
        }
        assert_eq!(Browser::at(&stage, "203.0.113.9").sign_in("alice", PASSWORD).await, 429);
        assert_eq!(known.sign_in("alice", PASSWORD).await, 200);
        assert_eq!(known.sign_in("Alice@example.com", PASSWORD).await, 200);
        assert_eq!(operators.sign_in("operator", OPERATOR_PASSWORD).await, 200);
        // Being known for one name is nothing for another, and no licence to guess.
        let mallory = Browser::at(&stage, "203.0.113.10");
        let body = json!({ "username": "mallory", "email": "m@example.com", "password": PASSWORD });
        assert_eq!(mallory.send("POST", "/api/accounts", &body).await.status, 200);
        assert_eq!(mallory.sign_in("alice", PASSWORD).await, 429);
        let elsewhere = Browser { address: "203.0.113.11".into(), ..Browser::at(&stage, "") };
        *elsewhere.cookies.borrow_mut() = known.cookies.borrow().clone();
        let mut tries = 0;
        while elsewhere.sign_in("alice", "a wrong password").await == 401 {
            tries += 1;
        }
        assert!(tries <= 10, "{tries}");
    });
}

#[test]
fn a_48_of_ipv6_is_counted_besides_each_64() {
    block_on(async {
        let stage = TestDeployment::new(5);
        stage.world.admitted.set(10);
        let mut admitted = 0;
        for n in 0..40 {
            let browser = Browser::at(&stage, &format!("2001:db8:7:{n:x}::1"));
            admitted += u32::from(browser.sign_in(&format!("user_{n}"), "a wrong password").await == 401);
        }
        assert_eq!(admitted, 10);
        assert_eq!(Browser::at(&stage, "2001:db8:8::1").sign_in("user_1", "a wrong password").await, 401);
    });
}

#[test]
fn without_an_address_the_name_is_still_counted_and_this_machine_is_an_address_like_others() {
    block_on(async {
        let stage = TestDeployment::new(6);
        stage.world.admitted.set(10);
        let mut admitted = 0;
        for _ in 0..20 {
            admitted += u32::from(Browser::at(&stage, "").sign_in("alice", "a wrong password").await == 401);
        }
        assert_eq!(admitted, 10);
        // A proxy that nobody was told to trust makes all its clients this one: they are limited together.
        for address in ["127.0.0.1", "::1"] {
            let mut admitted = 0;
            for n in 0..20 {
                let name = format!("{address} {n}");
                admitted += u32::from(Browser::at(&stage, address).sign_in(&name, "a wrong password").await == 401);
            }
            assert_eq!(admitted, 10, "{address}");
        }
    });
}

#[test]
fn an_address_is_told_in_one_way_however_it_is_written() {
    let request = |address: &str| Request {
        method: "POST".into(),
        url: format!("{ORIGIN}/api/sessions"),
        headers: Vec::new(),
        body: Body::Read(Vec::new()),
        address: Some(address.to_owned()),
    };
    for (address, client, network) in [
        ("203.0.113.7", Some("203.0.113.7"), None),
        ("::ffff:203.0.113.7", Some("203.0.113.7"), None),
        ("2001:db8:1:2:3:4:5:6", Some("2001:db8:1:2::/64"), Some("2001:db8:1::/48")),
        ("2001:0DB8:0001:0002::9", Some("2001:db8:1:2::/64"), Some("2001:db8:1::/48")),
        ("127.0.0.1", Some("127.0.0.1"), None),
        ("unknown", Some("unknown"), None),
    ] {
        let request = request(address);
        assert_eq!((request.client().as_deref(), request.network().as_deref()), (client, network), "{address}");
    }
}

#[test]
fn a_made_up_cookie_reaches_no_object() {
    block_on(async {
        let stage = TestDeployment::new(7);
        let client = stage.unapproved("alice").await;
        let id = client.account_id().await;
        let genuine = client.cookie.borrow().clone().unwrap();
        let other_seal = format!("{}{}", &genuine[..genuine.len() - 1], if genuine.ends_with('0') { '1' } else { '0' });
        let other_account = genuine.replacen(&id, "1234567890123456789", 1);
        let made_up = [format!("{id}.{}", "a".repeat(43)), format!("{id}.{}.{}", "a".repeat(43), "1".repeat(23))];
        let before = stage.world.objects_asked.get();
        for cookie in made_up.into_iter().chain([other_seal, other_account]) {
            *client.cookie.borrow_mut() = Some(cookie);
            assert!(client.get(Route::FindSession, &[]).await.expect(200)["account"].is_null());
            client.get(Route::FindDashboard, &[]).await.refused(401, "not-signed-in");
        }
        assert_eq!(stage.world.objects_asked.get(), before);
    });
}

#[test]
fn looks_at_a_consent_page_are_counted_by_address_whatever_cookie_is_sent() {
    block_on(async {
        let stage = TestDeployment::new(8);
        let asking = Asking::new(&stage.developer("alice").await, "read").await;
        let user = stage.unapproved("uma").await;
        stage.world.admitted.set(5);
        let ended = user.cookie.borrow().clone().unwrap();
        let path = format!("/api/oauth2/consent?{}", sign_in::authorize_query(&asking.client_id, "notes.read"));
        let look = async |address: &str, cookie: &str| {
            let browser = Browser::at(&stage, address);
            browser.cookies.borrow_mut().push(("__Host-gatehouse".into(), cookie.into()));
            browser.send("GET", &path, &Value::Null).await.status
        };
        // Whoever is signed in looks as often as they like.
        for _ in 0..20 {
            assert_eq!(look("203.0.113.6", &ended).await, 200);
        }
        user.call(Route::SignOut, &[], None).await.expect(200);
        let made_up = format!("{}.{}", user_id(&ended), "a".repeat(43));
        for (address, cookie) in [("203.0.113.7", ""), ("203.0.113.8", &made_up), ("203.0.113.9", &ended)] {
            let mut admitted = 0;
            for _ in 0..20 {
                admitted += u32::from(look(address, cookie).await == 200);
            }
            assert_eq!(admitted, 5, "{cookie}");
        }
    });
}

fn user_id(cookie: &str) -> &str {
    cookie.split('.').next().unwrap()
}

#[test]
fn the_platforms_limiters_admit_what_the_code_says() {
    let config = include_str!("../../../wrangler.toml");
    let entries: Vec<&str> = config.split("[[ratelimits]]").skip(1).collect();
    assert_eq!(entries.len(), RateLimit::ALL.len());
    for limit in RateLimit::ALL {
        let name = format!("name = \"{}\"", limit.binding());
        let entry = entries.iter().find(|entry| entry.contains(&name)).unwrap_or_else(|| panic!("no {name}"));
        let simple = format!("simple = {{ limit = {}, period = 60 }}", limit.a_minute());
        assert!(entry.contains(&simple), "{name}: {simple}");
    }
}

#[test]
fn an_app_whose_sign_in_is_off_gets_no_request_token() {
    block_on(async {
        let stage = TestDeployment::new(9);
        let developer = stage.developer("alice").await;
        let asking = Asking::new(&developer, "read").await;
        asking.asked(&stage, "on", sign_in::CALLBACK).await;
        let off = json!({ "sign_in": false });
        developer.call(Route::UpdateApp, &[("app_id", &asking.app)], Some(off)).await.expect(200);
        let reply = asking.request_token(&stage, "off", &[("oauth_callback", sign_in::CALLBACK)]).await;
        assert_eq!((reply.status, &reply.json["errors"][0]["code"]), (403, &json!(453)), "{}", reply.text);
        let object = gatehouse_domain::ports::ObjectName::AppTraffic(asking.app.parse().unwrap());
        assert_eq!(stage.world.query(&object, "SELECT 'one' FROM request_token").len(), 1);
    });
}

#[test]
fn request_tokens_are_counted_by_app_and_what_is_refused_by_address() {
    block_on(async {
        let stage = TestDeployment::new(10);
        let (alice, bob) = (stage.developer("alice").await, stage.developer("bob").await);
        let asking = Asking::new(&alice, "read").await;
        let (other, created) = bob.create_app("Other").await;
        sign_in::turn_on(&bob, &other).await;
        let nobody = json!({ "access_token": "", "access_token_secret": "" });
        let other = Asking {
            app: other,
            client_id: String::new(),
            client_secret: String::new(),
            signer: support::signing::Signer::new(&created["credentials"], &nobody),
        };
        stage.world.admitted.set(5);
        let ask = async |asking: &Asking, nonce: String| {
            asking.request_token(&stage, &nonce, &[("oauth_callback", sign_in::CALLBACK)]).await
        };
        for n in 0..5 {
            assert_eq!(ask(&asking, format!("n{n}")).await.status, 200);
        }
        let refused = ask(&asking, "sixth".into()).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")), "{}", refused.text);
        assert_eq!(ask(&other, "other".into()).await.status, 200);
        // Nobody's calls, from one address and from another.
        for path in ["/oauth/request_token", "/oauth/access_token", "/oauth2/token", "/oauth2/invalidate_token"] {
            let stage = TestDeployment::new(11);
            stage.world.admitted.set(5);
            let send = async |address: &str| {
                let headers = [("cf-connecting-ip", address), ("authorization", "Basic eDp5")];
                stage.client().raw("POST", path, &headers, Body::Read(Vec::new())).await
            };
            for _ in 0..5 {
                assert!(matches!(send("203.0.113.7").await.status, 400..=403), "{path}");
            }
            let refused = send("203.0.113.7").await;
            assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")), "{path}: {}", refused.text);
            assert_ne!(send("203.0.113.8").await.status, 429, "{path}");
        }
    });
}

#[test]
fn workers_that_share_an_address_get_bearer_tokens_each_by_its_own_app() {
    block_on(async {
        let stage = TestDeployment::new(12);
        let developer = stage.developer("alice").await;
        let mut apps = Vec::new();
        for name in ["One", "Two", "Three"] {
            let (_, created) = developer.create_app(name).await;
            let pair = &created["credentials"];
            let (key, secret) = (sign_in::text(&pair["api_key"]), sign_in::text(&pair["api_key_secret"]));
            apps.push(format!("Basic {}", Base64::encode_string(format!("{key}:{secret}").as_bytes())));
        }
        stage.world.admitted.set(5);
        let grant = async |basic: &str| {
            let form = "application/x-www-form-urlencoded";
            let headers = [("cf-connecting-ip", "203.0.113.7"), ("authorization", basic), ("content-type", form)];
            let body = Body::Read(b"grant_type=client_credentials".to_vec());
            stage.client().raw("POST", "/oauth2/token", &headers, body).await.status
        };
        for _ in 0..5 {
            for basic in &apps {
                assert_eq!(grant(basic).await, 200);
            }
        }
        assert_eq!(grant(&apps[0]).await, 429);
    });
}

#[test]
fn calls_to_the_endpoints_of_oauth_2_are_counted_as_those_of_oauth_1() {
    block_on(async {
        let stage = TestDeployment::new(21);
        let developer = stage.developer("alice").await;
        let asking = Asking::new(&developer, "read").await;
        let post = async |address: &str, secret: &str| {
            let basic = Base64::encode_string(format!("{}:{secret}", asking.client_id).as_bytes());
            let authorization = format!("Basic {basic}");
            let headers = [
                ("authorization", authorization.as_str()),
                ("content-type", "application/x-www-form-urlencoded"),
                ("cf-connecting-ip", address),
            ];
            stage.client().raw("POST", "/2/oauth2/introspect", &headers, Body::Read(b"token=x".to_vec())).await
        };
        stage.world.admitted.set(5);
        // Each address of an IPv6 network has tries of its own, and the network as well.
        let mut refused = 0;
        for n in 0..20 {
            refused += u32::from(post(&format!("2001:db8:1:{n:x}::1"), "wrong").await.status == 401);
        }
        assert_eq!(refused, 5);
        // What the App proves is counted as the App's, from wherever it comes.
        stage.world.advance_seconds(60);
        let mut answered = 0;
        for n in 0..20 {
            let reply = post(&format!("198.51.100.{n}"), &asking.client_secret).await;
            answered += u32::from(reply.status == 200);
            if reply.status != 200 {
                assert_eq!((reply.status, &reply.json["error"]), (429, &json!("slow_down")));
                assert_eq!(reply.header("retry-after"), Some("60"));
            }
        }
        assert_eq!(answered, 5);
        // A failure here is nobody's refusal.
        stage.world.advance_seconds(60);
        for _ in 0..20 {
            stage.world.inject(Fault::Hang { port: Port::KvRead, after_calls: 0 });
            let isolate =
                TestDeployment { world: stage.world.clone(), isolate: TestDeployment::isolate(&stage.world, &[]) };
            let basic = asking.basic();
            let headers = [("authorization", basic.as_str()), ("cf-connecting-ip", "203.0.113.20")];
            let reply =
                isolate.client().raw("POST", "/2/oauth2/introspect?token=x", &headers, Body::Read(Vec::new())).await;
            assert_eq!(
                (reply.status, &reply.json["error"]),
                (503, &json!("temporarily_unavailable")),
                "{}",
                reply.text
            );
        }
    });
}
