//! What a copy names: other objects, and Apps that are handed from one developer account to another.

use gatehouse_shared::{api::CopyPage, model::MonthNumber};
use serde_json::Value;
use std::collections::BTreeMap;

/// The rows of one table, in a page.
pub fn rows<'a>(page: &'a CopyPage, table: &str) -> &'a [Vec<Value>] {
    page.tables.iter().find(|rows| rows.table == table).map_or(&[], |rows| &rows.rows)
}

/// One column of them, where it is a text.
pub fn texts<'a>(page: &'a CopyPage, table: &str, column: usize) -> impl Iterator<Item = &'a str> {
    rows(page, table).iter().filter_map(move |row| row.get(column)?.as_str())
}

/// The document of an account or a developer account.
pub fn document(page: &CopyPage, table: &str) -> Option<Value> {
    serde_json::from_str(texts(page, table, 1).next()?).ok()
}

/// The account of an operator whose password is a setting: each deployment makes its own.
pub fn is_break_glass(page: &CopyPage) -> bool {
    document(page, "account").is_some_and(|account| account["role"] == "operator")
}

/// The objects that a page of an object names.
pub fn named(object: &str, page: &CopyPage) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    let mut add = |kind: &str, ids: &mut dyn Iterator<Item = &str>| named.extend(ids.map(|id| format!("{kind}/{id}")));
    match object.split_once('/') {
        Some(("account", _)) => {
            add("developer-account", &mut texts(page, "membership", 0));
            let account = document(page, "account");
            add("developer-account", &mut account.iter().filter_map(|doc| doc["own_developer_account"].as_str()));
        }
        Some(("developer-account", id)) if page.schema > 0 => {
            add("account", &mut texts(page, "member", 0));
            add("developer-account", &mut texts(page, "departed", 1));
            add("gate", &mut texts(page, "app", 0));
            add("project", &mut texts(page, "project", 0));
            add("project", &mut [format!("developer-account-{id}").as_str()].into_iter());
        }
        // Of an App that was deleted, its object still tells what it used.
        Some(("project", name)) if !name.starts_with("developer-account-") => add("gate", &mut texts(page, "app", 0)),
        None if object == "audit-index" => {
            let months = rows(page, "month").iter().filter_map(|row| row.first()?.as_u64());
            named.extend(months.map(|number| format!("audit/{}", MonthNumber(number))));
        }
        _ => {}
    }
    named
}

/// Which Apps and Projects the newest copy of each developer account has, and which it gave away.
#[derive(Default)]
pub struct Holdings {
    copies: BTreeMap<String, Holding>,
    made: usize,
}

struct Holding {
    /// How many copies were made before it.
    order: usize,
    held: Vec<String>,
    /// What went, and who got it.
    departed: Vec<(String, String)>,
}

impl Holdings {
    pub fn note(&mut self, object: &str, page: &CopyPage) {
        if !object.starts_with("developer-account/") {
            return;
        }
        let held = texts(page, "app", 0).chain(texts(page, "project", 0)).map(str::to_owned).collect();
        let departed = rows(page, "departed").iter().filter_map(|row| {
            Some((row.first()?.as_str()?.to_owned(), format!("developer-account/{}", row.get(1)?.as_str()?)))
        });
        self.made += 1;
        let holding = Holding { order: self.made, held, departed: departed.collect() };
        self.copies.insert(object.to_owned(), holding);
    }

    /// The developer accounts to copy again: they were copied before what they gave away or got had arrived.
    pub fn too_old(&self) -> Vec<String> {
        let mut too_old = Vec::new();
        for (name, copy) in &self.copies {
            let has_newer_holder =
                |id: &String| self.copies.values().any(|other| other.order > copy.order && other.held.contains(id));
            if copy.held.iter().any(has_newer_holder) {
                too_old.push(name.clone());
            }
            for (id, receiver) in &copy.departed {
                let is_missed = |got: &Holding| got.order < copy.order && !got.held.contains(id);
                if self.copies.get(receiver).is_some_and(is_missed) {
                    too_old.push(receiver.clone());
                }
            }
        }
        too_old.sort();
        too_old.dedup();
        too_old
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_shared::api::TableRows;
    use serde_json::json;

    fn page(tables: &[(&str, Value)]) -> CopyPage {
        let rows = |rows: &Value| serde_json::from_value(rows.clone()).unwrap();
        let tables = tables.iter().map(|(table, of)| TableRows { table: (*table).to_owned(), rows: rows(of) });
        CopyPage { schema: 1, tables: tables.collect(), next: None }
    }

    #[test]
    fn an_app_that_changes_hands_between_two_copies_is_in_one_of_them() {
        let with = page(&[("app", json!([["7", "{}"]]))]);
        let without = page(&[("app", json!([]))]);
        let gave = page(&[("app", json!([])), ("departed", json!([["7", "2", "t"]]))]);
        let (giver, receiver) = ("developer-account/1", "developer-account/2");
        // The giver was copied before, the receiver afterwards: both have it.
        let mut both = Holdings::default();
        both.note(giver, &with);
        both.note(receiver, &with);
        assert_eq!(both.too_old(), [giver]);
        both.note(giver, &gave);
        assert_eq!(both.too_old(), [""; 0]);
        // The receiver was copied before, the giver afterwards: neither has it.
        let mut neither = Holdings::default();
        neither.note(receiver, &without);
        neither.note(giver, &gave);
        assert_eq!(neither.too_old(), [receiver]);
        neither.note(receiver, &with);
        assert_eq!(neither.too_old(), [""; 0]);
        // It was deleted since: another copy is enough.
        neither.note(receiver, &without);
        assert_eq!(neither.too_old(), [""; 0]);
    }
}
