//! Writes and reads each kind of credential.

use super::base62::{decode_u64, encode_u64};
use super::checksum::{CHECKSUM_CHARS, FormatError, check_body, pattern, seal, unseal, with_checksum};
use super::public::{PUBLIC_CHARS, Public};
use crate::model::{AccountId, UnixSeconds};

/// Digits of an account id.
pub(super) const USER_CHARS: usize = 11;
/// Digits of the number that counts the tokens of one authorization.
pub(super) const GENERATION_CHARS: usize = 4;
/// Digits of a moment in seconds: until the year 3769.
pub(super) const TIME_CHARS: usize = 6;
/// Digits of a set of 64 scopes, a bit for each: 62^11 > 2^64.
pub(super) const SCOPES_CHARS: usize = 11;
/// Digits of a derived secret: 256 bits.
pub const SECRET_CHARS: usize = 43;

/// `<prefix>_key_<26><6>`: names an App. Not a secret by itself.
pub struct ApiKey;
/// `<prefix>_client_<26><6>`: names an App in OAuth 2.0. Not a secret.
pub struct ClientId;
/// `<prefix>_request_<26><6>`: the token of a request to act for a user,
/// before it is granted. Not a secret by itself.
pub struct RequestToken;
/// `<prefix>_secret_<43><6>`: the secret of the API Key.
pub struct ApiKeySecret;
/// `<prefix>_clientsecret_<43><6>`: the secret of a confidential client.
pub struct ClientSecret;
/// `<prefix>_requestsecret_<43><6>`: the secret of the request token.
pub struct RequestTokenSecret;
/// `<user id>-<26><6>`: names an App and a user of it. Not a secret by itself.
/// It bears no prefix: client libraries read the user's id off its front.
pub struct AccessToken;
/// `<prefix>_tokensecret_<43><6>`: the secret of the Access Token.
pub struct AccessTokenSecret;
/// `<prefix>_bearer_<26><43><6>`: acts as the App.
pub struct BearerToken;
/// `<prefix>_code_<26><11><43><6>`: OAuth 2.0's authorization code.
pub struct AuthorizationCode;
/// `<prefix>_access_<26><11><4><6><11><43><6>`: OAuth 2.0's access token of a user.
pub struct OAuth2AccessToken;
/// `<prefix>_refresh_<26><11><4><43><6>`: OAuth 2.0's refresh token.
pub struct RefreshToken;

/// A credential that only names something: `<prefix>_<kind>_<26><6>`.
macro_rules! name_only {
    ($name:ident, $kind:literal) => {
        impl $name {
            pub const KIND: &str = $kind;

            /// Writes the name.
            pub fn write(prefix: &str, public: &Public) -> String {
                seal(prefix, Self::KIND, &public.write())
            }

            /// Reads the name; its tag is not checked yet.
            pub fn read(prefix: &str, text: &str) -> Result<Public, FormatError> {
                Public::read(unseal(prefix, Self::KIND, PUBLIC_CHARS, text)?)
            }

            /// The regular expression that finds one, for leak scanners.
            pub fn pattern(prefix: &str) -> String {
                pattern(prefix, Self::KIND, PUBLIC_CHARS)
            }
        }
    };
}

name_only!(ApiKey, "key");
name_only!(ClientId, "client");
name_only!(RequestToken, "request");

/// The secret half of a pair: `<prefix>_<kind>_<43><6>`.
macro_rules! secret_half {
    ($name:ident, $kind:literal) => {
        impl $name {
            pub const KIND: &str = $kind;

            /// Writes the secret around its derived digits.
            pub fn write(prefix: &str, derived: &str) -> String {
                seal(prefix, Self::KIND, derived)
            }

            /// Reads its derived digits, which are not checked yet.
            pub fn read<'a>(prefix: &str, text: &'a str) -> Result<&'a str, FormatError> {
                unseal(prefix, Self::KIND, SECRET_CHARS, text)
            }

            /// The regular expression that finds one, for leak scanners.
            pub fn pattern(prefix: &str) -> String {
                pattern(prefix, Self::KIND, SECRET_CHARS)
            }
        }
    };
}

secret_half!(ApiKeySecret, "secret");
secret_half!(AccessTokenSecret, "tokensecret");
secret_half!(ClientSecret, "clientsecret");
secret_half!(RequestTokenSecret, "requestsecret");

/// A user's token of OAuth 2.0, in parts. Nothing of it is checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserToken<'a> {
    pub public: Public,
    pub user: AccountId,
    /// How many tokens the authorization gave before; 0 for a code.
    pub generation: u32,
    /// When it stops working; 0 where the token does not say.
    pub until: UnixSeconds,
    /// Which scopes of the grant the token leaves out: bit 0 is the first one's.
    /// 0 where the token does not say.
    pub left_out: u64,
    /// Its secret digits.
    pub secret: &'a str,
}

