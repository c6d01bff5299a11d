//! The demonstration's guests (`build-aux/demo/up`), as the window shows them.

/// A guest: its name for libvirt and its title for people.
#[derive(Clone, Copy)]
pub(crate) struct Guest {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
}

/// Draws a lantern that moves, and shows what is typed.
pub(crate) const ANIMATED: Guest = Guest {
    name: "demo-animated",
    title: "Demo: Moving Picture",
};

/// A text screen whose VNC server asks for [`SECRET`].
pub(crate) const LOCKED: Guest = Guest {
    name: "demo-password",
    title: "Demo: Password",
};

/// Shut off, with one snapshot; a text screen when it runs.
pub(crate) const OFF: Guest = Guest {
    name: "demo-off",
    title: "Demo: Shut Off",
};

/// The password of [`LOCKED`].
pub(crate) const SECRET: &str = "secret12";

/// The size of [`ANIMATED`]'s screen.
pub(crate) const ANIMATED_SIZE: (i32, i32) = (800, 600);
