use super::{
    ApiDescription, Builtin, CredentialForm, ErrorForm, Limit, OFFLINE_SCOPE, RoutePolicy, Upstream, Version, is_write,
};
use crate::api::{PlanLimits, ScopeSummary};
use crate::model::Permission;
use serde::Deserialize;
use serde_spanned::Spanned;
use std::fmt;

/// Why `api.toml` can't be used, and on which line.
#[derive(Debug, PartialEq, Eq)]
pub struct DescriptionError {
    /// Counted from 1.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for DescriptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "api.toml line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for DescriptionError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    summary: String,
    token_prefix: Spanned<String>,
    #[serde(default)]
    terms_url: String,
    #[serde(default)]
    reserved_words: Vec<String>,
    #[serde(default = "default_use_case_minimum")]
    use_case_minimum: Spanned<usize>,
    upstream: Spanned<FileUpstream>,
    plan: PlanLimits,
    #[serde(rename = "scope", default)]
    scopes: Vec<Spanned<ScopeSummary>>,
    #[serde(rename = "version")]
    versions: Spanned<Vec<FileVersion>>,
}

fn default_use_case_minimum() -> Spanned<usize> {
    Spanned::new(0..0, 100)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileUpstream {
    service: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileVersion {
    name: String,
    prefix: Spanned<String>,
    needs_project: bool,
    errors: ErrorForm,
    #[serde(default)]
    credentials: Option<Vec<CredentialForm>>,
    #[serde(default)]
    limit: Option<Spanned<Limit>>,
    #[serde(rename = "route", default)]
    routes: Vec<FileRoute>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRoute {
    methods: Spanned<Vec<String>>,
    path: Spanned<String>,
    summary: String,
    #[serde(default)]
    credentials: Option<Vec<CredentialForm>>,
    #[serde(default)]
    permission: Option<Permission>,
    #[serde(default)]
    scopes: Vec<Spanned<String>>,
    #[serde(default)]
    limit: Option<Spanned<Limit>>,
    #[serde(default)]
    builtin: Option<Builtin>,
}

/// Paths that are the deployment's own, so that no version may lie over them.
const OWN_PREFIXES: [&str; 8] = ["/api", "/oauth", "/oauth2", "/i", "/gate", "/assets", "/.well-known", "/healthz"];

/// Reads and checks the text of `api.toml`.
pub fn parse(text: &str) -> Result<ApiDescription, DescriptionError> {
    let at = |offset: usize, message: String| DescriptionError {
        line: text.get(..offset).unwrap_or_default().matches('\n').count() + 1,
        message,
    };
    let file: File = toml::from_str(text)
        .map_err(|error| at(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    let refuse = |spot: std::ops::Range<usize>, message: &str| at(spot.start, message.to_owned());

    if file.name.get_ref().trim().is_empty() {
        return Err(refuse(file.name.span(), "the API needs a name"));
    }
    let prefix = file.token_prefix.get_ref();
    if !(2..=12).contains(&prefix.len()) || !prefix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return Err(refuse(file.token_prefix.span(), "token_prefix has 2 to 12 lower-case letters or digits"));
    }
    if *file.use_case_minimum.get_ref() > 1000 {
        return Err(refuse(file.use_case_minimum.span(), "use_case_minimum is at most 1000"));
    }
    let upstream_at = file.upstream.span();
    let upstream = match file.upstream.into_inner() {
        FileUpstream { service: Some(name), url: None } => Upstream::Service(name),
        FileUpstream { service: None, url: Some(url) }
            if (url.starts_with("https://") || url.starts_with("http://")) && url.matches('/').count() == 2 =>
        {
            Upstream::Url(url)
        }
        FileUpstream { service: None, url: Some(_) } => {
            return Err(refuse(
                upstream_at,
                "upstream.url is an origin such as https://api.example.com, without a path",
            ));
        }
        _ => return Err(refuse(upstream_at, "upstream names either a service or a url")),
    };
    if !(1..=MOST_VERSIONS).contains(&file.versions.get_ref().len()) {
        return Err(refuse(file.versions.span(), "describe at least one [[version]], and at most 100"));
    }

    let mut scopes: Vec<ScopeSummary> = Vec::new();
    for scope in file.scopes {
        let (span, scope) = (scope.span(), scope.into_inner());
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
        if scope.name.is_empty() || !scope.name.bytes().all(is_token) {
            return Err(refuse(span, "a scope's name has letters, digits and . _ : - alone"));
        }
        if scope.name == OFFLINE_SCOPE || scopes.iter().any(|known| known.name == scope.name) {
            return Err(at(span.start, format!("there is already a scope {}", scope.name)));
        }
        if scope.text.trim().is_empty() {
            return Err(refuse(span, "a scope needs a text for the user who is asked"));
        }
        scopes.push(scope);
    }

    let mut versions: Vec<Version> = Vec::new();
    for version in file.versions.into_inner() {
        let span = version.prefix.span();
        let prefix = version.prefix.into_inner();
        if !prefix.starts_with('/') || prefix.len() < 2 || prefix.ends_with('/') || prefix.contains(['?', '#', ' ']) {
            return Err(refuse(span, "a prefix starts with “/” and does not end with it"));
        }
        if let Some(own) = OWN_PREFIXES.iter().find(|own| lies_below(&prefix, own) || lies_below(own, &prefix)) {
            return Err(at(span.start, format!("the prefix {prefix} collides with the deployment's own {own}")));
        }
        if let Some(other) = versions.iter().find(|v| lies_below(&prefix, &v.prefix) || lies_below(&v.prefix, &prefix))
        {
            return Err(at(span.start, format!("the prefix {prefix} overlaps with {}", other.prefix)));
        }
        let defaults =
            version.credentials.unwrap_or_else(|| vec![CredentialForm::OAuth1User, CredentialForm::BearerToken]);
        if defaults.contains(&CredentialForm::OAuth2User) {
            return Err(refuse(span, "a version can't take oauth2-user on every path: name it on routes, with scopes"));
        }
        let checked = |limit: Option<Spanned<Limit>>| limit.map(|limit| check_limit(limit, &at)).transpose();
        let limit = checked(version.limit)?.unwrap_or_default();
        let mut routes = Vec::new();
        for route in version.routes {
            let path = route.path.get_ref();
            if !lies_below(path, &prefix) || path.contains(['?', '#', ' ']) {
                return Err(at(route.path.span().start, format!("a route of this version starts with {prefix}/")));
            }
            let allows = |scope: &ScopeSummary| route.scopes.iter().any(|name| *name.get_ref() == scope.name);
            let granted = scopes.iter().filter(|scope| allows(scope)).map(|scope| scope.permission).max();
            let methods = route.methods.get_ref();
            if methods.is_empty() || methods.iter().any(|m| m.is_empty() || !m.bytes().all(|b| b.is_ascii_uppercase()))
            {
                return Err(refuse(route.methods.span(), "methods are upper-case names such as \"GET\", at least one"));
            }
            let route_limit = checked(route.limit)?.unwrap_or(limit);
            let credentials = route.credentials.unwrap_or_else(|| defaults.clone());
            if let Some(unknown) = route.scopes.iter().find(|scope| scopes.iter().all(|s| s.name != *scope.get_ref())) {
                let message = format!("there is no [[scope]] named {}", unknown.get_ref());
                return Err(at(unknown.span().start, message));
            }
            if credentials.contains(&CredentialForm::OAuth2User) == route.scopes.is_empty() {
                let message = "a route takes oauth2-user exactly if it names scopes";
                return Err(refuse(route.path.span(), message));
            }
            // Where the file names no permission, each method needs its own.
            let (writes, reads): (Vec<String>, Vec<String>) =
                methods.iter().cloned().partition(|method| is_write(method));
            // What the deployment answers by itself changes nothing in the API.
            let permission = route.permission.or(route.builtin.map(|_| Permission::Read));
            let policies = match permission {
                Some(permission) => vec![(methods.clone(), permission)],
                None => vec![(reads, Permission::Read), (writes, Permission::ReadWrite)],
            };
            for (methods, permission) in policies.into_iter().filter(|(methods, _)| !methods.is_empty()) {
                if granted.is_some_and(|granted| granted < permission) {
                    let message =
                        format!("one of the scopes must have the permission that {} needs", methods.join(", "));
                    return Err(at(route.path.span().start, message));
                }
                routes.push(RoutePolicy {
                    methods,
                    path: path.clone(),
                    summary: route.summary.clone(),
                    credentials: credentials.clone(),
                    permission,
                    scopes: route.scopes.iter().map(|scope| scope.get_ref().clone()).collect(),
                    limit: route_limit,
                    builtin: route.builtin,
                });
            }
        }
        versions.push(Version {
            index: u16::try_from(versions.len()).unwrap_or(u16::MAX),
            name: version.name,
            prefix,
            needs_project: version.needs_project,
            errors: version.errors,
            credentials: defaults,
            limit,
            routes,
        });
    }
    Ok(ApiDescription {
        name: file.name.into_inner(),
        summary: file.summary,
        token_prefix: file.token_prefix.into_inner(),
        terms_url: file.terms_url,
        reserved_words: file.reserved_words.iter().map(|word| word.to_lowercase()).collect(),
        use_case_minimum: file.use_case_minimum.into_inner(),
        upstream,
        versions,
        plan: file.plan,
        scopes,
    })
}

fn check_limit(
    limit: Spanned<Limit>,
    at: &impl Fn(usize, String) -> DescriptionError,
) -> Result<Limit, DescriptionError> {
    let (span, limit) = (limit.span(), limit.into_inner());
    let refuse = |message: &str| Err(at(span.start, message.to_owned()));
    if limit.window_seconds == 0 || !DAY_SECONDS.is_multiple_of(limit.window_seconds) {
        return refuse("window_seconds divides a day, such as 60, 900 or 86400");
    }
    if [limit.app, limit.user].contains(&Some(0)) {
        return refuse("a limit is at least 1: to close a route, list no credentials for it");
    }
    if limit.is_none() {
        return refuse("a limit names how many requests an app, a user or both may make in a window");
    }
    Ok(limit)
}

const DAY_SECONDS: u32 = 86_400;
const MOST_VERSIONS: usize = 100;

fn lies_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
