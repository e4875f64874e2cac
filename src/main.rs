//! The one binary; everything is in the library, so that the tests can use it.

use std::process::ExitCode;

/// Commands and views are made of many small values that one thread makes and another one drops.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    oqu::cli::main()
}
