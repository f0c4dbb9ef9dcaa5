//! Describes and reads one setting.

use super::SettingsError;

/// One setting: how it is read, and what the docs say of it.
pub struct Setting<V> {
    pub name: &'static str,
    pub is_secret: bool,
    /// What it does, as Markdown.
    pub effect: &'static str,
    pub values: V,
}

/// One of two words, the first where nothing is set.
pub struct Choice(pub &'static str, pub &'static str);

/// A whole number.
pub struct Number {
    pub default: u64,
    pub least: u64,
    pub most: u64,
}

/// Whatever its reader takes.
pub struct Text {
    /// Empty where there is none.
    pub default: &'static str,
    pub rule: &'static str,
}

/// What a setting may be.
pub trait Values {
    fn default(&self) -> String;
    fn rule(&self) -> String;
}

impl Values for Choice {
    fn default(&self) -> String {
        self.0.to_owned()
    }

    fn rule(&self) -> String {
        format!("`{}` or `{}`", self.0, self.1)
    }
}

impl Values for Number {
    fn default(&self) -> String {
        self.default.to_string()
    }

    fn rule(&self) -> String {
        format!("a number from {} to {}", self.least, self.most)
    }
}

impl Values for Text {
    fn default(&self) -> String {
        self.default.to_owned()
    }

    fn rule(&self) -> String {
        self.rule.to_owned()
    }
}

impl<V: Values> Setting<V> {
    /// The text that is set; an empty one counts as not set.
    fn find(&self, variable: &impl Fn(&str) -> Option<String>) -> Option<String> {
        variable(self.name).filter(|value| !value.trim().is_empty())
    }

    pub(super) fn invalid(&self) -> SettingsError {
        SettingsError::Invalid { name: self.name, rule: self.values.rule() }
    }
}

impl Setting<Choice> {
    /// The error where the first word is set, and another setting takes the second.
    pub(super) fn invalid_with<V>(&self, other: &Setting<V>) -> SettingsError {
        SettingsError::Invalid { name: self.name, rule: format!("`{}` where {} is set", self.values.1, other.name) }
    }

    /// Whether it is the second word.
    pub(super) fn read(&self, variable: &impl Fn(&str) -> Option<String>) -> Result<bool, SettingsError> {
        match self.find(variable).as_deref() {
            None => Ok(false),
            Some(text) if text == self.values.0 => Ok(false),
            Some(text) if text == self.values.1 => Ok(true),
            Some(_) => Err(self.invalid()),
        }
    }
}

impl Setting<Number> {
    pub(super) fn read(&self, variable: &impl Fn(&str) -> Option<String>) -> Result<u64, SettingsError> {
        let Some(text) = self.find(variable) else { return Ok(self.values.default) };
        let number = text.parse().ok().filter(|number| (self.values.least..=self.values.most).contains(number));
        number.ok_or_else(|| self.invalid())
    }
}

impl Setting<Text> {
    /// What `parse` makes of it; `None` where it is not set and has no default.
    pub(super) fn read<T>(
        &self,
        variable: &impl Fn(&str) -> Option<String>,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, SettingsError> {
        let default = Some(self.values.default).filter(|text| !text.is_empty()).map(str::to_owned);
        let Some(text) = self.find(variable).or(default) else { return Ok(None) };
        parse(&text).map(Some).ok_or_else(|| self.invalid())
    }

    /// The same for one that must be set.
    pub(super) fn require<T>(
        &self,
        variable: &impl Fn(&str) -> Option<String>,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, SettingsError> {
        self.read(variable, parse)?.ok_or(SettingsError::Missing(self.name))
    }
}
