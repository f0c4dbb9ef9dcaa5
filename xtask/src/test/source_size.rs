//! The sizes of source files and functions, as an invariant.
//!
//! What counts is each `.rs` file of a library or program, all its lines but those of code for tests (`#[cfg(test)]`).
//! The suites in `tests/` folders and build scripts do not count. A function's lines go from its signature to its last
//! bracket.

use super::module_graph::{SourceFile, crates_of};
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use cargo_metadata::TargetKind;

/// The longest file.
const LONGEST_FILE: usize = 450;
/// What nine of ten files do not exceed.
const NINE_IN_TEN: usize = 350;
/// The file in the middle.
const MEDIAN: usize = 110;
const LONGEST_FUNCTION: usize = 80;

pub fn check(workspace: &Workspace) -> Result<()> {
    let metadata = workspace.metadata()?;
    let mut files = Vec::new();
    for package in &metadata.packages {
        for (kind, source) in crates_of(&metadata, package)? {
            if kind != TargetKind::Test {
                files.extend(source.files);
            }
        }
    }
    let wrong = faults(&files);
    if !wrong.is_empty() {
        bail!("{} faults of size:\n{}", wrong.len(), wrong.join("\n"));
    }
    Ok(())
}

fn faults(files: &[SourceFile]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        let path = file.path.display();
        if file.lines > LONGEST_FILE {
            wrong.push(format!("{path} has {} lines; {LONGEST_FILE} are the most", file.lines));
        }
        for function in file.functions.iter().filter(|function| function.length > LONGEST_FUNCTION) {
            let (name, line, length) = (&function.name, function.line, function.length);
            wrong.push(format!("{path}:{line} {name} has {length} lines; {LONGEST_FUNCTION} are the most"));
        }
    }
    let mut lengths: Vec<usize> = files.iter().map(|file| file.lines).collect();
    lengths.sort_unstable();
    for (share, most) in [(0.5, MEDIAN), (0.9, NINE_IN_TEN)] {
        let at = (lengths.len() as f64 * share).ceil() as usize;
        let length = lengths.get(at.saturating_sub(1)).copied().unwrap_or_default();
        if length > most {
            wrong.push(format!("{:.0} in 100 files have up to {length} lines; {most} are the most", share * 100.0));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::module_graph::Function;
    use std::path::PathBuf;

    fn file(lines: usize, function: usize) -> SourceFile {
        let functions = vec![Function { name: "run".to_owned(), line: 1, length: function }];
        SourceFile { path: PathBuf::from("src/file.rs"), lines, functions }
    }

    #[test]
    fn sizes_up_to_the_limits_pass() {
        let mut files = vec![file(MEDIAN, LONGEST_FUNCTION), file(LONGEST_FILE, 1)];
        files.extend((0..8).map(|_| file(10, 1)));
        assert!(faults(&files).is_empty());
    }

    #[test]
    fn each_limit_is_checked() {
        let files = vec![file(LONGEST_FILE + 1, LONGEST_FUNCTION + 1), file(MEDIAN + 1, 1), file(MEDIAN + 1, 1)];
        let wrong = faults(&files);
        for part in ["has 451 lines", "run has 81 lines", "50 in 100 files", "90 in 100 files"] {
            assert!(wrong.iter().any(|fault| fault.contains(part)), "{part}: {wrong:?}");
        }
    }
}
