//! Questions on their way to a person: their order, their dialogs, and what becomes of both when the asker goes.

use std::{
    cell::Cell,
    rc::Rc,
    sync::{Arc, Mutex},
};

use adw::prelude::*;
use innkeeper::{
    app::runtime::{self, Task},
    model::{QuestionKind, Questions, UserCredentials},
    ui::dialogs::questions::{Presenter, QuestionDialog},
};
use innkeeper_core::security::{Answer, AskError, Credentials, Request};

use uuid::Uuid;

use crate::{
    lab::Shown,
    support::{answer, by_id, settle, tree, wait_until},
};

const HOST: &str = "qemu+tcp://one.invalid/system";
const OTHER: &str = "qemu+tcp://two.invalid/system";

/// A window whose host's questions are shown in it.
struct Stage {
    shown: Shown,
    _presenter: Rc<Presenter>,
    host: Arc<UserCredentials>,
    other: Arc<UserCredentials>,
}

impl Stage {
    fn new() -> Self {
        let shown = Shown::with(&[HOST, OTHER]);
        let window = shown.window.downgrade();
        let presenter = Presenter::new(move |_| Some(window.upgrade()?.upcast()));
        let of = |uri: &str| UserCredentials::of_host(&uri.parse().expect("a good URI"));
        Self {
            shown,
            _presenter: presenter,
            host: of(HOST),
            other: of(OTHER),
        }
    }

    fn dialog(&self) -> Option<QuestionDialog> {
        self.shown.window.visible_dialog().and_downcast()
    }

    #[track_caller]
    fn wait_for(&self, what: &str) -> QuestionDialog {
        wait_until(what, || {
            self.dialog().is_some_and(|dialog| {
                format!("{:?} {}", dialog.heading(), dialog.body()).contains(what)
            })
        });
        self.dialog().expect("it is there")
    }

    #[track_caller]
    fn wait_for_none(&self) {
        settle();
        wait_until("no dialog", || self.dialog().is_none());
    }
}

/// Waits until so many questions of the first host are asked.
#[track_caller]
fn wait_for_questions(count: usize) {
    wait_until(&format!("{count} questions"), || {
        Questions::get().count(HOST) == count
    });
}

/// A question under way on the runtime.
struct Asking {
    outcome: Arc<Mutex<Option<Result<Answer, AskError>>>>,
    task: Task<()>,
}

impl Asking {
    fn of(credentials: &Arc<UserCredentials>, kind: QuestionKind, failure: Option<&str>) -> Self {
        let request = Request::new(kind, "the host").after_failure(failure.map(str::to_owned));
        let (outcome, credentials) = (Arc::default(), credentials.clone());
        let into: Arc<Mutex<_>> = Arc::clone(&outcome);
        let task = runtime::spawn(async move {
            let answer = credentials.ask(request).await;
            *into.lock().expect("nobody panics") = Some(answer);
        });
        Self { outcome, task }
    }

    #[track_caller]
    fn outcome(&self) -> Result<(Option<String>, String), AskError> {
        wait_until("an outcome", || {
            self.outcome.lock().expect("nobody panics").is_some()
        });
        let outcome = self.outcome.lock().expect("nobody panics").clone();
        let answer = outcome.expect("it was waited for")?;
        Ok((answer.user, answer.secret.reveal().to_owned()))
    }

    fn is_open(&self) -> bool {
        self.outcome.lock().expect("nobody panics").is_none()
    }
}

fn passphrase(key: &str) -> QuestionKind {
    QuestionKind::KeyPassphrase {
        key: key.to_owned(),
    }
}

fn login() -> QuestionKind {
    QuestionKind::UserPassword {
        user: Some("alice".to_owned()),
        realm: None,
    }
}

fn fill(dialog: &QuestionDialog, secret: &str) {
    let entry: adw::PasswordEntryRow = by_id(dialog, "secret");
    entry.set_text(secret);
}

