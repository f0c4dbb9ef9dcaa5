//! The fills of charts in `tokens.css` are seen by people with weak sight.

use super::stack::FILLS;

const TOKENS: &str = include_str!("../../../styles/tokens.css");
/// WCAG 2.2 §1.4.11, for what one must see to understand a picture.
const LEAST: f64 = 3.0;

/// A token's colors in the light and the dark scheme.
fn colors(token: &str) -> Vec<[u8; 3]> {
    let after = TOKENS.split_once(&format!("--{token}: light-dark(")).unwrap_or_else(|| panic!("no {token}")).1;
    let both = after.split_once(')').unwrap().0;
    let color = |text: &str| {
        let number = u32::from_str_radix(text.trim().trim_start_matches('#'), 16).unwrap();
        let [_, red, green, blue] = number.to_be_bytes();
        [red, green, blue]
    };
    both.split(',').map(color).collect()
}

/// WCAG 2.2, “relative luminance”.
fn luminance(color: [u8; 3]) -> f64 {
    let [red, green, blue] = color.map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_fill_stands_out_from_the_ground_in_both_schemes() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    let grounds = colors("surface");
    for series in 1..=FILLS {
        for (fill, ground) in colors(&format!("series-{series}")).into_iter().zip(&grounds) {
            let found = contrast(fill, *ground);
            assert!(found >= LEAST, "series {series}: {found:.2} on {ground:?}");
        }
    }
}
