//! One rule for a path, however the API behind the gate reads it.

use crate::support;
use crate::support::TestDeployment;
use crate::support::edge::EdgeApp;
use futures::executor::block_on;
use gatehouse_domain::gate::{Reason, Verdict};
use gatehouse_domain::settings::Settings;
use gatehouse_edge::isolate::Isolate;
use gatehouse_shared::description::{ApiDescription, parse};
use gatehouse_simulation::{MemoryRuntime, World};
use proptest::prelude::*;
use std::cell::LazyCell;
use std::rc::Rc;

/// Each route has a limit of its own, by which a test knows it again.
const ROUTES: &[(&str, u32)] = &[
    ("/2/notes", 1_001),
    ("/2/notes/:id", 1_002),
    ("/2/notes/:id/replies", 1_003),
    ("/2/echo", 1_004),
    ("/2/users/me", 1_005),
    ("/2/users/:id", 1_006),
];
const UNLISTED: u32 = 1_000;

fn description(path_data: &str, more: &str) -> ApiDescription {
    let routes: String = ROUTES
        .iter()
        .map(|(path, limit)| {
            format!(
                "[[version.route]]\nmethods = [\"GET\"]\npath = \"{path}\"\nsummary = \"x\"\nlimit = {{ app = {limit} }}\n"
            )
        })
        .collect();
    let text = format!(
        "name = \"x\"\nsummary = \"x\"\ntoken_prefix = \"gh\"\nupstream = {{ service = \"X\" }}\n\
         plan = {{ projects = 1, apps_per_project = 1, apps = 1, monthly_cap = 1000000000 }}\n\
         [[version]]\nname = \"v2\"\nprefix = \"/2\"\nneeds_project = false\nerrors = \"problem\"\n\
         limit = {{ app = {UNLISTED} }}\npath_data = {path_data}\n{routes}{more}"
    );
    parse(&text).unwrap()
}

struct Gate {
    stage: TestDeployment,
    token: String,
}

impl Gate {
    fn new(path_data: &str) -> Self {
        Self::of(description(path_data, ""))
    }

    fn of(api: ApiDescription) -> Self {
        let world = World::new(1);
        let keys = format!("1:{}", "5a".repeat(32));
        let settings = Settings::read(api, |name| match name {
            "MASTER_KEYS" => Some(keys.clone()),
            "OPERATOR_PASSWORD" => Some(support::OPERATOR_PASSWORD.to_owned()),
            _ => None,
        });
        let isolate = Rc::new(Isolate::new(MemoryRuntime(world.clone()), settings.unwrap()));
        let mut app = EdgeApp::new(&world, &isolate, None);
        app.publish(&world, false);
        Self { token: app.bearer.clone(), stage: TestDeployment { world, isolate } }
    }

