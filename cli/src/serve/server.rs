//! A deployment on this machine: workerd, watched. It is started again when it dies, with the data as they were.

use super::folder::{DataFolder, STATE};
use crate::{
    assemble::{Built, add_encodings, assemble, copy_all},
    description::read_description,
    engine::{Listener, Workerd, config::Config, services},
    env_file::{Variables, find},
    files::write,
    process::{StopSignal, say},
    secret::LocalSecrets,
    settings::{self, read_settings},
};
use anyhow::{Context, Result, bail, ensure};
use gatehouse_domain::settings::table;
use gatehouse_shared::description::ApiDescription;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Everything that a deployment on this machine is made of.
pub struct Site {
    pub built: Built,
    /// `api.toml`.
    pub description: PathBuf,
    /// A file with settings that may be missing.
    pub usual_settings: Option<PathBuf>,
    /// Files with settings; what stands in a later one counts.
    pub settings: Vec<PathBuf>,
    /// Settings for those that no file names.
    pub defaults: Variables,
    /// The folder with the sample API's modules.
    pub sample_api: PathBuf,
    /// The program.
    pub workerd: PathBuf,
    pub data: PathBuf,
    /// How many times as much every rate limit admits: 1, but for tests.
    pub limit_factor: u32,
}

impl Site {
    /// The files that an operator edits.
    pub fn watched(&self) -> Vec<PathBuf> {
        let mut files = self.settings_files();
        files.push(self.description.clone());
        files
    }

    /// All files with settings, the one in the data folder first.
    fn settings_files(&self) -> Vec<PathBuf> {
        let usual = self.usual_settings.iter().cloned();
        [LocalSecrets::file(&self.data)].into_iter().chain(usual).chain(self.settings.iter().cloned()).collect()
    }

    /// The settings, those in the data folder included.
    fn variables(&self, address: SocketAddr) -> Result<Variables> {
        let mut variables = self.defaults.clone();
        let mut files = self.settings_files();
        files.retain(|file| self.usual_settings.as_ref() != Some(file) || file.exists());
        variables.extend(read_settings(&files)?);
        let origins = table::ORIGINS.name;
        if find(&variables, origins).is_none() {
            ensure!(
                !address.ip().is_unspecified(),
                "set {origins} to the address that people use: {address} is every address of this machine"
            );
            // Whatever host a request names, the server answers for itself alone. Any port will do: a proxy to try forward
            // auth with has its own.
            let own = format!("http://{address},http://127.0.0.1:*,http://localhost:*");
            variables.insert(origins.to_owned(), own);
        }
        settings::count_connections(&mut variables);
        // It may be the name of a binding, and the Worker would find a text in its place.
        for name in table::unknown(variables.keys().cloned()) {
            say(format!("{name} is no setting of this version"));
            variables.remove(&name);
        }
        Ok(variables)
    }

    /// Puts everything that runs into an empty folder, and returns its configuration. The folder is called `run` when it
    /// runs.
    pub fn lay_out(&self, api: &ApiDescription, variables: &Variables, folder: &Path, run: &Path) -> Result<Config> {
        let assembled = assemble(&self.built, api, folder)?;
        add_encodings(&self.built, &assembled.portal)?;
        for (file, text) in services::PLATFORM {
            write(&folder.join("platform").join(file), text.as_bytes())?;
        }
        copy_all(&self.sample_api, &folder.join("sample-api"))?;
        let deployment = services::Deployment {
            assembled: folder,
            run,
            state: &self.data.join(STATE),
            variables,
            upstream: &api.upstream,
            limit_factor: self.limit_factor,
        };
        deployment.config()
    }
}

/// The file in the folder that runs.
const CONFIG: &str = "workerd.capnp";

pub struct Server {
    site: Site,
    folder: DataFolder,
    listener: Listener,
    stop: StopSignal,
    variables: Variables,
    workerd: Option<Workerd>,
    ready_at: Instant,
    deaths: Deaths,
}

impl Server {
    /// Starts it, and returns when it answers.
    pub fn start(site: Site, listener: Listener, stop: &StopSignal) -> Result<Self> {
        let folder = DataFolder::open(&site.data)?;
        let mut server = Self {
            site,
            folder,
            listener,
            stop: stop.clone(),
            variables: Variables::new(),
            workerd: None,
            ready_at: Instant::now(),
            deaths: Deaths::default(),
        };
        server.variables = server.prepare()?;
        server.folder.take_next()?;
        server.run()?;
        Ok(server)
    }

    pub fn url(&self) -> Result<String> {
        Ok(format!("http://{}", self.listener.address()?))
    }

    /// The operator's username and password, as they are set now.
    pub fn operator(&self) -> (&str, &str) {
        let username = find(&self.variables, table::OPERATOR_USERNAME.name);
        let password = self.variables.get(table::OPERATOR_PASSWORD.name);
        (username.unwrap_or(table::OPERATOR_USERNAME.values.default), password.map_or("", String::as_str))
    }

