//! The figures in docs/reliability.md.

use anyhow::{Context, Result};
use serde_json::Value;
use std::{fs, thread::available_parallelism};

/// The processor's name and how many cores there are.
pub fn machine() -> String {
    let listed = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = listed.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let name = model.map_or("a processor without a name", |(_, name)| name.trim());
    let cores = available_parallelism().map_or(1, usize::from);
    format!("{name}, {cores} cores")
}

/// The document with the figures of a proof between its markers. `lines` are what the tests left: one figure each.
pub fn with_figures(document: &str, proof: &str, command: &str, machine: &str, lines: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- figures: {proof} -->\n"), format!("<!-- /figures: {proof} -->"));
    let missing = || format!("docs/reliability.md has no place for the figures of {proof}");
    let from = document.find(&begin).with_context(missing)? + begin.len();
    let to = document.find(&end).with_context(missing)?;
    let (before, after) = (document.get(..from), document.get(to..));
    let mut text = before.with_context(missing)?.to_owned();
    text.push_str(&format!("`{command}` on {machine}:\n\n| | |\n|---|---|\n"));
    for line in lines.lines() {
        let figure: Value = serde_json::from_str(line).with_context(|| format!("{proof}: {line}"))?;
        let part = |name: &str| figure[name].as_str().unwrap_or_default().replace('|', "\\|");
        text.push_str(&format!("| {} | {} |\n", part("what"), part("figure")));
    }
    text.push_str(after.with_context(missing)?);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::with_figures;

    #[test]
    fn figures_take_the_place_of_earlier_ones_and_nothing_else_changes() {
        let document = "before\n<!-- figures: kill -->\nold\n<!-- /figures: kill -->\nafter\n";
        let lines = "{\"what\":\"kills\",\"figure\":\"200\"}\n";
        let written = with_figures(document, "kill", "cargo xtask prove", "a machine, 2 cores", lines).unwrap();
        let wanted = "before\n<!-- figures: kill -->\n`cargo xtask prove` on a machine, 2 cores:\n\n| | |\n|---|---|\n\
                      | kills | 200 |\n<!-- /figures: kill -->\nafter\n";
        assert_eq!(written, wanted);
        let again = with_figures(&written, "kill", "cargo xtask prove", "a machine, 2 cores", lines).unwrap();
        assert_eq!(again, wanted);
        assert!(with_figures(document, "soak", "", "", "").is_err());
    }
}
