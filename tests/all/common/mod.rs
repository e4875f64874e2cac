//! What the tests share.

#[macro_use]
mod databases;
mod university;

pub use databases::*;
pub use university::*;
