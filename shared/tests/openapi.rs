//! The OpenAPI document in `docs/openapi.json` is the one that the table of
//! routes makes. `UPDATE=1 cargo nextest run -p gatehouse-shared openapi`
//! writes it anew.

use gatehouse_shared::api::{Route, openapi};

#[test]
fn the_openapi_document_is_current() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let made = openapi::document();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, format!("{made:#}\n")).unwrap();
    }
    let kept: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap_or_default()).unwrap();
    assert!(kept == made, "docs/openapi.json is out of date: run this test with UPDATE=1");
}

#[test]
fn every_route_is_in_the_document_once() {
    let document = openapi::document();
    let mut operations = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        operations.extend(item.as_object().unwrap().values().map(|o| o["operationId"].as_str().unwrap().to_owned()));
    }
    operations.sort();
    let mut expected: Vec<String> = Route::TABLE.iter().map(|endpoint| endpoint.operation.to_owned()).collect();
    expected.sort();
    assert_eq!(operations, expected);
}
