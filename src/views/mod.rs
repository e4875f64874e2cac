//! From a committed event to a stored view: folding, checkpoints, reading, and views as they stood.

pub mod as_of;
mod fold;
mod read;
mod runner;

pub use fold::{Folded, Stored, decode_all, fold_batch};
pub use read::{Page, Views};
pub use runner::{Freshness, Health, start};
