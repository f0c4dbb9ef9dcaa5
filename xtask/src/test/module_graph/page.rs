//! Pages of the portal that use other pages.

use super::source::Use;

/// Describes each use of a page by another one; both are modules of this folder.
pub fn uses_of_other_pages(folder: &str, uses: &[Use]) -> Vec<String> {
    let mut found = Vec::new();
    for one in uses {
        if let ([first, from, ..], [second, to, ..]) = (one.from.as_slice(), one.to.as_slice())
            && first == folder
            && second == folder
            && from != to
        {
            found.push(format!("page {from} uses page {to}: {}", one.evidence));
        }
    }
    found.dedup();
    found
}
