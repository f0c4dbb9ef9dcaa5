//! The file of a backup: lines of JSON, compressed and encrypted. The first line says what it is, the last one how
//! much there is; in between stands one page of one object a line. Of an object that stands there twice, the later copy
//! counts.

use age::{Decryptor, Encryptor, Identity, Recipient, stream::StreamWriter};
use anyhow::{Context, Result, anyhow, bail};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use gatehouse_shared::api::CopyPage;
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

const FORMAT: u32 = 1;

/// The master keys that the credentials rest on or once rested: id and fingerprint.
pub type MasterKeys = Vec<(String, String)>;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Beginning {
    pub gatehouse_backup: u32,
    /// Of the deployment.
    pub url: String,
    /// When it began, in Unix seconds.
    pub at: u64,
}

impl Beginning {
    pub fn new(url: &str, at: u64) -> Self {
        Self { gatehouse_backup: FORMAT, url: url.to_owned(), at }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    Beginning(Beginning),
    Page {
        object: String,
        /// Whether it is the first of its object.
        is_first: bool,
        page: CopyPage,
    },
    End {
        pages: usize,
        master_keys: MasterKeys,
    },
}

pub struct Writer {
    inner: GzEncoder<StreamWriter<BufWriter<File>>>,
    pages: usize,
}

impl Writer {
    /// Makes a file that only its owner can read.
    pub fn create(path: &Path, recipients: &[Box<dyn Recipient + Send>]) -> Result<Self> {
        let opened = File::options().write(true).create(true).truncate(true).mode(0o600).open(path);
        let file = opened.with_context(|| format!("cannot write {}", path.display()))?;
        let encryptor = Encryptor::with_recipients(recipients.iter().map(|recipient| recipient.as_ref() as _))?;
        let stream = encryptor.wrap_output(BufWriter::new(file))?;
        Ok(Self { inner: GzEncoder::new(stream, Compression::default()), pages: 0 })
    }

    pub fn write(&mut self, line: &Line) -> Result<()> {
        self.pages += usize::from(matches!(line, Line::Page { .. }));
        serde_json::to_writer(&mut self.inner, line)?;
        Ok(self.inner.write_all(b"\n")?)
    }

    /// Writes the last line, and sees the file safe on the disk.
    pub fn finish(mut self, master_keys: MasterKeys) -> Result<()> {
        self.write(&Line::End { pages: self.pages, master_keys })?;
        let file = self.inner.finish()?.finish()?.into_inner().map_err(|error| error.into_error())?;
        Ok(file.sync_all()?)
    }
}

/// Reads a file from its beginning, line by line. An error tells what is wrong with it; one of `each` ends the reading.
pub fn read(path: &Path, identities: &[Box<dyn Identity>], mut each: impl FnMut(Line) -> Result<()>) -> Result<()> {
    let name = path.display();
    let mut is_over = false;
    let mut pages = 0;
    read_lines(path, identities, |line| {
        match &line {
            Line::Beginning(beginning) if beginning.gatehouse_backup > FORMAT => {
                bail!("{name} was written by a newer version of this program: use that one");
            }
            Line::Page { .. } => pages += 1,
            Line::End { pages: told, .. } => is_over = *told == pages,
            Line::Beginning(_) => {}
        }
        each(line)
    })?;
    if !is_over {
        bail!("{name} is not whole: its backup broke off. Let `gatehouse backup` go on with it");
    }
    Ok(())
}

/// Reads as much as there is of a file whose backup broke off.
pub fn read_broken(
    path: &Path,
    identities: &[Box<dyn Identity>],
    mut each: impl FnMut(Line) -> Result<()>,
) -> Result<()> {
    let mut failed = None;
    let read = read_lines(path, identities, |line| {
        each(line).map_err(|error| {
            failed = Some(error);
            anyhow!("stopped")
        })
    });
    match (failed, read) {
        (Some(error), _) => Err(error),
        (None, Err(error)) if error.is::<WrongKey>() => Err(error),
        _ => Ok(()),
    }
}

/// The file can't be opened at all.
#[derive(Debug)]
struct WrongKey(String);

impl std::fmt::Display for WrongKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongKey {}

fn read_lines(path: &Path, identities: &[Box<dyn Identity>], mut each: impl FnMut(Line) -> Result<()>) -> Result<()> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    let refused = |error| match error {
        age::DecryptError::Io(error) => anyhow!("{name} ends too early: {error}"),
        error => WrongKey(format!("cannot open {name}: {error}")).into(),
    };
    let decryptor = Decryptor::new_buffered(BufReader::new(file)).map_err(refused)?;
    let stream = decryptor.decrypt(identities.iter().map(AsRef::as_ref)).map_err(refused)?;
    for line in BufReader::new(GzDecoder::new(stream)).lines() {
        let line = line.with_context(|| format!("{name} is damaged, or ends too early"))?;
        each(serde_json::from_str(&line).with_context(|| format!("{name} has a line that is none of a backup"))?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::lock::{Identities, Recipients};
    use age::secrecy::SecretString;

    fn page(object: &str) -> Line {
        Line::Page { object: object.to_owned(), is_first: true, page: CopyPage::default() }
    }

    fn key() -> (Recipients, Identities) {
        let identity = age::x25519::Identity::generate();
        (vec![Box::new(identity.to_public())], vec![Box::new(identity)])
    }

    #[test]
    fn a_file_is_read_as_it_was_written_and_only_with_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup.age");
        let (recipients, identities) = key();
        let mut writer = Writer::create(&path, &recipients).unwrap();
        writer.write(&Line::Beginning(Beginning::new("http://localhost", 7))).unwrap();
        writer.write(&page("account/1")).unwrap();
        writer.finish(Vec::new()).unwrap();
        let mut lines = Vec::new();
        read(&path, &identities, |line| {
            lines.push(serde_json::to_string(&line).unwrap());
            Ok(())
        })
        .unwrap();
        assert_eq!(lines.len(), 3);
        assert!(!String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains("account"));
        let wrong: Identities =
            vec![Box::new(age::scrypt::Identity::new(SecretString::from("another passphrase".to_owned())))];
        for identities in [key().1, wrong] {
            let error = read(&path, &identities, |_| Ok(())).unwrap_err().to_string();
            assert!(error.starts_with("cannot open "), "{error}");
        }
    }

    #[test]
    fn what_was_written_before_a_break_is_read_and_is_no_whole_backup() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup.age");
        let (recipients, identities) = key();
        let mut writer = Writer::create(&path, &recipients).unwrap();
        for number in 0..200_000 {
            writer.write(&page(&format!("account/{}", number * 7_919 % 1_000_003))).unwrap();
        }
        drop(writer);
        let whole = std::fs::metadata(&path).unwrap().len();
        File::options().write(true).open(&path).unwrap().set_len(whole - 30_000).unwrap();
        let mut pages = 0;
        let count = |_| {
            pages += 1;
            Ok(())
        };
        read_broken(&path, &identities, count).unwrap();
        assert!(pages > 10_000, "{pages}");
        assert!(read(&path, &identities, |_| Ok(())).is_err());
        assert!(read_broken(&path, &key().1, |_| Ok(())).is_err());
    }
}