    /// The limit of the rule that a path passes under; `None` where it is
    /// refused since it has several.
    fn rule(&self, path: &str) -> Option<u32> {
        // A window of its own, so that none is ever used up.
        self.stage.world.advance_seconds(900);
        match block_on(self.stage.gate("GET", path, &self.token)) {
            Verdict::Forward(identity) => Some(identity.rate.unwrap().limit),
            Verdict::Refuse(refused) if refused.reason == Reason::AmbiguousPath => {
                assert_eq!(refused.answer.status, 404, "{path}");
                None
            }
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn a_path_that_some_api_reads_as_another_routes_is_refused() {
    let gate = Gate::new("[]");
    for path in [
        "/2/notes/1001%2fx",
        "/2/notes%2f1001",
        "/2/notes%5c1001",
        "/2/echo;x=1",
        "/2/echo%3bx",
        "/2/echo%20",
        "/2/echo%09",
        "/2/echo%0a",
        "/2/echo%0d%0a",
        "/2/ec%0aho",
        "/2/%2565cho",
        "/2/%65cho",
        "/2/echo.",
        "/2/Echo",
        "/2/users/m%65",
        "/2/users/ME",
        "/2/users/;x/me",
        "/2/notes/%20",
        "/2/notes/7%2Freplies",
        "/2/;/oauth2/token",
    ] {
        assert_eq!(gate.rule(path), None, "{path}");
    }
}

#[test]
fn a_path_that_falls_under_one_rule_in_every_reading_passes_untouched() {
    let gate = Gate::new("[]");
    for (path, limit) in [
        ("/2/notes", 1_001),
        ("/2/notes/", 1_001),
        ("/2//notes", 1_001),
        ("/2/notes/AbC", 1_002),
        ("/2/notes/a%20b", 1_002),
        ("/2/notes/a;v=1", 1_002),
        ("/2/notes/caf%C3%A9", 1_002),
        ("/2/notes/50%25", 1_002),
        ("/2/notes/a.b.", 1_002),
        ("/2/users/%6Dia", 1_006),
        ("/2/other/a%2Fb;v=1/%C3%A9", UNLISTED),
        ("/2/other%5cb", UNLISTED),
        ("/2/Other/%25/x%20", UNLISTED),
        ("/2/%", UNLISTED),
    ] {
        assert_eq!(gate.rule(path), Some(limit), "{path}");
    }
}

#[test]
fn what_the_api_takes_as_data_divides_no_path() {
    let slashes = Gate::new("[\"%2F\"]");
    for (path, rule) in [
        ("/2/notes/a%2fb", Some(1_002)),
        ("/2/notes/a%252Fb", Some(1_002)),
        ("/2/notes%2f1001", Some(UNLISTED)),
        ("/2/notes/7%2Freplies", Some(1_002)),
        ("/2/echo;x", None),
    ] {
        assert_eq!(slashes.rule(path), rule, "{path}");
    }
    let semicolons = Gate::new("[\";\"]");
    for (path, rule) in [
        ("/2/echo;x", Some(UNLISTED)),
        ("/2/users/me;x", Some(1_006)),
        ("/2/notes/a;b", Some(1_002)),
        ("/2/notes/a%2fb", None),
    ] {
        assert_eq!(semicolons.rule(path), rule, "{path}");
    }
}

#[test]
fn what_a_route_takes_as_data_holds_for_its_paths_alone() {
    let more = "[[version.route]]\nmethods = [\"GET\"]\npath = \"/2/files/:name\"\nsummary = \"x\"\n\
                limit = { app = 1007 }\npath_data = [\"%2F\"]\n";
    let gate = Gate::of(description("[]", more));
    for (path, rule) in [
        ("/2/files/a%2Fb", Some(1_007)),
        ("/2/files/a%2Fb%2fc", Some(1_007)),
        ("/2/files%2Fa", None),
        ("/2/files/a;x", Some(1_007)),
        ("/2/files/%2F", Some(1_007)),
        ("/2/notes/a%2Fb", None),
        ("/2/other/a%2Fb", Some(UNLISTED)),
    ] {
        assert_eq!(gate.rule(path), rule, "{path}");
    }
}

/// An API that reads a path in its own way: the model is written apart from
/// what the gate does, and takes no step of it.
#[derive(Debug, Clone, Copy)]
struct Reader {
    decodes: u8,
    /// Before how many of the decodings it divides the path.
    divides_at: u8,
    /// Before how many of them it drops `;parameters`, if it does.
    drops_parameters_at: Option<u8>,
    takes_backslashes: bool,
    trims: bool,
    drops_controls: bool,
    drops_final_dots: bool,
    knows_case: bool,
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|byte| (*byte as char).to_digit(16));
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

impl Reader {
    fn divides(self, byte: u8) -> bool {
        byte == b'/' || (self.takes_backslashes && byte == b'\\')
    }

    /// The segments that it looks for a handler by.
    fn segments(self, path: &str) -> Vec<String> {
        let mut parts = vec![path.as_bytes().to_vec()];
        for round in 0..=self.decodes {
            if self.drops_parameters_at == Some(round) {
                for part in &mut parts {
                    let mut drops = false;
                    part.retain(|byte| {
                        drops = *byte == b';' || (drops && !self.divides(*byte));
                        !drops
                    });
                }
            }
            if self.divides_at == round {
                parts =
                    parts.iter().flat_map(|part| part.split(|byte| self.divides(*byte))).map(<[u8]>::to_vec).collect();
            }
            if round < self.decodes {
                parts = parts.iter().map(|part| decoded(part)).collect();
            }
        }
        let mut segments = Vec::new();
        for part in parts {
            let mut text = String::from_utf8_lossy(&part).into_owned();
            if self.drops_controls {
                text.retain(|letter| !letter.is_control());
            }
            if self.trims {
                text = text.trim().to_owned();
            }
            if self.drops_final_dots {
                text = text.trim_end_matches('.').to_owned();
            }
            if !text.is_empty() {
                segments.push(text);
            }
        }
        segments
    }

    /// The limit that its operator meant for what it serves.
    fn rule(self, path: &str) -> u32 {
        let segments = self.segments(path);
        let is_same = |pattern: &str, given: &str| {
            pattern.starts_with(':') || pattern == given || (!self.knows_case && pattern.eq_ignore_ascii_case(given))
        };
        let found = ROUTES.iter().find(|(route, _)| {
            let wanted: Vec<&str> = route.split('/').skip(1).collect();
            wanted.len() == segments.len() && wanted.iter().zip(&segments).all(|(wanted, given)| is_same(wanted, given))
        });
        found.map_or(UNLISTED, |(_, limit)| *limit)
    }

    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for decodes in 0..=2 {
            for divides_at in 0..=decodes {
                let drops = (0..=decodes).map(Some).chain([None]);
                for drops_parameters_at in drops {
                    for bits in 0..32_u8 {
                        let bit = |at: u8| bits & (1 << at) != 0;
                        all.push(Self {
                            decodes,
                            divides_at,
                            drops_parameters_at,
                            takes_backslashes: bit(0),
                            trims: bit(1),
                            drops_controls: bit(2),
                            drops_final_dots: bit(3),
                            knows_case: bit(4),
                        });
                    }
                }
            }
        }
        all
    }
}

/// A path below `/2` of pieces that divide, encode and hide.
fn any_path() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec!["notes", "echo", "users", "me", "replies", "7", "x", "Notes", "ME", "n%6ftes", "m%65"]),
        4 => Just("/"),
        3 => prop::sample::select(vec!["%2F", "%2f", "%252F", "%5C", "%255c", ";", ";v=1", "%3B", "%253b"]),
        2 => prop::sample::select(vec!["%20", "%09", "%0a", "%2509", "%7f", ".", "%2e", "%C2%A0", "%", "%25", "%C3%A9", "%ff", "//"]),
    ];
    prop::collection::vec(piece, 1..7).prop_map(|pieces| format!("/2/{}", pieces.concat()))
}

