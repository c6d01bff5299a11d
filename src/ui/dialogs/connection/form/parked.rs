//! What a way had that the next one has no place for, in case the user turns back.

use super::super::{
    parameters,
    ways::{Need, Way},
};
use crate::model::UriParts;

/// What was put aside.
#[derive(Default)]
pub(super) struct Parked {
    host: Option<String>,
    user: Option<String>,
    ports: Vec<(Way, u16)>,
    parameters: Vec<(Way, String, String)>,
}

impl Parked {
    /// Takes what one way has and the next one has no place for. A port is never another way's.
    pub(super) fn take(&mut self, parts: &mut UriParts, before: Way, next: Way) {
        if let Some(port) = parts.port.take() {
            self.ports.push((before, port));
        }
        if next.facts().host == Need::Never {
            self.host = parts.host.take().or(self.host.take());
            self.user = parts.user.take().or(self.user.take());
        }
        parts.parameters.retain(|(name, value)| {
            let stays = parameters::stays_behind(name, before, next);
            if stays {
                let kept = (before, name.clone(), value.clone());
                self.parameters.push(kept);
            }
            !stays
        });
    }

    /// Gives back what was a way's own, where nothing else has been said since.
    pub(super) fn give_back(&mut self, parts: &mut UriParts, way: Way) {
        if let Some(at) = self.ports.iter().rposition(|(of, _)| *of == way) {
            parts.port = Some(self.ports.remove(at).1);
        }
        if way.facts().host != Need::Never {
            parts.host = parts.host.take().or(self.host.take());
            parts.user = parts.user.take().or(self.user.take());
        }
        let is_ways = |(of, ..): &(Way, String, String)| *of == way;
        let returning: Vec<_> = self
            .parameters
            .iter()
            .filter(|p| is_ways(p))
            .cloned()
            .collect();
        self.parameters.retain(|p| !is_ways(p));
        for (_, name, value) in returning {
            parts.parameters.push((name, value));
        }
    }
}
