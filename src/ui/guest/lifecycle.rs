//! The header's lifecycle buttons: which of them stand there follows the guest's state.

use adw::subclass::prelude::*;
use gtk::{glib, prelude::*};

use crate::{app::i18n::gettext, model::GuestState};

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/lifecycle.ui")]
    pub struct LifecycleButtons {
        #[template_child]
        pub(super) run: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) pause: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) resume: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) shut_down: TemplateChild<adw::SplitButton>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for LifecycleButtons {
        const NAME: &'static str = "InnkeeperLifecycleButtons";
        type Type = super::LifecycleButtons;
        type ParentType = adw::Bin;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for LifecycleButtons {}

    impl WidgetImpl for LifecycleButtons {}
    impl BinImpl for LifecycleButtons {}
}

glib::wrapper! {
    /// Run or Restore, Pause or Resume, Shut Down with its menu.
    pub struct LifecycleButtons(ObjectSubclass<imp::LifecycleButtons>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl LifecycleButtons {
    /// Shows the buttons of a state. Whether they can be pressed is their actions' matter.
    pub(super) fn set_state(&self, state: GuestState) {
        let imp = self.imp();
        let focus = self.root().and_then(|root| root.focus());
        let had_focus = focus.is_some_and(|focus| focus.is_ancestor(self));
        let off = matches!(
            state,
            GuestState::ShutOff | GuestState::Saved | GuestState::Unknown
        );
        imp.run.set_visible(off);
        imp.pause.set_visible(!off && state != GuestState::Paused);
        imp.resume.set_visible(state == GuestState::Paused);
        imp.shut_down.set_visible(!off);
        // A button that goes away hands the focus to the one in its place.
        let is_kept = self.focus_child().is_some_and(|child| child.is_visible());
        if had_focus && !is_kept {
            self.child_focus(gtk::DirectionType::TabForward);
        }
        let run = if state == GuestState::Saved {
            gettext("Restore")
        } else {
            gettext("Run")
        };
        imp.run.set_tooltip_text(Some(&run));
        imp.run
            .update_property(&[gtk::accessible::Property::Label(&run)]);
    }
}
