//! The user's answer to an App that wants to act for them.

mod connected;
mod oauth1;
mod oauth2;

use super::body::BodyError;
use super::reply::Response;
use super::router::Exchange;
use crate::app::LiveApp;
use crate::app_gate::AppGateCall;
use crate::grant::StoredGrant;
use crate::ledger::{Caller, LedgerCall};
use crate::oauth2::Parameters;
use crate::ports::{EdgePorts, ObjectName, RateLimit, ask};
use crate::refusal::Refusal;
use gatehouse_shared::api::{ConsentApp, ConsentProblem, DecideConsentRequest, Fact, SessionInfo};
use gatehouse_shared::model::{AccountId, AppId};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What stops a consent page: an answer for the App's developer, or a failure.
enum Stop {
    Problem(Box<ConsentProblem>),
    Failed(BodyError),
}

impl<T: Into<BodyError>> From<T> for Stop {
    fn from(error: T) -> Self {
        Self::Failed(error.into())
    }
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
        call: &AppGateCall,
    ) -> Result<T, BodyError> {
        ask(&self.deployment.runtime, &ObjectName::AppGate(app_id), call).await.map_err(|e| Refusal::from(e).into())
    }

    /// The account that is signed in, if one is.
    async fn signed_in_account(&self) -> Result<Option<AccountId>, BodyError> {
        if self.token.is_none() {
            return Ok(None);
        }
        let info: SessionInfo = self.ask(LedgerCall::FindSession).await?;
        Ok(info.account.map(|account| account.id))
    }

    /// The account that answers: the one that the page showed, and no other
    /// that signed in meanwhile.
    fn answering_account(&self, request: &DecideConsentRequest) -> Result<AccountId, Refusal> {
        let user = self.token.as_ref().ok_or(Refusal::NotSignedIn)?.account;
        if user == request.account_id { Ok(user) } else { Err(Refusal::OtherAccount) }
    }

    /// Counts a look at a consent page against whoever is not signed in.
    async fn admit_look(&self) -> Result<(), BodyError> {
        match self.request.client() {
            Some(client) if self.token.is_none() => {
                let is_admitted = self.deployment.runtime.admit(RateLimit::Token, &client).await;
                if is_admitted { Ok(()) } else { Err(Refusal::TooManyTries.into()) }
            }
            _ => Ok(()),
        }
    }

    async fn find_grant(&self, user: Option<AccountId>, app_id: AppId) -> Result<Option<StoredGrant>, BodyError> {
        match user {
            Some(user) => self.ask_ledger(user, Caller::Internal, LedgerCall::FindGrant { app_id }).await,
            None => Ok(None),
        }
    }

    /// An App that may ask users, as they are shown it.
    async fn find_asking_app(&self, app_id: AppId) -> Result<(LiveApp, ConsentApp), Stop> {
        let deployment = self.deployment;
        deployment.freshen(app_id).await.map_err(Refusal::from)?;
        let gone = || stop("This App does not exist", "It was deleted, or never was one.", &[]);
        let live = deployment.on_app(app_id, LiveApp::clone).ok_or_else(gone)?;
        let owner = deployment.owner_of(app_id).ok_or_else(gone)?;
        let call = LedgerCall::FindConsentApp { app_id };
        let app: ConsentApp = match self.ask_ledger(owner, Caller::Internal, call).await {
            Err(BodyError::Refused(Refusal::NotFound(_))) => return Err(gone()),
            answer => answer?,
        };
        let facts = [("App", app.name.as_str())];
        if live.is_stopped() {
            return Err(stop("This App is suspended", "The operator of this API stopped it.", &facts));
        }
        if !live.sign_in {
            let detail = "Its developer turns it on under “Permissions and sign-in” on the App’s page.";
            return Err(stop("This App has not turned sign-in on", detail, &facts));
        }
        Ok((live, app))
    }
}

fn finish<T: Serialize>(
    outcome: Result<T, Stop>,
    problem: impl Fn(ConsentProblem) -> T,
) -> Result<Response, BodyError> {
    match outcome {
        Ok(answer) => Ok(Response::ok(&answer)?),
        Err(Stop::Problem(found)) => Ok(Response::ok(&problem(*found))?),
        Err(Stop::Failed(error)) => Err(error),
    }
}
