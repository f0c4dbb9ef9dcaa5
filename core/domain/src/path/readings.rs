//! Under which rule a path falls, however it is read.
//!
//! Servers take a path apart in different ways: they decode it before or after
//! they divide it, once or twice; they drop `;parameters`, blanks, a dot at a
//! segment's end; they know no case. The gate decides on one reading. It lets
//! a request pass only where every other reading falls under the same rule,
//! since it can't know which one the API behind it has.

use super::{canonical, has_dot_segment, is_own};
use gatehouse_shared::description::{PathData, RoutePolicy, Version};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// More readings than any path has that is meant well.
const MOST_READINGS: usize = 64;

/// Stands for a slash that divides nothing. No character: no path can have it.
const SLASH_AS_DATA: &str = "\u{FFFF}";

/// What a request to a path is decided on.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    /// The route and its number; `None`: what holds for all that are not listed.
    pub route: Option<(u16, &'a RoutePolicy)>,
    /// What the API is known to take as data there.
    data: PathData,
}

/// Whether a path has nothing that servers read in different ways. True of
/// nearly every path, and cheap: this is asked of every request.
pub fn is_plain(path: &str) -> bool {
    let mut before = b'/';
    for byte in path.bytes() {
        if is_odd(byte) || (byte == b'/' && before == b'.') {
            return false;
        }
        before = byte;
    }
    before != b'.'
}

/// Whether readings differ by a byte: what is encoded, what divides a path or
/// begins parameters for some, blanks, control characters, what is not ASCII,
/// and capital letters.
fn is_odd(byte: u8) -> bool {
    matches!(byte, 0..=0x20 | 0x7f.. | b'%' | b'\\' | b';' | b'A'..=b'Z')
}

/// Finds the rule that a request to a path is decided on.
pub fn rule_of<'a>(version: &'a Version, method: &str, path: &str) -> Rule<'a> {
    let data_of = |route: Option<(u16, &RoutePolicy)>| route.map_or(version.path_data, |(_, route)| route.path_data);
    let takes_slashes = || version.path_data.slash || version.routes.iter().any(|route| route.path_data.slash);
    if path.contains('%') && takes_slashes() {
        let route = version.route_of(method, &decode(path, SLASH_AS_DATA));
        let data = data_of(route);
        if data.slash {
            return Rule { route, data };
        }
    }
    let route = version.route_of(method, &canonical(path));
    let data = data_of(route);
    // Where slashes are data, this is the wrong reading: then nothing is known of the API.
    Rule { route, data: if data.slash && path.contains('%') { PathData::default() } else { data } }
}

impl Rule<'_> {
    /// Whether a path falls under this rule in every reading.
    pub fn holds_for_every_reading(&self, version: &Version, method: &str, path: &str) -> bool {
        if is_plain(path) && !version.has_capitals {
            return true;
        }
        let number = self.route.map(|(number, _)| number);
        let falls_here = |reading: &str| {
            let found = [version.route_of(method, reading), version.route_in_any_case(method, reading)];
            found.into_iter().all(|found| found.map(|(number, _)| number) == number)
                && !has_dot_segment(reading)
                && !reading.contains('\0')
                && !is_own(reading)
        };
        let mut readings = vec![path.to_owned()];
        let mut next = 0;
        while let Some(reading) = readings.get(next).cloned() {
            if !falls_here(&reading) {
                return false;
            }
            for step in &STEPS {
                let other = step(&reading, self.data);
                if other != reading && readings.iter().all(|known| *known != other) {
                    if readings.len() == MOST_READINGS {
                        return false;
                    }
                    readings.push(other.into_owned());
                }
            }
            next += 1;
        }
        true
    }
}

/// What a server may do to a path before it looks for a handler. Taken in
/// every order and number, they give every reading.
type Step = for<'a> fn(&'a str, PathData) -> Cow<'a, str>;

const STEPS: [Step; 7] = [
    decode_and_divide,
    decode_inside_segments,
    take_backslashes_for_slashes,
    drop_parameters,
    trim_segments,
    drop_final_dots,
    drop_control_characters,
];

fn decode(path: &str, slash: &str) -> String {
    let divided = path.replace("%2F", slash).replace("%2f", slash);
    percent_decode_str(&divided).decode_utf8_lossy().into_owned()
}

fn decode_and_divide(path: &str, data: PathData) -> Cow<'_, str> {
    if data.slash || !path.contains('%') { Cow::Borrowed(path) } else { percent_decode_str(path).decode_utf8_lossy() }
}

fn decode_inside_segments(path: &str, _: PathData) -> Cow<'_, str> {
    if path.contains('%') { Cow::Owned(decode(path, SLASH_AS_DATA)) } else { Cow::Borrowed(path) }
}

fn take_backslashes_for_slashes(path: &str, _: PathData) -> Cow<'_, str> {
    if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}

fn drop_parameters(path: &str, data: PathData) -> Cow<'_, str> {
    if data.semicolon || !path.contains(';') {
        return Cow::Borrowed(path);
    }
    of_segments(path, |segment| segment.split(';').next().unwrap_or_default())
}

fn trim_segments(path: &str, _: PathData) -> Cow<'_, str> {
    of_segments(path, |segment| segment.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control()))
}

fn drop_final_dots(path: &str, _: PathData) -> Cow<'_, str> {
    of_segments(path, |segment| if has_dot_segment(segment) { segment } else { segment.trim_end_matches('.') })
}

fn drop_control_characters(path: &str, _: PathData) -> Cow<'_, str> {
    let is_control = |letter: char| letter.is_control();
    if path.contains(is_control) { Cow::Owned(path.replace(is_control, "")) } else { Cow::Borrowed(path) }
}

fn of_segments(path: &str, change: impl Fn(&str) -> &str) -> Cow<'_, str> {
    let segments: Vec<&str> = path.split('/').map(change).collect();
    Cow::Owned(segments.join("/"))
}
