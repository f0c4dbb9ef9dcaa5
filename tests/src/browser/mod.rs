//! A real browser, told what a person would do.

mod driver;
mod emulate;
mod look;
mod new_app;

use crate::{Client, PASSWORD, TestDeployment, eventually, poll};
use driver::Driver;
pub use look::{NARROW, NARROWEST, WIDE};
pub use new_app::ShownCredentials;
use serde_json::{Value, json};
use std::{cell::RefCell, collections::BTreeSet, fs, path::PathBuf};

/// WebDriver's name for the reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys without a character (W3C WebDriver §17.4.2).
pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const ESCAPE: char = '\u{e00c}';
pub const LEFT: char = '\u{e012}';
const CONTROL: char = '\u{e009}';
const DELETE: char = '\u{e017}';

/// A browser with a person before it, who waits as long as it takes.
pub struct Browser {
    driver: Driver,
    /// Addresses that were opened to see that they have no page.
    missing: RefCell<BTreeSet<String>>,
}

impl Default for Browser {
    fn default() -> Self {
        let browser = Self { driver: Driver::start(), missing: RefCell::default() };
        // A page in the background may neither focus nor copy.
        browser.devtools("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        browser
    }
}

impl Browser {
    pub fn start() -> Self {
        Self::default()
    }

    /// Starts with a client's session, without the sign-in page.
    #[track_caller]
    pub fn with_session_of(client: &Client) -> Self {
        let browser = Self::start();
        browser.borrow_session(client);
        browser
    }

    /// Opens a path, and waits for a page of that name with its data.
    #[track_caller]
    pub fn open(&self, path: &str, page: &str) {
        if page == "not-found" {
            self.missing.borrow_mut().insert(format!("{}{path}", TestDeployment::url()));
        }
        self.go(path);
        self.expect_page(page);
    }

