//! The user's answer to an App that wants to act for them.

mod connected;
mod oauth1;
mod oauth2;

use super::body::BodyError;
use super::reply::Response;
use super::router::Exchange;
use gatehouse_domain::app::LiveApp;
use gatehouse_domain::consent::{Allowed, Catalog};
use gatehouse_domain::grant::StoredGrant;
use gatehouse_domain::message::account::{AccountCall, Caller};
use gatehouse_domain::message::app_traffic::AppTrafficCall;
use gatehouse_domain::message::developer_account::{AskingApp, DeveloperAccountCall};
use gatehouse_domain::oauth2::Parameters;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, ObjectName, ask};
use gatehouse_shared::api::{
    Consent, ConsentApp, ConsentOutcome, ConsentProblem, ConsentRequest, ConsentTerms, DecideConsentRequest, Fact,
    SessionInfo,
};
use gatehouse_shared::model::{AccountId, AppId};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What stops a consent page.
enum Stop {
    /// Something is wrong with the request: an answer for the App's developer.
    Problem(Box<ConsentProblem>),
    /// The user has to start again in the App.
    Expired,
    Failed(BodyError),
}

/// An answer that a consent page can get where it is stopped.
trait Stoppable: Serialize {
    fn problem(problem: ConsentProblem) -> Self;
    fn expired() -> Self;
}

impl Stoppable for Consent {
    fn problem(problem: ConsentProblem) -> Self {
        Self::Problem(problem)
    }

    fn expired() -> Self {
        Self::Expired
    }
}

impl Stoppable for ConsentOutcome {
    fn problem(problem: ConsentProblem) -> Self {
        Self::Problem(problem)
    }

    fn expired() -> Self {
        Self::Expired
    }
}

impl<T: Into<BodyError>> From<T> for Stop {
    fn from(error: T) -> Self {
        Self::Failed(error.into())
    }
}

/// A checked request for consent.
struct AskedForConsent {
    app: ConsentApp,
    terms: ConsentTerms,
    /// Where the answer goes; empty for a PIN.
    returns_to: String,
}

fn stop(title: &str, detail: &str, facts: &[(&str, &str)]) -> Stop {
    let fact = |(name, value): &(&str, &str)| Fact { name: (*name).to_owned(), value: (*value).to_owned() };
    let facts = facts.iter().map(fact).collect();
    Stop::Problem(Box::new(ConsentProblem {
        title: title.into(),
        detail: detail.into(),
        facts,
        return_url: String::new(),
    }))
}

impl<R: EdgePorts> Exchange<'_, R> {
    fn query_parameters(&self) -> Parameters {
        let query = self.request.url.split_once('?').map_or("", |(_, query)| query);
        Parameters::from_form(query.split('#').next().unwrap_or_default().as_bytes())
    }

    pub(in crate::http) async fn ask_app<T: DeserializeOwned>(
        &self,
        app_id: AppId,
        call: &AppTrafficCall,
    ) -> Result<T, BodyError> {
        ask(&self.isolate.runtime, &ObjectName::AppTraffic(app_id), call).await.map_err(|e| PortalError::from(e).into())
    }

    /// The account that is signed in, if one is.
    async fn signed_in_account(&self) -> Result<Option<AccountId>, BodyError> {
        if self.token.is_none() {
            return Ok(None);
        }
        let info: SessionInfo = self.ask(AccountCall::FindSession).await?;
        Ok(info.account.map(|account| account.id))
    }

    /// The account that answers: the one that the page showed, and no other
    /// that signed in meanwhile.
    fn answering_account(&self, request: &DecideConsentRequest) -> Result<AccountId, PortalError> {
        let user = self.token.as_ref().ok_or(PortalError::NotSignedIn)?.account;
        if user == request.account_id { Ok(user) } else { Err(PortalError::OtherAccount) }
    }

    /// Counts a look at a consent page against whoever is not signed in,
    /// whatever cookie they send.
    async fn admit_look(&self) -> Result<(), BodyError> {
        match self.signed_in_account().await? {
            Some(_) => Ok(()),
            None => self.admit_anonymous().await,
        }
    }

    async fn find_grant(&self, user: Option<AccountId>, app_id: AppId) -> Result<Option<StoredGrant>, BodyError> {
        match user {
            Some(user) => self.ask_account(user, Caller::Internal, AccountCall::FindGrant { app_id }).await,
            None => Ok(None),
        }
    }

    /// Puts an App's request into words for a user.
    async fn describe(&self, user: Option<AccountId>, asked: AskedForConsent) -> Result<ConsentRequest, BodyError> {
        let AskedForConsent { app, terms, returns_to } = asked;
        let grant = self.find_grant(user, app.id).await?;
        let agreed = grant.as_ref().map(|grant| grant.agreed(self.isolate.now())).unwrap_or_default();
        let allowed = Allowed { permission: terms.permission, scopes: terms.scopes.clone() };
        let said = Catalog::of(&self.isolate.settings.api).describe(&allowed, &agreed);
        Ok(ConsentRequest {
            terms,
            may: said.may,
            already: said.already,
            may_not: said.may_not,
            returns_to,
            is_known: grant.as_ref().is_some_and(StoredGrant::is_used),
            screen_name: String::new(),
            force_login: false,
            app,
        })
    }

    /// An App that may ask users, as they are shown it.
    async fn find_asking_app(&self, app_id: AppId, user: Option<AccountId>) -> Result<(LiveApp, AskingApp), Stop> {
        let isolate = self.isolate;
        isolate.freshen_app(app_id).await.map_err(PortalError::from)?;
        let gone = || stop("This App doesn’t exist", "It may have been deleted.", &[]);
        let live = isolate.on_app(app_id, LiveApp::clone).ok_or_else(gone)?;
        let owner = isolate.owner_of(app_id).ok_or_else(gone)?;
        // Only a member learns what is registered there.
        let call = DeveloperAccountCall::FindConsentApp { app_id, user };
        let asking: AskingApp = match isolate.read_developer(owner, call).await {
            Err(PortalError::NotFound(_)) => return Err(gone()),
            answer => answer?,
        };
        let facts = [("App", asking.app.name.as_str())];
        if live.is_stopped() {
            return Err(stop("This App is suspended", "The operator of this API suspended it.", &facts));
        }
        if !live.sign_in {
            let detail = "Turn it on under “Permissions and sign-in” on the App’s page.";
            return Err(stop("Sign-in is turned off for this App", detail, &facts));
        }
        Ok((live, asking))
    }
}

fn finish<T: Stoppable>(outcome: Result<T, Stop>) -> Result<Response, BodyError> {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(Stop::Problem(problem)) => T::problem(*problem),
        Err(Stop::Expired) => T::expired(),
        Err(Stop::Failed(error)) => return Err(error),
    };
    Ok(Response::ok(&answer)?)
}

/// Refuses an approval of other terms than those of the request as it is now.
fn check_terms(request: &DecideConsentRequest, terms: &ConsentTerms) -> Result<(), PortalError> {
    if request.terms.as_ref() == Some(terms) { Ok(()) } else { Err(PortalError::ConsentChanged) }
}
