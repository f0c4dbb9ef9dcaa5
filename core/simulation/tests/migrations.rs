//! Schema steps, applied to real SQLite.

use gatehouse_domain::ports::{ObjectName, Sql, Steps, has_table, migrate, open};
use gatehouse_simulation::{MemoryObject, World};
use std::rc::Rc;

const ONE: &[&str] = &["CREATE TABLE note(text TEXT NOT NULL)", "INSERT INTO note VALUES ('first')"];
const TWO: &[&str] = &["ALTER TABLE note ADD COLUMN read INTEGER NOT NULL DEFAULT 0", "UPDATE note SET read = 1"];
const BROKEN: &[&str] = &["INSERT INTO note(text) VALUES ('half')", "INSERT INTO missing VALUES (1)"];

/// A database, and the world that it is of.
fn storage() -> (Rc<World>, MemoryObject) {
    let world = World::new(1);
    let storage = world.storage_of(&ObjectName::AccountIndex).unwrap();
    (world, storage)
}

fn version(sql: &impl Sql) -> i64 {
    sql.exec("SELECT coalesce(max(version), 0) FROM migration", &[]).unwrap()[0].integer(0).unwrap()
}

fn notes(sql: &impl Sql) -> i64 {
    sql.exec("SELECT count(*) FROM note", &[]).unwrap()[0].integer(0).unwrap()
}

#[test]
fn a_database_gets_the_steps_that_it_has_not_seen_once_and_in_order() {
    let (_world, sql) = storage();
    let (old, new): (&Steps, &Steps) = (&[ONE], &[ONE, TWO]);
    migrate(&sql, old).unwrap();
    assert_eq!((version(&sql), notes(&sql)), (1, 1));
    for _ in 0..2 {
        migrate(&sql, new).unwrap();
        assert_eq!((version(&sql), notes(&sql)), (2, 1));
    }
    assert_eq!(sql.exec("SELECT read FROM note", &[]).unwrap()[0].integer(0).unwrap(), 1);
}

#[test]
fn a_step_that_fails_is_taken_back_whole() {
    let (_world, sql) = storage();
    migrate(&sql, &[ONE]).unwrap();
    migrate(&sql, &[ONE, BROKEN]).unwrap_err();
    assert_eq!((version(&sql), notes(&sql)), (1, 1));
    migrate(&sql, &[ONE, TWO]).unwrap();
    assert_eq!(version(&sql), 2);
}

#[test]
fn a_database_with_more_steps_than_the_code_knows_is_refused() {
    let (_world, sql) = storage();
    migrate(&sql, &[ONE, TWO]).unwrap();
    for refused in [migrate(&sql, &[ONE]).unwrap_err(), open(&sql, &[ONE]).unwrap_err()] {
        assert!(refused.0.contains("its schema is version 2, and this Worker knows 1"), "{refused}");
    }
    assert_eq!((version(&sql), notes(&sql)), (2, 1));
}

#[test]
fn opening_an_unused_database_writes_nothing() {
    let (_world, sql) = storage();
    assert!(!open(&sql, &[ONE]).unwrap());
    assert!(!has_table(&sql, "migration").unwrap() && !has_table(&sql, "note").unwrap());
}
