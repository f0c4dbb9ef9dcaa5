//! Apps that run in a browser, on another origin than the API: a Single Page App in real Chromium, and what the gate says
//! to browsers on the wire.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::Browser;
use gatehouse_tests::{
    Client, Reply, Server, TestDeployment, Upstream, answer_with, application, first_project, header_in,
    sign_up_request, unique, wire,
};
use serde_json::{Value, json};

/// A Single Page App: signs its user in with PKCE, calls the API, and writes down what it could read of each answer.
const PAGE: &str = r##"<!doctype html><title>App</title><button id="go">Sign in</button><pre id="out"></pre>
<script type="module">
  const gate = "{gate}", client_id = "{client}", redirect_uri = location.origin + "/cb";
  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  document.querySelector("#go").onclick = async () => {
    const code_verifier = base64(crypto.getRandomValues(new Uint8Array(48)));
    sessionStorage.setItem("verifier", code_verifier);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code_verifier));
    location = gate + "/i/oauth2/authorize?" + new URLSearchParams({
      response_type: "code", client_id, redirect_uri, scope: "notes.read", state: "s",
      code_challenge: base64(digest), code_challenge_method: "S256",
    });
  };
  const code = new URLSearchParams(location.search).get("code");
  if (code !== null) {
    const told = {};
    const call = async (name, path, options) => {
      try {
        const answer = await fetch(gate + path, options);
        const header = (name) => answer.headers.get(name);
        told[name] = {
          status: answer.status, id: header("x-gatehouse-request-id"), challenge: header("www-authenticate"),
          left: header("x-rate-limit-remaining"), rate: header("ratelimit"), body: await answer.json(),
        };
      } catch (error) {
        told[name] = { error: String(error) };
      }
    };
    const code_verifier = sessionStorage.getItem("verifier");
    const grant = { grant_type: "authorization_code", client_id, redirect_uri, code, code_verifier };
    await call("token", "/2/oauth2/token", { method: "POST", body: new URLSearchParams(grant) });
    const authorization = "Bearer " + told.token.body?.access_token;
    await call("notes", "/2/notes", { headers: { authorization, traceparent: "00-0-0-00" } });
    await call("write", "/2/notes", {
      method: "POST", headers: { authorization, "content-type": "application/json" }, body: '{"text":"x"}',
    });
    await call("stranger", "/2/notes", { headers: { authorization: "Bearer made-up" } });
    await call("v1", "/1.1/notes.json", { headers: { authorization } });
    delete told.token.body;
    document.querySelector("#out").textContent = JSON.stringify(told);
    document.body.dataset.done = "yes";
  }
</script>"##;

#[test]
fn a_single_page_app_signs_in_calls_the_api_and_reads_why_it_was_refused() {
    let developer = Client::developer();
    let app = developer.create_project("read-write");
    let client = developer.turn_sign_in_on(&app, "single-page-app");
    let html = PAGE.replace("{gate}", &TestDeployment::url()).replace("{client}", &client.id);
    let site = Upstream::start(move |_, stream| {
        answer_with(stream, 200, "content-type: text/html\r\nconnection: close\r\n", &html);
        let _ = stream.shutdown(std::net::Shutdown::Both);
    });
    let change = json!({ "callback_urls": [format!("{}/cb", site.url())] });
    developer.post(Route::UpdateApp, &[("app_id", &app.id)], change).expect(200);

    let browser = Browser::start();
    browser.borrow_session(&Client::unapproved(&unique("user")));
    browser.go("/docs");
    browser.run("location.href = arguments[0]", json!([format!("{}/", site.url())]));
    browser.click("#go");
    // It works once the page was in front for a moment.
    browser.click("[data-testid='consent-authorize']:not([aria-disabled])");
    browser.see("body[data-done='yes']");
    let told: Value = serde_json::from_str(&browser.text("#out")).expect("what the page could read");
    assert_eq!(told["token"]["status"], 200, "{told}");

    let notes = &told["notes"];
    assert_eq!((&notes["status"], notes["body"]["data"].is_array()), (&json!(200), true), "{told}");
    assert!(notes["id"].is_string() && notes["left"].is_string() && notes["rate"].is_string(), "{told}");

    let write = &told["write"];
    assert_eq!((&write["status"], &write["body"]["title"]), (&json!(403), &json!("Forbidden")), "{told}");
    assert!(write["challenge"].as_str().is_some_and(|text| text.contains("insufficient_scope")), "{told}");
    assert!(write["id"].is_string(), "{told}");

    let stranger = &told["stranger"];
    assert_eq!((&stranger["status"], &stranger["body"]["title"]), (&json!(401), &json!("Unauthorized")), "{told}");
    assert!(stranger["challenge"].as_str().is_some_and(|text| text.starts_with("Bearer ")), "{told}");

    // Without `cors` it is for the API to let pages in, and the sample does not.
    assert!(told["v1"]["error"].is_string(), "{told}");
}

