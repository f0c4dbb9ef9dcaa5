use super::{Choice, Line};
use leptos::prelude::*;

/// The signal behind a field. As text it can be compared with what the field started with, and put back.
#[derive(Clone, Copy)]
pub enum Value {
    Text(RwSignal<String>),
    /// One of these choices.
    Choice(RwSignal<String>, Signal<Vec<Choice>>),
    Flag(RwSignal<bool>),
    Lines(RwSignal<Vec<Line>>),
}

impl Value {
    /// `None` where the field is gone.
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

    /// A text of this field in the words of the form.
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

/// Writes into the lines that there are: a line that is shown keeps its signal, and with it what is typed there next.
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

/// A field that takes part in what the form saves.
#[derive(Clone)]
pub struct Tracked {
    pub name: String,
    pub label: String,
    pub value: Value,
    /// What it started with, or what was saved last.
    pub before: String,
    /// What stood in it when the form was sent last.
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
    /// What it is now, in words.
    pub theirs: String,
    /// Whether the person has entered something else, which is then saved instead.
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
