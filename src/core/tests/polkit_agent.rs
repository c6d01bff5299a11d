//! Our own polkit agent against a real polkitd, libvirtd, PAM and polkit's helper. Needs root, for accounts with
//! passwords and a polkitd of one's own, and the feature `daemon-tests`.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    collections::{HashMap, VecDeque},
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use innkeeper_core::{
    ErrorKind, Host, HostState, Options,
    security::{Answer, AskError, AskFuture, Credentials, Question, Request},
};
use lab::{Polkit, serve_agent_helper};
use support::{PATIENCE, uri, view::View};
use tokio::{sync::Notify, time::timeout};

/// What a copy of this program is there for.
const ROLE: &str = "INNKEEPER_TEST_ROLE";

const SOCKET: &str = "INNKEEPER_TEST_SOCKET";

/// Whether tester sits at the machine or came in by a way that polkit knows no session for.
#[derive(Clone, Copy)]
enum Seat {
    Session,
    NoSession,
}

/// Sets a stage, and runs the test again on it as tester: `true` there.
fn on_stage(test: &str, administrators: &[&str], seat: Seat, prepare: impl Fn(&Polkit)) -> bool {
    match std::env::var(ROLE).as_deref() {
        Ok("helper") => {
            let stage = std::env::var_os("LAB_STAGE").unwrap();
            serve_agent_helper(Path::new(&stage)).unwrap();
        }
        Ok(_) => return true,
        Err(_) => {
            let this = std::env::current_exe().unwrap();
            let alone = ["--exact", test, "--nocapture"];
            let mut helper = Command::new(&this);
            let polkit = Polkit::start(administrators, helper.args(alone).env(ROLE, "helper"));
            let polkit = polkit.unwrap();
            prepare(&polkit);
            let in_session = matches!(seat, Seat::Session);
            let mut tester = polkit.as_tester(&this, in_session).unwrap();
            tester.args(alone).env(ROLE, "tester");
            let status = tester.env(SOCKET, polkit.daemon().socket()).status();
            assert!(status.unwrap().success(), "see above for what tester saw");
        }
    }
    false
}

const ONE: &[&str] = &["labadmin"];

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().unwrap().block_on(work);
}

#[derive(Clone, Copy)]
enum Reply {
    Password(&'static str),
    As(&'static str, &'static str),
    Cancel,
    Nobody,
    /// The dialog stays open.
    Never,
}

/// A person who answers as planned.
struct Person {
    replies: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Request>>,
    accepted: AtomicUsize,
    dialogs: Arc<AtomicUsize>,
    most_dialogs: AtomicUsize,
    news: Notify,
}

impl Person {
    fn who(replies: &[Reply]) -> Arc<Self> {
        Arc::new(Self {
            replies: Mutex::new(replies.iter().copied().collect()),
            asked: Mutex::default(),
            accepted: AtomicUsize::default(),
            dialogs: Arc::default(),
            most_dialogs: AtomicUsize::default(),
            news: Notify::new(),
        })
    }

    fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    async fn until_dialogs(&self, count: usize) {
        let waiting = async {
            while self.dialogs.load(Ordering::SeqCst) != count {
                // A closing dialog is no news: it is looked for again.
                let _ = timeout(Duration::from_millis(20), self.news.notified()).await;
            }
        };
        timeout(PATIENCE, waiting).await.expect("that many dialogs");
    }
}

/// An open dialog; it closes when the asker drops its future.
struct Dialog(Arc<AtomicUsize>);

impl Drop for Dialog {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Credentials for Person {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        Box::pin(async move {
            let open = self.dialogs.fetch_add(1, Ordering::SeqCst) + 1;
            let _dialog = Dialog(Arc::clone(&self.dialogs));
            self.most_dialogs.fetch_max(open, Ordering::SeqCst);
            self.asked.lock().unwrap().push(request);
            self.news.notify_one();
            // A person takes a moment: another dialog had time to open.
            tokio::time::sleep(Duration::from_millis(100)).await;
            let reply = self.replies.lock().unwrap().pop_front();
            match reply.expect("no more questions") {
                Reply::Password(secret) => Ok(Answer::password(secret)),
                Reply::As(user, secret) => Ok(Answer::user_password(user, secret)),
                Reply::Cancel => Err(AskError::Cancelled),
                Reply::Nobody => Err(AskError::Unavailable),
                Reply::Never => std::future::pending().await,
            }
        })
    }

