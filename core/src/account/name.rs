use caseless::default_case_fold_str;
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// A name that exists once in the whole deployment, in the form in which it
/// is compared. Each has a Directory object of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UniqueName(String);

impl UniqueName {
    pub fn username(username: &str) -> Self {
        Self(format!("username:{}", normalize(username)))
    }

    pub fn email(email: &str) -> Self {
        Self(format!("email:{}", normalize(email)))
    }

    pub fn app(name: &str) -> Self {
        Self(format!("app:{}", normalize(name)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UniqueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// NFKC, case folding and removal of spaces; folded first and last, since each
/// step can undo the other (Unicode 16 §3.13, D146).
pub fn normalize(text: &str) -> String {
    let folded = default_case_fold_str(&text.nfd().collect::<String>());
    let compatible = default_case_fold_str(&folded.nfkc().collect::<String>());
    compatible.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// The reserved word that a name contains under some spelling, if any.
pub fn find_reserved_word<'a>(name: &str, reserved: &'a [String]) -> Option<&'a str> {
    let name = normalize(name);
    reserved.iter().find(|word| name.contains(&normalize(word))).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_one() {
        for (a, b) in [
            ("My App", "myapp"),
            ("ＦＵＬＬ", "full"),
            ("Straße", "STRASSE"),
            ("ﬁsh", "fish"),
            ("é", "e\u{301}"),
            ("Ⅷ", "viii"),
            ("a\u{a0}b", "ab"),
        ] {
            assert_eq!(normalize(a), normalize(b), "{a} {b}");
        }
        assert_ne!(normalize("app1"), normalize("app2"));
    }
}
