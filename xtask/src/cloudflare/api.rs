//! How the API is called, and as whom.

use super::wrangler_environment;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use gatehouse::process::run_quietly;
use serde_json::Value;
use std::{env, time::Duration};

const BASE: &str = "https://api.cloudflare.com/client/v4";
/// Entries of a list that are asked for at once.
const PAGE: usize = 100;

/// The account that wrangler is signed in to, or that the environment names.
pub struct Account {
    agent: ureq::Agent,
    base: String,
    pub id: String,
    credentials: Vec<(&'static str, String)>,
}

/// What the API refused, and why.
#[derive(Debug)]
pub struct ApiError {
    /// Method and path.
    call: String,
    status: u16,
    /// The number of each error, as the API gives it.
    codes: Vec<u64>,
    text: String,
}

impl ApiError {
    pub fn has_code(&self, codes: &[u64]) -> bool {
        self.codes.iter().any(|code| codes.contains(code))
    }

    pub fn is_not_found(&self) -> bool {
        self.status == 404
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cloudflare answered {} to {}: {}", self.status, self.call, self.text)
    }
}

impl std::error::Error for ApiError {}

impl Account {
    /// Asks wrangler for the credentials, and settles which account is meant: the one in `CLOUDFLARE_ACCOUNT_ID`, that
    /// of wrangler.toml, or the only one there is.
    pub fn find(workspace: &Workspace, configured_id: Option<&str>) -> Result<Self> {
        let said = run_quietly(workspace.npm_tool("wrangler")?.args(["auth", "token", "--json"]).envs(wrangler_environment()))
            .context(
                "no account at Cloudflare: set CLOUDFLARE_API_TOKEN to a token that may edit Workers scripts and Workers KV \
                 storage, or sign in with `npx wrangler login`",
            )?;
        let answer: Value = serde_json::from_str(&said).context("wrangler auth token --json printed no JSON")?;
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false)
            .build()
            .into();
        let base = variable("CLOUDFLARE_API_BASE_URL").unwrap_or_else(|| BASE.to_owned());
        let mut account = Self { agent, base, id: String::new(), credentials: credentials(&answer)? };
        account.id = match variable("CLOUDFLARE_ACCOUNT_ID").or(configured_id.map(str::to_owned)) {
            Some(id) => id,
            None => account.only_id()?,
        };
        Ok(account)
    }

    fn only_id(&self) -> Result<String> {
        let accounts = self.pages("/accounts")?;
        match accounts.as_slice() {
            [only] => Ok(only["id"].as_str().context("an account without an id")?.to_owned()),
            [] => bail!("these credentials reach no account at Cloudflare: set CLOUDFLARE_ACCOUNT_ID"),
            several => {
                let known = several.iter().map(|one| {
                    format!("{} ({})", one["id"].as_str().unwrap_or_default(), one["name"].as_str().unwrap_or_default())
                });
                bail!(
                    "these credentials reach several accounts: set CLOUDFLARE_ACCOUNT_ID to one of {}",
                    known.collect::<Vec<_>>().join(", ")
                )
            }
        }
    }

    /// Calls a path below the account; gives `result`.
    pub(super) fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        Ok(self.request(method, &format!("/accounts/{}{path}", self.id), body)?["result"].take())
    }

    /// All pages of a list below the account.
    pub(super) fn list(&self, path: &str) -> Result<Vec<Value>> {
        self.pages(&format!("/accounts/{}{path}", self.id))
    }

    fn pages(&self, path: &str) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for page in 1.. {
            let mut answer = self.request("GET", &format!("{path}?page={page}&per_page={PAGE}"), None)?;
            let Value::Array(items) = answer["result"].take() else { bail!("{path} is not a list") };
            let (length, total) = (items.len(), answer["result_info"]["total_count"].as_u64());
            found.extend(items);
            // Not every list gives as many as it is asked for.
            if length == 0 || total.map_or(length < PAGE, |total| found.len() as u64 >= total) {
                break;
            }
        }
        Ok(found)
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in &self.credentials {
            request = request.header(*name, value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                serde_json::to_vec(body)?
            }
            None => Vec::new(),
        };
        let mut answer = self.agent.run(request.body(body)?).with_context(|| format!("cannot reach {}", self.base))?;
        let status = answer.status();
        let text = answer.body_mut().read_to_string()?;
        let json: Value = serde_json::from_str(&text).unwrap_or_default();
        if status.is_success() && json["success"] == true {
            return Ok(json);
        }
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        let reasons = errors.iter().map(|error| {
            format!("{} [code {}]", error["message"].as_str().unwrap_or("no reason given"), error["code"])
        });
        let reasons: Vec<_> = reasons.collect();
        Err(ApiError {
            call: format!("{method} {path}"),
            status: status.as_u16(),
            codes: errors.iter().filter_map(|error| error["code"].as_u64()).collect(),
            text: if reasons.is_empty() { "no reason given".to_owned() } else { reasons.join("; ") },
        }
        .into())
    }
}

/// `None` for an answer that says by its code that there is no such thing. Any other refusal stays one: what cannot be
/// seen must not be taken for missing.
pub(super) fn unless_missing(answer: Result<Value>, codes: &[u64]) -> Result<Option<Value>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.downcast_ref::<ApiError>().is_some_and(|error| error.has_code(codes)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn credentials(answer: &Value) -> Result<Vec<(&'static str, String)>> {
    let text = |name: &str| answer[name].as_str().map(str::to_owned).context("wrangler gave no credentials");
    if answer["type"] == "api_key" {
        return Ok(vec![("x-auth-key", text("key")?), ("x-auth-email", text("email")?)]);
    }
    Ok(vec![("authorization", format!("Bearer {}", text("token")?))])
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
