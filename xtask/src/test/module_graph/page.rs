//! Pages of the portal that use other pages.

use super::source::{Crate, Use};
use std::collections::BTreeMap;

/// Describes which page uses which other one, with a line that does. A page is a folder in this one; what stands beside
/// the pages, such as the file that chooses one, may use them, and they may not use it.
pub fn uses_of_other_pages(source: &Crate, folder: &str, uses: &[Use]) -> Vec<String> {
    let is_page = |name: &String| {
        let path = [folder.to_owned(), name.clone()];
        source.modules.get(path.as_slice()).is_some_and(|module| module.file.ends_with("mod.rs"))
    };
    let mut found = BTreeMap::new();
    for one in uses {
        if let ([first, from, ..], [second, to, ..]) = (one.from.as_slice(), one.to.as_slice())
            && first == folder
            && second == folder
            && from != to
            && is_page(from)
        {
            found.entry((from, to)).or_insert(&one.evidence);
        }
    }
    found.iter().map(|((from, to), evidence)| format!("page {from} uses page {to}: {evidence}")).collect()
}
