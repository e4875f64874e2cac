//! Checks that need what lies beside the project in `../shared`: the contract of the API's users, and
//! real data. `.ci/with-shared` runs them.

mod contract;
mod open_university;

use std::path::PathBuf;

/// A file or folder of `../shared`.
fn shared(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path)
}
