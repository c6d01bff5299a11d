//! The page with a guest's serial line: a terminal, and what stands over or above it while the line is not there.
//!
//! What was written before stays to be read: then a banner tells how the line stands, and not a cover.

mod phases;

use std::{
    cell::{Cell, OnceCell, RefCell},
    time::Instant,
};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;
use vte::prelude::*;

use super::{find, keys::Keys, log, look};
use crate::{
    app::{
        i18n::{gettext, gettext_f},
        runtime,
        settings::{Key, Settings},
    },
    model::{Guest, GuestSettings, TextConsole, TextDeviceId, Unsent},
    ui::guest::{console::Cover, hearing::hear, screen_choices},
    widgets::show_message,
};

/// One step of zooming, and how far it goes.
const ZOOM_STEP: f64 = 1.2;
const ZOOM_MIN: f64 = 0.25;
const ZOOM_MAX: f64 = 4.0;

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/terminal_view.ui")]
    pub struct TerminalView {
        #[template_child]
        pub(super) terminal: TemplateChild<vte::Terminal>,
        #[template_child]
        pub(super) news: TemplateChild<adw::Banner>,
        #[template_child]
        pub(super) cover: TemplateChild<Cover>,
        #[template_child]
        pub(super) search_bar: TemplateChild<gtk::SearchBar>,
        #[template_child]
        pub(super) search_entry: TemplateChild<gtk::SearchEntry>,

        pub(super) guest: RefCell<Option<Guest>>,
        pub(super) device: Cell<Option<TextDeviceId>>,
        pub(super) console: RefCell<Option<TextConsole>>,
        pub(super) guest_signals: OnceCell<glib::SignalGroup>,
        pub(super) keys: Keys,
        /// Whether the guest has written anything that is still shown.
        pub(super) has_text: Cell<bool>,
        /// Whether the guest has been off since the line was last there.
        pub(super) was_off: Cell<bool>,
        /// Since when the line is there, where nothing has been written on it.
        pub(super) silent_since: Cell<Option<Instant>>,
        /// Whether a guest that does not read was told of.
        pub(super) told_full: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for TerminalView {
        const NAME: &'static str = "InnkeeperTerminalView";
        type Type = super::TerminalView;
        type ParentType = adw::Bin;

        fn class_init(class: &mut Self::Class) {
            vte::Terminal::ensure_type();
            Cover::ensure_type();
            class.bind_template();
            class.bind_template_callbacks();
            for (name, act) in ACTIONS {
                class.install_action(name, None, move |view, _, _| act(view));
            }
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for TerminalView {
        fn constructed(&self) {
            self.parent_constructed();
            let view = self.obj();
            look::follow_desktop(&self.terminal);
            view.watch_terminal();
            view.watch_guest();
            view.update_scrollback();
            Settings::get().watch(
                Key::TerminalScrollback,
                &*view,
                super::TerminalView::update_scrollback,
            );
        }

        fn dispose(&self) {
            self.console.take();
        }
    }

    impl WidgetImpl for TerminalView {
        fn realize(&self) {
            self.parent_realize();
            self.keys.attach(&self.obj());
        }

        fn unrealize(&self) {
            self.keys.detach();
            self.parent_unrealize();
        }

        fn grab_focus(&self) -> bool {
            if self.cover.is_visible() {
                self.cover.child_focus(gtk::DirectionType::TabForward)
            } else {
                self.terminal.grab_focus()
            }
        }
    }

    impl BinImpl for TerminalView {}

    #[gtk::template_callbacks]
    impl TerminalView {
        #[template_callback]
        fn on_search_changed(&self) {
            let is_there = find::find(&self.terminal, &self.search_entry.text());
            if is_there {
                self.search_entry.remove_css_class("error");
            } else {
                self.search_entry.add_css_class("error");
            }
        }

        #[template_callback]
        fn on_find_previous(&self) {
            self.terminal.search_find_previous();
        }

        #[template_callback]
        fn on_find_next(&self) {
            self.terminal.search_find_next();
        }

        #[template_callback]
        fn on_stop_search(&self) {
            self.terminal.grab_focus();
        }
    }
}

/// What can be done with a terminal.
type Act = fn(&TerminalView);

const ACTIONS: [(&str, Act); 14] = [
    ("terminal.copy", |view| {
        view.terminal().copy_clipboard_format(vte::Format::Text);
    }),
    ("terminal.paste", |view| view.terminal().paste_clipboard()),
    ("terminal.select-all", |view| view.terminal().select_all()),
    ("terminal.clear", TerminalView::clear),
    ("terminal.save", TerminalView::save_log),
    ("terminal.find", TerminalView::open_search),
    ("terminal.close-search", |view| {
        view.imp().search_bar.set_search_mode(false);
        view.terminal().grab_focus();
    }),
    ("terminal.find-previous", |view| {
        view.terminal().search_find_previous();
    }),
    ("terminal.find-next", |view| {
        view.terminal().search_find_next();
    }),
    ("terminal.zoom-in", |view| view.zoom(ZOOM_STEP)),
    ("terminal.zoom-out", |view| view.zoom(1.0 / ZOOM_STEP)),
    ("terminal.zoom-normal", |view| {
        view.terminal().set_font_scale(1.0);
    }),
    ("terminal.retry", TerminalView::retry),
    ("terminal.take-over", |view| {
        if let Some(console) = view.console() {
            console.take_over();
        }
    }),
];

glib::wrapper! {
    /// The page with a guest's serial line. The line stays open until the page goes.
    pub struct TerminalView(ObjectSubclass<imp::TerminalView>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl TerminalView {
    /// Makes a page for a line of a guest, and opens it.
    pub(in crate::ui::guest) fn new(guest: &Guest, device: TextDeviceId) -> Self {
        let view: Self = glib::Object::new();
        view.set_line(guest, device);
        view
    }

    /// Follows a line; what was written before stays.
    pub(in crate::ui::guest) fn set_line(&self, guest: &Guest, device: TextDeviceId) {
        let imp = self.imp();
        imp.guest.replace(Some(guest.clone()));
        imp.device.set(Some(device));
        self.signals().set_target(Some(guest));
        self.update_name();
        if screen_choices::opens_by_itself(&GuestSettings::of(guest.uuid())) {
            self.open();
        } else {
            imp.console.take();
            self.update();
        }
    }

    /// Gives the terminal.
    pub(super) fn terminal(&self) -> vte::Terminal {
        self.imp().terminal.get()
    }

    fn console(&self) -> Option<TextConsole> {
        self.imp().console.borrow().clone()
    }

    fn guest(&self) -> Option<Guest> {
        self.imp().guest.borrow().clone()
    }

    fn signals(&self) -> &glib::SignalGroup {
        self.imp()
            .guest_signals
            .get()
            .expect("made with the object")
    }

    fn update_name(&self) {
        let Some(guest) = self.guest() else { return };
        let name = guest.shown_name();
        // Translators: what a screen reader says of the terminal of a virtual machine’s serial port.
        let label = gettext_f("Text console of {name}", &[("name", &name)]);
        let terminal = &*self.imp().terminal;
        terminal.update_property(&[gtk::accessible::Property::Label(&label)]);
    }

    fn watch_guest(&self) {
        let signals = glib::SignalGroup::new::<Guest>();
        hear(&signals, self, &["notify"], |view| {
            view.update_name();
            view.update();
        });
        let _ = self.imp().guest_signals.set(signals);
    }

    fn watch_terminal(&self) {
        let terminal = self.terminal();
        let weak = self.downgrade();
        terminal.connect_commit(move |_, text, size| {
            if let Some(view) = weak.upgrade() {
                view.type_text(text, size as usize);
            }
        });
        let weak = self.downgrade();
        terminal.connect_selection_changed(move |terminal| {
            if let Some(view) = weak.upgrade() {
                view.action_set_enabled("terminal.copy", terminal.has_selection());
            }
        });
        self.action_set_enabled("terminal.copy", false);
        self.imp()
            .search_bar
            .connect_entry(&*self.imp().search_entry);
    }

    fn open(&self) {
        let imp = self.imp();
        let (Some(guest), Some(device)) = (self.guest(), imp.device.get()) else {
            return;
        };
        match guest.text_console(device) {
            Ok(console) => self.follow(console),
            Err(error) => self.show_error(&error),
        }
    }

    fn follow(&self, console: TextConsole) {
        let weak = self.downgrade();
        console.set_listener(move |bytes| {
            if let Some(view) = weak.upgrade() {
                view.write(bytes);
            }
        });
        let weak = self.downgrade();
        console.connect_phase_notify(move |_| {
            if let Some(view) = weak.upgrade() {
                view.update();
            }
        });
        self.imp().console.replace(Some(console));
        self.update();
    }

    /// Shows what the guest wrote.
    fn write(&self, bytes: &[u8]) {
        if !self.imp().has_text.replace(true) {
            self.update();
        }
        self.terminal().feed(bytes);
    }

    /// Sends what was typed or pasted. `size` counts a zero byte, which ends the text, too.
    fn type_text(&self, text: &str, size: usize) {
        let Some(console) = self.console() else {
            return;
        };
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(size.max(bytes.len()), 0);
        let was_full = self.imp().told_full.get();
        let sent = console.send(&bytes);
        self.imp().told_full.set(sent == Err(Unsent::Full));
        if sent == Err(Unsent::Full) && !was_full {
            show_message(
                self,
                &gettext("The virtual machine does not read what is typed; the rest was not sent"),
            );
        }
    }

    fn retry(&self) {
        match self.console() {
            Some(console) => console.retry(),
            None => self.open(),
        }
    }

    fn clear(&self) {
        self.terminal().reset(true, true);
        self.imp().has_text.set(false);
        self.update();
    }

    fn zoom(&self, factor: f64) {
        let terminal = self.terminal();
        let scale = terminal.font_scale() * factor;
        terminal.set_font_scale(scale.clamp(ZOOM_MIN, ZOOM_MAX));
    }

    fn open_search(&self) {
        let imp = self.imp();
        imp.search_bar.set_search_mode(true);
        imp.search_entry.grab_focus();
    }

    fn save_log(&self) {
        let terminal = self.terminal();
        let name = self.guest().map(|guest| guest.name()).unwrap_or_default();
        runtime::local(async move { log::save(&terminal, &name).await });
    }

    fn update_scrollback(&self) {
        let lines = Settings::get().int(Key::TerminalScrollback);
        self.terminal().set_scrollback_lines(lines.into());
    }
}
