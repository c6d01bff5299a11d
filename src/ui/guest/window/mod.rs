//! The frame of a guest's window: header, banner, pages, and which guest it is for.
//!
//! [`watching`] is what it hears of its guest and its host, [`showing`] what it shows of them, [`focus`] who has the
//! keyboard.

mod focus;
mod showing;
mod watching;

use std::cell::{OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gio, glib};

use super::{
    GuestPage, actions, clipboard_channel,
    console::ConsoleView,
    details::DetailsPage,
    fullscreen::EdgeHeader,
    lifecycle::LifecycleButtons,
    picture_actions, screen_choices,
    screen_offers::Choice,
    screens::{Screens, Stage},
    snapshots::SnapshotsPage,
    terminal::TerminalView,
    volume::VolumeButton,
    window_sizes::{self, WindowSize},
};
use crate::{
    app::settings::{Key, Settings},
    model::{Connection, Guest, GuestSearch, rfb},
    widgets::{ActTarget, install_acts},
};

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/window.ui")]
    pub struct GuestWindow {
        #[template_child]
        pub(super) frame: TemplateChild<adw::ToolbarView>,
        #[template_child]
        pub(super) menu_button: TemplateChild<gtk::MenuButton>,
        #[template_child]
        pub(in crate::ui::guest) title: TemplateChild<adw::WindowTitle>,
        #[template_child]
        pub(in crate::ui::guest) lifecycle: TemplateChild<LifecycleButtons>,
        #[template_child]
        pub(in crate::ui::guest) send_key: TemplateChild<gtk::MenuButton>,
        #[template_child]
        pub(super) screen_picker: TemplateChild<gtk::MenuButton>,
        #[template_child]
        pub(super) volume: TemplateChild<VolumeButton>,
        #[template_child]
        pub(super) fullscreen: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) screenshot: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) monitors: TemplateChild<gio::Menu>,
        #[template_child(id = "screens")]
        pub(super) screens_section: TemplateChild<gio::Menu>,
        #[template_child]
        pub(super) narrow: TemplateChild<adw::Breakpoint>,
        #[template_child]
        pub(super) banner: TemplateChild<adw::Banner>,
        #[template_child]
        pub(in crate::ui::guest) body: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) pages: TemplateChild<adw::ViewStack>,
        #[template_child]
        pub(super) screen_stack: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) console: TemplateChild<ConsoleView>,
        #[template_child]
        pub(super) details: TemplateChild<DetailsPage>,
        #[template_child]
        pub(super) snapshots: TemplateChild<SnapshotsPage>,
        #[template_child]
        pub(in crate::ui::guest) gone: TemplateChild<adw::StatusPage>,

        pub(super) guest: RefCell<Option<Guest>>,
        pub(super) acts: OnceCell<gio::SimpleActionGroup>,
        pub(super) guest_signals: OnceCell<glib::SignalGroup>,
        pub(super) connection_signals: OnceCell<glib::SignalGroup>,
        pub(super) edge_header: EdgeHeader,
        /// Looks for a guest that has left its host.
        pub(in crate::ui::guest) search: RefCell<Option<GuestSearch>>,
        pub(super) screens: Screens,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for GuestWindow {
        const NAME: &'static str = "InnkeeperGuestWindow";
        type Type = super::GuestWindow;
        type ParentType = adw::ApplicationWindow;

        fn class_init(class: &mut Self::Class) {
            ConsoleView::ensure_type();
            DetailsPage::ensure_type();
            SnapshotsPage::ensure_type();
            LifecycleButtons::ensure_type();
            TerminalView::ensure_type();
            VolumeButton::ensure_type();
            class.bind_template();
            actions::bind_keys(class);
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for GuestWindow {
        fn constructed(&self) {
            self.parent_constructed();
            let obj = self.obj();
            actions::install(&obj);
            screen_choices::install(&obj);
            let _ = self.acts.set(install_acts(&*obj));
            obj.update_send_key_menu();
            Settings::get().watch(
                Key::KeyCombinations,
                &*obj,
                super::GuestWindow::update_send_key_menu,
            );
            self.edge_header
                .attach(&self.frame, &*obj, |window| &window.imp().edge_header);
            picture_actions::list_monitors(&obj, &self.monitors);
            self.console
                .bind_property("sound", &*self.volume, "sound")
                .sync_create()
                .build();
            obj.add_action(self.volume.mute_action());
            obj.watch_guest();
            obj.watch_connection();
            obj.watch_self();
            obj.update_actions();
        }
    }

    impl GuestWindow {
        pub(super) fn stage(&self) -> Stage<'_> {
            Stage {
                stack: &self.screen_stack,
                picture: &self.console,
                picker: &self.screen_picker,
                menu: &self.screens_section,
            }
        }
    }

    impl WidgetImpl for GuestWindow {}

    impl WindowImpl for GuestWindow {
        fn close_request(&self) -> glib::Propagation {
            self.obj().keep_size();
            self.parent_close_request()
        }
    }

    impl ApplicationWindowImpl for GuestWindow {}
    impl AdwApplicationWindowImpl for GuestWindow {}
}

