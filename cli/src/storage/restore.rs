//! `restore`: fills an empty deployment from a backup, and has everything published.

use super::{
    client::{Client, list_publishers},
    contents::{is_break_glass, rows, texts},
    ended::Ended,
    file::{Beginning, Line, MasterKeys, read},
    lock::DecryptOptions,
    progress::Progress,
};
use crate::{operator::OperatorOptions, program::Program};
use age::Identity;
use anyhow::{Context, Result, bail};
use clap::Args;
use gatehouse_shared::{
    api::{CheckedKeys, CopyPage, RestorePage, Restored, StorageCall, StoragePurpose, TableRows},
    model::MonthNumber,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

#[derive(Args)]
pub struct Options {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    operator: OperatorOptions,
    #[command(flatten)]
    decrypt: DecryptOptions,
    /// An export of the audit log that is newer than the backup: what it tells the end of is ended, too; may be given
    /// several times
    #[arg(long)]
    ended: Vec<PathBuf>,
    /// Go on with a restore that broke off
    #[arg(long)]
    resume: bool,
    /// Restore without this master key (its id): credentials that rest on it will not work
    #[arg(long)]
    without_master_key: Vec<String>,
}

pub fn run(program: &Program, options: &Options) -> Result<()> {
    let identities = options.decrypt.identities()?;
    let file = &options.file;
    // Read as a whole before anything is changed.
    let backup = Overview::read(file, &identities)?;
    let ended = Ended::read(&options.ended, backup.beginning.at)?;
    let mut client = Client::open(program, &options.operator, StoragePurpose::Restore)?;
    require_place(&mut client, &backup, options.resume)?;
    check_keys(&mut client, &backup.master_keys, &options.without_master_key)?;
    let mut restore =
        Restore { client, ended: &ended, backup: &backup, was_there: 0, progress: Progress::new("restore") };
    // Accounts and developer accounts come last: they publish, and what they tell must not come before the copy.
    restore.fill(file, &identities, |object| !publishes(object))?;
    restore.join_log()?;
    restore.fill(file, &identities, publishes)?;
    let Restore { client, was_there, .. } = restore;
    println!("{} objects restored; {was_there} were there already.", backup.pages.len() - was_there);
    if ended.entries > 0 {
        println!("{} entries of the audit log are newer than the backup; what they end is ended.", ended.entries);
    }
    if !ended.passwords.is_empty() {
        println!(
            "These people changed their password after the backup; the one before holds again, tell them: {}",
            ended.passwords.join(", ")
        );
    }
    println!(
        "Everything is published; `{} verify` compares KV with it in two minutes. People sign in again; a \
         signed request of the last five minutes before the backup could be sent a second time until its timestamp is \
         too old.",
        program.name
    );
    client.close()
}

fn publishes(object: &str) -> bool {
    object.starts_with("account/") || object.starts_with("developer-account/")
}

/// What there is in a backup.
struct Overview {
    beginning: Beginning,
    master_keys: MasterKeys,
    /// How many copies of an object there are, the last of which counts, and how many pages that one has.
    pages: HashMap<String, (usize, usize)>,
    /// The Apps of each developer account.
    apps: HashMap<String, Vec<String>>,
    /// The newest month of the audit log, and where it ends.
    log: Option<(MonthNumber, LogEnd)>,
}

struct LogEnd {
    seq: Value,
    hash: Value,
}

impl Overview {
    fn read(file: &Path, identities: &[Box<dyn Identity>]) -> Result<Self> {
        let mut beginning = None;
        let mut pages: HashMap<String, (usize, usize)> = HashMap::new();
        let (mut skipped, mut apps, mut master_keys) = (BTreeSet::new(), HashMap::new(), MasterKeys::new());
        let mut log: Option<(MonthNumber, LogEnd)> = None;
        read(file, identities, |line| {
            match line {
                Line::Beginning(first) => beginning = Some(first),
                Line::Page { object, is_first, page } => {
                    let (copies, count) = pages.entry(object.clone()).or_default();
                    (*copies, *count) = if is_first { (*copies + 1, 1) } else { (*copies, *count + 1) };
                    if is_first {
                        skipped.remove(&object);
                        if page.schema == 0 || is_break_glass(&page) {
                            skipped.insert(object.clone());
                        } else if object.starts_with("developer-account/") {
                            let held = texts(&page, "app", 0).map(str::to_owned).collect();
                            apps.insert(object.clone(), held);
                        }
                    }
                    if let Some(month) = object.strip_prefix("audit/").and_then(|month| month.parse().ok()) {
                        note_log(&mut log, month, &page);
                    }
                }
                Line::End { master_keys: keys, .. } => master_keys = keys,
            }
            Ok(())
        })?;
        pages.retain(|object, _| !skipped.contains(object) && object != "account-index");
        let no_backup = || format!("{} is no backup of Gatehouse", file.display());
        Ok(Self { beginning: beginning.with_context(no_backup)?, master_keys, pages, apps, log })
    }
}

/// Takes over where a month's log ends, if it is the newest.
fn note_log(log: &mut Option<(MonthNumber, LogEnd)>, month: MonthNumber, page: &CopyPage) {
    if log.as_ref().is_some_and(|(newest, _)| month < *newest) {
        return;
    }
    let end = |row: &[Value], seq: usize, hash: usize| {
        Some(LogEnd { seq: row.get(seq)?.clone(), hash: row.get(hash)?.clone() })
    };
    let begins = rows(page, "log").last().and_then(|row| end(row, 2, 3));
    let ends = rows(page, "entry").last().and_then(|row| end(row, 0, 10));
    if let Some(end) = ends.or(begins) {
        *log = Some((month, end));
    }
}

/// Refuses a deployment that has something already; with `--resume`, one that has something else than the backup.
fn require_place(client: &mut Client, backup: &Overview, is_resumed: bool) -> Result<()> {
    let there = list_publishers(client)?;
    if !is_resumed && !there.is_empty() {
        bail!(
            "this deployment has {} accounts and developer accounts: restore into an empty one, or use --resume to go on \
             with a restore that broke off",
            there.len()
        );
    }
    if let Some(other) = there.iter().find(|object| !backup.pages.contains_key(*object)) {
        bail!("{other} of this deployment is not in the backup: this is another deployment, or another backup");
    }
    Ok(())
}

fn check_keys(client: &mut Client, master_keys: &MasterKeys, without: &[String]) -> Result<()> {
    let fingerprints = master_keys.iter().filter(|(id, _)| !without.contains(id)).cloned().collect();
    let checked: CheckedKeys = client.ask("account-index", StorageCall::CheckKeys { fingerprints })?;
    if !checked.wrong.is_empty() {
        bail!(
            "MASTER_KEYS of this deployment has another key {} than the one that the backup's credentials rest on: put \
             that one in",
            checked.wrong.join(", ")
        );
    }
    if !checked.missing.is_empty() {
        bail!(
            "MASTER_KEYS of this deployment lacks key {}, on which credentials of the backup rest or once rested: put it \
             in, or give --without-master-key for one that no credential needs any more",
            checked.missing.join(", ")
        );
    }
    Ok(())
}

struct Restore<'a> {
    client: Client<'a>,
    ended: &'a Ended,
    backup: &'a Overview,
    was_there: usize,
    progress: Progress,
}

