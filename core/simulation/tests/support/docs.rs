//! Documents that are compared with the code, or written from it.

use std::fs;

/// A file of the repository.
pub fn file(path: &str) -> String {
    let path = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Checks what stands between two marks in a document, or writes it where the environment has `UPDATE`.
pub fn check_table(document: &str, name: &str, made: &str) {
    let path = format!("{}/../../docs/{document}", env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_to_string(&path).unwrap();
    let (start, end) = (format!("<!-- {name}: made from the code -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = docs.split_once(&start).unwrap_or_else(|| panic!("no {start}"));
    let (kept, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, format!("{before}{start}{made}{end}{after}")).unwrap();
        return;
    }
    assert!(kept == made, "{name} in docs/{document} is out of date: run this test with UPDATE=1");
}
