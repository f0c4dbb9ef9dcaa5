//! The portal's frame and its shared look in real Chromium: header, tabs, tables, dialogs, history, other tabs.

use gatehouse_shared::api::Route;
use gatehouse_tests::browser::{Browser, NARROW, NARROWEST, WIDE, by_testid, field};
use gatehouse_tests::{Client, PASSWORD, TestDeployment, eventually, first_project, unique};
use serde_json::{Value, json};

/// Waits until a script returns `true`; what it returns instead is what a failure shows.
#[track_caller]
fn eventually_true(browser: &Browser, what: &str, script: &str) {
    eventually(what, || match browser.run(script, json!([])) {
        Value::Bool(true) => Ok(()),
        other => Err(other.to_string()),
    });
}

#[test]
fn in_forced_colors_only_the_present_tab_and_page_are_marked() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.emulate_forced_colors();
    browser.open(&format!("/apps/{}/usage", app.id), "app");
    let marked = "const ground = getComputedStyle(document.body).backgroundColor; \
        return [...document.querySelectorAll('.tabs a')] \
            .filter((tab) => getComputedStyle(tab).borderBottomColor !== ground).map((tab) => tab.dataset.testid)";
    assert_eq!(browser.run(marked, json!([])), json!(["tab-usage"]));
    browser.open("/docs", "docs");
    let present = "return [...document.querySelectorAll('.header-nav a')] \
        .filter((link) => getComputedStyle(link).outlineStyle === 'solid').map((link) => link.dataset.testid)";
    assert_eq!(browser.run(present, json!([])), json!(["nav-docs"]));
}

#[test]
fn in_forced_colors_a_button_that_is_off_looks_off() {
    let browser = Browser::with_session_of(&Client::unapproved(&unique("dev")));
    browser.emulate_forced_colors();
    browser.open("/dashboard", "dashboard");
    let script = "const probe = document.createElement('p'); probe.style.color = 'GrayText'; document.body.append(probe); \
        const gray = getComputedStyle(probe).color; \
        return getComputedStyle(document.querySelector(\"[aria-disabled='true']\")).color === gray";
    assert_eq!(browser.run(script, json!([])), json!(true));
}

#[test]
fn on_a_phone_the_tabs_are_one_line_with_the_present_one_in_view() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.resize(NARROW);
    browser.open(&format!("/apps/{}/refusals", app.id), "app");
    let lines =
        "return new Set([...document.querySelectorAll('.tabs a')].map((tab) => tab.getBoundingClientRect().top)).size";
    assert_eq!(browser.run(lines, json!([])), json!(1));
    eventually_true(
        &browser,
        "the present tab in view",
        "const tab = document.querySelector('.tabs [aria-current]').getBoundingClientRect(); \
         return (tab.left >= 0 && tab.right <= innerWidth) || `${tab.left} to ${tab.right}`",
    );
    assert!(browser.overflow().is_empty());
}

#[test]
fn on_a_phone_a_name_of_one_long_word_breaks() {
    let client = Client::developer();
    let letters = unique("almanac").chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let name = format!("{letters:W<32}");
    client.post(Route::CreateProject, &[], first_project(&name, "read")).expect(200);
    let browser = Browser::with_session_of(&client);
    browser.resize(NARROWEST);
    browser.open("/dashboard", "dashboard");
    browser.see_text("[data-page='dashboard']", &name);
    let cut = "return [...document.querySelectorAll('.row-title a, .row-title')] \
        .filter((title) => title.scrollWidth > title.parentElement.clientWidth).map((title) => title.textContent)";
    assert_eq!(browser.run(cut, json!([])), json!([]));
    assert!(browser.overflow().is_empty());
}

