use super::Line;
use leptos::prelude::*;

/// The signal behind a field. As text it can be compared with what the field started with, and put back.
#[derive(Clone, Copy)]
pub enum Value {
    Text(RwSignal<String>),
    Flag(RwSignal<bool>),
    Lines(RwSignal<Vec<Line>>),
}

impl Value {
    /// `None` where the field is gone.
    pub fn read(self) -> Option<String> {
        match self {
            Self::Text(text) => text.try_get(),
            Self::Flag(flag) => flag.try_get().map(on_or_off),
            Self::Lines(lines) => lines.try_get().map(|lines| {
                let urls: Vec<String> = lines.into_iter().map(|(_, url)| url.get()).collect();
                urls.join("\n")
            }),
        }
    }

    pub fn write(self, text: &str) {
        match self {
            Self::Text(signal) => signal.set(text.to_owned()),
            Self::Flag(signal) => signal.set(text == "on"),
            Self::Lines(signal) => {
                signal.set((0..).zip(text.lines().map(|line| ArcRwSignal::new(line.into()))).collect())
            }
        }
    }
}

/// A checkbox as text.
pub fn on_or_off(is_on: bool) -> String {
    if is_on { "on" } else { "off" }.to_owned()
}

/// A field that takes part in what the form saves.
#[derive(Clone)]
pub struct Tracked {
    pub name: String,
    pub label: String,
    pub value: Value,
    /// What it started with, or what was saved last.
    pub before: String,
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
    /// What it is now.
    pub theirs: String,
    /// Whether the person has typed something else, which is then saved instead.
    pub is_edited: bool,
}