glib::wrapper! {
    /// The window of one guest. Closing it never stops the guest.
    pub struct GuestWindow(ObjectSubclass<imp::GuestWindow>)
        @extends adw::ApplicationWindow, gtk::ApplicationWindow, gtk::Window, gtk::Widget,
        @implements gio::ActionGroup, gio::ActionMap, gtk::Accessible, gtk::Buildable,
            gtk::ConstraintTarget, gtk::Native, gtk::Root, gtk::ShortcutManager;
}

impl ActTarget for GuestWindow {
    fn guests(&self) -> Vec<Guest> {
        self.guest()
            .filter(|_| !self.is_gone())
            .into_iter()
            .collect()
    }
}

impl GuestWindow {
    /// Makes the window of a guest.
    pub fn new(app: &gtk::Application, guest: &Guest) -> Self {
        let window: Self = glib::Object::builder().property("application", app).build();
        let size = window_sizes::of(guest);
        window.set_default_size(size.width, size.height);
        window.set_maximized(size.maximized);
        window.set_guest(guest);
        window
    }

    /// Shows a page.
    pub fn show_page(&self, page: GuestPage) {
        let imp = self.imp();
        imp.pages.set_visible_child_name(page.child_name());
        match page {
            GuestPage::Performance => imp.details.show_performance(),
            GuestPage::Console => self.give_screen_keyboard(),
            GuestPage::Details | GuestPage::Snapshots => {}
        }
    }

    /// Shows the picture or a text console, as the user wishes.
    pub(in crate::ui::guest) fn choose_screen(&self, choice: Choice) {
        let imp = self.imp();
        imp.screens.choose(choice, &imp.stage());
        self.update_actions();
        self.give_screen_keyboard();
    }

    /// Gives the guest that it shows.
    pub fn guest(&self) -> Option<Guest> {
        self.imp().guest.borrow().clone()
    }

    /// Gives the page with the screen.
    pub(in crate::ui::guest) fn console(&self) -> ConsoleView {
        self.imp().console.get()
    }

    /// Gives the live screen's session.
    pub(in crate::ui::guest) fn session(&self) -> Option<rfb::Session> {
        self.imp().console.session()
    }

    fn connection(&self) -> Option<Connection> {
        self.guest()?.connection()
    }

    fn set_guest(&self, guest: &Guest) {
        let imp = self.imp();
        imp.guest.replace(Some(guest.clone()));
        if let Some(signals) = imp.guest_signals.get() {
            signals.set_target(Some(guest));
        }
        if let Some(signals) = imp.connection_signals.get() {
            signals.set_target(guest.connection().as_ref());
        }
        imp.body.set_visible_child_name("pages");
        imp.screens.set_guest(guest, &imp.stage());
        self.take_choices();
        picture_actions::update(self);
        imp.details.set_guest(guest);
        imp.snapshots.set_guest(guest);
        self.update();
        clipboard_channel::offer_where_missing(self);
    }

    /// Shows what is settled for the guest's screen, and has the screen follow it.
    pub(in crate::ui::guest) fn take_choices(&self) {
        if let Some(guest) = self.guest() {
            let settings = screen_choices::show(self, &guest);
            self.imp().console.set_settings(&settings);
            self.update_actions();
        }
    }

    /// Asks whether all other viewers are to be sent away.
    pub(in crate::ui::guest) fn take_over(&self) {
        self.imp().console.ask_to_take_over();
    }

    /// Shows the same guest on another connection, or on another run of its own.
    pub(in crate::ui::guest) fn turn_to(&self, guest: &Guest) {
        let imp = self.imp();
        imp.lifecycle.set_sensitive(true);
        self.set_guest(guest);
    }

    fn is_gone(&self) -> bool {
        self.imp().body.visible_child_name().as_deref() == Some("gone")
    }

    fn keep_size(&self) {
        let Some(guest) = self.guest() else { return };
        let (width, height) = self.default_size();
        let size = WindowSize {
            width,
            height,
            maximized: self.is_maximized(),
        };
        window_sizes::keep(&guest, size);
    }
}
