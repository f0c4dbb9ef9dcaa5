//! The portal's pages and the address of each: one table. The Worker answers
//! every path that is none of them with 404, the portal shows what is there,
//! and the check of `api.toml` keeps the prefixes of the API off them.

use crate::model::{AccountId, AppId, DeveloperAccountId, ProjectId};
use crate::problem::Code;

/// A page of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Landing,
    Docs,
    ErrorList,
    Error(Code),
    SignUp,
    SignIn,
    Apply,
    Dashboard,
    NewProject,
    Project(ProjectId),
    NewApp,
    App(AppId),
    Account,
    ConnectedApps,
    Members(DeveloperAccountId),
    /// An invitation to a developer account. Its code is the last segment of the address.
    Invitation(DeveloperAccountId),
    Consent(ConsentFlow),
    Review,
    ReviewAccounts,
    ReviewAccount(AccountId),
    ReviewDeveloperAccounts,
    ReviewDeveloperAccount(DeveloperAccountId),
    ReviewApp(AppId),
    ReviewSearch,
    ReviewAudit,
    ReviewOperators,
    /// What is shown at any other address.
    NotFound,
}

/// How an App asks a user; each address of the consent page belongs to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentFlow {
    /// OAuth 1.0a, which asks every time.
    Authorize,
    /// OAuth 1.0a for signing in: whoever agreed before is sent on at once.
    Authenticate,
    OAuth2,
}

/// Makes the page from the segment that stands for a `:name`; `None` where
/// that can't be one.
type Make = fn(&str) -> Option<Page>;

const TABLE: &[(&str, Make)] = &[
    ("/", |_| Some(Page::Landing)),
    ("/docs", |_| Some(Page::Docs)),
    ("/docs/errors", |_| Some(Page::ErrorList)),
    ("/docs/errors/:code", error),
    ("/sign-up", |_| Some(Page::SignUp)),
    ("/sign-in", |_| Some(Page::SignIn)),
    ("/apply", |_| Some(Page::Apply)),
    ("/dashboard", |_| Some(Page::Dashboard)),
    ("/projects/new", |_| Some(Page::NewProject)),
    ("/projects/:project_id", |id| id.parse().ok().map(Page::Project)),
    ("/apps/new", |_| Some(Page::NewApp)),
    ("/apps/:app_id", app),
    ("/apps/:app_id/keys", app),
    ("/apps/:app_id/permissions", app),
    ("/apps/:app_id/usage", app),
    ("/apps/:app_id/activity", app),
    ("/apps/:app_id/refusals", app),
    ("/account", |_| Some(Page::Account)),
    ("/account/apps", |_| Some(Page::ConnectedApps)),
    ("/developer-accounts/:developer_account_id/members", |id| id.parse().ok().map(Page::Members)),
    ("/invitations/:developer_account_id/:invitation_code", |id| id.parse().ok().map(Page::Invitation)),
    ("/oauth/authorize", |_| Some(Page::Consent(ConsentFlow::Authorize))),
    ("/oauth/authenticate", |_| Some(Page::Consent(ConsentFlow::Authenticate))),
    ("/i/oauth/authenticate", |_| Some(Page::Consent(ConsentFlow::Authenticate))),
    ("/i/oauth2/authorize", |_| Some(Page::Consent(ConsentFlow::OAuth2))),
    ("/2/oauth2/authorize", |_| Some(Page::Consent(ConsentFlow::OAuth2))),
    ("/review", |_| Some(Page::Review)),
    ("/review/search", |_| Some(Page::ReviewSearch)),
    ("/review/audit", |_| Some(Page::ReviewAudit)),
    ("/review/operators", |_| Some(Page::ReviewOperators)),
    ("/review/accounts", |_| Some(Page::ReviewAccounts)),
    ("/review/accounts/:account_id", |id| id.parse().ok().map(Page::ReviewAccount)),
    ("/review/developer-accounts", |_| Some(Page::ReviewDeveloperAccounts)),
    ("/review/developer-accounts/:developer_account_id", |id| id.parse().ok().map(Page::ReviewDeveloperAccount)),
    ("/review/apps/:app_id", |id| id.parse().ok().map(Page::ReviewApp)),
];

fn app(id: &str) -> Option<Page> {
    id.parse().ok().map(Page::App)
}

fn error(slug: &str) -> Option<Page> {
    Code::ALL.iter().find(|code| code.slug() == slug).copied().map(Page::Error)
}

impl Page {
    /// The page at a path, which is compared as it was sent: an address that
    /// is spelt otherwise, such as `//docs`, is none. One slash at the end
    /// changes nothing.
    pub fn at(path: &str) -> Self {
        let path = path.strip_suffix('/').filter(|path| !matches!(*path, "" | "/")).unwrap_or(path);
        let page = TABLE.iter().find_map(|(pattern, make)| make(matched(pattern, path)?));
        page.unwrap_or(Self::NotFound)
    }

    /// The addresses of all pages, `:name` for a segment that is an id or the
    /// like.
    pub fn addresses() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|(pattern, _)| *pattern)
    }
}

/// What stands in a path for the first `:name` of a pattern, empty where it has
/// none; `None` where the path is another one.
fn matched<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let (mut segments, mut found) = (path.split('/'), None);
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        if expected.starts_with(':') {
            found = found.or(Some(segment));
        } else if segment != expected {
            return None;
        }
    }
    segments.next().is_none().then(|| found.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_page_and_others_to_not_found() {
        let id = AppId::from_random([7; 8]);
        assert_eq!(Page::at("/"), Page::Landing);
        assert_eq!(Page::at("/docs/errors/not-found"), Page::Error(Code::NotFound));
        assert_eq!(Page::at(&format!("/apps/{id}")), Page::App(id));
        assert_eq!(Page::at(&format!("/apps/{id}/keys/")), Page::App(id));
        assert_eq!(Page::at(&format!("/apps/{id}/refusals")), Page::App(id));
        assert_eq!(Page::at("/apps/new"), Page::NewApp);
        let developer = DeveloperAccountId::from_random([7; 8]);
        assert_eq!(Page::at(&format!("/developer-accounts/{developer}/members")), Page::Members(developer));
        assert_eq!(Page::at(&format!("/invitations/{developer}/aB3")), Page::Invitation(developer));
        assert_eq!(Page::at("/oauth/authorize"), Page::Consent(ConsentFlow::Authorize));
        assert_eq!(Page::at("/i/oauth/authenticate"), Page::Consent(ConsentFlow::Authenticate));
        assert_eq!(Page::at("/2/oauth2/authorize"), Page::Consent(ConsentFlow::OAuth2));
        for path in [
            &*format!("/apps/{id}/nothing"),
            &*format!("/invitations/{id}"),
            "",
            "//",
            "//docs",
            "/docs//",
            "/docs//errors",
            "/Docs",
            "/%64ocs",
            "/index.html",
            "/oauth",
            "/2/oauth/authorize",
            "/apps/7",
            "/apps",
            "/apps/:app_id",
            "/docs/errors/nothing",
            "/gates/check",
            "/metrics",
            "/x",
        ] {
            assert_eq!(Page::at(path), Page::NotFound, "{path}");
        }
    }

    #[test]
    fn every_address_of_the_table_is_a_page() {
        let id = AppId::from_random([7; 8]).to_string();
        for address in Page::addresses() {
            let segments = address.split('/').map(|segment| match segment {
                ":code" => "conflict",
                segment if segment.starts_with(':') => &id,
                segment => segment,
            });
            let path = segments.collect::<Vec<_>>().join("/");
            assert_ne!(Page::at(&path), Page::NotFound, "{path}");
        }
    }
}
