//! The pages of a guest's window, by the names that actions and the command line use.

/// What a guest's window shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GuestPage {
    /// The screen.
    #[default]
    Console,
    /// The hardware.
    Details,
    /// The snapshots.
    Snapshots,
    /// The hardware's page, at its figures.
    Performance,
}

impl GuestPage {
    /// Reads a page's name; an unknown one means the screen.
    pub fn from_name(name: &str) -> Self {
        match name {
            "details" => Self::Details,
            "snapshots" => Self::Snapshots,
            "performance" => Self::Performance,
            _ => Self::Console,
        }
    }

    /// Gives the name of the stack's child that holds it.
    pub(super) fn child_name(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Details | Self::Performance => "details",
            Self::Snapshots => "snapshots",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GuestPage;

    #[test]
    fn pages_have_names() {
        for page in [GuestPage::Console, GuestPage::Details, GuestPage::Snapshots] {
            assert_eq!(GuestPage::from_name(page.child_name()), page);
        }
        assert_eq!(GuestPage::from_name("performance"), GuestPage::Performance);
        assert_eq!(GuestPage::Performance.child_name(), "details");
        assert_eq!(GuestPage::from_name(""), GuestPage::Console);
    }
}
