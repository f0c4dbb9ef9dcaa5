//! The texts of the API reference. A text between backticks is code.

pub const TITLE: &str = "API reference";
pub const ON_THIS_PAGE: &str = "On this page";

pub const CALL: &str = "Call the API";
pub const CALL_TEXT: &str =
    "Create an App, save its credentials, and send its Bearer Token with each request in the `Authorization` header:";
pub const CALL_AGAIN: &str = "Lost the token? Get it again with your API Key & Secret:";

pub const SIGN: &str = "Sign requests";
pub const SIGN_TITLE: &str = "Sign requests as yourself";
pub const SIGN_TEXT: &str = "To act as yourself, generate an Access Token & Secret on your App’s page, and sign each request with OAuth 1.0a \
     (HMAC-SHA1 or HMAC-SHA256). A library does this for you. In Python:";
pub const IN_JAVASCRIPT: &str = "In JavaScript:";
pub const SIGN_HINT: &str = "Each request needs a new nonce and a current timestamp, so keep your machine’s clock synchronized. The response \
     header `x-access-level` tells you the token’s permission.";

pub const OAUTH1: &str = "Users: OAuth 1.0a";
pub const OAUTH1_TITLE: &str = "Act for a user with OAuth 1.0a";
pub const OAUTH1_TEXT: &str = "On your App’s page, turn on sign-in under “Permissions and sign-in” and register a callback URL under \
     “Settings”. Then:";
pub const OAUTH1_STEPS: [&str; 3] = [
    "`POST /oauth/request_token` returns a request token. It works for 15 minutes.",
    "Send the user to `/oauth/authorize`. After they authorize your App, they return to your callback URL with an \
     `oauth_verifier`.",
    "`POST /oauth/access_token` returns the user’s Access Token & Secret. Save them: they work until the user revokes \
     access.",
];
pub const OAUTH1_PYTHON: &str = "In Python, with requests-oauthlib:";
pub const OAUTH1_PIN: &str = "Apps without a callback URL use a PIN. The user types it into your App:";
pub const OAUTH1_HINT: &str = "To sign users in, send them to `/oauth/authenticate` instead: users who already authorized your App return at \
     once. Both pages accept `force_login=true` and `screen_name`.";

pub const OAUTH2: &str = "Users: OAuth 2.0";
pub const OAUTH2_TITLE: &str = "Act for a user with OAuth 2.0";
pub const OAUTH2_TEXT: &str = "On your App’s page, turn on sign-in and choose an OAuth 2.0 client type under “Permissions and sign-in” to get a \
     Client ID, and register a callback URL under “Settings”. Use the authorization code flow with PKCE (S256).";
pub const OAUTH2_PKCE: &str = "1. Create a code verifier for this sign-in";
pub const OAUTH2_SEND: &str = "2. Send the user to the consent page";
pub const OAUTH2_RETURN: &str = "They return to your callback URL with `code`, `state`, and `iss`. Check that the state is the one you sent, and \
     that iss is this portal’s origin. The code works once, for 30 seconds.";
pub const OAUTH2_ISSUER: &str = "Some clients refuse `iss` unless they know the issuer. In Auth.js and NextAuth, set `issuer` in the \
     provider’s options to this portal’s origin, or check “Omit iss” under “Permissions and sign-in” on your App’s page.";
pub const OAUTH2_EXCHANGE: &str = "3. Exchange the code for tokens";
pub const OAUTH2_PUBLIC: &str = "This is for Web Apps and Automated Apps. Native Apps and Single Page Apps have no secret: here and below, replace \
     `-u \"$CLIENT_ID:$CLIENT_SECRET\"` with `-d client_id=$CLIENT_ID`.";
pub const OAUTH2_CALL: &str = "4. Call the API";
pub const OAUTH2_REFRESH: &str = "Refresh";
pub const OAUTH2_REFRESH_TEXT: &str = "An access token works for 2 hours. With the scope `offline.access` you also get a refresh token. Each response \
     has the next one: use that from then on. If a response gets lost, send the same refresh token again within an hour. \
     If you send an older one, all tokens of this sign-in are revoked.";
pub const OAUTH2_REVOKE: &str = "Revoke";
pub const SCOPES: &str = "Scopes";
pub const SCOPES_TEXT: &str =
    "Request only the scopes you need, separated by spaces. Your App needs the permission listed with each.";
pub const SCOPE: &str = "Scope";
pub const ALLOWS: &str = "Allows";
pub const OFFLINE: &str = "Keep access after 2 hours, with a refresh token.";

pub const NEEDS_PROJECT: &str = "Apps in a Project";
pub const EVERY_APP: &str = "Every App";
pub const NEEDS_PROJECT_TEXT: &str = "Only Apps in a Project can call this version. To use it with a standalone App, attach the App to a Project on its \
     page; its keys stay the same.";
pub const PERMISSION: &str = "Permission";
pub const CREDENTIALS: &str = "Credentials";
pub const RATE_LIMIT: &str = "Rate limit";

pub const LIMITS: &str = "Rate limits";
pub const LIMITS_TEXT: &str = "Each endpoint’s limit is listed with it above. It counts your App’s own requests and each user’s requests separately. \
     Responses tell you where you stand:";
pub const HEADER: &str = "Header";
pub const MEANING: &str = "Meaning";
pub const LIMIT_HEADERS: [(&str, &str); 5] = [
    ("x-rate-limit-limit", "Requests allowed in the window"),
    ("x-rate-limit-remaining", "Requests left in the window"),
    ("x-rate-limit-reset", "When the next window begins, in seconds since 1970 (UTC)"),
    (
        "ratelimit",
        "The same values in the IETF draft format: r is the number of requests left, t the seconds until the window resets",
    ),
    ("retry-after", "With status 429: seconds to wait before you try again"),
];
pub const LIMITS_HINT: &str = "A Project also has a monthly cap. Once it’s reached, requests are refused until the first day of the next month \
     (UTC).";

pub const BROWSER: &str = "Call from a web page";
pub const BROWSER_TEXT: &str = "Web pages on other origins can call endpoints for which the operator has enabled CORS. Use OAuth 2.0 with a Single \
     Page App: an App’s keys and Bearer Token don’t belong in a page, where anyone can read them. Such a page can also read \
     the rate limit headers and `x-gatehouse-request-id`.";

pub const ERRORS: &str = "Errors";
pub const ERRORS_TEXT: &str = "Every refused request has an `x-gatehouse-request-id` header. Look it up under “Refusals” on your App’s page to see \
     exactly why it was refused.";
pub const PORTAL_ERRORS: &str = "For errors in this portal, see ";
pub const STATUS: &str = "Status";
pub const RESPONSE: &str = "Response";
pub const WHAT_TO_DO: &str = "What to do";

pub const ERROR_HELP: &str = "Error help";
pub const ERROR_HELP_LEAD: &str = "What this portal’s errors mean and how to fix them.";
pub const CODE: &str = "Code: ";
pub const WHAT_HAPPENED: &str = "What happened";
pub const HOW_TO_FIX: &str = "How to fix it";

pub fn lead(api: &str) -> String {
    format!("How to call {api} with your App’s credentials.")
}
