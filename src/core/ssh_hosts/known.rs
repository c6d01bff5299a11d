//! The names in a file of known host keys; format: the chapter on that file in sshd(8).

use super::{SshHost, is_name};

/// Collects the hosts of a file's text. Hashed names, patterns, revoked keys and authorities name nobody.
pub(super) fn hosts(text: &str) -> Vec<SshHost> {
    text.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|names| !names.starts_with(['#', '@', '|']))
        .flat_map(|names| names.split(','))
        .filter_map(host)
        .collect()
}

/// Reads `name` or `[name]:port`.
fn host(entry: &str) -> Option<SshHost> {
    let (name, port) = match entry.strip_prefix('[') {
        Some(rest) => {
            let (name, port) = rest.split_once("]:")?;
            (name, Some(port.parse().ok().filter(|port| *port != 0)?))
        }
        None => (entry, None),
    };
    is_name(name).then(|| SshHost {
        name: name.to_owned(),
        port,
        target: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Option<u16>)> {
        hosts(text).into_iter().map(|h| (h.name, h.port)).collect()
    }

    #[test]
    fn names_addresses_and_ports_are_found() {
        let text = "one.example,192.0.2.1 ssh-ed25519 AAAA\n\
                    [two.example]:2222,[192.0.2.2]:2222 ssh-rsa AAAA comment\n\
                    fe80::1%eth0 ssh-rsa AAAA\n";
        let expected = [
            ("one.example", None),
            ("192.0.2.1", None),
            ("two.example", Some(2222)),
            ("192.0.2.2", Some(2222)),
            ("fe80::1%eth0", None),
        ];
        assert_eq!(
            found(text),
            expected.map(|(name, port)| (name.to_owned(), port))
        );
    }

    #[test]
    fn what_names_nobody_is_passed_over() {
        let text = "# comment\n\n\
                    |1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-rsa AAAA\n\
                    @cert-authority *.example ssh-rsa AAAA\n\
                    @revoked bad.example ssh-rsa AAAA\n\
                    *.example,!no.example,w?.example ssh-rsa AAAA\n\
                    [broken ssh-rsa A\n[name]:none ssh-rsa A\n[name]:0 ssh-rsa A\n[]:22 ssh-rsa A\n\
                    -oProxyCommand=x ssh-rsa A\n";
        assert_eq!(found(text), []);
    }
}