impl Restore<'_> {
    /// Fills the objects that are wanted, each from its last copy.
    fn fill(&mut self, file: &Path, identities: &[Box<dyn Identity>], is_wanted: fn(&str) -> bool) -> Result<()> {
        let backup = self.backup;
        let mut seen: HashMap<String, (usize, usize)> = HashMap::new();
        read(file, identities, |line| {
            let Line::Page { object, is_first, page } = line else { return Ok(()) };
            let Some((copies, pages)) = backup.pages.get(&object).filter(|_| is_wanted(&object)) else {
                return Ok(());
            };
            let (copy, number) = seen.entry(object.clone()).or_default();
            (*copy, *number) = if is_first { (*copy + 1, 1) } else { (*copy, *number + 1) };
            if copy == copies { self.fill_page(&object, page, number == pages) } else { Ok(()) }
        })
    }

    fn fill_page(&mut self, object: &str, page: CopyPage, is_last: bool) -> Result<()> {
        let CopyPage { schema, tables, .. } = page;
        let apps = self.backup.apps.get(object).map(Vec::as_slice).unwrap_or_default();
        let ended = if is_last { self.ended.of(object, apps) } else { Vec::new() };
        let call = StorageCall::Restore(RestorePage { schema, tables, is_last, ended });
        let restored: Restored = self.client.ask(object, call).with_context(|| format!("{object} is not restored"))?;
        if is_last {
            self.was_there += usize::from(restored.was_there);
            self.progress.step(self.backup.pages.len());
        }
        Ok(())
    }

    /// Has the log of the running month go on from the end of the backup's, where that is of an earlier month.
    fn join_log(&mut self) -> Result<()> {
        let Some((newest, LogEnd { seq, hash })) = &self.backup.log else { return Ok(()) };
        let list = self.client.get("/api/audit/months")?;
        let months = list["months"].as_array().into_iter().flatten();
        let running = months.filter_map(|view| view["month"].as_str()?.parse::<MonthNumber>().ok()).max();
        let Some(running) = running.filter(|running| running > newest) else { return Ok(()) };
        let row = json!([1, running.0, seq, hash, 0, 0]);
        let Value::Array(row) = row else { return Ok(()) };
        let tables = vec![TableRows { table: "log".to_owned(), rows: vec![row] }];
        let call = StorageCall::Restore(RestorePage { schema: 1, tables, is_last: true, ended: Vec::new() });
        let joined: Restored = self.client.ask(&format!("audit/{running}"), call)?;
        if joined.was_there {
            eprintln!(
                "The audit log of {running} begins anew here: it had too many entries, or this restore was resumed."
            );
        }
        Ok(())
    }
}
