//! Compares names that exist once in the deployment.

use super::look::{letters_of, look_of};
use crate::unicode::{nfd, nfkc};
use caseless::default_case_fold_str;
use gatehouse_shared::validate::is_invisible;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Between a look and the name that has it: in no name.
const SEPARATOR: char = '\n';

/// A name that exists once in the whole deployment, in the form in which it
/// is compared; or the look of one. Each has a name registry object of its own, and
/// those that look alike have one together.
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

    /// The two that an App's name takes: the name itself, and its look. Of
    /// names that look alike, both can be taken only where both are ASCII.
    pub fn of_app(name: &str) -> [Self; 2] {
        let normal = normalize(name);
        let look = format!("look:{}{SEPARATOR}{normal}", look_of(name));
        [Self(format!("app:{normal}")), Self(look)]
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the name registry object that decides about it.
    pub fn object(&self) -> &str {
        self.0.split(SEPARATOR).next().unwrap_or_default()
    }

    /// Whether somebody who knows the one could take the other for it. Both are
    /// of one object.
    pub fn is_taken_for(&self, other: &Self) -> bool {
        self != other && !(self.0.is_ascii() && other.0.is_ascii())
    }
}

impl fmt::Display for UniqueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// NFKC, case folding and removal of spaces and of what nobody sees; folded
/// first and last, since each step can undo the other (Unicode 16 §3.13, D146).
pub fn normalize(text: &str) -> String {
    let folded = default_case_fold_str(&nfd(text));
    let compatible = default_case_fold_str(&nfkc(&folded));
    nfkc(&compatible).chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect()
}

/// The reserved word that a text contains under some spelling, if any: in
/// other compatible characters, with accents or punctuation between its
/// letters, or in letters of another script that look the same.
pub fn find_reserved_word<'a>(text: &str, reserved: &'a [String]) -> Option<&'a str> {
    let readings = |text: &str| {
        let normal = normalize(text);
        let letters = letters_of(&normal);
        (normal, letters)
    };
    let (normal, letters) = readings(text);
    // Two ASCII texts are compared as they are: of those, `modern` is not `modem`.
    let look = (!text.is_ascii()).then(|| letters_of(&look_of(text)));
    let contains = |word: &&String| {
        let (plain, of_word) = readings(word);
        let looks_like = || match &look {
            Some(look) => look.contains(&letters_of(&look_of(word))),
            None => !word.is_ascii() && letters_of(&look_of(text)).contains(&letters_of(&look_of(word))),
        };
        normal.contains(&plain) || (!of_word.is_empty() && (letters.contains(&of_word) || looks_like()))
    };
    reserved.iter().find(contains).map(String::as_str)
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
        // A joiner and a variation selector make no other name.
        assert_eq!(normalize("می\u{200c}خواهم ❤\u{fe0f}"), normalize("میخواهم❤"));
    }

    #[test]
    fn a_reserved_word_is_found_in_the_look_of_a_name() {
        let reserved = ["gatehouse".to_owned(), "modem".to_owned()];
        for name in [
            "Gаtehouse",
            "Gatеhouse",
            "My GatehoUѕe App",
            "ɢatehouse",
            "Gate-house",
            "G.a.t.e.house",
            "Gátehouse",
            "gàtehouse",
            "ＧＡＴＥＨＯＵＳＥ",
            "𝐆𝐚𝐭𝐞 house",
            "Gate\u{200c}house",
        ] {
            assert_eq!(find_reserved_word(name, &reserved), Some("gatehouse"), "{name}");
        }
        for name in ["Greenhouse", "Gate of the house", "Modern Weather", "天気", "Погода", "!!"] {
            assert_eq!(find_reserved_word(name, &reserved), None, "{name}");
        }
    }
}
