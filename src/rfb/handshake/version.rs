//! The first twelve bytes of either side (RFC 6143 §7.1.1).

use super::stream::{BoxedStream, Deadline};
use crate::{Error, Result};

/// A version of the protocol that is spoken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// The server chooses the security type.
    V3_3,
    /// The client chooses it.
    V3_7,
    /// Failures come with a reason.
    V3_8,
}

impl Version {
    /// Reads a greeting. Unknown versions count as the nearest older one (RFC 6143 §7.1.1; 3.5 never was one).
    pub(super) fn parse(greeting: [u8; 12]) -> Option<Self> {
        let text = str::from_utf8(&greeting).ok()?;
        let numbers = text.strip_prefix("RFB ")?.strip_suffix('\n')?;
        let (major, minor) = numbers.split_once('.')?;
        match (major.parse::<u16>().ok()?, minor.parse::<u16>().ok()?) {
            (3, 3..=6) => Some(Self::V3_3),
            (3, 7) => Some(Self::V3_7),
            (3, 8..) | (4.., _) => Some(Self::V3_8),
            _ => None,
        }
    }

    fn greeting(self) -> &'static [u8; 12] {
        match self {
            Self::V3_3 => b"RFB 003.003\n",
            Self::V3_7 => b"RFB 003.007\n",
            Self::V3_8 => b"RFB 003.008\n",
        }
    }
}

/// Reads the server's greeting and answers it.
pub(super) async fn exchange(stream: &mut BoxedStream, deadline: &Deadline) -> Result<Version> {
    let during = "waiting for the server's greeting";
    let greeting = deadline.read::<12>(stream, during).await?;
    let version = Version::parse(greeting).ok_or_else(|| Error::NotRfb {
        greeting: String::from_utf8_lossy(&greeting).into_owned(),
    })?;
    deadline.write(stream, version.greeting(), during).await?;
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings() {
        let of = |text: &str| Version::parse(text.as_bytes().try_into().unwrap());
        assert_eq!(of("RFB 003.003\n"), Some(Version::V3_3));
        assert_eq!(of("RFB 003.005\n"), Some(Version::V3_3));
        assert_eq!(of("RFB 003.007\n"), Some(Version::V3_7));
        assert_eq!(of("RFB 003.008\n"), Some(Version::V3_8));
        assert_eq!(of("RFB 003.889\n"), Some(Version::V3_8));
        assert_eq!(of("RFB 002.002\n"), None);
        assert_eq!(of("SSH-2.0-Open"), None);
        assert_eq!(of("RFB 003x008\n"), None);
    }
}
