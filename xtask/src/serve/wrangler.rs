//! wrangler's local server (workerd, KV and Durable Objects on disk) as a child in a process group of its own.

use super::temporary::{make_temporary_folder, remove_temporary_folder, temporary_folder};
use crate::{
    build::{Built, WorkerVariant},
    config::{point_at, read_config, write_config},
    process::{end_group, pause},
    secret::{LocalSecrets, write_private},
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    io::ErrorKind,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Set by Ctrl-C and SIGTERM.
#[derive(Clone)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub fn stop_signal() -> Result<StopSignal> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in signal_hook::consts::TERM_SIGNALS {
        // The second signal ends xtask at once, should the orderly way out hang.
        signal_hook::flag::register_conditional_shutdown(*signal, 1, Arc::clone(&flag))?;
        signal_hook::flag::register(*signal, Arc::clone(&flag))?;
    }
    Ok(StopSignal(flag))
}

pub struct Server {
    child: Child,
    port: u16,
    data: PathBuf,
}

impl Server {
    /// Starts a built Worker with the sample API behind it, and returns when it answers.
    pub fn start(
        workspace: &Workspace,
        variant: &WorkerVariant,
        port: u16,
        data: &Path,
        stop: &StopSignal,
    ) -> Result<Self> {
        let config = config_of(workspace, variant)?;
        Self::launch(wrangler_dev(workspace, &workspace.root, &config, port, data)?, port, data, stop)
    }

    /// Starts what [`wrangler_dev`] gave for a data folder, and returns when it answers. It goes on when xtask ends.
    pub fn start_detached(command: Command, port: u16, data: &Path, stop: &StopSignal) -> Result<u32> {
        let server = Self::launch(command, port, data, stop)?;
        let group = server.child.id();
        // Its end would end the server.
        std::mem::forget(server);
        Ok(group)
    }

    fn launch(mut command: Command, port: u16, data: &Path, stop: &StopSignal) -> Result<Self> {
        make_temporary_folder(data)?;
        let child = command.spawn().context("cannot start wrangler")?;
        let mut server = Self { child, port, data: data.to_owned() };
        server.wait_until_ready(stop)?;
        Ok(server)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Fails when the server has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("wrangler ended by itself ({status}); what it said stands above"),
            None => Ok(()),
        }
    }

    pub fn stop(mut self) -> Result<()> {
        self.end_group();
        Ok(())
    }

    fn wait_until_ready(&mut self, stop: &StopSignal) -> Result<()> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(2)))
            .http_status_as_error(false)
            .build()
            .into();
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            self.check()?;
            if stop.requested() {
                bail!("stopped while starting");
            }
            if agent.get(self.url()).call().is_ok() {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("the server did not answer within 60 s");
            }
            pause(Duration::from_millis(100));
        }
    }

    /// Ends wrangler and the workerd it started; a workerd that does not go is killed.
    fn end_group(&mut self) {
        let group = self.child.id();
        end_group(group, || drop(self.child.try_wait()));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end_group();
        // What stays goes when the next server starts.
        let _ = remove_temporary_folder(&self.data);
    }
}

/// wrangler's server for a configuration, with the sample API of a source tree behind it, in a process group of its own.
pub fn wrangler_dev(workspace: &Workspace, source: &Path, config: &Path, port: u16, data: &Path) -> Result<Command> {
    let mut command = workspace.npm_tool("wrangler")?;
    command
        .arg("dev")
        .arg("--config")
        .arg(config)
        .arg("--config")
        .arg(sample_api_config(source, data)?)
        .args(["--ip", "127.0.0.1", "--port", &port.to_string()])
        .args(["--inspector-port", "0", "--local-protocol", "http"])
        .args(own_origins(config, port, data)?)
        .args(["--show-interactive-dev-session=false", "--log-level", "warn"])
        .arg("--persist-to")
        .arg(data.join("state"))
        // As a file: arguments can be read by everybody on the machine.
        .arg("--env-file")
        .arg(LocalSecrets::file(data))
        .envs(wrangler_environment())
        // Instances with other data do not find each other.
        .env("WRANGLER_REGISTRY_PATH", data.join("registry"))
        .env("TMPDIR", temporary_folder(data))
        .stdin(Stdio::null())
        // Ctrl-C goes to the terminal's whole group: out of it, so that the end is ours to order.
        .process_group(0);
    Ok(command)
}

