//! Recognizes a browser in which somebody signed in before.

use super::UniqueName;
use crate::credential::{Keyring, SEAL_CHARS, Sealed};
use crate::ports::{Entropy, random};
use gatehouse_shared::credential::encode_bytes;

/// How long a browser is known after a sign-in.
pub const BROWSER_SECONDS: u64 = 180 * 24 * 3600;
const RANDOM_CHARS: usize = 43;

/// A browser in which somebody signed in before: `<43 base62 digits>.<seal>
/// .<seal>`, one seal for the username and one for the e-mail address. It opens
/// nothing. Guesses at a name from elsewhere do not use up its tries (OWASP,
/// "Slow Down Online Guessing Attacks with Device Cookies").
pub struct KnownBrowser<'a> {
    drawn: &'a str,
    seals: [&'a str; 2],
}

impl<'a> KnownBrowser<'a> {
    /// Makes what a browser keeps after a sign-in with an account of these names.
    pub fn generate(names: [&UniqueName; 2], keyring: &Keyring, entropy: &impl Entropy) -> String {
        let drawn = encode_bytes(&random(entropy));
        let [username, email] = names.map(|name| keyring.seal(Sealed::Browser, &parts(&drawn, name)));
        format!("{drawn}.{username}.{email}")
    }

    /// Reads what a browser sent; `None` where it can't be one.
    pub fn read(text: &'a str) -> Option<Self> {
        let (drawn, seals) = text.split_once('.')?;
        let (username, email) = seals.split_once('.')?;
        let fits = drawn.len() == RANDOM_CHARS && username.len() == SEAL_CHARS && email.len() == SEAL_CHARS;
        fits.then_some(Self { drawn, seals: [username, email] })
    }

    /// Whether somebody signed in here with an account of that name.
    pub fn knows(&self, name: &UniqueName, keyring: &Keyring) -> bool {
        self.seals.iter().any(|seal| keyring.is_sealed(Sealed::Browser, &parts(self.drawn, name), seal))
    }

    /// What its tries are counted under.
    pub fn id(&self) -> &'a str {
        self.drawn
    }
}

fn parts<'a>(drawn: &'a str, name: &'a UniqueName) -> [&'a [u8]; 2] {
    [drawn.as_bytes(), name.as_str().as_bytes()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededEntropy;

    #[test]
    fn a_browser_is_known_for_the_names_that_signed_in_there_and_no_other() {
        let keyring = Keyring::parse(&format!("1:{}", "a".repeat(64))).unwrap();
        let (name, email) = (UniqueName::username("Alice"), UniqueName::email("alice@example.com"));
        let text = KnownBrowser::generate([&name, &email], &keyring, &SeededEntropy::new(1));
        let browser = KnownBrowser::read(&text).unwrap();
        assert!(browser.knows(&UniqueName::username("alice"), &keyring));
        assert!(browser.knows(&UniqueName::email("ALICE@example.com"), &keyring));
        assert!(!browser.knows(&UniqueName::username("bob"), &keyring));
        let made_up = format!("{}{}", if text.starts_with('0') { '1' } else { '0' }, &text[1..]);
        assert!(!KnownBrowser::read(&made_up).unwrap().knows(&name, &keyring));
        for text in ["", ".", "..", "x.y.z"] {
            assert!(KnownBrowser::read(text).is_none());
        }
    }
}
