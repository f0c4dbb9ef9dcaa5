//! Writes the characters that look like others (UTS #39 §4, confusables.txt)
//! as a table small enough for wasm: one line each, the character and what it
//! looks like. The crate that has the data holds it in twelve bytes an entry.

use std::path::Path;
use std::{env, fs, io};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = String::new();
    for c in '\0'..=char::MAX {
        // Names are compared after compatibility normalization, which leaves no other character. Signs are left out: what
        // tells two names apart are their letters and digits.
        let stays = [c].into_iter().nfkc().eq([c]) && [c].into_iter().nfd().eq([c]);
        if !stays || !(c.is_alphanumeric() || is_combining_mark(c)) {
            continue;
        }
        let prototype: String = unicode_security::skeleton(c.encode_utf8(&mut [0; 4])).collect();
        if !prototype.is_empty() && !prototype.chars().eq([c]) {
            table.extend([c]);
            table.push_str(&prototype);
            table.push('\n');
        }
    }
    let folder = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&folder).join("confusables.txt"), table)
}
