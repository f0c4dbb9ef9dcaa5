//! Schemes that a callback URL may not use.

/// Run what follows as code, or read it as content.
const CODE: [&str; 9] =
    ["javascript", "vbscript", "vbs", "mocha", "livescript", "applescript", "data", "blob", "filesystem"];

/// Read a page or a file for the browser itself, wrap another URL, or show a
/// page of the browser.
const BROWSER: [&str; 24] = [
    "about",
    "view-source",
    "jar",
    "feed",
    "feeds",
    "pcast",
    "mhtml",
    "mk",
    "res",
    "resource",
    "wyciwyg",
    "chrome",
    "chrome-extension",
    "chrome-search",
    "chrome-untrusted",
    "devtools",
    "edge",
    "brave",
    "opera",
    "vivaldi",
    "moz-extension",
    "moz-icon",
    "safari-extension",
    "safari-web-extension",
];

/// Reach files and machines by another protocol.
const PROTOCOLS: [&str; 41] = [
    "file", "ftp", "ftps", "sftp", "tftp", "scp", "ssh", "git", "git+ssh", "svn", "svn+ssh", "smb", "cifs", "afp",
    "nfs", "dav", "davs", "webdav", "gopher", "ldap", "ldaps", "dict", "imap", "pop", "rtsp", "rtspu", "mmst", "mmsu",
    "msbd", "news", "snews", "nntp", "telnet", "rlogin", "tn3270", "vnc", "rdp", "ws", "wss", "cid", "mid",
];

/// Open a program of the operating system, or have it call or write to somebody.
const PROGRAMS: [&str; 36] = [
    "shell",
    "search",
    "search-ms",
    "hcp",
    "help",
    "mso-offdap",
    "intent",
    "android-app",
    "android-appdata",
    "content",
    "ios-app",
    "market",
    "app-settings",
    "prefs",
    "app-prefs",
    "shortcuts",
    "workflow",
    "x-man-page",
    "jnlp",
    "jnlps",
    "acrobat",
    "outlook",
    "stssync",
    "webcal",
    "webcals",
    "callto",
    "tel",
    "sms",
    "smsto",
    "mms",
    "mmsto",
    "facetime",
    "facetime-audio",
    "sip",
    "sips",
    "mailto",
];

/// Stores and players, which belong to the ones above: `itms-apps` and the like.
const STORES: [&str; 7] = ["itms", "itmss", "itpc", "daap", "keyword", "macappstore", "macappstores"];

/// Families of schemes that belong to an operating system, or open any page in a
/// browser: `microsoft-edge-https` and the like.
const FAMILIES: [&str; 8] =
    ["ms-", "itms-", "x-apple", "com.apple.", "microsoft-edge", "googlechrome", "firefox", "x-safari-"];

/// Whether a browser or an operating system gives a scheme (in lower case) a
/// meaning of its own, so that a redirect to it would open a program, run code
/// or read a page. A single letter is a drive to Windows.
pub(super) fn is_forbidden(scheme: &str) -> bool {
    let lists: [&[&str]; 5] = [&CODE, &BROWSER, &PROTOCOLS, &PROGRAMS, &STORES];
    scheme.len() == 1
        || FAMILIES.iter().any(|family| scheme.starts_with(family))
        || lists.iter().any(|list| list.contains(&scheme))
}

#[cfg(test)]
mod tests {
    use super::super::{Rules, callback_url};
    use super::*;

    fn rule(url: &str) -> &'static str {
        callback_url(url, &Rules::default()).err().map_or("none", |violation| violation.rule)
    }

    #[test]
    fn a_scheme_that_opens_a_program_runs_code_or_reads_a_page_is_refused() {
        for url in [
            "ms-msdt:/id PCWDiagnostic".replace(' ', "%20").as_str(),
            "search-ms:query=x",
            "ms-word:ofe%7Cu%7Chttps://example.com/x",
            "MS-Settings:network",
            "jar:https://example.com/a.jar!/x",
            "feed:javascript:alert(1)",
            "chrome-extension://abc/x",
            "android-app://com.example/x",
            "tel:+15550100",
            "mhtml:https://example.com/x",
            "x:y",
            "view-source:https://example.com",
            "intent://x#Intent;end",
            "itms-services://?action=download-manifest",
            "x-apple.systempreferences:x",
            "JavaScript:alert(1)",
            "vbscript:x",
            "file:///etc/passwd",
            "smb://host/share",
            "shell:startup",
            "microsoft-edge:https://example.com",
            "microsoft-edge-https://example.com",
            "googlechromes://example.com",
            "firefox://open-url?url=https://example.com",
            "x-safari-https://example.com",
            "itmss://example.com",
            "shortcuts://run-shortcut?name=x",
            "svn+ssh://host/x",
        ] {
            assert_eq!(rule(url), "scheme", "{url}");
        }
        for list in [&CODE[..], &BROWSER, &PROTOCOLS, &PROGRAMS, &STORES] {
            for scheme in list {
                assert_eq!(rule(&format!("{scheme}://x/y")), "scheme", "{scheme}");
                assert_eq!(rule(&format!("{}:x", scheme.to_uppercase())), "scheme", "{scheme}");
            }
        }
    }

    #[test]
    fn schemes_of_ones_own_stay() {
        for url in [
            "myapp://callback",
            "cursor://anysphere.cursor-retrieval/oauth/callback",
            "com.example.app:/oauth",
            "com.googleusercontent.apps.123:/oauth2redirect",
            "vscode://publisher.extension/cb",
            "web+notes://cb",
            "msal1234://auth",
        ] {
            assert_eq!(rule(url), "none", "{url}");
        }
    }
}
