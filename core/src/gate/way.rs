/// Who has the request, and what the gate is asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The gate has it: it is forwarded, or answered here.
    Proxy,
    /// Another Worker has it and asks whether it may pass.
    Check,
    /// A proxy has it and asks whether it may pass.
    ForwardAuth {
        /// Whether what the API is to be told is signed: for a proxy that has
        /// proven itself.
        signs: bool,
    },
    /// A proxy that was refused asks for the answer to give. Nothing is spent
    /// or counted; a refusal is noted once more, under the id that the caller
    /// gets.
    Refusal,
}
