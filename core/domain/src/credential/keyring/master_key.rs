//! Derives tags and secrets under one master key.

use crate::credential::{Derived, Seed};
use gatehouse_shared::credential::{Public, Serial, TAGS};
use gatehouse_shared::model::AppId;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const TAG_INFO: &[u8] = b"gatehouse/v1/tag";
const SECRET_INFO: &[u8] = b"gatehouse/v1/secret";

/// Derives a key of 32 bytes from a master key.
fn expand(hkdf: &Hkdf<Sha256>, info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    // 32 bytes are well within HKDF's bounds, so it can't fail.
    let _ = hkdf.expand(info, key.as_mut());
    key
}

/// One entry of `MASTER_KEYS`.
pub(super) struct MasterKey {
    pub id: char,
    /// Keyed once here, so that a check pays only for its message.
    pub tag: Hmac<Sha256>,
    /// `None` for a retired key: it still tells what this deployment made, and
    /// derives no secret.
    secret: Option<Hmac<Sha256>>,
}

/// Derives the key that makes tags: all that a retired entry keeps.
pub(super) fn tag_key(master: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    expand(&Hkdf::new(None, master), TAG_INFO)
}

impl MasterKey {
    pub fn derive(id: char, master: &[u8; 32]) -> Self {
        let hkdf = Hkdf::new(None, master);
        Self { id, tag: keyed(&expand(&hkdf, TAG_INFO)), secret: Some(keyed(&expand(&hkdf, SECRET_INFO))) }
    }

    pub fn retired(id: char, tag: &[u8; 32]) -> Self {
        Self { id, tag: keyed(tag), secret: None }
    }

    pub fn public(&self, what: Derived, app_id: AppId, serial: Serial) -> Public {
        Public { key_id: self.id, app_id, serial, tag: self.tag_of(what, app_id, serial) }
    }

    pub fn fingerprint(&self) -> String {
        let mut mac = self.tag.clone();
        // No label is empty, so no tag is ever made from this.
        mac.update(b"\0fingerprint");
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        crate::credential::hex(&bytes[..8])
    }

    pub fn tag_of(&self, what: Derived, app_id: AppId, serial: Serial) -> u64 {
        let mut mac = self.tag.clone();
        absorb(&mut mac, what, app_id, serial);
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let [a, b, c, d, e, f, g, h, ..] = bytes;
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) % TAGS
    }

    pub fn derive_secret(
        &self,
        what: Derived,
        app_id: AppId,
        serial: Serial,
        seed: &Seed,
    ) -> Option<Zeroizing<[u8; 32]>> {
        let mut mac = self.secret.clone()?;
        absorb(&mut mac, what, app_id, serial);
        mac.update(seed.bytes());
        Some(Zeroizing::new(mac.finalize().into_bytes().into()))
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // One block of SHA-256, as HMAC pads it (RFC 2104 §2).
    let mut block = Zeroizing::new([0u8; 64]);
    block.iter_mut().zip(key).for_each(|(to, byte)| *to = *byte);
    <Hmac<Sha256> as KeyInit>::new((&*block).into())
}

/// Feeds what a tag or secret is bound to, unambiguously: a length, then fixed widths.
fn absorb(mac: &mut Hmac<Sha256>, what: Derived, app_id: AppId, serial: Serial) {
    let label = what.label();
    mac.update(&[u8::try_from(label.len()).unwrap_or(u8::MAX)]);
    mac.update(label);
    mac.update(&app_id.value().to_be_bytes());
    mac.update(&serial.value().to_be_bytes());
    if let Some(user) = what.user() {
        mac.update(&user.value().to_be_bytes());
    }
}
