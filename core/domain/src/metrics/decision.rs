//! What the gate decided about a request, as it is counted.

use super::label::label;

label! {
    /// A decision of the gate: its verdict and, written as the label `reason`, its reason.
    Decision {
        /// The gate, another Worker or a proxy forwards the request.
        Forwarded = "none",
        /// A built-in route.
        Answered = "none",
        /// A browser's question before a request.
        Preflight = "preflight",
        NoCredential = "no-credential",
        Malformed = "malformed",
        UnknownCredential = "unknown-credential",
        EndedCredential = "ended-credential",
        MasterKey = "master-key",
        Timestamp = "timestamp",
        Signature = "signature",
        Origin = "origin",
        Nonce = "nonce",
        AmbiguousPath = "ambiguous-path",
        Body = "body",
        Suspended = "suspended",
        Restricted = "restricted",
        NotAllowed = "not-allowed",
        RateLimit = "rate-limit",
        MonthLimit = "month-limit",
        PageNotAllowed = "page-not-allowed",
        /// Storage did not answer, or master keys are wrong.
        Storage = "storage",
        /// A question of forward auth that names no request, or two.
        Question = "question",
        /// Somebody asks about a path under no version.
        NoVersion = "no-version",
    }
}

impl Decision {
    /// The verdicts, in the order of the decisions.
    pub fn verdicts() -> impl Iterator<Item = &'static str> {
        ["forward", "answer", "answer"].into_iter().chain(std::iter::repeat("refuse"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Label;
    use std::collections::BTreeSet;

    #[test]
    fn each_decision_is_a_series_of_its_own() {
        let series: BTreeSet<_> = Decision::verdicts().zip(Decision::TEXTS).collect();
        assert_eq!(series.len(), Decision::TEXTS.len());
        let verdict = |decision: Decision| Decision::verdicts().nth(decision.place());
        assert_eq!(verdict(Decision::Forwarded), Some("forward"));
        assert_eq!(verdict(Decision::Preflight), Some("answer"));
        assert_eq!(verdict(Decision::NoCredential), Some("refuse"));
    }
}
