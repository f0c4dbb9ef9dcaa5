//! What the secrets of the account's grants are derived from.

use super::Account;
use crate::ledger::{Act, Committed};
use gatehouse_domain::credential::Root;
use gatehouse_domain::message::credential::{HeldRoot, Place, take_over};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::ObjectPorts;
use gatehouse_shared::api::Done;

impl<R: ObjectPorts> Account<R> {
    pub(super) fn read_roots(&self) -> Result<Committed, PortalError> {
        let user = self.account()?.id;
        let mut held: Vec<HeldRoot> = Vec::new();
        for grant in self.grants()? {
            let app_id = grant.app.id;
            let root_in = |place, root: &Root| HeldRoot { app_id, place, root: root.clone() };
            held.extend(grant.access_tokens().map(|stored| root_in(Place::AccessToken(user), &stored.root)));
            held.extend(grant.families.iter().map(|family| root_in(Place::Family(user), &family.root)));
        }
        Committed::answer(&held)
    }

    /// Takes over what the secrets rest on, and nothing else: the rest may
    /// have changed since it was read.
    pub(super) fn put_roots(&self, roots: &[HeldRoot]) -> Result<Committed, PortalError> {
        let user = self.account()?.id;
        let mut answer = Committed::answer(&Done {})?;
        let serials = roots.iter().map(|held| held.root.serial);
        self.ledger.audit(&Act::new("rederive_credentials", "").with_serials(serials))?;
        for mut grant in self.grants()? {
            let (before, app_id) = (grant.clone(), grant.app.id);
            let own = grant.own.iter_mut().flat_map(|own| &mut own.tokens);
            for stored in own.chain(&mut grant.access_token) {
                take_over(&mut stored.root, app_id, Place::AccessToken(user), roots);
            }
            for family in &mut grant.families {
                take_over(&mut family.root, app_id, Place::Family(user), roots);
            }
            if grant != before {
                answer = self.store_grant(&grant, answer)?;
            }
        }
        Ok(answer)
    }
}