    /// Opens a path.
    #[track_caller]
    pub fn go(&self, path: &str) {
        let url = format!("{}{path}", TestDeployment::url());
        self.driver.post("/url", json!({ "url": url })).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    #[track_caller]
    pub fn reload(&self) {
        self.driver.post("/refresh", json!({})).expect("a reload");
    }

    /// As the button of the browser does.
    #[track_caller]
    pub fn back(&self) {
        self.driver.post("/back", json!({})).expect("back");
    }

    /// Loses the session without a word, as when it ends elsewhere.
    #[track_caller]
    pub fn forget_session(&self) {
        self.devtools("Network.deleteCookies", json!({ "name": "__Host-gatehouse", "url": TestDeployment::url() }));
    }

    /// Waits for a page of that name with its data.
    #[track_caller]
    pub fn expect_page(&self, page: &str) {
        self.see(&format!("[data-page='{page}'][data-ready='true']"));
    }

    /// Path and query of the page.
    #[track_caller]
    pub fn path(&self) -> String {
        let url = self.driver.get("/url").expect("an address");
        let url = url.as_str().unwrap_or_default().to_owned();
        url.strip_prefix(&TestDeployment::url()).unwrap_or(&url).to_owned()
    }

    #[track_caller]
    pub fn title(&self) -> String {
        self.driver.get("/title").expect("a title").as_str().unwrap_or_default().to_owned()
    }

    fn find(&self, css: &str) -> Result<String, String> {
        let found = self.driver.post("/element", json!({ "using": "css selector", "value": css }))?;
        found[ELEMENT].as_str().map(str::to_owned).ok_or_else(|| format!("no element: {found}"))
    }

    /// Waits until there is such an element and it is displayed.
    #[track_caller]
    pub fn see(&self, css: &str) {
        let seen = || {
            let element = self.find(css)?;
            match self.driver.get(&format!("/element/{element}/displayed"))? == json!(true) {
                true => Ok(()),
                false => Err("it is hidden".to_owned()),
            }
        };
        if let Err(error) = poll(crate::PATIENCE, seen) {
            let console = self.complaints().join("\n");
            panic!("{css}: {error}\nat {}\n{}\nconsole:\n{console}", self.path(), self.text("body"));
        }
    }

    /// Waits until there is no such element, or it is hidden.
    #[track_caller]
    pub fn see_gone(&self, css: &str) {
        eventually(css, || {
            let Ok(element) = self.find(css) else { return Ok(()) };
            match self.driver.get(&format!("/element/{element}/displayed")) {
                Ok(Value::Bool(true)) => Err("still there".to_owned()),
                _ => Ok(()),
            }
        });
    }

    /// Whether there is such an element now.
    pub fn has(&self, css: &str) -> bool {
        self.find(css).is_ok()
    }

    /// Waits for an element and reads its text as displayed.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let text = eventually(css, || {
            let element = self.find(css)?;
            self.driver.get(&format!("/element/{element}/text"))
        });
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element's text contains another.
    #[track_caller]
    pub fn see_text(&self, css: &str, text: &str) {
        eventually(&format!("{css} with “{text}”"), || {
            let element = self.find(css)?;
            let found = self.driver.get(&format!("/element/{element}/text"))?;
            let found = found.as_str().unwrap_or_default();
            if found.contains(text) { Ok(()) } else { Err(format!("it says “{found}”")) }
        });
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let css = field(name);
        let value = eventually(&css, || {
            let element = self.find(&css)?;
            self.driver.get(&format!("/element/{element}/property/value"))
        });
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits for an element, and clicks it as soon as nothing lies over it.
    #[track_caller]
    pub fn click(&self, css: &str) {
        eventually(css, || {
            let element = self.find(css)?;
            let clicked = self.driver.post(&format!("/element/{element}/click"), json!({}));
            if clicked.is_err() {
                // Perhaps a message lies over the edge that it was brought to.
                let script = "arguments[0].scrollIntoView({ block: 'center' })";
                let reference = json!({ "script": script, "args": [{ ELEMENT: element }] });
                self.driver.post("/execute/sync", reference)?;
            }
            clicked
        });
    }

    /// Clicks what bears a test id.
    #[track_caller]
    pub fn press(&self, testid: &str) {
        self.click(&by_testid(testid));
    }

    /// Replaces what stands in a field.
    #[track_caller]
    pub fn fill(&self, name: &str, text: &str) {
        let css = field(name);
        let replaced = format!("{CONTROL}a{CONTROL}{DELETE}{text}");
        eventually(&css, || {
            let element = self.find(&css)?;
            self.driver.post(&format!("/element/{element}/value"), json!({ "text": replaced }))?;
            // A page that is just being built may lose a letter: then once more.
            match self.driver.get(&format!("/element/{element}/property/value"))? == json!(text) {
                true => Ok(()),
                false => Err("it took another text".to_owned()),
            }
        });
    }

    /// Chooses an option of a list by its value.
    #[track_caller]
    pub fn choose(&self, name: &str, value: &str) {
        self.click(&format!("{} option[value='{value}']", field(name)));
    }

    /// Types on the keyboard, wherever the focus is.
    #[track_caller]
    pub fn keys(&self, text: &str) {
        let key = |kind: &str, key: char| json!({ "type": kind, "value": key });
        let strokes: Vec<Value> = text.chars().flat_map(|c| [key("keyDown", c), key("keyUp", c)]).collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.driver.post("/actions", actions).expect("typed");
    }

    /// Presses Tab until an element has the focus, and fails when a round through the page does not meet it.
    #[track_caller]
    pub fn tab_to(&self, css: &str) {
        for _ in 0..60 {
            if self.has_focus(css) {
                return;
            }
            self.keys(&TAB.to_string());
        }
        panic!("{css} cannot be reached with the keyboard");
    }

    pub fn has_focus(&self, css: &str) -> bool {
        self.run("return document.activeElement?.matches(arguments[0]) ?? false", json!([css])) == json!(true)
    }

    /// Runs a script and gives what it returns.
    #[track_caller]
    pub fn run(&self, script: &str, arguments: Value) -> Value {
        match self.driver.post("/execute/sync", json!({ "script": script, "args": arguments })) {
            Ok(value) => value,
            Err(error) => panic!("script at {}: {error}", self.path()),
        }
    }

    /// Runs a script that calls its last argument with the result.
    #[track_caller]
    pub fn run_async(&self, script: &str, arguments: Value) -> Value {
        match self.driver.post("/execute/async", json!({ "script": script, "args": arguments })) {
            Ok(value) => value,
            Err(error) => panic!("script at {}: {error}", self.path()),
        }
    }

    #[track_caller]
    fn devtools(&self, command: &str, params: Value) -> Value {
        self.driver.devtools(command, params).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Has every request fail whose address matches a pattern; with no pattern, none any more.
    #[track_caller]
    pub fn block(&self, patterns: &[&str]) {
        self.devtools("Network.enable", json!({}));
        self.devtools("Network.setBlockedURLs", json!({ "urls": patterns }));
    }

    /// What the clipboard holds.
    #[track_caller]
    pub fn clipboard(&self) -> String {
        let permissions = json!({ "permissions": ["clipboardReadWrite"], "origin": TestDeployment::url() });
        self.devtools("Browser.grantPermissions", permissions);
        let script =
            "const done = arguments[0]; navigator.clipboard.readText().then(done, (error) => done(`${error}`));";
        self.run_async(script, json!([])).as_str().unwrap_or_default().to_owned()
    }

    /// Has the browser keep what is downloaded; to be said before the download.
    #[track_caller]
    pub fn allow_downloads(&self) {
        let folder = self.downloads();
        fs::create_dir_all(&folder).expect("a folder for downloads");
        let params = json!({ "behavior": "allow", "downloadPath": folder });
        self.devtools("Browser.setDownloadBehavior", params);
    }

    fn downloads(&self) -> PathBuf {
        self.driver.home().join("downloads")
    }

    /// Waits for a downloaded file with that ending and reads it.
    #[track_caller]
    pub fn downloaded(&self, ending: &str) -> String {
        eventually(&format!("a downloaded {ending}"), || {
            let files = fs::read_dir(self.downloads()).map_err(|error| error.to_string())?;
            let mut names = files.filter_map(|file| Some(file.ok()?.path()));
            let file = names.find(|path| path.to_string_lossy().ends_with(ending)).ok_or("no such file")?;
            let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
            if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text) }
        })
    }

