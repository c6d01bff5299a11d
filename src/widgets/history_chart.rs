//! Draws how something went over the last readings, as a line from 0 to 1 with the newest at the right.

use std::cell::{Cell, RefCell};

use gtk::{gdk, glib, graphene, gsk, prelude::*, subclass::prelude::*};

/// Thickness of the line, in application pixels.
const LINE: f32 = 2.0;
/// Quarters of the height that have a thin line.
const QUARTERS: u8 = 4;

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct HistoryChart {
        pub(super) samples: RefCell<Vec<f32>>,
        /// How many samples fill the width.
        pub(super) room: Cell<usize>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for HistoryChart {
        const NAME: &'static str = "InnkeeperHistoryChart";
        type Type = super::HistoryChart;
        type ParentType = gtk::Widget;

        fn class_init(class: &mut Self::Class) {
            class.set_accessible_role(gtk::AccessibleRole::Img);
            class.set_css_name("history-chart");
        }
    }

    impl ObjectImpl for HistoryChart {}

    impl WidgetImpl for HistoryChart {
        fn snapshot(&self, snapshot: &gtk::Snapshot) {
            let obj = self.obj();
            let size = (obj.width() as f32, obj.height() as f32);
            draw_quarters(snapshot, size, obj.color());
            let points = points(&self.samples.borrow(), self.room.get(), size);
            let accent = adw::StyleManager::for_display(&obj.display()).accent_color_rgba();
            draw_samples(snapshot, &points, size, accent);
        }
    }
}

glib::wrapper! {
    /// A line of samples.
    pub struct HistoryChart(ObjectSubclass<imp::HistoryChart>)
        @extends gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Default for HistoryChart {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl HistoryChart {
    /// Shows samples from 0.0 to 1.0, the oldest first, so many of which fill the width; `label` says the newest in words to
    /// who cannot see the line.
    pub fn show(&self, samples: Vec<f32>, room: usize, label: &str) {
        self.imp().samples.replace(samples);
        self.imp().room.set(room);
        self.update_property(&[gtk::accessible::Property::Label(label)]);
        self.queue_draw();
    }
}

/// Gives the points of the line: the newest sample at the right edge, full load at the top.
fn points(samples: &[f32], room: usize, size: (f32, f32)) -> Vec<(f32, f32)> {
    let step = size.0 / room.saturating_sub(1).max(1) as f32;
    let first = room.saturating_sub(samples.len());
    let height = (size.1 - LINE).max(0.0);
    samples
        .iter()
        .enumerate()
        .map(|(index, load)| {
            let x = (first + index) as f32 * step;
            (x, LINE / 2.0 + height * (1.0 - load.clamp(0.0, 1.0)))
        })
        .collect()
}

fn draw_quarters(snapshot: &gtk::Snapshot, size: (f32, f32), colour: gdk::RGBA) {
    let thin = colour.with_alpha(0.15);
    for quarter in 0..=QUARTERS {
        let y = (size.1 - 1.0) * f32::from(quarter) / f32::from(QUARTERS);
        snapshot.append_color(&thin, &graphene::Rect::new(0.0, y.round(), size.0, 1.0));
    }
}

fn draw_samples(
    snapshot: &gtk::Snapshot,
    points: &[(f32, f32)],
    size: (f32, f32),
    colour: gdk::RGBA,
) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return;
    };
    let line = gsk::PathBuilder::new();
    line.move_to(first.0, first.1);
    let area = gsk::PathBuilder::new();
    area.move_to(first.0, size.1);
    for (x, y) in points {
        line.line_to(*x, *y);
        area.line_to(*x, *y);
    }
    area.line_to(last.0, size.1);
    area.close();
    snapshot.append_fill(
        &area.to_path(),
        gsk::FillRule::Winding,
        &colour.with_alpha(0.2),
    );
    snapshot.append_stroke(&line.to_path(), &gsk::Stroke::new(LINE), &colour);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_sample_is_at_the_right_edge() {
        let size = (390.0, 102.0);
        let found = points(&[0.0, 1.0, 0.5], 40, size);
        assert_eq!(found.len(), 3);
        assert!((found[2].0 - 390.0).abs() < 0.01);
        assert!((found[2].0 - found[1].0 - 10.0).abs() < 0.01);
        for (point, height) in found.iter().zip([101.0, 1.0, 51.0]) {
            assert!((point.1 - height).abs() < 0.01);
        }
        let full = points(&[9.0; 40], 40, size);
        assert!(full[0].0.abs() < 0.01 && (full[0].1 - 1.0).abs() < 0.01);
        assert!(points(&[], 40, size).is_empty());
    }
}
