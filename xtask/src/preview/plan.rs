//! What a branch's deployment consists of: its name, and at Cloudflare its configuration. On this machine it has the same
//! variables, and the engine binds the rest.

use super::name::name_of;
use crate::config::{entries, point_at, text, worker_name};
use anyhow::{Context, Result, bail, ensure};
use gatehouse::{assemble::Assembled, engine::services::KV_BINDING};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The longest label of a host name.
const LABEL: usize = 63;
/// Room that the name of a branch needs at the least.
const SHORTEST: usize = 20;

/// What of wrangler.toml holds for every deployment of the Worker. Not among it: addresses (`routes`), schedules,
/// variables, and whatever else leads to production.
const SHARED: [&str; 11] = [
    "account_id",
    "assets",
    "compatibility_date",
    "compatibility_flags",
    "exports",
    "limits",
    "name",
    "observability",
    "placement",
    "preview_urls",
    "workers_dev",
];

pub struct Plan {
    pub branch: String,
    /// What the deployment is called: a DNS label.
    pub name: String,
    /// The Worker whose Preview it is.
    pub worker: String,
}

impl Plan {
    /// Plans the deployment of a branch with the wrangler.toml that the branch has.
    pub fn of(branch: &str, source: &Table) -> Result<Self> {
        let worker = worker_name(source)?;
        Ok(Self { branch: branch.to_owned(), name: name_of(branch, longest_name(worker)?), worker: worker.to_owned() })
    }

    /// The plan for a deployment that is only known by its name.
    pub fn named(name: &str, source: &Table) -> Result<Self> {
        let worker = worker_name(source)?;
        let fits = name.len() <= longest_name(worker)?
            && name.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        ensure!(fits, "--name is a name that `cargo xtask preview list` shows");
        Ok(Self { branch: name.to_owned(), name: name.to_owned(), worker: worker.to_owned() })
    }

    pub fn namespace_title(&self) -> String {
        namespace_title(&self.worker, &self.name)
    }

    /// The configuration. Bindings stand in it twice: at the top for `deploy --dry-run`, and under
    /// `[previews]` for `wrangler preview`, which takes nothing from the top.
    pub fn config(&self, source: &Table, assembled: &Assembled, namespace_id: &str) -> Result<Table> {
        let bindings = self.bindings(source, namespace_id)?;
        let shared = SHARED.iter().filter_map(|key| Some(((*key).to_owned(), source.get(*key)?.clone())));
        let mut config: Table = shared.collect();
        config.extend(bindings.clone());
        config.insert("previews".into(), bindings.into());
        point_at(&mut config, assembled)?;
        Ok(config)
    }

    /// Its bindings: what `[previews]` in wrangler.toml says, and what every branch has of its own.
    fn bindings(&self, source: &Table, namespace_id: &str) -> Result<Table> {
        let previews = source.get("previews").and_then(Value::as_table);
        let mut bindings = previews
            .context(
                "wrangler.toml has no [previews]: it says which variables and which API a branch's deployment has",
            )?
            .clone();
        let namespace = Table::from_iter([
            ("binding".to_owned(), Value::from(KV_BINDING)),
            ("id".to_owned(), Value::from(namespace_id)),
        ]);
        bindings.insert("kv_namespaces".into(), Value::Array(vec![namespace.into()]));
        if let Some(objects) = source.get("durable_objects").and_then(Value::as_table) {
            let foreign = entries(objects, "bindings").find(|one| one.contains_key("script_name"));
            ensure!(
                foreign.is_none(),
                "wrangler.toml binds Durable Objects of another Worker (`script_name`), which every branch would share"
            );
            bindings.insert("durable_objects".into(), objects.clone().into());
        }
        let limits = entries(source, "ratelimits").map(|limit| {
            let mut limit = limit.clone();
            limit.insert("namespace_id".into(), self.limiter_id(text(&limit, "name")).to_string().into());
            Value::from(limit)
        });
        bindings.insert("ratelimits".into(), Value::Array(limits.collect()));
        Ok(bindings)
    }

    /// The namespace of a rate limiter. Limiters count together, in the whole account, where they have the same one.
    fn limiter_id(&self, binding: &str) -> u32 {
        let digest = Sha256::digest(format!("{} {} {binding}", self.worker, self.name));
        let drawn = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        // Out of the way of the small numbers that people give by hand.
        10_000 + drawn % 2_000_000_000
    }

    /// Where a branch's deployment on this machine lives.
    pub fn folder(&self, target: &Path) -> PathBuf {
        target.join("previews").join(&self.name)
    }
}

/// Ends in digits that depend on both names: no other namespace has such a title, not that of a Worker whose name begins
/// like this one's either.
fn namespace_title(worker: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("{worker} {name}"));
    let digits = base16ct::lower::encode_string(&digest[..4]);
    format!("{worker}-preview-{name}-{digits}")
}

/// The name of the deployment whose KV namespace has this title.
pub fn name_in_title<'a>(worker: &str, title: &'a str) -> Option<&'a str> {
    let (name, _) = title.strip_prefix(worker)?.strip_prefix("-preview-")?.rsplit_once('-')?;
    Some(name).filter(|name| namespace_title(worker, name) == title)
}

/// Fails where every branch would forward to the API that `api.toml` names by its URL.
pub fn check_upstream(api: &Table, source: &Table) -> Result<()> {
    let url = api.get("upstream").and_then(|upstream| upstream.get("url")).and_then(Value::as_str);
    let variables = source.get("previews").and_then(|previews| previews.get("vars"));
    let own = variables.and_then(|variables| variables.get("UPSTREAM_URL"));
    if let (Some(url), None) = (url, own) {
        bail!(
            "api.toml forwards to {url}, and so would this branch: name an API for trying out as UPSTREAM_URL under \
             [previews.vars] in wrangler.toml"
        );
    }
    Ok(())
}

