//! docs/monitoring.md, the dashboard and the alerts name the metrics that `/metrics` writes. `UPDATE=1 cargo nextest run
//! -p gatehouse-simulation monitoring` writes the table anew.

use crate::support::TestDeployment;
use crate::support::docs::{check_table, file};
use futures::executor::block_on;
use gatehouse_domain::metrics::{Decision, Family, Kind, Label, Source};
use gatehouse_edge::http::Body;
use serde_json::Value;
use std::collections::BTreeSet;

/// What `/metrics` writes.
fn written() -> String {
    const TOKEN: &str = "a token of sixteen characters";
    let stage = TestDeployment::with(1, &[("METRICS_TOKEN", TOKEN)]);
    let authorization = format!("Bearer {TOKEN}");
    let headers = [("authorization", authorization.as_str())];
    block_on(stage.client().raw("GET", "/metrics", &headers, Body::Read(Vec::new()))).text
}

/// The metrics that a text names, without what a histogram adds to its name.
fn named(text: &str) -> BTreeSet<String> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let found = text.match_indices("gatehouse_").map(|(at, _)| {
        let end = text[at..].find(|letter| !is_name(letter)).map_or(text.len(), |length| at + length);
        let name = &text[at..end];
        let base = ["_bucket", "_sum", "_count"].into_iter().find_map(|end| name.strip_suffix(end));
        base.unwrap_or(name).to_owned()
    });
    found.collect()
}

fn all() -> BTreeSet<String> {
    Family::ALL.iter().map(|family| family.name.to_owned()).collect()
}

#[test]
fn the_docs_list_every_metric_as_the_code_has_it() {
    let mut table = "| metric | kind | labels | from | what it tells |\n|---|---|---|---|---|\n".to_owned();
    for Family { name, kind, labels, source, help } in Family::ALL {
        let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
        let from = match source {
            Source::Process => "this process",
            Source::AccountIndex => "the account index",
        };
        table += &format!("| `{name}` | {} | {} | {from} | {help} |\n", kind.name(), labels.join(", "));
    }
    check_table("monitoring.md", "metrics", &table);
}

#[test]
fn each_metric_that_is_declared_is_written_once_with_its_labels() {
    let text = written();
    let declared: Vec<String> =
        Family::ALL.iter().map(|family| format!("# TYPE {} {}", family.name, family.kind.name())).collect();
    let types: Vec<&str> = text.lines().filter(|line| line.starts_with("# TYPE ")).collect();
    assert_eq!(types, declared);
    for family in Family::ALL {
        let samples = text.lines().filter(|line| named(line).contains(family.name) && !line.starts_with('#'));
        let mut found = 0;
        for sample in samples {
            let labels = sample.split_once('{').map_or("", |(_, labels)| labels);
            let names: Vec<&str> =
                labels.split(['{', ',']).filter_map(|label| Some(label.split_once('=')?.0)).collect();
            let names: Vec<&str> = names.into_iter().filter(|name| *name != "le").collect();
            assert_eq!(names, family.labels, "{sample}");
            found += 1;
        }
        assert!(found > 0, "{} has no sample", family.name);
        let is_total = family.name.ends_with("_total");
        assert_eq!(is_total, family.kind == Kind::Counter, "{}: a counter's name ends so, and no other's", family.name);
    }
}

#[test]
fn the_dashboard_shows_every_metric_and_names_no_other() {
    let dashboard: Value = serde_json::from_str(&file("docs/monitoring/grafana-dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets: Vec<&Value> = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten().collect();
    let queries: Vec<&str> = targets.iter().map(|target| target["expr"].as_str().unwrap()).collect();
    assert_eq!(named(&queries.join("\n")), all());
    let ids: BTreeSet<u64> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len());
    for target in targets {
        assert_eq!(target["datasource"]["uid"], "${datasource}", "{target}");
    }
    assert_eq!(dashboard["templating"]["list"][0]["type"], "datasource");
}

#[test]
fn alerts_name_metrics_and_values_of_labels_that_are_written() {
    let (alerts, docs, text) = (file("docs/monitoring/alerts.yml"), file("docs/monitoring.md"), written());
    let unknown: Vec<String> = named(&alerts).difference(&all()).cloned().collect();
    assert_eq!(unknown, [""; 0]);
    let labels = alerts.split('{').skip(1).filter_map(|rest| Some(rest.split_once("\"}")?.0));
    let labels: Vec<&str> = labels.filter(|label| label.contains("=\"") && !label.starts_with("job")).collect();
    assert!(labels.len() > 5, "{labels:?}");
    for label in labels {
        assert!(text.contains(&format!("{label}\"")), "no series has {label}\"");
    }
    for alert in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(docs.contains(&format!("`{alert}`")), "docs/monitoring.md does not explain {alert}");
    }
}

#[test]
fn the_docs_explain_every_reason() {
    let docs = file("docs/monitoring.md");
    for reason in Decision::TEXTS {
        assert!(docs.contains(&format!("`{reason}`")), "{reason}");
    }
}
