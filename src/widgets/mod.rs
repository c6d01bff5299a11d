//! What two or more windows use.

mod acts;
mod breakpoints;
mod certificate;
mod context_menu;
mod copying;
mod exact;
mod feedback;
mod history_chart;
pub mod keys;
mod trust_box;
mod usage_graph;
mod validity;
mod warning_icon;

pub use acts::{ActTarget, install_acts, update_acts};
pub use breakpoints::keep_focus_over_breakpoints;
pub use certificate::certificate_rows;
pub use context_menu::{add_context_menu, show_context_menu};
pub use copying::copy_text;
pub use exact::{code_markup, exact_markup, fingerprint_markup};
pub use feedback::{show_advice, show_error, show_message};
pub use history_chart::HistoryChart;
pub use trust_box::TrustBox;
pub use usage_graph::UsageGraph;
pub(crate) use usage_graph::percent;
pub use validity::{day, validity};
pub use warning_icon::warning_icon;
