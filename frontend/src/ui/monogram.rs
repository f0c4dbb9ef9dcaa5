//! A tile with the initials of a name.

use leptos::prelude::*;

/// The number of colors in `monogram.css`.
const COLORS: u32 = 6;

/// A tile with the initials of a name, in a color that follows from the name. It needs no image from another site.
/// Screen readers skip it, because the name stands beside it.
#[component]
pub fn Monogram(name: String) -> impl IntoView {
    let class = format!("monogram monogram-{}", color(&name));
    view! { <span class=class aria-hidden="true">{initials(&name)}</span> }
}

/// The first letters of the first two words.
fn initials(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    words.take(2).flat_map(char::to_uppercase).collect()
}

fn color(name: &str) -> u32 {
    name.chars().fold(0_u32, |sum, c| sum.wrapping_mul(31).wrapping_add(u32::from(c))) % COLORS
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_two_words() {
        for (name, wanted) in [("Weather", "W"), ("tiny-notes bot", "TN"), ("élan", "É"), ("  (7) ", "7"), ("—", "")]
        {
            assert_eq!(initials(name), wanted, "{name}");
        }
    }
}
