//! The records that an isolate decides on: from its memory, from KV, or from
//! the object that writes them.

use super::Isolate;
use crate::state::Lookup;
use futures_util::future::try_join;
use gatehouse_domain::app::{AppRecord, LiveApp, app_key};
use gatehouse_domain::format::decode;
use gatehouse_domain::grant::{GrantRecord, LiveGrant, grant_key};
use gatehouse_domain::message::account::AccountCall;
use gatehouse_domain::message::developer_account::DeveloperAccountCall;
use gatehouse_domain::portal_error::{Missing as NotFound, PortalError};
use gatehouse_domain::ports::{EdgePorts, PortError};
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId, UnixMillis};
use serde::de::DeserializeOwned;

/// What memory has not, or not fresh enough.
pub(crate) struct Missing {
    app: bool,
    grant: Option<AccountId>,
}

impl Missing {
    /// Whether the App is known, and only what the user lets it do is not.
    pub fn is_grant_alone(&self) -> bool {
        !self.app && self.grant.is_some()
    }
}

impl<R: EdgePorts> Isolate<R> {
    async fn read<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, PortError> {
        let text = self.runtime.get(key).await?;
        text.map(|text| decode(key, &text).map_err(PortError)).transpose()
    }

    /// Keeps records that an object just published, so that this isolate acts
    /// on a change at once.
    pub fn remember(&self, apps: Vec<(AppId, AppRecord)>, grants: Vec<(AppId, AccountId, GrantRecord)>) {
        let now = self.runtime.now();
        for (app_id, record) in apps {
            self.apps.borrow_mut().remember(app_id, Some(record), now);
        }
        for (app_id, user, record) in grants {
            self.grants.borrow_mut().remember((app_id, user), Some(record), now);
        }
    }

    /// What has to be read before a decision can rest on an App and on what
    /// `user` lets it do.
    pub(crate) fn find_missing(&self, app_id: AppId, user: Option<AccountId>, now: UnixMillis) -> Missing {
        let memory_seconds = self.settings.memory_seconds;
        let is_known_grant = |user| is_known(&self.grants.borrow().find((app_id, user), now, memory_seconds));
        Missing {
            app: !is_known(&self.apps.borrow().find(app_id, now, memory_seconds)),
            grant: user.filter(|user| !is_known_grant(*user)),
        }
    }

    /// Reads what is missing, in one round. Gives the time afterwards.
    pub(crate) async fn read_missing(
        &self,
        app_id: AppId,
        Missing { app, grant }: Missing,
        now: UnixMillis,
    ) -> Result<UnixMillis, PortError> {
        if !app && grant.is_none() {
            return Ok(now);
        }
        let app = async { if app { self.read_app(app_id, now).await } else { Ok(()) } };
        let grant = async {
            match grant {
                Some(user) => self.read_grant(app_id, user, now).await,
                None => Ok(()),
            }
        };
        // In a box: what waits must not make every decision larger.
        Box::pin(try_join(app, grant)).await?;
        Ok(self.runtime.now())
    }

    /// Sees to it that what memory knows of an App is fresh enough to decide on.
    pub(crate) async fn freshen_app(&self, app_id: AppId) -> Result<(), PortError> {
        let now = self.runtime.now();
        self.read_missing(app_id, self.find_missing(app_id, None, now), now).await.map(|_| ())
    }

    async fn read_app(&self, app_id: AppId, started: UnixMillis) -> Result<(), PortError> {
        let strict = self.settings.strict_freshness;
        // With strict freshness KV only tells whose the App is.
        if !(strict && self.owner_of(app_id).is_some()) {
            let record = self.read(&app_key(app_id)).await?;
            let is_missing = record.is_none();
            self.apps.borrow_mut().remember(app_id, record, started);
            self.apps.borrow_mut().set_absent_since(app_id, UnixMillis(0));
            if !(strict || is_missing) {
                return Ok(());
            }
            // Before KV shows a new App, or once it has lost one, many calls may come at once.
            if !(strict || self.gone.borrow().has(app_id, None) || self.apps.borrow_mut().may_ask(app_id, started)) {
                return Err(asked_too_often(app_id));
            }
        }
        self.read_app_where_written(app_id).await?;
        if self.gone.borrow().has(app_id, None) {
            self.apps.borrow_mut().set_absent_since(app_id, started);
        }
        Ok(())
    }

