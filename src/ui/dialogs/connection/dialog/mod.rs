//! The dialog itself: its widgets show the form, and tell it what the user changed.
//!
//! [`super::form`] decides what is right; here is only which widget shows what. What is shown is set again after each
//! change; a widget that already shows it is left alone.

use std::cell::{Cell, OnceCell, RefCell};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

mod show;

use super::{
    check_group::{CheckGroup, Subject},
    colours,
    completion_row::CompletionRow,
    form::Form,
    host_names,
    hypervisors::HYPERVISORS,
    note_row::NoteRow,
    parameter_row::ParameterRow,
    parameters::PARAMETERS,
    screen_ways,
    suggestions::Suggestion,
    ways::Way,
};
use crate::{
    app::{i18n::gettext, runtime},
    model::{Connection, ConnectionList, Profile, Uri, known_ssh_hosts, uri_of_alias},
};

type Chosen = Box<dyn Fn(Profile)>;

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/connection/dialog.ui")]
    pub struct ConnectionDialog {
        #[template_child]
        pub(super) save: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) hypervisor: TemplateChild<adw::ComboRow>,
        #[template_child]
        pub(super) hypervisor_note: TemplateChild<NoteRow>,
        #[template_child]
        pub(super) way: TemplateChild<adw::ComboRow>,
        #[template_child]
        pub(super) way_note: TemplateChild<NoteRow>,
        #[template_child]
        pub(super) danger: TemplateChild<NoteRow>,
        #[template_child]
        pub(super) needed_group: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) host_group: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) host: TemplateChild<CompletionRow>,
        #[template_child]
        pub(super) host_problem: TemplateChild<NoteRow>,
        #[template_child]
        pub(super) user: TemplateChild<adw::EntryRow>,
        #[template_child]
        pub(super) port: TemplateChild<adw::EntryRow>,
        #[template_child]
        pub(super) port_problem: TemplateChild<NoteRow>,
        #[template_child]
        pub(super) uri: TemplateChild<adw::EntryRow>,
        #[template_child]
        pub(super) uri_problem: TemplateChild<NoteRow>,
        #[template_child]
        pub(super) advanced: TemplateChild<adw::ExpanderRow>,
        #[template_child]
        pub(super) help: TemplateChild<adw::ButtonRow>,
        #[template_child]
        pub(super) check: TemplateChild<CheckGroup>,
        #[template_child]
        pub(super) name: TemplateChild<adw::EntryRow>,
        #[template_child]
        pub(super) site: TemplateChild<CompletionRow>,
        #[template_child]
        pub(super) colour: TemplateChild<adw::ComboRow>,
        #[template_child]
        pub(super) autoconnect: TemplateChild<adw::SwitchRow>,
        #[template_child]
        pub(super) read_only: TemplateChild<adw::SwitchRow>,
        #[template_child]
        pub(super) screens: TemplateChild<adw::ComboRow>,

        pub(super) form: OnceCell<RefCell<Form>>,
        pub(super) rows: RefCell<Vec<ParameterRow>>,
        pub(super) connections: OnceCell<ConnectionList>,
        /// The connection that is edited.
        pub(super) subject: RefCell<Option<Connection>>,
        pub(super) chosen: RefCell<Option<Chosen>>,
        /// Whether the widgets are being set by the program.
        pub(super) is_showing: Cell<bool>,
        /// Whether the user said whether it connects by itself.
        pub(super) is_autoconnect_chosen: Cell<bool>,
        /// The ways in the list: those that are offered, and the present one.
        pub(super) listed_ways: RefCell<Vec<Way>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ConnectionDialog {
        const NAME: &'static str = "InnkeeperConnectionDialog";
        type Type = super::ConnectionDialog;
        type ParentType = adw::Dialog;

        fn class_init(klass: &mut Self::Class) {
            NoteRow::ensure_type();
            CompletionRow::ensure_type();
            CheckGroup::ensure_type();
            klass.bind_template();
            klass.bind_template_callbacks();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for ConnectionDialog {}
    impl WidgetImpl for ConnectionDialog {}
    impl AdwDialogImpl for ConnectionDialog {}

    #[gtk::template_callbacks]
    impl ConnectionDialog {
        #[template_callback]
        fn on_hypervisor(&self) {
            let position = self.hypervisor.selected() as usize;
            let known = (position < HYPERVISORS.len()).then_some(position);
            self.obj().change(|form| form.set_hypervisor(known));
            if known.is_none() && !self.is_showing.get() {
                self.uri.grab_focus();
            }
        }

        #[template_callback]
        fn on_way(&self) {
            let position = self.way.selected() as usize;
            let way = self.listed_ways.borrow().get(position).copied();
            if let Some(way) = way {
                self.obj().change(|form| form.set_way(way));
            }
        }

        #[template_callback]
        fn on_host(&self) {
            self.obj().change(|form| form.set_host(&self.host.text()));
        }

        #[template_callback]
        fn on_user(&self) {
            self.obj().change(|form| form.set_user(&self.user.text()));
        }

        #[template_callback]
        fn on_port(&self) {
            self.obj().change(|form| form.set_port(&self.port.text()));
        }

        #[template_callback]
        fn on_uri(&self) {
            self.obj().change(|form| form.set_text(&self.uri.text()));
        }

        /// A name may be an alias of libvirt's settings: then the URI takes its place.
        #[template_callback]
        fn on_uri_written(&self) {
            let written = self.uri.text();
            if written.is_empty() || written.contains(':') {
                return;
            }
            let weak = self.obj().downgrade();
            runtime::local(async move {
                let uri = uri_of_alias(written.to_string()).await;
                let (Some(uri), Some(dialog)) = (uri, weak.upgrade()) else {
                    return;
                };
                let row = &dialog.imp().uri;
                if row.text() == written {
                    row.set_text(&uri.to_string());
                }
            });
        }

        #[template_callback]
        fn on_save(&self) {
            let dialog = self.obj();
            if let (Some(profile), Some(chosen)) = (dialog.profile(), &*self.chosen.borrow()) {
                chosen(profile);
            }
            dialog.close();
        }
    }
}

glib::wrapper! {
    /// The dialog that asks where a connection leads and how it is listed.
    pub struct ConnectionDialog(ObjectSubclass<imp::ConnectionDialog>)
        @extends adw::Dialog, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget, gtk::ShortcutManager;
}

impl ConnectionDialog {
    /// Asks for a new connection.
    pub fn add(connections: &ConnectionList) -> Self {
        let local = "qemu:///system";
        let uri = match connections.find(local) {
            None => local,
            Some(_) => "qemu+ssh:///system",
        };
        let profile = Profile {
            autoconnect: uri == local,
            ..Profile::new(uri.parse().expect("it is written as libvirt does"))
        };
        let (title, save) = (gettext("New Connection"), gettext("_Add"));
        Self::new(connections, None, &profile, &title, &save)
    }

    /// Asks what is to change of a connection.
    pub fn edit(connections: &ConnectionList, connection: &Connection) -> Self {
        Self::edit_as(connections, connection, &connection.profile().uri)
    }

    /// Asks what is to change of a connection, with an address to begin with that is not its present one.
    pub fn edit_as(connections: &ConnectionList, connection: &Connection, uri: &Uri) -> Self {
        let (title, save) = (gettext("Edit Connection"), gettext("_Save"));
        let subject = Some(connection.clone());
        let profile = Profile {
            uri: uri.clone(),
            ..connection.profile()
        };
        Self::new(connections, subject, &profile, &title, &save)
    }

    /// Asks for a new connection that is like another one. Its address must become another.
    pub fn duplicate(connections: &ConnectionList, connection: &Connection) -> Self {
        let (title, save) = (gettext("Duplicate Connection"), gettext("_Add"));
        Self::new(connections, None, &connection.profile(), &title, &save)
    }

    fn new(
        connections: &ConnectionList,
        subject: Option<Connection>,
        profile: &Profile,
        title: &str,
        save: &str,
    ) -> Self {
        let dialog: Self = glib::Object::new();
        let imp = dialog.imp();
        dialog.set_title(title);
        imp.save.set_label(save);
        imp.subject.replace(subject);
        let form = RefCell::new(Form::new(&profile.uri));
        let is_new = imp.form.set(form).is_ok() && imp.connections.set(connections.clone()).is_ok();
        debug_assert!(is_new, "a new dialog has no form yet");
        dialog.fill_lists();
        dialog.make_parameters();
        dialog.offer_test();
        dialog.show_listing(profile);
        dialog.show_form();
        let first: &gtk::Widget = if imp.host.is_visible() {
            imp.host.upcast_ref()
        } else {
            imp.hypervisor.upcast_ref()
        };
        dialog.set_focus(Some(first));
        dialog
    }

    /// Says who takes what the user decided. The dialog closes by itself.
    pub fn connect_chosen(&self, chosen: impl Fn(Profile) + 'static) {
        self.imp().chosen.replace(Some(Box::new(chosen)));
    }

    /// Gives what the user decided, where it can be used.
    fn profile(&self) -> Option<Profile> {
        let uri = self.form().borrow().uri()?;
        let is_free = self.duplicate_of(&uri).is_none();
        is_free.then(|| self.profile_for(uri))
    }

    fn profile_for(&self, uri: Uri) -> Profile {
        let imp = self.imp();
        Profile {
            uri,
            name: imp.name.text().into(),
            colour: colours::selected(&imp.colour),
            site: imp.site.text().into(),
            autoconnect: imp.autoconnect.is_active(),
            read_only: imp.read_only.is_active(),
            screen_way: screen_ways::selected(&imp.screens),
        }
    }

    /// Finds another connection that leads to the same address.
    fn duplicate_of(&self, uri: &Uri) -> Option<Connection> {
        let found = self.connections().find(&uri.to_string());
        found.filter(|found| Some(found) != self.imp().subject.borrow().as_ref())
    }

    fn fill_lists(&self) {
        let imp = self.imp();
        let hypervisors = gtk::StringList::default();
        for hypervisor in HYPERVISORS {
            hypervisors.append(&hypervisor.title());
        }
        hypervisors.append(&gettext("Custom Address"));
        self.without_hearing(|| imp.hypervisor.set_model(Some(&hypervisors)));
        colours::fill(&imp.colour);
        screen_ways::fill(&imp.screens);
        self.suggest_hosts();
        let sites = self.connections().sites();
        imp.site.set_suggest(move |typed| {
            let sites = sites.iter().map(|site| Suggestion {
                text: site.clone(),
                ..Suggestion::default()
            });
            host_names::matching(&sites.collect::<Vec<_>>(), typed)
        });
    }

    fn suggest_hosts(&self) {
        let weak = self.downgrade();
        self.imp().host.connect_picked(move |picked| {
            if let (Some(dialog), Some(port)) = (weak.upgrade(), picked.port) {
                dialog.change(|form| form.set_port(&port.to_string()));
            }
        });
        let weak = self.downgrade();
        runtime::local(async move {
            let ssh = known_ssh_hosts().await;
            if let Some(dialog) = weak.upgrade() {
                let hosts = host_names::collect(ssh, dialog.connections());
                let host = &dialog.imp().host;
                host.set_suggest(move |typed| host_names::matching(&hosts, typed));
            }
        });
    }

    fn offer_test(&self) {
        let check = &self.imp().check;
        let weak = self.downgrade();
        check.set_source(move || {
            let dialog = weak.upgrade()?;
            let form = dialog.form().borrow();
            let subject = dialog.imp().subject.borrow();
            Some(Subject {
                profile: dialog.profile_for(form.uri()?),
                pins: subject.as_ref().map(Connection::pins).unwrap_or_default(),
                help: form.way().facts().help,
            })
        });
        let weak = check.downgrade();
        self.imp().read_only.connect_active_notify(move |_| {
            if let Some(check) = weak.upgrade() {
                check.clear();
            }
        });
    }

    /// Tests the address at once.
    pub fn start_test(&self) {
        self.imp().check.start();
    }

    fn make_parameters(&self) {
        let imp = self.imp();
        let weak = self.downgrade();
        let changed: super::parameter_row::Changed = std::rc::Rc::new(move |parameter, value| {
            if let Some(dialog) = weak.upgrade() {
                dialog.change(|form| form.set_parameter(parameter.name, value.as_deref()));
            }
        });
        for parameter in PARAMETERS {
            let row = ParameterRow::new(parameter, changed.clone());
            if parameter.is_needed {
                imp.needed_group.add(row.row());
            } else {
                imp.advanced.add_row(row.row());
            }
            imp.rows.borrow_mut().push(row);
        }
    }

    fn show_listing(&self, profile: &Profile) {
        let imp = self.imp();
        imp.name.set_text(&profile.name);
        imp.site.fill(&profile.site);
        colours::select(&imp.colour, profile.colour);
        imp.autoconnect.set_active(profile.autoconnect);
        imp.read_only.set_active(profile.read_only);
        screen_ways::select(&imp.screens, profile.screen_way);
        let weak = self.downgrade();
        imp.autoconnect.connect_active_notify(move |_| {
            if let Some(dialog) = weak.upgrade() {
                dialog.imp().is_autoconnect_chosen.set(true);
            }
        });
    }

    /// Changes the form and shows what it has become.
    fn change(&self, change: impl FnOnce(&mut Form)) {
        let Some(form) = self.imp().form.get() else {
            return;
        };
        if !self.imp().is_showing.get() {
            let (text, way) = (form.borrow().text().to_owned(), form.borrow().way());
            change(&mut form.borrow_mut());
            if form.borrow().text() != text {
                self.imp().check.clear();
            }
            let present = form.borrow().way();
            if present != way {
                self.suggest_autoconnect(present);
            }
            self.show_form();
        }
    }

    /// A new connection that leads elsewhere does not connect by itself unless the user says so: it may ask questions.
    fn suggest_autoconnect(&self, way: Way) {
        let imp = self.imp();
        if imp.subject.borrow().is_none() && !imp.is_autoconnect_chosen.get() {
            imp.autoconnect.set_active(way == Way::ThisComputer);
            // That was not the user.
            imp.is_autoconnect_chosen.set(false);
        }
    }

    fn without_hearing(&self, show: impl FnOnce()) {
        let was_showing = self.imp().is_showing.replace(true);
        show();
        self.imp().is_showing.set(was_showing);
    }

    fn form(&self) -> &RefCell<Form> {
        let form = self.imp().form.get();
        form.expect("the dialog is made with its form")
    }

    fn connections(&self) -> &ConnectionList {
        let connections = self.imp().connections.get();
        connections.expect("the dialog is made with its connections")
    }
}
