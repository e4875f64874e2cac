//! From a committed event to a stored view: folding, checkpoints, reading, and views as they stood.

pub mod as_of;
mod documents;
mod fold;
mod following;
mod read;
mod runner;
mod store;

pub use fold::{Folded, Stored, decode_all, fold_batch};
pub use following::{Followers, Following};
pub use read::{Page, Views};
pub use runner::{Freshness, Health, start};
pub(crate) use store::{fold_view, save};
