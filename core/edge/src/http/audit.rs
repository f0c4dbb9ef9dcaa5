//! Shows the audit log to operators, and exports it.

use super::body::BodyError;
use super::reply::Response;
use super::router::Exchange;
use futures_util::future::try_join_all;
use gatehouse_domain::format::decode;
use gatehouse_domain::message::audit_log::{
    AuditFilter, AuditIndexCall, AuditMonthCall, AuditMonthRequest, MonthPage, MonthState,
};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, ObjectName, PortError, ask};
use gatehouse_shared::api::{AUDIT_PART_ENTRIES, AuditEntry, AuditMonthList, AuditMonthView};
use gatehouse_shared::model::{CivilDate, DAY_SECONDS, MonthNumber, UnixSeconds};
use gatehouse_shared::problem::FieldError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// How many entries a page has.
const PAGE: u64 = 50;

/// An [`AuditList`](gatehouse_shared::api::AuditList) whose entries are as the months gave them.
#[derive(Serialize)]
struct Page {
    entries: Vec<Box<RawValue>>,
    next_cursor: Option<String>,
}

fn invalid(field: &str, rule: &str, message: &str) -> PortalError {
    PortalError::Invalid(vec![FieldError::new(field, rule, message)])
}

impl<R: EdgePorts> Exchange<'_, R> {
    pub(super) async fn audit_months(&self) -> Result<Vec<MonthNumber>, PortError> {
        ask(&self.isolate.runtime, &ObjectName::AuditIndex, &AuditIndexCall::ListMonths).await
    }

    pub(super) async fn ask_month<T: DeserializeOwned>(
        &self,
        month: MonthNumber,
        call: AuditMonthCall,
    ) -> Result<T, PortError> {
        ask(&self.isolate.runtime, &ObjectName::AuditMonth(month), &AuditMonthRequest { month, call }).await
    }

    fn query_text(&self, name: &str) -> Option<String> {
        self.request.query(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn date(&self, name: &str) -> Result<Option<UnixSeconds>, PortalError> {
        let Some(text) = self.query_text(name) else { return Ok(None) };
        let message = "Use a date such as 2026-11-30, or omit it.";
        CivilDate::start_of(&text).map(Some).ok_or_else(|| invalid(name, "date", message))
    }

    /// Where the page begins: before which entry, and in which month at the latest.
    fn audit_cursor(&self) -> Result<Option<(MonthNumber, u64)>, PortalError> {
        let Some(text) = self.query_text("cursor") else { return Ok(None) };
        let read = text.split_once('.').and_then(|(month, seq)| Some((month.parse().ok()?, seq.parse().ok()?)));
        let message = "Use the next_cursor of the previous page. Omit it for the first page.";
        read.map(Some).ok_or_else(|| invalid("cursor", "cursor", message))
    }

    /// Months are asked one after the other, newest first, until a page is full.
    pub(super) async fn list_audit_entries(&self) -> Result<Response, BodyError> {
        let text = |name| self.query_text(name).unwrap_or_default();
        let (from, to, cursor) = (self.date("from")?, self.date("to")?, self.audit_cursor()?);
        let mut filter = AuditFilter {
            actor: text("actor"),
            subject: text("subject"),
            operation: text("operation"),
            from,
            until: to.map(|day| day.plus(DAY_SECONDS)),
            before: cursor.map(|(_, seq)| seq),
            limit: PAGE,
        };
        let mut page = Page { entries: Vec::new(), next_cursor: None };
        let months = self.audit_months().await.map_err(PortalError::from)?;
        // An entry may stand in a later month than the one in which it was done, never in an earlier one.
        let is_asked = |month: &MonthNumber| {
            from.is_none_or(|from| *month >= MonthNumber::of(from)) && cursor.is_none_or(|(newest, _)| *month <= newest)
        };
        for month in months.into_iter().rev().filter(is_asked) {
            let call = AuditMonthCall::List(filter.clone());
            let found: MonthPage = self.ask_month(month, call).await.map_err(PortalError::from)?;
            filter.limit = filter.limit.saturating_sub(u64::try_from(found.entries.len()).unwrap_or(filter.limit));
            page.entries.extend(found.entries);
            if filter.limit == 0 {
                page.next_cursor = found.next.map(|seq| format!("{month}.{seq}"));
                break;
            }
        }
        Ok(Response::ok(&page)?)
    }

    pub(super) async fn list_audit_months(&self) -> Result<Response, BodyError> {
        let months = self.audit_months().await.map_err(PortalError::from)?;
        let views = months.into_iter().map(async |month| {
            let MonthState { entries, head } = self.ask_month(month, AuditMonthCall::Describe).await?;
            Ok(AuditMonthView { month, entries, parts: entries.div_ceil(AUDIT_PART_ENTRIES), last_hash: head.hash })
        });
        let months = try_join_all(views).await.map_err(|error: PortError| PortalError::from(error))?;
        Ok(Response::ok(&AuditMonthList { months })?)
    }

    /// One part of a month, as a file.
    pub(super) async fn export_audit_log(&self) -> Result<Response, BodyError> {
        let message = "Use a month such as 2026-11.";
        let month: MonthNumber = self.params.get("month").parse().map_err(|_| invalid("month", "month", message))?;
        let part = match self.query_text("part") {
            None => 1,
            Some(text) => text.parse::<u32>().ok().filter(|part| *part > 0).map(u64::from).ok_or_else(|| {
                invalid("part", "number", "Use a number from 1 on. list_audit_months tells how many parts a month has.")
            })?,
        };
        let is_csv = match self.query_text("format").as_deref() {
            None | Some("ndjson") => false,
            Some("csv") => true,
            Some(_) => return Err(invalid("format", "unknown", "Use ndjson or csv.").into()),
        };
        let call = AuditMonthCall::Export { skip: (part - 1) * AUDIT_PART_ENTRIES, limit: AUDIT_PART_ENTRIES };
        let found: MonthPage = self.ask_month(month, call).await.map_err(PortalError::from)?;
        let (content_type, ending, body) = if is_csv {
            ("text/csv; charset=utf-8", "csv", csv(&found)?)
        } else {
            ("application/x-ndjson", "ndjson", found.entries.iter().map(|entry| format!("{entry}\n")).collect())
        };
        let name = format!("attachment; filename=\"audit-{month}-{part}.{ending}\"");
        Ok(Response::new(200, content_type, body).with("content-disposition", name))
    }
}

const CSV_HEADER: &str = "month,seq,at,operation,actor_kind,actor_account_id,actor_username,actor_role,session_id,\
    address,account_id,developer_account_id,project_id,app_id,subject,changes,credential_ids,request_id,hash\r\n";

fn csv(page: &MonthPage) -> Result<String, PortalError> {
    let mut text = CSV_HEADER.to_owned();
    for entry in &page.entries {
        text.push_str(&csv_row(&decode("audit entry", entry.get()).map_err(PortalError::Internal)?));
        text.push_str("\r\n");
    }
    Ok(text)
}

fn csv_row(entry: &AuditEntry) -> String {
    let facts = &entry.facts;
    let id = |id: Option<String>| id.unwrap_or_default();
    let personal = entry.personal.as_ref();
    let changes = personal.map(|personal| {
        let changes =
            personal.changes.iter().map(|change| format!("{}: {} → {}", change.field, change.from, change.to));
        changes.collect::<Vec<String>>().join("; ")
    });
    let cells = [
        entry.month.to_string(),
        entry.seq.to_string(),
        facts.at.0.to_string(),
        facts.operation.clone(),
        facts.actor_kind.as_str().to_owned(),
        id(facts.actor_account_id.map(|id| id.to_string())),
        personal.map(|personal| personal.username.clone()).unwrap_or_default(),
        facts.actor_role.clone(),
        facts.session_id.clone(),
        personal.map(|personal| personal.address.clone()).unwrap_or_default(),
        id(facts.account_id.map(|id| id.to_string())),
        id(facts.developer_account_id.map(|id| id.to_string())),
        id(facts.project_id.map(|id| id.to_string())),
        id(facts.app_id.map(|id| id.to_string())),
        personal.map(|personal| personal.subject.clone()).unwrap_or_default(),
        changes.unwrap_or_default(),
        facts.credential_ids.join(" "),
        facts.request_id.clone(),
        entry.hash.clone(),
    ];
    cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<String>>().join(",")
}

/// A cell, quoted. What a spreadsheet would take for a formula gets an apostrophe in front.
fn csv_cell(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_leaves_its_quotes() {
        for (text, cell) in [
            ("plain", "\"plain\""),
            ("", "\"\""),
            ("=1+1", "\"'=1+1\""),
            (" @SUM(A1)", "\"' @SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("-2", "\"'-2\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }
}
