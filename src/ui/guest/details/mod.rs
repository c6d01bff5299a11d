//! The page that shows a guest's hardware and figures, for reading.
//!
//! [`page`] reads and fills, [`overview`] says what the guest is, [`device_row`] shows one device, [`texts`] has the words, [`cpu_chart`] draws.

mod cpu_chart;
mod device_row;
mod overview;
mod page;
mod texts;

pub(super) use page::DetailsPage;
