//! Files with settings and secrets: `NAME=value` in each line.

use crate::files::read_text;
use anyhow::{Context, Result, bail};
use std::{collections::BTreeMap, path::Path};

/// Names and values.
pub type Variables = BTreeMap<String, String>;

/// The value of a setting; an empty one counts as not set.
pub fn find<'a>(variables: &'a Variables, name: &str) -> Option<&'a str> {
    variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// Reads a file with settings.
pub fn read_file(file: &Path) -> Result<Variables> {
    parse(&read_text(file)?).with_context(|| file.display().to_string())
}

/// Reads `NAME=value` lines, as systemd's `EnvironmentFile` has them. Blank lines and those that begin with `#` say
/// nothing; quotes around a value are no part of it. Nothing in a value stands for something else.
pub fn parse(text: &str) -> Result<Variables> {
    let mut variables = Variables::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let read = line.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        let Some((name, value)) = read.filter(|(name, _)| is_name(name)) else {
            bail!("line {} is not NAME=value", index + 1)
        };
        variables.insert(name.to_owned(), unquoted(value).to_owned());
    }
    Ok(variables)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn unquoted(value: &str) -> &str {
    let within = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_stand() {
        let text =
            "# A comment\n\nMASTER_KEYS=\"1:aa,2:bb\"\n OPERATOR_PASSWORD = with blanks, $HOME and a = \nA='b\"'\nB=\n";
        let read = parse(text).unwrap();
        let expected = [
            ("A", "b\""),
            ("B", ""),
            ("MASTER_KEYS", "1:aa,2:bb"),
            ("OPERATOR_PASSWORD", "with blanks, $HOME and a ="),
        ];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }

    #[test]
    fn what_is_no_setting_is_refused_with_its_line_and_without_its_text() {
        for wrong in ["A=1\nexport B=secret", "A=1\nsecret", "A=1\n=secret"] {
            assert_eq!(parse(wrong).unwrap_err().to_string(), "line 2 is not NAME=value");
        }
    }
}
