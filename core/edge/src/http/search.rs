//! Finds what an operator looks for by anything that names it.

use super::body::BodyError;
use super::reply::Response;
use super::router::Exchange;
use crate::state::RequestIds;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::format::decode;
use gatehouse_domain::message::account::{AccountCall, Caller};
use gatehouse_domain::message::account_index::AccountIndexCall;
use gatehouse_domain::message::audit_log::{AuditFilter, AuditMonthCall, MonthPage};
use gatehouse_domain::message::name_registry::Owner;
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{EdgePorts, ObjectName, ask};
use gatehouse_shared::api::{
    AccountList, AccountRecord, AuditEntry, AuditFacts, DeveloperAccountList, SearchHit, SearchResults,
};
use gatehouse_shared::credential::{ApiKey, ClientId};
use gatehouse_shared::model::{AccountId, AppId, DeveloperAccountId};
use gatehouse_shared::problem::FieldError;

/// The longest text that names something, in characters.
const MOST_CHARS: usize = 200;
/// How many changes of one request are looked at.
const MOST_OF_REQUEST: u64 = 20;

/// What an entry of the audit log is about, as narrowly as it says.
#[derive(PartialEq, Eq)]
enum Subject {
    App(AppId),
    DeveloperAccount(DeveloperAccountId),
    Account(AccountId),
}

impl Subject {
    fn of(facts: &AuditFacts) -> Option<Self> {
        let app = facts.app_id.map(Self::App);
        app.or_else(|| facts.developer_account_id.map(Self::DeveloperAccount))
            .or_else(|| facts.account_id.map(Self::Account))
    }
}

