//! The one binary; everything is in the library, so that the tests can use it.

use std::process::ExitCode;

fn main() -> ExitCode {
    oqu::cli::main()
}
