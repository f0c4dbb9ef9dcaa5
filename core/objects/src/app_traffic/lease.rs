//! Admissions are counted when they are leased: an answer that is lost, or an
//! isolate that dies with some, only leaves fewer for the others.

use super::column::{project_text, user_text};
use super::usage::USAGE_DAYS;
use super::{AppTraffic, port_error};
use gatehouse_domain::limit::{Exhausted, Lease, LeaseRequest, Leased, Returned, Share, day_of_lease, month_of_lease};
use gatehouse_domain::message::project_quota::{ProjectQuotaCall, Reservation};
use gatehouse_domain::ports::{Clock, ObjectName, Objects, PortError, Sql, SqlError, ask, in_transaction};
use gatehouse_shared::model::{DAY_SECONDS, ProjectId, UnixSeconds, month_of};

/// One lease takes no more than that part of what a window has left, so that
/// one isolate does not starve the others of the last ones.
const WINDOW_PART: u32 = 8;
/// How much of the month is reserved at once, as a multiple of what is needed.
const MONTH_AHEAD: u32 = 16;
const MOST_RESERVED_AHEAD: u32 = 1_000;
/// What was reserved and not leased is given back after so long without a lease, in seconds.
const IDLE_SECONDS: u64 = 60;

/// What one look at the tables gives.
enum Outcome {
    Leased(Leased),
    /// Nothing of the month is reserved here.
    NeedsMonth {
        share: Share,
        month: u64,
        needed: u32,
    },
}

struct ReservedMonth {
    number: u64,
    reserved: u64,
    leased: u64,
}

impl<R: Sql + Clock + Objects> AppTraffic<R> {
    /// Leases admissions; asks the Project's object where its month is needed.
    pub(super) async fn lease(&self, request: &LeaseRequest) -> Result<Leased, PortError> {
        let (share, month, needed) =
            match in_transaction(&self.runtime, || self.try_lease(request)).map_err(port_error)? {
                Outcome::Leased(leased) => return Ok(leased),
                Outcome::NeedsMonth { share, month, needed } => (share, month, needed),
            };
        let call = ProjectQuotaCall::Reserve(Reservation {
            app_id: Some(request.app_id),
            month,
            cap: share.monthly_cap,
            ceiling: Some(request.ceiling.ok_or_else(|| PortError("a share without its ceiling".into()))?),
            want: needed.saturating_mul(MONTH_AHEAD).min(MOST_RESERVED_AHEAD).max(needed),
        });
        let reserved: u32 = ask(&self.runtime, &ObjectName::ProjectQuota(share.project), &call).await?;
        let outcome = in_transaction(&self.runtime, || {
            self.add_reserved(share.project, month, reserved)?;
            self.try_lease(request)
        });
        match outcome.map_err(port_error)? {
            Outcome::Leased(leased) => Ok(leased),
            // Another call leased what was reserved, or the month is over.
            Outcome::NeedsMonth { .. } => Ok(Leased::Exhausted(Exhausted::Month { ends_at: self.month_end() })),
        }
    }

    fn month_end(&self) -> UnixSeconds {
        month_of(self.runtime.now().seconds()).ends_at
    }

    fn try_lease(&self, request: &LeaseRequest) -> Result<Outcome, SqlError> {
        let now = self.runtime.now().seconds();
        let (ends_at, leased) = self.window(request, now)?;
        let open = request.window.map_or(u32::MAX, |window| window.limit.saturating_sub(leased));
        if open == 0 {
            return Ok(Outcome::Leased(Leased::Exhausted(Exhausted::Window { ends_at })));
        }
        let mut admissions = request.want.clamp(1, (open / WINDOW_PART).max(1));
        if let Some(share) = request.share {
            let reserved = self.month(share.project, month_of_lease(ends_at))?;
            let free = reserved.reserved.saturating_sub(reserved.leased);
            if free == 0 {
                return Ok(Outcome::NeedsMonth { share, month: reserved.number, needed: admissions });
            }
            admissions = admissions.min(u32::try_from(free).unwrap_or(u32::MAX));
            self.runtime.exec(
                "UPDATE month SET leased = leased + ?, leased_at = ? WHERE project = ?",
                &[u64::from(admissions).into(), now.0.into(), share.project.to_string().into()],
            )?;
            self.wake_by(now.plus(IDLE_SECONDS))?;
        }
        if request.window.is_some() {
            self.wake_by(ends_at)?;
            self.runtime.exec("DELETE FROM rate_window WHERE ends_at <= ?", &[now.0.into()])?;
            self.runtime.exec(
                "INSERT INTO rate_window(class, user, ends_at, leased) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET leased = leased + ?4",
                &[
                    request.class.as_str().into(),
                    user_text(request.user).into(),
                    ends_at.0.into(),
                    u64::from(admissions).into(),
                ],
            )?;
        }
        let project = request.share.map(|share| share.project);
        self.count(day_of_lease(ends_at), project, &request.class, admissions)?;
        let left_for_others = open.saturating_sub(admissions);
        Ok(Outcome::Leased(Leased::Lease(Lease { admissions, left_for_others, ends_at })))
    }