#[test]
fn on_a_phone_each_cell_of_a_table_bears_the_name_of_its_column() {
    let client = Client::developer();
    let browser = Browser::with_session_of(&client);
    browser.resize(NARROW);
    let labels = "const table = document.querySelector(arguments[0]); \
        return [...table.querySelector('tbody tr').cells].map((cell) => getComputedStyle(cell, '::before').content)";
    browser.open("/docs", "docs");
    assert_eq!(
        browser.run(labels, json!(["[aria-labelledby='oauth2'] table"])),
        json!(["\"Scope\"", "\"Allows\"", "\"Permission\""])
    );
    assert_eq!(
        browser.run(labels, json!(["[aria-labelledby='errors'] table"])),
        json!(["\"Status\"", "\"Response\"", "\"What to do\""])
    );
    browser.open("/account", "account");
    assert_eq!(
        browser.run(labels, json!([by_testid("activity")])),
        json!(["\"Action\"", "\"Details\"", "\"Who\"", "\"When\""])
    );
}

#[test]
fn a_dialog_begins_at_its_first_field_or_at_cancel() {
    let applicant = Client::applicant(&unique("dev"));
    let browser = Browser::with_session_of(&Client::operator());
    browser
        .open(&format!("/review/developer-accounts/{}", applicant.own_developer_account()), "review-developer-account");
    browser.press("decline");
    browser.see(&by_testid("confirm"));
    eventually("the focus in the first field", || {
        if browser.has_focus(&field("reason")) { Ok(()) } else { Err("elsewhere".to_owned()) }
    });
    // Without a field, Enter changes nothing.
    let developer = Client::developer();
    let app = developer.create_project("read");
    let browser = Browser::with_session_of(&developer);
    browser.open(&format!("/apps/{}/keys", app.id), "app");
    browser.press("revoke-bearer-token");
    browser.see(&by_testid("confirm"));
    eventually("the focus on Cancel", || {
        if browser.has_focus(&by_testid("cancel")) { Ok(()) } else { Err("elsewhere".to_owned()) }
    });
}

#[test]
fn an_application_in_review_shows_the_decision_by_itself() {
    let client = Client::applicant(&unique("dev"));
    let browser = Browser::with_session_of(&client);
    browser.open("/apply", "apply");
    browser.see(&by_testid("in-review"));
    Client::operator().decide(&client.own_developer_account(), "approve", "Good luck with it.").expect(200);
    // As when the person comes back to the tab.
    browser.run("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))", json!([]));
    browser.see(&by_testid("to-dashboard"));
    browser.see_text("[data-page='apply']", "Good luck with it.");
    browser.expect_quiet_console();
}

#[test]
fn an_operator_begins_at_the_review_page_and_sees_how_many_wait() {
    Client::applicant(&unique("dev"));
    let browser = Browser::start();
    browser.sign_in("operator", &TestDeployment::operator_password());
    browser.expect_page("review");
    let count = browser.text(&by_testid("waiting"));
    assert!(count.starts_with(|first: char| first.is_ascii_digit()), "{count}");
    assert!(!browser.has(&by_testid("nav-dashboard")));
    browser.go("/dashboard");
    browser.expect_page("review");
    // An operator has no email address here, and nothing stands for it.
    browser.open("/account", "account");
    assert!(!browser.text("[data-page='account']").contains("Email address"));
    browser.expect_quiet_console();
}

#[test]
fn back_and_a_reload_show_a_page_where_it_was_left() {
    let browser = Browser::start();
    browser.open("/docs", "docs");
    browser.run("window.scrollTo(0, 4000)", json!([]));
    eventually_true(&browser, "the place is noted", "return history.state?.scroll === scrollY && scrollY > 3000");
    browser.click(".brand");
    browser.expect_page("landing");
    eventually_true(&browser, "a new page begins at its top", "return scrollY === 0");
    browser.run("history.back()", json!([]));
    browser.expect_page("docs");
    eventually_true(&browser, "the docs where they were left", "return Math.abs(scrollY - 4000) < 5 || scrollY");
    browser.reload();
    browser.expect_page("docs");
    eventually_true(&browser, "the docs after a reload", "return Math.abs(scrollY - 4000) < 5 || scrollY");
    browser.expect_quiet_console();
}

