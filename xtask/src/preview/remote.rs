//! A branch's deployment at Cloudflare: a Preview of the Worker.

use super::{
    UpOptions,
    instance::Instance,
    plan::{Plan, name_in_title},
    source::Source,
    table::Row,
};
use crate::{
    cloudflare::{Account, Namespace, Preview},
    config::{read_config, worker_name},
    deploy::secrets::{NEEDED, NewSecrets, OPERATOR_PASSWORD, check_is_new},
    deploy::{upload, wrangler},
    git,
    workspace::Workspace,
};
use anyhow::{Result, bail, ensure};
use gatehouse::process::{say, timed};
use std::{collections::BTreeSet, env, fs};
use toml::{Table, Value};

const PASSWORD_VARIABLE: &str = "GATEHOUSE_PREVIEW_OPERATOR_PASSWORD";
/// As the Worker's settings have it.
const PASSWORD_CHARS: usize = 16;

pub fn up(workspace: &Workspace, source: Source, options: &UpOptions) -> Result<()> {
    check_is_new(options.save_secrets.as_deref())?;
    let account = account(workspace, &source.config)?;
    let password = operator_password()?;
    timed("looking at what the account has", || {
        account.preview_secrets(&source.plan.worker, &source.plan.name)?;
        check_services(&account, &source)
    })?;
    let prepared = source.prepare(workspace, options.built.as_deref())?;
    let plan = &prepared.plan;
    // After the build, which takes minutes.
    let present = account.preview_secrets(&plan.worker, &plan.name)?;

    let title = plan.namespace_title();
    let namespace = match account.find_namespace(&title)? {
        Some(namespace) => namespace,
        None => {
            say(format!("making the KV namespace {title}"));
            account.create_namespace(&title)?
        }
    };
    let secrets = new_secrets(&present, password.as_deref())?;
    secrets.show(options.save_secrets.as_deref())?;
    say(format!("uploading {} as the Preview {}", plan.branch, plan.name));
    let mut command = wrangler(workspace, &account)?;
    command
        .args(["preview", "--name", &plan.name, "--message", &format!("branch {}", plan.branch)])
        // What the dashboard has for all Previews could bind production's data.
        .arg("--ignore-base-config");
    let done = upload(&mut command, &prepared.config(&namespace.id)?, &secrets)?;
    let Some(address) = done.addresses.first() else {
        bail!("it is uploaded and has no address: are Preview URLs switched off for {}?", plan.worker);
    };
    println!("{address}");
    Ok(())
}

/// The password that the operator is to have: a variable, since arguments can be read by everybody on the machine, and
/// one of its own, since a branch's code can read it.
fn operator_password() -> Result<Option<String>> {
    let given = env::var(PASSWORD_VARIABLE).ok().filter(|given| !given.is_empty());
    let length = given.as_ref().map_or(PASSWORD_CHARS, |given| given.chars().count());
    ensure!(length >= PASSWORD_CHARS, "{PASSWORD_VARIABLE} must be at least {PASSWORD_CHARS} characters long");
    Ok(given)
}

/// Fails where the branch would be bound to a Worker that the account does not have.
fn check_services(account: &Account, source: &Source) -> Result<()> {
    let Some(previews) = source.config.get("previews").and_then(Value::as_table) else { return Ok(()) };
    if let Some(missing) = account.missing_services(previews, &source.plan.worker)?.first() {
        bail!(
            "[previews] in wrangler.toml binds the Worker {missing}, and the account has none of that name: deploy it \
             first (the sample API: `npx wrangler deploy --config sample-api/wrangler.toml`), or name another"
        );
    }
    Ok(())
}

/// The secrets to upload: those that it lacks, and a password that was given. Others stay, and so do the credentials
/// that rest on them.
fn new_secrets(present: &BTreeSet<String>, password: Option<&str>) -> Result<NewSecrets> {
    let lacking: Vec<_> = NEEDED.into_iter().filter(|name| !present.contains(*name)).collect();
    let mut secrets = NewSecrets::draw(&lacking)?;
    if let Some(password) = password {
        secrets.give(OPERATOR_PASSWORD, password);
    }
    Ok(secrets)
}