    async fn read_grant(&self, app_id: AppId, user: AccountId, started: UnixMillis) -> Result<(), PortError> {
        if self.settings.strict_freshness {
            return self.read_grant_where_written(app_id, user).await;
        }
        let record = self.read(&grant_key(app_id, user)).await?;
        self.grants.borrow_mut().remember((app_id, user), record, started);
        Ok(())
    }

    /// Asks an App's developer account itself, unless it was asked too often.
    pub(crate) async fn ask_for_app(&self, app_id: AppId) -> Result<(), PortError> {
        if !self.apps.borrow_mut().may_ask(app_id, self.runtime.now()) {
            return Err(asked_too_often(app_id));
        }
        self.read_app_where_written(app_id).await
    }

    /// The same with what a user lets an App do.
    pub(crate) async fn ask_for_grant(&self, app_id: AppId, user: AccountId) -> Result<(), PortError> {
        if !self.grants.borrow_mut().may_ask((app_id, user), self.runtime.now()) {
            return Err(asked_too_often(app_id));
        }
        self.read_grant_where_written(app_id, user).await
    }

    async fn read_app_where_written(&self, app_id: AppId) -> Result<(), PortError> {
        let owner = match self.owner_of(app_id) {
            Some(owner) => owner,
            // KV has no record, or does not show it yet: the App's own object knows whose it is.
            None if self.gone.borrow().has(app_id, None) => return Ok(()),
            None => match self.find_developer_of_app(app_id).await? {
                Some(owner) => owner,
                None => {
                    self.gone.borrow_mut().put(app_id, None);
                    return Ok(());
                }
            },
        };
        let started = self.runtime.now();
        let is_missing = self.apps.borrow().is_missing(app_id);
        let call = DeveloperAccountCall::ReadAppRecord { app_id, is_missing };
        match self.read_developer(owner, call).await {
            Ok(record) => self.apps.borrow_mut().remember(app_id, Some(record), started),
            // The App was deleted.
            Err(PortalError::NotFound(NotFound::App)) => {
                self.apps.borrow_mut().remember(app_id, None, started);
                self.apps.borrow_mut().end(app_id, started);
            }
            Err(refusal) => return Err(PortError(format!("developer-account/{owner}: {refusal:?}"))),
        }
        Ok(())
    }

    async fn read_grant_where_written(&self, app_id: AppId, user: AccountId) -> Result<(), PortError> {
        let started = self.runtime.now();
        let is_missing = self.grants.borrow().is_missing((app_id, user));
        let call = AccountCall::ReadGrantRecord { app_id, is_missing };
        let record = match self.read_account(user, call).await {
            Ok(record) => Some(record),
            // A token can name a user who has no account: then there is no grant.
            Err(PortalError::NotFound(NotFound::Account)) => None,
            Err(refusal) => return Err(PortError(format!("account/{user}: {refusal:?}"))),
        };
        self.grants.borrow_mut().remember((app_id, user), record, started);
        Ok(())
    }

    /// Runs `body` on the newest record of an App that this isolate met;
    /// `None` where there is none.
    pub(crate) fn on_app<T>(&self, app_id: AppId, body: impl FnOnce(&LiveApp) -> T) -> Option<T> {
        self.apps.borrow().newest(app_id).map(body)
    }

    /// Runs `body` on what this isolate knows of a grant.
    pub(crate) fn on_grant<T>(&self, app_id: AppId, user: AccountId, body: impl FnOnce(Option<&LiveGrant>) -> T) -> T {
        body(self.grants.borrow().newest((app_id, user)))
    }

    /// Notes what an App's own object said: that the App was deleted.
    pub(crate) fn end_app(&self, app_id: AppId) {
        self.apps.borrow_mut().end(app_id, self.runtime.now());
        self.gone.borrow_mut().put(app_id, None);
    }

    /// The developer account of an App that this isolate met.
    pub(crate) fn owner_of(&self, app_id: AppId) -> Option<DeveloperAccountId> {
        self.apps.borrow().owner(app_id)
    }
}

/// Nobody could find out whether the credential is good. Clients throw a credential away at a 401, so this is a 503.
fn asked_too_often(app_id: AppId) -> PortError {
    PortError(format!("the writer of app/{app_id} was asked too often within a second"))
}

fn is_known<L>(known: &Lookup<'_, L>) -> bool {
    !matches!(known, Lookup::Unknown)
}