    /// Signs in on the sign-in page.
    #[track_caller]
    pub fn sign_in(&self, login: &str, password: &str) {
        self.open("/sign-in", "sign-in");
        self.fill("login", login);
        self.fill("password", password);
        self.press("submit");
        self.see(&by_testid("account-menu"));
    }

    /// Signs in without the page, with the session of a client.
    #[track_caller]
    pub fn borrow_session(&self, client: &Client) {
        let token = client.session().expect("a session");
        let cookie = json!({
            "name": "__Host-gatehouse", "value": token, "url": TestDeployment::url(), "path": "/",
            "secure": true, "httpOnly": true, "sameSite": "Lax",
        });
        assert_eq!(self.devtools("Network.setCookie", cookie)["success"], true, "the cookie is taken");
    }

    #[track_caller]
    pub fn sign_in_developer(&self, username: &str) {
        self.sign_in(username, PASSWORD);
    }

    #[track_caller]
    pub fn sign_out(&self) {
        self.press("account-menu");
        self.press("sign-out");
        self.see(&by_testid("nav-sign-in"));
    }

    /// What the console said since it was last asked.
    fn console(&self) -> Vec<Value> {
        let entries = self.driver.post("/se/log", json!({ "type": "browser" })).expect("the console");
        entries.as_array().cloned().unwrap_or_default()
    }

    /// The errors and warnings on the console since it was last asked: a broken script, a refused resource, a breach
    /// of the content security policy. Answers of the portal's API that refuse are no such thing, nor is a page that
    /// was opened to see that there is none.
    #[track_caller]
    pub fn complaints(&self) -> Vec<String> {
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let loud = self.console().into_iter().filter(|entry| {
            let message = text(entry, "message");
            let refused = text(entry, "source") == "network" && message.contains("/api/");
            let is_missing = self.missing.borrow().contains(message.split(' ').next().unwrap_or_default());
            let expected =
                (refused && message.contains("status of 4")) || (is_missing && message.contains("status of 404"));
            ["SEVERE", "WARNING"].contains(&text(entry, "level").as_str()) && !expected
        });
        loud.map(|entry| text(&entry, "message")).collect()
    }

    #[track_caller]
    pub fn expect_quiet_console(&self) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "the console says at {}:\n{}", self.path(), complaints.join("\n"));
    }
}

/// A field by its name.
pub fn field(name: &str) -> String {
    // The head of the page has a `meta` of the same attribute.
    format!(":is(input, select, textarea)[name='{name}']")
}

/// Where the error of a field stands.
pub fn error_of(name: &str) -> String {
    format!("[id='{}-error']", name.replace(['.', '[', ']'], "-"))
}

pub fn by_testid(testid: &str) -> String {
    format!("[data-testid='{testid}']")
}
