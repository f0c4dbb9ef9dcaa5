//! Requests that no honest client sends, at every entry: each gets an answer below 500, or the connection is closed.

mod mutate;
mod seed;

use gatehouse_tests::{Client, Proof, Random, Reply, Server, at_once, bearer_token_of, median_and_longest, wire};
use mutate::{as_bytes, mutate};
use seed::{Caller, Request};
use std::{
    collections::BTreeMap,
    io::ErrorKind,
    time::{Duration, Instant},
};

const SENDERS: usize = 8;
/// What takes longer hangs. It is the time that a socket of `wire` waits, too.
const HANG: Duration = Duration::from_secs(10);

/// What came of the requests of one sender.
#[derive(Default)]
struct Outcomes {
    statuses: BTreeMap<u16, usize>,
    /// Closed without an answer, as bytes that are no HTTP are.
    closed: usize,
    /// What the client's library would not send.
    unsent: usize,
    seconds: Vec<f64>,
    faults: Vec<String>,
}

impl Outcomes {
    fn note(&mut self, reply: &Reply, is_connect: bool, request: impl FnOnce() -> String) {
        *self.statuses.entry(reply.status).or_default() += 1;
        let is_known = match reply.status {
            // The runtime answers these itself, before it asks the Worker: a method that it does not know, and CONNECT.
            501 => true,
            500 => is_connect && reply.text == "Internal Server Error",
            // A body that is cut on its way to the API: the API can't answer.
            502 => true,
            _ => false,
        };
        if reply.status >= 500 && !is_known {
            self.faults.push(format!("{}: {} to {}", reply.status, reply.text, request()));
        }
    }

    fn send_raw(&mut self, authority: &str, bytes: &[u8]) {
        let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(3000)]).into_owned();
        match wire::exchange_and_end(authority, bytes) {
            Ok(reply) => self.note(&reply, bytes.starts_with(b"CONNECT "), shown),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                self.faults.push(format!("hangs: {}", shown()));
            }
            Err(_) => self.closed += 1,
        }
    }

    fn send_by_client(&mut self, client: &Client, request: &Request) {
        let headers: Vec<(&str, &str)> =
            request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match client.try_send(&request.method, &request.path, &headers, &request.body) {
            Ok(reply) => self.note(&reply, request.method == "CONNECT", || format!("{request:?}")),
            Err(_) => self.unsent += 1,
        }
    }
}

/// Sends so many mutated requests, one half as bytes on a socket of their own and the other half by a client's library.
fn send(url: &str, seeds: &[Request], seed: u64, requests: usize) -> Outcomes {
    let (mut random, mut outcomes) = (Random::from_seed(seed), Outcomes::default());
    let (client, authority) = (Client::at(url.to_owned()), url.trim_start_matches("http://"));
    for number in 0..requests {
        let mut request = random.choose(seeds).clone();
        mutate(&mut request, &mut random);
        let started = Instant::now();
        if number % 2 == 0 {
            let bytes = as_bytes(&request, authority, &mut random);
            outcomes.send_raw(authority, &bytes);
        } else {
            outcomes.send_by_client(&client, &request);
        }
        let took = started.elapsed();
        outcomes.seconds.push(took.as_secs_f64());
        if took >= HANG {
            outcomes.faults.push(format!("took {took:?}: {request:?}"));
        }
    }
    outcomes
}

#[test]
fn no_mutated_request_is_a_5xx_or_hangs() {
    let proof = Proof::new("mutations");
    let requests = proof.choose(2_000, 20_000);
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    // Two, since what the portal is asked changes the App of the one who asks.
    let seeds = [Caller::new(&server).gate(), Caller::new(&server).portal()].concat();
    let before = Outcomes::of_seeds(server.url(), &seeds);
    assert!(before.faults.is_empty(), "{}", before.faults.join("\n"));
    let all = at_once(SENDERS, |sender| send(server.url(), &seeds, sender as u64, requests / SENDERS));
    let faults: Vec<&String> = all.iter().flat_map(|outcomes| &outcomes.faults).collect();
    let mut statuses = BTreeMap::<u16, usize>::new();
    for (status, count) in all.iter().flat_map(|outcomes| &outcomes.statuses) {
        *statuses.entry(*status).or_default() += count;
    }
    let by_status: Vec<String> = statuses.iter().map(|(status, count)| format!("{count} × {status}")).collect();
    proof.progress(by_status.join(", "));
    assert!(faults.is_empty(), "{} faults, such as\n{}", faults.len(), faults[0]);
    let total = |count: fn(&Outcomes) -> usize| all.iter().map(count).sum::<usize>();
    let answered: usize = statuses.values().sum();
    assert!(statuses.keys().filter(|status| **status < 300).count() > 0 && answered > requests / 2, "{by_status:?}");
    proof.note("mutated requests", requests);
    proof.note("entries that they were made from", seeds.len());
    proof.note("answers", by_status.join(", "));
    proof.note("connections closed without an answer, since the bytes were no HTTP", total(|all| all.closed));
    proof.note("requests that the client's library would not send", total(|all| all.unsent));
    proof.note("time until the answer", median_and_longest(all.into_iter().flat_map(|all| all.seconds).collect()));
    let client = Client::at(server.url().to_owned());
    client.gate("GET", "/2/notes", &bearer_token_of(&server)).expect(200);
}

impl Outcomes {
    /// The seeds themselves, unchanged.
    fn of_seeds(url: &str, seeds: &[Request]) -> Self {
        let (mut outcomes, client) = (Self::default(), Client::at(url.to_owned()));
        for seed in seeds {
            outcomes.send_by_client(&client, seed);
        }
        assert_eq!(outcomes.unsent, 0);
        outcomes
    }
}
