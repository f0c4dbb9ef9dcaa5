use super::{Rules, Violation};

/// At most 32 characters, no reserved word. Uniqueness is the Directory's.
pub fn app_name(text: &str, rules: &Rules) -> Result<String, Violation> {
    let name = line(text, 1, 32, "a name")?;
    if name.chars().any(is_invisible) {
        return Err(Violation::new("control-character", "Remove invisible characters."));
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err(Violation::new("letter", "Use at least one letter or digit."));
    }
    // The Worker looks again, under every spelling that compares equal.
    let squeezed = squeeze(&name);
    match rules.reserved_words.iter().find(|word| squeezed.contains(&squeeze(word))) {
        Some(word) => Err(reserved_word(word)),
        None => Ok(name),
    }
}

/// The broken rule of a name that contains a word reserved by the operator.
pub fn reserved_word(word: &str) -> Violation {
    let message = format!("“{word}” is reserved by the operator of this API. Choose a name without it.");
    Violation::new("reserved-word", message)
}

fn squeeze(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect()
}

/// 1 to 50 characters.
pub fn project_name(text: &str) -> Result<String, Violation> {
    line(text, 1, 50, "a name")
}

/// 10 to 200 characters.
pub fn description(text: &str) -> Result<String, Violation> {
    line(text, 10, 200, "a description")
}

/// From the deployment's minimum (100 characters unless set) to 2,000.
pub fn use_case(text: &str, rules: &Rules) -> Result<String, Violation> {
    block(text, rules.use_case_minimum, 2000, "a use case")
}

/// As [`use_case`], or empty.
pub fn optional_use_case(text: &str, rules: &Rules) -> Result<String, Violation> {
    if text.trim().is_empty() { Ok(String::new()) } else { use_case(text, rules) }
}

/// Up to 100 characters, or empty.
pub fn organization(text: &str) -> Result<String, Violation> {
    if text.trim().is_empty() { Ok(String::new()) } else { line(text, 2, 100, "an organization") }
}

/// Why an operator decided so: 3 to 1,000 characters.
pub fn reason(text: &str) -> Result<String, Violation> {
    block(text, 3, 1000, "a reason")
}

fn line(text: &str, least: usize, most: usize, what: &str) -> Result<String, Violation> {
    measured(text, least, most, what, |c| c.is_control())
}

fn block(text: &str, least: usize, most: usize, what: &str) -> Result<String, Violation> {
    measured(text, least, most, what, |c| c.is_control() && c != '\n' && c != '\r' && c != '\t')
}

fn measured(
    text: &str,
    least: usize,
    most: usize,
    what: &str,
    forbidden: impl Fn(char) -> bool,
) -> Result<String, Violation> {
    let kept = text.trim();
    let length = kept.chars().count();
    if length == 0 {
        return Err(Violation::new("required", format!("Enter {what}.")));
    }
    let mut before = None;
    let mut refused = |c: char| {
        let joins = joins_emoji(c, before.replace(c));
        forbidden(c) || (is_invisible(c) && !joins)
    };
    if kept.chars().any(&mut refused) {
        return Err(Violation::new("control-character", "Remove line breaks and invisible characters."));
    }
    if length < least {
        let missing = least - length;
        let plural = if missing == 1 { "" } else { "s" };
        return Err(Violation::new(
            "too-short",
            format!("Use at least {least} characters ({missing} character{plural} to go)."),
        ));
    }
    if length > most {
        return Err(Violation::new("too-long", format!("Use at most {most} characters (now {length}).")));
    }
    Ok(kept.to_owned())
}

/// Characters that nobody sees: default-ignorable ones (Unicode §5.21), those
/// that turn the direction of what follows, blanks that are no white space,
/// and those that are no characters at all.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// The joiner and the variation selector that emoji are made with; only where
/// something is there to be joined.
fn joins_emoji(c: char, before: Option<char>) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}') && before.is_some_and(|before| !before.is_ascii() && !before.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule<T>(result: Result<T, Violation>) -> &'static str {
        result.err().map_or("none", |violation| violation.rule)
    }

    #[test]
    fn an_app_name_has_1_to_32_characters_and_no_reserved_word() {
        let rules = Rules { reserved_words: vec!["acme".into()], ..Rules::default() };
        assert_eq!(app_name("  Weather  ", &rules).as_deref(), Ok("Weather"));
        assert_eq!(rule(app_name(&"é".repeat(32), &rules)), "none");
        assert_eq!(rule(app_name(&"é".repeat(33), &rules)), "too-long");
        assert_eq!(rule(app_name("   ", &rules)), "required");
        assert_eq!(rule(app_name("My A cme App", &rules)), "reserved-word");
        assert_eq!(rule(app_name("a\nb", &rules)), "control-character");
        for invisible in
            ["a\u{202e}b", "a\u{200d}b", "\u{3164}", "\u{2800}", "a\u{fe0f}", "\u{e0041}", "\u{fffe}", "a\u{2028}b"]
        {
            assert_eq!(rule(app_name(invisible, &rules)), "control-character", "{invisible:?}");
        }
        assert_eq!(rule(app_name("…!", &rules)), "letter");
        assert_eq!(rule(app_name("天気 2", &rules)), "none");
        let two_words = Rules { reserved_words: vec!["acme corp".into()], ..Rules::default() };
        assert_eq!(rule(app_name("ACME Corp tools", &two_words)), "reserved-word");
        assert_eq!(rule(description("Weather ❤️ for all")), "none");
        assert_eq!(rule(description(&"\u{200d}".repeat(12))), "control-character");
    }

    #[test]
    fn a_use_case_keeps_its_line_breaks_and_the_configured_minimum() {
        let rules = Rules { use_case_minimum: 5, ..Rules::default() };
        assert_eq!(use_case("ab\ncd", &rules).as_deref(), Ok("ab\ncd"));
        assert_eq!(rule(use_case("abcd", &rules)), "too-short");
        assert_eq!(optional_use_case(" ", &rules).as_deref(), Ok(""));
    }
}
