//! Characters that nobody sees, and where Unicode uses them in ordinary text.

/// The first character of a text that is invisible and has no use where it
/// stands.
pub(super) fn find_misplaced(text: &str) -> Option<char> {
    let characters: Vec<char> = text.chars().collect();
    (0..characters.len()).find_map(|at| {
        let (before, c, after) = (characters.get(..at)?, *characters.get(at)?, characters.get(at + 1..)?);
        (is_invisible(c) && !is_in_use(before, c, after)).then_some(c)
    })
}

/// Whether a character is default-ignorable (Unicode §5.21), turns the
/// direction of what follows, is a blank that is no white space, or no
/// character at all.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Whether an invisible character changes how its neighbors look, as the
/// spelling of a language or an emoji sequence has it.
fn is_in_use(before: &[char], c: char, after: &[char]) -> bool {
    let (last, next) = (before.last().copied(), after.first().copied());
    match c {
        // Persian and the Indic scripts spell with it (UAX #31 §2.3.1, A1 and A2).
        '\u{200c}' => last.is_some_and(shapes_letters) && next.is_some_and(shapes_letters),
        // Indic conjuncts (UAX #31, B), and emoji that are made of others (UTS #51 §2.3).
        '\u{200d}' => {
            (last.is_some_and(shapes_letters) && next.is_none_or(|c| shapes_letters(c) || !c.is_alphanumeric()))
                || (last.is_some_and(ends_emoji) && next.is_some_and(is_pictograph))
        }
        // How an emoji or a keycap is shown (UTS #51 §2.1, §2.5).
        '\u{fe0e}' | '\u{fe0f}' => match last {
            Some('0'..='9' | '#' | '*') => next == Some('\u{20e3}'),
            Some(c) => is_pictograph(c),
            None => false,
        },
        // The variants of an ideograph (UTS #37), which Japanese names are told apart by, and of its compatible forms.
        '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' => last.is_some_and(is_ideograph),
        // The variants of a Mongolian letter.
        '\u{180b}'..='\u{180f}' => last.is_some_and(|c| matches!(c, '\u{1820}'..='\u{18aa}')),
        // The flag of a region: a black flag, the region in tag characters, and the end (UTS #51, ED-14a).
        '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}' | '\u{e007f}' => is_flag_tag(before, c, after),
        _ => false,
    }
}

