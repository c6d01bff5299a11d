//! How many pixels of mutter's only monitor are one of those that programs count in
//! (data/dbus-interfaces/org.gnome.Mutter.DisplayConfig.xml).

use std::collections::HashMap;

use zbus::{Connection, zvariant::OwnedValue};

use super::session::{Details, proxy};

/// Names by which a monitor is known; the first is where it is plugged in.
type Names = (String, String, String, String);
type More = HashMap<String, OwnedValue>;
/// The name, the size, the rate, the preferred scale and those that there are.
type Mode = (String, i32, i32, f64, f64, Vec<f64>, More);
/// The place, the scale, the way up, whether it is the first, and which monitors show it.
type Shown = (i32, i32, f64, u32, bool, Vec<Names>, More);
/// Which arrangement this is, the monitors, what they show, and more.
type State = (u32, Vec<(Names, Vec<Mode>, More)>, Vec<Shown>, More);

/// Gives it another scale, until the end.
pub(super) async fn set_scale(bus: &Connection, scale: f64) -> zbus::Result<()> {
    const TEMPORARY: u32 = 1;
    let path = "/org/gnome/Mutter/DisplayConfig";
    let arranger = proxy(bus, "DisplayConfig", path, "").await?;
    let (serial, monitors, _, _): State = arranger.call("GetCurrentState", &()).await?;
    let (names, modes, _) = monitors.first().expect("a monitor");
    let is_current = |mode: &&Mode| mode.6.contains_key("is-current");
    let (mode, _, _, _, _, scales, _) = modes.iter().find(is_current).expect("a mode");
    // It knows a scale only by all of its digits.
    let is_it = |known: &f64| (known - scale).abs() < 0.01;
    let scale = scales.iter().copied().find(is_it);
    let scale = scale.unwrap_or_else(|| panic!("no such scale among {scales:?}"));
    let monitor = (names.0.as_str(), mode.as_str(), Details::new());
    let shown = (0_i32, 0_i32, scale, 0_u32, true, vec![monitor]);
    let wanted = (serial, TEMPORARY, vec![shown], Details::new());
    arranger.call("ApplyMonitorsConfig", &wanted).await
}
