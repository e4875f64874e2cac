//! The main path by GraphQL alone, as front ends, registrars and auditors go it: one file a part of
//! the manual.

mod add_drop;
mod calendar;
mod dashboard;
mod grades;
mod history;
mod holds;
mod ids;
mod languages;
mod paper;
mod plans;
mod programmes;
mod registering;
mod requests;
mod requirements;
mod settings;
mod signing_in;
mod sittings;
mod streams;
mod study_plan;
mod subject_cards;
mod testing;
mod theses;
mod timetable;
mod titles;
mod transcripts;
mod waiting;
mod what_if;

pub use testing::{answer, created, right, start, submit};
pub use timetable::fetch;