#[test]
fn nothing_jumps_while_a_page_loads() {
    let client = Client::developer();
    let app = client.create_project("read");
    let browser = Browser::with_session_of(&client);
    browser.emulate_slow_network();
    let app = format!("/apps/{}/keys", app.id);
    for width in [WIDE, NARROW] {
        browser.resize(width);
        for (path, page) in [("/docs", "docs"), ("/dashboard", "dashboard"), (&*app, "app"), ("/", "landing")] {
            browser.open(path, page);
            let (shift, sources) = browser.layout_shift();
            println!("{path} at {width} px: {shift}\n{sources}");
            assert!(shift < 0.05, "{path} at {width} px: {shift}\n{sources}");
        }
    }
}

#[test]
fn on_the_start_page_neither_the_session_nor_the_description_moves_anything() {
    let [description, session] = [Route::DescribeApi, Route::FindSession].map(|route| route.path(&[]));
    let places = "return ['.header', \"[data-testid='nav-docs']\", 'h1', '.hero-lead', '#begin-title', '#offer-title'] \
        .map((css) => [css, document.querySelector(css)]) \
        .map(([css, element]) => { \
            const { x, y, height } = element.getBoundingClientRect(); \
            return `${css} ${x},${y} ${height} px high: ${css === '.header' ? '' : element.textContent}`; \
        })";
    for (browser, signed_in) in [
        (Browser::with_session_of(&Client::developer()), "account-menu"),
        (Browser::with_session_of(&Client::operator()), "account-menu"),
        (Browser::start(), "nav-sign-in"),
    ] {
        browser.hold_answers(&[&description, &session]);
        for width in [WIDE, NARROW, NARROWEST] {
            browser.resize(width);
            browser.go("/");
            browser.see(".hero-lead");
            let before = browser.run(places, json!([]));
            browser.release(&session);
            browser.see(&by_testid(signed_in));
            assert_eq!(browser.run(places, json!([])), before, "the session came, {width} px");
            browser.release(&description);
            browser.expect_page("landing");
            assert_eq!(browser.run(places, json!([])), before, "the description came, {width} px");
        }
    }
}

#[test]
fn the_page_bears_the_name_and_the_summary_of_the_api_before_anything_is_loaded() {
    let page = Client::new().send("GET", "/docs", &[], b"").text;
    let description = Client::new().get(Route::DescribeApi, &[]).json;
    let [name, summary] = ["name", "summary"].map(|key| description[key].as_str().unwrap());
    assert!(page.contains(&format!("<meta name=\"description\" content=\"{summary}\">")), "{page}");
    assert!(page.contains(&format!("<title>{name}</title>")), "{page}");
    assert!(page.contains(&format!("<span class=\"brand-name\">{name}</span>")), "{page}");
}

#[test]
fn the_theme_is_chosen_from_a_menu_of_three() {
    let browser = Browser::start();
    browser.open("/", "landing");
    browser.press("theme-toggle");
    for theme in ["system", "light", "dark"] {
        browser.see(&format!("[data-theme-choice='{theme}']"));
    }
    browser.see("[data-theme-choice='system'][aria-pressed='true']");
    browser.look_at("theme-menu");
}

#[test]
fn on_a_phone_the_header_is_one_row_with_every_way_in() {
    let browser = Browser::start();
    for width in [NARROW, NARROWEST] {
        browser.resize(width);
        browser.open("/docs", "docs");
        browser.see(&by_testid("nav-sign-in"));
        browser.see(&by_testid("nav-sign-up"));
        let height = browser.run("return document.querySelector('.header').offsetHeight", json!([]));
        assert!(height.as_u64().unwrap() <= 60, "{height} px at {width} px");
        assert!(browser.overflow().is_empty());
    }
    browser.borrow_session(&Client::developer());
    browser.open("/dashboard", "dashboard");
    let height = browser.run("return document.querySelector('.header').offsetHeight", json!([]));
    assert!(height.as_u64().unwrap() <= 60, "{height} px");
    // What opens the account's menu ends where the page does.
    browser.resize(WIDE);
    let gap = "return Math.abs(document.querySelector('.account-button .icon').getBoundingClientRect().right \
        - document.querySelector('.header-inner').getBoundingClientRect().right)";
    let gap = browser.run(gap, json!([])).as_f64().unwrap();
    assert!(gap <= 4.0, "{gap} px");
}