/// A user's token of OAuth 2.0: public part, user, generation, end and scopes
/// as far as they are in it, secret.
macro_rules! user_token {
    ($name:ident, $kind:literal, $generation:expr, $time:expr, $scopes:expr) => {
        impl $name {
            pub const KIND: &str = $kind;
            const BODY_CHARS: usize = PUBLIC_CHARS + USER_CHARS + $generation + $time + $scopes + SECRET_CHARS;

            /// Writes the token.
            pub fn write(prefix: &str, token: &UserToken<'_>) -> String {
                let user = encode_u64(token.user.value(), USER_CHARS);
                let generation = encode_u64(u64::from(token.generation), $generation);
                let until = encode_u64(token.until.0, $time);
                let left_out = encode_u64(token.left_out, $scopes);
                let body = format!("{}{user}{generation}{until}{left_out}{}", token.public.write(), token.secret);
                seal(prefix, Self::KIND, &body)
            }

            /// Reads the token; neither tag nor secret are checked yet.
            pub fn read<'a>(prefix: &str, text: &'a str) -> Result<UserToken<'a>, FormatError> {
                let body = unseal(prefix, Self::KIND, Self::BODY_CHARS, text)?;
                let (public, rest) = body.split_at(PUBLIC_CHARS);
                let (user, rest) = rest.split_at(USER_CHARS);
                let (generation, rest) = rest.split_at($generation);
                let (until, rest) = rest.split_at($time);
                let (left_out, secret) = rest.split_at($scopes);
                let number = |digits: &str| decode_u64(digits).ok_or(FormatError::UserId);
                Ok(UserToken {
                    public: Public::read(public)?,
                    user: AccountId::from_value(number(user)?).map_err(|_| FormatError::UserId)?,
                    // Four digits are below 2^24.
                    generation: u32::try_from(number(generation)?).map_err(|_| FormatError::UserId)?,
                    until: UnixSeconds(number(until)?),
                    left_out: number(left_out)?,
                    secret,
                })
            }

            /// The regular expression that finds one, for leak scanners.
            pub fn pattern(prefix: &str) -> String {
                pattern(prefix, Self::KIND, Self::BODY_CHARS)
            }
        }
    };
}

user_token!(AuthorizationCode, "code", 0, 0, 0);
user_token!(OAuth2AccessToken, "access", GENERATION_CHARS, TIME_CHARS, SCOPES_CHARS);
user_token!(RefreshToken, "refresh", GENERATION_CHARS, 0, 0);

impl AccessToken {
    /// Writes an Access Token.
    pub fn write(user: AccountId, public: &Public) -> String {
        with_checksum(format!("{user}-{}", public.write()))
    }

    /// Reads an Access Token into its user and its public part; its tag is not
    /// checked yet.
    pub fn read(text: &str) -> Result<(AccountId, Public), FormatError> {
        let (user, rest) = text.split_once('-').ok_or(FormatError::Prefix)?;
        let user = user.parse().map_err(|_| FormatError::UserId)?;
        check_body(text, rest, PUBLIC_CHARS).and_then(Public::read).map(|public| (user, public))
    }

    /// The regular expression that finds one, for leak scanners.
    pub fn pattern() -> String {
        format!("\\b[1-9][0-9]{{18}}-[0-9A-Za-z]{{{}}}\\b", PUBLIC_CHARS + CHECKSUM_CHARS)
    }
}

impl BearerToken {
    pub const KIND: &str = "bearer";

    /// Writes a Bearer Token.
    pub fn write(prefix: &str, public: &Public, derived: &str) -> String {
        seal(prefix, Self::KIND, &(public.write() + derived))
    }

