//! Calls a deployment with a storage token, and makes another one when that is over.

use super::progress::Progress;
use crate::{
    operator::OperatorOptions,
    portal::{Refused, Visitor, text},
    process::pause,
    program::Program,
};
use anyhow::{Context, Result};
use gatehouse_shared::api::{STORAGE_PATH, StorageCall, StoragePurpose, StorageRequest, StorageToken};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;

/// How often an object that did not answer is asked.
const TRIES: u32 = 5;

pub struct Client<'a> {
    program: &'a Program,
    options: &'a OperatorOptions,
    purpose: StoragePurpose,
    /// Signed in, for the lists.
    operator: Visitor,
    storage: Visitor,
}

impl<'a> Client<'a> {
    pub fn open(program: &'a Program, options: &'a OperatorOptions, purpose: StoragePurpose) -> Result<Self> {
        let (operator, storage) = sign_in(program, options, purpose)?;
        Ok(Self { program, options, purpose, operator, storage })
    }

    /// Asks one object.
    pub fn ask<T: DeserializeOwned>(&mut self, object: &str, call: StorageCall) -> Result<T> {
        let request = serde_json::to_value(StorageRequest { object: object.to_owned(), call })?;
        let answer = self.try_often(object, |client| client.storage.post(STORAGE_PATH, &request))?;
        serde_json::from_value(answer).with_context(|| format!("{object} answered something else"))
    }

    /// Reads one of the portal's lists.
    pub fn get(&mut self, path: &str) -> Result<Value> {
        self.try_often(path, |client| client.operator.get(path))
    }

    /// Every item of a list.
    pub fn list(&mut self, path: &str) -> Result<Vec<Value>> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}{cursor}"))?;
            items.extend(page["items"].as_array().into_iter().flatten().cloned());
            let Some(next) = page["next_cursor"].as_str() else { return Ok(items) };
            cursor = format!("{}cursor={next}", if path.contains('?') { "&" } else { "?" });
        }
    }

    fn try_often(&mut self, what: &str, call: impl Fn(&mut Self) -> Result<Value>) -> Result<Value> {
        let (mut tries, mut has_signed_in) = (1, false);
        loop {
            let error = match call(self) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match error.downcast_ref::<Refused>().map(|refused| refused.status) {
                Some(401) if !has_signed_in => {
                    has_signed_in = true;
                    (self.operator, self.storage) = sign_in(self.program, self.options, self.purpose)?;
                }
                Some(status) if (400..500).contains(&status) && status != 429 => return Err(error),
                _ if tries >= TRIES => return Err(error),
                _ => {
                    eprintln!("{what} did not answer, trying again: {error:#}");
                    pause(Duration::from_secs(u64::from(tries)));
                }
            }
            tries += 1;
        }
    }

    /// Gives the token back, and signs out.
    pub fn close(mut self) -> Result<()> {
        let _: Value = self.ask("account-index", StorageCall::EndToken)?;
        self.operator.delete("/api/session")?;
        Ok(())
    }
}

fn sign_in(program: &Program, options: &OperatorOptions, purpose: StoragePurpose) -> Result<(Visitor, Visitor)> {
    let mut operator = options.sign_in(program)?;
    let token = operator.post("/api/storage/tokens", &json!({ "purpose": purpose }))?;
    let token: StorageToken = serde_json::from_value(token)?;
    let storage = operator.with_token(&token.token);
    Ok((operator, storage))
}

/// The objects that publish, by their names: every account, but for those whose password is a setting, and every
/// developer account.
pub fn list_publishers(client: &mut Client) -> Result<Vec<String>> {
    let accounts = client.list("/api/review/accounts")?;
    let people = accounts.iter().filter(|account| account["role"] != "operator");
    let developers = client.list("/api/review/developer-accounts?order=id")?;
    let name = |kind: &str, item: &Value| Ok(format!("{kind}/{}", text(item, "/id")?));
    let names = people.map(|account| name("account", account));
    names.chain(developers.iter().map(|developer| name("developer-account", developer))).collect()
}

/// Asks every object that publishes; gives how many there are.
pub fn ask_publishers<T: DeserializeOwned>(
    client: &mut Client,
    what: &'static str,
    call: &StorageCall,
    mut each: impl FnMut(T),
) -> Result<usize> {
    let objects = list_publishers(client)?;
    let mut progress = Progress::new(what);
    for object in &objects {
        each(client.ask(object, call.clone())?);
        progress.step(objects.len());
    }
    Ok(objects.len())
}
