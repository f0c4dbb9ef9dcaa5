//! Pages that the portal fetches when they are first needed, in real Chromium.

use gatehouse_tests::browser::Browser;
use gatehouse_tests::eventually;

#[test]
fn a_page_that_cannot_be_fetched_says_so_and_comes_with_a_reload() {
    let browser = Browser::start();
    browser.open("/", "landing");
    // What a deploy does to a page that was opened before it.
    browser.block(&["*/assets/docs-*"]);
    browser.press("nav-docs");
    browser.expect_page("not-loaded");
    browser.see_text("[data-page='not-loaded'] [role='alert']", "new version");
    browser.block(&[]);
    browser.press("reload");
    browser.expect_page("docs");
}

#[test]
fn a_visitor_who_only_looks_around_fetches_no_page_of_a_developer() {
    let browser = Browser::start();
    browser.open("/", "landing");
    browser.press("nav-sign-up");
    browser.expect_page("sign-up");
    let script = "return performance.getEntriesByType('resource').map((file) => file.name)";
    let fetched = || browser.run(script, serde_json::json!([])).to_string();
    // What several parts share is named after all of them; a part's own file after it alone.
    let is_own_file = |fetched: &str, part: &str| {
        fetched.split(&format!("/assets/{part}-")).skip(1).any(|rest| rest.find('.') == Some(12))
    };
    let around = fetched();
    assert!(around.contains("/assets/portal-"), "{around}");
    assert!(!is_own_file(&around, "developer") && !is_own_file(&around, "docs"), "{around}");
    // A part that is fetched is found among them.
    browser.open("/docs", "docs");
    eventually("the file of the docs", || {
        let fetched = fetched();
        if is_own_file(&fetched, "docs") { Ok(()) } else { Err(fetched) }
    });
}