fn send(server: &Server, start: &str, headers: &[(&str, &str)]) -> Reply {
    let authority = server.url().trim_start_matches("http://");
    let request = wire::request(start, headers, b"");
    wire::exchange_with(authority, &request).unwrap_or_else(|error| panic!("{start}: {error}"))
}

#[test]
fn cors_of_the_description_replaces_the_apis_own_and_without_it_the_apis_stays() {
    let upstream = Upstream::start(|_, stream| {
        let own = "access-control-allow-origin: https://api-says.example\r\naccess-control-allow-credentials: true\r\n\
                   access-control-max-age: 7\r\nvary: Accept\r\n";
        answer_with(stream, 200, own, "done");
    });
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("UPSTREAM_URL", upstream.url())]);
    let developer = Client::at(server.url().to_owned());
    developer.post(Route::SignUp, &[], sign_up_request(&unique("dev"))).expect(200);
    developer.post(Route::SubmitApplication, &[], application()).expect(200);
    let created = developer.post(Route::CreateProject, &[], first_project(&unique("App"), "read-write")).expect(200);
    let token = created["app"]["credentials"]["bearer_token"].as_str().unwrap();
    let authorization = format!("Bearer {token}");
    let page = ("origin", "https://app.example");
    let asks = [
        page,
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "authorization, x-mine"),
        ("x-gatehouse-app", "1"),
        ("cookie", "a=b"),
    ];

    // v2 has `cors`: the gate answers, and the API is not asked.
    let reply = send(&server, "OPTIONS /2/elsewhere", &asks);
    assert_eq!(reply.status, 204, "{}", reply.text);
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "PUT"),
        ("access-control-allow-headers", "authorization, x-mine"),
    ] {
        assert_eq!(reply.header(name), Some(value));
    }
    assert!(upstream.heads("/2/elsewhere").is_empty());
    let reply = send(&server, "GET /2/elsewhere", &[page, ("authorization", &authorization)]);
    assert_eq!((reply.status, reply.text.as_str()), (200, "done"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    assert_eq!(reply.header("access-control-max-age"), None);
    assert!(reply.header("access-control-expose-headers").is_some_and(|names| names.contains("ratelimit")));
    assert_eq!(reply.header("vary"), Some("Accept"));
    let reply = send(&server, "GET /2/elsewhere", &[page]);
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (401, Some("*")));
    // Whoever is no page is answered as before.
    let reply = send(&server, "GET /2/elsewhere", &[("authorization", &authorization)]);
    assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));

    // v1.1 has none: the question passes without identity, and the API's answer is untouched.
    let reply = send(&server, "OPTIONS /1.1/elsewhere", &asks);
    assert_eq!((reply.status, reply.text.as_str()), (200, "done"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://api-says.example"));
    let [head] = &upstream.heads("OPTIONS /1.1/elsewhere")[..] else { panic!("it arrived once") };
    for gone in ["x-gatehouse-app", "x-gatehouse-access-level", "authorization", "cookie", "signature"] {
        assert_eq!(header_in(head, gone), None, "{gone}: {head}");
    }
    assert_eq!(header_in(head, "x-gatehouse-request-id"), reply.header("x-gatehouse-request-id"));
    assert_eq!(header_in(head, "access-control-request-headers"), Some("authorization, x-mine"));
    let reply = send(&server, "GET /1.1/elsewhere", &[page, ("authorization", &authorization)]);
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://api-says.example"));
    assert_eq!(send(&server, "OPTIONS /1.1/elsewhere", &[]).status, 400, "no question of a browser");
}

#[test]
fn a_proxy_lets_a_preflight_through_without_identity_and_hands_on_a_refusal_that_a_page_can_read() {
    let ask = |method: &str, headers: &[(&str, &str)]| {
        let mut all = vec![("x-forwarded-method", method), ("x-forwarded-uri", "/2/notes"), ("x-forwarded-host", "h")];
        all.extend(headers);
        wire::exchange(&wire::request("GET /gate/check", &all, b"")).expect("an answer")
    };
    let page = ("origin", "https://app.example");
    let reply = ask("OPTIONS", &[page, ("access-control-request-method", "GET")]);
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
    assert_eq!(reply.header("x-gatehouse-app"), None);
    let reply = ask("GET", &[page]);
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (401, Some("*")));
    assert!(reply.header("www-authenticate").is_some());
    assert_eq!(ask("OPTIONS", &[]).status, 401);
}
