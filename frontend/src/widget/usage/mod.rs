//! Shows the usage of an App or a Project.

mod app;
mod chart;
mod month;
mod text;

pub use app::AppUsageChart;
pub use chart::UsageChart;
pub use month::{MonthCard, MonthLine};
