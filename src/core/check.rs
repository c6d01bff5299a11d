//! Tests a connection step by step, in the very way in which a host makes it, and ends it again.

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    CheckStep, Error, Options, Outcome, Transport, Uri,
    host::Link,
    progress::{Progress, Report},
    transport::Carrier,
};

/// How long the login of a test that passed stays after it, for the host that is added next: nobody shall type a
/// password twice.
const HAND_OVER: Duration = Duration::from_secs(10);

/// News of one step.
#[derive(Clone, Debug)]
pub struct Check {
    /// The step.
    pub step: CheckStep,
    /// What became of it.
    pub outcome: Outcome,
}

/// Where a test's news are fetched. A test that runs ends, with its connection, when this is dropped; an ssh login that
/// led through stays until then and some seconds more, and serves a host of the same account.
#[derive(Debug)]
pub struct CheckReceiver {
    steps: Vec<CheckStep>,
    news: mpsc::UnboundedReceiver<Check>,
    _life: DropGuard,
}

impl CheckReceiver {
    /// The steps that will be taken, in their order.
    pub fn steps(&self) -> &[CheckStep] {
        &self.steps
    }

    /// Waits for the next news; `None` at the end. Each step's last news is not [`Outcome::Running`].
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub async fn next(&mut self) -> Option<Check> {
        self.news.recv().await
    }
}

/// Begins to test the connection of a URI.
///
/// # Panics
/// Outside of a tokio runtime.
pub fn check(uri: Uri, options: Options) -> CheckReceiver {
    let steps = CheckStep::of(uri.way().unwrap_or_default());
    let (sender, news) = mpsc::unbounded_channel();
    let life = CancellationToken::new();
    let test = Test {
        uri,
        steps: steps.clone(),
        sender,
    };
    let cut = life.clone();
    // On the heap before it is moved about: it holds every way in.
    let test = Box::pin(async move { test.run(options).await });
    tokio::spawn(async move {
        if let Some(Some(_login)) = cut.run_until_cancelled(test).await {
            cut.cancelled().await;
            tokio::time::sleep(HAND_OVER).await;
        }
    });
    CheckReceiver {
        steps,
        news,
        _life: life.drop_guard(),
    }
}

struct Test {
    uri: Uri,
    steps: Vec<CheckStep>,
    sender: mpsc::UnboundedSender<Check>,
}

impl Test {
    /// Gives what carried the connection, when the test passed and something did.
    async fn run(self, options: Options) -> Option<Arc<dyn Carrier>> {
        self.tell(CheckStep::Address, Outcome::Running);
        let way = match self.uri.way() {
            Ok(way) => way,
            Err(error) => {
                self.fail(CheckStep::Address, error);
                return None;
            }
        };
        let detail = self.described(way);
        self.tell(CheckStep::Address, Outcome::Passed { detail });
        let (reports, mut heard) = mpsc::unbounded_channel();
        let progress = Progress::new(move |report| {
            // Nobody hears it when the test is dropped.
            let _ = reports.send(report);
        });
        let mut at = CheckStep::Address;
        let mut told = |report| {
            if let Report::Check(step, outcome) = report {
                at = step;
                self.tell(step, outcome);
            }
        };
        let connecting = connect(&self.uri, &options, &progress);
        tokio::pin!(connecting);
        let result = loop {
            tokio::select! {
                biased;
                Some(report) = heard.recv() => told(report),
                result = &mut connecting => break result,
            }
        };
        while let Ok(report) = heard.try_recv() {
            told(report);
        }
        result.unwrap_or_else(|error| {
            self.fail(at, error);
            None
        })
    }

    /// The transport, and by whose hands a driver of libvirt's own library is reached.
    fn described(&self, way: Transport) -> String {
        let name = self.uri.driver_uri();
        if name.is_empty() {
            return way.to_string();
        }
        format!("{way}: {name}")
    }

    fn tell(&self, step: CheckStep, outcome: Outcome) {
        // Nobody hears it when the test is dropped.
        let _ = self.sender.send(Check { step, outcome });
    }

    fn fail(&self, step: CheckStep, error: Error) {
        self.tell(step, Outcome::Failed(error));
        let behind = self
            .steps
            .iter()
            .skip_while(|other| **other != step)
            .skip(1);
        for step in behind {
            self.tell(*step, Outcome::Skipped);
        }
    }
}

async fn connect(
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<Option<Arc<dyn Carrier>>, Error> {
    let (link, _events) = Link::open(uri, options, &Arc::default(), progress).await?;
    progress.begin(CheckStep::Daemon);
    let detail = link.introduce().await?;
    link.main().close().await;
    progress.passed(CheckStep::Daemon, detail);
    Ok(link.carrier().cloned())
}
