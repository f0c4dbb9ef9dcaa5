//! A bar that shows how much of a limit is used.

use super::Tone;
use super::number::whole;
use leptos::prelude::*;

/// The per cent from which on a limit is nearly used up.
const NEARLY: u64 = 80;

/// How much of a limit is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Fine,
    NearlyFull,
    Full,
}

impl Level {
    pub fn of(used: u64, most: u64) -> Self {
        match percent(used, most) {
            _ if used >= most => Self::Full,
            NEARLY.. => Self::NearlyFull,
            _ => Self::Fine,
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Fine => Tone::Good,
            Self::NearlyFull => Tone::Warning,
            Self::Full => Tone::Danger,
        }
    }
}

/// Rounds down, so that a limit with room left never appears full.
fn percent(used: u64, most: u64) -> u64 {
    if used >= most {
        return 100;
    }
    whole(used as f64 * 100.0 / most as f64).min(99)
}

/// The used part as text.
pub fn percent_text(used: u64, most: u64) -> String {
    match percent(used, most) {
        0 if used > 0 => "less than 1%".to_owned(),
        percent => format!("{percent}%"),
    }
}

/// A bar that shows how much of a limit is used. Its numbers stand beside it.
#[component]
pub fn Meter(
    used: u64,
    most: u64,
    /// The value as text, for users of screen readers.
    #[prop(into)]
    text: String,
    #[prop(into)] label: String,
) -> impl IntoView {
    let class = format!("meter meter-{}", Level::of(used, most).tone().as_str());
    // A small value stays visible.
    let filled = match percent(used, most) {
        0 if used > 0 => 1,
        percent => percent,
    };
    view! {
        <div class=class role="meter" aria-label=label aria-valuemin="0" aria-valuemax=most.to_string()
            aria-valuenow=used.min(most).to_string() aria-valuetext=text>
            <svg aria-hidden="true" focusable="false"><rect width=format!("{filled}%") height="100%" rx="4"></rect></svg>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_no_room_left_is_full() {
        for (used, most, text, level) in [
            (0, 500_000, "0%", Level::Fine),
            (1, 500_000, "less than 1%", Level::Fine),
            (399_999, 500_000, "79%", Level::Fine),
            (400_000, 500_000, "80%", Level::NearlyFull),
            (499_999, 500_000, "99%", Level::NearlyFull),
            (500_000, 500_000, "100%", Level::Full),
            (500_001, 500_000, "100%", Level::Full),
            (0, 0, "100%", Level::Full),
            (u64::MAX - 1, u64::MAX, "99%", Level::NearlyFull),
        ] {
            assert_eq!((percent_text(used, most).as_str(), Level::of(used, most)), (text, level), "{used} of {most}");
        }
    }
}
