//! `backup`: a copy of all that a deployment keeps, in one encrypted file.

use super::{
    client::{Client, accounts, developer_accounts},
    contents::{Holdings, rows},
    file::{Beginning, Line, Writer, read_broken},
    lock::EncryptOptions,
    progress::Progress,
    walk::Walk,
};
use crate::{operator::OperatorOptions, program::Program};
use anyhow::{Context, Result, bail};
use clap::Args;
use gatehouse_shared::api::{CopyPage, StorageCall, StoragePurpose};
use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
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
    let mut backup = if part.exists() {
        Backup::go_on(&part, &with_ending(out, "part.new"), &recipients, options)?
    } else {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
        let index: CopyPage = client.ask("account-index", StorageCall::Copy { after: None })?;
        let keys = rows(&index, "master_key")
            .iter()
            .filter_map(|row| Some((row.first()?.as_str()?.to_owned(), row.get(1)?.as_str()?.to_owned())));
        Backup::begin(&part, &recipients, Beginning::new(options.operator.url(), now, keys.collect()))?
    };
    for name in accounts(&mut client)?.into_iter().chain(developer_accounts(&mut client)?) {
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
    writer.finish()?;
    fs::rename(&part, out).with_context(|| format!("cannot write {}", out.display()))?;
    client.close()?;
    let bytes = fs::metadata(out)?.len();
    println!("{}: {objects} objects, {bytes} bytes", out.display());
    println!("It has no master key: keep MASTER_KEYS elsewhere, since nothing can be restored without them.");
    Ok(())
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

type Recipients = [Box<dyn age::Recipient + Send>];

impl Backup {
    fn begin(path: &Path, recipients: &Recipients, beginning: Beginning) -> Result<Self> {
        let mut writer = Writer::create(path, recipients)?;
        writer.write(&Line::Beginning(beginning))?;
        Ok(Self { writer, walk: Walk::default(), holdings: Holdings::default(), objects: 0 })
    }

    /// Takes over what an earlier run has copied. An object of which it has not every page is copied again.
    fn go_on(part: &Path, new: &Path, recipients: &Recipients, options: &Options) -> Result<Self> {
        let identities = options.encrypt.identities()?;
        let writer = Writer::create(new, recipients)?;
        let mut backup = Self { writer, walk: Walk::default(), holdings: Holdings::default(), objects: 0 };
        let mut has_beginning = false;
        read_broken(part, &identities, |line| {
            match &line {
                Line::Beginning(_) => has_beginning = true,
                // The log grew since.
                Line::Page { object, .. } if object.starts_with("audit") => return Ok(()),
                Line::Page { object, is_first, page } => {
                    backup.take_over(object, *is_first, page);
                    if page.next.is_none() {
                        backup.walk.skip(object);
                        backup.objects += 1;
                    }
                }
                Line::End { .. } => return Ok(()),
            }
            backup.writer.write(&line)
        })?;
        if !has_beginning {
            bail!("{} has nothing to go on with: remove it", part.display());
        }
        fs::rename(new, part)?;
        eprintln!("going on with {}: {} objects are copied already", part.display(), backup.objects);
        Ok(backup)
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
