//! Codes of invitations to a developer account.

use crate::credential::hex;
use crate::ports::{Entropy, random};
use gatehouse_shared::credential::encode_bytes;
use sha2::{Digest, Sha256};

/// How long an invitation can be accepted.
pub const INVITATION_SECONDS: u64 = 7 * 24 * 3600;

/// Draws the code of an invitation: 256 random bits.
pub fn draw_invitation_code(entropy: &impl Entropy) -> String {
    encode_bytes(&random::<32>(entropy))
}

/// The id of the invitation with a code: its SHA-256, which does not tell the code.
pub fn invitation_id(code: &str) -> String {
    hex(&Sha256::digest(code.as_bytes()))
}
