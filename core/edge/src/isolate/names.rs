//! Asks the name registry who has a name.

use crate::isolate::Isolate;
use gatehouse_domain::account::UniqueName;
use gatehouse_domain::message::name_registry::{Action, Answer, NameRegistryCall, Owner};
use gatehouse_domain::ports::{EdgePorts, ObjectName, PortError, ask};
use gatehouse_shared::model::AccountId;

impl<R: EdgePorts> Isolate<R> {
    /// The account for which a username or e-mail address is reserved or in use.
    pub(crate) async fn find_owner(&self, name: &UniqueName) -> Result<Option<AccountId>, PortError> {
        Ok(match self.find_name(name).await? {
            Some(Owner::Account(account)) => Some(account),
            _ => None,
        })
    }

    /// Who has a name.
    pub(crate) async fn find_name(&self, name: &UniqueName) -> Result<Option<Owner>, PortError> {
        let object = ObjectName::NameRegistry(name.object().to_owned());
        let call = NameRegistryCall { name: name.clone(), action: Action::Find };
        let answer: Answer = ask(&self.runtime, &object, &call).await?;
        Ok(match answer {
            Answer::Found(owner) => owner,
            _ => None,
        })
    }
}
