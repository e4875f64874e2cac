//! What random walks share.

use std::{fmt::Debug, str::FromStr};

use proptest::{prelude::ProptestConfig, test_runner::FileFailurePersistence};

/// A fixed id of any kind, in the order of its number.
pub fn id<T: FromStr<Err: Debug>>(number: u16) -> T {
    format!("00000000-0000-4000-8000-{number:012}").parse().unwrap()
}

/// So many walks; a failing one is printed and not kept.
pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    }
}
