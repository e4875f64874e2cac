//! The tests that need a database, in one binary: each on SQLite and on PostgreSQL, the name says on
//! which (`log::on_postgres::positions_are_dense`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[macro_use]
mod common;

mod append_only;
mod audit;
mod commands;
mod history;
mod import;
mod keys;
mod log;
mod opening;
mod people;
mod program;
mod replay;
mod stock_repositories;
mod views;
