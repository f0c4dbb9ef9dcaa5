//! What the deployment of a branch is called.

use sha2::{Digest, Sha256};

/// Hexadecimal digits behind a name that is not the branch's own: with a thousand branches of the same stem, one chance
/// in two million that two share them.
const SUFFIX: usize = 10;

/// The name of a branch's deployment: a DNS label of 1 to `longest` lower-case letters, digits and single hyphens.
///
/// A branch that is such a label keeps its name. Of any other the name shows what it can, and ends in a hyphen and ten
/// digits that depend on every byte of the branch. So does that of a branch that looks like one of these.
pub fn name_of(branch: &str, longest: usize) -> String {
    if branch.len() <= longest && is_label(branch) && !has_suffix(branch) {
        return branch.to_owned();
    }
    let mut stem = String::new();
    for character in branch.chars().map(|character| character.to_ascii_lowercase()) {
        if character.is_ascii_lowercase() || character.is_ascii_digit() {
            stem.push(character);
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
    }
    stem.truncate(longest.saturating_sub(SUFFIX + 1));
    let stem = match stem.trim_end_matches('-') {
        "" => "branch",
        stem => stem,
    };
    let digest = base16ct::lower::encode_string(&Sha256::digest(branch));
    format!("{stem}-{}", &digest[..SUFFIX])
}

fn is_label(text: &str) -> bool {
    let parts = || text.split('-');
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    parts().all(is_part)
}

/// Whether a branch by itself ends as a derived name does.
fn has_suffix(label: &str) -> bool {
    let last = label.rsplit_once('-').map(|(_, last)| last);
    last.is_some_and(|last| last.len() == SUFFIX && last.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    const LONGEST: usize = 53;

    fn is_dns_label(name: &str) -> bool {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=LONGEST).contains(&name.len())
            && name.bytes().all(allowed)
            && !name.starts_with('-')
            && !name.ends_with('-')
            && !name.contains("--")
    }

    #[test]
    fn a_branch_that_is_a_label_keeps_its_name() {
        for branch in ["main", "123", "issue-6-deploy", "a"] {
            assert_eq!(name_of(branch, LONGEST), branch);
        }
    }

    #[test]
    fn any_other_shows_what_it_can_and_ends_in_digits_of_its_own() {
        for (branch, stem) in [
            ("feature/login", "feature-login-"),
            ("Main", "main-"),
            ("a--b", "a-b-"),
            (".hidden", "hidden-"),
            ("-x", "x-"),
            ("x-", "x-"),
            ("feature/Ünïcode__very-long", "feature-n-code-very-long-"),
            ("日本語", "branch-"),
            ("x-0123456789", "x-0123456789-"),
        ] {
            let name = name_of(branch, LONGEST);
            let suffix = name.strip_prefix(stem).unwrap_or_else(|| panic!("{branch} became {name}"));
            assert!(suffix.len() == SUFFIX && suffix.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        }
    }

    #[test]
    fn branches_that_look_alike_differ() {
        let long = "x".repeat(250);
        let branches = ["a-b", "a/b", "a_b", "A-b", "a--b", "a-b-", "a.b", "ä-b", &long, &format!("{long}y")];
        let names: HashSet<_> = branches.iter().map(|branch| name_of(branch, LONGEST)).collect();
        assert_eq!(names.len(), branches.len());
    }

    proptest! {
        #[test]
        fn every_name_is_a_dns_label(branch in "\\PC{1,300}", longest in 20usize..=53) {
            let name = name_of(&branch, longest);
            prop_assert!(is_dns_label(&name) && name.len() <= longest, "{branch:?} became {name:?}");
        }

        #[test]
        fn only_a_branch_itself_has_its_name(branch in "[a-zA-Z0-9/._-]{1,80}", other in "[a-zA-Z0-9/._-]{1,80}") {
            prop_assume!(branch != other);
            prop_assert_ne!(name_of(&branch, LONGEST), name_of(&other, LONGEST));
        }

        #[test]
        fn a_derived_name_is_never_the_name_of_a_branch_called_so(branch in "\\PC{1,60}") {
            let name = name_of(&branch, LONGEST);
            if name != branch {
                prop_assert_ne!(name_of(&name, LONGEST), name);
            }
        }
    }
}
