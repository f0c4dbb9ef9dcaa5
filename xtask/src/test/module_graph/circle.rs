//! Circles among the modules of one folder.

use super::source::{Crate, ModulePath, Use};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The modules of one folder: which uses which, and where.
type Siblings<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>;

/// Describes each circle: one for each knot of modules that all reach each other, the shortest one there is.
pub fn circles(source: &Crate, uses: &[Use]) -> Vec<String> {
    let mut folders: BTreeMap<&[String], Siblings<'_>> = BTreeMap::new();
    for one in uses {
        let shared = one.from.iter().zip(&one.to).take_while(|(from, to)| from == to).count();
        // A folder may use what is in it, and the other way round.
        if let (Some(from), Some(to)) = (one.from.get(shared), one.to.get(shared)) {
            let siblings = folders.entry(&one.from[..shared]).or_default();
            siblings.entry(from).or_default().entry(to).or_insert(&one.evidence);
        }
    }
    let mut found = Vec::new();
    for (folder, siblings) in folders {
        let mut described: BTreeSet<&str> = BTreeSet::new();
        let mut shortest: Vec<Vec<&str>> = siblings.keys().filter_map(|start| circle_from(&siblings, start)).collect();
        shortest.sort_by_key(Vec::len);
        for circle in shortest {
            if circle.iter().all(|name| !described.contains(name)) {
                let knot = knot_of(&siblings, circle[0]);
                found.push(describe(source, folder, &siblings, &circle, &knot));
                described.extend(knot);
            }
        }
    }
    found
}

/// The shortest way from a module back to it.
fn circle_from<'a>(siblings: &Siblings<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut pending = VecDeque::from([start]);
    while let Some(at) = pending.pop_front() {
        for next in siblings.get(at).into_iter().flat_map(BTreeMap::keys).copied() {
            if next == start {
                let mut way = vec![at];
                while let Some(before) = came_from.get(way[way.len() - 1]) {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(next, at);
                pending.push_back(next);
            }
        }
    }
    None
}

/// The modules that reach this one and are reached by it.
fn knot_of<'a>(siblings: &Siblings<'a>, member: &'a str) -> BTreeSet<&'a str> {
    let reached_by_member = reached(siblings, member);
    reached_by_member.into_iter().filter(|other| reached(siblings, other).contains(member)).collect()
}

fn reached<'a>(siblings: &Siblings<'a>, start: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut pending = vec![start];
    while let Some(at) = pending.pop() {
        let next = siblings.get(at).into_iter().flat_map(BTreeMap::keys).copied();
        pending.extend(next.filter(|next| found.insert(*next)));
    }
    found
}

fn describe(
    source: &Crate,
    folder: &[String],
    siblings: &Siblings<'_>,
    circle: &[&str],
    knot: &BTreeSet<&str>,
) -> String {
    let place = module_name(&folder.to_vec());
    let mut text = format!("{}, {place}: {} -> {}", source.folder.display(), circle.join(" -> "), circle[0]);
    for (at, from) in circle.iter().enumerate() {
        let to = circle[(at + 1) % circle.len()];
        let evidence = siblings.get(from).and_then(|used| used.get(to)).copied().unwrap_or_default();
        text.push_str(&format!("\n    {from} -> {to}: {evidence}"));
    }
    if knot.len() > circle.len() {
        let names: Vec<&str> = knot.iter().copied().collect();
        text.push_str(&format!("\n    {} modules reach each other: {}", names.len(), names.join(", ")));
    }
    text
}

fn module_name(path: &ModulePath) -> String {
    ["crate".to_owned()].iter().chain(path).map(String::as_str).collect::<Vec<_>>().join("::")
}
