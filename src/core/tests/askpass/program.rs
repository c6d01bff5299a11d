//! A program that ssh can run for its questions: what the application does first, and nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    innkeeper_core::askpass::run_if_asked().unwrap_or(ExitCode::FAILURE)
}
