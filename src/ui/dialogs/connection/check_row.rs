//! One step of a test: a spinner while it runs, then a mark and what came of it.

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use crate::{
    app::{errors::UserFacing, i18n::gettext},
    model::{CheckStep, Error, Outcome, Uri, check_step_text, link_warning_text},
};

/// How a step looks.
struct Mark {
    icon: &'static str,
    style: Option<&'static str>,
    words: String,
}

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/dialogs/connection/check_row.ui")]
    pub struct CheckRow {
        #[template_child]
        pub(super) mark: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) icon: TemplateChild<gtk::Image>,
        #[template_child]
        pub(super) help: TemplateChild<gtk::Button>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for CheckRow {
        const NAME: &'static str = "InnkeeperCheckRow";
        type Type = super::CheckRow;
        type ParentType = adw::ActionRow;

        fn class_init(klass: &mut Self::Class) {
            klass.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for CheckRow {}
    impl WidgetImpl for CheckRow {}
    impl ListBoxRowImpl for CheckRow {}
    impl PreferencesRowImpl for CheckRow {}
    impl ActionRowImpl for CheckRow {}
}

glib::wrapper! {
    /// A step of a test and its outcome.
    pub struct CheckRow(ObjectSubclass<imp::CheckRow>)
        @extends adw::ActionRow, adw::PreferencesRow, gtk::ListBoxRow, gtk::Widget,
        @implements gtk::Accessible, gtk::Actionable, gtk::Buildable, gtk::ConstraintTarget;
}

impl CheckRow {
    /// Makes the row of a step that was not taken yet.
    pub(super) fn new(step: CheckStep) -> Self {
        let row: Self = glib::Object::new();
        row.set_title(&check_step_text(step));
        row.show_mark(&waiting());
        row
    }

    /// Shows what came of the step. A failure leads to its own page of the help, else to that of the way.
    pub(super) fn show(&self, outcome: &Outcome, uri: &Uri, help: &str) {
        match outcome {
            Outcome::Running => self.imp().mark.set_visible_child_name("running"),
            Outcome::Passed { detail } => {
                self.show_mark(&passed());
                self.set_subtitle(detail);
            }
            Outcome::Warned { warnings, detail } => {
                self.show_mark(&warned());
                let told: Vec<String> = warnings
                    .iter()
                    .map(|warning| link_warning_text(warning).1)
                    .collect();
                self.set_subtitle(&lines([told.join("\n").as_str(), detail]));
            }
            Outcome::Failed(error) => self.show_failure(error, uri, help),
            _ => self.show_mark(&skipped()),
        }
    }

    /// Stops the spinner of a step that nobody waits for any more.
    pub(super) fn end(&self) {
        if self.imp().mark.visible_child_name().as_deref() == Some("running") {
            self.show_mark(&skipped());
        }
    }

    fn show_failure(&self, error: &Error, uri: &Uri, help: &str) {
        let imp = self.imp();
        self.show_mark(&failed());
        let guidance = error.guidance(Some(uri));
        self.set_subtitle(&lines([&error.headline(), &guidance.text]));
        self.set_subtitle_selectable(true);
        imp.help.set_visible(true);
        imp.help.set_action_name(Some("app.help"));
        imp.help
            .set_action_target_value(Some(&guidance.help.unwrap_or(help).to_variant()));
    }

    fn show_mark(&self, mark: &Mark) {
        let imp = self.imp();
        imp.icon.set_icon_name(Some(mark.icon));
        imp.icon.set_css_classes(mark.style.as_slice());
        imp.icon
            .update_property(&[gtk::accessible::Property::Label(&mark.words)]);
        imp.mark.set_visible_child_name("icon");
    }
}

fn lines<const N: usize>(parts: [&str; N]) -> String {
    let filled: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    filled.join("\n")
}

fn waiting() -> Mark {
    Mark {
        icon: "content-loading-symbolic",
        style: Some("dimmed"),
        words: gettext("Waiting"),
    }
}

fn passed() -> Mark {
    Mark {
        icon: "object-select-symbolic",
        style: Some("success"),
        words: gettext("Passed"),
    }
}

fn warned() -> Mark {
    Mark {
        icon: "dialog-warning-symbolic",
        style: Some("warning"),
        words: gettext("Passed with a warning"),
    }
}

fn failed() -> Mark {
    Mark {
        icon: "dialog-error-symbolic",
        style: Some("error"),
        words: gettext("Failed"),
    }
}

fn skipped() -> Mark {
    Mark {
        icon: "list-remove-symbolic",
        style: Some("dimmed"),
        words: gettext("Not tested"),
    }
}
