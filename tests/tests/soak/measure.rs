//! What a workerd takes of its machine.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// In MB.
    pub memory: f64,
    /// Of all databases but those of the audit log, which grows by design, in MB.
    pub data: f64,
    /// In MB.
    pub audit_log: f64,
    pub open_files: f64,
}

impl Sample {
    pub fn take(pid: u32, data: &Path) -> Self {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
        let kilobytes: f64 = resident.and_then(|number| number.parse().ok()).expect("its memory");
        let open_files = fs::read_dir(format!("/proc/{pid}/fd")).expect("its files").count() as f64;
        let audit_log = size(&data.join("state/objects/AuditMonth"));
        let all = size(&data.join("state"));
        Self { memory: kilobytes / 1024.0, data: all - audit_log, audit_log, open_files }
    }

    /// The mean of each figure.
    pub fn mean(samples: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| samples.iter().map(figure).sum::<f64>() / samples.len().max(1) as f64;
        Self {
            memory: of(|sample| sample.memory),
            data: of(|sample| sample.data),
            audit_log: of(|sample| sample.audit_log),
            open_files: of(|sample| sample.open_files),
        }
    }
}

/// What the files below a folder take of the disk, in MB. One that has gone meanwhile takes nothing.
fn size(folder: &Path) -> f64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let of_entry = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.blocks() as f64 * 512.0 / 1024.0 / 1024.0,
        Err(_) => 0.0,
    };
    entries.map(of_entry).sum()
}
