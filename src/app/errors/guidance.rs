//! What to do about an error: sentences, commands to copy, and where the help says more.

/// A way out of a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guidance {
    /// The likely cause and what to do, in sentences. May be empty.
    pub text: String,
    /// What can be copied: commands, files, lines for a file.
    pub commands: Vec<Command>,
    /// The page of the help, for the action `app.help`.
    pub help: Option<&'static str>,
}

/// Something to copy, and where or when it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Where or when it applies. May be empty.
    pub label: String,
    /// What is to be typed or found; several lines in a file's case.
    pub command: String,
}

impl Guidance {
    /// Begins with sentences.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Adds a command.
    pub(super) fn command(mut self, label: impl Into<String>, command: impl Into<String>) -> Self {
        self.commands.push(Command {
            label: label.into(),
            command: command.into(),
        });
        self
    }

    /// Names the page of the help.
    pub(super) fn help(mut self, page: &'static str) -> Self {
        self.help = Some(page);
        self
    }

    /// Writes all of it as lines; `None` when there is nothing.
    pub(super) fn into_text(self) -> Option<String> {
        let mut lines = vec![self.text];
        for Command { label, command } in self.commands {
            let separator = if command.contains('\n') { "\n" } else { " " };
            lines.push(match label.as_str() {
                "" => command,
                label => format!("{label}:{separator}{command}"),
            });
        }
        lines.retain(|line| !line.is_empty());
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_can_be_read_as_lines() {
        let guidance = Guidance::new("Install it.")
            .command("Fedora", "sudo dnf install it")
            .command("", "sudo reboot");
        let text = "Install it.\nFedora: sudo dnf install it\nsudo reboot";
        assert_eq!(guidance.into_text().as_deref(), Some(text));
        assert_eq!(Guidance::default().into_text(), None);
    }
}
