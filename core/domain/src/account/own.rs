//! The developer account that a person may apply for.

use gatehouse_shared::model::{AccountId, DeveloperAccountId};
use sha2::{Digest, Sha256};

/// The developer account that somebody may apply for after they left the one that they applied for before. Its id
/// follows from the two, so that a message which comes again changes nothing.
pub fn next_developer_account(account: AccountId, left: DeveloperAccountId) -> DeveloperAccountId {
    let digest: [u8; 32] = Sha256::digest(format!("own-developer-account/{account}/{left}")).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    DeveloperAccountId::from_random([a, b, c, d, e, f, g, h])
}
