//! Claims names at their registries, and gives claims back.

use super::Ledger;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::message::name_registry::{Action, Answer, NameRegistryCall, Owner};
use gatehouse_domain::portal_error::PortalError;
use gatehouse_domain::ports::{ObjectName, ObjectPorts, PortError, ask};

/// A name to claim, for whom, and the refusal where it is taken.
pub(crate) struct Claim {
    pub name: UniqueName,
    pub owner: Owner,
    pub refusal: PortalError,
    /// Whether it is taken, whatever its name registry says.
    pub is_reserved: bool,
}

impl<R: ObjectPorts> Ledger<R> {
    /// Claims names one by one; `claimed` has those to give back if the change
    /// is refused. After one is refused, the others are only looked up: how
    /// many calls it takes, there and back, must not tell which of them is
    /// taken, and a claim that comes to nothing could refuse somebody else, who
    /// has the first one.
    pub(super) async fn claim(
        &self,
        names: Vec<Claim>,
        number: u64,
        claimed: &mut Vec<(UniqueName, Owner)>,
    ) -> Result<(), PortalError> {
        let mut outcome = Ok(());
        for Claim { name, owner, refusal, is_reserved } in names {
            // Before the answer: a claim whose answer is lost may have been made.
            claimed.push((name.clone(), owner));
            let action =
                if is_reserved || outcome.is_err() { Action::Find } else { Action::Claim { owner, claim: number } };
            if self.ask_registry(&name, action).await? != Answer::Claimed {
                outcome = outcome.and(Err(refusal));
            }
        }
        outcome
    }

    pub(super) async fn ask_registry(&self, name: &UniqueName, action: Action) -> Result<Answer, PortError> {
        let object = ObjectName::NameRegistry(name.object().to_owned());
        ask(&self.runtime, &object, &NameRegistryCall { name: name.clone(), action }).await
    }

    /// Gives claims back that came to nothing. Best effort: a claim runs out
    /// by itself.
    pub(super) async fn withdraw(&self, claimed: Vec<(UniqueName, Owner)>, number: u64) {
        for (name, owner) in claimed {
            let _ = self.ask_registry(&name, Action::Withdraw { owner, claim: number }).await;
        }
    }
}
