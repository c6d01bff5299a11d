//! The page with the guest's screen, and what stands there while there is no picture.

use std::cell::{Cell, OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{Screen, scaling::Scaling};
use crate::{
    app::{
        errors::UserFacing,
        i18n::{gettext, gettext_f},
        settings::{Key, Settings},
    },
    model::{
        Console, ConsoleNews, ConsolePhase, Error, Guest, GuestState, Question, guest_state_text,
        rfb,
    },
    ui::guest::password_dialog::PasswordDialog,
};

/// How long the note stays that says how the keyboard is given back.
const NOTE: std::time::Duration = std::time::Duration::from_secs(4);

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate, glib::Properties)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/console_view.ui")]
    #[properties(wrapper_type = super::ConsoleView)]
    pub struct ConsoleView {
        #[template_child]
        pub(super) screen: TemplateChild<Screen>,
        #[template_child]
        pub(super) covers: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) busy: TemplateChild<adw::StatusPage>,
        #[template_child]
        pub(super) again_headline: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) again_advice: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) still: TemplateChild<adw::StatusPage>,
        #[template_child]
        pub(super) button: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) note: TemplateChild<gtk::Revealer>,

        pub(super) guest: RefCell<Option<Guest>>,
        pub(super) console: RefCell<Option<Console>>,
        pub(super) dialog: glib::WeakRef<PasswordDialog>,
        pub(super) guest_signals: OnceCell<glib::SignalGroup>,
        pub(super) suspended: RefCell<Option<(gtk::Window, glib::SignalHandlerId)>>,
        pub(super) note_hides: RefCell<Option<glib::SourceId>>,
        pub(super) was_noted: Cell<bool>,

        /// Whether the screen is live.
        #[property(get)]
        pub(super) live: Cell<bool>,
        /// Whether the window fills the screen.
        #[property(get, set = Self::set_fullscreen)]
        pub(super) fullscreen: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ConsoleView {
        const NAME: &'static str = "InnkeeperConsoleView";
        type Type = super::ConsoleView;
        type ParentType = adw::Bin;

        fn class_init(class: &mut Self::Class) {
            Screen::ensure_type();
            PasswordDialog::ensure_type();
            class.bind_template();
            class.install_action("console.retry", None, |view, _, _| view.retry());
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for ConsoleView {
        fn constructed(&self) {
            self.parent_constructed();
            let obj = self.obj();
            obj.watch_keyboard();
            obj.watch_guest();
            obj.update_scaling();
            Settings::get().watch(
                Key::ConsoleScaling,
                &*obj,
                super::ConsoleView::update_scaling,
            );
        }

        fn dispose(&self) {
            self.screen.set_session(None);
            self.console.take();
            if let Some(source) = self.note_hides.take() {
                source.remove();
            }
        }
    }

    impl WidgetImpl for ConsoleView {
        fn map(&self) {
            self.parent_map();
            self.obj().update_paused();
        }

        fn unmap(&self) {
            self.parent_unmap();
            self.obj().update_paused();
        }

        fn root(&self) {
            self.parent_root();
            self.obj().watch_window();
        }

        fn unroot(&self) {
            if let Some((window, handler)) = self.suspended.take() {
                window.disconnect(handler);
            }
            self.parent_unroot();
        }

        fn grab_focus(&self) -> bool {
            if self.live.get() {
                self.screen.grab_focus()
            } else {
                self.covers.child_focus(gtk::DirectionType::TabForward)
            }
        }
    }

    impl BinImpl for ConsoleView {}

    impl ConsoleView {
        fn set_fullscreen(&self, fullscreen: bool) {
            self.fullscreen.set(fullscreen);
            self.obj().update_scaling();
        }
    }
}

glib::wrapper! {
    /// The page of a guest's screen.
    pub struct ConsoleView(ObjectSubclass<imp::ConsoleView>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl ConsoleView {
    /// Shows a guest's screen, and opens it unless the user wants to be asked.
    pub(in crate::ui::guest) fn set_guest(&self, guest: &Guest) {
        let imp = self.imp();
        imp.guest.replace(Some(guest.clone()));
        self.drop_console();
        self.signals().set_target(Some(guest));
        self.update_name();
        if Settings::get().boolean(Key::ConsoleAutoconnect) {
            self.open();
        } else {
            self.offer_to_open();
        }
    }

    /// Gives the live session's handle.
    pub(in crate::ui::guest) fn session(&self) -> Option<rfb::Session> {
        self.imp().screen.session()
    }

    /// Gives the screen the keyboard, if it is live.
    pub(in crate::ui::guest) fn take_keyboard(&self) {
        if self.live() {
            self.imp().screen.grab_focus();
        }
    }

    fn watch_guest(&self) {
        let signals = glib::SignalGroup::new::<Guest>();
        let weak = self.downgrade();
        signals.connect_local("notify", false, move |_| {
            if let Some(view) = weak.upgrade() {
                view.update_name();
                view.update_off();
                view.update_button();
            }
            None
        });
        let _ = self.imp().guest_signals.set(signals);
    }

    fn signals(&self) -> &glib::SignalGroup {
        self.imp()
            .guest_signals
            .get()
            .expect("made with the object")
    }

    fn guest(&self) -> Option<Guest> {
        self.imp().guest.borrow().clone()
    }

    fn console(&self) -> Option<Console> {
        self.imp().console.borrow().clone()
    }

    fn update_name(&self) {
        if let Some(guest) = self.guest() {
            let name = guest.shown_name();
            // Translators: what a screen reader says of the picture of a virtual machine.
            let label = gettext_f("Screen of {name}", &[("name", &name)]);
            let screen = &*self.imp().screen;
            screen.update_property(&[gtk::accessible::Property::Label(&label)]);
        }
    }

    fn drop_console(&self) {
        let imp = self.imp();
        imp.screen.set_session(None);
        imp.screen.clear();
        imp.console.take();
        if let Some(dialog) = imp.dialog.upgrade() {
            dialog.force_close();
        }
        self.set_live(false);
    }

    /// Opens the screen.
    fn open(&self) {
        let Some(guest) = self.guest() else { return };
        match guest.console() {
            Ok(console) => self.follow(console),
            Err(error) => self.show_error(&error),
        }
    }

    fn follow(&self, console: Console) {
        let weak = self.downgrade();
        console.set_listener(move |news| {
            if let Some(view) = weak.upgrade() {
                view.take_news(news);
            }
        });
        let weak = self.downgrade();
        console.connect_phase_notify(move |_| {
            if let Some(view) = weak.upgrade() {
                view.update_phase();
            }
        });
        self.imp().console.replace(Some(console));
        self.update_paused();
        self.update_phase();
    }

    fn take_news(&self, news: ConsoleNews) {
        match news {
            ConsoleNews::Screen(event) => {
                if matches!(event, rfb::Event::Connected { .. } | rfb::Event::Resized(_)) {
                    self.update_session();
                }
                self.imp().screen.take_event(&event);
            }
            ConsoleNews::Question(question) => self.ask(question),
        }
    }

    fn update_session(&self) {
        let session = self.console().and_then(|console| console.session());
        self.imp().screen.set_session(session);
    }

    fn update_phase(&self) {
        let Some(console) = self.console() else {
            return;
        };
        let screen = &self.imp().screen;
        let phase = console.phase();
        let had_keyboard = self.has_focus_inside();
        match phase {
            ConsolePhase::Connected => self.update_session(),
            ConsolePhase::Connecting | ConsolePhase::Waiting => screen.set_session(None),
            _ => {
                screen.set_session(None);
                screen.clear();
            }
        }
        self.set_live(phase == ConsolePhase::Connected);
        match phase {
            ConsolePhase::Connected => {}
            ConsolePhase::Off => self.show_off(&console),
            // The link to the host is what is tried again; the banner says so.
            ConsolePhase::Waiting if self.is_off() => self.show_off(&console),
            ConsolePhase::Connecting | ConsolePhase::Waiting => self.show_busy(&console),
            _ => self.show_still(icon_name(phase), &console.headline(), &console.advice()),
        }
        self.update_button();
        if had_keyboard || (self.is_mapped() && self.focus_is_free()) {
            self.grab_focus();
        }
    }

    fn set_live(&self, live: bool) {
        let imp = self.imp();
        imp.covers.set_visible(!live);
        imp.screen.set_opacity(if live { 1.0 } else { 0.4 });
        if imp.live.replace(live) != live {
            self.notify_live();
        }
    }

    /// Shows what is being done: over the last picture, if there is one.
    fn show_busy(&self, console: &Console) {
        let imp = self.imp();
        if imp.screen.has_picture() {
            imp.again_headline.set_label(&console.headline());
            imp.again_advice.set_label(&console.advice());
            imp.again_advice.set_visible(!console.advice().is_empty());
            imp.covers.set_visible_child_name("again");
        } else {
            imp.busy.set_title(&console.headline());
            set_description(&imp.busy, &console.advice());
            imp.covers.set_visible_child_name("busy");
        }
    }

    fn show_still(&self, icon: &str, headline: &str, advice: &str) {
        let imp = self.imp();
        imp.still.set_icon_name(Some(icon));
        imp.still.set_title(headline);
        set_description(&imp.still, advice);
        imp.covers.set_visible_child_name("still");
    }

    /// Shows how the guest is off: shut off or saved, which its screen does not know.
    fn show_off(&self, console: &Console) {
        let state = self
            .guest()
            .filter(|_| self.is_off())
            .map(|guest| guest.state());
        let headline = state.map_or_else(|| console.headline(), guest_state_text);
        self.show_still(icon_name(ConsolePhase::Off), &headline, "");
    }

    fn update_off(&self) {
        let off = self
            .console()
            .filter(|console| console.phase() == ConsolePhase::Off);
        if let Some(console) = off {
            self.show_off(&console);
        }
    }

    fn is_offline(&self) -> bool {
        self.guest().is_some_and(|guest| !guest.online())
    }

    fn is_off(&self) -> bool {
        let state = self.guest().map(|guest| guest.state());
        matches!(state, Some(GuestState::ShutOff | GuestState::Saved))
    }

    fn show_error(&self, error: &Error) {
        let advice = error.advice().unwrap_or_default();
        self.show_still("network-offline-symbolic", &error.headline(), &advice);
        self.update_button();
    }

    fn offer_to_open(&self) {
        let headline = gettext("Not Connected to the Screen");
        self.show_still("video-display-symbolic", &headline, "");
        self.update_button();
    }

    /// Gives the page's button the act that helps.
    fn update_button(&self) {
        let button = &self.imp().button;
        let saved = self
            .guest()
            .is_some_and(|guest| guest.state() == GuestState::Saved);
        let (label, action) = match self.console().map(|console| console.phase()) {
            None => (gettext("_Connect"), "console.retry"),
            Some(_) if saved => (gettext("_Restore"), "guest.run"),
            Some(_) if self.is_off() => (gettext("_Run"), "guest.run"),
            // Nothing is tried again until the host is there.
            Some(ConsolePhase::Failed) if self.is_offline() => {
                (gettext("_Connect"), "win.reconnect")
            }
            Some(ConsolePhase::Failed) => (gettext("_Try Again"), "console.retry"),
            _ => {
                button.set_visible(false);
                return;
            }
        };
        button.set_label(&label);
        button.set_action_name(Some(action));
        button.set_visible(true);
    }

    fn retry(&self) {
        match self.console() {
            Some(console) => console.retry(),
            None => self.open(),
        }
    }

    fn ask(&self, question: Question) {
        let imp = self.imp();
        if let Some(old) = imp.dialog.upgrade() {
            old.force_close();
        }
        let dialog = PasswordDialog::new(question);
        let weak = self.downgrade();
        dialog.connect_closed(move |_| {
            if let Some(view) = weak.upgrade().filter(ConsoleView::focus_is_free) {
                view.grab_focus();
            }
        });
        imp.dialog.set(Some(&dialog));
        dialog.present(Some(self));
    }

    fn watch_keyboard(&self) {
        let screen = &self.imp().screen;
        let weak = self.downgrade();
        screen.connect_local("keyboard-taken", false, move |_| {
            if let Some(view) = weak.upgrade() {
                view.note_release();
            }
            None
        });
        let weak = self.downgrade();
        screen.connect_local("keyboard-released", false, move |_| {
            if let Some(view) = weak.upgrade() {
                view.imp().was_noted.set(false);
                view.imp().note.set_reveal_child(false);
                let _ = view.activate_action("win.focus-header", None);
            }
            None
        });
    }

    /// Says for a moment how the keyboard is given back: the first time, and each time after it was.
    fn note_release(&self) {
        let imp = self.imp();
        if imp.was_noted.replace(true) {
            return;
        }
        imp.note.set_reveal_child(true);
        let weak = self.downgrade();
        let source = glib::timeout_add_local_once(NOTE, move || {
            if let Some(view) = weak.upgrade() {
                view.imp().note_hides.take();
                view.imp().note.set_reveal_child(false);
            }
        });
        if let Some(previous) = imp.note_hides.replace(Some(source)) {
            previous.remove();
        }
    }

    fn update_scaling(&self) {
        let fit = match Settings::get().choice(Key::ConsoleScaling).as_str() {
            "never" => false,
            "fullscreen" => self.fullscreen(),
            _ => true,
        };
        let scaling = if fit { Scaling::Fit } else { Scaling::Actual };
        self.imp().screen.set_scaling(scaling);
    }

    fn watch_window(&self) {
        let Some(window) = self.root().and_downcast::<gtk::Window>() else {
            return;
        };
        let weak = self.downgrade();
        let handler = window.connect_suspended_notify(move |_| {
            if let Some(view) = weak.upgrade() {
                view.update_paused();
            }
        });
        self.imp().suspended.replace(Some((window, handler)));
    }

    /// Stops the picture while nobody can see it.
    fn update_paused(&self) {
        let window = self.root().and_downcast::<gtk::Window>();
        let suspended = window.is_none_or(|window| window.is_suspended());
        if let Some(console) = self.console() {
            console.set_paused(suspended || !self.is_mapped());
        }
    }

    fn has_focus_inside(&self) -> bool {
        let focus = self.root().and_then(|root| root.focus());
        focus.is_some_and(|focus| focus.is_ancestor(self))
    }

    fn focus_is_free(&self) -> bool {
        self.root().is_some_and(|root| root.focus().is_none())
    }
}

fn icon_name(phase: ConsolePhase) -> &'static str {
    match phase {
        ConsolePhase::Off => "system-shutdown-symbolic",
        ConsolePhase::Failed => "dialog-warning-symbolic",
        _ => "video-display-symbolic",
    }
}

/// Sets a description, which the page reads as markup.
fn set_description(page: &adw::StatusPage, text: &str) {
    let text = glib::markup_escape_text(text);
    page.set_description((!text.is_empty()).then_some(text.as_str()));
}
