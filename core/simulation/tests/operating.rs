//! docs/operating.md says what the code does. `UPDATE=1 cargo nextest
//! run -p gatehouse-simulation operating` writes its tables anew.

use crate::support;
use crate::support::docs::{check_table, file};
use gatehouse_domain::ports::Event;
use gatehouse_domain::settings::{Settings, table};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;

// One test, since both tables are written into one file.
#[test]
fn the_docs_list_every_setting_and_every_event_as_the_code_has_them() {
    let mut settings = "| name | kind | what it must be | default | effect |\n|---|---|---|---|---|\n".to_owned();
    for setting in table::all() {
        let kind = if setting.is_secret { "secret" } else { "variable" };
        let default = if setting.default.is_empty() { "none".to_owned() } else { format!("`{}`", setting.default) };
        let (name, rule, effect) = (setting.name, setting.rule, setting.effect);
        settings += &format!("| `{name}` | {kind} | {rule} | {default} | {effect} |\n");
    }
    check_table("operating.md", "settings", &settings);
    let mut events = "| event | what it means |\n|---|---|\n".to_owned();
    for event in Event::ALL {
        events += &format!("| `{}` | {} |\n", event.name(), event.meaning());
    }
    check_table("operating.md", "events", &events);
}

#[test]
fn every_setting_that_is_read_is_listed_and_the_other_way_round() {
    let read = RefCell::new(BTreeSet::new());
    let settings = Settings::read(support::api(), |name| {
        read.borrow_mut().insert(name.to_owned());
        match name {
            "MASTER_KEYS" => Some(support::sample::NEW_KEY.to_owned()),
            "OPERATOR_PASSWORD" => Some(support::OPERATOR_PASSWORD.to_owned()),
            _ => None,
        }
    });
    assert!(settings.is_ok());
    let listed: BTreeSet<String> = table::all().into_iter().map(|setting| setting.name.to_owned()).collect();
    assert_eq!(read.into_inner(), listed);
}

#[test]
fn the_configuration_sets_nothing_but_settings() {
    let text = file("wrangler.toml");
    let section = text.split_once("\n[vars]\n").unwrap().1;
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let names: Vec<String> = lines.filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect();
    assert!(names.contains(&"APPROVAL".to_owned()), "{names:?}");
    assert_eq!(table::unknown(names), [""; 0]);
    assert_eq!(table::unknown(["NONCES".to_owned(), "NONCE".to_owned()]), ["NONCE"]);
}

#[test]
fn javascript_logs_in_one_place_and_only_events_that_the_docs_list() {
    let scripts = [
        "answer", "binding", "check", "client", "entry", "form", "forward", "headers", "instance", "objects", "pages",
        "socket",
    ];
    let script: String = scripts.map(|name| file(&format!("functions/{name}.js"))).concat();
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions")).unwrap();
    let found =
        folder.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "js")).count();
    assert_eq!(found, scripts.len(), "a script that this test does not read");
    let uses: Vec<&str> = script.lines().filter(|line| line.contains("console.")).collect();
    assert_eq!(
        uses,
        [r#"  console.error(JSON.stringify({ level: "error", event, request_id: requestId, text }));"#],
        "one JSON line an event"
    );
    let known: Vec<&str> = Event::ALL.map(Event::name).to_vec();
    let logged: Vec<&str> = script.split("log(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(logged.len(), 3, "{logged:?}");
    assert!(logged.iter().all(|event| known.contains(event)), "{logged:?}");
}
