//! What documents and workflows name is there: commands, files, tests.

use crate::Cli;
use clap::Parser;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).collect()
}

#[test]
fn workflows_and_docs_call_what_exists() {
    let mut files = vec![root().join(".ci/run"), root().join("README.md"), root().join("CONTRIBUTING.md")];
    files.extend([".github/workflows", "docs"].into_iter().flat_map(files_in));
    let mut called = 0;
    for file in files {
        for line in String::from_utf8_lossy(&fs::read(&file).unwrap()).lines() {
            let Some((_, arguments)) = line.split_once("cargo xtask ") else { continue };
            // Up to what a shell or Markdown ends a command with; a placeholder is as good as a value.
            let end = arguments.find(['#', '`', ')', '|', '<', '…', ';', ',']).unwrap_or(arguments.len());
            let parsed = Cli::try_parse_from(["cargo xtask"].into_iter().chain(words(&arguments[..end])));
            if let Err(error) = parsed {
                panic!("{}: {line}\n{error}", file.display());
            }
            called += 1;
        }
    }
    assert!(called > 10, "only {called} calls were found");
}

/// A command's words, as a shell takes them: what is quoted is one.
fn words(command: &str) -> Vec<&str> {
    let parts = command.split('"').enumerate();
    parts.flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }).collect()
}

#[test]
fn every_file_that_the_docs_name_exists() {
    let mut documents = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    documents.extend(files_in("docs").into_iter().filter(|file| file.extension().is_some_and(|end| end == "md")));
    let (mut named, mut missing) = (0, Vec::new());
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for path in quoted(&text).into_iter().filter(|quote| is_path(quote)) {
            named += 1;
            if !exists(path) {
                missing.push(format!("{}: {path}", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "there is no such file:\n{}", missing.join("\n"));
    assert!(named > 100, "only {named} files were found");
}

#[test]
fn every_test_that_the_security_document_names_exists() {
    let mut code = String::new();
    for folder in ["core", "shared", "tests", "xtask", "fuzz"] {
        add_code(&root().join(folder), &mut code);
    }
    let text = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let names: Vec<&str> = quoted(&text).into_iter().filter(|quote| is_test_name(quote)).collect();
    let missing: Vec<&&str> = names.iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "there is no such test: {missing:?}");
    assert!(names.len() > 10, "only {} names were found", names.len());
}

/// What stands in backticks, outside of blocks of code.
fn quoted(markdown: &str) -> Vec<&str> {
    let mut is_code = false;
    let lines = markdown.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// Whether a quote looks like one file of the repository: no pattern, no URL path, no command.
fn is_path(quote: &str) -> bool {
    let endings = [".rs", ".md", ".toml", ".json", ".js", ".yml", ".yaml"];
    quote.contains('/')
        && !quote.starts_with('/')
        && endings.iter().any(|ending| quote.ends_with(ending))
        && !quote.contains(['…', '*', '{', '<', ' '])
}

/// Whether a path is there as it stands, or below the `src` of its crate: `core/edge/http/paths.rs` is
/// `core/edge/src/http/paths.rs`.
fn exists(path: &str) -> bool {
    let mut in_crates =
        path.match_indices('/').map(|(at, _)| root().join(&path[..at]).join("src").join(&path[at + 1..]));
    root().join(path).is_file() || in_crates.any(|path| path.is_file())
}

fn is_test_name(quote: &str) -> bool {
    quote.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && quote.matches('_').count() >= 3
}

/// Adds all Rust code below a folder.
fn add_code(folder: &Path, code: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_code(&path, code);
        } else if path.extension().is_some_and(|end| end == "rs") {
            code.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