    /// When the request's window ends, and how much of it is leased. A clock
    /// that went back opens no window anew.
    fn window(&self, request: &LeaseRequest, now: UnixSeconds) -> Result<(UnixSeconds, u32), SqlError> {
        let ends_at = request.ends_at(now);
        if request.window.is_none() {
            return Ok((ends_at, 0));
        }
        let rows = self.runtime.exec(
            // Not one of another length, from before the limit was changed.
            "SELECT ends_at, leased FROM rate_window WHERE class = ? AND user = ? AND ends_at BETWEEN ? AND ? \
             ORDER BY ends_at DESC LIMIT 1",
            &[
                request.class.as_str().into(),
                user_text(request.user).into(),
                ends_at.0.into(),
                ends_at.plus(request.window.map_or(0, |window| window.seconds.into())).0.into(),
            ],
        )?;
        match rows.first() {
            Some(row) => Ok((UnixSeconds(row.number(0)?), u32::try_from(row.number(1)?).unwrap_or(u32::MAX))),
            None => Ok((ends_at, 0)),
        }
    }

    /// What this App has of a Project's month; an earlier month is over.
    fn month(&self, project: ProjectId, number: u64) -> Result<ReservedMonth, SqlError> {
        let rows = self.runtime.exec(
            "SELECT number, reserved, leased FROM month WHERE project = ? AND number >= ?",
            &[project.to_string().into(), number.into()],
        )?;
        let Some(row) = rows.first() else { return Ok(ReservedMonth { number, reserved: 0, leased: 0 }) };
        Ok(ReservedMonth { number: row.number(0)?, reserved: row.number(1)?, leased: row.number(2)? })
    }

    fn add_reserved(&self, project: ProjectId, number: u64, reserved: u32) -> Result<(), SqlError> {
        let project = project.to_string();
        self.runtime
            .exec("DELETE FROM month WHERE project = ? AND number < ?", &[project.as_str().into(), number.into()])?;
        self.runtime.exec(
            "INSERT INTO month(project, number, reserved, leased, leased_at) VALUES (?1, ?2, ?3, 0, ?4) \
             ON CONFLICT DO UPDATE SET reserved = reserved + ?3 WHERE number = ?2",
            &[project.into(), number.into(), u64::from(reserved).into(), self.now()],
        )?;
        Ok(())
    }

    fn count(&self, day: u64, project: Option<ProjectId>, class: &str, requests: u32) -> Result<(), SqlError> {
        let rows = self.runtime.exec(
            "INSERT INTO usage(day, project, class, requests) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT DO UPDATE SET requests = requests + ?4 RETURNING requests",
            &[day.into(), project_text(project).into(), class.into(), u64::from(requests).into()],
        )?;
        // The first of a day sees to its end.
        if rows.first().map_or(Ok(0), |row| row.number(0))? == u64::from(requests) {
            self.wake_by(UnixSeconds((day + USAGE_DAYS + 1) * DAY_SECONDS))?;
        }
        Ok(())
    }

    /// Takes unspent admissions back.
    pub(super) fn take_back(&self, all: &[Returned]) -> Result<(), SqlError> {
        for returned in all {
            let unspent = || u64::from(returned.unspent).into();
            self.runtime.exec(
                "UPDATE rate_window SET leased = max(0, leased - ?) WHERE class = ? AND user = ? AND ends_at = ?",
                &[
                    unspent(),
                    returned.class.as_str().into(),
                    user_text(returned.user).into(),
                    returned.ends_at.0.into(),
                ],
            )?;
            let project = project_text(returned.project);
            self.runtime.exec(
                "UPDATE usage SET requests = max(0, requests - ?) WHERE day = ? AND project = ? AND class = ?",
                &[
                    unspent(),
                    day_of_lease(returned.ends_at).into(),
                    project.as_str().into(),
                    returned.class.as_str().into(),
                ],
            )?;
            self.runtime.exec(
                "UPDATE month SET leased = max(0, leased - ?) WHERE project = ? AND number = ?",
                &[unspent(), project.into(), month_of_lease(returned.ends_at).into()],
            )?;
        }
        // What is free again may be idle.
        self.wake_by(self.runtime.now().seconds().plus(IDLE_SECONDS))
    }

    /// Gives back to the Projects what was reserved of their month and is not
    /// needed. It is gone from here first, so that it is never leased as well.
    pub(super) async fn give_back_idle(&self) -> Result<(), PortError> {
        let idle = in_transaction(&self.runtime, || {
            let since = self.runtime.now().seconds().0.saturating_sub(IDLE_SECONDS);
            let rows = self.runtime.exec(
                "SELECT project, number, reserved - leased FROM month WHERE reserved > leased AND leased_at <= ?",
                &[since.into()],
            )?;
            self.runtime.exec(
                "UPDATE month SET reserved = leased WHERE reserved > leased AND leased_at <= ?",
                &[since.into()],
            )?;
            Ok(rows)
        })
        .map_err(port_error)?;
        let mut outcome = Ok(());
        for row in idle {
            let Ok(project) = row.text(0).map_err(port_error)?.parse() else { continue };
            let call = ProjectQuotaCall::GiveBack {
                month: row.number(1).map_err(port_error)?,
                unused: row.number(2).map_err(port_error)?,
            };
            // Not tried again: nobody knows whether a call that failed was heard. Then the Project has fewer left.
            let given: Result<(), PortError> = ask(&self.runtime, &ObjectName::ProjectQuota(project), &call).await;
            outcome = outcome.and(given);
        }
        outcome
    }

    /// When [`Self::give_back_idle`] has something next.
    pub(super) fn next_idle(&self) -> Result<Option<UnixSeconds>, SqlError> {
        let rows = self.runtime.exec("SELECT min(leased_at) FROM month WHERE reserved > leased", &[])?;
        let at = rows.first().and_then(|row| row.number(0).ok());
        Ok(at.map(|at| UnixSeconds(at).plus(IDLE_SECONDS)))
    }
}
