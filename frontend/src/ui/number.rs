//! Writes numbers for people, and takes numbers over from the browser.

/// Writes a number with a comma between thousands.
pub fn number_text(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Writes a number with its noun in the singular or plural.
pub fn count_text(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A number as JavaScript and fractions have it, without what stands behind the point. A number below 0, and what is no
/// number, is 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast of a float saturates and drops the fraction, as this function promises"
)]
pub fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_number_of_the_browser_is_never_below_0_and_never_wraps() {
        for (number, wanted) in
            [(0.0, 0), (2.999, 2), (-0.5, 0), (-7.0, 0), (f64::NAN, 0), (f64::NEG_INFINITY, 0), (1e30, u64::MAX)]
        {
            assert_eq!(whole(number), wanted, "{number}");
        }
    }
}
