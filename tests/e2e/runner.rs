//! Runs the tests one after the other and reports as Rust's own test runner does.

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::ExitCode,
    time::Instant,
};

use testbed::{Desktop, Lab};

use crate::stage::Stage;

/// A test: its name, the desktop that it wants, and what it does.
#[derive(Clone, Copy)]
pub(crate) struct Test {
    pub(crate) name: &'static str,
    pub(crate) desktop: fn() -> Desktop,
    pub(crate) run: fn(&mut Stage<'_>),
}

/// Names test functions: `tests![a, b]`; on another desktop than X11, `tests![on Desktop::start_wayland; a, b]`.
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        crate::runner::tests![on testbed::Desktop::start; $($name),*];
    };
    (on $desktop:path; $($name:ident),* $(,)?) => {
        pub(crate) const TESTS: &[crate::runner::Test] = &[
            $(crate::runner::Test {
                name: concat!(module_path!(), "::", stringify!($name)),
                desktop: $desktop,
                run: $name,
            }),*
        ];
    };
}
pub(crate) use tests;

/// Runs those tests whose names hold one of the arguments; all without arguments.
pub(crate) fn run(tests: &[Test]) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let filters: Vec<&String> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let wanted = |test: &&Test| {
        filters.is_empty()
            || filters
                .iter()
                .any(|filter| test.name.contains(filter.as_str()))
    };
    let chosen: Vec<&Test> = tests.iter().filter(wanted).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        for test in &chosen {
            println!("{}: test", test.name);
        }
        return ExitCode::SUCCESS;
    }
    perform(&chosen, tests.len() - chosen.len())
}

fn perform(chosen: &[&Test], filtered: usize) -> ExitCode {
    let begun = Instant::now();
    println!("\nrunning {} tests", chosen.len());
    let lab = Lab::start(Path::new(env!("CARGO_MANIFEST_DIR")));
    let mut failed = Vec::new();
    for test in chosen {
        let begun = Instant::now();
        let word = if passes(test, &lab) {
            "ok"
        } else {
            failed.push(test.name);
            "FAILED"
        };
        println!("test {} ... {word}", test.name);
        eprintln!("     {:.1} s", begun.elapsed().as_secs_f32());
    }
    drop(lab);
    if !failed.is_empty() {
        println!("\nfailures:");
        for name in &failed {
            println!("    {name}");
        }
    }
    println!(
        "\ntest result: {}. {} passed; {} failed; 0 ignored; 0 measured; {filtered} filtered out; finished in {:.2}s\n",
        if failed.is_empty() { "ok" } else { "FAILED" },
        chosen.len() - failed.len(),
        failed.len(),
        begun.elapsed().as_secs_f32(),
    );
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs one test; its panics have been shown by the time that this comes back.
fn passes(test: &Test, lab: &Lab) -> bool {
    let done = catch_unwind(AssertUnwindSafe(|| {
        lab.raise();
        let mut stage = Stage::new(lab, (test.desktop)(), test.name);
        let done = catch_unwind(AssertUnwindSafe(|| {
            (test.run)(&mut stage);
            stage.check();
        }));
        if done.is_err() {
            stage.keep_evidence();
        }
        done
    }));
    matches!(done, Ok(Ok(())))
}
