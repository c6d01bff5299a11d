//! polkit's own helper, which asks PAM whether a password is right and tells polkit itself.
//!
//! From polkit 127 on it listens at a socket that systemd holds open; before that, and where that socket is not, it is a
//! setuid program. Both speak the lines of `polkitagenthelper-pam.c`: we send the account's name (the program has it as
//! its argument), the cookie and one line for each prompt; it sends prompts and messages, escaped as `g_strescape` does,
//! and at last SUCCESS or FAILURE. The cookie goes through the pipe, where no other process sees it.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use link_security::Secret;
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::UnixStream,
    process::{Child, Command},
    time::timeout,
};

/// Where the helper listens from polkit 127 on.
const SOCKET: &str = "/run/polkit/agent-helper.socket";

/// Where distributions put the program: upstream, openSUSE and older Fedora, older Debian, NixOS.
const PROGRAMS: [&str; 5] = [
    "/usr/lib/polkit-1/polkit-agent-helper-1",
    "/usr/libexec/polkit-agent-helper-1",
    "/usr/libexec/polkit-1/polkit-agent-helper-1",
    "/usr/lib/policykit-1/polkit-agent-helper-1",
    "/run/wrappers/bin/polkit-agent-helper-1",
];

/// How long the socket may take to let us in.
const REACH: Duration = Duration::from_secs(10);

/// The longest line that is taken, in bytes; PAM's own messages have 512 at most, escaped four times that.
const LINE: usize = 16 * 1024;

/// What the helper says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It waits for an answer.
    Prompt {
        /// Whether the answer may be seen while it is typed.
        echo: bool,
        /// PAM's words, such as `Password: `.
        text: String,
    },
    /// Something went wrong; more follows.
    Trouble(String),
    /// Something to know, or to do, such as touching a key.
    Info(String),
    /// The account has proved itself, and polkit knows it.
    Success,
    /// It has not.
    Failure,
}

/// A helper at work. Dropping it hangs up, which ends it.
pub(super) struct Helper {
    output: Box<dyn AsyncBufRead + Send + Unpin>,
    input: Box<dyn AsyncWrite + Send + Unpin>,
    /// The beginning of a line whose end has not come.
    partial: Vec<u8>,
    /// The first line, read already.
    first: Option<Line>,
    _child: Option<Child>,
}

impl Helper {
    /// Starts proving `account`, for the request that `cookie` names.
    ///
    /// # Errors
    /// When no helper is there or none says anything; tells of the last one tried.
    pub(super) async fn start(account: &str, cookie: &str) -> io::Result<Self> {
        let mut failure = None;
        if Path::new(SOCKET).exists() {
            match Self::by_socket(Path::new(SOCKET), account, cookie).await {
                Ok(helper) => return Ok(helper),
                Err(error) => failure = Some(named(SOCKET, &error)),
            }
        }
        let programs = PROGRAMS.iter().map(PathBuf::from);
        for program in programs.filter(|program| program.exists()) {
            match Self::by_program(&program, account, cookie).await {
                Ok(helper) => return Ok(helper),
                Err(error) => failure = Some(named(&program.to_string_lossy(), &error)),
            }
        }
        let missing =
            || io::Error::new(io::ErrorKind::NotFound, "polkit-agent-helper-1 is missing");
        Err(failure.unwrap_or_else(missing))
    }

    async fn by_socket(socket: &Path, account: &str, cookie: &str) -> io::Result<Self> {
        let stream = timeout(REACH, UnixStream::connect(socket)).await??;
        let (output, input) = stream.into_split();
        let mut helper = Self::over(output, input, None);
        helper.send(account).await?;
        helper.begin(cookie).await
    }

    async fn by_program(program: &Path, account: &str, cookie: &str) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(account)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What is for the administrator it writes to the system's log.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let pipes = child.stdout.take().zip(child.stdin.take());
        let (output, input) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
        Self::over(output, input, Some(child)).begin(cookie).await
    }

    fn over(
        output: impl tokio::io::AsyncRead + Send + Unpin + 'static,
        input: impl AsyncWrite + Send + Unpin + 'static,
        child: Option<Child>,
    ) -> Self {
        Self {
            output: Box::new(BufReader::new(output)),
            input: Box::new(input),
            partial: Vec::new(),
            first: None,
            _child: child,
        }
    }

    /// Names the request and waits for the first line: a helper that cannot work says nothing.
    async fn begin(mut self, cookie: &str) -> io::Result<Self> {
        self.send(cookie).await?;
        self.first = Some(self.read().await?);
        Ok(self)
    }

    /// Waits for the next line.
    ///
    /// # Errors
    /// When the helper ends without a verdict, or what it says is no line of its protocol.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub(super) async fn line(&mut self) -> io::Result<Line> {
        match self.first.take() {
            Some(line) => Ok(line),
            None => self.read().await,
        }
    }

    /// Answers a prompt. An answer is one line: what follows the first is left out.
    pub(super) async fn answer(&mut self, secret: &Secret) -> io::Result<()> {
        self.send(secret.reveal().lines().next().unwrap_or(""))
            .await
    }

    /// Sends a line. When the helper is gone, what it said last is worth more than that it does not listen.
    async fn send(&mut self, text: &str) -> io::Result<()> {
        let sending = async {
            // Not put together: a copy of a secret would stay in memory.
            self.input.write_all(text.as_bytes()).await?;
            self.input.write_all(b"\n").await?;
            self.input.flush().await
        };
        match sending.await {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            sent => sent,
        }
    }

    async fn read(&mut self) -> io::Result<Line> {
        loop {
            let chunk = self.output.fill_buf().await?;
            if chunk.is_empty() {
                let why = "the helper ended without a verdict";
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let taken = end.unwrap_or(chunk.len());
            self.partial.extend(&chunk[..taken]);
            self.output.consume(end.map_or(taken, |end| end + 1));
            if self.partial.len() > LINE {
                return Err(unknown("a line without an end"));
            }
            if end.is_some() {
                let line = std::mem::take(&mut self.partial);
                return understand(&line).ok_or_else(|| unknown("no line of its protocol"));
            }
        }
    }
}