#[gtk::test]
fn a_host_and_its_screens_ask_one_after_the_other() {
    let shown = Shown::with(&[HOST]);
    let screen = adw::Window::new();
    screen.present();
    let (main, other) = (shown.window.downgrade(), screen.downgrade());
    let _presenter = Presenter::new(move |asker| match asker.guest {
        Some(_) => Some(other.upgrade()?.upcast()),
        None => Some(main.upgrade()?.upcast()),
    });
    let dialog_of = |window: Option<adw::Dialog>| window.and_downcast::<QuestionDialog>();
    let uri = HOST.parse().expect("a good URI");
    let (host, guest) = (
        UserCredentials::of_host(&uri),
        UserCredentials::of_guest(&uri, Uuid::from_u128(5)),
    );

    let first = Asking::of(&host, passphrase("key"), None);
    wait_until("the host's question", || {
        dialog_of(shown.window.visible_dialog()).is_some()
    });
    let has_come = Rc::new(Cell::new(false));
    let come = has_come.clone();
    let heard = Questions::get().connect_changed(move |_| come.set(true));
    let second = Asking::of(&guest, QuestionKind::VncPassword, None);
    wait_until("its arrival", || has_come.get());
    Questions::get().disconnect(heard);
    settle();
    assert!(
        dialog_of(screen.visible_dialog()).is_none(),
        "it has to wait"
    );
    let dialog = dialog_of(shown.window.visible_dialog()).expect("it is there");
    fill(&dialog, "one");
    answer(&dialog, "_Unlock");
    assert_eq!(first.outcome(), Ok((None, "one".to_owned())));
    wait_until("the screen's question", || {
        dialog_of(screen.visible_dialog()).is_some()
    });
    let dialog = dialog_of(screen.visible_dialog()).expect("it is there");
    fill(&dialog, "two");
    answer(&dialog, "_Log In");
    assert_eq!(second.outcome(), Ok((None, "two".to_owned())));
    screen.destroy();
}

#[gtk::test]
fn one_question_of_a_host_at_a_time_in_their_order() {
    let stage = Stage::new();
    let first = Asking::of(&stage.host, passphrase("key-1"), None);
    let dialog = stage.wait_for("key-1");
    let second = Asking::of(&stage.host, passphrase("key-2"), None);
    wait_for_questions(2);
    let third = Asking::of(&stage.host, passphrase("key-3"), None);
    wait_for_questions(3);
    assert!(second.is_open() && stage.wait_for("key-1") == dialog);
    fill(&dialog, "one");
    answer(&dialog, "_Unlock");
    assert_eq!(first.outcome(), Ok((None, "one".to_owned())));
    for (key, asking) in [("key-2", second), ("key-3", third)] {
        let dialog = stage.wait_for(key);
        fill(&dialog, key);
        answer(&dialog, "_Unlock");
        assert_eq!(asking.outcome(), Ok((None, key.to_owned())));
    }
    stage.wait_for_none();
}

#[gtk::test]
fn two_hosts_do_not_pile_up_dialogs_in_one_window() {
    let stage = Stage::new();
    let first = Asking::of(&stage.host, passphrase("key-1"), None);
    let dialog = stage.wait_for("key-1");
    let second = Asking::of(&stage.other, passphrase("key-2"), None);
    let other: innkeeper::model::Connection =
        stage.shown.connections.item(1).and_downcast().expect("two");
    wait_until("the other host to be marked", || other.asks());
    assert_eq!(stage.dialog().as_ref(), Some(&dialog));
    assert!(stage.shown.connection().asks());
    let marked: Vec<_> = tree(&stage.shown.window)
        .into_iter()
        .filter(|w| w.buildable_id().as_deref() == Some("question") && w.is_visible())
        .collect();
    assert_eq!(marked.len(), 2, "both rows are marked");

    answer(&dialog, "_Cancel");
    assert_eq!(first.outcome(), Err(AskError::Cancelled));
    let dialog = stage.wait_for("key-2");
    let title: adw::WindowTitle = by_id(&stage.shown.window, "window_title");
    assert_eq!(title.title(), other.label(), "the window turns to who asks");
    answer(&dialog, "_Cancel");
    assert_eq!(second.outcome(), Err(AskError::Cancelled));
    wait_until("no mark", || {
        !other.asks() && !stage.shown.connection().asks()
    });
}

#[gtk::test]
fn what_is_asked_twice_is_answered_once() {
    let stage = Stage::new();
    let first = Asking::of(&stage.host, login(), None);
    let dialog = stage.wait_for("Password Required");
    let meanwhile = Asking::of(&stage.host, login(), None);
    wait_for_questions(2);
    fill(&dialog, "secret");
    answer(&dialog, "_Log In");
    let expected = Ok((Some("alice".to_owned()), "secret".to_owned()));
    assert_eq!(first.outcome(), expected);
    assert_eq!(meanwhile.outcome(), expected);
    let later = Asking::of(&stage.host, login(), None);
    assert_eq!(later.outcome(), expected);
    stage.wait_for_none();

    // It did not work: nothing but a person helps now, and what that says holds for both.
    let again = Asking::of(&stage.host, login(), Some("denied by the lab"));
    let dialog = stage.wait_for("Password Required");
    let too = Asking::of(&stage.host, login(), Some("denied by the lab"));
    let reason: gtk::Label = by_id(&dialog, "failure_reason");
    assert!(reason.is_visible() && reason.label() == "denied by the lab");
    let user: adw::EntryRow = by_id(&dialog, "user");
    assert_eq!(user.text(), "alice");
    wait_for_questions(2);
    user.set_text("bob");
    fill(&dialog, "better");
    answer(&dialog, "_Log In");
    let expected = Ok((Some("bob".to_owned()), "better".to_owned()));
    assert_eq!(again.outcome(), expected);
    assert_eq!(too.outcome(), expected);
    // Whoever disconnects is asked again.
    stage.host.forget();
    let anew = Asking::of(&stage.host, login(), None);
    answer(&stage.wait_for("Password Required"), "_Cancel");
    assert_eq!(anew.outcome(), Err(AskError::Cancelled));
}

