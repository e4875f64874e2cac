//! Oqu: the event-sourced CQRS back end of a university's student cabinet. Start with
//! `docs/ARCHITECTURE.md`, then the folder's `mod.rs`.

pub mod cli;
pub mod graphql;
pub mod http;
pub mod messages;

pub use engine::*;
