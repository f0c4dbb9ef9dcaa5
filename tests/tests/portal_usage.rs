//! What the gate counted and why it refused, as developers read it in the portal: real traffic, real Chromium.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, LEFT, by_testid};
use gatehouse_tests::{Client, Signer, TestApp, poll};
use serde_json::{Value, json};
use std::time::Duration;

/// A count shows within 20 seconds, a refusal within a few; a busy machine takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

#[track_caller]
fn within_a_minute<T>(what: &str, ask: impl FnMut() -> Result<T, String>) -> T {
    match poll(PATIENCE, ask) {
        Ok(answer) => answer,
        Err(complaint) => panic!("{what}: {complaint}"),
    }
}

/// Sums the columns of the chart's table: all requests, then those of each part, the largest first.
#[track_caller]
fn table_sums(browser: &Browser) -> Vec<u64> {
    browser.press("usage-show-table");
    browser.see(&by_testid("usage-table"));
    let script = "return [...document.querySelectorAll(arguments[0])].map((row) => \
        [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent.replaceAll(',', ''))))";
    let rows = browser.run(script, json!([format!("{} tbody tr", by_testid("usage-table"))]));
    let rows: Vec<Vec<u64>> = serde_json::from_value(rows).expect("numbers");
    assert_eq!(rows.len(), 30, "a row for each day");
    let columns = rows[0].len();
    (0..columns).map(|column| rows.iter().map(|row| row[column]).sum()).collect()
}

#[track_caller]
fn call(times: usize, path: &str, app: &TestApp) {
    for _ in 0..times {
        Client::new().gate("GET", path, &app.bearer_token).expect(200);
    }
}

#[test]
fn requests_that_passed_are_counted_on_the_pages_of_app_and_project_and_on_the_dashboard() {
    let client = Client::developer();
    let app = client.create_project("read-write");
    call(7, "/2/notes", &app);
    call(4, "/1.1/notes.json", &app);
    let project = [("project_id", app.project_id.as_str())];
    within_a_minute("eleven of the month", || {
        let usage = client.get(Route::FindProjectUsage, &project).expect(200);
        if usage["month"]["used"] == 11 { Ok(()) } else { Err(usage["month"].to_string()) }
    });

    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.press("tab-usage");
    browser.see_text(&by_testid("month"), "11 of 500,000 requests (less than 1%)");
    browser.see_text(&by_testid("month"), "00:00 UTC");
    browser.see_text(&by_testid("usage"), "11 requests");
    // The keyboard chooses a day: today at first, then the one before.
    browser.tab_to(&format!("{} input[type='range']", by_testid("usage")));
    browser.keys(&LEFT.to_string());
    browser.see_text(&by_testid("usage"), "0 requests");
    assert_eq!(table_sums(&browser), [11, 7, 4]);
    browser.look_at("app-usage");

    browser.open(&format!("/projects/{}", app.project_id), "project");
    browser.see_text(&by_testid("month"), "11 of 500,000 requests");
    browser.see_text(&by_testid("usage"), &app.name);
    assert_eq!(table_sums(&browser), [11, 11]);
    browser.look_at("project-usage");

    browser.open("/dashboard", "dashboard");
    browser.see_text(&by_testid(&format!("month-{}", app.project_id)), "11 of 500,000 requests");
    browser.look_at("dashboard-usage");
}

#[test]
fn an_app_that_was_never_used_says_how_to_begin_and_a_standalone_one_that_it_has_no_cap() {
    let client = Client::developer();
    let (attached, alone) = (client.create_project("read"), client.create_app("read"));
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/usage", attached.id), "app");
    browser.see_text(&by_testid("month"), "0 of 500,000 requests (0%)");
    browser.see(&by_testid("usage-empty"));
    browser.look_at("app-usage-empty");
    browser.open(&format!("/apps/{}/usage", alone.id), "app");
    browser.see(&by_testid("no-month"));
    browser.see(&by_testid("usage-empty"));
    browser.look_at("app-usage-standalone");
    browser.open(&format!("/apps/{}/refusals", attached.id), "app");
    browser.see(&by_testid("refusals-empty"));
    browser.look_at("app-refusals-empty");
}

/// The refusal of a request, once it can be read.
#[track_caller]
fn refusal_of(client: &Client, app: &TestApp, request_id: &str) -> Value {
    let path = Route::ListRefusals.path(&[("app_id", app.id.as_str())]);
    within_a_minute("the refusal", || {
        let list = client.send("GET", &format!("{path}?request_id={request_id}"), &[], &[]).expect(200);
        match &list["refusals"][0] {
            Value::Null => Err(list.to_string()),
            refusal => Ok(refusal.clone()),
        }
    })
}

#[test]
fn a_refused_request_is_found_by_its_id_with_the_reason() {
    let client = Client::developer();
    let app = client.create_project("read");
    let reply = Client::new().gate("POST", "/1.1/notes.json", &app.bearer_token);
    assert_eq!(reply.status, 403, "{}", reply.text);
    let request_id = reply.header("x-gatehouse-request-id").expect("a request id").to_owned();
    let refusal = refusal_of(&client, &app, &request_id);
    let text = refusal["text"].as_str().expect("a sentence");

    // In the list.
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}", app.id), "app");
    browser.press("tab-refusals");
    let row = by_testid(&format!("refusal-{request_id}"));
    browser.see_text(&row, text);
    browser.see_text(&row, "/1.1/notes.json");
    browser.see_text(&row, "403");
    browser.look_at("app-refusals");
    browser.click(&format!("{row} a"));
    let detail = by_testid("refusal-detail");
    browser.see_text(&detail, text);
    browser.see_text(&detail, &request_id);
    assert_eq!(browser.path(), format!("/apps/{}/refusals?request_id={request_id}", app.id));

    // By its id, typed.
    browser.press("all-refusals");
    browser.see(&row);
    browser.fill("request_id", "no-such-request");
    browser.press("find-refusal");
    browser.see(&by_testid("refusal-missing"));
    browser.fill("request_id", &request_id);
    browser.press("find-refusal");
    browser.see_text(&detail, text);

    // By its address alone.
    browser.reload();
    browser.see_text(&detail, text);
    assert_eq!(browser.value("request_id"), request_id);
    browser.look_at("app-refusal");

    // Nobody else reads it.
    Client::developer().get(Route::ListRefusals, &[("app_id", &app.id)]).refused(404, "not-found");
}

#[test]
fn a_wrong_signature_shows_both_base_strings_and_where_they_part() {
    let client = Client::developer();
    let app = client.create_project("read");
    let header = Signer::generate(&client, &app).header("GET", "/1.1/notes.json", None);
    let reply = Client::new().send("GET", "/1.1/notes.json?count=2", &[("authorization", &header)], &[]);
    assert_eq!(reply.status, 401, "{}", reply.text);
    let request_id = reply.header("x-gatehouse-request-id").expect("a request id").to_owned();
    refusal_of(&client, &app, &request_id);
    let browser = Browser::with_session_of(&client);
    browser.open(&format!("/apps/{}/refusals?request_id={request_id}", app.id), "app");
    browser.see_text(".evidence", "GET&http");
    browser.see_text(".evidence mark", "count");
    browser.click(".evidence-block button");
    assert!(browser.clipboard().starts_with("GET&http"), "{}", browser.clipboard());
    browser.look_at("app-refusal-signature");
}
