//! The developer account's storage as a whole: copied, restored, published again, and told to whoever compares KV with
//! it.

use super::app::record_of;
use super::schema::STEPS;
use super::{DeveloperAccount, StoredDeveloperAccount, StoredMember};
use crate::ledger::{Act, Committed, Ends, Publication, last_change};
use crate::storage::{Stored, Tables};
use gatehouse_domain::app::{StoredApp, app_key};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, Sql, SqlError};
use gatehouse_domain::project::StoredProject;
use gatehouse_shared::api::{EndedLater, Published};
use gatehouse_shared::model::{AppStatus, ApplicationState, MemberRole};

impl<R: ObjectPorts> Stored for DeveloperAccount<R> {
    fn sql(&self) -> &dyn Sql {
        &self.ledger.runtime
    }

    // An invitation that was used or taken back after the copy must not work again: people are invited again.
    fn tables(&self) -> &'static Tables {
        &Tables { steps: STEPS, left_out: &["invitation"], long: &[] }
    }

    fn complete(&self, ended: &[EndedLater]) -> Result<(), SqlError> {
        let missing = || SqlError("the copy has no developer account".to_owned());
        let mut developer = self.load_developer()?.ok_or_else(missing)?;
        let place = ObjectName::DeveloperAccount(developer.id);
        // Others tell what they ended in an App that they got after the copy.
        self.ledger.complete_restore(place, ended, |version, own, all| {
            // Where the entry does not tell any more to what, it may have been a suspension.
            let decided = last_change(own, "decide_application");
            if decided.is_some_and(|to| to.is_none_or(|to| to == ApplicationState::Suspended.as_str())) {
                developer.application_state = ApplicationState::Suspended;
                self.save_developer(&developer)?;
            }
            self.end_members(version, &developer, own)?;
            for app in self.apps()? {
                self.end_in_app(version, &developer, app, own, all)?;
            }
            self.end_open_offers()?;
            for project in self.projects()? {
                self.end_project(version, &project, own)?;
            }
            self.post_all(version, &developer)
        })
    }

    fn opened(&self) {
        self.ledger.opened();
    }
}

fn of<'a>(ended: &'a [EndedLater], operation: &'a str) -> impl Iterator<Item = &'a EndedLater> {
    ended.iter().filter(move |entry| entry.facts.operation == operation)
}

impl<R: ObjectPorts> DeveloperAccount<R> {
    /// Removes members who were removed after the copy, and gives others the role that they were given.
    fn end_members(
        &self,
        version: u64,
        developer: &StoredDeveloperAccount,
        ended: &[EndedLater],
    ) -> Result<(), SqlError> {
        for member in self.members()? {
            let is_theirs = |entry: &&EndedLater| entry.facts.account_id == Some(member.account);
            if of(ended, "delete_member").any(|entry| is_theirs(&entry)) {
                self.take_member_out(version, developer.id, member.account)?;
                continue;
            }
            let to = of(ended, "update_member").filter(is_theirs).last().and_then(|entry| entry.to.as_deref());
            let role = MemberRole::ALL.into_iter().find(|role| Some(role.as_str()) == to);
            if let Some(role) = role {
                self.save_member(&StoredMember { role, ..member })?;
            }
        }
        Ok(())
    }

    /// Deletes an App that was deleted after the copy; ends credentials of others, and takes over their status.
    fn end_in_app(
        &self,
        version: u64,
        developer: &StoredDeveloperAccount,
        mut app: StoredApp,
        own: &[EndedLater],
        ended: &[EndedLater],
    ) -> Result<(), SqlError> {
        let of_app =
            |all: &[EndedLater]| all.iter().filter(|entry| entry.facts.app_id == Some(app.id)).cloned().collect();
        let (own, all): (Vec<EndedLater>, Vec<EndedLater>) = (of_app(own), of_app(ended));
        if of(&all, "delete_app").next().is_some() {
            self.ledger.runtime.exec("DELETE FROM app WHERE id = ?", &[app.id.to_string().into()])?;
            self.post_deleted_app(version, developer, app.id)?;
            return Ok(());
        }
        Ends::of(&all).apply(&mut app.credentials);
        if let Some(to) = last_change(&own, "update_app_status") {
            match to {
                Some(to) if to == AppStatus::Active.as_str() => {}
                Some(to) if to == AppStatus::WriteRestricted.as_str() => {
                    app.status = AppStatus::WriteRestricted;
                }
                _ => app.status = AppStatus::Suspended,
            }
        }
        self.save_app(&app)
    }

    fn end_project(&self, version: u64, project: &StoredProject, ended: &[EndedLater]) -> Result<(), SqlError> {
        let has_apps = self.apps()?.iter().any(|app| app.project.is_some_and(|place| place.project_id == project.id));
        let is_deleted = of(ended, "delete_project").any(|entry| entry.facts.project_id == Some(project.id));
        if is_deleted && !has_apps {
            self.ledger.runtime.exec("DELETE FROM project WHERE id = ?", &[project.id.to_string().into()])?;
            self.ledger.post(version, &Publication::EndProject { project_id: project.id })?;
        }
        Ok(())
    }

    /// Posts all that the deployment must know of the developer account.
    fn post_all(&self, version: u64, developer: &StoredDeveloperAccount) -> Result<(), SqlError> {
        for app in self.apps()? {
            self.publish_new_app(version, developer, &app).map_err(|refusal| SqlError(format!("{refusal:?}")))?;
        }
        for project in self.projects()? {
            let publication = Publication::ProjectOwner { project_id: project.id, owner: developer.id };
            self.ledger.post(version, &publication)?;
        }
        self.post_developer(version, developer)
    }

    /// Publishes all that the deployment must know of the developer account once more.
    pub(super) fn publish_again(&self) -> Result<Committed, PortalError> {
        self.post_all(self.ledger.next_version()?, &self.developer()?)?;
        self.ledger.audit(&Act::new("publish_again", ""))?;
        Committed::answer(&Published { records: self.apps()?.len() as u64 })
    }

    /// Every record that KV should have, by its key, and the targets that something waits for.
    pub(super) fn read_records(&self) -> Result<Committed, PortalError> {
        let (developer, version) = (self.developer()?, self.ledger.version()?);
        let record = |app: &StoredApp| (app_key(app.id), record_of(version, &developer, app));
        let records: Vec<_> = self.apps()?.iter().map(record).collect();
        Committed::answer(&(records, self.ledger.targets_waiting()?))
    }
}
