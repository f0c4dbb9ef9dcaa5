//! A server of a test, with settings and data of its own.

use crate::{ShiftedClock, TestDeployment, poll, repository::repository};
use gatehouse::{
    assemble::Built,
    description::read_description,
    engine::{Listener, Workerd, config::Config, workerd_of_npm},
    env_file::Variables,
    files::{remove_folder, write},
    process::stop_signal,
    secret::LocalSecrets,
    serve::{LIMIT_FACTOR_OF_TESTS, Site},
    settings::read_settings,
};
use gatehouse_shared::description::ApiDescription;
use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    process,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

/// A deployment of the test's own, for what would disturb the others: the same build and secrets, other data, and
/// accounts that are approved as soon as they apply.
pub struct Server {
    workerd: Workerd,
    url: String,
}

impl Server {
    /// Starts on a folder, which may hold what an earlier one left, and waits until it answers.
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// As [`Self::start`], with variables set.
    pub fn start_with(data: &Path, variables: &[(&str, &str)]) -> Self {
        Self::start_changed(data, variables, |_, _| ())
    }

    /// As [`Self::start_with`], with the rate limits that people meet.
    pub fn start_limited(data: &Path, variables: &[(&str, &str)]) -> Self {
        Self::launch(data, variables, 1, None, |_, _| ())
    }

    /// As [`Self::start_with`], under a clock of the test's own.
    pub fn start_at(data: &Path, clock: &ShiftedClock, variables: &[(&str, &str)]) -> Self {
        Self::launch(data, variables, LIMIT_FACTOR_OF_TESTS, Some(clock), |_, _| ())
    }

    /// As [`Self::start_with`], with another configuration than usual. `change` gets the folder for what runs as well.
    pub(crate) fn start_changed(
        data: &Path,
        variables: &[(&str, &str)],
        change: impl FnOnce(&mut Config, &Path),
    ) -> Self {
        Self::launch(data, variables, LIMIT_FACTOR_OF_TESTS, None, change)
    }

    fn launch(
        data: &Path,
        variables: &[(&str, &str)],
        limit_factor: u32,
        clock: Option<&ShiftedClock>,
        change: impl FnOnce(&mut Config, &Path),
    ) -> Self {
        let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], free_port()))).expect("a free port");
        let address = listener.address().expect("its address");
        let variables = variables_at(address, variables);
        let run = data.join("run");
        remove_folder(&run).expect("an old server's files");
        for kept in ["state/objects", "state/kv"] {
            fs::create_dir_all(data.join(kept)).expect("a folder");
        }
        let (site, api) = site(data, limit_factor);
        let mut config = site.lay_out(&api, &variables, &run, &run).expect("the configuration");
        change(&mut config, &run);
        let file = run.join("workerd.capnp");
        write(&file, config.to_string().as_bytes()).expect("a file");
        let program = clock.map_or(site.workerd.clone(), |clock| clock.program(&site.workerd));
        let mut workerd = Workerd::start(&program, &file, &listener, None, &variables).expect("workerd");
        workerd.wait_until_it_answers(&stop_signal().expect("signals")).expect("an answer");
        Self { workerd, url: format!("http://{address}") }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process of workerd.
    pub fn pid(&self) -> u32 {
        self.workerd.pid()
    }

    /// Ends it in the middle of whatever it does, as a power cut would.
    pub fn kill(self) {
        drop(self.workerd);
        let authority = self.url.trim_start_matches("http://").to_owned();
        let is_gone = || match std::net::TcpStream::connect(&authority) {
            Err(_) => Ok(()),
            Ok(_) => Err("it still listens".to_owned()),
        };
        poll(Duration::from_secs(5), is_gone).expect("a killed server");
    }
}

/// What is tested, with data elsewhere.
fn site(data: &Path, limit_factor: u32) -> (Site, ApiDescription) {
    let repository = repository();
    let built = Built::in_folder(&repository.join("dist"), "worker-test").expect("made by `cargo xtask test`");
    let site = Site {
        built,
        description: repository.join("api.toml"),
        usual_settings: None,
        settings: Vec::new(),
        defaults: Variables::new(),
        sample_api: repository.join("sample-api/src"),
        workerd: workerd_of_npm(&repository.join("node_modules")),
        data: data.to_owned(),
        limit_factor,
    };
    let api = read_description(&site.description).expect("the description");
    (site, api)
}

/// The secrets of the deployment that is tested, and the settings that a test asks for.
fn variables_at(address: SocketAddr, asked: &[(&str, &str)]) -> Variables {
    let secrets = LocalSecrets::file(Path::new(&TestDeployment::data()));
    let mut variables = read_settings(&[secrets]).expect("the secrets");
    let origins = format!("http://{address},http://127.0.0.1:*,http://localhost:*");
    let usual = [("APPROVAL", "auto"), ("CLIENT_ADDRESS", "connection"), ("ORIGINS", &origins)];
    variables.extend(usual.iter().chain(asked).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    variables
}

/// A port that nothing listens on, outside the range from which the system draws: between this and the server's start
/// another program would take one of those. Each process of the tests has a few of its own.
pub fn free_port() -> u16 {
    const FIRST: u16 = 20_000;
    const OF_A_PROCESS: u16 = 16;
    const PROCESSES: u32 = 750;
    let own = FIRST + (process::id() % PROCESSES) as u16 * OF_A_PROCESS;
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let mut ports = std::iter::repeat_with(|| own + TAKEN.fetch_add(1, Ordering::Relaxed) % OF_A_PROCESS);
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    ports.by_ref().take(usize::from(OF_A_PROCESS)).find(is_free).expect("a port")
}
