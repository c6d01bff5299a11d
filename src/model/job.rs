//! A long act as an object: its title, its progress, its end, and a way to stop it.

use std::{
    cell::{Cell, OnceCell, RefCell},
    time::Duration,
};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{Act, Error, ErrorKind, Host};
use uuid::Uuid;

use super::Guest;
use crate::app::{i18n::gettext_f, runtime};

/// libvirt has no event for a job's progress: it is asked this often while one runs.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(500);

/// How a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, glib::Enum)]
#[enum_type(name = "InnkeeperJobState")]
pub enum JobState {
    /// It goes on.
    #[default]
    Ongoing,
    /// It ended well.
    Finished,
    /// It ended with an error.
    Failed,
    /// The user stopped it.
    Cancelled,
}

mod imp {
    use super::*;

    #[derive(Default, glib::Properties)]
    #[properties(wrapper_type = super::Job)]
    pub struct Job {
        pub(super) host: OnceCell<(Host, Uuid)>,
        pub(super) error: RefCell<Option<Error>>,
        pub(super) cancelled: Cell<bool>,

        /// What is being done.
        #[property(get, construct_only)]
        pub(super) title: OnceCell<String>,
        /// How far it is, 0.0 to 1.0; negative while nobody knows.
        #[property(get, default = -1.0, minimum = -1.0, maximum = 1.0)]
        pub(super) fraction: Cell<f64>,
        /// How it stands.
        #[property(get, builder(JobState::default()))]
        pub(super) state: Cell<JobState>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Job {
        const NAME: &'static str = "InnkeeperJob";
        type Type = super::Job;
    }

    #[glib::derived_properties]
    impl ObjectImpl for Job {}
}

glib::wrapper! {
    /// A long act on a guest.
    pub struct Job(ObjectSubclass<imp::Job>);
}

impl Job {
    /// Starts to save a guest's memory to disk. The job goes on until its end, whoever looks.
    pub(super) fn save(guest: &Guest, host: Host) -> Self {
        let title = gettext_f("Saving {name}…", &[("name", &guest.shown_name())]);
        let job: Self = glib::Object::builder().property("title", title).build();
        let uuid = guest.uuid();
        let is_new = job.imp().host.set((host.clone(), uuid)).is_ok();
        debug_assert!(is_new, "a new job has no host yet");
        job.imp().fraction.set(-1.0);
        let running = job.clone();
        runtime::local(async move {
            let result = runtime::run(async move { host.act(uuid, Act::Save).await }).await;
            running.end(result);
        });
        job.follow_progress();
        job
    }

    fn follow_progress(&self) {
        let weak = self.downgrade();
        runtime::local(async move {
            loop {
                glib::timeout_future(PROGRESS_INTERVAL).await;
                let Some(job) = weak.upgrade() else { return };
                if job.state() != JobState::Ongoing {
                    return;
                }
                let (host, uuid) = job.target();
                drop(job);
                let progress = runtime::run(async move { host.job_progress(uuid).await }).await;
                if let (Some(job), Ok(Some(fraction))) = (weak.upgrade(), progress) {
                    job.imp().fraction.set(f64::from(fraction.clamp(0.0, 1.0)));
                    job.notify_fraction();
                }
            }
        });
    }

    fn end(&self, result: Result<(), Error>) {
        let imp = self.imp();
        let state = match result {
            Ok(()) => JobState::Finished,
            Err(error) if imp.cancelled.get() || error.kind == ErrorKind::Cancelled => {
                JobState::Cancelled
            }
            Err(error) => {
                imp.error.replace(Some(error));
                JobState::Failed
            }
        };
        imp.state.set(state);
        self.notify_state();
    }

    /// Asks the host to stop it; its state tells when that has happened.
    pub fn cancel(&self) {
        self.imp().cancelled.set(true);
        let (host, uuid) = self.target();
        runtime::local(async move {
            if let Err(error) = runtime::run(async move { host.cancel_job(uuid).await }).await {
                tracing::warn!(%error, "a job could not be cancelled");
            }
        });
    }

    /// Gives the error that ended it.
    pub fn error(&self) -> Option<Error> {
        self.imp().error.borrow().clone()
    }

    fn target(&self) -> (Host, Uuid) {
        self.imp()
            .host
            .get()
            .expect("a job is made with its host")
            .clone()
    }
}
