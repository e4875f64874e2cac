//! Oqu: the event-sourced CQRS back end of a university's student cabinet. Start with
//! `docs/ARCHITECTURE.md`, then the folder's `mod.rs`.

pub mod audit;
pub mod backup;
pub mod cabinet;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
mod console;
pub mod database;
pub mod demo;
pub mod files;
pub mod graphql;
pub mod http;
pub mod identity;
pub mod import;
pub mod log;
pub mod messages;
pub mod metrics;
pub mod originality;
pub mod papers;
pub mod people;
pub mod policies;
pub mod regulation;
pub mod standing;
pub mod timetable;
mod titles;
pub mod troubles;
pub mod views;
