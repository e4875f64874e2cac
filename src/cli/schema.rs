//! `oqu schema`: prints the contract, as `schema.graphql` holds it.

use std::process::ExitCode;

use super::Outcome;

pub(super) fn run() -> Outcome {
    print!("{}", crate::graphql::sdl());
    Ok(ExitCode::SUCCESS)
}
