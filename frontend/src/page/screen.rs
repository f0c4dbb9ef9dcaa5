use super::consent::Flow;
use gatehouse_shared::model::{AccountId, AppId, ProjectId};
use gatehouse_shared::problem::Code;

/// Which screen an address shows. Our own table, matched by hand: the router's grows the program by two kilobytes for
/// each path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
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
    Consent(Flow),
    Office,
    OfficeAccounts,
    OfficeAccount(AccountId),
    NotFound,
}

impl Screen {
    pub fn at(path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match *segments.as_slice() {
            [] => Self::Landing,
            ["docs"] => Self::Docs,
            ["docs", "errors"] => Self::ErrorList,
            ["docs", "errors", slug] => {
                Code::ALL.iter().find(|code| code.slug() == slug).map_or(Self::NotFound, |code| Self::Error(*code))
            }
            ["sign-up"] => Self::SignUp,
            ["sign-in"] => Self::SignIn,
            ["apply"] => Self::Apply,
            ["dashboard"] => Self::Dashboard,
            ["projects", "new"] => Self::NewProject,
            ["projects", id] => id.parse().map_or(Self::NotFound, Self::Project),
            ["apps", "new"] => Self::NewApp,
            ["apps", id] | ["apps", id, "keys" | "permissions" | "usage" | "activity" | "refusals"] => {
                id.parse().map_or(Self::NotFound, Self::App)
            }
            ["account"] => Self::Account,
            ["account", "apps"] => Self::ConnectedApps,
            ["oauth", "authorize"] => Self::Consent(Flow::Authorize),
            ["oauth", "authenticate"] | ["i", "oauth", "authenticate"] => Self::Consent(Flow::Authenticate),
            ["i" | "2", "oauth2", "authorize"] => Self::Consent(Flow::OAuth2),
            ["office"] => Self::Office,
            ["office", "accounts"] => Self::OfficeAccounts,
            ["office", "accounts", id] => id.parse().map_or(Self::NotFound, Self::OfficeAccount),
            _ => Self::NotFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_screen_and_others_to_not_found() {
        let id = AppId::from_random([7; 8]);
        assert_eq!(Screen::at("/"), Screen::Landing);
        assert_eq!(Screen::at("/docs/errors/not-found"), Screen::Error(Code::NotFound));
        assert_eq!(Screen::at(&format!("/apps/{id}")), Screen::App(id));
        assert_eq!(Screen::at(&format!("/apps/{id}/keys/")), Screen::App(id));
        assert_eq!(Screen::at(&format!("/apps/{id}/refusals")), Screen::App(id));
        assert_eq!(Screen::at("/apps/new"), Screen::NewApp);
        assert_eq!(Screen::at("/oauth/authorize"), Screen::Consent(Flow::Authorize));
        assert_eq!(Screen::at("/i/oauth/authenticate"), Screen::Consent(Flow::Authenticate));
        assert_eq!(Screen::at("/2/oauth2/authorize"), Screen::Consent(Flow::OAuth2));
        for path in [
            &*format!("/apps/{id}/nothing"),
            "/oauth",
            "/2/oauth/authorize",
            "/apps/7",
            "/apps",
            "/docs/errors/nothing",
            "/x",
        ] {
            assert_eq!(Screen::at(path), Screen::NotFound, "{path}");
        }
    }
}
