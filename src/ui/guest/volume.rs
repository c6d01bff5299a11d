//! The header's button for a guest's sound: how loud it is, whether it is muted, why it is not heard.
//!
//! It is there while the guest has sound and the window has room; the window's menu can mute the guest without it.
//! Everything it shows is bound to a [`Sound`].

use std::cell::{Cell, OnceCell, RefCell};

use adw::subclass::prelude::*;
use gtk::{gio, glib, prelude::*};

use super::hearing::hear;
use crate::{
    app::i18n::{gettext, gettext_f},
    model::Sound,
};

mod imp {
    use super::*;

    #[derive(Default, gtk::CompositeTemplate, glib::Properties)]
    #[template(resource = "/io/github/innkeeper/Innkeeper/guest/volume.ui")]
    #[properties(wrapper_type = super::VolumeButton)]
    pub struct VolumeButton {
        #[template_child]
        pub(super) button: TemplateChild<gtk::MenuButton>,
        #[template_child]
        pub(super) mute: TemplateChild<gtk::ToggleButton>,
        #[template_child]
        pub(super) level: TemplateChild<gtk::Adjustment>,
        #[template_child]
        pub(super) problem: TemplateChild<gtk::Label>,

        pub(super) bindings: OnceCell<glib::BindingGroup>,
        pub(super) signals: OnceCell<glib::SignalGroup>,
        /// What the menu mutes the guest with.
        pub(super) muting: OnceCell<gio::SimpleAction>,
        /// Whether its window has no room for it.
        #[property(get, set = Self::set_narrow)]
        pub(super) narrow: Cell<bool>,
        /// The sound that it is for.
        #[property(get, set = Self::set_sound, nullable)]
        pub(super) sound: RefCell<Option<Sound>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for VolumeButton {
        const NAME: &'static str = "InnkeeperVolumeButton";
        type Type = super::VolumeButton;
        type ParentType = adw::Bin;

        fn class_init(class: &mut Self::Class) {
            class.bind_template();
        }

        fn instance_init(obj: &glib::subclass::InitializingObject<Self>) {
            obj.init_template();
        }
    }

    #[glib::derived_properties]
    impl ObjectImpl for VolumeButton {
        fn constructed(&self) {
            self.parent_constructed();
            let obj = self.obj();
            obj.bind();
            obj.watch();
            obj.make_action();
        }
    }

    impl WidgetImpl for VolumeButton {}
    impl BinImpl for VolumeButton {}

    impl VolumeButton {
        fn set_sound(&self, sound: Option<Sound>) {
            if let (Some(bindings), Some(signals)) = (self.bindings.get(), self.signals.get()) {
                bindings.set_source(sound.as_ref());
                signals.set_target(sound.as_ref());
            }
            self.sound.replace(sound);
            self.obj().update();
        }

        fn set_narrow(&self, narrow: bool) {
            self.narrow.set(narrow);
            self.obj().update();
        }
    }
}

glib::wrapper! {
    /// The button for a guest's sound.
    pub struct VolumeButton(ObjectSubclass<imp::VolumeButton>)
        @extends adw::Bin, gtk::Widget,
        @implements gtk::Accessible, gtk::Buildable, gtk::ConstraintTarget;
}

impl VolumeButton {
    /// Gives the window's action that mutes the guest: a switch, enabled while there is sound.
    pub(super) fn mute_action(&self) -> &gio::SimpleAction {
        self.imp().muting.get().expect("made with the button")
    }

    fn make_action(&self) {
        let action = gio::SimpleAction::new_stateful("mute", None, &false.to_variant());
        action.set_enabled(false);
        let weak = self.downgrade();
        action.connect_change_state(move |_, on| {
            let sound = weak.upgrade().and_then(|button| button.sound());
            if let (Some(sound), Some(on)) = (sound, on.and_then(bool::from_variant)) {
                sound.set_muted(on);
            }
        });
        let _ = self.imp().muting.set(action);
    }

    fn bind(&self) {
        let (imp, bindings) = (self.imp(), glib::BindingGroup::new());
        bindings
            .bind("problem", &*imp.problem, "label")
            .sync_create()
            .build();
        bindings
            .bind("muted", &*imp.mute, "active")
            .bidirectional()
            .sync_create()
            .build();
        bindings
            .bind("volume", &*imp.level, "value")
            .transform_to(|_, volume: f64| Some(volume * 100.0))
            .transform_from(|_, level: f64| Some(level / 100.0))
            .bidirectional()
            .sync_create()
            .build();
        let _ = imp.bindings.set(bindings);
    }

    fn watch(&self) {
        let signals = glib::SignalGroup::new::<Sound>();
        let news = [
            "notify::available",
            "notify::volume",
            "notify::silent",
            "notify::problem",
        ];
        hear(&signals, self, &news, Self::update);
        let _ = self.imp().signals.set(signals);
    }

    /// Shows on the button itself how loud it is, or why it is not heard.
    fn update(&self) {
        let (imp, sound) = (self.imp(), self.sound());
        let available = sound.as_ref().is_some_and(Sound::available);
        self.set_visible(available && !self.narrow());
        self.mute_action().set_enabled(available);
        let Some(sound) = sound else { return };
        self.mute_action().set_state(&sound.muted().to_variant());
        let (volume, problem) = (sound.volume(), sound.problem());
        let is_heard = !sound.silent() && problem.is_empty();
        imp.button.set_icon_name(icon_name(is_heard, volume));
        imp.problem.set_visible(!problem.is_empty());
        let text = if !problem.is_empty() {
            problem
        } else if sound.silent() {
            gettext("Sound: muted")
        } else {
            let percent = format!("{:.0}", volume * 100.0);
            // Translators: how loud a virtual machine is, from 1 to 100.
            gettext_f("Sound: {percent}%", &[("percent", &percent)])
        };
        imp.button.set_tooltip_text(Some(&text));
        imp.button
            .update_property(&[gtk::accessible::Property::Description(&text)]);
    }
}

fn icon_name(is_heard: bool, volume: f64) -> &'static str {
    match volume {
        _ if !is_heard => "audio-volume-muted-symbolic",
        volume if volume < 1.0 / 3.0 => "audio-volume-low-symbolic",
        volume if volume < 2.0 / 3.0 => "audio-volume-medium-symbolic",
        _ => "audio-volume-high-symbolic",
    }
}

#[cfg(test)]
mod tests {
    use super::icon_name;

    #[test]
    fn the_icon_tells_how_loud_it_is() {
        let names = [(true, 1.0), (true, 0.5), (true, 0.1), (false, 1.0)];
        let names = names.map(|(is_heard, volume)| icon_name(is_heard, volume));
        assert_eq!(
            names,
            ["high", "medium", "low", "muted"].map(|word| format!("audio-volume-{word}-symbolic"))
        );
    }
}