impl<R: EdgePorts> Exchange<'_, R> {
    /// Finds by an id, also that of a request, an API Key or Client ID, an e-mail address, a name or its beginning.
    pub(super) async fn search(&self) -> Result<Response, BodyError> {
        let wanted = self.request.query("q").unwrap_or_default();
        let wanted = wanted.trim();
        if wanted.chars().count() > MOST_CHARS {
            let message = format!("Look for at most {MOST_CHARS} characters.");
            return Err(PortalError::Invalid(vec![FieldError::new("q", "length", message)]).into());
        }
        let mut hits = Vec::new();
        if wanted.is_empty() {
            // Nothing names nothing.
        } else if let Some(app) = self.app_of_credential(wanted) {
            hits.extend(self.find_app_hit(app).await?);
        } else if wanted.len() == 19 && wanted.bytes().all(|b| b.is_ascii_digit()) {
            hits.extend(self.find_by_id(wanted).await?);
        } else if wanted.contains('@') {
            if let Some(account) =
                self.isolate.find_owner(&UniqueName::email(wanted)).await.map_err(PortalError::from)?
            {
                hits.extend(self.find_account_hit(account).await?);
            }
        } else {
            if RequestIds::has_form_of_one(wanted) {
                hits.extend(self.find_by_request(wanted).await?);
            }
            hits.extend(self.find_by_name(wanted).await?);
        }
        Ok(Response::ok(&SearchResults { hits })?)
    }

    /// The App that a public credential names. Nothing of it is checked: it need not work any more.
    fn app_of_credential(&self, text: &str) -> Option<AppId> {
        let prefix = self.isolate.settings.prefix();
        let public = ApiKey::read(prefix, text).or_else(|_| ClientId::read(prefix, text));
        public.ok().map(|public| public.app_id)
    }

    async fn find_by_id(&self, text: &str) -> Result<Vec<SearchHit>, BodyError> {
        let mut hits = Vec::new();
        if let Ok(app) = text.parse() {
            hits.extend(self.find_app_hit(app).await?);
        }
        if let Ok(project) = text.parse() {
            let developer = self.isolate.find_developer_of_project(project).await.map_err(PortalError::from)?;
            if let Some(record) = self.find_record(developer).await? {
                let name = record.projects.iter().find(|known| known.id == project);
                let name = name.map(|project| project.settings.name.clone()).unwrap_or_default();
                hits.push(SearchHit::Project { id: project, name, developer_account_id: record.id });
            }
        }
        if let Ok(developer) = text.parse() {
            hits.extend(self.find_developer_hit(developer).await?);
        }
        if let Ok(account) = text.parse() {
            hits.extend(self.find_account_hit(account).await?);
        }
        Ok(hits)
    }

    /// What a request changed, by its id: the audit log has it.
    async fn find_by_request(&self, id: &str) -> Result<Vec<SearchHit>, BodyError> {
        let mut hits = Vec::new();
        for month in self.audit_months().await.map_err(PortalError::from)?.into_iter().rev() {
            let filter = AuditFilter { subject: id.to_owned(), limit: MOST_OF_REQUEST, ..AuditFilter::default() };
            let found: MonthPage =
                self.ask_month(month, AuditMonthCall::List(filter)).await.map_err(PortalError::from)?;
            let mut subjects = Vec::new();
            for entry in found.entries {
                let AuditEntry { facts, .. } = decode("audit entry", entry.get()).map_err(PortalError::Internal)?;
                subjects.extend(Subject::of(&facts).filter(|subject| !subjects.contains(subject)));
            }
            for subject in subjects {
                hits.extend(match subject {
                    Subject::App(id) => self.find_app_hit(id).await?,
                    Subject::DeveloperAccount(id) => self.find_developer_hit(id).await?,
                    Subject::Account(id) => self.find_account_hit(id).await?,
                });
            }
            if !hits.is_empty() {
                break;
            }
        }
        Ok(hits)
    }

    async fn find_by_name(&self, text: &str) -> Result<Vec<SearchHit>, BodyError> {
        let runtime = &self.isolate.runtime;
        let list = AccountIndexCall::ListAccounts { username: text.to_owned(), cursor: None };
        let accounts: AccountList = ask(runtime, &ObjectName::AccountIndex, &list).await.map_err(PortalError::from)?;
        let list = AccountIndexCall::ListDeveloperAccounts { by_id: false, name: text.to_owned(), cursor: None };
        let developers: DeveloperAccountList =
            ask(runtime, &ObjectName::AccountIndex, &list).await.map_err(PortalError::from)?;
        let mut hits = Vec::new();
        let [name, _] = UniqueName::of_app(text);
        if let Some(Owner::App { app, .. }) = self.isolate.find_name(&name).await.map_err(PortalError::from)? {
            hits.extend(self.find_app_hit(app).await?);
        }
        let developers = developers.items.into_iter();
        hits.extend(developers.map(|item| SearchHit::DeveloperAccount { id: item.id, name: item.name }));
        let accounts = accounts.items.into_iter();
        hits.extend(accounts.map(|item| SearchHit::Account { id: item.id, username: item.username }));
        Ok(hits)
    }

    async fn find_app_hit(&self, app: AppId) -> Result<Option<SearchHit>, BodyError> {
        let developer = self.isolate.find_developer_of_app(app).await.map_err(PortalError::from)?;
        let Some(record) = self.find_record(developer).await? else { return Ok(None) };
        let found = record.apps.iter().find(|known| known.id == app);
        Ok(found.map(|found| SearchHit::App {
            id: app,
            name: found.settings.name.clone(),
            developer_account_id: record.id,
        }))
    }

    async fn find_developer_hit(&self, developer: DeveloperAccountId) -> Result<Option<SearchHit>, BodyError> {
        let record = self.find_record(Some(developer)).await?;
        Ok(record.map(|record| SearchHit::DeveloperAccount { id: record.id, name: record.name }))
    }

    async fn find_account_hit(&self, account: AccountId) -> Result<Option<SearchHit>, BodyError> {
        let caller = Caller::Operator(self.operator()?);
        let found: Result<AccountRecord, BodyError> =
            self.ask_account(account, caller, AccountCall::FindAccountRecord).await;
        match found {
            Ok(record) => Ok(Some(SearchHit::Account { id: account, username: record.account.username })),
            Err(BodyError::Refused(PortalError::NotFound(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
