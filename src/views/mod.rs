//! From a committed event to a stored view: folding, checkpoints, reading, building anew, and views as they
//! stood.

pub mod as_of;
mod bell;
mod bounded;
pub mod build;
mod commit;
mod documents;
mod fold;
mod following;
mod freshness;
pub mod inventory;
mod read;
mod recent;
mod rows;
mod runner;
mod saving;
mod store;
mod tables;
mod turns;

pub use fold::{Folded, Stored, decode_all, fold_batch};
pub use following::{Fed, Followers, Following};
pub use freshness::{Freshness, Health};
pub use read::{Page, Views};
pub use recent::Document;
pub use runner::start;
pub(crate) use store::{fold_view, save};
pub use tables::Tables;
