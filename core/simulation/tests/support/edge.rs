//! Apps and grants that are written straight to KV, as their objects publish
//! them: for simulations of the gate alone, many thousand times.

use super::Deployed;
use gatehouse_domain::app::{AppRecord, LiveApp, app_key};
use gatehouse_domain::credential::{Derived, TokenUse, derive_token, draw_credential, draw_root, show_credential};
use gatehouse_domain::grant::{GrantRecord, LiveFamily, LiveGrant, grant_key};
use gatehouse_domain::ports::random;
use gatehouse_objects::TOMBSTONE_SECONDS;
use gatehouse_shared::api::CredentialKind;
use gatehouse_shared::credential::{OAuth2AccessToken, UserToken};
use gatehouse_shared::model::{AccountId, AppId, AppStatus, DeveloperAccountId, Permission, ProjectId, UnixSeconds};
use gatehouse_simulation::{MemoryRuntime, World};
use std::rc::Rc;

/// An App as its developer account would know it, and credentials for it.
pub struct EdgeApp {
    pub id: AppId,
    pub owner: DeveloperAccountId,
    pub user: AccountId,
    pub live: LiveApp,
    pub grant: LiveGrant,
    version: u64,
    /// An App's Bearer Token.
    pub bearer: String,
    /// A user's OAuth 2.0 access token.
    pub access: String,
}

impl EdgeApp {
    /// An active App in a Project if one is given; nothing of it is published yet.
    pub fn new(world: &Rc<World>, isolate: &Deployed, project_id: Option<ProjectId>) -> Self {
        let runtime = MemoryRuntime(world.clone());
        let id = AppId::from_random(random(&runtime));
        let owner = DeveloperAccountId::from_random(random(&runtime));
        let user = AccountId::from_random(random(&runtime));
        let (keyring, now) = (&isolate.settings.keyring, world.now().seconds());
        let kind = CredentialKind::BearerToken;
        let stored = draw_credential(keyring, "gh", kind, (id, None), now, &runtime);
        let bearer = show_credential(keyring, "gh", (id, None), &stored).unwrap().bearer_token.unwrap();
        let root = draw_root(keyring, &runtime);
        let until = UnixSeconds(now.0 + 7_200);
        let family = keyring.secret(Derived::Family(user), id, &root).unwrap();
        let secret = derive_token(&family, TokenUse::Access { until, left_out: 0 }, 1);
        let public = keyring.public(Derived::OAuth2AccessToken(user), id, root.serial);
        let access = OAuth2AccessToken::write(
            "gh",
            &UserToken { public, user, generation: 1, until, left_out: 0, secret: secret.reveal() },
        );
        let scopes = vec!["notes.read".to_owned()];
        let grant = LiveGrant { access_tokens: Vec::new(), own: None, families: vec![LiveFamily { root, scopes }] };
        let live = LiveApp {
            status: AppStatus::Active,
            owner_suspended: false,
            permission: Permission::Read,
            project_id,
            callback_urls: Vec::new(),
            sign_in: true,
            client_id: None,
            client_type: None,
            credentials: vec![stored],
            transfers: 0,
        };
        Self { id, owner, user, live, grant, version: 0, bearer, access }
    }

    /// Writes the App's record, or that it was deleted.
    pub fn publish(&mut self, world: &World, is_deleted: bool) {
        self.version += 1;
        let record = AppRecord::new(self.version, self.owner, (!is_deleted).then(|| self.live.clone()));
        let text = serde_json::to_string(&record).unwrap();
        world.kv.put(&app_key(self.id), &text, world.now(), is_deleted.then_some(TOMBSTONE_SECONDS));
    }

    /// Writes the user's grant, or that it was revoked.
    pub fn publish_grant(&mut self, world: &World, is_revoked: bool) {
        self.version += 1;
        let record = GrantRecord::new(self.version, (!is_revoked).then(|| self.grant.clone()));
        let text = serde_json::to_string(&record).unwrap();
        let lifetime = is_revoked.then_some(TOMBSTONE_SECONDS);
        world.kv.put(&grant_key(self.id, self.user), &text, world.now(), lifetime);
    }
}
