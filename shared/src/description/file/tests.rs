//! Reads good descriptions, and names the mistakes of bad ones.

use super::super::PathData;
use super::*;
use crate::model::Limit;
use crate::model::Permission;

const GOOD: &str = r#"name = "Notes"
summary = "x"
token_prefix = "gh"
upstream = { service = "UPSTREAM" }
plan = { projects = 1, apps_per_project = 3, apps = 10, monthly_cap = 100 }
[[version]]
name = "v2"
prefix = "/2"
needs_project = true
errors = "problem"
[[version.route]]
methods = ["POST"]
path = "/2/notes"
summary = "x"
"#;

#[test]
fn a_good_description_is_read_and_a_post_needs_write() {
    let api = parse(GOOD).unwrap();
    let version = api.version_of("/2/notes").unwrap();
    assert_eq!(version.route_of("POST", "/2/notes").unwrap().1.permission, Permission::ReadWrite);
    assert!(version.route_of("GET", "/2/notes").is_none());
    let mixed = parse(&GOOD.replace("[\"POST\"]", "[\"GET\", \"POST\"]")).unwrap();
    let needed = |method| mixed.versions[0].route_of(method, "/2/notes").unwrap().1.permission;
    assert_eq!((needed("GET"), needed("POST")), (Permission::Read, Permission::ReadWrite));
    assert!(api.version_of("/22").is_none());
}

#[test]
fn a_route_without_a_limit_of_its_own_has_that_of_its_version() {
    let limited = GOOD.replace("\"problem\"", "\"problem\"\nlimit = { app = 5, user = 7 }");
    let own = limited.replace("[\"POST\"]", "[\"POST\"]\nlimit = { app = 9, window_seconds = 60 }");
    for (text, app, user, window_seconds) in [(limited, Some(5), Some(7), 900), (own, Some(9), None, 60)] {
        let api = parse(&text).unwrap();
        let classes: Vec<_> = api.classes().map(|(class, limit)| (api.class_name(class), limit)).collect();
        assert_eq!(classes[0], ("POST /2/notes".to_owned(), Limit { app, user, window_seconds }));
        assert_eq!(classes[1].0, "/2/*");
        assert_eq!((classes[1].1.app, classes[1].1.window_seconds), (Some(5), 900));
    }
}

#[test]
fn a_mistake_is_named_with_its_line() {
    for (from, to, line, part) in [
        ("\"gh\"", "\"GH_\"", 3, "token_prefix"),
        ("service = \"UPSTREAM\"", "", 4, "either a service or a url"),
        ("\"/2\"", "\"/2/\"", 8, "starts with"),
        ("\"/2\"", "\"/api\"", 8, "own /api"),
        ("[\"POST\"]", "[\"post\"]", 12, "upper-case"),
        ("\"/2/notes\"", "\"/1/notes\"", 13, "starts with /2/"),
        ("needs_project = true", "needs_project = 1", 9, "boolean"),
        ("[[version]]", "[[scope]]\nname = \"a b\"\ntext = \"x\"\n[[version]]", 6, "scope's name"),
        ("[[version]]", "[[scope]]\nname = \"offline.access\"\ntext = \"x\"\n[[version]]", 6, "already"),
        (
            "[[version]]\nname = \"v2\"\nprefix = \"/2\"\nneeds_project = true\nerrors = \"problem\"\n[[version.route]]",
            "[[scope]]\nname = \"x\"\ntext = \"x\"\n[[version]]\nname = \"v2\"\nprefix = \"/2\"\nneeds_project = true\n\
             errors = \"problem\"\n[[version.route]]\ncredentials = [\"oauth2-user\"]\nscopes = [\"x\"]",
            18,
            "permission that POST needs",
        ),
        ("[\"POST\"]", "[\"POST\"]\nscopes = [\"x\"]", 13, "no [[scope]] named x"),
        ("[\"POST\"]", "[\"POST\"]\ncredentials = [\"oauth2-user\"]", 14, "exactly if it names scopes"),
        ("\"problem\"", "\"problem\"\ncredentials = [\"oauth2-user\"]", 8, "name it on routes"),
        ("\"problem\"", "\"problem\"\nlimit = { app = 5, window_seconds = 7 }", 11, "divides a day"),
        ("\"problem\"", "\"problem\"\nlimit = { app = 0 }", 11, "at least 1"),
        ("\"problem\"", "\"problem\"\nlimit = { window_seconds = 60 }", 11, "how many requests"),
        ("[\"POST\"]", "[\"POST\"]\nlimit = { apps = 5 }", 13, "unknown field"),
        ("summary = \"x\"\ntoken", "nonsense = 1\nsummary = \"x\"\ntoken", 2, "unknown field"),
    ] {
        let error = parse(&GOOD.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.message.contains(part), "{error}");
    }
}

/// The good file with more routes, each a method and a path, from line 15 on.
fn with_routes(routes: &[(&str, &str)]) -> String {
    let route = |(method, path): &(&str, &str)| {
        format!("[[version.route]]\nmethods = [\"{method}\"]\npath = \"{path}\"\nsummary = \"x\"\n")
    };
    GOOD.to_owned() + &routes.iter().map(route).collect::<String>()
}

