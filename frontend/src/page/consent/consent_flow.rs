//! Leads a user through one consent: loads the request, follows the session, and sends the answer.

use super::protocol::ConsentCalls;
use super::protocol::Protocol;
use crate::api::{Client, Failure, use_client};
use crate::state::{Description, Load, Remote, Session, SessionState, use_description, use_session};
use crate::ui::effect;
use gatehouse_shared::api::{
    AccountView, Consent, ConsentApp, ConsentOutcome, ConsentProblem, ConsentRequest, ConsentTerms,
    DecideConsentRequest, SessionInfo,
};
use gatehouse_shared::model::AccountId;
use gatehouse_shared::problem::Code;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page shows now.
#[derive(Clone, PartialEq)]
pub enum Stage {
    Loading,
    Failed(Failure),
    /// The user has to sign in before the question.
    SignIn(ConsentRequest),
    /// The question, and the account that is asked.
    Ask(ConsentRequest, AccountView),
    Leaving {
        url: String,
        /// Whether the user was not asked. Then Back should not lead here.
        replace: bool,
    },
    Pin {
        pin: String,
        app: ConsentApp,
    },
    Denied {
        /// Empty if the App has no callback URL.
        return_url: String,
        app: ConsentApp,
    },
    /// The user has to start again in the App.
    Expired,
    Problem(ConsentProblem),
}

/// The question that the user answers: the App, the account, and the terms.
#[derive(Clone)]
pub struct Asked {
    pub app: ConsentApp,
    pub account_id: AccountId,
    pub terms: ConsentTerms,
}

/// The state of one consent: the request, the user, and the result.
#[derive(Clone, Copy)]
pub struct ConsentFlow {
    protocol: Protocol,
    client: Client,
    session: Session,
    description: Description,
    /// The query of the address at which the page was opened. It is the request of the App.
    query: StoredValue<String>,
    remote: Remote<Consent>,
    /// The account that the request was fetched for, since the abilities of an App differ by account. `Some(None)`
    /// means nobody. `None` means the account of the session, until it is known.
    fetched_for: RwSignal<Option<Option<AccountId>>>,
    /// The result, once there is one.
    ended: RwSignal<Option<Stage>>,
    /// Whether the user gave the password during this flow, as an App may ask for.
    is_fresh: RwSignal<bool>,
    /// Whether the user asked for another account than the App named.
    is_switching: RwSignal<bool>,
    /// Whether the request of the App changed before the user answered.
    is_changed: RwSignal<bool>,
}

impl ConsentFlow {
    pub fn new(protocol: Protocol) -> Self {
        let client = use_client();
        let query = StoredValue::new(use_location().search.get_untracked());
        let flow = Self {
            protocol,
            client,
            session: use_session(),
            description: use_description(),
            query,
            remote: Remote::new(move || protocol.find(client, query.get_value())),
            fetched_for: RwSignal::new(None),
            ended: RwSignal::new(None),
            is_fresh: RwSignal::new(false),
            is_switching: RwSignal::new(false),
            is_changed: RwSignal::new(false),
        };
        effect(move || flow.follow_session());
        flow
    }

    /// Fetches the request again if the account changes, in another tab or because Back restored the page.
    fn follow_session(self) {
        let account = match self.session.state() {
            SessionState::Unknown => return,
            SessionState::SignedIn(account) => Some(account.id),
            // Who signs in here begins anew.
            _ => None,
        };
        match self.fetched_for.get_untracked() {
            None => self.fetched_for.set(Some(account)),
            Some(known) if account.is_some() && account != known => {
                self.is_fresh.set(false);
                self.fetch_for(account);
            }
            Some(_) => {}
        }
    }

    /// Fetches the request for an account, as if the page had just been opened.
    fn fetch_for(self, account: Option<AccountId>) {
        self.fetched_for.set(Some(account));
        self.is_changed.set(false);
        self.remote.restart();
    }

    pub fn stage(self) -> Stage {
        if let Some(ended) = self.ended.get() {
            return ended;
        }
        let request = match self.remote.state.get() {
            Load::Loading => return Stage::Loading,
            Load::Failed(failure) => return Stage::Failed(failure),
            Load::Ready(Consent::Redirect(url)) => return Stage::Leaving { url, replace: true },
            Load::Ready(Consent::Expired) => return Stage::Expired,
            Load::Ready(Consent::Problem(problem)) => return Stage::Problem(problem),
            Load::Ready(Consent::Ask(request)) => *request,
        };
        match self.session.state() {
            // The question contains the name of the API, so it waits for that name.
            _ if !self.description.0.is_settled() => Stage::Loading,
            SessionState::Unknown => Stage::Loading,
            SessionState::SignedIn(account) if self.fetched_for.get() != Some(Some(account.id)) => Stage::Loading,
            SessionState::SignedIn(account) if self.is_fresh.get() || !request.force_login => {
                Stage::Ask(request, account)
            }
            _ => Stage::SignIn(request),
        }
    }

    /// The name to sign in with, if it is known.
    pub fn login(self, request: &ConsentRequest) -> String {
        if self.is_switching.get_untracked() {
            return String::new();
        }
        let present = || self.session.account_untracked().map(|account| account.username).unwrap_or_default();
        if request.screen_name.is_empty() { present() } else { request.screen_name.clone() }
    }

    /// Continues after the sign-in form.
    pub fn begin(self) {
        self.is_fresh.set(true);
        self.fetch_for(self.session.account_untracked().map(|account| account.id));
    }

    /// Whether the request of the App changed while the user read it.
    pub fn is_changed(self) -> bool {
        self.is_changed.get_untracked()
    }

    /// Fetches the request again after a failure.
    pub fn retry(self) {
        self.remote.restart();
    }

    /// Ends the session, so that somebody else can sign in.
    pub async fn sign_out(self) -> Result<(), Failure> {
        self.client.delete_session().await?;
        self.is_switching.set(true);
        self.is_fresh.set(false);
        self.session.set(SessionInfo::default());
        Ok(())
    }

    /// Sends the answer to the shown question for the shown account.
    pub async fn decide(self, asked: &Asked, approve: bool) -> Result<(), Failure> {
        let Asked { app, account_id, terms } = asked.clone();
        let request = DecideConsentRequest { query: self.query.get_value(), account_id, approve, terms: Some(terms) };
        let outcome = match self.protocol.decide(self.client, &request).await {
            Err(failure) if failure.code() == Some(Code::ConsentChanged) => {
                // Nothing was shared. The user has to read the new request.
                if self.is_changed.try_set(true).is_none() {
                    self.remote.restart();
                }
                return Ok(());
            }
            outcome => outcome?,
        };
        let stage = match outcome {
            ConsentOutcome::Redirect(url) => Stage::Leaving { url, replace: false },
            ConsentOutcome::Pin(pin) => Stage::Pin { pin, app },
            ConsentOutcome::Denied(return_url) => Stage::Denied { return_url, app },
            ConsentOutcome::Expired => Stage::Expired,
            ConsentOutcome::Problem(problem) => Stage::Problem(problem),
        };
        // Has no effect if the user has left the page.
        let _ = self.ended.try_set(Some(stage));
        Ok(())
    }
}
