//! Puts what was built and what an operator wrote into one folder, ready to be served or uploaded.

use crate::{
    description::{module, read_page},
    files::{copy, files_below, read, write},
};
use anyhow::{Result, ensure};
use gatehouse_shared::description::ApiDescription;
use std::path::{Path, PathBuf};

/// What a build has made.
#[derive(Clone)]
pub struct Built {
    /// The folder with `entry.js`.
    pub worker: PathBuf,
    /// The folder with the portal's files and its page, which has placeholders.
    pub portal: PathBuf,
    /// The portal's files in smaller encodings, `<path>.br` and `<path>.gz`; may be missing.
    pub encoded: PathBuf,
}

/// The file of the portal's page.
pub const PAGE: &str = "index.html";
/// The module that `entry.js` reads the description from.
const DESCRIPTION: &str = "api.js";

impl Built {
    /// What lies in a folder such as dist/, with the Worker of this name.
    pub fn in_folder(folder: &Path, worker: &str) -> Result<Self> {
        let folder = std::path::absolute(folder)?;
        let built =
            Self { worker: folder.join(worker), portal: folder.join("portal"), encoded: folder.join("portal-encoded") };
        for file in [built.worker.join("entry.js"), built.portal.join(PAGE)] {
            ensure!(file.exists(), "{} is missing: a build or a package has it", file.display());
        }
        Ok(built)
    }
}

/// Where the Worker and the portal of an assembled folder are.
pub struct Assembled {
    pub worker: PathBuf,
    pub portal: PathBuf,
}

/// Fills an empty folder.
pub fn assemble(built: &Built, api: &ApiDescription, folder: &Path) -> Result<Assembled> {
    let (worker, portal) = (folder.join("worker"), folder.join("portal"));
    copy_all(&built.worker, &worker)?;
    write(&worker.join(DESCRIPTION), module(api)?.as_bytes())?;
    copy_all(&built.portal, &portal)?;
    write(&portal.join(PAGE), read_page(&built.portal.join(PAGE), api)?.as_bytes())?;
    Ok(Assembled { worker, portal })
}

pub fn copy_all(from: &Path, to: &Path) -> Result<()> {
    files_below(from)?.iter().try_for_each(|file| copy(&from.join(file), &to.join(file)))
}

/// Adds the smaller encodings of an assembled portal's files. Those of a build are copied; the page is encoded here.
pub fn add_encodings(built: &Built, portal: &Path) -> Result<()> {
    let made = files_below(&built.encoded)?;
    if made.is_empty() {
        return Ok(());
    }
    copy_all(&built.encoded, portal)?;
    encode(&portal.join(PAGE), &portal.join(PAGE))
}

/// Writes a file in its smaller encodings, where they are smaller: `<to>.br` and `<to>.gz`.
pub fn encode(file: &Path, to: &Path) -> Result<()> {
    let bytes = read(file)?;
    for (ending, encoded) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
        if encoded.len() < bytes.len() {
            write(&with_ending(to, ending), &encoded)?;
        }
    }
    Ok(())
}

/// A path with one more ending.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}

/// Compresses as well as brotli can.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let params = ::brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    ::brotli::BrotliCompress(&mut &*bytes, &mut compressed, &params)?;
    Ok(compressed)
}

/// Compresses as well as gzip can.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
