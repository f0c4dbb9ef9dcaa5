//! What a deployment changes at the account, from what is there.

use crate::{
    cloudflare::{Namespace, WorkerState},
    config::{entries, text},
    deploy::secrets::{MASTER_KEYS, NEEDED},
};
use gatehouse::engine::services::KV_BINDING;
use toml::Table;

/// The name of the sample API's Worker, as sample-api/wrangler.toml has it.
pub const SAMPLE_API: &str = "gatehouse-sample-api";

/// What the account has.
#[derive(Default)]
pub struct Found {
    /// The Worker, if one of its name is deployed.
    pub worker: Option<WorkerState>,
    pub namespaces: Vec<Namespace>,
    /// Workers that wrangler.toml binds and the account does not have.
    pub missing_services: Vec<String>,
}

/// What the person asked for.
#[derive(Default)]
pub struct Wishes {
    pub sample_api: bool,
    pub new_master_key: bool,
    /// Whether a secret that is made can be told to somebody.
    pub may_tell: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    /// The KV namespace to bind; `None`: one to make.
    pub namespace: Option<String>,
    /// The title of one that is made.
    pub title: String,
    /// The secrets to make.
    pub make: Vec<&'static str>,
    pub sample_api: bool,
}

/// Why nothing is deployed, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is a Worker, and so perhaps credentials, but no key that they rest on.
    MasterKeyGone {
        worker: String,
    },
    /// A secret would have to be made that nobody would ever see.
    NobodyToTell {
        make: Vec<&'static str>,
    },
    MissingService {
        binding: String,
        service: String,
    },
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MasterKeyGone { worker } => write!(
                f,
                "the Worker {worker} is deployed and has no {MASTER_KEYS}. Credentials that were made with an earlier \
                 key work only with that: put your copy back with `npx wrangler secret put {MASTER_KEYS}`. If there are \
                 no credentials to lose, run this again with --new-master-key"
            ),
            Self::NobodyToTell { make } => write!(
                f,
                "{} must be made, and this is no terminal to show it on. Run the first deployment from a terminal, or \
                 give --save-secrets FILE",
                make.join(" and ")
            ),
            Self::MissingService { binding, service } => {
                write!(
                    f,
                    "wrangler.toml binds {binding} to the Worker {service}, and the account has none of that name. Name \
                     your API's Worker there; or, for an API that is not a Worker, remove the binding and set \
                     `upstream` in api.toml to its URL"
                )?;
                if service == SAMPLE_API {
                    write!(f, "; or, to try it with the sample API, run this again with --with-sample-api")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Refusal {}

pub fn decide(worker: &str, source: &Table, found: &Found, wishes: &Wishes) -> Result<Decision, Refusal> {
    for service in &found.missing_services {
        if !(wishes.sample_api && service == SAMPLE_API) {
            let binding = entries(source, "services").find(|entry| text(entry, "service") == service);
            let binding = binding.map(|entry| text(entry, "binding")).unwrap_or_default().to_owned();
            return Err(Refusal::MissingService { binding, service: service.clone() });
        }
    }
    let has = |name: &str| found.worker.as_ref().is_some_and(|worker| worker.secrets.contains(name));
    let make: Vec<_> = NEEDED.into_iter().filter(|name| !has(name)).collect();
    let may_hold_credentials = found.worker.as_ref().is_some_and(|worker| worker.has_bindings);
    if make.contains(&MASTER_KEYS) && may_hold_credentials && !wishes.new_master_key {
        return Err(Refusal::MasterKeyGone { worker: worker.to_owned() });
    }
    if !make.is_empty() && !wishes.may_tell {
        return Err(Refusal::NobodyToTell { make });
    }
    let title = namespace_title(worker);
    // What is bound already stays bound, whatever it is called: with an empty one, every credential would be refused.
    let configured = entries(source, "kv_namespaces")
        .find(|entry| text(entry, "binding") == KV_BINDING)
        .map(|entry| text(entry, "id"))
        .filter(|id| !id.is_empty());
    let bound = || found.worker.as_ref()?.namespaces.get(KV_BINDING).map(String::as_str);
    let titled = || found.namespaces.iter().find(|one| one.title == title).map(|one| one.id.as_str());
    let namespace = configured.or_else(bound).or_else(titled).map(str::to_owned);
    Ok(Decision { namespace, title, make, sample_api: wishes.sample_api })
}

/// As wrangler calls a namespace that it makes for a binding.
fn namespace_title(worker: &str) -> String {
    format!("{worker}-{}", KV_BINDING.to_lowercase().replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::secrets::OPERATOR_PASSWORD;

    fn source() -> Table {
        include_str!("../../../wrangler.toml").parse().unwrap()
    }

    fn worker(secrets: &[&str]) -> Option<WorkerState> {
        let namespaces = [(KV_BINDING.to_owned(), "bound".to_owned())].into();
        let secrets = secrets.iter().map(|name| (*name).to_owned()).collect();
        Some(WorkerState { secrets, has_bindings: true, namespaces })
    }

    fn namespace(id: &str, title: &str) -> Namespace {
        Namespace { id: id.to_owned(), title: title.to_owned() }
    }

    const TELL: Wishes = Wishes { sample_api: false, new_master_key: false, may_tell: true };

    #[test]
    fn a_first_deployment_makes_everything() {
        let decision = decide("gatehouse", &source(), &Found::default(), &TELL).unwrap();
        assert_eq!(decision.make, [MASTER_KEYS, OPERATOR_PASSWORD]);
        assert_eq!((decision.namespace, decision.title.as_str()), (None, "gatehouse-gatehouse-kv"));
    }

    #[test]
    fn a_later_one_makes_nothing_and_needs_nobody_to_tell() {
        let found = Found { worker: worker(&[MASTER_KEYS, OPERATOR_PASSWORD]), ..Found::default() };
        let decision = decide("gatehouse", &source(), &found, &Wishes::default()).unwrap();
        assert!(decision.make.is_empty());
        assert_eq!(decision.namespace.as_deref(), Some("bound"));
    }

    #[test]
    fn a_lost_master_key_is_never_replaced_unasked() {
        let found = Found { worker: worker(&[OPERATOR_PASSWORD]), ..Found::default() };
        let refused = decide("gatehouse", &source(), &found, &TELL);
        assert_eq!(refused, Err(Refusal::MasterKeyGone { worker: "gatehouse".to_owned() }));
        let wishes = Wishes { new_master_key: true, ..TELL };
        assert_eq!(decide("gatehouse", &source(), &found, &wishes).unwrap().make, [MASTER_KEYS]);
        let found = Found { worker: worker(&[MASTER_KEYS]), ..Found::default() };
        let wishes = Wishes { new_master_key: true, ..TELL };
        assert_eq!(decide("gatehouse", &source(), &found, &wishes).unwrap().make, [OPERATOR_PASSWORD]);
    }

    #[test]
    fn a_worker_that_only_previews_have_made_is_a_first_deployment() {
        let found = Found { worker: Some(WorkerState::default()), ..Found::default() };
        assert_eq!(decide("gatehouse", &source(), &found, &TELL).unwrap().make, NEEDED);
    }

    #[test]
    fn no_secret_is_made_that_nobody_would_see() {
        let refused = decide("gatehouse", &source(), &Found::default(), &Wishes::default());
        assert_eq!(refused, Err(Refusal::NobodyToTell { make: vec![MASTER_KEYS, OPERATOR_PASSWORD] }));
    }

    #[test]
    fn the_namespace_in_use_stays_in_use() {
        let namespaces = vec![namespace("other", "other"), namespace("titled", "gatehouse-gatehouse-kv")];
        let mut found = Found { worker: worker(&NEEDED), namespaces, ..Found::default() };
        let chosen = |found: &Found, source: &Table| decide("gatehouse", source, found, &TELL).unwrap().namespace;
        assert_eq!(chosen(&found, &source()).as_deref(), Some("bound"));
        found.worker = None;
        assert_eq!(chosen(&found, &source()).as_deref(), Some("titled"));
        let mut source = source();
        crate::config::bind_namespace(&mut source, "configured").unwrap();
        assert_eq!(chosen(&found, &source).as_deref(), Some("configured"));
    }

    #[test]
    fn a_missing_api_is_named_with_what_to_do() {
        let found = Found { missing_services: vec![SAMPLE_API.to_owned()], ..Found::default() };
        let refused = decide("gatehouse", &source(), &found, &TELL).unwrap_err().to_string();
        assert!(refused.contains("binds UPSTREAM") && refused.contains("--with-sample-api"), "{refused}");
        let wishes = Wishes { sample_api: true, ..TELL };
        assert!(decide("gatehouse", &source(), &found, &wishes).unwrap().sample_api);
        let found = Found { missing_services: vec!["my-api".to_owned()], ..Found::default() };
        assert!(
            !decide("gatehouse", &source(), &found, &wishes).unwrap_err().to_string().contains("--with-sample-api")
        );
    }

    #[test]
    fn the_sample_api_is_called_as_its_configuration_says() {
        let sample: Table = include_str!("../../../sample-api/wrangler.toml").parse().unwrap();
        assert_eq!(text(&sample, "name"), SAMPLE_API);
    }
}