    fn accepted(&self, _request: &Request) {
        self.accepted.fetch_add(1, Ordering::SeqCst);
    }
}

fn host(person: &Arc<Person>, polkit_agent: bool) -> (Host, View) {
    let socket = std::env::var_os(SOCKET).unwrap();
    let options = Options {
        credentials: Arc::clone(person) as Arc<dyn Credentials>,
        polkit_agent,
        ..Options::default()
    };
    let host = Host::with_options(uri("test:///default", Path::new(&socket)), options);
    let view = View::of(&host);
    host.connect();
    (host, view)
}

/// Connects with these replies; gives how it failed, if it did, and who was asked.
async fn connect(replies: &[Reply]) -> (Option<innkeeper_core::Error>, Arc<Person>) {
    let person = Person::who(replies);
    let (_host, mut view) = host(&person, true);
    view.until("an end", |view| {
        matches!(view.state, HostState::Connected | HostState::Failed(_))
    })
    .await;
    let error = match &view.state {
        HostState::Failed(error) => Some(innkeeper_core::Error::clone(error)),
        _ => None,
    };
    (error, person)
}

fn kind(error: Option<innkeeper_core::Error>) -> Option<ErrorKind> {
    error.map(|error| error.kind)
}

#[test]
fn without_our_agent_there_is_nobody_to_ask() {
    if on_stage(
        "without_our_agent_there_is_nobody_to_ask",
        ONE,
        Seat::Session,
        |_| (),
    ) {
        block_on(async {
            let person = Person::who(&[]);
            let (_host, mut view) = host(&person, false);
            assert_eq!(view.until_failed().await.kind, ErrorKind::PolkitNoAgent);
            assert!(person.asked().is_empty());
        });
    }
}

/// Connects until the rule, which polkit reads when it notices it, has decided: until then somebody would be asked.
async fn connect_by_rule() -> Option<ErrorKind> {
    let trying = async {
        loop {
            let (error, person) = connect(&[Reply::Cancel]).await;
            if person.asked().is_empty() {
                return kind(error);
            }
        }
    };
    timeout(PATIENCE, trying)
        .await
        .expect("a rule that decides")
}

#[test]
fn a_rule_that_allows_asks_nobody() {
    let allow = |polkit: &Polkit| {
        let rule = "polkit.Result.YES";
        polkit.daemon().set_polkit_rule(rule).unwrap();
    };
    if on_stage("a_rule_that_allows_asks_nobody", ONE, Seat::Session, allow) {
        block_on(async { assert_eq!(connect_by_rule().await, None) });
    }
}

#[test]
fn a_rule_that_denies_asks_nobody() {
    let deny = |polkit: &Polkit| polkit.daemon().set_polkit_rule("polkit.Result.NO").unwrap();
    if on_stage("a_rule_that_denies_asks_nobody", ONE, Seat::Session, deny) {
        block_on(async {
            assert_eq!(connect_by_rule().await, Some(ErrorKind::PolkitDenied));
        });
    }
}

#[test]
fn in_a_session_a_wrong_password_is_told_and_the_right_one_opens() {
    let test = "in_a_session_a_wrong_password_is_told_and_the_right_one_opens";
    if on_stage(test, ONE, Seat::Session, |_| ()) {
        block_on(async {
            let replies = [Reply::Password("wrong"), Reply::Password(Polkit::PASSWORD)];
            let (error, person) = connect(&replies).await;
            assert!(error.is_none(), "{error:?}");
            let asked = person.asked();
            let [first, second] = &asked[..] else {
                panic!("{asked:?}");
            };
            let Question::PolkitPassword {
                message,
                identities,
            } = &first.question
            else {
                panic!("{first:?}");
            };
            assert!(message.contains("virtualized systems"), "{message}");
            assert_eq!(identities, ONE);
            assert_eq!(first.previous_failure, None);
            assert_eq!(second.question, first.question);
            let why = second.previous_failure.as_deref();
            assert_eq!(why, Some("Authentication failure"));
            assert_eq!(person.accepted.load(Ordering::SeqCst), 1);
        });
    }
}

#[test]
fn without_a_session_we_are_asked_all_the_same() {
    let test = "without_a_session_we_are_asked_all_the_same";
    if on_stage(test, &Polkit::ADMINISTRATORS, Seat::NoSession, |_| ()) {
        block_on(async {
            let (error, person) = connect(&[Reply::As("laboperator", Polkit::PASSWORD)]).await;
            assert!(error.is_none(), "{error:?}");
            let asked = person.asked();
            let [
                Request {
                    question: Question::PolkitPassword { identities, .. },
                    ..
                },
            ] = &asked[..]
            else {
                panic!("{asked:?}");
            };
            assert_eq!(identities, &Polkit::ADMINISTRATORS);
        });
    }
}

#[test]
fn the_program_serves_where_no_helper_listens() {
    let test = "the_program_serves_where_no_helper_listens";
    let prepare = |polkit: &Polkit| polkit.only_program().unwrap();
    if on_stage(test, ONE, Seat::Session, prepare) {
        block_on(async {
            let (error, person) = connect(&[Reply::Password(Polkit::PASSWORD)]).await;
            assert!(error.is_none(), "{error:?}");
            assert_eq!(person.asked().len(), 1);
        });
    }
}

/// A message that waits to be obeyed, one that comes with a prompt, a password, and a second secret: of the modules that
/// every system has, `pam_ftp` is the one that always asks for its own.
const TWO_FACTORS: &str = "\
auth optional pam_echo.so Lay your finger on the reader
auth optional pam_exec.so quiet /bin/sleep 1
auth optional pam_echo.so The reader is broken
auth required pam_unix.so nodelay
auth required pam_ftp.so ignore users=labadmin
account required pam_unix.so
";

#[test]
fn what_pam_says_is_shown_and_its_second_question_is_another() {
    let test = "what_pam_says_is_shown_and_its_second_question_is_another";
    let prepare = |polkit: &Polkit| polkit.set_pam(TWO_FACTORS).unwrap();
    if on_stage(test, ONE, Seat::Session, prepare) {
        block_on(async {
            let right = Reply::Password(Polkit::PASSWORD);
            let (error, person) = connect(&[Reply::Never, right, right]).await;
            assert!(error.is_none(), "{error:?}");
            let asked: Vec<_> = person.asked().into_iter().map(|r| r.question).collect();
            let [
                Question::TouchKey { prompt },
                Question::PolkitPassword { message, .. },
                Question::OneTimeCode { prompt: second },
            ] = &asked[..]
            else {
                panic!("{asked:?}");
            };
            assert_eq!(prompt, "Lay your finger on the reader");
            let (_, notes) = message.split_once('\n').expect("notes");
            assert_eq!(notes, "Lay your finger on the reader\nThe reader is broken");
            assert!(second.contains("e-mail"), "{second}");
            assert_eq!(person.dialogs.load(Ordering::SeqCst), 0);
        });
    }
}

#[test]
fn every_way_of_not_answering_is_told_apart() {
    let test = "every_way_of_not_answering_is_told_apart";
    if on_stage(test, ONE, Seat::Session, |_| ()) {
        block_on(async {
            let (error, person) = connect(&[Reply::Cancel]).await;
            assert_eq!(kind(error), Some(ErrorKind::PolkitCancelled));
            assert_eq!(person.asked().len(), 1);
            let (error, _) = connect(&[Reply::Nobody]).await;
            let error = error.expect("nobody was asked");
            assert_eq!(error.kind, ErrorKind::PolkitNoAgent);
            assert!(error.message.contains("nobody to ask"), "{}", error.message);
            let (error, person) = connect(&[Reply::Password("wrong"); 3]).await;
            assert_eq!(kind(error), Some(ErrorKind::AuthFailed));
            assert_eq!(
                (person.asked().len(), person.accepted.load(Ordering::SeqCst)),
                (3, 0)
            );
        });
    }
}

#[test]
fn a_helper_that_cannot_work_is_named() {
    let prepare = |polkit: &Polkit| polkit.break_helper().unwrap();
    if on_stage(
        "a_helper_that_cannot_work_is_named",
        ONE,
        Seat::Session,
        prepare,
    ) {
        block_on(async {
            let (error, person) = connect(&[]).await;
            let error = error.expect("no helper");
            assert_eq!(error.kind, ErrorKind::PolkitNoAgent);
            let message = error.message;
            assert!(
                message.contains("polkit-agent-helper-1") && message.contains("verdict"),
                "{message}"
            );
            assert!(person.asked().is_empty());
        });
    }
}

#[test]
fn several_hosts_are_asked_for_one_after_the_other() {
    let test = "several_hosts_are_asked_for_one_after_the_other";
    // Without a session polkit keeps no authorization: each host is a question.
    if on_stage(test, ONE, Seat::NoSession, |_| ()) {
        block_on(async {
            let person = Person::who(&[Reply::Password(Polkit::PASSWORD); 3]);
            let mut hosts = [(); 3].map(|()| host(&person, true));
            for (_, view) in &mut hosts {
                view.until_connected().await;
            }
            assert_eq!(person.asked().len(), 3);
            assert_eq!(person.most_dialogs.load(Ordering::SeqCst), 1);
        });
    }
}

#[test]
fn who_gives_up_sees_the_dialog_close() {
    if on_stage(
        "who_gives_up_sees_the_dialog_close",
        ONE,
        Seat::Session,
        |_| (),
    ) {
        block_on(async {
            let person = Person::who(&[Reply::Never]);
            let (host, mut view) = host(&person, true);
            person.until_dialogs(1).await;
            host.disconnect();
            view.until("no connection", |view| {
                matches!(view.state, HostState::Disconnected)
            })
            .await;
            person.until_dialogs(0).await;
        });
    }
}

/// The desktop's agent, which lets nobody in.
struct Desktop(Arc<AtomicUsize>);

#[zbus::interface(name = "org.freedesktop.PolicyKit1.AuthenticationAgent")]
impl Desktop {
    fn begin_authentication(
        &self,
        action_id: &str,
        message: &str,
        icon_name: &str,
        details: HashMap<String, String>,
        cookie: &str,
        identities: Vec<(String, HashMap<String, zbus::zvariant::OwnedValue>)>,
    ) -> zbus::fdo::Result<()> {
        assert_eq!(
            (action_id, identities.len()),
            ("org.libvirt.unix.manage", 1)
        );
        assert!(!message.is_empty() && !cookie.is_empty());
        println!("the desktop is asked: {icon_name} {details:?}");
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(zbus::fdo::Error::Failed("wrong password".to_owned()))
    }
}

/// Registers a desktop's agent for tester's session.
async fn desktop(asked: Arc<AtomicUsize>) -> zbus::Connection {
    let builder = zbus::connection::Builder::system().unwrap();
    let desktop = builder.serve_at("/desktop", Desktop(asked)).unwrap();
    let bus = desktop.build().await.unwrap();
    let id = zbus::zvariant::Value::from("lab1");
    let session = ("unix-session", HashMap::from([("session-id", id)]));
    let arguments = (session, "C", "/desktop");
    let registering = bus.call_method(
        Some("org.freedesktop.PolicyKit1"),
        "/org/freedesktop/PolicyKit1/Authority",
        Some("org.freedesktop.PolicyKit1.Authority"),
        "RegisterAuthenticationAgent",
        &arguments,
    );
    registering.await.unwrap();
    bus
}

#[test]
fn a_desktops_agent_that_comes_later_wins() {
    if on_stage(
        "a_desktops_agent_that_comes_later_wins",
        ONE,
        Seat::Session,
        |_| (),
    ) {
        block_on(async {
            let person = Person::who(&[Reply::Never]);
            let (_ours, _) = host(&person, true);
            person.until_dialogs(1).await;

            let asked = Arc::<AtomicUsize>::default();
            let _desktop = desktop(Arc::clone(&asked)).await;
            let other = Person::who(&[]);
            let (_theirs, mut view) = host(&other, true);
            assert_eq!(view.until_failed().await.kind, ErrorKind::PolkitDenied);
            assert_eq!(asked.load(Ordering::SeqCst), 1);
            assert_eq!((person.asked().len(), other.asked().len()), (1, 0));
        });
    }
}
