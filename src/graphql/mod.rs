//! The API: one file a cabinet module, beside the schema, the errors and the scalars.

#[macro_use]
mod mutation;
pub mod errors;
mod loaders;
mod request;
mod scalars;
mod schema;

mod accounts;
mod admissions;
mod as_of;
mod calendar;
mod choosing;
mod dashboard;
mod enrollments;
mod files;
mod guiding_theses;
mod handing_in;
mod history;
mod iep_trail;
mod ieps;
mod journals;
mod marks;
mod node;
mod opening_streams;
mod people;
mod registration;
mod regulations;
mod security;
mod sessions;
mod settings;
mod signing;
mod stream_capacity;
mod streams;
mod student_list;
mod student_tests;
mod students;
mod study_plan;
mod subjects;
mod subscriptions;
mod taking_tests;
mod test_attempts;
mod test_cards;
mod test_plans;
mod theses;
mod thesis_attempts;
mod transcripts;
mod waiting;

pub use files::Uploads;
pub use loaders::Documents;
pub use request::{Caller, Services};
pub use schema::{Api, build, sdl};
pub use students::academic_year;