/// Has the server answer for itself alone, whatever host a request names: unless it is told in its settings for whom. Any
/// port will do: a proxy to try forward auth with has its own.
fn own_origins(config: &Path, port: u16, data: &Path) -> Result<Vec<String>> {
    let config: toml::Table = toml::from_str(&fs::read_to_string(config)?)?;
    let in_config = config.get("vars").is_some_and(|vars| vars.get("ORIGINS").is_some());
    if in_config || LocalSecrets::load(data)?.sets_origins {
        return Ok(Vec::new());
    }
    let origins = format!("http://127.0.0.1:{port},http://127.0.0.1:*,http://localhost:*");
    Ok(vec!["--var".to_owned(), format!("ORIGINS:{origins}")])
}

/// The sample API's configuration with the key that it shares with the gate: wrangler gives an `--env-file` to the first
/// Worker alone.
fn sample_api_config(source: &Path, data: &Path) -> Result<PathBuf> {
    let source = source.join("sample-api");
    let mut config = read_config(&source)?;
    config.insert("main".into(), source.join("src/index.js").display().to_string().into());
    if let Some(key) = LocalSecrets::load(data)?.upstream_key {
        config.insert("vars".into(), toml::Table::from_iter([("UPSTREAM_KEY".to_owned(), key.into())]).into());
    }
    let path = data.join("sample-api.toml");
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot replace {}", path.display()));
        }
        _ => {}
    }
    write_private(&path, toml::to_string(&config)?.as_bytes())?;
    Ok(path)
}

/// Has wrangler ask nothing of the network nor of the person.
pub fn wrangler_environment() -> [(&'static str, &'static str); 7] {
    [
        // wrangler would keep a record of every request, with its URL, for good; and show what is stored to whoever asks.
        ("X_LOCAL_OBSERVABILITY", "false"),
        ("X_LOCAL_EXPLORER", "false"),
        ("CI", "1"),
        ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
        ("WRANGLER_HIDE_BANNER", "true"),
        ("WRANGLER_SEND_ERROR_REPORTS", "false"),
        ("WRANGLER_SEND_METRICS", "false"),
    ]
}

/// The configuration to run a variant with: wrangler.toml, or a copy of it for tests.
fn config_of(workspace: &Workspace, variant: &WorkerVariant) -> Result<PathBuf> {
    if variant.name == crate::build::PRODUCT.name {
        return Ok(workspace.root.join("wrangler.toml"));
    }
    let mut config = read_config(&workspace.root)?;
    let built = Built { worker: workspace.dist().join(variant.name), portal: workspace.dist().join("portal") };
    point_at(&mut config, &built)?;
    // Every test comes from one address, which all limits on sign-ups and sign-ins would soon stop.
    let limits = config.get_mut("ratelimits").and_then(toml::Value::as_array_mut);
    for limit in limits.into_iter().flatten() {
        let simple = limit.get_mut("simple").and_then(|simple| simple.get_mut("limit"));
        if let Some(toml::Value::Integer(count)) = simple {
            *count *= 100;
        }
    }
    write_config(workspace.dist().join(format!("{}.toml", variant.name)), &config)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that does nothing, with a temporary file.
    fn idle(data: &Path) -> Server {
        make_temporary_folder(data).unwrap();
        fs::write(temporary_folder(data).join("a file"), "").unwrap();
        let child = Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        Server { child, port: 0, data: data.to_owned() }
    }

    #[test]
    fn a_servers_temporary_files_go_with_it() {
        let data = tempfile::tempdir().unwrap();
        idle(data.path()).stop().unwrap();
        assert!(!temporary_folder(data.path()).exists());
        drop(idle(data.path()));
        assert!(!temporary_folder(data.path()).exists());
    }

    #[test]
    fn what_a_killed_server_left_goes_when_the_next_one_starts() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir_all(temporary_folder(data.path()).join("miniflare-1/email-store")).unwrap();
        make_temporary_folder(data.path()).unwrap();
        assert_eq!(fs::read_dir(temporary_folder(data.path())).unwrap().count(), 0);
    }
}