fn unknown(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the helper says what is not understood: {what}"),
    )
}

fn named(helper: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{helper}: {error}"))
}

fn understand(line: &[u8]) -> Option<Line> {
    let text = |prefix: &[u8]| line.strip_prefix(prefix).map(unescape);
    let prompt = |echo| move |text| Line::Prompt { echo, text };
    text(b"PAM_PROMPT_ECHO_OFF ")
        .map(prompt(false))
        .or_else(|| text(b"PAM_PROMPT_ECHO_ON ").map(prompt(true)))
        .or_else(|| text(b"PAM_ERROR_MSG ").map(Line::Trouble))
        .or_else(|| text(b"PAM_TEXT_INFO ").map(Line::Info))
        .or_else(|| line.starts_with(b"SUCCESS").then_some(Line::Success))
        .or_else(|| line.starts_with(b"FAILURE").then_some(Line::Failure))
}

/// Undoes `g_strescape`: C's escapes, and every byte beyond ASCII as three octal digits.
fn unescape(escaped: &[u8]) -> String {
    let mut plain = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte != b'\\' {
            plain.push(*byte);
            continue;
        }
        let digits = rest
            .iter()
            .take(3)
            .take_while(|b| (b'0'..=b'7').contains(b));
        let digits = digits.count();
        if digits > 0 {
            let (octal, after) = rest.split_at(digits);
            let value = octal
                .iter()
                .fold(0_u16, |sum, d| sum * 8 + u16::from(d - b'0'));
            plain.push(value as u8);
            rest = after;
        } else if let [letter, after @ ..] = rest {
            plain.push(match letter {
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
                other => *other,
            });
            rest = after;
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A helper whose output is this and nothing more.
    fn saying(output: &'static [u8]) -> Helper {
        Helper::over(output, tokio::io::sink(), None)
    }

    #[tokio::test]
    async fn lines_are_told_apart_and_unescaped() {
        let mut helper = saying(
            b"PAM_PROMPT_ECHO_OFF Passwort f\\303\\274r \\\"lab\\\": \n\
              PAM_PROMPT_ECHO_ON Code:\\n\n\
              PAM_ERROR_MSG a\\\\b\\tc\n\
              PAM_TEXT_INFO \n\
              FAILURE\nSUCCESS\n",
        );
        let prompt = |echo, text: &str| Line::Prompt {
            echo,
            text: text.to_owned(),
        };
        for expected in [
            prompt(false, "Passwort für \"lab\": "),
            prompt(true, "Code:\n"),
            Line::Trouble("a\\b\tc".to_owned()),
            Line::Info(String::new()),
            Line::Failure,
            Line::Success,
        ] {
            assert_eq!(helper.line().await.unwrap(), expected);
        }
        let end = helper.line().await.unwrap_err();
        assert_eq!(end.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn a_helper_that_dies_or_raves_is_an_error() {
        let endless: &'static [u8] = Box::leak(vec![b'x'; LINE + 1].into_boxed_slice());
        for (output, kind) in [
            (&b""[..], io::ErrorKind::UnexpectedEof),
            (b"PAM_PROMPT_ECHO_OFF Pass", io::ErrorKind::UnexpectedEof),
            (b"HELLO\n", io::ErrorKind::InvalidData),
            (b"\n", io::ErrorKind::InvalidData),
            (endless, io::ErrorKind::InvalidData),
        ] {
            assert_eq!(saying(output).line().await.unwrap_err().kind(), kind);
        }
    }

    #[test]
    fn broken_escapes_do_no_harm() {
        assert_eq!(unescape(b"a\\"), "a");
        assert_eq!(unescape(b"\\7\\777z"), "\u{7}\u{fffd}z");
        assert_eq!(unescape(b"\\q"), "q");
    }
}
