//! A view of `<interface>`.

use super::attributes::attributes;
use crate::Element;

/// A network interface.
#[derive(Clone, Copy, Debug)]
pub struct Interface<'a> {
    element: &'a Element,
}

attributes!(Interface {
    /// `network`, `bridge`, `user`, `direct`, `hostdev`.
    kind => [] "type";
    /// The hardware address.
    mac => ["mac"] "address";
    /// The model of the network card.
    model => ["model"] "type";
    /// The name on the host, such as `vnet0`; only while it runs.
    target => ["target"] "dev";
    /// The link's state, `up` or `down`.
    link => ["link"] "state";
});

impl Interface<'_> {
    /// The network, bridge or host interface it is plugged into.
    pub fn source(&self) -> Option<String> {
        let source = self.element.first("source")?;
        ["network", "bridge", "dev", "portgroup", "path", "name"]
            .into_iter()
            .find_map(|name| source.attribute_at(&[], name))
    }
}
