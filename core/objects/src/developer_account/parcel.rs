//! Getting an App or a Project that another developer account gives.

use super::DeveloperAccount;
use super::app::of_app;
use super::project::of_project;
use super::transfer::of_offer;
use crate::ledger::{Committed, Publication, write};
use gatehouse_domain::app::{may_create_app, may_join_project};
use gatehouse_domain::message::developer_account::{AnswerTransfer, Parcel, PutTransfer};
use gatehouse_domain::portal_error::{Missing, PortalError};
use gatehouse_domain::ports::{ObjectPorts, SqlError, Value};
use gatehouse_domain::project::may_create_project;
use gatehouse_shared::api::{Done, ReceivedTransfer, TransferSubject};
use gatehouse_shared::model::{DAY_SECONDS, PlanLimits, UnixMillis};

/// For how long it is kept that an offer is over, in seconds: longer than an older word may be on its way.
const ENDED_SECONDS: u64 = DAY_SECONDS;

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// What a giver says of its offer; an older word never replaces a newer one.
    pub(super) fn put_transfer(&self, call: &PutTransfer) -> Result<Committed, PortalError> {
        let doc = call.offer.as_ref().map_or(Ok(Value::Null), write)?;
        let now = self.ledger.runtime.now().seconds();
        let ended_at = call.offer.as_ref().map_or(now, |offer| offer.expires_at);
        self.ledger.runtime.exec(
            "INSERT INTO received_transfer(id, version, doc, ended_at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE \
             SET version = excluded.version, doc = excluded.doc, ended_at = excluded.ended_at \
             WHERE excluded.version > received_transfer.version AND received_transfer.ended_at IS NOT NULL",
            &[call.id.as_str().into(), call.version.into(), doc, ended_at.0.into()],
        )?;
        Committed::answer(&Done {})
    }

    /// The offers that can be answered, and those that were accepted and have not come; newest first.
    pub(super) fn received_transfers(&self) -> Result<Vec<ReceivedTransfer>, SqlError> {
        let now = self.ledger.runtime.now().seconds();
        let mut all: Vec<ReceivedTransfer> =
            self.ledger.list("SELECT doc FROM received_transfer WHERE doc IS NOT NULL", &[])?;
        all.retain(|transfer| transfer.accepted || now < transfer.expires_at);
        all.sort_by(|a, b| (b.offered_at, &b.id).cmp(&(a.offered_at, &a.id)));
        Ok(all)
    }

    /// How many Apps and Projects were accepted and have not come.
    pub(super) fn coming(&self) -> Result<(usize, usize), SqlError> {
        let accepted: Vec<ReceivedTransfer> =
            self.received_transfers()?.into_iter().filter(|transfer| transfer.accepted).collect();
        let apps = accepted.iter().map(|transfer| transfer.apps.len()).sum();
        let projects = accepted.iter().filter(|one| matches!(one.subject, TransferSubject::Project(_))).count();
        Ok((apps, projects))
    }

    /// Accepts an offer within the limits of the plan. From then on there is a place for what comes.
    pub(super) fn accept_transfer(&self, id: &str, limits: &PlanLimits) -> Result<Committed, PortalError> {
        let mut transfer = self.open_transfer(id)?;
        let (coming_apps, coming_projects) = self.coming()?;
        let apps = self.apps()?.len() + coming_apps;
        if let Some(others) = transfer.apps.len().checked_sub(1) {
            may_create_app(apps + others, limits)?;
            if matches!(transfer.subject, TransferSubject::Project(_)) {
                may_join_project(others, limits)?;
            }
        }
        if matches!(transfer.subject, TransferSubject::Project(_)) {
            may_create_project(self.projects()?.len() + coming_projects, limits)?;
        }
        transfer.accepted = true;
        let params = [write(&transfer)?, id.into()];
        self.ledger.runtime.exec("UPDATE received_transfer SET doc = ? WHERE id = ?", &params)?;
        self.answer_offer(&transfer, true)?;
        let subject = format!("{} from {}", transfer.name, transfer.from_name);
        self.ledger.record(of_offer("accept_transfer", subject, (id, transfer.subject)))?;
        Committed::answer(&Done {})
    }

    pub(super) fn decline_transfer(&self, id: &str) -> Result<Committed, PortalError> {
        let transfer = self.open_transfer(id)?;
        self.ledger.runtime.exec(
            "UPDATE received_transfer SET doc = NULL, ended_at = ? WHERE id = ?",
            &[self.ledger.runtime.now().seconds().0.into(), id.into()],
        )?;
        self.answer_offer(&transfer, false)?;
        let subject = format!("{} from {}", transfer.name, transfer.from_name);
        self.ledger.record(of_offer("decline_transfer", subject, (id, transfer.subject)))?;
        Committed::answer(&Done {})
    }

    /// Takes what was given, once. The giver has it no more, so nothing refuses it.
    pub(super) fn take_parcel(&self, parcel: &Parcel) -> Result<Committed, PortalError> {
        let done = Committed::answer(&Done {})?;
        let rows = self
            .ledger
            .runtime
            .exec("SELECT 1 FROM received_transfer WHERE id = ? AND ended_at IS NULL", &[parcel.id.as_str().into()])?;
        if !rows.is_empty() {
            return Ok(done);
        }
        // An end without a time is never forgotten.
        self.ledger.runtime.exec(
            "INSERT OR REPLACE INTO received_transfer(id, version, doc, ended_at) VALUES (?, ?, NULL, NULL)",
            &[parcel.id.as_str().into(), parcel.version.into()],
        )?;
        self.ledger.raise_version(parcel.version)?;
        let (developer, version) = (self.developer()?, self.ledger.next_version()?);
        if let Some(project) = &parcel.project {
            let (project_id, owner) = (project.id, developer.id);
            self.save_project(project)?;
            self.forget_departed(&project_id.to_string())?;
            self.ledger.post(version, &Publication::ProjectOwner { project_id, owner })?;
            self.ledger.record(of_project("receive_project", project))?;
        }
        let mut records = Vec::new();
        for app in &parcel.apps {
            self.forget_departed(&app.id.to_string())?;
            self.ledger.record(of_app("receive_app", app))?;
            self.save_app(app)?;
            records.push(self.publish_new_app(version, &developer, app)?);
        }
        self.ledger.put_uses(&parcel.uses)?;
        Ok(done.with_records(records))
    }

    /// Forgets offers that are over, except what came.
    pub(super) fn forget_ended_transfers(&self) -> Result<(), SqlError> {
        let over = self.ledger.runtime.now().seconds().0.saturating_sub(ENDED_SECONDS);
        self.ledger.runtime.exec(
            "DELETE FROM received_transfer WHERE ended_at <= ? \
             AND (doc IS NULL OR json_extract(doc, '$.accepted') = 0)",
            &[over.into()],
        )?;
        Ok(())
    }

    /// When [`Self::forget_ended_transfers`] has something next.
    pub(super) fn next_ended_transfer(&self, now: UnixMillis) -> Result<Option<UnixMillis>, SqlError> {
        let rows = self.ledger.runtime.exec(
            "SELECT min(ended_at) FROM received_transfer WHERE doc IS NULL OR json_extract(doc, '$.accepted') = 0",
            &[],
        )?;
        let ended_at = rows.first().and_then(|row| row.number(0).ok());
        Ok(ended_at
            .map(|at| UnixMillis(at.saturating_add(ENDED_SECONDS).saturating_mul(1000)).max(now.plus_seconds(60))))
    }

    fn open_transfer(&self, id: &str) -> Result<ReceivedTransfer, PortalError> {
        let mut open = self.received_transfers()?.into_iter().filter(|transfer| !transfer.accepted);
        open.find(|transfer| transfer.id == id).ok_or(PortalError::NotFound(Missing::Transfer))
    }

    fn answer_offer(&self, transfer: &ReceivedTransfer, is_accepted: bool) -> Result<(), PortalError> {
        let answer = AnswerTransfer { id: transfer.id.clone(), receiver: self.developer()?.id, is_accepted };
        let publication = Publication::AnswerOffer { giver: transfer.from, answer, source: self.ledger.source() };
        Ok(self.ledger.post(self.ledger.next_version()?, &publication)?)
    }

    fn forget_departed(&self, id: &str) -> Result<(), SqlError> {
        self.ledger.runtime.exec("DELETE FROM departed WHERE id = ?", &[id.into()]).map(|_| ())
    }
}