    /// Serves what the files say now. When they can't be served, it goes on with what they said before.
    pub fn reload(&mut self) -> Result<()> {
        let variables = self.prepare()?;
        self.end()?;
        self.folder.take_next()?;
        let before = std::mem::replace(&mut self.variables, variables);
        let Err(error) = self.run() else { return Ok(()) };
        if !self.stop.requested() {
            self.folder.take_last()?;
            self.variables = before;
            self.run()?;
        }
        Err(error)
    }

    /// Starts workerd again if it has died. To be called again and again.
    pub fn watch(&mut self) -> Result<()> {
        if let Some(workerd) = &mut self.workerd {
            let Some(ended) = workerd.ended()? else { return Ok(()) };
            self.workerd = None;
            self.deaths.note(Instant::now(), self.ready_at.elapsed());
            say(format!("workerd: {ended}; {}", self.deaths.what_next()?));
        }
        if Instant::now() < self.deaths.again_at {
            return Ok(());
        }
        match self.run() {
            Ok(()) => say(format!("workerd runs again, on {}", self.url()?)),
            Err(error) if self.stop.requested() => return Err(error),
            Err(error) => {
                self.deaths.note(Instant::now(), Duration::ZERO);
                say(format!("{error:#}; {}", self.deaths.what_next()?));
            }
        }
        Ok(())
    }

    /// Lets the requests under way end.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    /// Makes what runs next, and returns the settings that it runs with.
    fn prepare(&self) -> Result<Variables> {
        let api = read_description(&self.site.description)?;
        let variables = self.site.variables(self.listener.address()?)?;
        settings::check(&api, &variables)?;
        let next = self.folder.make_next()?;
        let config = self.site.lay_out(&api, &variables, &next, &self.folder.run())?;
        write(&next.join(CONFIG), config.to_string().as_bytes())?;
        Ok(variables)
    }

    fn run(&mut self) -> Result<()> {
        let config = self.folder.run().join(CONFIG);
        let mut workerd =
            Workerd::start(&self.site.workerd, &config, &self.listener, Some(self.folder.lock()), &self.variables)?;
        workerd.wait_until_ready(&self.stop)?;
        self.workerd = Some(workerd);
        self.ready_at = Instant::now();
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        if let Some(workerd) = self.workerd.take()
            && !workerd.stop().context("workerd can't be stopped")?
        {
            say("workerd did not stop in its time and was killed; requests that were under way are cut");
        }
        Ok(())
    }
}

/// How often workerd has died, so that one that dies at each start is not started for ever.
struct Deaths {
    in_a_row: u32,
    again_at: Instant,
}

impl Default for Deaths {
    fn default() -> Self {
        Self { in_a_row: 0, again_at: Instant::now() }
    }
}

/// A workerd that was ready for longer than this has not died of its start.
const LONG: Duration = Duration::from_secs(60);
const MOST_IN_A_ROW: u32 = 10;

impl Deaths {
    /// `lived`: since it was ready.
    fn note(&mut self, now: Instant, lived: Duration) {
        self.in_a_row = if lived > LONG { 1 } else { self.in_a_row + 1 };
        self.again_at = now + self.pause();
    }

    /// How long to wait before the next start: not at all after the first death, then longer and longer.
    fn pause(&self) -> Duration {
        match self.in_a_row {
            0 | 1 => Duration::ZERO,
            more => Duration::from_millis(200 << (more - 2).min(6)),
        }
    }

    fn what_next(&self) -> Result<String> {
        if self.in_a_row >= MOST_IN_A_ROW {
            bail!("workerd died {MOST_IN_A_ROW} times in a row: giving up");
        }
        Ok(match self.pause() {
            Duration::ZERO => "starting it again".to_owned(),
            pause => format!("starting it again in {:.1} s", pause.as_secs_f64()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_dies_at_each_start_is_given_up_and_one_that_dies_now_and_then_is_not() {
        let start = Instant::now();
        let mut deaths = Deaths::default();
        for _ in 0..9 {
            deaths.note(start, Duration::ZERO);
            assert!(deaths.what_next().is_ok());
        }
        assert!(deaths.again_at > start + Duration::from_secs(10));
        deaths.note(start, Duration::ZERO);
        assert!(deaths.what_next().unwrap_err().to_string().contains("giving up"));

        let mut deaths = Deaths::default();
        for minute in 0..50 {
            let now = start + minute * (LONG + Duration::from_secs(1));
            deaths.note(now, LONG + Duration::from_secs(1));
            assert_eq!(deaths.what_next().unwrap(), "starting it again");
            assert_eq!(deaths.again_at, now);
        }
    }
}
