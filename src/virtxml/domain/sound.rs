//! Which screen carries the sound of which device: `<sound>`, `<audio>` and `<graphics>` (docs/formatdomain of libvirt,
//! "Sound devices" and "Audio backends").

use super::{
    Domain,
    device::{Device, Plain},
    graphics::Graphics,
};

impl<'a> Domain<'a> {
    /// Whether a sound device plays where this screen listens.
    ///
    /// Device and screen each name an `<audio>` by its number; who names none means the first one.
    pub fn sounds_at(&self, screen: Graphics<'_>) -> bool {
        let first = self.plain("audio").find_map(|audio| audio.id());
        let heard = screen.audio().or_else(|| first.clone());
        self.plain("sound")
            .any(|sound| sound.audio().or_else(|| first.clone()) == heard)
    }

    fn plain(self, name: &'static str) -> impl Iterator<Item = Plain<'a>> + use<'a> {
        self.devices().filter_map(move |device| match device {
            Device::Other(plain) if plain.name() == name => Some(plain),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    fn is_heard(devices: &str) -> bool {
        let text = format!("<domain><devices>{devices}</devices></domain>");
        let document = Document::parse(&text).unwrap();
        let domain = Domain::of(&document).unwrap();
        let screen = domain.graphics().next().unwrap();
        domain.sounds_at(screen)
    }

    #[test]
    fn a_screen_carries_the_sound_of_the_devices_at_its_backend() {
        let backends = "<audio id='1' type='none'/><audio id='2' type='spice'/>";
        let card = "<sound model='ich9'/>";
        let other = "<sound model='ac97'><audio id='2'/></sound>";
        let screen = "<graphics type='vnc'/>";
        let second = "<graphics type='vnc'><audio id='2'/></graphics>";
        assert!(is_heard(&format!("{card}{screen}{backends}")));
        assert!(!is_heard(&format!("{other}{screen}{backends}")));
        assert!(is_heard(&format!("{other}{second}{backends}")));
        assert!(!is_heard(&format!("{card}{second}{backends}")));
        assert!(is_heard(&format!("{card}{other}{screen}{backends}")));
        assert!(!is_heard(&format!("{screen}{backends}")), "no card");
        // Before libvirt writes its backend in.
        assert!(is_heard(&format!("{card}{screen}")));
        let named = "<sound model='usb'><audio id='1'/></sound>";
        assert!(is_heard(&format!("{named}{screen}{backends}")));
    }
}