#[test]
fn a_route_that_an_earlier_one_shadows_is_refused_with_its_line() {
    for (routes, line, parts) in [
        (&[("GET", "/2/users/:id"), ("GET", "/2/users/me")][..], 21, ["GET /2/users/me never applies", "line 17"]),
        (&[("GET", "/2/users/:id"), ("HEAD", "/2/users/me")], 21, ["HEAD /2/users/me never applies", "line 17"]),
        (&[("GET", "/2/:a/:b"), ("GET", "/2/users/:id")], 21, ["GET /2/users/:id never applies", "line 17"]),
        (&[("POST", "/2/notes")], 17, ["POST /2/notes is listed twice", "line 13"]),
        (&[("POST", "/2/Notes")], 17, ["POST /2/Notes is listed twice", "line 13"]),
        (&[("GET", "/2/users/:id"), ("GET", "/2/users/:name")], 21, ["listed twice", "line 17"]),
    ] {
        let error = parse(&with_routes(routes)).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(parts.iter().all(|part| error.message.contains(part)), "{error}");
    }
    for routes in [
        &[("GET", "/2/users/me"), ("GET", "/2/users/:id")][..],
        &[("GET", "/2/notes")],
        &[("GET", "/2/:a/x"), ("GET", "/2/x/:b")],
    ] {
        assert!(parse(&with_routes(routes)).is_ok(), "{routes:?}");
    }
}

#[test]
fn a_version_over_the_portals_pages_or_own_endpoints_is_refused_with_its_line() {
    for own in ["/apps", "/docs", "/account", "/review", "/sign-in", "/gate", "/api", "/oauth", "/2/oauth2", "/i"] {
        for prefix in [own.to_owned(), format!("{own}/v2"), own.to_uppercase()] {
            let error = parse(&GOOD.replace("\"/2", &format!("\"{prefix}"))).unwrap_err();
            assert_eq!(error.line, 8, "{error}");
            assert!(error.message.contains("the deployment's own"), "{error}");
        }
    }
    let error = parse(&with_routes(&[("GET", "/2/oauth2/token")])).unwrap_err();
    assert_eq!((error.line, error.message.contains("never applies")), (17, true), "{error}");
}

#[test]
fn a_path_that_apis_read_differently_cant_be_listed() {
    for path in ["/2/a%20b", "/2/a;b", "/2/a//b", "/2/a/", "/2/..", "/2/a.", "/2/a\\\\b", "/2/*", "/2/:", "/2/:a-b"] {
        let error = parse(&with_routes(&[("GET", path)])).unwrap_err();
        assert_eq!((error.line, error.message.contains("a path has segments")), (17, true), "{path}: {error}");
    }
    for prefix in ["/v2;x", "/%32", "/v 2", "/v2/..", "/v2//x"] {
        let error = parse(&GOOD.replace("\"/2", &format!("\"{prefix}"))).unwrap_err();
        assert_eq!((error.line, error.message.contains("a prefix has")), (8, true), "{prefix}: {error}");
    }
}

#[test]
fn what_an_api_takes_as_data_holds_for_its_version_unless_a_route_says_otherwise() {
    let version = GOOD.replace("\"problem\"", "\"problem\"\npath_data = [\";\"]");
    let both = version.replace("[\"POST\"]", "[\"POST\"]\npath_data = [\"%2F\"]");
    let [semicolon, slash] = [(false, true), (true, false)].map(|(slash, semicolon)| PathData { slash, semicolon });
    for (text, of_version, of_route) in [(&version, semicolon, semicolon), (&both, semicolon, slash)] {
        let api = parse(text).unwrap();
        assert_eq!((api.versions[0].path_data, api.versions[0].routes[0].path_data), (of_version, of_route));
    }
    let error = parse(&both.replace("\"%2F\"", "\"%5C\"")).unwrap_err();
    assert_eq!((error.line, error.message.contains("path_data takes")), (14, true), "{error}");
}

#[test]
fn cors_of_a_route_comes_before_that_of_its_version_and_that_of_all() {
    let all = GOOD.replace("[[version]]", "[cors]\norigins = \"*\"\n[[version]]");
    let version = all.replace("\"problem\"", "\"problem\"\ncors = { origins = [\"https://a.example\"] }");
    let route = version.replace("[\"POST\"]", "[\"POST\"]\ncors = { origins = [], expose = [\"X-Total\"] }");
    for (text, allowed) in [
        (GOOD.to_owned(), None),
        (all, Some([true, true])),
        (version, Some([true, false])),
        (route, Some([false, false])),
    ] {
        let api = parse(&text).unwrap();
        let version = &api.versions[0];
        let cors = version.cors_of(Some(&version.routes[0]));
        let allows = |cors: &super::super::Cors| ["https://a.example", "https://b.example"].map(|o| cors.allows(o));
        assert_eq!(cors.map(allows), allowed);
        assert_eq!(api.has_cors(), allowed.is_some());
    }
}

#[test]
fn an_origin_that_no_browser_sends_is_refused_with_its_line() {
    for origins in [
        "\"https://a.example\"",
        "[\"https://a.example/\"]",
        "[\"https://A.example\"]",
        "[\"https://a.example:443\"]",
        "[\"http://a.example:80\"]",
        "[\"a.example\"]",
        "[\"null\"]",
        "[\"*\"]",
        "[7]",
    ] {
        let text = GOOD.replace("\"problem\"", &format!("\"problem\"\ncors = {{ origins = {origins} }}"));
        let error = parse(&text).unwrap_err();
        assert_eq!((error.line, error.message.contains("origin")), (11, true), "{origins}: {error}");
    }
    for origin in ["http://localhost:5173", "https://a.example:8443", "http://[::1]:80801", "capacitor://localhost"] {
        let text = GOOD.replace("\"problem\"", &format!("\"problem\"\ncors = {{ origins = [\"{origin}\"] }}"));
        assert!(parse(&text).is_ok(), "{origin}");
    }
}
