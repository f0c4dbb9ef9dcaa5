//! The texts of the consent page.

pub const LOADING: &str = "Loading the App’s request…";
pub const CANT_LOAD: &str = "Can’t load the App’s request";
pub const TRY_AGAIN: &str = "Try again";

pub fn sign_in_title(api: &str) -> String {
    format!("Sign in to {api}")
}

pub fn sign_in_lead(app: &str) -> String {
    format!(
        "{app} wants to access your account. Sign in to see what it asks for, then decide. It won’t see your password."
    )
}

pub const NEW_HERE: &str = "New here? ";
pub const CREATE_ACCOUNT: &str = "Create an account";

pub fn ask_title(app: &str, api: &str) -> String {
    format!("{app} wants to access your {api} account")
}

pub fn unverified(api: &str) -> String {
    format!("The developer provided these details. {api} hasn’t verified them.")
}

pub const CHANGED_TITLE: &str = "The App’s request has changed";
pub const CHANGED: &str = "Nothing was shared. Review it again before you decide.";
pub const KNOWN: &str = "You’ve authorized this App before.";
pub const MAY: &str = "It will be able to";
pub const ALREADY: &str = "It can already";
pub const MAY_NOT: &str = "It won’t be able to";

pub const SIGNED_IN_AS: &str = "Signed in as ";
pub const SWITCH_ACCOUNT: &str = "Sign out and use another account";

pub fn authorize(app: &str) -> String {
    format!("Authorize {app}")
}

pub const CANCEL: &str = "Cancel";
pub const WAIT: &str = "Please wait…";

pub fn gets_pin(app: &str) -> String {
    format!("You’ll get a PIN to enter in {app}.")
}

pub fn goes_to(place: &str) -> String {
    format!("You’ll be sent to {place}.")
}

pub const TERMS: &str = "Terms of service";
pub const PRIVACY: &str = "Privacy policy";
/// Before the link to [`CONNECTED_APPS`].
pub const REVOKE_IN: &str = "You can revoke access at any time in your ";
pub const CONNECTED_APPS: &str = "Connected Apps";
pub const NEW_TAB: &str = " (opens a new tab)";

pub const LEAVING: &str = "Taking you back to the App…";
pub const IF_NOTHING_HAPPENS: &str = "If nothing happens, ";
pub const CONTINUE: &str = "continue to the App";

pub fn pin_title(app: &str) -> String {
    format!("Your PIN for {app}")
}

pub fn pin_lead(app: &str) -> String {
    format!("Enter this PIN in {app}. It works once and expires 15 minutes after {app} asked for it.")
}

pub const PIN_SECRET: &str =
    "Don’t share it: anyone who has it can act on your behalf. You can close this window once you’ve entered it.";

pub const EXPIRED: &str = "This link has expired";
pub const START_AGAIN: &str = "Nothing was shared. Go back to the App and start again.";
pub const LINK_LIFE: &str = "A link works once, within 15 minutes.";

pub fn denied_title(app: &str) -> String {
    format!("You didn’t give {app} access")
}

pub const DENIED: &str = "Nothing was shared.";
pub const DENIED_CLOSE: &str = "Nothing was shared. You can close this window.";

pub fn return_to(app: &str) -> String {
    format!("Return to {app}")
}

pub const PROBLEM: &str = "This App’s request doesn’t work";
pub const PROBLEM_LEAD: &str = "Nothing was shared. If you’re the developer, here’s what went wrong:";
pub const RETURN: &str = "Return to the App";