/// How long a branch's name may be: with the Worker's it makes one label of the address.
fn longest_name(worker: &str) -> Result<usize> {
    let longest = LABEL.saturating_sub(worker.len() + 1);
    let most = LABEL - 1 - SHORTEST;
    ensure!(
        longest >= SHORTEST,
        "`name` in wrangler.toml may have {most} characters at most, to leave room for a branch"
    );
    Ok(longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn source() -> Table {
        include_str!("../../../wrangler.toml").parse().unwrap()
    }

    fn assembled() -> Assembled {
        Assembled { worker: "/built/worker".into(), portal: "/built/portal".into() }
    }

    fn limiter_ids(config: &Table) -> Vec<String> {
        entries(config, "ratelimits").map(|limit| text(limit, "namespace_id").to_owned()).collect()
    }

    #[test]
    fn a_branch_has_its_own_namespace_and_limiters() {
        let source = source();
        let mut seen: HashSet<String> = limiter_ids(&source).into_iter().collect();
        let of_production = seen.len();
        for branch in ["main", "feature/login", "feature-login"] {
            let plan = Plan::of(branch, &source).unwrap();
            let config = plan.config(&source, &assembled(), &format!("kv of {branch}")).unwrap();
            let previews = config["previews"].as_table().unwrap();
            let namespaces: Vec<_> = entries(previews, "kv_namespaces").map(|entry| text(entry, "id")).collect();
            assert_eq!(namespaces, [format!("kv of {branch}")]);
            assert_eq!(limiter_ids(previews), limiter_ids(&config));
            assert!(limiter_ids(previews).iter().all(|id| id.parse::<u32>().is_ok_and(|id| id >= 10_000)));
            seen.extend(limiter_ids(previews));
        }
        assert_eq!(seen.len(), 4 * of_production, "limiters are shared");
    }

    #[test]
    fn nothing_of_production_is_taken_over() {
        let mut source = source();
        source.insert("routes".into(), Value::Array(vec!["api.example.com/*".into()]));
        source.insert("triggers".into(), Table::from_iter([("crons".to_owned(), Value::Array(vec![]))]).into());
        source["vars"].as_table_mut().unwrap().insert("ORIGINS".into(), "https://api.example.com".into());
        source["services"][0].as_table_mut().unwrap().insert("service".into(), "the-real-api".into());
        let config = Plan::of("main", &source).unwrap().config(&source, &assembled(), "kv").unwrap();
        let text = toml::to_string(&config).unwrap();
        for word in ["example.com", "the-real-api", "crons"] {
            assert!(!text.contains(word), "{word} is in\n{text}");
        }
    }

    #[test]
    fn neither_another_workers_objects_nor_the_api_of_api_toml_is_taken_over() {
        let mut source = source();
        let api: Table = "upstream = { url = \"https://api.example.com\" }".parse().unwrap();
        let refused = check_upstream(&api, &source).unwrap_err().to_string();
        assert!(refused.contains("https://api.example.com") && refused.contains("UPSTREAM_URL"), "{refused}");
        assert!(check_upstream(&"upstream = { service = \"UPSTREAM\" }".parse().unwrap(), &source).is_ok());
        let variables = source["previews"]["vars"].as_table_mut().unwrap();
        variables.insert("UPSTREAM_URL".into(), "https://staging.example.com".into());
        assert!(check_upstream(&api, &source).is_ok());

        let objects = source["durable_objects"]["bindings"].as_array_mut().unwrap();
        objects[0].as_table_mut().unwrap().insert("script_name".into(), "gatehouse-production".into());
        assert!(Plan::of("main", &source).unwrap().config(&source, &assembled(), "kv").is_err());
    }

    #[test]
    fn a_title_is_of_one_worker_and_one_branch() {
        let title = namespace_title("gatehouse", "preview-x");
        assert_eq!(name_in_title("gatehouse", &title), Some("preview-x"));
        assert_eq!(name_in_title("gatehouse-preview", &title), None);
        assert_ne!(title, namespace_title("gatehouse-preview", "x"));
        // A Worker of this name in production.
        assert_eq!(name_in_title("gatehouse", "gatehouse-preview-gatehouse-kv"), None);
    }

    #[test]
    fn the_worker_has_every_binding_in_a_branchs_deployment_too() {
        let source = source();
        let config = Plan::of("main", &source).unwrap().config(&source, &assembled(), "kv").unwrap();
        let bindings = |table: &Table| -> HashSet<String> {
            let named =
                ["kv_namespaces", "services"].map(|key| entries(table, key).map(|entry| text(entry, "binding")));
            let limits = entries(table, "ratelimits").map(|entry| text(entry, "name"));
            let objects =
                entries(table["durable_objects"].as_table().unwrap(), "bindings").map(|one| text(one, "name"));
            named.into_iter().flatten().chain(limits).chain(objects).map(str::to_owned).collect()
        };
        assert_eq!(bindings(config["previews"].as_table().unwrap()), bindings(&source));
    }

    #[test]
    fn name_and_worker_fit_into_one_label() {
        let branch = "x".repeat(300);
        for worker in ["gatehouse", &"w".repeat(42)] {
            let mut source = source();
            source.insert("name".into(), worker.into());
            let plan = Plan::of(&branch, &source).unwrap();
            assert!(format!("{}-{worker}", plan.name).len() <= LABEL);
        }
        let mut source = source();
        source.insert("name".into(), "w".repeat(43).into());
        assert!(Plan::of("main", &source).is_err());
    }
}
