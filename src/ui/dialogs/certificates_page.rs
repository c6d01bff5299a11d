//! The page of the preferences that shows which files with certificates are used, where they were found, and what is
//! wrong with them. It changes nothing: other programs use the same files.

use std::cell::RefCell;

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::certificate_texts::{FileText, texts_of};
use crate::{
    app::runtime,
    model::{CertificateFiles, PkiRoots, Survey},
    widgets::{exact_markup, warning_icon},
};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/certificates_page.ui")]
    pub struct CertificatesPage {
        #[template_child]
        pub(super) connections: TemplateChild<adw::PreferencesGroup>,
        #[template_child]
        pub(super) screens: TemplateChild<adw::PreferencesGroup>,
        /// The rows of both groups.
        pub(super) rows: RefCell<[Vec<adw::ActionRow>; 2]>,
        /// Where to look instead of the user's places.
        pub(super) roots: RefCell<Option<PkiRoots>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for CertificatesPage {
        const NAME: &'static str = "InnkeeperCertificatesPage";
        type Type = super::CertificatesPage;
        type ParentType = adw::PreferencesPage;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for CertificatesPage {}

    impl WidgetImpl for CertificatesPage {
        /// Whoever turns to the page has perhaps just mended a file.
        fn map(&self) {
            self.parent_map();
            self.obj().update();
        }
    }

    impl PreferencesPageImpl for CertificatesPage {}
}

glib::wrapper! {
    /// Shows the files with certificates.
    pub struct CertificatesPage(ObjectSubclass<imp::CertificatesPage>)
        @extends adw::PreferencesPage, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl CertificatesPage {
    /// Looks below other folders than those of the user who runs this.
    pub fn look_below(&self, roots: PkiRoots) {
        self.imp().roots.replace(Some(roots));
    }

    fn update(&self) {
        let roots = self.imp().roots.borrow().clone();
        let weak = self.downgrade();
        runtime::local(async move {
            let files = match roots {
                Some(roots) => CertificateFiles::read_below(roots).await,
                None => CertificateFiles::read().await,
            };
            if let Some(page) = weak.upgrade() {
                page.show(&files);
            }
        });
    }

    fn show(&self, files: &CertificateFiles) {
        let imp = self.imp();
        let mut rows = imp.rows.borrow_mut();
        let [connections, screens] = &mut *rows;
        fill(&imp.connections, connections, &files.connections);
        fill(&imp.screens, screens, &files.screens);
    }
}

fn fill(group: &adw::PreferencesGroup, rows: &mut Vec<adw::ActionRow>, survey: &Survey) {
    for row in rows.drain(..) {
        group.remove(&row);
    }
    for text in texts_of(survey) {
        let row = row(&text);
        group.add(&row);
        rows.push(row);
    }
}

fn row(text: &FileText) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .title(glib::markup_escape_text(&text.title))
        .subtitle(exact_markup(&text.lines.join("\n")))
        .subtitle_selectable(true)
        .build();
    if text.is_faulty {
        row.add_prefix(&warning_icon());
    }
    row
}
