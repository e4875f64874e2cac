//! The views of the cabinet: pure folds over the events of all aggregates, one file each. No I/O.
//!
//! A view says which documents an event touches (`keys`) and what it does to each (`apply`). The
//! same fold serves the live views, rebuilds, as-of queries and the audit.

pub mod account;
pub mod alphabet;
pub mod approval;
mod columns;
pub mod deadline;
pub mod enrollment;
pub mod iep;
pub mod journal;
pub mod listing;
pub mod offering;
pub mod paper;
pub mod performance;
pub mod programme;
pub mod regulation;
pub mod request;
pub mod requirement;
pub mod room_use;
pub mod seat;
pub mod seat_offer;
pub mod stream;
pub mod student;
pub mod subject;
pub mod subject_about;
pub mod subject_status;
pub mod syllabus;
pub mod teacher_card;
pub mod teaching;
pub mod term;
pub mod test;
pub mod test_attempt;
pub mod thesis;
pub mod timetable;
pub mod transcript;
mod view;
pub mod wish;

pub use columns::{Column, ColumnType, ColumnValue, columns_of};
pub use view::{AnyDocument, AnyView, View};

/// All views. A new one is registered here, and nowhere else.
pub const VIEWS: &[AnyView] = &[
    AnyView::of::<account::Accounts>(),
    AnyView::of::<student::Students>(),
    AnyView::of::<approval::Approvals>(),
    AnyView::of::<subject::Subjects>(),
    AnyView::of::<subject_about::SubjectAbouts>(),
    AnyView::of::<requirement::Requirements>(),
    AnyView::of::<programme::Programmes>(),
    AnyView::of::<term::Terms>(),
    AnyView::of::<regulation::Regulations>(),
    AnyView::of::<stream::Streams>(),
    AnyView::of::<listing::Listings>(),
    AnyView::of::<offering::Offerings>(),
    AnyView::of::<room_use::RoomUses>(),
    AnyView::of::<syllabus::Syllabuses>(),
    AnyView::of::<seat::Seats>(),
    AnyView::of::<wish::Wishes>(),
    AnyView::of::<seat_offer::SeatOffers>(),
    AnyView::of::<teaching::Teachers>(),
    AnyView::of::<teacher_card::TeacherCards>(),
    AnyView::of::<iep::IepTrails>(),
    AnyView::of::<paper::Papers>(),
    AnyView::of::<enrollment::Enrollments>(),
    AnyView::of::<journal::Journals>(),
    AnyView::of::<transcript::Transcripts>(),
    AnyView::of::<subject_status::SubjectStatuses>(),
    AnyView::of::<test::Tests>(),
    AnyView::of::<test_attempt::Attempts>(),
    AnyView::of::<test_attempt::TestSeries>(),
    AnyView::of::<deadline::Deadlines>(),
    AnyView::of::<thesis::Theses>(),
    AnyView::of::<request::Requests>(),
];
