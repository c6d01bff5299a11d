//! The frame of a guest's window: header, banner, pages, and what happens when the guest or its host goes away.

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
    screens::{Choice, Screens, Stage},
    send_key,
    snapshots::SnapshotsPage,
    terminal::TerminalView,
    volume::VolumeButton,
    window_sizes::{self, WindowSize},
};
use crate::{
    app::{
        i18n::{gettext, gettext_f},
        settings::{Key, Settings},
    },
    model::{Connection, ConnectionState, Guest, GuestSearch, GuestSettings, GuestState, rfb},
    widgets::{ActTarget, install_acts, update_acts},
};

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/window.ui")]
    pub struct GuestWindow {
        #[template_child]
        pub(super) frame: TemplateChild<adw::ToolbarView>,
        #[template_child]
        pub(super) header: TemplateChild<adw::HeaderBar>,
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

    /// Gives the screen that is shown the keyboard, if it is live.
    pub(super) fn give_screen_keyboard(&self) {
        match self.imp().screens.terminal() {
            Some(terminal) => drop(terminal.grab_focus()),
            None => self.imp().console.take_keyboard(),
        }
    }

    /// A window that opens has the toolkit focus its first button, where Space would pause the machine.
    fn take_first_focus_back(&self) {
        if self.imp().screen_stack.is_child_visible() && self.visible_dialog().is_none() {
            GtkWindowExt::set_focus(self, None::<&gtk::Widget>);
            self.focus_screen();
        }
    }

    /// Focuses the screen that is shown, or the button that helps it; nothing where neither can be had yet: a screen that
    /// becomes live takes the keyboard that nobody has.
    fn focus_screen(&self) {
        match self.imp().screens.terminal() {
            Some(terminal) => terminal.grab_focus(),
            None => self.imp().console.grab_focus(),
        };
    }

    /// Shows the picture or a text console, as the user wishes.
    pub(super) fn choose_screen(&self, choice: Choice) {
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
    pub(super) fn console(&self) -> ConsoleView {
        self.imp().console.get()
    }

    /// Gives the live screen's session.
    pub(super) fn session(&self) -> Option<rfb::Session> {
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
    pub(super) fn take_choices(&self) {
        if let Some(guest) = self.guest() {
            let settings = screen_choices::show(self, &guest);
            self.imp().console.set_settings(&settings);
            self.update_actions();
        }
    }

    /// Asks whether all other viewers are to be sent away.
    pub(super) fn take_over(&self) {
        self.imp().console.ask_to_take_over();
    }

    fn watch_guest(&self) {
        let signals = glib::SignalGroup::new::<Guest>();
        for signal in ["notify", "changed"] {
            let weak = self.downgrade();
            signals.connect_local(signal, false, move |_| {
                if let Some(window) = weak.upgrade() {
                    window.update();
                }
                None
            });
        }
        let weak = self.downgrade();
        signals.connect_local("gone", false, move |_| {
            if let Some(window) = weak.upgrade() {
                window.show_gone();
            }
            None
        });
        let _ = self.imp().guest_signals.set(signals);
    }

    fn watch_connection(&self) {
        let signals = glib::SignalGroup::new::<Connection>();
        let weak = self.downgrade();
        signals.connect_local("notify::state", false, move |_| {
            if let Some(window) = weak.upgrade() {
                window.find_guest_again();
                window.update();
            }
            None
        });
        let _ = self.imp().connection_signals.set(signals);
    }

    /// A connection that was closed and opened again has new objects for its guests: takes the one that is meant.
    fn find_guest_again(&self) {
        let (Some(old), Some(connection)) = (self.guest(), self.connection()) else {
            return;
        };
        if connection.state() != ConnectionState::Connected {
            return;
        }
        match connection.guests().get(old.uuid()) {
            Some(new) if new != old => self.set_guest(&new),
            Some(_) => {}
            None => self.show_gone(),
        }
    }

    fn watch_self(&self) {
        self.connect_fullscreened_notify(Self::update_fullscreen);
        self.connect_show(Self::take_first_focus_back);
        self.imp().console.connect_live_notify({
            let weak = self.downgrade();
            move |_| {
                if let Some(window) = weak.upgrade() {
                    window.update_actions();
                }
            }
        });
        // A dialog that has gone, a question's above all, leaves the keyboard to nobody.
        self.connect_visible_dialog_notify(|window| {
            let is_free =
                window.visible_dialog().is_none() && GtkWindowExt::focus(window).is_none();
            if is_free && window.imp().screen_stack.is_mapped() {
                window.focus_screen();
            }
        });
        let weak = self.downgrade();
        self.imp().pages.connect_visible_child_notify(move |_| {
            if let Some(window) = weak.upgrade() {
                window.update_actions();
            }
        });
    }

    /// Brings everything that follows the guest and its connection up to date.
    fn update(&self) {
        let (Some(guest), imp) = (self.guest(), self.imp()) else {
            return;
        };
        let name = guest.shown_name();
        let connection = self.connection();
        let place = connection
            .as_ref()
            .map(Connection::label)
            .unwrap_or_default();
        let subtitle = gettext_f(
            // Translators: a virtual machine's state and its connection, such as “Running — QEMU/KVM”.
            "{state} — {connection}",
            &[("state", &guest.state_text()), ("connection", &place)],
        );
        self.set_title(Some(&name));
        imp.title.set_title(&name);
        imp.title.set_subtitle(&subtitle);
        imp.lifecycle.set_state(guest.state());
        self.follow_if_moved(&guest);
        imp.screens.update(&imp.stage());
        self.update_banner(connection.as_ref());
        self.update_actions();
    }

    fn update_banner(&self, connection: Option<&Connection>) {
        let banner = &self.imp().banner;
        let Some(connection) = connection else {
            banner.set_title(&gettext(
                "The connection of this virtual machine was removed",
            ));
            banner.set_button_label(None);
            banner.set_revealed(true);
            return;
        };
        match connection.state() {
            ConnectionState::Connected => banner.set_revealed(false),
            ConnectionState::Connecting => {
                banner.set_title(&connection.state_text());
                banner.set_button_label(None);
                banner.set_revealed(true);
            }
            state => {
                let label = if state == ConnectionState::Lost {
                    gettext("_Reconnect")
                } else {
                    gettext("_Connect")
                };
                banner.set_title(&connection.state_text());
                banner.set_button_label(Some(&label));
                banner.set_revealed(true);
            }
        }
    }

    pub(super) fn update_actions(&self) {
        let imp = self.imp();
        if let Some(acts) = imp.acts.get() {
            update_acts(self, acts);
        }
        let shown = imp.screens.shown();
        actions::set_screen(self, shown);
        let live = imp.console.live() && shown.is_graphics();
        let takes_keys = self.guest().is_some_and(|guest| {
            let is_passive = GuestSettings::of(guest.uuid()).view_only;
            guest.state() != GuestState::Paused && !is_passive
        });
        let can_be_pictured = live || self.guest().is_some_and(|guest| is_pictured(&guest));
        actions::set_enabled(self, "screenshot", can_be_pictured && !self.is_gone());
        let is_shown = live && imp.pages.visible_child_name().as_deref() == Some("console");
        for name in picture_actions::OF_A_PICTURE {
            actions::set_enabled(self, name, is_shown);
        }
        actions::set_enabled(self, "take-over", live);
        actions::set_enabled(self, "grab-keyboard", live);
        actions::set_enabled(self, "type-clipboard", live && takes_keys);
        // Without an open screen, the hypervisor presses the keys.
        let runs = self
            .guest()
            .is_some_and(|guest| guest.online() && guest.state() == GuestState::Running);
        let takes_keys = (live || runs) && takes_keys && !self.is_gone();
        for action in ["send-key", "custom-keys"] {
            actions::set_enabled(self, action, takes_keys);
        }
        imp.send_key.set_sensitive(takes_keys);
    }

    fn update_send_key_menu(&self) {
        let menu = send_key::menu("win.send-key", "win.custom-keys");
        self.imp().send_key.set_menu_model(Some(&menu));
    }

    /// Shows the same guest on another connection, or on another run of its own.
    pub(super) fn turn_to(&self, guest: &Guest) {
        let imp = self.imp();
        imp.lifecycle.set_sensitive(true);
        self.set_guest(guest);
    }

    fn is_gone(&self) -> bool {
        self.imp().body.visible_child_name().as_deref() == Some("gone")
    }

    fn update_fullscreen(&self) {
        let (imp, fullscreen) = (self.imp(), self.is_fullscreen());
        let (icon, text) = if fullscreen {
            ("view-restore-symbolic", gettext("Leave Fullscreen"))
        } else {
            ("view-fullscreen-symbolic", gettext("Fullscreen"))
        };
        imp.fullscreen.set_icon_name(icon);
        imp.fullscreen.set_tooltip_text(Some(&text));
        imp.fullscreen
            .update_property(&[gtk::accessible::Property::Label(&text)]);
        imp.screenshot.set_visible(fullscreen);
        imp.console.set_fullscreen(fullscreen);
        imp.edge_header
            .set_fullscreen(fullscreen, self, |window| &window.imp().edge_header);
        if fullscreen && imp.screen_stack.is_mapped() && self.visible_dialog().is_none() {
            // The menu leaves the focus on its button, and the bar stays as long as somebody is at work in it.
            self.focus_screen();
        }
    }

    /// Moves the focus to the header, where Tab and the menus are the window's again.
    pub(super) fn focus_header(&self) {
        let imp = self.imp();
        imp.frame.set_reveal_top_bars(true);
        if !imp.lifecycle.child_focus(gtk::DirectionType::TabForward) {
            imp.header.child_focus(gtk::DirectionType::TabForward);
        }
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

/// Says whether the hypervisor can take a picture of a guest.
fn is_pictured(guest: &Guest) -> bool {
    use GuestState::{Crashed, Saved, ShutOff, Unknown};
    guest.online() && !matches!(guest.state(), ShutOff | Saved | Crashed | Unknown)
}
