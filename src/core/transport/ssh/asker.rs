//! Waits on a private socket for ssh's questions, has them answered, and remembers what was answered.
//!
//! One asker serves one ssh, from its start to its end. The messenger between the two is [`crate::askpass`].

use std::{
    collections::HashMap,
    ffi::OsString,
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use link_security::{Answer, AskError, Credentials, Question, Request};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
    time::sleep,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::prompt::{Asked, YES};
use crate::askpass::{self, MESSAGE_MAX, Message};

/// What a repeated question means, in OpenSSH's own words.
const REFUSED_AGAIN: &str = "Permission denied, please try again.";

/// Answers that worked, by ssh's words, for the next login on the same account while the first one lives.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory(Arc<Mutex<HashMap<String, Answer>>>);

impl Memory {
    fn answers(&self) -> MutexGuard<'_, HashMap<String, Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who is asked, and on whose behalf.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) credentials: Arc<dyn Credentials>,
    /// The host as the user knows it.
    pub(super) target: String,
    pub(super) memory: Memory,
}

/// Answers the questions of one ssh until it is dropped.
pub(super) struct Asker {
    socket: PathBuf,
    token: String,
    shared: Arc<Shared>,
    _life: DropGuard,
}

struct Shared {
    person: Person,
    token: String,
    asked: Mutex<HashMap<String, (Request, Answer)>>,
    /// How many questions are open.
    open: watch::Sender<usize>,
    /// Why the login makes no sense any more.
    given_up: watch::Sender<Option<AskError>>,
}

impl Asker {
    /// Listens in a folder that only we can enter. Must be called within a tokio runtime.
    pub(super) fn start(folder: &Path, person: Person) -> io::Result<Self> {
        let socket = folder.join("ask");
        let listener = UnixListener::bind(&socket)?;
        std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o600))?;
        let token = token()?;
        let shared = Arc::new(Shared {
            person,
            token: token.clone(),
            asked: Mutex::default(),
            open: watch::Sender::new(0),
            given_up: watch::Sender::new(None),
        });
        let life = CancellationToken::new();
        let serve = life
            .clone()
            .run_until_cancelled_owned(serve(listener, Arc::clone(&shared)));
        tokio::spawn(serve);
        Ok(Self {
            socket,
            token,
            shared,
            _life: life.drop_guard(),
        })
    }

    /// What leads the messenger here.
    pub(super) fn environment(&self) -> [(&'static str, OsString); 2] {
        [
            (askpass::SOCKET, self.socket.clone().into()),
            (askpass::TOKEN, self.token.clone().into()),
        ]
    }

    /// Waits until a person gave up, or nobody could be asked for what the login needs.
    pub(super) async fn given_up(&self) -> AskError {
        let mut watch = self.shared.given_up.subscribe();
        match watch.wait_for(Option::is_some).await.map(|why| *why) {
            Ok(Some(why)) => why,
            _ => std::future::pending().await,
        }
    }

    /// Waits until no question has been open for so long.
    pub(super) async fn idle_for(&self, patience: Duration) {
        let mut open = self.shared.open.subscribe();
        loop {
            if open.wait_for(|count| *count == 0).await.is_err() {
                return;
            }
            tokio::select! {
                changed = open.changed() => drop(changed),
                () = sleep(patience) => return,
            }
        }
    }

    /// The login worked: the last answers did, too.
    pub(super) fn accepted(&self) {
        let person = &self.shared.person;
        for (prompt, (request, answer)) in self.shared.asked().drain() {
            person.credentials.accepted(&request);
            if request.question.can_be_remembered() {
                person.memory.answers().insert(prompt, answer);
            }
        }
    }
}

/// 128 bits that nobody can guess, as text.
fn token() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

async fn serve(listener: UnixListener, shared: Arc<Shared>) {
    let mut questions = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while questions.try_join_next().is_some() {}
        questions.spawn(Arc::clone(&shared).carry(stream));
    }
}

impl Shared {
    fn asked(&self) -> MutexGuard<'_, HashMap<String, (Request, Answer)>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one question and brings its answer back; gives up when the messenger goes away.
    async fn carry(self: Arc<Self>, mut stream: UnixStream) {
        let Some(message) = read(&mut stream).await.filter(|m| m.token == self.token) else {
            tracing::warn!("a question without the right token");
            return;
        };
        let mut gone = [0; 1];
        let answer = {
            self.open.send_modify(|count| *count += 1);
            let _closed = Closing(&self.open);
            tokio::select! {
                answer = self.answer(&message) => answer,
                // It never says more: this is its end. A security key was touched, or the login is over.
                _ = stream.read(&mut gone) => return,
            }
        };
        let sent = match answer {
            Some(answer) => send(&mut stream, &answer).await,
            None => stream.write_all(&askpass::refused()).await,
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "ssh did not wait for the answer");
        }
    }

    async fn answer(&self, message: &Message) -> Option<Answer> {
        let Asked::Ask(question) = Asked::read(message) else {
            return None;
        };
        let is_touch = matches!(question, Question::TouchKey { .. });
        // ssh goes on without: with another key, or to its own refusal of the host.
        let is_optional = is_touch
            || matches!(
                question,
                Question::KeyPassphrase { .. } | Question::HostKey { .. }
            );
        let repeated = self.asked().contains_key(&message.prompt);
        let known = self.person.memory.answers().remove(&message.prompt);
        let reason = repeated.then(|| REFUSED_AGAIN.to_owned());
        let request = Request::new(question, self.person.target.clone()).after_failure(reason);
        let answer = match known.filter(|_| !repeated) {
            Some(answer) => Ok(answer),
            None => self.person.credentials.ask(request.clone()).await,
        };
        match answer {
            Ok(answer) => {
                let answer = spoken(&request.question, answer);
                let entry = (request, answer.clone());
                self.asked().insert(message.prompt.clone(), entry);
                Some(answer)
            }
            // It ends with the touch.
            Err(AskError::Unavailable) if is_touch => std::future::pending().await,
            Err(AskError::Unavailable) if is_optional => None,
            Err(why) => {
                self.given_up.send_replace(Some(why));
                None
            }
        }
    }
}

/// Counts a question that is no longer open.
struct Closing<'a>(&'a watch::Sender<usize>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// The answer as ssh reads it: a confirmation is a word.
fn spoken(question: &Question, answer: Answer) -> Answer {
    match question {
        Question::HostKey { .. } => Answer::password(YES),
        _ => answer,
    }
}

async fn read(stream: &mut UnixStream) -> Option<Message> {
    let length = stream.read_u32().await.ok()? as usize;
    if length > MESSAGE_MAX {
        return None;
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Message::decode(&body)
}

async fn send(stream: &mut UnixStream, answer: &Answer) -> io::Result<()> {
    stream.write_all(&askpass::answered()).await?;
    stream.write_all(answer.secret.reveal().as_bytes()).await?;
    stream.shutdown().await
}
