//! The body of a request, where a signature may cover it (RFC 5849 §3.4.1.3.1).

/// The largest form that is read to be verified, in bytes. A larger one can be
/// sent as multipart/form-data, which is not signed.
pub const LARGEST_FORM: usize = 1024 * 1024;

/// The same where neither header nor query names a key and a token that were
/// made here: what is held for anybody who sends one.
pub const LARGEST_UNKNOWN_FORM: usize = 64 * 1024;

/// What was read of a request's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// It has no body that is `application/x-www-form-urlencoded`.
    None,
    Read(Vec<u8>),
    /// It has more bytes than are read.
    TooLarge,
    /// The client went away before it had sent all.
    BrokenOff,
}

/// A request's body that has not been read yet.
pub trait FormBody {
    /// Reads the body where it is a form of at most so many bytes.
    fn read(&self, most: usize) -> impl Future<Output = Form>;
}

/// A body that is in memory already.
impl FormBody for Form {
    async fn read(&self, most: usize) -> Form {
        match self {
            Self::Read(bytes) if bytes.len() > most => Self::TooLarge,
            form => form.clone(),
        }
    }
}
