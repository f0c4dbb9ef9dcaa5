//! What a name looks like, by the skeletons of UTS #39 §4.

use crate::unicode::{nfd, nfkc};
use caseless::default_case_fold_str;
use gatehouse_shared::validate::is_invisible;
use unicode_normalization::char::is_combining_mark;

/// A line for each character that looks like others: the character, and what
/// it looks like. Written by `build.rs`.
const CONFUSABLES: &str = include_str!(concat!(env!("OUT_DIR"), "/confusables.txt"));

/// The same text for names that look alike: the skeleton (UTS #39 §4) of the
/// name as it is shown, without blanks, folded. ASCII names that differ can
/// have one look (`modern` and `modem`): only a name with other characters is
/// compared by it.
pub fn look_of(name: &str) -> String {
    let shown: String = nfkc(name).chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect();
    let mut skeleton = String::with_capacity(shown.len());
    for c in nfd(&shown).chars() {
        match prototype_of(c) {
            Some(prototype) => skeleton.push_str(prototype),
            None => skeleton.push(c),
        }
    }
    let folded = default_case_fold_str(&nfd(&skeleton));
    // The skeleton takes `I` for `l` and `m` for `rn`, and leaves `i` and `M`: folded, they are one again.
    nfd(&folded).chars().map(capital_of).collect::<String>().replace("rn", "m").replace('i', "l")
}

/// The letter that a small capital is: the skeleton keeps them apart, and in a
/// name they are read as the letter.
fn capital_of(c: char) -> char {
    const SMALL_CAPITALS: &str = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢʍ";
    const LETTERS: &str = "abcdefghijklmnopqrstuvwyzm";
    SMALL_CAPITALS.chars().zip(LETTERS.chars()).find_map(|(small, letter)| (small == c).then_some(letter)).unwrap_or(c)
}

fn prototype_of(c: char) -> Option<&'static str> {
    CONFUSABLES.lines().find_map(|line| line.strip_prefix(c))
}

/// The letters and digits of a text, without accents.
pub(super) fn letters_of(text: &str) -> String {
    nfd(text).chars().filter(|c| c.is_alphanumeric() && !is_combining_mark(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_scripts_look_like_the_ones_that_they_imitate() {
        for (name, imitation) in [
            ("Gatehouse", "Gаtehouse"),
            ("Gatehouse", "Gatеhouse"),
            ("Gatehouse", "GatehoUѕe"),
            ("Weather Pro", "Wеather Pro"),
            ("Weather", "WЕАTHЕR"),
            ("Hello", "Нello"),
            ("visa", "νisa"),
            ("paypal", "раураl"),
            ("Illinois", "іllinois"),
            ("modern", "mоdern"),
            ("modern", "MОDERN"),
            ("Gatehouse", "ɢatehouse"),
            ("Thames", "ᴛʜᴀᴍᴇs"),
        ] {
            assert_eq!(look_of(name), look_of(imitation), "{name} {imitation}");
        }
        for (name, other) in [("Gatehouse", "Greenhouse"), ("天気", "天空"), ("Погода", "Природа")] {
            assert_ne!(look_of(name), look_of(other), "{name} {other}");
        }
    }

    #[test]
    fn an_ascii_name_looks_the_same_in_any_case_and_spacing() {
        for (a, b) in [("Modern Inn", "MODERN INN"), ("1 Oil", "1 oIL"), ("Mill", "m i l l")] {
            assert_eq!(look_of(a), look_of(b), "{a} {b}");
        }
    }

    #[test]
    fn the_table_holds_what_normalization_leaves() {
        assert_eq!(prototype_of('а'), Some("a"));
        assert_eq!(prototype_of('a'), None);
        // Mathematical letters are plain ones after NFKC.
        assert_eq!(prototype_of('𝐚'), None);
        assert!(CONFUSABLES.len() < 24_000, "{} bytes", CONFUSABLES.len());
    }
}
