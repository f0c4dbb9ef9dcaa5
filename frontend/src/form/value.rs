//! The value of a field, as text that can be compared.

use super::{Choice, Line};
use leptos::prelude::*;

/// The signal behind a field. It can be read and written as text, to compare it with the first value.
#[derive(Clone, Copy)]
pub enum Value {
    Text(RwSignal<String>),
    /// One of these choices.
    Choice(RwSignal<String>, Signal<Vec<Choice>>),
    Flag(RwSignal<bool>),
    Lines(RwSignal<Vec<Line>>),
}

impl Value {
    /// `None` if the field is gone.
    pub fn read(self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Choice(text, _) => text.try_get(),
            Self::Flag(flag) => flag.try_get().map(on_or_off),
            Self::Lines(lines) => lines.try_get().map(|lines| {
                let urls: Vec<String> = lines.into_iter().map(|line| line.url.get()).collect();
                urls.join("\n")
            }),
        }
    }

    pub fn write(self, text: &str) {
        match self {
            Self::Text(signal) | Self::Choice(signal, _) => signal.set(text.to_owned()),
            Self::Flag(signal) => signal.set(text == "on"),
            Self::Lines(signal) => write_lines(signal, text),
        }
    }

    /// The label of a value of this field.
    pub fn in_words(self, text: &str) -> String {
        match self {
            Self::Choice(_, choices) => {
                let label = |choices: &Vec<Choice>| {
                    let chosen = choices.iter().find(|choice| choice.value == text);
                    chosen.map(|choice| choice.label.clone())
                };
                choices.try_with_untracked(label).flatten().unwrap_or_else(|| text.to_owned())
            }
            Self::Lines(_) => text.replace('\n', ", "),
            Self::Text(_) | Self::Flag(_) => text.to_owned(),
        }
    }
}

/// Writes into the existing lines, so that a shown line keeps its signal and the input that comes next.
fn write_lines(signal: RwSignal<Vec<Line>>, text: &str) {
    let mut lines = signal.get_untracked();
    let urls: Vec<&str> = text.lines().collect();
    lines.truncate(urls.len());
    for (line, url) in lines.iter().zip(&urls) {
        line.url.set((*url).to_owned());
    }
    let known = lines.len();
    lines.extend(urls.into_iter().skip(known).map(Line::new));
    signal.set(lines);
}

/// A checkbox as text.
pub fn on_or_off(is_on: bool) -> String {
    if is_on { "on" } else { "off" }.to_owned()
}

/// A field whose value the form saves.
#[derive(Clone)]
pub struct Tracked {
    pub name: String,
    pub label: String,
    pub value: Value,
    /// The first value, or the value saved last.
    pub before: String,
    /// The value when the form was sent last.
    pub sent: Option<String>,
}

impl Tracked {
    pub fn is_changed(&self) -> bool {
        self.value.read().is_some_and(|now| now != self.before)
    }
}

/// A field that was changed elsewhere after the form was opened.
#[derive(Clone, PartialEq)]
pub struct Meanwhile {
    pub label: String,
    /// The saved value as text.
    pub theirs: String,
    /// Whether the user has entered another value, which saving would write.
    pub is_edited: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_signal_when_the_list_is_written() {
        let owner = Owner::new();
        owner.set();
        let first = Line::new("https://a.example");
        let lines = RwSignal::new(vec![first.clone()]);
        let value = Value::Lines(lines);
        value.write("https://b.example\nhttps://c.example");
        assert_eq!(first.url.get_untracked(), "https://b.example");
        first.url.set("https://d.example".to_owned());
        assert_eq!(value.read().as_deref(), Some("https://d.example\nhttps://c.example"));
        let added = lines.get_untracked().remove(1).key;
        value.write("https://b.example");
        value.write("https://b.example\nhttps://c.example");
        let keys: Vec<u32> = lines.get_untracked().iter().map(|line| line.key).collect();
        assert_eq!(keys.first(), Some(&first.key));
        assert_ne!(keys.last(), Some(&added), "a line that is new has a key of its own");
    }
}
