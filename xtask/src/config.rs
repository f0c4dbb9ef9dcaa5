//! `wrangler.toml`, and the copies of it that say what one deployment has of its own.

use anyhow::{Context, Result, ensure};
use gatehouse::{assemble::Assembled, engine::services::KV_BINDING, files::read_text};
use std::{
    fs,
    path::{Path, PathBuf},
};
use toml::{Table, Value};

/// Reads the wrangler.toml of a source tree.
pub fn read_config(root: &Path) -> Result<Table> {
    read_toml(&root.join("wrangler.toml"))
}

pub fn read_toml(path: &Path) -> Result<Table> {
    read_text(path)?.parse().with_context(|| format!("{} cannot be read", path.display()))
}

/// The name of the Worker, which its address begins with.
pub fn worker_name(config: &Table) -> Result<&str> {
    let name = config.get("name").and_then(Value::as_str).context("wrangler.toml has no `name`")?;
    let fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    ensure!(fits, "`name` in wrangler.toml must consist of letters, digits, - and _");
    Ok(name)
}

/// The entries of an array of tables, or of one in a table such as `[previews]`.
pub fn entries<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

/// A text of an entry.
pub fn text<'a>(entry: &'a Table, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Has a configuration, wherever it lies, run what was assembled.
pub fn point_at(config: &mut Table, assembled: &Assembled) -> Result<()> {
    config.insert("main".into(), assembled.worker.join("entry.js").display().to_string().into());
    let assets = config.get_mut("assets").and_then(Value::as_table_mut).context("wrangler.toml has no [assets]")?;
    assets.insert("directory".into(), assembled.portal.display().to_string().into());
    Ok(())
}

/// Binds the KV namespace with this id.
pub fn bind_namespace(config: &mut Table, id: &str) -> Result<()> {
    let bindings = config.get_mut("kv_namespaces").and_then(Value::as_array_mut).into_iter().flatten();
    let binding = bindings.filter_map(Value::as_table_mut).find(|entry| text(entry, "binding") == KV_BINDING);
    let binding =
        binding.with_context(|| format!("wrangler.toml has no [[kv_namespaces]] with binding {KV_BINDING}"))?;
    binding.insert("id".into(), id.into());
    Ok(())
}

pub fn write_config(path: PathBuf, config: &Table) -> Result<PathBuf> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&path, toml::to_string(config)?).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse::engine::{
        config::COMPATIBILITY_DATE,
        services::{OBJECTS, UPSTREAM},
    };
    use std::path::Path;

    /// Parameters of token requests may stand in a URL, and are secrets.
    #[test]
    fn nothing_that_is_shipped_keeps_the_urls_of_requests() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for folder in [root.to_owned(), root.join("sample-api"), root.join("examples/guarded-worker")] {
            let config = read_config(&folder).unwrap();
            let Some(observability) = config.get("observability") else { continue };
            let of =
                |part: &str, key: &str| observability.get(part).and_then(|part| part.get(key)).and_then(Value::as_bool);
            assert_eq!(of("logs", "invocation_logs"), Some(false), "{}", folder.display());
            assert_eq!(of("traces", "enabled"), Some(false), "{}", folder.display());
        }
    }

    /// The engine serves the same Worker without wrangler.toml.
    #[test]
    fn the_engine_binds_what_wrangler_toml_binds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let config = read_config(root).unwrap();
        assert_eq!(text(&config, "compatibility_date"), COMPATIBILITY_DATE);
        let bound: Vec<_> = entries(config["durable_objects"].as_table().unwrap(), "bindings")
            .map(|one| (text(one, "name"), text(one, "class_name")))
            .collect();
        assert_eq!(bound, OBJECTS);
        let exported: Vec<&str> = config["exports"].as_table().unwrap().keys().map(String::as_str).collect();
        assert_eq!(exported.len(), OBJECTS.len());
        assert!(OBJECTS.iter().all(|(_, class)| exported.contains(class)));
        assert!(entries(&config, "services").all(|one| text(one, "binding") == UPSTREAM));
        assert!(entries(&config, "kv_namespaces").all(|one| text(one, "binding") == KV_BINDING));
    }
}