#[gtk::test]
fn who_declines_is_not_asked_the_same_again() {
    let stage = Stage::new();
    let first = Asking::of(&stage.host, login(), None);
    let dialog = stage.wait_for("Password Required");
    let alike = Asking::of(&stage.host, login(), None);
    let another = Asking::of(&stage.host, passphrase("key-1"), None);
    wait_for_questions(3);
    dialog.close();
    assert_eq!(first.outcome(), Err(AskError::Cancelled));
    assert_eq!(alike.outcome(), Err(AskError::Cancelled));
    let dialog = stage.wait_for("key-1");
    answer(&dialog, "_Cancel");
    assert_eq!(another.outcome(), Err(AskError::Cancelled));
}

#[gtk::test]
fn a_dialog_goes_with_its_asker() {
    let stage = Stage::new();
    let prompt = "Confirm user presence".to_owned();
    let touch = Asking::of(&stage.host, QuestionKind::TouchKey { prompt }, None);
    let dialog = stage.wait_for("Touch Your Security Key");
    let waiting = Asking::of(&stage.host, login(), None);
    let after = Asking::of(&stage.host, passphrase("key-1"), None);
    wait_for_questions(3);
    assert!(!dialog.has_response("accept"), "nobody but the key answers");
    // One that waits goes unseen; one that is shown closes, and the next has its turn.
    drop(waiting.task);
    drop(touch.task);
    let dialog = stage.wait_for("key-1");
    answer(&dialog, "_Cancel");
    assert_eq!(after.outcome(), Err(AskError::Cancelled));
    stage.wait_for_none();
}

#[gtk::test]
fn a_code_is_used_once() {
    let stage = Stage::new();
    let kind = || QuestionKind::OneTimeCode {
        prompt: "Verification code:".to_owned(),
    };
    let first = Asking::of(&stage.host, kind(), None);
    let dialog = stage.wait_for("Verification code:");
    let remember: adw::SwitchRow = by_id(&dialog, "remember");
    assert!(!remember.is_visible(), "a code is never kept");
    let second = Asking::of(&stage.host, kind(), None);
    wait_for_questions(2);
    fill(&dialog, "123456");
    answer(&dialog, "_Continue");
    assert_eq!(first.outcome(), Ok((None, "123456".to_owned())));
    wait_until("another dialog", || {
        stage.dialog().is_some_and(|next| next != dialog)
    });
    assert!(second.is_open());
    answer(&stage.wait_for("Verification code:"), "_Cancel");
    assert_eq!(second.outcome(), Err(AskError::Cancelled));
}

#[gtk::test]
fn a_hosts_key_is_trusted_by_intent_only() {
    let stage = Stage::new();
    let kind = QuestionKind::HostKey {
        host: "one.invalid".to_owned(),
        key_type: "ED25519".to_owned(),
        fingerprint: "SHA256:AAAA<b>".to_owned(),
    };
    let asking = Asking::of(&stage.host, kind, None);
    let dialog = stage.wait_for("Is This the Right Host?");
    assert_eq!(dialog.default_response().as_deref(), Some("cancel"));
    assert_eq!(dialog.close_response(), "cancel");
    let fingerprint: adw::ActionRow = by_id(&dialog, "fingerprint");
    // The row gives the text without its markup: what the host said became none.
    assert_eq!(fingerprint.subtitle().as_deref(), Some("SHA256:AAAA<b>"));
    answer(&dialog, "_Trust and Connect");
    assert_eq!(asking.outcome(), Ok((None, String::new())));
}

#[gtk::test]
fn polkits_password_is_for_one_of_its_accounts() {
    let stage = Stage::new();
    let kind = QuestionKind::PolkitPassword {
        message: "To manage virtual machines.".to_owned(),
        identities: vec!["root".to_owned(), "admin".to_owned()],
    };
    let asking = Asking::of(&stage.host, kind, Some("Sorry"));
    let dialog = stage.wait_for("To manage virtual machines.");
    let identity: adw::ComboRow = by_id(&dialog, "identity");
    assert!(identity.is_visible() && identity.is_sensitive());
    identity.set_selected(1);
    let remember: adw::SwitchRow = by_id(&dialog, "remember");
    assert!(!remember.is_visible());
    assert!(!dialog.is_response_enabled("accept"));
    fill(&dialog, "pw");
    assert!(dialog.is_response_enabled("accept"));
    answer(&dialog, "_Authenticate");
    let expected = Ok((Some("admin".to_owned()), "pw".to_owned()));
    assert_eq!(asking.outcome(), expected);
}
