//! Shows the usage of an App or a Project.

mod chart;
mod month;
mod text;

pub use chart::UsageChart;
pub use month::{MonthCard, MonthLine};
