//! `cargo xtask package`: a folder, and a tar of it, with everything that serves on another machine.

use crate::{
    build::{self, Mode, PRODUCT},
    setup,
    workspace::Workspace,
};
use anyhow::{Context, Result};
use clap::Args;
use flate2::{Compression, write::GzEncoder};
use gatehouse::{
    assemble::copy_all,
    files::{copy, read_text, remove_folder, write},
    process::{run as run_command, say, timed},
};
use std::{
    env::consts::{ARCH, OS},
    fs::File,
    path::{Path, PathBuf},
};

#[derive(Args)]
pub struct Options {
    /// The folder for the package
    #[arg(long, default_value = "dist/package")]
    into: PathBuf,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::run_setup(workspace, setup::Tools::Serving)?;
    build::build(workspace, Mode::Release, &PRODUCT)?;
    let folder = make(workspace, &workspace.root.join(&options.into))?;
    let archive = timed("compressing it", || archive(&folder))?;
    println!("{}", folder.display());
    println!("{}", archive.display());
    Ok(())
}

/// Puts the package of what is built into a folder of its own below this one.
pub fn make(workspace: &Workspace, into: &Path) -> Result<PathBuf> {
    timed("gatehouse: cargo build --profile shipped", || {
        run_command(workspace.cargo().args(["build", "--package", "gatehouse", "--profile", "shipped"]))
    })?;
    let folder = into.join(format!("gatehouse-{}-{OS}-{ARCH}", env!("CARGO_PKG_VERSION")));
    say(format!("filling {}", folder.display()));
    remove_folder(&folder)?;
    let (root, library) = (&workspace.root, folder.join("lib"));
    let built = build::built(workspace, &PRODUCT)?;
    copy(&workspace.target.join("shipped/gatehouse"), &folder.join("gatehouse"))?;
    copy(&workspace.workerd(), &library.join("workerd"))?;
    copy_all(&built.worker, &library.join("worker"))?;
    copy_all(&built.portal, &library.join("portal"))?;
    copy_all(&built.encoded, &library.join("portal-encoded"))?;
    copy_all(&root.join("sample-api/src"), &library.join("sample-api"))?;
    copy_all(&root.join("cli/package"), &folder)?;
    for (file, name) in [
        ("api.toml", "api.toml"),
        ("LICENSE", "LICENSE"),
        ("docs/self-hosting/Caddyfile", "Caddyfile"),
        ("docs/self-hosting/nginx.conf", "nginx.conf"),
        ("docs/monitoring/alerts.yml", "alerts.yml"),
        ("docs/monitoring/grafana-dashboard.json", "grafana-dashboard.json"),
    ] {
        copy(&root.join(file), &folder.join(name))?;
    }
    write(&folder.join("README.md"), guide(root)?.as_bytes())?;
    Ok(folder)
}

/// The files beside the guide that it links to.
const EXAMPLES: [&str; 4] = ["Caddyfile", "nginx.conf", "alerts.yml", "grafana-dashboard.json"];

/// The guide for somebody who has only the package. It links to the examples beside it, and to no other file.
fn guide(root: &Path) -> Result<String> {
    let text =
        read_text(&root.join("docs/self-hosting.md"))?.replace("(self-hosting/", "(").replace("(monitoring/", "(");
    let mut parts = text.split("](");
    let mut guide = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (target, rest) = part.split_once(')').context("a link has an end")?;
        let is_here = target.starts_with("http") || EXAMPLES.contains(&target);
        if is_here {
            guide.push_str(&format!("]({target}){rest}"));
        } else {
            let begin = guide.rfind('[').context("a link has a beginning")?;
            guide.remove(begin);
            guide.push_str(&format!(" of the source{rest}"));
        }
    }
    Ok(guide)
}

/// Writes the folder into a compressed tar beside it.
pub fn archive(folder: &Path) -> Result<PathBuf> {
    let name = folder.file_name().context("the package has a name")?;
    let path = folder.with_file_name(format!("{}.tar.gz", name.display()));
    let mut tar = tar::Builder::new(GzEncoder::new(File::create(&path)?, Compression::default()));
    tar.append_dir_all(name, folder)?;
    tar.into_inner()?.finish()?;
    Ok(path)
}
