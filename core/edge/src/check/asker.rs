/// Who has the request that is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The client: it is forwarded, or answered here.
    Client,
    /// Another Worker, which asks whether it may pass.
    Worker,
    /// A proxy, which asks whether it may pass.
    ForwardAuth {
        /// Whether what the API is to be told is signed: for a proxy that has
        /// proven itself.
        signs: bool,
    },
    /// A proxy that was refused and asks for the answer to give. Nothing is
    /// spent or counted; a refusal is noted once more, under the id that the
    /// caller gets.
    ProxyAfterRefusal,
}
