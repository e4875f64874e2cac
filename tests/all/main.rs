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
mod arrival;
mod as_of;
mod attempts_killed;
mod audit;
mod backups;
mod bad_input;
mod campus;
mod chromium;
mod command_line;
mod commands;
mod console;
mod console_seen;
mod disk_full;
mod durability;
mod erasure;
mod events_of_old;
mod following;
mod following_closely;
mod given_up;
mod history;
mod import;
mod imported_again;
mod inspection;
mod journey;
mod keys;
mod killing;
mod kills;
mod line;
mod log;
mod lost_commits;
mod model;
mod moving_crowd;
mod node_killed;
mod opening;
mod operations;
mod order;
mod over_http;
mod papers;
mod people;
mod policy;
mod program;
mod replay;
mod requests_killed;
mod security;
mod server;
mod several_nodes;
mod snapshots;
mod statements;
mod stock_repositories;
mod stopping;
mod streams;
mod swaps_killed;
mod taken_away;
mod turns;
mod uploads;
mod view_builds;
mod views;
mod visitor;
mod waiting_crowd;
mod warned;
