//! `api.toml`, checked and compiled to what the Worker and the portal's page take.

use crate::files::read_text;
use anyhow::{Context, Result, ensure};
use gatehouse_shared::description::{ApiDescription, parse};
use std::path::Path;

/// Reads an `api.toml`. A mistake is an error that names the line.
pub fn read_description(path: &Path) -> Result<ApiDescription> {
    Ok(parse(&read_text(path)?)?)
}

/// The module that gives the Worker its description: JSON, as the text of a JavaScript module.
pub fn module(api: &ApiDescription) -> Result<String> {
    let json = serde_json::to_string(api)?;
    Ok(format!("// api.toml, as it was checked.\nexport default {};\n", serde_json::to_string(&json)?))
}

/// Fills in the name and the summary of the API, which the portal's page shows before anything is loaded.
pub fn page(template: &str, api: &ApiDescription) -> Result<String> {
    let others = template.replace("{{name}}", "").replace("{{summary}}", "");
    ensure!(!others.contains("{{"), "the portal's page has a placeholder that nobody fills");
    Ok(template.replace("{{name}}", &escape(&api.name)).replace("{{summary}}", &escape(&api.summary)))
}

/// Reads the portal's page and fills it in.
pub fn read_page(template: &Path, api: &ApiDescription) -> Result<String> {
    page(&read_text(template)?, api).with_context(|| template.display().to_string())
}

/// A text as HTML's text and attributes have it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('{', "&#123;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn api() -> ApiDescription {
        parse(include_str!("../../api.toml")).unwrap()
    }

    #[test]
    fn the_page_bears_the_name_and_the_summary_of_the_api_as_text() {
        let api =
            ApiDescription { name: "Notes & <Tones>".into(), summary: "All \"notes\" <b> {{name}}.".into(), ..api() };
        let template = "<title>{{name}}</title><meta name=\"description\" content=\"{{summary}}\">";
        assert_eq!(
            page(template, &api).unwrap(),
            "<title>Notes &amp; &lt;Tones&gt;</title>\
             <meta name=\"description\" content=\"All &quot;notes&quot; &lt;b&gt; &#123;&#123;name}}.\">"
        );
        assert!(page("{{name}} {{colour}}", &api).is_err());
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("api.toml");
        let text = include_str!("../../api.toml");
        fs::write(&file, text.replace("token_prefix = \"gh\"", "token_prefix = \"G\"")).unwrap();
        let line = text.lines().position(|line| line.starts_with("token_prefix")).unwrap() + 1;
        let said = read_description(&file).unwrap_err().to_string();
        assert_eq!(said, format!("api.toml line {line}: token_prefix has 2 to 12 lower-case letters or digits"));
    }

    #[test]
    fn the_module_is_a_string_of_the_json_that_the_worker_reads() {
        let module = module(&api()).unwrap();
        let text = module.split_once("export default ").unwrap().1.trim_end().trim_end_matches(';');
        let json: String = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["name"], "Notes API");
        assert!(!module.contains('\u{2028}'));
    }
}
