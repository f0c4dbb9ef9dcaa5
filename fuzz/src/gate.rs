//! The gate: what a caller sends in place of a credential.

use futures::executor::block_on;
use gatehouse_domain::app::{AppRecord, LiveApp, app_key};
use gatehouse_domain::credential::{draw_credential, show_credential};
use gatehouse_domain::gate::Verdict;
use gatehouse_domain::grant::{GrantRecord, LiveGrant, grant_key};
use gatehouse_domain::ports::random;
use gatehouse_domain::request::RequestHead;
use gatehouse_domain::settings::Settings;
use gatehouse_edge::check::{Asker, Form, OriginalRequest};
use gatehouse_edge::isolate::Isolate;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::description::parse;
use gatehouse_shared::model::{AccountId, AppId, AppStatus, DeveloperAccountId, Permission};
use gatehouse_simulation::{MemoryRuntime, World};

const ORIGIN: &str = "https://gate.example";
const API: &str = include_str!("../../api.toml");

/// A deployment with one App, whose public names are known and whose secrets
/// are not: nothing that the fuzzer makes may pass.
struct Gate {
    isolate: Isolate<MemoryRuntime>,
    api_key: String,
    access_token: String,
}

impl Gate {
    fn new() -> Self {
        let world = World::new(1);
        let runtime = MemoryRuntime(world.clone());
        let keys = format!("1:{}", "5a".repeat(32));
        let settings = Settings::read(parse(API).unwrap(), |name| match name {
            "MASTER_KEYS" => Some(keys.clone()),
            "OPERATOR_PASSWORD" => Some("operator-password-1".to_owned()),
            _ => None,
        });
        let settings = settings.unwrap();
        let (app_id, owner) = (AppId::from_random(random(&runtime)), DeveloperAccountId::from_random(random(&runtime)));
        let user = AccountId::from_random(random(&runtime));
        let (keyring, prefix, now) = (&settings.keyring, settings.prefix(), world.now().seconds());
        let draw = |kind, user| draw_credential(keyring, prefix, kind, (app_id, user), now, &runtime);
        let credentials = [CredentialKind::ApiKey, CredentialKind::BearerToken].map(|kind| draw(kind, None));
        let mut token = draw(CredentialKind::AccessToken, Some(user));
        token.permission = Some(Permission::ReadWriteDirectMessages);
        let api_key = show_credential(keyring, prefix, (app_id, None), &credentials[0]).unwrap().api_key.unwrap();
        let access_token =
            show_credential(keyring, prefix, (app_id, Some(user)), &token).unwrap().access_token.unwrap();
        let live = LiveApp {
            status: AppStatus::Active,
            owner_suspended: false,
            permission: Permission::ReadWriteDirectMessages,
            project_id: None,
            callback_urls: Vec::new(),
            sign_in: true,
            client_id: None,
            client_type: None,
            credentials: credentials.to_vec(),
            transfers: 0,
        };
        let record = AppRecord::new(1, owner, Some(live));
        world.kv.put(&app_key(app_id), &serde_json::to_string(&record).unwrap(), world.now(), None);
        let grant =
            GrantRecord::new(1, Some(LiveGrant { access_tokens: vec![token], own: None, families: Vec::new() }));
        world.kv.put(&grant_key(app_id, user), &serde_json::to_string(&grant).unwrap(), world.now(), None);
        Self { isolate: Isolate::new(runtime, settings), api_key, access_token }
    }

    /// Puts the App's public names in for the words that stand for them.
    fn name(&self, text: &str) -> String {
        text.replace("API_KEY", &self.api_key).replace("ACCESS_TOKEN", &self.access_token)
    }

    fn decide(&self, asker: Asker, head: &RequestHead<'_>, form: Form) {
        match block_on(self.isolate.check(asker, head, &form)) {
            Some(Verdict::Forward(_)) => panic!("a made-up credential passes"),
            Some(Verdict::Answer(answer)) => assert!(answer.status >= 400, "{}", answer.status),
            Some(Verdict::Refuse(refused)) => assert!(refused.answer.status >= 400),
            // The path lies under no version.
            None => {}
        }
    }
}

thread_local! {
    static GATE: Gate = Gate::new();
}

/// The value of an `Authorization` header; a header's value has no line end.
pub fn authorization_header(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if text.contains(['\n', '\r', '\0']) {
        return;
    }
    GATE.with(|gate| {
        let authorization = gate.name(text);
        for (method, path) in [("GET", "/2/notes?a=b"), ("POST", "/1.1/notes.json")] {
            let url = format!("{ORIGIN}{path}");
            let head = RequestHead { method, url: &url, authorization: Some(&authorization) };
            gate.decide(Asker::Client, &head, Form::None);
        }
    });
}

/// The body of a form that may be signed, without a header.
pub fn form_body(bytes: &[u8]) {
    GATE.with(|gate| {
        let named = std::str::from_utf8(bytes).map(|text| gate.name(text).into_bytes());
        let body = named.as_deref().unwrap_or(bytes);
        let url = format!("{ORIGIN}/1.1/notes.json");
        let head = RequestHead { method: "POST", url: &url, authorization: None };
        gate.decide(Asker::Client, &head, Form::Read(body.to_vec()));
    });
}

/// The headers of a proxy's question, one a line.
pub fn forward_auth(bytes: &[u8]) {
    let Ok(lines) = std::str::from_utf8(bytes) else { return };
    GATE.with(|gate| {
        for path in ["/gate/check", "/gate/refusal", "/gate/check/2/notes"] {
            let url = format!("{ORIGIN}{path}");
            let Ok(OriginalRequest { asker, method, url }) = gate.isolate.read_original_request("GET", &url, lines)
            else {
                continue;
            };
            assert!(url.starts_with("http://") || url.starts_with("https://"), "{url}");
            assert!(!url.contains(['\n', '\r']) && !method.contains(['\n', '\r', ' ']), "{method} {url}");
            gate.decide(asker, &RequestHead { method: &method, url: &url, authorization: None }, Form::None);
        }
    });
}
