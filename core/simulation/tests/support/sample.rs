//! Storage as a Worker left it: written to a file, loaded again, and compared
//! by its shape.

use super::TestDeployment;
use gatehouse_domain::ports::ObjectName;
use gatehouse_simulation::World;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// The master keys of all samples: the first ones rest on key 1.
pub const OLD_KEY: &str = "1:5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
pub const NEW_KEY: &str = "2:b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7";

#[derive(Serialize, Deserialize)]
pub struct Sample {
    pub made_by: String,
    /// When it was made, in Unix seconds.
    pub now: u64,
    /// What people were shown at that time: ids, credentials, a verifier.
    pub shown: Value,
    /// The statements that make each object's database.
    pub objects: BTreeMap<String, Vec<String>>,
    pub kv: BTreeMap<String, String>,
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples"))
}

impl Sample {
    /// All that are kept, oldest first.
    pub fn all() -> Vec<Self> {
        let read = |number: usize| fs::read_to_string(folder().join(format!("{number}.json"))).ok();
        (1..).map_while(read).map(|text| serde_json::from_str(&text).unwrap()).collect()
    }

    /// Writes it as the newest.
    pub fn add(&self) {
        let path = folder().join(format!("{}.json", Self::all().len() + 1));
        fs::write(path, format!("{:#}\n", serde_json::to_value(self).unwrap())).unwrap();
    }

    /// Takes a world as it is.
    pub fn take(world: &World, made_by: &str, shown: Value) -> Self {
        let mut objects = BTreeMap::new();
        for object in world.objects() {
            let mut statements = schema(world, &object);
            for table in tables(world, &object) {
                let columns = format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
                let row = world.query(&object, &columns).join(" || ', ' || ");
                let rows = format!("SELECT 'INSERT INTO {table} VALUES(' || {row} || ')' FROM {table}");
                statements.extend(world.query(&object, &rows));
            }
            if !statements.is_empty() {
                objects.insert(object.to_string(), statements);
            }
        }
        let newest = |key: String| world.kv.written(&key).pop().map(|value| (key, value));
        let kv = world.kv.keys().into_iter().filter_map(newest).collect();
        Self { made_by: made_by.to_owned(), now: world.now().seconds().0, shown, objects, kv }
    }

    /// A deployment of today's code on this storage, with no alarm set.
    pub fn load(&self) -> TestDeployment {
        let world = World::new(8);
        world.advance_seconds(self.now - world.now().seconds().0);
        for (name, statements) in &self.objects {
            world
                .restore(&name.parse().unwrap(), &statements.join(";\n"))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        for (key, value) in &self.kv {
            world.kv.put(key, value, world.now(), None);
        }
        let isolate = TestDeployment::isolate(&world, &[("MASTER_KEYS", &format!("{NEW_KEY},{OLD_KEY}"))]);
        TestDeployment { world, isolate }
    }
}

/// `account`, `developer-account`, `directory`, `gate`, `project`, `audit`, `account-index` or `audit-index`.
pub fn kind(object: &ObjectName) -> String {
    object.to_string().split('/').next().unwrap().to_owned()
}

/// What makes an object's tables and indexes, in the order in which they were made.
pub fn schema(world: &World, object: &ObjectName) -> Vec<String> {
    world.query(
        object,
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> '_alarm' ORDER BY type DESC, rowid",
    )
}

fn tables(world: &World, object: &ObjectName) -> Vec<String> {
    world.query(object, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_alarm' ORDER BY rowid")
}

/// What a world's storage looks like, whatever is in it: versions, tables,
/// and of each document the fields with the types that their values have.
pub fn shape(world: &World) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for object in world.objects() {
        let kind = kind(&object);
        for version in world.query(&object, "SELECT 'schema version ' || max(version) FROM migration") {
            lines.insert(format!("{kind}: {version}"));
        }
        lines.extend(schema(world, &object).into_iter().map(|statement| format!("{kind}: {statement}")));
        for table in tables(world, &object) {
            for doc in world.query(&object, &format!("SELECT doc FROM {table}")) {
                describe(&format!("{kind}: {table}"), &serde_json::from_str(&doc).unwrap(), &mut lines);
            }
        }
    }
    for key in world.kv.keys() {
        let value = world.kv.written(&key).pop().unwrap_or_default();
        let kind = key.split('/').next().unwrap();
        describe(&format!("kv: {kind}"), &serde_json::from_str(&value).unwrap(), &mut lines);
    }
    lines
}

fn describe(path: &str, value: &Value, lines: &mut BTreeSet<String>) {
    let kind = match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                describe(&format!("{path}.{name}"), value, lines);
            }
            return;
        }
        Value::Array(items) => {
            for item in items {
                describe(&format!("{path}[]"), item, lines);
            }
            "array"
        }
        // The one number that tells how to read the rest.
        Value::Number(number) if path.ends_with(".format") => &format!("= {number}"),
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        Value::Null => "null",
    };
    lines.insert(format!("{path} {kind}"));
}
