//! What happened to a connection, line by line, to read, copy and save.

use std::cell::{Cell, OnceCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gio, glib};

use super::log_texts;
use crate::{
    app::{
        i18n::{gettext, gettext_f},
        runtime,
    },
    model::{Connection, LogLevel, LogLine},
    widgets,
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/host/log_page.ui")]
    pub struct LogPage {
        #[template_child]
        pub(super) stack: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) scrolled: TemplateChild<gtk::ScrolledWindow>,
        #[template_child]
        pub(super) list: TemplateChild<gtk::ListView>,
        pub(super) lines: OnceCell<gio::ListStore>,
        /// The number of the first line that is not listed.
        pub(super) next: Cell<u64>,
        pub(super) connection: OnceCell<Connection>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for LogPage {
        const NAME: &'static str = "InnkeeperLogPage";
        type Type = super::LogPage;
        type ParentType = adw::Bin;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.install_action("log.copy", None, |page, _, _| page.copy());
            klass.install_action_async("log.save", None, async |page, _, _| page.save().await);
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for LogPage {
        fn constructed(&self) {
            self.parent_constructed();
            let lines = gio::ListStore::new::<glib::BoxedAnyObject>();
            let selection = gtk::NoSelection::new(Some(lines.clone()));
            self.list.set_factory(Some(&rows()));
            self.list.set_model(Some(&selection));
            let _ = self.lines.set(lines);
        }
    }

    impl WidgetImpl for LogPage {}
    impl BinImpl for LogPage {}
}

glib::wrapper! {
    /// The page with a connection's log.
    pub struct LogPage(ObjectSubclass<imp::LogPage>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl LogPage {
    /// Shows a connection's log.
    pub(super) fn set_connection(&self, connection: &Connection) {
        let imp = self.imp();
        let _ = imp.connection.set(connection.clone());
        let signals = glib::SignalGroup::new::<Connection>();
        let weak = self.downgrade();
        signals.connect_local("log-changed", false, move |_| {
            if let Some(page) = weak.upgrade() {
                page.update();
            }
            None
        });
        // Another address is another host, whose log begins anew.
        let weak = self.downgrade();
        signals.connect_notify_local(Some("uri"), move |_, _| {
            if let Some(page) = weak.upgrade() {
                page.clear();
                page.update();
            }
        });
        signals.set_target(Some(connection));
        let _ = imp.signals.set(signals);
        self.update();
    }

    fn all(&self) -> Vec<LogLine> {
        let connection = self.imp().connection.get();
        connection.map(Connection::log).unwrap_or_default()
    }

    fn clear(&self) {
        if let Some(lines) = self.imp().lines.get() {
            lines.remove_all();
        }
        self.imp().next.set(0);
    }

    /// Adds the new lines and drops those that the log has dropped; stays at the end where that is seen.
    fn update(&self) {
        let imp = self.imp();
        let (log, Some(lines)) = (self.all(), imp.lines.get()) else {
            return;
        };
        let place = imp.scrolled.vadjustment();
        let was_at_end = place.value() + place.page_size() + 1.0 >= place.upper();
        let next = imp.next.get();
        let new: Vec<_> = log.iter().filter(|line| line.number >= next).collect();
        if let Some(last) = new.last() {
            imp.next.set(last.number + 1);
        }
        let items: Vec<_> = new
            .into_iter()
            .map(|line| glib::BoxedAnyObject::new(line.clone()))
            .collect();
        lines.extend_from_slice(&items);
        let old = (lines.n_items() as usize).saturating_sub(log.len()) as u32;
        lines.splice(0, old, &[] as &[glib::Object]);
        let count = lines.n_items();
        let name = if count > 0 { "lines" } else { "empty" };
        imp.stack.set_visible_child_name(name);
        for action in ["log.copy", "log.save"] {
            self.action_set_enabled(action, count > 0);
        }
        if was_at_end && count > 0 {
            imp.list
                .scroll_to(count - 1, gtk::ListScrollFlags::NONE, None);
        }
    }

    fn copy(&self) {
        widgets::copy_text(&self.clipboard(), &log_texts::plain(&self.all()));
        widgets::show_message(self, &gettext("The log is copied"));
    }

    async fn save(&self) {
        let dialog = gtk::FileDialog::builder()
            .title(gettext("Save Log"))
            .initial_name("innkeeper.log")
            .build();
        let window = self.root().and_downcast::<gtk::Window>();
        // Closed without a choice: nothing to tell.
        let Ok(file) = dialog.save_future(window.as_ref()).await else {
            return;
        };
        let text = log_texts::plain(&self.all());
        let (sent, received) = async_channel::bounded(1);
        let path = file.path();
        runtime::local(async move {
            let written = file
                .replace_contents_future(text, None, false, gio::FileCreateFlags::NONE)
                .await;
            let _ = sent.send(written.map_err(|(_, error)| error)).await;
        });
        let shown = path
            .map(|path| path.display().to_string())
            .unwrap_or_default();
        let text = match received.recv().await {
            Ok(Ok(_)) => gettext_f("Saved to {file}", &[("file", &shown)]),
            Ok(Err(error)) => gettext_f(
                "The log could not be saved: {reason}",
                &[("reason", error.message())],
            ),
            Err(_) => return,
        };
        widgets::show_message(self, &text);
    }
}

/// Makes the rows: the time, and what happened.
fn rows() -> gtk::SignalListItemFactory {
    let factory = gtk::SignalListItemFactory::new();
    factory.connect_setup(|_, item| {
        let row = gtk::Box::builder().spacing(12).build();
        row.append(
            &gtk::Label::builder()
                .valign(gtk::Align::Start)
                .css_classes(["caption", "numeric", "dimmed", "time"])
                .build(),
        );
        row.append(
            &gtk::Label::builder()
                .xalign(0.0)
                .hexpand(true)
                .wrap(true)
                .wrap_mode(gtk::pango::WrapMode::WordChar)
                .build(),
        );
        if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
            item.set_activatable(false);
            item.set_child(Some(&row));
        }
    });
    factory.connect_bind(|_, item| {
        let Some(item) = item.downcast_ref::<gtk::ListItem>() else {
            return;
        };
        let line = item.item().and_downcast::<glib::BoxedAnyObject>();
        let time = item.child().and_then(|row| row.first_child());
        let text = item.child().and_then(|row| row.last_child());
        if let (Some(line), Some(time), Some(text)) = (
            line,
            time.and_downcast::<gtk::Label>(),
            text.and_downcast::<gtk::Label>(),
        ) {
            show(&line.borrow::<LogLine>(), &time, &text);
        }
    });
    factory
}

fn show(line: &LogLine, time: &gtk::Label, text: &gtk::Label) {
    time.set_label(&log_texts::time(line.time));
    text.set_label(&log_texts::event(&line.event));
    let classes: &[&str] = match line.event.level() {
        LogLevel::Info => &[],
        LogLevel::Warning => &["warning"],
        LogLevel::Error => &["error"],
    };
    text.set_css_classes(classes);
}
