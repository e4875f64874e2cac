//! The rules of the cabinet. One folder an aggregate, each with the same five files; what they share
//! lies in [`shared`]. No I/O, no clock: time and facts from elsewhere come with the command.
//!
//! [`Act`] is what may be asked of any aggregate, [`Event`] what can have happened to any; both are
//! made by `catalogue!` below, the one place where an aggregate is registered.

#[macro_use]
pub mod shared;
#[macro_use]
mod catalogue;

pub mod academic_calendar;
pub mod account;
pub mod enrollment;
pub mod iep;
pub mod past;
pub mod programme;
pub mod regulation;
pub mod request;
pub mod stream;
pub mod student;
pub mod subject;
pub mod syllabus;
pub mod test;
pub mod test_attempt;
pub mod thesis_check;

catalogue! {
    Account: account::Account, account::AccountCommand, account::AccountEvent, account::AccountError, shared::PersonId;
    Student: student::Student, student::StudentCommand, student::StudentEvent, student::StudentError, shared::PersonId;
    Programme: programme::Programme, programme::ProgrammeCommand, programme::ProgrammeEvent, programme::ProgrammeError, shared::ProgrammeId;
    Subject: subject::Subject, subject::SubjectCommand, subject::SubjectEvent, subject::SubjectError, shared::SubjectId;
    Syllabus: syllabus::Syllabus, syllabus::SyllabusCommand, syllabus::SyllabusEvent, syllabus::SyllabusError, shared::SyllabusId;
    AcademicCalendar: academic_calendar::AcademicCalendar, academic_calendar::AcademicCalendarCommand, academic_calendar::AcademicCalendarEvent, academic_calendar::AcademicCalendarError, shared::CalendarId;
    Stream: stream::Stream, stream::StreamCommand, stream::StreamEvent, stream::StreamError, shared::StreamId;
    Regulation: regulation::Regulation, regulation::RegulationCommand, regulation::RegulationEvent, regulation::RegulationError, shared::RegulationId;
    Iep: iep::Iep, iep::IepCommand, iep::IepEvent, iep::IepError, shared::IepId;
    Enrollment: enrollment::Enrollment, enrollment::EnrollmentCommand, enrollment::EnrollmentEvent, enrollment::EnrollmentError, shared::EnrollmentId;
    Test: test::Test, test::TestCommand, test::TestEvent, test::TestError, shared::TestId;
    TestAttempt: test_attempt::TestAttempt, test_attempt::TestAttemptCommand, test_attempt::TestAttemptEvent, test_attempt::TestAttemptError, shared::SeriesId;
    ThesisCheck: thesis_check::ThesisCheck, thesis_check::ThesisCheckCommand, thesis_check::ThesisCheckEvent, thesis_check::ThesisCheckError, shared::ThesisId;
    Request: request::Request, request::RequestCommand, request::RequestEvent, request::RequestError, shared::RequestId;
}
