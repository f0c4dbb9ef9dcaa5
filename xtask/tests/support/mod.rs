//! What the tests of deployments share: an account that stands in for one at Cloudflare, a Worker that is built, and a
//! repository with branches.

pub mod account;
pub mod repository;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// `cargo xtask`, in a repository, with nobody's credentials.
pub fn xtask(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .current_dir(root)
        .env("CARGO_MANIFEST_DIR", root.join("xtask"))
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("GATEHOUSE_PREVIEW_OPERATOR_PASSWORD")
        .env("CLOUDFLARE_API_TOKEN", "a token for nothing")
        .env("CLOUDFLARE_ACCOUNT_ID", "acct")
        // Nothing listens there: a call that is not meant to be made fails.
        .env("CLOUDFLARE_API_BASE_URL", "http://127.0.0.1:1");
    command
}

/// Everything that a run printed.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// This repository.
pub fn here() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").expect("run by cargo");
    Path::new(&manifest).parent().expect("xtask/ lies in the repository").to_owned()
}

/// Writes what a build would have made, as small as wrangler takes it.
pub fn build_small_worker(dist: &Path) {
    let classes = [
        "Account",
        "DeveloperAccount",
        "NameRegistry",
        "AppTraffic",
        "ProjectQuota",
        "AccountIndex",
        "AuditMonth",
        "AuditIndex",
    ];
    let classes = classes.map(|name| format!("export class {name} extends DurableObject {{}}\n")).concat();
    let entry = format!(
        "import {{ DurableObject }} from \"cloudflare:workers\";\n{classes}\
         export default {{ fetch: () => new Response(\"small\") }};\n"
    );
    for (file, text) in [("worker/entry.js", entry.as_str()), ("portal/index.html", "<!doctype html>")] {
        let path = dist.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}