pub fn down(workspace: &Workspace, plan: &Plan) -> Result<()> {
    let account = account(workspace, &read_config(&workspace.root)?)?;
    let title = plan.namespace_title();
    // The Worker first: as long as it runs, it writes.
    let had_preview = account.delete_preview(&plan.worker, &plan.name)?;
    let namespace = account.find_namespace(&title)?;
    if let Some(namespace) = &namespace {
        account.delete_namespace(&namespace.id)?;
    }
    match (had_preview, namespace) {
        (true, Some(_)) => say(format!("removed {}, with objects, secrets and KV namespace", plan.name)),
        (true, None) => say(format!("removed {}, with objects and secrets; it had no KV namespace", plan.name)),
        (false, Some(_)) => say(format!("removed the KV namespace {title}; there was no Preview of that name")),
        (false, None) => say(format!("nothing is up for {}", plan.branch)),
    }
    remove_source(workspace, plan)
}

/// Removes the working tree that the branch was built in, unless an instance on this machine runs from it.
fn remove_source(workspace: &Workspace, plan: &Plan) -> Result<()> {
    let folder = plan.folder(&workspace.target);
    if folder.exists() && Instance::load(&folder)?.is_none() {
        git::remove_tree(workspace, &folder.join("source"))?;
        fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

pub fn list(workspace: &Workspace) -> Result<Vec<Row>> {
    let config = read_config(&workspace.root)?;
    let account = account(workspace, &config)?;
    let worker = worker_name(&config)?;
    Ok(rows(worker, account.list_previews(worker)?, &account.list_namespaces()?))
}

/// Also what was left half made: a namespace without a Preview.
fn rows(worker: &str, previews: Vec<Preview>, namespaces: &[Namespace]) -> Vec<Row> {
    let left: BTreeSet<&str> = namespaces.iter().filter_map(|one| name_in_title(worker, &one.title)).collect();
    let left = left.into_iter().filter(|name| previews.iter().all(|preview| preview.name != *name));
    let left: Vec<_> = left.map(|name| (name.to_owned(), "only its KV namespace".to_owned(), String::new())).collect();
    let previews = previews.into_iter().map(|preview| {
        let address = preview.url.unwrap_or_else(|| "no address".to_owned());
        (preview.name, address, preview.created_on)
    });
    let row = |(name, address, since)| Row { name, place: "cloudflare", address, since, branch: String::new() };
    previews.chain(left).map(row).collect()
}

fn account(workspace: &Workspace, config: &Table) -> Result<Account> {
    Account::find(workspace, config.get("account_id").and_then(Value::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::secrets::MASTER_KEYS;

    fn source() -> Table {
        include_str!("../../../wrangler.toml").parse().unwrap()
    }

    #[test]
    fn secrets_that_are_there_stay() {
        let names = |present: &[&str], password: Option<&str>| {
            let present = present.iter().map(|name| (*name).to_owned()).collect();
            let new = new_secrets(&present, password).unwrap();
            NEEDED.into_iter().filter(|name| new.value(name).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(names(&[], None), NEEDED);
        assert_eq!(names(&[MASTER_KEYS], None), [OPERATOR_PASSWORD]);
        assert_eq!(names(&NEEDED, None), [""; 0]);
        assert_eq!(names(&NEEDED, Some("another password")), [OPERATOR_PASSWORD]);
    }

    #[test]
    fn what_is_half_there_is_listed() {
        let preview = |name: &str| Preview { name: name.to_owned(), url: None, created_on: String::new() };
        let namespace = |title: &str| Namespace { id: String::new(), title: title.to_owned() };
        let title = |name: &str| namespace(&Plan::named(name, &source()).unwrap().namespace_title());
        let foreign = namespace("gatehouse-preview-gatehouse-kv");
        let namespaces = [title("a"), title("b"), foreign, namespace("other")];
        let rows = rows("gatehouse", vec![preview("a"), preview("c")], &namespaces);
        let shown: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.address.as_str())).collect();
        assert_eq!(shown, [("a", "no address"), ("c", "no address"), ("b", "only its KV namespace")]);
    }
}
