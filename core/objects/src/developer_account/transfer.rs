//! Giving an App or a Project away: offered by a member, answered by the
//! receiver, then sent whole.
//!
//! From the moment at which the parcel is in the outbox the giver has it no
//! more. It stays there until the receiver took it, so that it is always in
//! one place, and in one place only.

use super::DeveloperAccount;
use super::app::refuse_stopped;
use super::view::apps_in;
use crate::ledger::{Act, Committed, Publication, write};
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::app::{StoredApp, app_key};
use gatehouse_domain::message::credential::CredentialUse;
use gatehouse_domain::message::developer_account::{AnswerTransfer, Caller, OfferTransfer, Parcel};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError};
use gatehouse_shared::api::{Done, OfferedTransfer, ReceivedTransfer, TransferSubject};
use gatehouse_shared::model::{
    AppId, ApplicationState, DAY_SECONDS, DeveloperAccountId, MemberRole, PlanLimits, ProjectId,
};
use gatehouse_shared::problem::FieldError;
use serde::{Deserialize, Serialize};

/// For how long an offer can be accepted.
const OFFER_SECONDS: u64 = 7 * DAY_SECONDS;

/// Whether what a row of `departed` names is still in the outbox, in its parcel.
const IS_ON_ITS_WAY: &str = "EXISTS (SELECT 1 FROM outbox WHERE target = 'parcel/' || departed.transfer)";