    /// Reads a Bearer Token into its public part and its secret digits;
    /// neither is checked yet.
    pub fn read<'a>(prefix: &str, text: &'a str) -> Result<(Public, &'a str), FormatError> {
        let body = unseal(prefix, Self::KIND, PUBLIC_CHARS + SECRET_CHARS, text)?;
        let (public, secret) = body.split_at(PUBLIC_CHARS);
        Ok((Public::read(public)?, secret))
    }

    /// The regular expression that finds one, for leak scanners.
    pub fn pattern(prefix: &str) -> String {
        pattern(prefix, Self::KIND, PUBLIC_CHARS + SECRET_CHARS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::Serial;
    use crate::model::AppId;
    use proptest::prelude::*;

    fn public() -> Public {
        Public { key_id: '1', app_id: AppId::from_random([7; 8]), serial: Serial::from_random([9; 8]), tag: 12345 }
    }

    fn user_token(generation: u32, until: u64, left_out: u64, secret: &str) -> UserToken<'_> {
        let user = AccountId::from_random([3; 8]);
        UserToken { public: public(), user, generation, until: UnixSeconds(until), left_out, secret }
    }

    /// One of each kind, with the parser that must take it and no other.
    type Parser = (&'static str, String, fn(&str) -> bool);

    fn one_of_each() -> Vec<Parser> {
        let user = AccountId::from_random([3; 8]);
        let secret = "s".repeat(SECRET_CHARS);
        vec![
            ("API Key", ApiKey::write("gh", &public()), |text| ApiKey::read("gh", text) == Ok(public())),
            ("API Key Secret", ApiKeySecret::write("gh", &secret), |text| ApiKeySecret::read("gh", text).is_ok()),
            ("Access Token", AccessToken::write(user, &public()), |text| {
                AccessToken::read(text) == Ok((AccountId::from_random([3; 8]), public()))
            }),
            ("Access Token Secret", AccessTokenSecret::write("gh", &secret), |text| {
                AccessTokenSecret::read("gh", text).is_ok()
            }),
            ("Bearer Token", BearerToken::write("gh", &public(), &secret), |text| {
                BearerToken::read("gh", text).is_ok_and(|(read, _)| read == public())
            }),
            ("Client ID", ClientId::write("gh", &public()), |text| ClientId::read("gh", text) == Ok(public())),
            ("Client Secret", ClientSecret::write("gh", &secret), |text| ClientSecret::read("gh", text).is_ok()),
            ("request token", RequestToken::write("gh", &public()), |text| {
                RequestToken::read("gh", text) == Ok(public())
            }),
            ("request token secret", RequestTokenSecret::write("gh", &secret), |text| {
                RequestTokenSecret::read("gh", text).is_ok()
            }),
            ("authorization code", AuthorizationCode::write("gh", &user_token(0, 0, 0, &secret)), |text| {
                AuthorizationCode::read("gh", text) == Ok(user_token(0, 0, 0, &"s".repeat(SECRET_CHARS)))
            }),
            (
                "OAuth 2.0 access token",
                OAuth2AccessToken::write("gh", &user_token(7, 1_800_000_000, u64::MAX, &secret)),
                |text| {
                    OAuth2AccessToken::read("gh", text)
                        == Ok(user_token(7, 1_800_000_000, u64::MAX, &"s".repeat(SECRET_CHARS)))
                },
            ),
            ("OAuth 2.0 refresh token", RefreshToken::write("gh", &user_token(7, 0, 0, &secret)), |text| {
                RefreshToken::read("gh", text) == Ok(user_token(7, 0, 0, &"s".repeat(SECRET_CHARS)))
            }),
        ]
    }

    #[test]
    fn what_was_written_reads_back_as_its_own_kind_alone() {
        for (written, text, _) in one_of_each() {
            for (kind, _, reads) in one_of_each() {
                assert_eq!(reads(&text), kind == written, "{kind}: {text}");
            }
        }
        assert_eq!(ApiKey::read("other", &ApiKey::write("gh", &public())), Err(FormatError::Prefix));
    }

    #[test]
    fn a_typo_in_any_character_is_caught() {
        for (kind, text, reads) in one_of_each() {
            for at in 0..text.len() {
                for typo in ["0", "1", "A", "z", "_", "-", "é"] {
                    if &text[at..=at] != typo {
                        let mut wrong = text.clone();
                        wrong.replace_range(at..=at, typo);
                        assert!(!reads(&wrong), "{kind}: {at} {typo}");
                    }
                }
                let mut short = text.clone();
                short.remove(at);
                assert!(!reads(&short), "{kind}: {at}");
            }
        }
    }

    #[test]
    fn every_kind_has_its_format_and_its_pattern_finds_it() {
        let formats = crate::credential::formats("gh");
        let made = one_of_each();
        assert_eq!(formats.len(), made.len());
        for (format, (kind, text, _)) in formats.iter().zip(made) {
            assert_eq!(format.name, kind);
            let pattern = regex::Regex::new(&format.pattern).unwrap();
            let line = format!("export KEY=\"{text}\" # leaked");
            assert_eq!(pattern.find(&line).map(|found| found.as_str()), Some(text.as_str()), "{}", format.pattern);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in "\\PC*", tail in "[0-9A-Za-z_]{0,90}") {
            for start in ["", "gh_key_", "gh_secret_", "gh_bearer_", "gh_access_", "gh_refresh_", "1234567890123456789-"] {
                let text = format!("{start}{tail}{text}");
                prop_assert!(one_of_each().iter().all(|(_, _, reads)| !reads(&text)));
            }
        }
    }
}