thread_local! {
    static PLAIN: LazyCell<Gate> = LazyCell::new(|| Gate::new("[]"));
    static SLASHES: LazyCell<Gate> = LazyCell::new(|| Gate::new("[\"%2F\"]"));
    static READERS: LazyCell<Vec<Reader>> = LazyCell::new(Reader::all);
}

/// Checks that each of the readers finds the rule that a path passes under.
fn check_readers(limit: u32, path: &str, is_asked: impl Fn(&Reader) -> bool) -> Result<(), TestCaseError> {
    READERS.with(|readers| {
        for reader in readers.iter().filter(|reader| is_asked(reader)) {
            prop_assert_eq!(reader.rule(path), limit, "{} as {:?} reads it", path, reader.segments(path));
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn what_passes_is_under_one_rule_for_every_reader(path in any_path()) {
        if let Some(limit) = PLAIN.with(|gate| gate.rule(&path)) {
            check_readers(limit, &path, |_| true)?;
        }
    }

    #[test]
    fn where_slashes_are_data_what_passes_is_under_one_rule_for_every_reader_of_that_kind(path in any_path()) {
        if let Some(limit) = SLASHES.with(|gate| gate.rule(&path)) {
            check_readers(limit, &path, |reader| reader.divides_at == 0)?;
        }
    }

    #[test]
    fn a_plain_path_is_never_refused(segments in prop::collection::vec("[a-z0-9_~-]{1,8}", 0..5)) {
        let path = format!("/2/{}", segments.join("/"));
        prop_assert!(PLAIN.with(|gate| gate.rule(&path)).is_some(), "{}", path);
    }
}
