//! Two isolates of one deployment.

use crate::TestDeployment;
use crate::server::{Server, repository, wrangler};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Sends requests that ask for it to the second isolate.
const ROUTER: &str = r#"
export default {
  fetch(request, env) {
    return (request.headers.has("x-elsewhere") ? env.ELSEWHERE : env.GATEHOUSE).fetch(request);
  },
};
"#;

impl Server {
    /// One deployment in two isolates, each with a memory of its own over the same storage: what carries the header
    /// `x-elsewhere` is answered by the second. `data` is an empty folder.
    pub fn in_two_isolates(data: &Path, variables: &[(&str, &str)]) -> Self {
        let tested =
            fs::read_to_string(repository().join("dist/worker-test.toml")).expect("made by `cargo xtask test`");
        let secrets = fs::read_to_string(Path::new(&TestDeployment::data()).join("secrets.env")).expect("the secrets");
        let mut vars = String::from("[vars]\n");
        for line in secrets.lines().filter(|line| !line.trim().is_empty()) {
            let (name, value) = line.split_once('=').expect("NAME=value");
            vars.push_str(&format!("{name} = \"{}\"\n", value.trim_matches('"')));
        }
        for (name, value) in variables {
            vars.push_str(&format!("{name} = \"{value}\"\n"));
        }
        let first = tested.replace("[vars]\n", &vars).replace("APPROVAL = \"review\"", "APPROVAL = \"auto\"");
        let second = first.replace("name = \"gatehouse\"", "name = \"elsewhere\"");
        let second: String = sections(&second)
            .filter(|section| !section.starts_with("[exports."))
            .map(|section| match section.starts_with("[[durable_objects.bindings]]") {
                // Its objects are those of the first.
                true => format!("{}\nscript_name = \"gatehouse\"\n\n", section.trim_end()),
                false => section,
            })
            .collect();
        let router = "name = \"router\"\nmain = \"router.js\"\ncompatibility_date = \"2026-10-23\"\n\
                      services = [{ binding = \"GATEHOUSE\", service = \"gatehouse\" }, \
                      { binding = \"ELSEWHERE\", service = \"elsewhere\" }]\n";
        let mut wrangler = wrangler(data, &data.join("registry"));
        for (name, text) in [("router", router), ("gatehouse", &first), ("elsewhere", &second)] {
            wrangler.arg("--config").arg(write(data, &format!("{name}.toml"), text));
        }
        write(data, "router.js", ROUTER);
        wrangler.arg("--config").arg(Path::new(&TestDeployment::data()).join("sample-api.toml"));
        wrangler.arg("--persist-to").arg(data.join("state"));
        Self::run(wrangler, "/healthz")
    }
}

/// Writes a file that only its owner reads: there are secrets in it.
fn write(data: &Path, name: &str, text: &str) -> PathBuf {
    let path = data.join(name);
    fs::write(&path, text).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its permissions");
    path
}

/// The tables of a TOML file, each with its head.
fn sections(text: &str) -> impl Iterator<Item = String> {
    let mut all = vec![String::new()];
    for line in text.lines() {
        if line.starts_with('[') {
            all.push(String::new());
        }
        let last = all.last_mut().expect("one at least");
        last.push_str(line);
        last.push('\n');
    }
    all.into_iter()
}
