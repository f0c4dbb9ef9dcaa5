//! Small crates with and without circles.

use super::{circle::circles, page::uses_of_other_pages, read::read_crate};
use std::{fs, path::Path};

/// Writes a crate's files, and describes its circles.
fn circles_in(files: &[(&str, &str)]) -> Vec<String> {
    with_crate(files, |root| {
        let source = read_crate(root, &root.join("src/lib.rs")).unwrap();
        circles(&source, &source.uses())
    })
}

fn with_crate<T>(files: &[(&str, &str)], check: impl FnOnce(&Path) -> T) -> T {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join("src").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    check(root.path())
}

#[test]
fn a_circle_is_described_with_the_lines_that_close_it() {
    let found = circles_in(&[
        ("lib.rs", "mod a;\nmod b;\nmod c;"),
        ("a.rs", "use crate::b::Thing;"),
        ("b.rs", "\npub struct Thing(crate::c::Other);"),
        ("c.rs", "use super::a;\npub struct Other;"),
    ]);
    let expected = "src, crate: a -> b -> c -> a\n    a -> b: src/a.rs:1 uses crate::b::Thing\n    b -> c: src/b.rs:2 \
                    uses crate::c::Other\n    c -> a: src/c.rs:1 uses super::a";
    assert_eq!(found, [expected]);
}

#[test]
fn layers_are_no_circle() {
    let found = circles_in(&[
        ("lib.rs", "mod a;\nmod b;\npub use a::call;\npub struct Root;"),
        ("a.rs", "use crate::{Root, b::make};\npub fn call() -> Root { make() }"),
        ("b.rs", "pub fn make() -> crate::Root { crate::Root }"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_name_that_the_folder_re_exports_leads_to_the_file_that_defines_it() {
    let found = circles_in(&[
        ("lib.rs", "mod folder;"),
        ("folder/mod.rs", "mod one;\nmod two;\npub use one::One;\npub use two::*;"),
        ("folder/one.rs", "use super::Two;\npub struct One;"),
        ("folder/two.rs", "pub struct Two;\nfn two(_: crate::folder::One) {}"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("src, crate::folder: one -> two -> one"), "{}", found[0]);
}

#[test]
fn what_macros_are_given_counts_and_code_for_tests_does_not() {
    let a = "fn a() { println!(\"{}\", crate::b::b()); }";
    let in_tests = "pub fn b() -> u8 { 1 }\n#[cfg(test)]\nmod tests {\n    use crate::a;\n}";
    assert!(circles_in(&[("lib.rs", "mod a; mod b;"), ("a.rs", a), ("b.rs", in_tests)]).is_empty());
    let in_macro = "pub fn b() { view! { <p>{super::a::text()}</p> } }";
    assert_eq!(circles_in(&[("lib.rs", "mod a; mod b;"), ("a.rs", a), ("b.rs", in_macro)]).len(), 1);
}

#[test]
fn a_page_that_uses_another_one_is_described() {
    let files = [
        ("lib.rs", "mod page; mod widget;"),
        ("page/mod.rs", "mod choice;\nmod one;\nmod two;"),
        ("page/choice.rs", "use super::{one, two};"),
        ("page/one/mod.rs", "use crate::{page::two::Part, widget::Tag};"),
        ("page/two/mod.rs", "pub struct Part;"),
        ("widget.rs", "pub struct Tag;"),
    ];
    let found = with_crate(&files, |root| {
        let source = read_crate(root, &root.join("src/lib.rs")).unwrap();
        uses_of_other_pages(&source, "page", &source.uses())
    });
    assert_eq!(found, ["page one uses page two: src/page/one/mod.rs:1 uses crate::page::two::Part"]);
}

#[test]
fn lines_for_tests_are_not_counted() {
    let text = "//! A file.\n\nfn first() {\n    second();\n}\n\n#[cfg(test)]\nmod tests {\n    fn third() {}\n}\n";
    with_crate(&[("lib.rs", text)], |root| {
        let source = read_crate(root, &root.join("src/lib.rs")).unwrap();
        let file = &source.files[0];
        let functions: Vec<_> = file.functions.iter().map(|one| (one.name.as_str(), one.line, one.length)).collect();
        assert_eq!((file.lines, functions), (6, vec![("first", 3, 3)]));
    });
}
