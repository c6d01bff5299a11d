//! The page with the guest's screen: follows its console, shares the keyboard.
//!
//! [`phases`] says what is shown in which phase, [`reach`] what helps where the screen is out of reach, [`size`] how large
//! the picture is and whether the guest follows, [`keyboard`] whose the keyboard is.

mod keyboard;
mod phases;
mod reach;
mod size;

use std::cell::{Cell, OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{
    super::{hearing::hear, screen_choices},
    Screen,
    cover::Cover,
    release_note::ReleaseNote,
};
use crate::{
    app::{
        i18n::gettext_f,
        settings::{Key, Settings},
    },
    model::{Console, Guest, GuestSettings, Sound, rfb},
};

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate, glib::Properties)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/console_view.ui")]
    #[properties(wrapper_type = super::ConsoleView)]
    pub struct ConsoleView {
        #[template_child]
        pub(super) scroller: TemplateChild<gtk::ScrolledWindow>,
        #[template_child]
        pub(super) screen: TemplateChild<Screen>,
        #[template_child]
        pub(super) cover: TemplateChild<Cover>,
        #[template_child]
        pub(super) note: TemplateChild<ReleaseNote>,

        pub(super) guest: RefCell<Option<Guest>>,
        pub(super) console: RefCell<Option<Console>>,
        /// Which of the guest's screens is shown; the first that can be without a choice.
        pub(super) place: Cell<Option<usize>>,
        pub(super) guest_signals: OnceCell<glib::SignalGroup>,
        pub(super) suspended: RefCell<Option<(gtk::Window, glib::SignalHandlerId)>>,

        /// Whether the screen is live.
        #[property(get)]
        pub(super) live: Cell<bool>,
        /// Whether it was told that somebody else could pose as the screen.
        pub(super) told_of_strangers: Cell<bool>,
        /// The sound that comes with the screen.
        #[property(get, nullable)]
        pub(super) sound: RefCell<Option<Sound>>,
        /// Whether the focus is on the screen and the keyboard is the window's.
        #[property(get)]
        pub(super) offers_keyboard: Cell<bool>,
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
            Cover::ensure_type();
            ReleaseNote::ensure_type();
            class.bind_template();
            class.install_action("console.retry", None, |view, _, _| view.retry());
            class.install_action("console.accept", None, |view, _, _| view.accept());
            class.install_action("console.listen", None, |view, _, _| view.change_address());
            class.install_action("console.tunnel", None, |view, _, _| view.go_through_ssh());
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
            obj.set_covered(0);
            obj.watch_guest();
            obj.watch_trust();
            obj.watch_room();
            obj.update_size();
            for key in [Key::ConsoleScaling, Key::ConsoleResizeGuest] {
                Settings::get().watch(key, &*obj, super::ConsoleView::update_size);
            }
        }

        fn dispose(&self) {
            self.screen.set_session(None);
            self.console.take();
            self.sound.take();
        }
    }

    impl WidgetImpl for ConsoleView {
        fn map(&self) {
            self.parent_map();
            self.obj().update_paused();
            self.screen.resume_keyboard();
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
                self.screen.take_keyboard();
                true
            } else {
                self.cover.child_focus(gtk::DirectionType::TabForward)
            }
        }
    }

    impl BinImpl for ConsoleView {}

    impl ConsoleView {
        fn set_fullscreen(&self, fullscreen: bool) {
            self.fullscreen.set(fullscreen);
            self.obj().update_size();
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
        self.update_size();
        if screen_choices::opens_by_itself(&GuestSettings::of(guest.uuid())) {
            self.open();
        } else {
            self.offer_to_open();
        }
    }

    /// Says whether somebody else could pose as the live screen.
    pub(in crate::ui::guest) fn is_unproven(&self) -> bool {
        self.console().is_some_and(|console| console.is_unproven())
    }

    /// Shows the screen at a place among the guest's screens; without one, the first that can be shown.
    pub(in crate::ui::guest) fn show_place(&self, place: Option<usize>) {
        if self.imp().place.replace(place) != place
            && let Some(console) = self.console()
        {
            console.set_place(place);
        }
    }

    /// Gives the live session's handle.
    pub(in crate::ui::guest) fn session(&self) -> Option<rfb::Session> {
        self.imp().screen.session()
    }

    /// Gives the screen the keyboard, if it is live.
    pub(in crate::ui::guest) fn take_keyboard(&self) {
        if self.live() {
            self.imp().screen.take_keyboard();
        }
    }

    fn watch_guest(&self) {
        let signals = glib::SignalGroup::new::<Guest>();
        hear(&signals, self, &["notify"], |view| {
            view.update_name();
            view.update_off();
            view.update_button();
        });
        let _ = self.imp().guest_signals.set(signals);
    }

    fn watch_trust(&self) {
        let weak = self.downgrade();
        self.imp().cover.trust_box().set_on_trust(move |pin| {
            if let Some(view) = weak.upgrade() {
                view.trust(pin);
            }
        });
    }

    fn signals(&self) -> &glib::SignalGroup {
        self.imp()
            .guest_signals
            .get()
            .expect("made with the object")
    }

    pub(super) fn guest(&self) -> Option<Guest> {
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
        self.set_sound(None);
        self.set_live(false);
    }

    fn set_sound(&self, sound: Option<Sound>) {
        self.imp().sound.replace(sound);
        self.notify_sound();
    }

    /// Takes what the user has settled for the guest.
    pub(in crate::ui::guest) fn set_settings(&self, settings: &GuestSettings) {
        if let Some(console) = self.console() {
            console.set_settings(settings);
        }
        // Who only looks keeps keyboard and pointer.
        let screen = &self.imp().screen;
        let had_keyboard = screen.has_focus();
        screen.set_can_target(!settings.view_only);
        screen.set_can_focus(!settings.view_only);
        if had_keyboard && settings.view_only {
            // Whoever types on unawares must not press a button of the header.
            if let Some(root) = self.root() {
                root.set_focus(None::<&gtk::Widget>);
            }
        }
    }

    /// Opens the screen.
    fn open(&self) {
        let Some(guest) = self.guest() else { return };
        match guest.console(self.imp().place.get()) {
            Ok(console) => self.follow(console),
            Err(error) => self.show_error(&error),
        }
    }

    fn follow(&self, console: Console) {
        let weak = self.downgrade();
        console.set_listener(move |event| {
            if let Some(view) = weak.upgrade() {
                view.take_event(&event);
            }
        });
        let weak = self.downgrade();
        console.connect_phase_notify(move |_| {
            if let Some(view) = weak.upgrade() {
                view.update_phase();
            }
        });
        let weak = self.downgrade();
        console.connect_advice_notify(move |_| {
            if let Some(view) = weak.upgrade() {
                view.update_advice();
            }
        });
        self.set_sound(Some(console.sound()));
        self.imp().console.replace(Some(console));
        self.update_paused();
        self.update_phase();
    }

    fn take_event(&self, event: &rfb::Event) {
        if matches!(event, rfb::Event::Connected { .. } | rfb::Event::Resized(_)) {
            self.update_session();
        }
        if let rfb::Event::DesktopSizeStatus(status) = event {
            self.take_answer(*status);
        }
        self.imp().screen.take_event(event);
    }

    fn update_session(&self) {
        let session = self.console().and_then(|console| console.session());
        self.imp().screen.set_session(session);
    }

    fn retry(&self) {
        match self.console() {
            Some(console) => console.retry(),
            None => self.open(),
        }
    }

    /// Goes on with a screen that is less protected than before.
    fn accept(&self) {
        if let Some(console) = self.console() {
            console.accept_downgrade();
        }
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
