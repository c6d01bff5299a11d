//! A small graph of a guest's CPU use over the last readings, with the present value in words.

use std::cell::{Cell, OnceCell, RefCell};

use adw::subclass::prelude::*;
use gtk::{glib, graphene, gsk, prelude::*};

use crate::{
    app::i18n::gettext_f,
    model::{Guest, HISTORY},
};

/// Room for “100 %” at the right, in application pixels.
const TEXT_WIDTH: f32 = 48.0;
/// The thickness of the line.
const LINE_WIDTH: f32 = 1.5;
/// How much of the line's colour fills the area below it.
const FILL_ALPHA: f32 = 0.25;

mod imp {
    use super::*;

    #[derive(Debug, Default, glib::Properties)]
    #[properties(wrapper_type = super::UsageGraph)]
    pub struct UsageGraph {
        /// The guest whose use is shown.
        #[property(get, set = Self::set_guest, nullable, explicit_notify)]
        guest: RefCell<Option<Guest>>,
        signals: OnceCell<glib::SignalGroup>,
        /// What assistive technology was told last; nothing for a guest that is off.
        percent: Cell<Option<u32>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for UsageGraph {
        const NAME: &'static str = "InnkeeperUsageGraph";
        type Type = super::UsageGraph;
        type ParentType = gtk::Widget;

        fn class_init(klass: &mut Self::Class) {
            klass.set_css_name("usage-graph");
            klass.set_accessible_role(gtk::AccessibleRole::Img);
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for UsageGraph {
        fn constructed(&self) {
            self.parent_constructed();
            let signals = glib::SignalGroup::new::<Guest>();
            let weak = self.obj().downgrade();
            signals.connect_notify_local(Some("cpu"), move |_, _| {
                if let Some(graph) = weak.upgrade() {
                    graph.imp().take_sample();
                }
            });
            let _ = self.signals.set(signals);
        }
    }

    impl WidgetImpl for UsageGraph {
        fn measure(&self, orientation: gtk::Orientation, _for_size: i32) -> (i32, i32, i32, i32) {
            match orientation {
                gtk::Orientation::Horizontal => (TEXT_WIDTH as i32, 120, -1, -1),
                _ => (16, 24, -1, -1),
            }
        }

        fn snapshot(&self, snapshot: &gtk::Snapshot) {
            let Some(guest) = self.guest.borrow().clone() else {
                return;
            };
            let samples: Vec<f32> = guest.with_history(|history| history.iter().copied().collect());
            if samples.is_empty() {
                return;
            }
            self.draw_text(snapshot);
            let width = self.obj().width() as f32 - TEXT_WIDTH;
            if width > 8.0 {
                self.draw_line(snapshot, &samples, width);
            }
        }
    }

    impl UsageGraph {
        fn set_guest(&self, guest: Option<Guest>) {
            if *self.guest.borrow() == guest {
                return;
            }
            if let Some(signals) = self.signals.get() {
                signals.set_target(guest.as_ref());
            }
            self.guest.replace(guest);
            self.take_sample();
            self.obj().notify_guest();
        }

        fn take_sample(&self) {
            self.obj().queue_draw();
            let guest = self.guest.borrow();
            let known = guest.as_ref().filter(|g| g.with_history(|h| !h.is_empty()));
            let percent = known.map(|guest| percent(guest.cpu()));
            if self.percent.replace(percent) != percent {
                let text = percent.map_or_else(String::new, |percent| {
                    gettext_f("CPU {percent} %", &[("percent", &percent.to_string())])
                });
                let label = gtk::accessible::Property::Label(&text);
                self.obj().update_property(&[label]);
            }
        }

        fn draw_text(&self, snapshot: &gtk::Snapshot) {
            let widget = self.obj();
            let text = gettext_f(
                "{percent} %",
                &[("percent", &self.percent.get().unwrap_or(0).to_string())],
            );
            let layout = widget.create_pango_layout(Some(&text));
            let (text_width, text_height) = layout.pixel_size();
            let place = graphene::Point::new(
                (widget.width() - text_width) as f32,
                ((widget.height() - text_height) / 2) as f32,
            );
            snapshot.translate(&place);
            snapshot.append_layout(&layout, &widget.color());
            snapshot.translate(&graphene::Point::new(-place.x(), -place.y()));
        }

        /// Draws the newest sample at the right end.
        fn draw_line(&self, snapshot: &gtk::Snapshot, samples: &[f32], width: f32) {
            let height = self.obj().height() as f32 - 2.0 * LINE_WIDTH;
            let step = width / (HISTORY - 1) as f32;
            let first = width - step * (samples.len() - 1) as f32;
            let points: Vec<(f32, f32)> = samples
                .iter()
                .enumerate()
                .map(|(index, sample)| {
                    let y = LINE_WIDTH + height * (1.0 - sample.clamp(0.0, 1.0));
                    (first + step * index as f32, y)
                })
                .collect();
            let manager = adw::StyleManager::default();
            let colour = manager.accent_color().to_standalone_rgba(manager.is_dark());
            let ground = height + 2.0 * LINE_WIDTH;
            let area = path(&points, Some(ground));
            snapshot.append_fill(
                &area,
                gsk::FillRule::Winding,
                &colour.with_alpha(FILL_ALPHA),
            );
            snapshot.append_stroke(&path(&points, None), &gsk::Stroke::new(LINE_WIDTH), &colour);
        }
    }
}

glib::wrapper! {
    /// Draws a guest's CPU use.
    pub struct UsageGraph(ObjectSubclass<imp::UsageGraph>)
        @extends gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Default for UsageGraph {
    fn default() -> Self {
        glib::Object::new()
    }
}

/// Joins points to a line; with a ground, to the area between the line and it.
fn path(points: &[(f32, f32)], ground: Option<f32>) -> gsk::Path {
    let builder = gsk::PathBuilder::new();
    let (first, last) = (points[0], points[points.len() - 1]);
    match ground {
        Some(ground) => {
            builder.move_to(first.0, ground);
            builder.line_to(first.0, first.1);
        }
        None => builder.move_to(first.0, first.1),
    }
    for (x, y) in &points[1..] {
        builder.line_to(*x, *y);
    }
    if let Some(ground) = ground {
        builder.line_to(last.0, ground);
        builder.close();
    }
    builder.to_path()
}

/// Gives a share as a whole number of hundredths.
pub(crate) fn percent(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}
