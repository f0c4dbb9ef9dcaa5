//! The table of formats in `docs/credentials.md` is the one that the code
//! makes. `UPDATE=1 cargo nextest run -p gatehouse-shared
//! credential_formats` writes it anew.

use gatehouse_shared::credential::formats;

const BEGIN: &str = "<!-- Made from the code: see shared/tests/credential_formats.rs -->\n";
const END: &str = "<!-- End of what is made from the code -->\n";

fn table() -> String {
    let rows = formats("gh").into_iter().map(|format| {
        let alone = if format.is_secret { "yes" } else { "no" };
        format!("| {} | `{}` | {alone} | `{}` |\n", format.name, format.shape, format.pattern)
    });
    let head = "| credential | shape | secret | regular expression, for the prefix `gh` |\n|---|---|---|---|\n";
    format!("{head}{}", rows.collect::<String>())
}

#[test]
fn the_documented_formats_are_those_of_the_code() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/credentials.md");
    let kept = std::fs::read_to_string(file).unwrap();
    let (before, rest) = kept.split_once(BEGIN).expect("docs/credentials.md has lost its first marker");
    let (_, after) = rest.split_once(END).expect("docs/credentials.md has lost its second marker");
    let current = format!("{before}{BEGIN}{}{END}{after}", table());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &current).unwrap();
    }
    let kept = std::fs::read_to_string(file).unwrap();
    assert!(kept == current, "docs/credentials.md is out of date: run this test with UPDATE=1");
}
