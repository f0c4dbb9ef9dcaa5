//! What bytes from outside must never do, whatever they are.
//!
//! Each target takes any bytes and panics where a property is broken. A fuzzer
//! looks for such bytes (`cargo xtask fuzz`); the test suite replays the ones
//! that are kept in `fuzz/corpus`.

mod credential;
mod description;
mod gate;
mod url;

/// A name, which is also that of its folder in the corpus, and the function
/// that takes the bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 6] = [
    ("authorization-header", gate::authorization_header),
    ("form-body", gate::form_body),
    ("forward-auth", gate::forward_auth),
    ("credential", credential::read),
    ("callback-url", url::callback),
    ("api-description", description::parse),
];