/// An offer as the giver keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredOffer {
    id: String,
    subject: TransferSubject,
    shown: OfferedTransfer,
    /// The Apps that the receiver was shown: no other goes with a Project.
    apps: Vec<AppId>,
}

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// What may be known of a developer account by whoever has its id: its name, if something may be offered to it.
    pub(super) fn describe_receiver(&self) -> Result<Committed, PortalError> {
        let developer = self.developer()?;
        match developer.application_state {
            ApplicationState::Approved => Committed::answer(&developer.name()),
            _ => Err(PortalError::NotFound(Missing::DeveloperAccount)),
        }
    }

    /// Offers an App or a Project; a newer offer replaces an older one. Answers as the subject is shown.
    pub(super) fn offer_transfer(&self, caller: &Caller, call: &OfferTransfer) -> Result<Committed, PortalError> {
        let (member, developer) = (self.caller_of(caller)?, self.developer()?);
        if call.receiver == developer.id {
            let message = "This is the developer account that has it. Enter the id of another one.";
            let error = FieldError::new("developer_account_id", "other-account", message);
            return Err(PortalError::Invalid(vec![error]));
        }
        let (name, apps) = self.name_and_apps(call.subject)?;
        for app in &apps {
            refuse_stopped(app)?;
        }
        self.end_offer_of(call.subject)?;
        let now = self.ledger.runtime.now().seconds();
        let shown = OfferedTransfer {
            developer_account_id: call.receiver,
            name: call.receiver_name.clone(),
            offered_by: member.username.clone(),
            offered_at: now,
            expires_at: now.plus(OFFER_SECONDS),
        };
        let received = ReceivedTransfer {
            id: call.id.clone(),
            subject: call.subject,
            name: name.clone(),
            apps: apps.iter().map(|app| app.settings.name.clone()).collect(),
            from: developer.id,
            from_name: developer.name().to_owned(),
            offered_by: member.username,
            offered_at: shown.offered_at,
            expires_at: shown.expires_at,
            accepted: false,
        };
        let apps = apps.iter().map(|app| app.id).collect();
        let offer = StoredOffer { id: call.id.clone(), subject: call.subject, shown, apps };
        let params = [offer.id.as_str().into(), subject_key(call.subject).into(), write(&offer)?];
        self.ledger.runtime.exec("INSERT INTO offer(id, subject, doc) VALUES (?, ?, ?)", &params)?;
        self.post_offer(&offer.id, call.receiver, Some(received))?;
        let subject = format!("{name} to {}", call.receiver_name);
        let ids = (offer.id.as_str(), call.subject);
        self.ledger.record(of_offer("offer_transfer", subject, ids))?;
        self.answer_with(call.subject, &call.limits)
    }

    pub(super) fn withdraw_transfer(
        &self,
        subject: TransferSubject,
        limits: &PlanLimits,
    ) -> Result<Committed, PortalError> {
        let (name, _) = self.name_and_apps(subject)?;
        let Some(offer) = self.offers_of(subject)?.pop() else {
            return Err(PortalError::NotFound(Missing::Transfer));
        };
        self.end_offer_of(subject)?;
        self.ledger.record(of_offer("withdraw_transfer", name, (offer.id.as_str(), subject)))?;
        self.answer_with(subject, limits)
    }

    /// The open offer of an App or a Project.
    pub(super) fn offered(&self, subject: TransferSubject) -> Result<Option<OfferedTransfer>, SqlError> {
        let now = self.ledger.runtime.now().seconds();
        let offer = self.offers_of(subject)?.pop().map(|offer| offer.shown);
        Ok(offer.filter(|shown| now < shown.expires_at))
    }

    /// Ends the open offer of what is offered to nobody any more; gives whether there was one.
    pub(super) fn end_offer_of(&self, subject: TransferSubject) -> Result<bool, SqlError> {
        let offers = self.offers_of(subject)?;
        for offer in &offers {
            self.end_offer(&offer.id, offer.shown.developer_account_id)?;
        }
        Ok(!offers.is_empty())
    }

    /// Ends every open offer: one that was withdrawn or used after the copy must not come back with it.
    pub(super) fn end_open_offers(&self) -> Result<(), SqlError> {
        let offers: Vec<StoredOffer> = self.ledger.list("SELECT doc FROM offer WHERE doc IS NOT NULL", &[])?;
        offers.iter().try_for_each(|offer| self.end_offer(&offer.id, offer.shown.developer_account_id))
    }

    /// What a receiver answers: then the offer ends, or what was offered goes.
    pub(super) fn answer_transfer(&self, call: &AnswerTransfer) -> Result<Committed, PortalError> {
        let done = Committed::answer(&Done {})?;
        let statement = "SELECT doc FROM offer WHERE id = ?";
        let rows = self.ledger.runtime.exec(statement, &[call.id.as_str().into()])?;
        if rows.first().is_some_and(|row| row.text(0).is_err()) {
            // It went before: the parcel is on its way, or there.
            return Ok(done);
        }
        let offer: Option<StoredOffer> = self.ledger.list(statement, &[call.id.as_str().into()])?.pop();
        let Some(offer) = offer.filter(|offer| offer.shown.developer_account_id == call.receiver) else {
            // It was withdrawn, and the receiver has not heard.
            self.end_offer(&call.id, call.receiver)?;
            return Ok(done);
        };
        let name = self.name_and_apps(offer.subject).map(|(name, _)| name).unwrap_or_default();
        let subject = format!("{name} to {}", offer.shown.name);
        let operation = if call.is_accepted && self.may_go(&offer)? {
            self.require_published(offer.subject)?;
            self.send(&offer)?;
            "give_transfer"
        } else {
            self.end_offer(&offer.id, call.receiver)?;
            "end_transfer"
        };
        self.ledger.record(of_offer(operation, subject, (offer.id.as_str(), offer.subject)))?;
        Ok(done)
    }

    /// To whom an App or a Project that was here has gone.
    pub(super) fn missing(&self, missing: Missing, id: &str) -> PortalError {
        let statement = format!("SELECT receiver, {IS_ON_ITS_WAY} FROM departed WHERE id = ?");
        let rows = match self.ledger.runtime.exec(&statement, &[id.into()]) {
            Ok(rows) => rows,
            Err(error) => return error.into(),
        };
        let moved = rows.first().and_then(|row| Some((row.text(0).ok()?.parse().ok()?, row.number(1).ok()? == 1)));
        moved.map_or(PortalError::NotFound(missing), |(receiver, is_on_its_way)| PortalError::Moved {
            missing,
            receiver,
            is_on_its_way,
        })
    }

    /// Refuses while something given away is on its way: neither developer account has it.
    pub(super) fn require_nothing_on_its_way(&self) -> Result<(), PortalError> {
        let statement = format!("SELECT id FROM departed WHERE {IS_ON_ITS_WAY} LIMIT 1");
        match self.ledger.runtime.exec(&statement, &[])?.first() {
            Some(row) => Err(PortalError::Unavailable(format!("{} is on its way", row.text(0)?))),
            None => Ok(()),
        }
    }

    /// Whether what was offered may go as it is now.
    fn may_go(&self, offer: &StoredOffer) -> Result<bool, PortalError> {
        let is_open = self.ledger.runtime.now().seconds() < offer.shown.expires_at;
        if !is_open || self.developer()?.application_state != ApplicationState::Approved {
            return Ok(false);
        }
        match self.name_and_apps(offer.subject) {
            Ok((_, apps)) => Ok(apps.iter().all(|app| offer.apps.contains(&app.id) && refuse_stopped(app).is_ok())),
            Err(PortalError::NotFound(_) | PortalError::Moved { .. }) => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    /// Refuses while something about the Apps waits to be published: an older
    /// word of the giver must never come after the receiver's.
    fn require_published(&self, subject: TransferSubject) -> Result<(), PortalError> {
        let (_, apps) = self.name_and_apps(subject)?;
        let mut targets: Vec<String> = Vec::new();
        for app in &apps {
            targets.extend([app_key(app.id), format!("owner/{}", app.id)]);
            targets.extend(UniqueName::of_app(&app.settings.name).map(|name| format!("name/{name}")));
        }
        if let TransferSubject::Project(id) = subject {
            targets.push(format!("project/{id}"));
        }
        match self.ledger.targets_waiting()?.iter().find(|waiting| targets.contains(waiting)) {
            Some(waiting) => Err(PortalError::Unavailable(format!("{waiting} waits to be published"))),
            None => Ok(()),
        }
    }

    /// Takes the Apps out and puts them into a parcel.
    fn send(&self, offer: &StoredOffer) -> Result<(), PortalError> {
        let (developer, receiver) = (self.developer()?, offer.shown.developer_account_id);
        let (project, mut apps) = match offer.subject {
            TransferSubject::App(id) => (None, vec![self.app(id)?]),
            TransferSubject::Project(id) => (Some(self.project(id)?), self.apps_of(id)?),
        };
        // It is no open offer any more, before those of the single Apps end.
        self.ledger.runtime.exec("UPDATE offer SET doc = NULL WHERE id = ?", &[offer.id.as_str().into()])?;
        let mut uses = Vec::new();
        for app in &mut apps {
            app.transfers = app.transfers.saturating_add(1);
            app.version += 1;
            if project.is_none() {
                app.project = None;
            }
            uses.extend(self.take_out(app, offer)?);
        }
        if let Some(project) = &project {
            self.ledger.runtime.exec("DELETE FROM project WHERE id = ?", &[project.id.to_string().into()])?;
            self.note_departed(&project.id.to_string(), offer)?;
        }
        let version = self.ledger.next_version()?;
        let parcel = Parcel { id: offer.id.clone(), giver: developer.id, version, project, apps, uses };
        Ok(self
            .ledger
            .post(version, &Publication::Parcel { receiver, parcel: Box::new(parcel), source: self.ledger.source() })?)
    }

    /// Removes an App that goes; gives the uses of its credentials.
    fn take_out(&self, app: &StoredApp, offer: &StoredOffer) -> Result<Vec<CredentialUse>, PortalError> {
        let id = app.id.to_string();
        let uses = self.ledger.uses_of(app.id)?;
        for table in ["DELETE FROM app WHERE id = ?", "DELETE FROM credential_use WHERE app_id = ?"] {
            self.ledger.runtime.exec(table, &[id.as_str().into()])?;
        }
        self.note_departed(&id, offer)?;
        self.end_offer_of(TransferSubject::App(app.id))?;
        let version = self.ledger.next_version()?;
        for member in self.members()?.into_iter().filter(|member| member.role >= MemberRole::Developer) {
            let (account, app_id, transfers) = (member.account, app.id, app.transfers);
            let source = self.ledger.source();
            self.ledger.post(version, &Publication::EndOwnTokens { account, app_id, transfers, source })?;
        }
        Ok(uses)
    }

    fn note_departed(&self, id: &str, offer: &StoredOffer) -> Result<(), SqlError> {
        let receiver = offer.shown.developer_account_id.to_string();
        let params = [id.into(), receiver.into(), offer.id.as_str().into()];
        let statement = "INSERT OR REPLACE INTO departed(id, receiver, transfer) VALUES (?, ?, ?)";
        self.ledger.runtime.exec(statement, &params).map(|_| ())
    }

    fn end_offer(&self, id: &str, receiver: DeveloperAccountId) -> Result<(), SqlError> {
        self.ledger.runtime.exec("DELETE FROM offer WHERE id = ? AND doc IS NOT NULL", &[id.into()])?;
        self.post_offer(id, receiver, None)
    }

    fn post_offer(
        &self,
        id: &str,
        receiver: DeveloperAccountId,
        offer: Option<ReceivedTransfer>,
    ) -> Result<(), SqlError> {
        self.ledger.post(self.ledger.next_version()?, &Publication::Offer { id: id.to_owned(), receiver, offer })
    }

    fn offers_of(&self, subject: TransferSubject) -> Result<Vec<StoredOffer>, SqlError> {
        let statement = "SELECT doc FROM offer WHERE subject = ? AND doc IS NOT NULL";
        self.ledger.list(statement, &[subject_key(subject).into()])
    }

    fn apps_of(&self, id: ProjectId) -> Result<Vec<StoredApp>, SqlError> {
        Ok(apps_in(&self.apps()?, id).cloned().collect())
    }

    /// The name of an App or a Project, and the Apps that go with it.
    fn name_and_apps(&self, subject: TransferSubject) -> Result<(String, Vec<StoredApp>), PortalError> {
        match subject {
            TransferSubject::App(id) => {
                let app = self.app(id)?;
                Ok((app.settings.name.clone(), vec![app]))
            }
            TransferSubject::Project(id) => Ok((self.project(id)?.settings.name, self.apps_of(id)?)),
        }
    }

    fn answer_with(&self, subject: TransferSubject, limits: &PlanLimits) -> Result<Committed, PortalError> {
        match subject {
            TransferSubject::App(id) => Committed::answer(&self.view_app(&self.app(id)?)?),
            TransferSubject::Project(id) => self.find_project(id, limits),
        }
    }
}

/// What was done to an offer of that id.
pub(super) fn of_offer(operation: &'static str, words: String, (id, subject): (&str, TransferSubject)) -> Act {
    let act = Act { credential_ids: vec![id.to_owned()], ..Act::new(operation, words) };
    match subject {
        TransferSubject::App(id) => act.of_app(id, None),
        TransferSubject::Project(id) => act.of_project(id),
    }
}

fn subject_key(subject: TransferSubject) -> String {
    match subject {
        TransferSubject::App(id) => format!("app/{id}"),
        TransferSubject::Project(id) => format!("project/{id}"),
    }
}
