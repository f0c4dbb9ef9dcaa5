//! The reader of `api.toml`.

use gatehouse_shared::description::parse as read;

/// A description that is refused is refused with a line of the file, and one
/// that is taken names each of its routes' versions.
pub fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match read(text) {
        Err(error) => {
            assert!(
                (1..=text.matches('\n').count() + 1).contains(&error.line),
                "line {} of a shorter file",
                error.line
            );
            assert!(!error.message.is_empty());
        }
        Ok(api) => {
            for version in &api.versions {
                assert!(version.prefix.starts_with('/'));
                assert!(api.version_of(&format!("{}/x", version.prefix)).is_some());
            }
        }
    }
}
