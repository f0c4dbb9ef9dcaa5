//! The texts of the pages of an App.

pub mod create {
    pub const TITLE: &str = "New App";
    pub const NAME_HINT: &str = "Must be unique. People see it when they authorize your App.";
    pub const DESCRIPTION_HINT: &str = "What it does, for the people who use it.";
    pub const STANDALONE: &str = "None (standalone App)";
    pub const CREATED: &str = "App created.";

    pub fn standalone_note(versions: &str) -> String {
        format!("A standalone App can’t call {versions}. You can attach it to a Project later and keep its keys.")
    }
}

pub mod page {
    pub const MISSING: &str = "There’s no such App, or you aren’t a member of its developer account.";
    pub const RESTRICTED: &str = "This App is read-only for now";
    pub const RESTRICTED_WHY: &str = "The operator restricted it. Requests that change something are refused.";
    pub const SUSPENDED: &str = "This App is suspended";
    pub const SUSPENDED_WHY: &str = "The operator suspended it. Requests with its credentials are refused.";
}

pub mod settings {
    pub const TITLE: &str = "Settings";
    pub const SAVED: &str = "Settings saved.";
    pub const CALLBACKS_HINT: &str = "Where people return after they authorize your App. Matched exactly, including a \
                                      trailing slash. For a native app, use your reversed domain name as the scheme, such as \
                                      com.example.app:/callback.";
    pub const CONSENT_SECTION: &str = "Shown to people who authorize your App";
}

pub mod project {
    pub const DETACHED: &str = "App detached. Its keys stay the same.";
    pub const ATTACHED: &str = "App attached. Its keys stay the same.";

    pub fn standalone(versions: &str) -> String {
        format!("This is a standalone App. To call {versions}, attach it to a Project. Its keys stay the same.")
    }

    pub fn detach(versions: &str) -> String {
        format!(
            "The App becomes standalone and keeps its keys. Calls to {versions} are refused until you attach it again."
        )
    }
}

pub mod transfer {
    pub const OFFERED: &str = "App offered.";
    pub const WITHDRAWN: &str = "Offer taken back.";
}

pub mod delete {
    pub const LEAD: &str = "Its credentials stop working, and its name becomes available again.";
}

pub mod permissions {
    pub const TITLE: &str = "App permissions";
    pub const SAVED: &str = "Permission saved.";
    pub const NOTE: &str = "Choose the lowest level that your App needs. Changes apply to the Bearer Token and to new Access \
                            Tokens. Existing Access Tokens keep their level until you regenerate them.";
    pub const STALE_TITLE: &str = "Your Access Token has an older permission";

    pub fn stale(hint: &str, level: &str, now: &str) -> String {
        format!("The token that ends in {hint} has “{level}”. The App now has “{now}”. Regenerate the token to use it.")
    }
}

pub mod sign_in {
    pub const TITLE: &str = "Sign in with your App";
    pub const SAVED: &str = "Sign-in settings saved.";
    pub const ALLOW: &str = "Let users sign in with this App and authorize it to act on their behalf";
    pub const TYPE: &str = "OAuth 2.0 client type";
    pub const ON: &str = "On";
    pub const OFF: &str = "Off";
    pub const NO_CLIENT: &str = "Not used";
    pub const OMIT_ISS: &str = "Omit iss";
    /// Before `iss`, which is code.
    pub const OMIT: &str = "Omit ";
    pub const FROM_REDIRECTS: &str = " from redirects. Needed for clients that reject it, such as Auth.js or NextAuth without a \
                                      configured issuer.";
    pub const NO_CALLBACKS: &str = "No callback URL registered";
    pub const NO_CALLBACKS_WHY: &str = "With OAuth 1.0a, users have to enter a PIN in your App. OAuth 2.0 doesn’t work without \
                                        a callback URL. Add one in ";
    pub const NOT_USED: &str = "Users sign in with OAuth 1.0a only.";
    pub const WEB_APP: &str = "Confidential client: runs on a server that keeps a Client Secret.";
    pub const AUTOMATED_APP: &str = "Confidential client: a bot or a job on machines you control.";
    pub const NATIVE_APP: &str = "Public client without a secret: installed on people’s devices.";
    pub const SINGLE_PAGE_APP: &str = "Public client without a secret: runs in the browser.";

    pub fn users(count: u64, number: &str) -> String {
        match count {
            0 => "No users have authorized this App yet.".to_owned(),
            1 => "1 user has authorized this App.".to_owned(),
            _ => format!("{number} users have authorized this App."),
        }
    }
}

pub mod usage {
    pub const NO_MONTH: &str = "This App isn’t in a Project, so no monthly cap applies, only per-endpoint rate limits.";
}

pub mod activity {
    pub const EMPTY_WHY: &str = "Changes to this App appear here.";
}

pub mod refusals {
    pub const EMPTY: &str = "No refused requests";
    pub const EMPTY_WHY: &str = "When a request is refused, it appears here with the reason. Old ones are removed.";
    pub const MISSING: &str = "No refusal with this request ID";
    pub const MISSING_WHY: &str = "The request may have been accepted, belong to another App, or no longer be stored. New refusals \
                                   appear within seconds.";
    pub const EVIDENCE: &str = "Evidence";
    pub const MARKED: &str = "Highlighted: the parts that differ.";
    pub const ID_HINT: &str = "From the response header ";

    pub fn about(kept: Option<u32>) -> String {
        let newest = kept.map_or("newest".to_owned(), |kept| format!("newest {kept}"));
        format!(
            "We keep the {newest} refusals of requests that proved to come from your App, and separately the newest others. \
             This list shows the newest of both. During spikes we keep a sample. New refusals appear within seconds."
        )
    }
}