fn is_flag_tag(before: &[char], c: char, after: &[char]) -> bool {
    let is_tag = |c: &char| matches!(*c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    let tags_before = before.iter().rev().take_while(|c| is_tag(c)).count();
    let tags_after = after.iter().take_while(|c| is_tag(c)).count();
    let starts_with_flag = before.iter().rev().nth(tags_before) == Some(&'\u{1f3f4}');
    let ends = c == '\u{e007f}' || after.get(tags_after) == Some(&'\u{e007f}');
    // A region has 3 to 6 of them, such as gbeng.
    let length = tags_before + tags_after + usize::from(is_tag(&c));
    starts_with_flag && ends && (3..=6).contains(&length)
}

/// Letters and marks of scripts in which a joiner changes their shape: Arabic
/// and its relatives, the Indic scripts, Tibetan to Khmer, and Mongolian.
fn shapes_letters(c: char) -> bool {
    let is_letter = c.is_alphabetic() || is_virama(c);
    is_letter
        && matches!(c,
            '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
            | '\u{1a20}'..='\u{1aaf}' | '\u{1b00}'..='\u{1bff}' | '\u{a840}'..='\u{a8ff}' | '\u{a980}'..='\u{a9ff}'
            | '\u{aa60}'..='\u{aa7f}' | '\u{fb50}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10a00}'..='\u{10fff}' | '\u{11000}'..='\u{11fff}')
}

/// The mark that takes a consonant's vowel away, and those that do the same
/// in related scripts: not alphabetic, and what a joiner follows.
fn is_virama(c: char) -> bool {
    matches!(c,
        '\u{94d}' | '\u{9cd}' | '\u{a4d}' | '\u{acd}' | '\u{b4d}' | '\u{bcd}' | '\u{c4d}' | '\u{ccd}' | '\u{d4d}'
        | '\u{dca}' | '\u{f84}' | '\u{1039}'..='\u{103a}' | '\u{17d2}' | '\u{1a60}' | '\u{1b44}' | '\u{1baa}'
        | '\u{1bf2}'..='\u{1bf3}' | '\u{a8c4}' | '\u{a953}' | '\u{a9c0}' | '\u{11046}' | '\u{110b9}' | '\u{11133}'
        | '\u{111c0}' | '\u{11235}' | '\u{1134d}' | '\u{11442}' | '\u{114c2}' | '\u{115bf}' | '\u{1163f}'
        | '\u{116b6}' | '\u{11839}' | '\u{11c3f}')
}

/// What may stand before the joiner of an emoji: a pictograph, its skin tone,
/// or the selector that shows it in color.
fn ends_emoji(c: char) -> bool {
    is_pictograph(c) || c == '\u{fe0f}'
}

/// Symbols that emoji are made of. Wider than Unicode's Extended_Pictographic:
/// a symbol is seen, with or without what follows it.
fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
        | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joiners_and_selectors_pass_where_a_language_or_an_emoji_uses_them() {
        for text in [
            // Persian, Hindi, Sinhala, Malayalam (with a joiner at the end of a word), Bengali.
            "می\u{200c}خواهم",
            "خانه\u{200c}ها را می\u{200c}بینم",
            "क्\u{200c}ष",
            "ශ්\u{200d}රී ලංකා",
            "ന്\u{200d} അവന്\u{200d}",
            "র\u{200d}্য",
            // Keycaps, hearts, families, skin tones, flags, text style.
            "1\u{fe0f}\u{20e3} #\u{fe0f}\u{20e3} *\u{fe0f}\u{20e3}",
            "❤\u{fe0f} ☀\u{fe0f} ☎\u{fe0e}",
            "👨\u{200d}👩\u{200d}👧",
            "👩🏽\u{200d}🚀",
            "🏳\u{fe0f}\u{200d}⚧\u{fe0f}",
            "❤\u{fe0f}\u{200d}🔥",
            "🇩🇪",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            // A Japanese place whose character has a variant; Mongolian.
            "葛\u{e0100}城",
            "ᠠ\u{180b}",
            "plain text, naïve 天気",
        ] {
            assert_eq!(find_misplaced(text), None, "{text:?}");
        }
    }

    #[test]
    fn invisible_characters_are_refused_where_nothing_uses_them() {
        for (text, refused) in [
            ("a\u{200d}b", '\u{200d}'),
            ("a\u{200c}b", '\u{200c}'),
            ("می\u{200c}", '\u{200c}'),
            ("\u{200c}می", '\u{200c}'),
            ("می\u{200c}\u{200c}خواهم", '\u{200c}'),
            ("👨\u{200d}", '\u{200d}'),
            ("👨\u{200d}a", '\u{200d}'),
            ("می\u{200d}a", '\u{200d}'),
            ("1\u{fe0f}", '\u{fe0f}'),
            ("a\u{fe0f}", '\u{fe0f}'),
            ("é\u{fe0f}", '\u{fe0f}'),
            ("❤\u{fe0f}\u{fe0f}", '\u{fe0f}'),
            ("\u{e0067}\u{e0062}\u{e007f}", '\u{e0067}'),
            ("🏴\u{e0067}\u{e0062}\u{e0065}", '\u{e0067}'),
            ("🏴\u{e007f}", '\u{e007f}'),
            ("a\u{e0100}", '\u{e0100}'),
            ("a\u{202e}b", '\u{202e}'),
            ("a\u{ad}b", '\u{ad}'),
            ("\u{feff}a", '\u{feff}'),
            ("a\u{2028}b", '\u{2028}'),
        ] {
            assert_eq!(find_misplaced(text), Some(refused), "{text:?}");
        }
    }
}
