//! The values of labels. Each set is fixed.

/// A label whose values are all known beforehand.
pub trait Label: Copy + 'static {
    /// The values as they are written, each at its place.
    const TEXTS: &'static [&'static str];

    fn place(self) -> usize;
}

macro_rules! label {
    ($(#[$about:meta])* $name:ident { $($(#[$of_value:meta])* $value:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of_value])* $value,)+
        }

        impl $crate::metrics::Label for $name {
            const TEXTS: &'static [&'static str] = &[$($text),+];

            fn place(self) -> usize {
                self as usize
            }
        }
    };
}

pub(super) use label;

label! {
    /// What becomes of leases of admissions.
    LeaseEvent {
        Asked = "asked",
        /// A window or a month is used up.
        Refused = "refused",
        /// App traffic gave no answer.
        Failed = "failed",
        Returned = "returned",
    }
}

label! {
    KvReadOutcome {
        Found = "found",
        Absent = "absent",
        Failed = "failed",
    }
}

label! {
    KvWriteOutcome {
        Written = "written",
        Failed = "failed",
    }
}

label! {
    ObjectOutcome {
        Answered = "answered",
        Failed = "failed",
    }
}

label! {
    /// How a try to deliver a publication ended.
    DeliveryOutcome {
        Delivered = "delivered",
        Failed = "failed",
    }
}

label! {
    UpstreamFailureKind {
        Unreachable = "unreachable",
        TimedOut = "timed-out",
    }
}

label! {
    /// The first digit of a status.
    StatusClass {
        Informational = "1xx",
        Success = "2xx",
        Redirection = "3xx",
        ClientError = "4xx",
        ServerError = "5xx",
    }
}

impl StatusClass {
    /// A status that is none counts as an error of the server.
    pub fn of(status: u16) -> Self {
        match status {
            100..=199 => Self::Informational,
            200..=299 => Self::Success,
            300..=399 => Self::Redirection,
            400..=499 => Self::ClientError,
            _ => Self::ServerError,
        }
    }
}

label! {
    /// The classes of Durable Objects.
    ObjectClass {
        Account = "account",
        DeveloperAccount = "developer-account",
        NameRegistry = "name-registry",
        AppTraffic = "app-traffic",
        ProjectQuota = "project-quota",
        AccountIndex = "account-index",
        AuditMonth = "audit-month",
        AuditIndex = "audit-index",
    }
}

impl ObjectClass {
    pub const COUNT: usize = <Self as Label>::TEXTS.len();
}
