//! `innkeeper --doctor URI`: tests a connection step by step on the terminal, without a window.
//!
//! The steps and what is said of them are those of the dialog's test. Who sits at the terminal is asked for passwords; where
//! there is none, `auth.conf`, keys, agents and tickets answer, or nobody.

use std::{
    io::{self, IsTerminal},
    sync::Arc,
};

use gtk::glib;
use innkeeper_core::{CheckReceiver, ClientConfig, Error, Options, Outcome, check};

use super::{
    errors::UserFacing,
    i18n::{gettext, gettext_f},
    on_terminal::OnTerminal,
    runtime,
};
use crate::model::{check_step_text, link_warning_text};

/// Tests the host at a URI or at an alias of `libvirt.conf`; succeeds when it is ready.
pub(super) fn examine(address: &str) -> glib::ExitCode {
    let uri = match ClientConfig::read().and_then(|config| config.resolve(address)) {
        Ok(uri) => uri,
        Err(error) => {
            eprintln!("{}: {}", error.headline(), error.details());
            for text in error.advice().unwrap_or_default().lines() {
                eprintln!("    {text}");
            }
            return glib::ExitCode::FAILURE;
        }
    };
    println!("{uri}");
    let mut options = Options::default();
    if io::stdin().is_terminal() {
        options.credentials = Arc::new(OnTerminal);
    }
    let test = runtime::enter(|| check(uri, options));
    if glib::MainContext::default().block_on(print(test)) {
        println!("{}", gettext("The host is ready."));
        return glib::ExitCode::SUCCESS;
    }
    glib::ExitCode::FAILURE
}

/// Prints every step; says whether all of them succeeded.
async fn print(mut test: CheckReceiver) -> bool {
    let mut is_ready = true;
    while let Some(news) = test.next().await {
        let step = check_step_text(news.step);
        match news.outcome {
            Outcome::Passed { detail } => line("✓", &step, &detail),
            Outcome::Warned { warnings, detail } => {
                line("!", &step, &detail);
                for warning in &warnings {
                    below(&link_warning_text(warning).1);
                }
            }
            Outcome::Failed(error) => {
                is_ready = false;
                print_failure(&step, &error);
            }
            Outcome::Skipped => {
                let skipped = gettext_f("{step}: not tried", &[("step", &step)]);
                println!("– {skipped}");
            }
            _ => {}
        }
    }
    is_ready
}

fn print_failure(step: &str, error: &Error) {
    line("✗", step, &error.headline());
    for text in error.advice().unwrap_or_default().lines() {
        below(text);
    }
    below(&error.details());
}

fn line(mark: &str, step: &str, detail: &str) {
    if detail.is_empty() {
        println!("{mark} {step}");
    } else {
        println!("{mark} {step}: {detail}");
    }
}

fn below(text: &str) {
    println!("    {text}");
}
