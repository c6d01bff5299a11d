//! Draws how busy a guest's CPUs were, newest at the right.

use std::cell::{OnceCell, RefCell};

use gtk::{gdk, glib, graphene, gsk, prelude::*, subclass::prelude::*};

use crate::{
    app::i18n::gettext_f,
    model::{Guest, HISTORY},
};

/// Thickness of the line, in application pixels.
const LINE: f32 = 2.0;
/// Quarters of the height that have a thin line.
const QUARTERS: u8 = 4;

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct CpuChart {
        pub(super) guest: RefCell<Option<Guest>>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for CpuChart {
        const NAME: &'static str = "InnkeeperCpuChart";
        type Type = super::CpuChart;
        type ParentType = gtk::Widget;

        fn class_init(class: &mut Self::Class) {
            class.set_accessible_role(gtk::AccessibleRole::Img);
            class.set_css_name("cpu-chart");
        }
    }

    impl ObjectImpl for CpuChart {
        fn constructed(&self) {
            self.parent_constructed();
            let signals = glib::SignalGroup::new::<Guest>();
            let weak = self.obj().downgrade();
            signals.connect_local("notify::cpu", false, move |_| {
                if let Some(chart) = weak.upgrade() {
                    chart.update();
                }
                None
            });
            let _ = self.signals.set(signals);
        }
    }

    impl WidgetImpl for CpuChart {
        fn snapshot(&self, snapshot: &gtk::Snapshot) {
            let obj = self.obj();
            let size = (obj.width() as f32, obj.height() as f32);
            draw_quarters(snapshot, size, obj.color());
            let guest = self.guest.borrow();
            let Some(guest) = guest.as_ref() else { return };
            let points = guest.with_history(|history| points(history.iter().copied(), size));
            let accent = adw::StyleManager::for_display(&obj.display()).accent_color_rgba();
            draw_samples(snapshot, &points, size, accent);
        }
    }
}

glib::wrapper! {
    /// A guest's CPU history.
    pub struct CpuChart(ObjectSubclass<imp::CpuChart>)
        @extends gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl CpuChart {
    /// Shows a guest.
    pub(super) fn set_guest(&self, guest: &Guest) {
        self.imp().guest.replace(Some(guest.clone()));
        if let Some(signals) = self.imp().signals.get() {
            signals.set_target(Some(guest));
        }
        self.update();
    }

    fn update(&self) {
        let cpu = self.imp().guest.borrow().as_ref().map_or(0.0, Guest::cpu);
        let percent = format!("{:.0}", cpu * 100.0);
        let text = gettext_f("CPU {percent} %", &[("percent", &percent)]);
        self.update_property(&[gtk::accessible::Property::Label(&text)]);
        self.queue_draw();
    }
}

/// Gives the points of the line: the newest sample at the right edge, full load at the top.
fn points(
    samples: impl DoubleEndedIterator<Item = f32> + ExactSizeIterator,
    size: (f32, f32),
) -> Vec<(f32, f32)> {
    let step = size.0 / (HISTORY - 1) as f32;
    let first = HISTORY.saturating_sub(samples.len());
    let room = (size.1 - LINE).max(0.0);
    samples
        .enumerate()
        .map(|(index, load)| {
            let x = (first + index) as f32 * step;
            (x, LINE / 2.0 + room * (1.0 - load.clamp(0.0, 1.0)))
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
        let found = points([0.0, 1.0, 0.5].into_iter(), size);
        assert_eq!(found.len(), 3);
        assert!((found[2].0 - 390.0).abs() < 0.01);
        assert!((found[2].0 - found[1].0 - 10.0).abs() < 0.01);
        for (point, height) in found.iter().zip([101.0, 1.0, 51.0]) {
            assert!((point.1 - height).abs() < 0.01);
        }
        let full = points(
            (0..HISTORY)
                .map(|_| 9.0_f32)
                .collect::<Vec<_>>()
                .into_iter(),
            size,
        );
        assert!(full[0].0.abs() < 0.01 && (full[0].1 - 1.0).abs() < 0.01);
        assert!(points(std::iter::empty(), size).is_empty());
    }
}
