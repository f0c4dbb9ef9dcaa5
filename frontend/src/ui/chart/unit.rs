//! The unit of a chart.

use crate::ui::number_text;

/// The counted noun, singular and plural.
pub type Unit = (&'static str, &'static str);

/// Writes a number with its unit.
pub fn count(number: u64, (one, many): Unit) -> String {
    format!("{} {}", number_text(number), if number == 1 { one } else { many })
}
