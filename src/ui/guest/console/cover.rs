//! What stands in the screen's place while it is not live: what is being done, or why not and what helps.

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gio, glib};

use crate::widgets::TrustBox;

mod imp {
    use super::*;

    #[derive(Debug, Default, gtk::CompositeTemplate)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/console_cover.ui")]
    pub struct Cover {
        #[template_child]
        pub(super) stack: TemplateChild<gtk::Stack>,
        #[template_child]
        pub(super) busy: TemplateChild<adw::StatusPage>,
        #[template_child]
        pub(super) again_headline: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) again_advice: TemplateChild<gtk::Label>,
        #[template_child]
        pub(super) busy_button: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) again_button: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) still: TemplateChild<adw::StatusPage>,
        #[template_child]
        pub(super) trust_box: TemplateChild<TrustBox>,
        #[template_child]
        pub(super) button: TemplateChild<gtk::Button>,
        #[template_child]
        pub(super) other_button: TemplateChild<gtk::Button>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Cover {
        const NAME: &'static str = "InnkeeperConsoleCover";
        type Type = super::Cover;
        type ParentType = adw::Bin;

        fn class_init(class: &mut Self::Class) {
            TrustBox::ensure_type();
            class.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    impl ObjectImpl for Cover {
        fn constructed(&self) {
            self.parent_constructed();
            // A certificate needs the room.
            let still = self.still.get();
            self.trust_box.connect_visible_notify(move |trust_box| {
                if trust_box.get_visible() {
                    still.add_css_class("compact");
                } else {
                    still.remove_css_class("compact");
                }
            });
        }
    }
    impl WidgetImpl for Cover {}
    impl BinImpl for Cover {}
}

glib::wrapper! {
    /// The cover of a screen.
    pub struct Cover(ObjectSubclass<imp::Cover>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl Cover {
    /// Shows what is being done, on a page of its own or over the last picture.
    pub(in crate::ui::guest) fn show_busy(&self, headline: &str, advice: &str, over_picture: bool) {
        let imp = self.imp();
        if over_picture {
            imp.again_headline.set_label(headline);
            imp.again_advice.set_label(advice);
            imp.again_advice.set_visible(!advice.is_empty());
            imp.stack.set_visible_child_name("again");
        } else {
            imp.busy.set_title(headline);
            set_description(&imp.busy, advice);
            imp.stack.set_visible_child_name("busy");
        }
    }

    /// Shows why there is no picture.
    pub(in crate::ui::guest) fn show_still(&self, icon: &str, headline: &str, advice: &str) {
        let imp = self.imp();
        imp.still.set_icon_name(Some(icon));
        imp.still.set_title(headline);
        set_description(&imp.still, advice);
        imp.stack.set_visible_child_name("still");
    }

    /// Gives what shows a certificate that was refused.
    pub(super) fn trust_box(&self) -> &TrustBox {
        &self.imp().trust_box
    }

    /// Gives the page a button with the act that helps: its label and its action.
    pub(in crate::ui::guest) fn set_help(&self, help: Option<(&str, &str)>) {
        let imp = self.imp();
        for button in [&imp.button, &imp.busy_button, &imp.again_button] {
            set_act(button, help);
        }
    }

    /// Says whether what the button does is to be thought about first.
    pub(super) fn set_help_dangerous(&self, is_dangerous: bool) {
        let button = &self.imp().button;
        let (class, other) = if is_dangerous {
            ("destructive-action", "suggested-action")
        } else {
            ("suggested-action", "destructive-action")
        };
        button.remove_css_class(other);
        button.add_css_class(class);
    }

    /// Gives the page a second button, with an act that helps too.
    pub(in crate::ui::guest) fn set_other_help(&self, help: Option<(&str, &str)>) {
        set_act(&self.imp().other_button, help);
    }
}

fn set_act(button: &gtk::Button, act: Option<(&str, &str)>) {
    button.set_visible(act.is_some());
    if let Some((label, action)) = act {
        button.set_label(label);
        set_action(button, Some(action));
    }
}

/// Has something that can be pressed do an act, which may have a target, as in `app.help::text-console`.
pub(in crate::ui::guest) fn set_action(pressed: &impl IsA<gtk::Actionable>, act: Option<&str>) {
    let target = pressed.action_target_value();
    let before = (pressed.action_name())
        .map(|name| gio::Action::print_detailed_name(&name, target.as_ref()));
    if before.as_deref() == act {
        return;
    }
    // The toolkit looks at each step: an action must not meet the target of the one before.
    pressed.set_action_name(None);
    pressed.set_action_target_value(None);
    if let Some(act) = act {
        pressed.set_detailed_action_name(act);
    }
}

/// Sets a description, which the page reads as markup.
fn set_description(page: &adw::StatusPage, text: &str) {
    let text = glib::markup_escape_text(text);
    page.set_description((!text.is_empty()).then_some(text.as_str()));
}
