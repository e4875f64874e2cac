//! The running house behind the API: the log, the writer, the views, and all that stands on them.

pub mod audit;
pub mod cabinet;
pub mod commands;
pub mod config;
pub mod database;
pub mod demo;
pub mod files;
pub mod identity;
pub mod import;
pub mod log;
pub mod originality;
pub mod people;
pub mod policies;
pub mod regulation;
pub mod views;
