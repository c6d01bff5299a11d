//! What the kernel tells of addresses and routes (rtnetlink(7)), for machines without NetworkManager and sandboxes
//! without a bus.
//!
//! Only what can lead to another host counts: a guest's own tap device, which gets a link-local address whenever a
//! guest starts here, does not.

use std::io;

use rustix::{
    io::Errno,
    net::{AddressFamily, SocketFlags, SocketType, bind, netlink::SocketAddrNetlink, socket_with},
};
use tokio::{io::AsyncReadExt, net::unix::pipe};

use super::{Inbox, Woken, tell};

/// `RTMGRP_IPV4_IFADDR`, `RTMGRP_IPV4_ROUTE`, `RTMGRP_IPV6_IFADDR`, `RTMGRP_IPV6_ROUTE` (`linux/rtnetlink.h`).
const GROUPS: u32 = 0x10 | 0x40 | 0x100 | 0x400;

/// The kernel's datagrams for one change are far smaller; a longer one is cut and counts by its beginning.
const DATAGRAM: usize = 8192;

/// Listens to the kernel; returns at once where it may not.
pub(super) async fn listen(inbox: &Inbox) {
    let mut socket = match open() {
        Ok(socket) => socket,
        Err(error) => return tracing::debug!(%error, "no news of routes"),
    };
    let mut datagram = vec![0; DATAGRAM];
    loop {
        match socket.read(&mut datagram).await {
            Ok(length @ 1..) => {
                if tells_of_a_way(&datagram[..length]) {
                    tell(inbox, Woken::NetworkChanged);
                }
            }
            // So much happened that the kernel dropped some of it.
            Err(error) if error.raw_os_error() == Some(Errno::NOBUFS.raw_os_error()) => {
                tell(inbox, Woken::NetworkChanged);
            }
            Ok(_) | Err(_) => return,
        }
    }
}

/// Opens the kernel's socket. tokio reads it as it does a pipe: one datagram a call.
fn open() -> io::Result<pipe::Receiver> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, None)?;
    bind(&socket, &SocketAddrNetlink::new(0, GROUPS))?;
    pipe::Receiver::from_owned_fd_unchecked(socket)
}

/// Looks for a message in a datagram that tells of an address or a route to elsewhere.
fn tells_of_a_way(mut datagram: &[u8]) -> bool {
    while let Some((length, kind)) = header(datagram) {
        let Some(body) = datagram.get(HEADER..length) else {
            return false;
        };
        if is_a_way(kind, body) {
            return true;
        }
        // Messages begin at multiples of four.
        datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or(&[]);
    }
    false
}

/// The size of `struct nlmsghdr`.
const HEADER: usize = 16;

/// Length, header included, and type of the first message.
fn header(datagram: &[u8]) -> Option<(usize, u16)> {
    let (length, rest) = datagram.split_first_chunk::<4>()?;
    let kind = u16::from_ne_bytes(*rest.first_chunk()?);
    let length = usize::try_from(u32::from_ne_bytes(*length)).ok()?;
    (length >= HEADER).then_some((length, kind))
}

fn is_a_way(kind: u16, body: &[u8]) -> bool {
    /// `RTM_NEWADDR`, `RTM_DELADDR`, `RTM_NEWROUTE`, `RTM_DELROUTE`.
    const ADDRESS: [u16; 2] = [20, 21];
    const ROUTE: [u16; 2] = [24, 25];
    /// `RT_SCOPE_LINK`: from here on an address means nothing elsewhere.
    const LINK: u8 = 253;
    const MAIN_TABLE: u8 = 254;
    const UNICAST: u8 = 1;
    const INET: u8 = 2;
    match *body {
        // struct ifaddrmsg: family, prefix's length, flags, scope
        [_, _, _, scope, ..] if ADDRESS.contains(&kind) => scope < LINK,
        // struct rtmsg: family, lengths of destination and source, tos, table, protocol, scope, type
        [family, to, _, _, table, _, scope, form, ..] if ROUTE.contains(&kind) => {
            // Every IPv6 route has the widest scope: of those only the default ones count.
            let leads_away = to == 0 || (family == INET && scope == 0);
            table == MAIN_TABLE && form == UNICAST && leads_away
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(HEADER + body.len()).unwrap();
        let mut message = length.to_ne_bytes().to_vec();
        message.extend(kind.to_ne_bytes());
        message.resize(HEADER, 0);
        message.extend(body);
        message
    }

    #[test]
    fn only_ways_to_elsewhere_count() {
        let address = |scope| message(20, &[2, 24, 0, scope, 1, 0, 0, 0]);
        let route = |family, to, table, scope, form| {
            message(24, &[family, to, 0, 0, table, 2, scope, form, 0, 0, 0, 0])
        };
        for (what, datagram, counts) in [
            ("a global address", address(0), true),
            ("a link-local address", address(253), false),
            ("the host's own address", address(254), false),
            ("IPv4's default route", route(2, 0, 254, 0, 1), true),
            ("a route through a gateway", route(2, 24, 254, 0, 1), true),
            (
                "a route to the neighbours",
                route(2, 24, 254, 253, 1),
                false,
            ),
            ("a local route", route(2, 32, 255, 254, 2), false),
            ("IPv6's default route", route(10, 0, 254, 0, 1), true),
            (
                "IPv6's route to neighbours",
                route(10, 64, 254, 0, 1),
                false,
            ),
            ("a link's state", message(16, &[0; 16]), false),
        ] {
            assert_eq!(tells_of_a_way(&datagram), counts, "{what}");
            let twice = [message(16, &[0; 16]), datagram].concat();
            assert_eq!(tells_of_a_way(&twice), counts, "{what}, as the second");
        }
    }

    #[test]
    fn cut_and_lying_datagrams_are_nothing() {
        let whole = message(20, &[2, 24, 0, 0, 1, 0, 0, 0]);
        for length in 0..whole.len() {
            assert!(!tells_of_a_way(&whole[..length]), "{length}");
        }
        for length in [0_u32, 15, u32::MAX] {
            let mut lying = whole.clone();
            lying[..4].copy_from_slice(&length.to_ne_bytes());
            assert!(!tells_of_a_way(&lying), "{length}");
        }
    }
}
