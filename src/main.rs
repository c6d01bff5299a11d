//! Starts Innkeeper.

use std::process::ExitCode;

fn main() -> ExitCode {
    innkeeper::main()
}
