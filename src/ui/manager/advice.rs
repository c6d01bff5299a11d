//! Takes the commands out of an error's advice, so that each can be copied by a button of its own.

/// An advice: sentences, and the commands to type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Advice {
    pub(super) text: String,
    pub(super) commands: Vec<Command>,
}

/// A command for a terminal, and where or when it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) label: String,
    pub(super) command: String,
}

impl Advice {
    /// Reads an advice: a line that holds `sudo` is a command, what stands before it is its label.
    pub(super) fn read(advice: &str) -> Self {
        let mut read = Self::default();
        for line in advice.lines() {
            if let Some(at) = line.find("sudo ") {
                let (label, command) = line.split_at(at);
                read.commands.push(Command {
                    label: label.trim().trim_end_matches([':', '：']).trim().to_owned(),
                    command: command.trim().to_owned(),
                });
            } else {
                if !read.text.is_empty() {
                    read.text.push('\n');
                }
                read.text.push_str(line);
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(label: &str, command: &str) -> Command {
        Command {
            label: label.to_owned(),
            command: command.to_owned(),
        }
    }

    #[test]
    fn commands_are_told_from_sentences() {
        let advice = Advice::read("Install it:\nDebian, Ubuntu: sudo apt install x\nsudo reboot");
        assert_eq!(advice.text, "Install it:");
        let expected = [
            command("Debian, Ubuntu", "sudo apt install x"),
            command("", "sudo reboot"),
        ];
        assert_eq!(advice.commands, expected);
    }

    #[test]
    fn sentences_keep_their_lines() {
        let advice = Advice::read("One.\nTwo.");
        assert_eq!(advice.text, "One.\nTwo.");
        assert!(advice.commands.is_empty());
        assert_eq!(Advice::read(""), Advice::default());
    }
}
