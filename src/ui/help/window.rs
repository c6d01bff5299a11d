//! The help window: the list of pages, and the page that is read.

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{markdown, page, pages};
use crate::widgets::keep_focus_over_breakpoints;

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/help/window.ui")]
    pub struct HelpWindow {
        #[template_child]
        pub(super) split_view: TemplateChild<adw::NavigationSplitView>,
        #[template_child]
        pub(super) list: TemplateChild<gtk::ListBox>,
        #[template_child]
        pub(super) content: TemplateChild<adw::NavigationPage>,
        #[template_child]
        pub(super) scrolled: TemplateChild<gtk::ScrolledWindow>,
        #[template_child]
        pub(super) clamp: TemplateChild<adw::Clamp>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for HelpWindow {
        const NAME: &'static str = "InnkeeperHelpWindow";
        type Type = super::HelpWindow;
        type ParentType = adw::ApplicationWindow;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for HelpWindow {
        fn constructed(&self) {
            self.parent_constructed();
            keep_focus_over_breakpoints(&*self.obj());
            self.obj().fill_list();
        }
    }

    impl WidgetImpl for HelpWindow {}
    impl WindowImpl for HelpWindow {}
    impl ApplicationWindowImpl for HelpWindow {}
    impl AdwApplicationWindowImpl for HelpWindow {}

    #[gtk::template_callbacks]
    impl HelpWindow {
        #[template_callback]
        fn on_row_selected(&self, row: Option<&gtk::ListBoxRow>) {
            if let Some(page) = row.and_then(|row| pages::PAGES.get(row.index() as usize)) {
                self.obj().read(page);
            }
        }

        /// In a narrow window a page that is shown already is what the list leads to.
        #[template_callback]
        fn on_row_activated(&self) {
            self.split_view.set_show_content(true);
        }
    }
}

glib::wrapper! {
    /// The window with the help pages.
    pub struct HelpWindow(ObjectSubclass<imp::HelpWindow>)
        @extends adw::ApplicationWindow, gtk::ApplicationWindow, gtk::Window, gtk::Widget,
        @implements gtk::gio::ActionGroup, gtk::gio::ActionMap, gtk::Accessible, gtk::Buildable,
                    gtk::ConstraintTarget, gtk::Native, gtk::Root, gtk::ShortcutManager;
}

impl HelpWindow {
    /// Makes the window of an application.
    pub fn new(application: &gtk::Application) -> Self {
        glib::Object::builder()
            .property("application", application)
            .build()
    }

    /// Shows a page by its name, such as `connect-ssh`; one that does not exist leads to the overview.
    pub fn show_page(&self, name: &str) {
        let imp = self.imp();
        let position = pages::PAGES.iter().position(|page| *page == name);
        let row = imp.list.row_at_index(position.unwrap_or(0) as i32);
        imp.list.select_row(row.as_ref());
        imp.split_view.set_show_content(true);
    }

    fn fill_list(&self) {
        for name in pages::PAGES {
            let title = pages::read(name).and_then(|text| markdown::title(&text));
            let label = gtk::Label::builder()
                .label(title.unwrap_or_default())
                .use_markup(true)
                .xalign(0.0)
                .wrap(true)
                .build();
            self.imp().list.append(&label);
        }
    }

    fn read(&self, name: &str) {
        let imp = self.imp();
        let blocks = markdown::read(&pages::read(name).unwrap_or_default());
        let weak = self.downgrade();
        let built = page::build(&blocks, move |address| {
            let window = weak.upgrade();
            window.is_some_and(|window| window.follow(address))
        });
        if let Some(markdown::Block::Heading(1, title)) = blocks.first() {
            let plain = gtk::pango::parse_markup(title, '\0').map(|(_, text, _)| text);
            imp.content.set_title(&plain.unwrap_or_default());
        }
        imp.clamp.set_child(Some(&built));
        imp.scrolled.vadjustment().set_value(0.0);
    }

    /// Follows a link to another page; any other is the desktop's.
    fn follow(&self, address: &str) -> bool {
        let Some(name) = address.strip_suffix(".md") else {
            return false;
        };
        self.show_page(name);
        true
    }
}
