//! `backup`: a copy of all that a deployment keeps, in one encrypted file.

use super::{
    client::{Client, list_publishers},
    contents::{Holdings, rows},
    file::{Beginning, Line, MasterKeys, Writer, read_broken},
    lock::{EncryptOptions, Identities, Recipients},
    progress::Progress,
    walk::Walk,
};
use crate::{operator::OperatorOptions, program::Program};
use anyhow::{Context, Result, bail};
use clap::Args;
use gatehouse_shared::api::{CopyPage, StorageCall, StoragePurpose};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    operator: OperatorOptions,
    /// The file to write; a backup that broke off stands beside it as FILE.part, and goes on
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    encrypt: EncryptOptions,
}

/// How often developer accounts are copied again between which Apps are handed over meanwhile.
const ROUNDS: usize = 10;

pub fn run(program: &Program, options: &Options) -> Result<()> {
    let out = &options.out;
    if out.exists() {
        bail!("{} exists: name another file", out.display());
    }
    let recipients = options.encrypt.recipients()?;
    let part = with_ending(out, "part");
    let mut client = Client::open(program, &options.operator, StoragePurpose::Backup)?;
    let url = options.operator.url();
    let earlier = if part.exists() {
        Backup::go_on(&part, &with_ending(out, "part.new"), &recipients, &options.encrypt.identities()?, url)?
    } else {
        None
    };
    let mut backup = match earlier {
        Some(backup) => backup,
        None => Backup::begin(&part, &recipients, begin(url)?)?,
    };
    for name in list_publishers(&mut client)? {
        backup.walk.add(name);
    }
    let mut progress = Progress::new("backup");
    backup.copy_all(&mut client, &mut progress)?;
    for _ in 0..ROUNDS {
        for name in backup.holdings.too_old() {
            backup.copy(&mut client, &name)?;
        }
        backup.copy_all(&mut client, &mut progress)?;
    }
    if let Some(name) = backup.holdings.too_old().first() {
        bail!("Apps of {name} were handed over each time it was copied; run this again");
    }
    // Last, so that it tells of all that the copies have.
    backup.walk.add("audit-index".to_owned());
    backup.copy_all(&mut client, &mut progress)?;
    let Backup { writer, objects, .. } = backup;
    // At the end: one may have been added meanwhile.
    writer.finish(master_keys(&mut client)?)?;
    fs::rename(&part, out).with_context(|| format!("cannot write {}", out.display()))?;
    client.close()?;
    let bytes = fs::metadata(out)?.len();
    println!("{}: {objects} objects, {bytes} bytes", out.display());
    println!("It has no master key: keep MASTER_KEYS elsewhere, since nothing can be restored without them.");
    Ok(())
}

fn begin(url: &str) -> Result<Beginning> {
    Ok(Beginning::new(url, u64::try_from(jiff::Timestamp::now().as_second())?))
}

