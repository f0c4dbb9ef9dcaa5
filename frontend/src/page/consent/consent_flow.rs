use super::protocol::ConsentCalls;
use super::protocol::Protocol;
use crate::api::{Client, Failure, use_client};
use crate::state::{Description, Load, Remote, Session, SessionState, use_description, use_session};
use crate::ui::effect;
use gatehouse_shared::api::{
    AccountView, Consent, ConsentApp, ConsentOutcome, ConsentProblem, ConsentRequest, ConsentTerms,
    DecideConsentRequest,
};
use gatehouse_shared::model::AccountId;
use gatehouse_shared::problem::Code;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page shows at a moment.
#[derive(Clone, PartialEq)]
pub enum Stage {
    Loading,
    Failed(Failure),
    /// Somebody has to sign in before they are asked.
    SignIn(ConsentRequest),
    /// The question, and who is asked.
    Ask(ConsentRequest, AccountView),
    Leaving {
        url: String,
        /// Whether nothing was asked, so that the browser's Back should not lead here.
        replace: bool,
    },
    Pin {
        pin: String,
        app: ConsentApp,
    },
    Denied {
        /// Empty where there is nowhere to go back to.
        return_url: String,
        app: ConsentApp,
    },
    /// The user has to start again in the App.
    Expired,
    Problem(ConsentProblem),
}

/// What a user answers: whose request, on which account, for what.
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
    /// Of the address that the page was opened at, which is the App's request.
    query: StoredValue<String>,
    remote: Remote<Consent>,
    /// Whom the request was fetched for, since what an App may do differs by account: `Some(None)` is nobody, and `None`
    /// is whoever the browser's session belongs to, until that is known.
    fetched_for: RwSignal<Option<Option<AccountId>>>,
    /// How it ended, if it has.
    ended: RwSignal<Option<Stage>>,
    /// Whether the user gave the password during this flow, as an App may ask for.
    is_fresh: RwSignal<bool>,
    /// Whether the user asked for another account, which is then not the one that the App named.
    is_switching: RwSignal<bool>,
    /// Whether the App asked for something else before the user had answered.
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

    /// Another tab may sign somebody else in, and Back may bring the page up under another account.
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

    /// Fetches the request anew, as somebody who has not seen it yet.
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
            // The question names the API, so it waits for that name.
            _ if !self.description.0.is_settled() => Stage::Loading,
            SessionState::Unknown => Stage::Loading,
            SessionState::SignedIn(account) if self.fetched_for.get() != Some(Some(account.id)) => Stage::Loading,
            SessionState::SignedIn(account) if self.is_fresh.get() || !request.force_login => {
                Stage::Ask(request, account)
            }
            _ => Stage::SignIn(request),
        }
    }

    /// The name to sign in with, as far as it is known.
    pub fn login(self, request: &ConsentRequest) -> String {
        if self.is_switching.get_untracked() {
            return String::new();
        }
        let present = || self.session.account_untracked().map(|account| account.username).unwrap_or_default();
        if request.screen_name.is_empty() { present() } else { request.screen_name.clone() }
    }

    /// Goes on after the sign-in form.
    pub fn begin(self) {
        self.is_fresh.set(true);
        self.fetch_for(self.session.account_untracked().map(|account| account.id));
    }

    /// Whether what the page shows is not what it showed before.
    pub fn is_changed(self) -> bool {
        self.is_changed.get_untracked()
    }

    /// Asks again after a failure.
    pub fn retry(self) {
        self.remote.restart();
    }

    /// Ends the session, so that somebody else can sign in.
    pub async fn sign_out(self) -> Result<(), Failure> {
        self.client.delete_session().await?;
        self.is_switching.set(true);
        self.is_fresh.set(false);
        self.session.set(None);
        Ok(())
    }

    /// Answers what the page shows, as the account that it shows.
    pub async fn decide(self, asked: &Asked, approve: bool) -> Result<(), Failure> {
        let Asked { app, account_id, terms } = asked.clone();
        let request = DecideConsentRequest { query: self.query.get_value(), account_id, approve, terms: Some(terms) };
        let outcome = match self.protocol.decide(self.client, &request).await {
            Err(failure) if failure.code() == Some(Code::ConsentChanged) => {
                // Nothing was shared; the user has to read it again.
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
        // Whoever has left the page in the meantime sees nothing of it.
        let _ = self.ended.try_set(Some(stage));
        Ok(())
    }
}
