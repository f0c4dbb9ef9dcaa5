//! Checks names and descriptions that developers enter.

use super::invisible::find_misplaced;
use super::{Rules, Violation};

/// At most 32 characters, no reserved word. Uniqueness is the name registry's.
pub fn app_name(text: &str, rules: &Rules) -> Result<String, Violation> {
    let name = line(text, 1, 32, "a name")?;
    if !name.chars().any(char::is_alphanumeric) {
        return Err(Violation::new("letter", "Use at least one letter or digit."));
    }
    without_reserved_word(name, rules)
}

/// Refuses a text that contains a reserved word as it is written. The Worker
/// looks again, under every spelling that reads the same.
fn without_reserved_word(text: String, rules: &Rules) -> Result<String, Violation> {
    let squeezed = squeeze(&text);
    match rules.reserved_words.iter().find(|word| squeezed.contains(&squeeze(word))) {
        Some(word) => Err(reserved_word(word)),
        None => Ok(text),
    }
}

/// The broken rule of a text that contains a word reserved by the operator.
pub fn reserved_word(word: &str) -> Violation {
    let message = format!("“{word}” is reserved by the operator of this API. Use different wording.");
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

/// 2 to 100 characters without a reserved word, or empty.
pub fn organization(text: &str, rules: &Rules) -> Result<String, Violation> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    without_reserved_word(line(text, 2, 100, "an organization")?, rules)
}

/// Why an operator decided so: 3 to 1,000 characters.
/// The rules of an operator's note.
pub fn note(text: &str) -> Result<String, Violation> {
    block(text, 1, 2000, "a note")
}

pub fn reason(text: &str) -> Result<String, Violation> {
    block(text, 3, 1000, "a reason")
}

fn line(text: &str, least: usize, most: usize, what: &str) -> Result<String, Violation> {
    if text.trim().contains(['\n', '\r']) {
        return Err(Violation::new("control-character", "Use a single line."));
    }
    measured(text, least, most, what, char::is_control)
}

fn block(text: &str, least: usize, most: usize, what: &str) -> Result<String, Violation> {
    measured(text, least, most, what, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
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
    if let Some(c) = kept.chars().find(|c| forbidden(*c)).or_else(|| find_misplaced(kept)) {
        let message = format!("Remove the invisible character U+{:04X}. It may have come with pasted text.", c as u32);
        return Err(Violation::new("control-character", message));
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
        for name in ["天気 2", "ශ්\u{200d}රී", "می\u{200c}خواهم", "Love ❤\u{fe0f}", "Team 1\u{fe0f}\u{20e3}"]
        {
            assert_eq!(rule(app_name(name, &rules)), "none", "{name}");
        }
        let two_words = Rules { reserved_words: vec!["acme corp".into()], ..Rules::default() };
        assert_eq!(rule(app_name("ACME Corp tools", &two_words)), "reserved-word");
        assert_eq!(rule(description("Weather ❤️ for all")), "none");
        assert_eq!(rule(description(&"\u{200d}".repeat(12))), "control-character");
    }

    #[test]
    fn an_organization_has_no_reserved_word_either() {
        let rules = Rules { reserved_words: vec!["acme".into()], ..Rules::default() };
        assert_eq!(organization("  ", &rules).as_deref(), Ok(""));
        assert_eq!(organization("Weather Ltd", &rules).as_deref(), Ok("Weather Ltd"));
        assert_eq!(rule(organization("A C M E", &rules)), "reserved-word");
    }

    #[test]
    fn an_invisible_character_is_named_and_a_line_break_is_asked_out_of_a_line_alone() {
        let message = |result: Result<String, Violation>| result.unwrap_err().message;
        assert!(message(description("Weather for a\u{200b}ll")).contains("U+200B"));
        assert!(message(description("Weather\nfor all")).contains("single line"));
        let rules = Rules { use_case_minimum: 5, ..Rules::default() };
        let persian = "می\u{200c}خواهم\nداده\u{200c}ها";
        assert_eq!(use_case(persian, &rules).as_deref(), Ok(persian));
        assert!(message(use_case("abcde\u{7}", &rules)).contains("U+0007"));
    }

    #[test]
    fn a_use_case_keeps_its_line_breaks_and_the_configured_minimum() {
        let rules = Rules { use_case_minimum: 5, ..Rules::default() };
        assert_eq!(use_case("ab\ncd", &rules).as_deref(), Ok("ab\ncd"));
        assert_eq!(rule(use_case("abcd", &rules)), "too-short");
        assert_eq!(optional_use_case(" ", &rules).as_deref(), Ok(""));
    }
}