fn master_keys(client: &mut Client) -> Result<MasterKeys> {
    let index: CopyPage = client.ask("account-index", StorageCall::Copy { after: None })?;
    let key = |row: &Vec<Value>| Some((row.first()?.as_str()?.to_owned(), row.get(1)?.as_str()?.to_owned()));
    Ok(rows(&index, "master_key").iter().filter_map(key).collect())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

struct Backup {
    writer: Writer,
    walk: Walk,
    holdings: Holdings,
    objects: usize,
}

impl Backup {
    fn begin(path: &Path, recipients: &Recipients, beginning: Beginning) -> Result<Self> {
        let mut writer = Writer::create(path, recipients)?;
        writer.write(&Line::Beginning(beginning))?;
        Ok(Self { writer, walk: Walk::default(), holdings: Holdings::default(), objects: 0 })
    }

    /// Takes over what an earlier run has copied; `None` where nothing of it can be read. An object of which it has not
    /// every page is copied again.
    fn go_on(
        part: &Path,
        new: &Path,
        recipients: &Recipients,
        identities: &Identities,
        url: &str,
    ) -> Result<Option<Self>> {
        let writer = Writer::create(new, recipients)?;
        let mut backup = Self { writer, walk: Walk::default(), holdings: Holdings::default(), objects: 0 };
        let mut has_beginning = false;
        read_broken(part, identities, |line| {
            match &line {
                Line::Beginning(beginning) if beginning.url != url => {
                    bail!("{} is of {}: remove it, or name another file", part.display(), beginning.url);
                }
                Line::Beginning(_) => has_beginning = true,
                // The log grew since.
                Line::Page { object, .. } if object.starts_with("audit") => return Ok(()),
                Line::Page { object, is_first, page } => {
                    backup.take_over(object, *is_first, page);
                    // One that kept nothing may keep something by now.
                    if page.next.is_none() && page.schema > 0 {
                        backup.walk.skip(object);
                        backup.objects += 1;
                    }
                }
                Line::End { .. } => return Ok(()),
            }
            backup.writer.write(&line)
        })?;
        if !has_beginning {
            return Ok(None);
        }
        fs::rename(new, part)?;
        eprintln!("going on with {}: {} objects are copied already", part.display(), backup.objects);
        Ok(Some(backup))
    }

    fn take_over(&mut self, object: &str, is_first: bool, page: &CopyPage) {
        self.walk.note(object, page);
        if is_first {
            self.holdings.note(object, page);
        }
    }

    fn copy_all(&mut self, client: &mut Client, progress: &mut Progress) -> Result<()> {
        while let Some(object) = self.walk.next() {
            self.copy(client, &object)?;
            self.objects += 1;
            progress.step(self.walk.known());
        }
        Ok(())
    }

    fn copy(&mut self, client: &mut Client, object: &str) -> Result<()> {
        let (mut after, mut is_first) = (None, true);
        loop {
            let page: CopyPage = client.ask(object, StorageCall::Copy { after })?;
            self.take_over(object, is_first, &page);
            after = page.next.clone();
            self.writer.write(&Line::Page { object: object.to_owned(), is_first, page })?;
            is_first = false;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::api::{CopyCursor, TableRows};
    use serde_json::json;
    use std::fs::File;

    const URL: &str = "https://api.example.com";

    fn account(id: u64) -> (String, CopyPage) {
        let doc = json!({ "own_developer_account": (id * 7_919 % 1_000_003).to_string() }).to_string();
        let tables = vec![TableRows { table: "account".to_owned(), rows: vec![vec![json!(1), json!(doc)]] }];
        (format!("account/{id}"), CopyPage { schema: 1, tables, next: None })
    }

    #[test]
    fn a_backup_that_broke_off_goes_on_with_the_objects_that_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let (part, new) = (folder.path().join("part"), folder.path().join("new"));
        let identity = age::x25519::Identity::generate();
        let recipients: Recipients = vec![Box::new(identity.to_public())];
        let identities: Identities = vec![Box::new(identity)];
        let go_on = |url: &str| Backup::go_on(&part, &new, &recipients, &identities, url);

        // Of a long table only one page was written.
        let mut backup = Backup::begin(&part, &recipients, Beginning::new(URL, 7)).unwrap();
        let next = Some(CopyCursor { table: "entry".to_owned(), key: vec![json!(1)] });
        let page = CopyPage { schema: 1, tables: Vec::new(), next };
        backup.writer.write(&Line::Page { object: "gate/1".to_owned(), is_first: true, page }).unwrap();
        for id in 0..50_000 {
            let (object, page) = account(id);
            backup.writer.write(&Line::Page { object, is_first: true, page }).unwrap();
        }
        drop(backup);
        let whole = fs::metadata(&part).unwrap().len();
        File::options().write(true).open(&part).unwrap().set_len(whole / 2).unwrap();

        assert!(go_on("https://other.example.com").is_err_and(|error| error.to_string().contains(URL)));
        let mut backup = go_on(URL).unwrap().unwrap();
        assert!((10_000..40_000).contains(&backup.objects), "{}", backup.objects);
        for object in ["gate/1", "account/0", "account/49999"] {
            backup.walk.add(object.to_owned());
        }
        let left: Vec<String> = std::iter::from_fn(|| backup.walk.next()).collect();
        assert!(left.contains(&"gate/1".to_owned()) && left.contains(&"account/49999".to_owned()));
        assert!(!left.contains(&"account/0".to_owned()));
        assert!(left.iter().any(|object| object.starts_with("developer-account/")));
        backup.writer.finish(Vec::new()).unwrap();

        // Too little was written to be read: it begins anew.
        drop(Backup::begin(&part, &recipients, Beginning::new(URL, 7)).unwrap());
        File::options().write(true).open(&part).unwrap().set_len(300).unwrap();
        assert!(go_on(URL).unwrap().is_none());
    }
}