#[test]
fn on_a_tablet_nothing_sticks_out() {
    let browser = Browser::with_session_of(&Client::developer());
    for width in [500, 768, 1100] {
        browser.resize(width);
        browser.open("/dashboard", "dashboard");
        browser.see(&by_testid("account-menu"));
        assert_eq!(browser.overflow(), Vec::<String>::new(), "{width} px");
    }
}

#[test]
fn signing_out_in_one_tab_clears_the_others() {
    let username = unique("dev");
    Client::unapproved(&username);
    let browser = Browser::start();
    browser.sign_in_developer(&username);
    browser.open("/account", "account");
    browser.run("window.other = window.open('/dashboard')", json!([]));
    eventually_true(
        &browser,
        "the other tab's page",
        "return window.other.document.querySelector(\"[data-page='dashboard'][data-ready]\") !== null",
    );
    browser.run("window.other.document.querySelector(\"[data-testid='sign-out']\").click()", json!([]));
    // Nobody touches this tab.
    browser.expect_page("sign-in");
    assert!(!browser.text("body").contains(&username));
}

#[test]
fn the_password_form_names_the_account_for_password_managers() {
    let username = unique("dev");
    let client = Client::unapproved(&username);
    let browser = Browser::with_session_of(&client);
    browser.open("/account", "account");
    let script = "const field = document.querySelector(\"[name='new_password']\").form.querySelector('[autocomplete=username]'); \
        return [field.value, field.checkVisibility()]";
    assert_eq!(browser.run(script, json!([])), json!([username, false]));
}

#[test]
fn dates_are_told_as_the_browser_tells_them() {
    let client = Client::developer();
    let browser = Browser::with_session_of(&client);
    for (language, month_first) in [("en-US", true), ("en-GB", false)] {
        browser.emulate_language(language);
        browser.open("/account", "account");
        let date = browser.run("return document.querySelector('.facts time').textContent", json!([]));
        let begins_with_letter = date.as_str().unwrap().starts_with(|first: char| first.is_alphabetic());
        assert_eq!(begins_with_letter, month_first, "{language}: {date}");
    }
}

#[test]
fn the_session_in_use_is_said_to_be_in_use() {
    let username = unique("dev");
    let client = Client::unapproved(&username);
    Client::new().post(Route::SignIn, &[], json!({ "login": username, "password": PASSWORD })).expect(200);
    let browser = Browser::with_session_of(&client);
    browser.open("/account", "account");
    browser.see_text("[data-page='account']", "in use now");
    browser.see_text("[data-page='account']", "last used today");
}

#[test]
fn an_error_below_a_box_to_check_has_its_sign_and_the_box_a_legend() {
    let browser = Browser::with_session_of(&Client::unapproved(&unique("dev")));
    browser.open("/apply", "apply");
    browser.press("submit");
    browser.see("#accept_terms-error .icon");
    browser.see_text("fieldset:has(#accept_terms) legend", "Terms");
    // Below every field the same room, with and without a counter.
    let gaps = "const fields = [...document.querySelectorAll('.form > .field')].map((field) => field.getBoundingClientRect()); \
        return fields.slice(1).map((field, index) => Math.round(field.top - fields[index].bottom))";
    let gaps = browser.run(gaps, json!([]));
    let gaps = gaps.as_array().unwrap();
    assert!(gaps.iter().all(|gap| *gap == gaps[0]), "{gaps:?}");
}
