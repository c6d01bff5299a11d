//! What a user can do where a guest's screen cannot be reached: have it listen elsewhere, or take another way there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use innkeeper_core::{Error, ErrorKind, ScreenWay, Uri, UriParts};

use super::{Connection, Guest, console_texts};
use crate::app::runtime;

/// What helps where a screen listens out of reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenHelp {
    /// The address at which the screen could listen from the next start on; `None` where that cannot be changed.
    pub address: Option<IpAddr>,
    /// Another way there.
    pub tunnel: Option<TunnelHelp>,
}

/// How ssh could lead to a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TunnelHelp {
    /// The connection leads over ssh, and is told to go past it to the screens.
    AllowIt,
    /// The same host would have to be reached over ssh, at about this address.
    Through(Uri),
}

impl Guest {
    /// Says what helps against a failure to reach the screen; `None` where it is another kind of failure.
    pub fn screen_help(&self, error: &Error) -> Option<ScreenHelp> {
        let ErrorKind::ConsoleInside {
            opens_at_next_start,
            ..
        } = &error.kind
        else {
            return None;
        };
        let connection = self.connection()?;
        let may_change = self.domain().persistent && !connection.read_only();
        Some(ScreenHelp {
            address: (may_change && !opens_at_next_start).then(|| address_for(&connection)),
            tunnel: tunnel_for(&connection),
        })
    }

    /// Has the screen listen at another address from the next start on.
    pub async fn set_screen_address(&self, address: IpAddr) -> Result<(), Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.set_screen_address(uuid, address).await }).await
    }

    /// Says whether the definition sets a password for the screen; `None` where that cannot be read.
    pub async fn has_screen_password(&self) -> Option<bool> {
        let (host, uuid) = (self.host().ok()?, self.uuid());
        let has = runtime::run(async move { host.has_screen_password(uuid).await }).await;
        has.ok()
    }

    /// Says why it is off where that is not what its user did, and what becomes of its screen.
    pub fn off_advice(&self) -> String {
        console_texts::off_advice(&self.domain())
    }
}

/// The narrowest address that lets the connection reach the screen.
fn address_for(connection: &Connection) -> IpAddr {
    let profile = connection.profile();
    if is_ssh(&profile.uri) && profile.screen_way != ScreenWay::Direct {
        return Ipv4Addr::LOCALHOST.into();
    }
    let host = profile.uri.host().unwrap_or_default();
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(_)) => Ipv6Addr::UNSPECIFIED.into(),
        _ => Ipv4Addr::UNSPECIFIED.into(),
    }
}

fn tunnel_for(connection: &Connection) -> Option<TunnelHelp> {
    let profile = connection.profile();
    if is_ssh(&profile.uri) {
        return (profile.screen_way == ScreenWay::Direct).then_some(TunnelHelp::AllowIt);
    }
    over_ssh(&profile.uri).map(TunnelHelp::Through)
}

fn is_ssh(uri: &Uri) -> bool {
    matches!(uri.transport(), Some("ssh" | "libssh" | "libssh2"))
}

/// The address of the same driver on the same host, over ssh.
fn over_ssh(uri: &Uri) -> Option<Uri> {
    let host = uri.host()?.to_owned();
    let parts = UriParts {
        driver: uri.parts().driver.clone(),
        transport: Some("ssh".to_owned()),
        host: Some(host),
        path: uri.parts().path.clone(),
        ..UriParts::default()
    };
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_host_over_ssh() {
        let uri: Uri = "qemu+tls://fred@far.example:16599/system?pkipath=/x"
            .parse()
            .expect("a good URI");
        let over = over_ssh(&uri).expect("a host").to_string();
        assert_eq!(over, "qemu+ssh://far.example/system");
        let local: Uri = "qemu:///system".parse().expect("a good URI");
        assert_eq!(over_ssh(&local), None);
    }
}
