//! Checks that need the real data beside the project, in `../shared/data`. `.ci/with-shared` runs
//! them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]
#![allow(dead_code, unused_imports, reason = "the harness is that of the other tests")]

#[macro_use]
#[path = "../all/common/mod.rs"]
mod common;
#[path = "../all/program.rs"]
mod program;
#[path = "../all/server.rs"]
mod server;

mod open_university;
