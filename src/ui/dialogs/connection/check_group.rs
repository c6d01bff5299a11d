//! The test of the address: a button, then one row for each step on the way to the host.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::check_row::CheckRow;
use crate::{
    app::{
        errors::UserFacing,
        i18n::{gettext, gettext_f},
        runtime,
    },
    model::{CheckStep, ConnectionCheck, Error, Outcome, Pin, Profile, Uri, check_step_text},
    ui::manager::CommandRow,
};

/// What is to be tested, and the page of the help that belongs to its way.
pub(super) struct Subject {
    /// The connection as it is to become.
    pub(super) profile: Profile,
    /// The certificates that are trusted for it.
    pub(super) pins: Vec<Pin>,
    /// The page of the help.
    pub(super) help: &'static str,
}

/// What every failure of a test is told with.
struct Told {
    uri: Uri,
    help: &'static str,
}

type Source = Box<dyn Fn() -> Option<Subject>>;

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/connection/check_group.ui")]
    pub struct CheckGroup {
        #[template_child]
        pub(super) button: TemplateChild<adw::ButtonRow>,
        pub(super) rows: RefCell<Vec<(CheckStep, CheckRow)>>,
        pub(super) source: RefCell<Option<Source>>,
        pub(super) running: RefCell<Option<glib::JoinHandle<()>>>,
        /// A test that passed: while it is kept, so is its ssh login, for the connection that is added next.
        pub(super) passed: RefCell<Option<ConnectionCheck>>,
        /// What stands below the steps: commands to type, and the raw message.
        pub(super) guidance: RefCell<Vec<gtk::Widget>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for CheckGroup {
        const NAME: &'static str = "InnkeeperCheckGroup";
        type Type = super::CheckGroup;
        type ParentType = adw::PreferencesGroup;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for CheckGroup {
        fn dispose(&self) {
            if let Some(running) = self.running.take() {
                running.abort();
            }
            self.passed.take();
        }
    }

    impl WidgetImpl for CheckGroup {}
    impl PreferencesGroupImpl for CheckGroup {}

    #[gtk::template_callbacks]
    impl CheckGroup {
        #[template_callback]
        fn on_button(&self) {
            if self.running.borrow().is_some() {
                self.obj().stop();
            } else {
                self.obj().start();
            }
        }
    }
}

glib::wrapper! {
    /// Tests an address and shows each step.
    pub struct CheckGroup(ObjectSubclass<imp::CheckGroup>)
        @extends adw::PreferencesGroup, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl CheckGroup {
    /// Says where to learn what is to be tested; nothing can be tested while there is none.
    pub(super) fn set_source(&self, source: impl Fn() -> Option<Subject> + 'static) {
        self.imp().source.replace(Some(Box::new(source)));
    }

    /// Says whether there is something to test.
    pub(super) fn set_ready(&self, ready: bool) {
        self.imp().button.set_sensitive(ready);
    }

    /// Ends a test that runs, and takes away what the last one showed: it tells of another address.
    pub(super) fn clear(&self) {
        let imp = self.imp();
        self.stop();
        imp.passed.take();
        for (_, row) in imp.rows.take() {
            self.remove(&row);
        }
        for row in imp.guidance.take() {
            self.remove(&row);
        }
    }

    /// Begins the test.
    pub(super) fn start(&self) {
        self.clear();
        let subject = self
            .imp()
            .source
            .borrow()
            .as_ref()
            .and_then(|source| source());
        let Some(subject) = subject else {
            return;
        };
        let news = ConnectionCheck::begin(&subject.profile, &subject.pins);
        for step in news.steps() {
            let row = CheckRow::new(*step);
            self.add(&row);
            self.imp().rows.borrow_mut().push((*step, row));
        }
        self.imp().button.set_title(&gettext("_Stop"));
        let weak = self.downgrade();
        let told = Told {
            uri: subject.profile.uri,
            help: subject.help,
        };
        let running = runtime::local(follow(weak, news, told));
        self.imp().running.replace(Some(running));
    }

    /// Ends the test where it is.
    fn stop(&self) {
        let imp = self.imp();
        if let Some(running) = imp.running.take() {
            running.abort();
            imp.button.set_title(&gettext("_Test Connection"));
            for (_, row) in &*imp.rows.borrow() {
                row.end();
            }
        }
    }

    fn take(&self, step: CheckStep, outcome: &Outcome, told: &Told) {
        let row = {
            let rows = self.imp().rows.borrow();
            rows.iter()
                .find(|(of, _)| *of == step)
                .map(|(_, row)| row.clone())
        };
        let Some(row) = row else { return };
        row.show(outcome, &told.uri, told.help);
        // What was skipped is of no interest: the view stays where it failed.
        if !matches!(outcome, Outcome::Skipped) {
            self.bring_into_view(&row);
        }
        if let Outcome::Failed(error) = outcome {
            self.show_guidance(error, &told.uri);
            let values = [
                ("step", check_step_text(step)),
                ("reason", error.headline()),
            ];
            let values = values
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            // Translators: Read out; {step} is such as “Sign-In”, {reason} a short sentence.
            let told = gettext_f("{step} failed: {reason}", &values);
            self.announce(&told, gtk::AccessibleAnnouncementPriority::Medium);
        }
    }

    /// Scrolls to what has just been tested: it may lie below what can be seen.
    fn bring_into_view(&self, row: &CheckRow) {
        let view = self.ancestor(gtk::Viewport::static_type());
        if let Some(view) = view.and_downcast::<gtk::Viewport>() {
            view.scroll_to(row, None);
        }
    }

    fn show_guidance(&self, error: &Error, uri: &Uri) {
        let commands = error.guidance(Some(uri)).commands;
        let commands = commands.iter().map(|command| {
            CommandRow::new(&command.label, &command.command).upcast::<gtk::Widget>()
        });
        let rows: Vec<gtk::Widget> = commands.chain([raw_message(error).upcast()]).collect();
        for row in &rows {
            self.add(row);
        }
        self.imp().guidance.replace(rows);
    }

    fn finished(&self, has_failed: bool, mut test: ConnectionCheck) {
        self.imp().running.take();
        self.imp().button.set_title(&gettext("_Test Connection"));
        if !has_failed {
            test.passed();
            self.imp().passed.replace(Some(test));
            let told = gettext("The connection works.");
            self.announce(&told, gtk::AccessibleAnnouncementPriority::Medium);
        }
    }
}

fn raw_message(error: &Error) -> adw::ExpanderRow {
    let message = gtk::Label::builder()
        .label(error.details())
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .xalign(0.0)
        .selectable(true)
        .css_classes(["raw-message"])
        .build();
    let details = adw::ExpanderRow::builder()
        .title(gettext("Details"))
        .build();
    details.add_row(&message);
    details
}

async fn follow(group: glib::WeakRef<CheckGroup>, mut news: ConnectionCheck, told: Told) {
    let mut has_failed = false;
    while let Some(check) = news.next().await {
        let Some(group) = group.upgrade() else {
            return;
        };
        has_failed |= matches!(check.outcome, Outcome::Failed(_));
        group.take(check.step, &check.outcome, &told);
    }
    if let Some(group) = group.upgrade() {
        group.finished(has_failed, news);
    }
}
