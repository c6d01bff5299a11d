//! Which hosts are offered for what is typed: those that ssh knows, and those of the other connections.

use super::suggestions::Suggestion;
use crate::model::{Connection, ConnectionList, SshHost};

use gtk::prelude::*;

/// Collects the hosts of ssh and of connections, each once.
pub(super) fn collect(ssh: Vec<SshHost>, connections: &ConnectionList) -> Vec<Suggestion> {
    let mut hosts: Vec<Suggestion> = ssh
        .into_iter()
        .map(|host| Suggestion {
            detail: host
                .target
                .or_else(|| host.port.map(|port| format!(":{port}"))),
            text: host.name,
            port: host.port,
        })
        .collect();
    for connection in connections.iter::<Connection>().flatten() {
        let uri = connection.profile().uri;
        let Some(host) = uri.host() else { continue };
        if !hosts.iter().any(|known| known.text == host) {
            hosts.push(Suggestion {
                text: host.to_owned(),
                detail: Some(connection.label()),
                port: None,
            });
        }
    }
    hosts
}

/// Chooses those that a text may become: first those that start with it, then those that hold it.
pub(super) fn matching(all: &[Suggestion], typed: &str) -> Vec<Suggestion> {
    let typed = typed.trim().to_lowercase();
    let rank = |suggestion: &Suggestion| {
        let text = suggestion.text.to_lowercase();
        let detail = suggestion.detail.as_deref().unwrap_or_default();
        if text.starts_with(&typed) {
            Some(0)
        } else if text.contains(&typed) {
            Some(1)
        } else {
            detail.to_lowercase().contains(&typed).then_some(2)
        }
    };
    let mut ranked: Vec<(u8, &Suggestion)> = all
        .iter()
        .filter_map(|suggestion| Some((rank(suggestion)?, suggestion)))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, found)| found.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggestion(text: &str, detail: Option<&str>) -> Suggestion {
        Suggestion {
            text: text.to_owned(),
            detail: detail.map(str::to_owned),
            port: None,
        }
    }

    #[test]
    fn beginnings_go_before_what_lies_inside() {
        let all = [
            suggestion("my-web", None),
            suggestion("db", Some("root@web.example")),
            suggestion("Web", None),
            suggestion("other", None),
        ];
        let texts = |typed: &str| -> Vec<String> {
            matching(&all, typed).into_iter().map(|s| s.text).collect()
        };
        assert_eq!(texts("web"), ["Web", "my-web", "db"]);
        assert_eq!(texts("").len(), all.len());
        assert!(texts("nowhere").is_empty());
    }
}
