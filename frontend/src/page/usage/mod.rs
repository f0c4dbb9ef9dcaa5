//! What was used: shown for an App, for a Project and, small, on the dashboard.

mod chart;
mod month;
mod text;

pub use chart::UsageChart;
pub use month::{MonthCard, MonthLine};
