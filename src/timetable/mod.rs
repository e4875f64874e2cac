//! A student's timetable: read from the views here, made in `projections/src/timetable.rs` (manual 2.4).

pub mod feed;
mod icalendar;

use aggregates::shared::TermId;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    stream::{Streams, offering},
    student::StudentDocument,
    term::{TermDocument, Terms},
    test::{TestDocument, Tests},
    timetable::Timetable,
};

use crate::{
    database::{Database, StoreError},
    views::Views,
};

/// The most tests of a student that are looked through.
const MOST_TESTS: usize = 500;
/// A calendar of that many terms goes back three centuries.
const MOST_TERMS: usize = 1_000;

/// What a student's timetable is made of.
pub async fn of_student(
    database: &Database,
    views: &Views,
    student: StudentDocument,
) -> Result<Timetable, StoreError> {
    let taken = student.enrollments.values().flatten().map(ToString::to_string);
    let taken: Vec<_> = taken.collect();
    let mut enrollments = views.get_many::<Enrollments>(&taken).await?;
    enrollments.retain(|_, known| !known.dropped);
    let streams = enrollments.values().flat_map(|known| &known.streams);
    let streams: Vec<_> = streams.map(ToString::to_string).collect();
    let streams = views.get_many::<Streams>(&streams).await?.into_iter();
    let streams = streams.filter_map(|(id, known)| Some((id.parse().ok()?, known.card?)));
    let offerings: Vec<_> = enrollments.values().filter_map(offering_of).collect();
    let tests = tests_of(database, views, &offerings).await?.into_iter();
    let tests = tests.filter_map(|(id, known)| Some((id.parse().ok()?, known.card?)));
    let terms = terms(views, None).await?.into_iter().collect();
    Ok(Timetable { terms, streams: streams.collect(), tests: tests.collect(), student })
}

fn offering_of(enrollment: &EnrollmentDocument) -> Option<String> {
    let taken = enrollment.performance.taken.as_ref();
    taken.map(|taken| offering(taken.subject, taken.term))
}

/// The terms of an academic year, or all, the oldest first.
pub async fn terms(
    views: &Views,
    year: Option<i64>,
) -> Result<Vec<(TermId, TermDocument)>, StoreError> {
    let (condition, values) = match year {
        Some(year) => ("year = $1", vec![year.into()]),
        None => ("1 = 1", vec![]),
    };
    let page = views.list::<Terms>(condition, &values, "starts_day, view_id", MOST_TERMS).await?;
    let terms = page.documents.into_iter();
    Ok(terms.filter_map(|(id, document)| Some((id.parse().ok()?, document))).collect())
}

/// The tests of these subjects in these terms, by the time they open.
pub async fn tests_of(
    database: &Database,
    views: &Views,
    offerings: &[String],
) -> Result<Vec<(String, TestDocument)>, StoreError> {
    let list = database.json_texts("$1");
    let condition = format!("offering IN (SELECT value FROM {list})");
    let wanted = [serde_json::json!(offerings).to_string().into()];
    let found = views.list::<Tests>(&condition, &wanted, "opens_at, view_id", MOST_TESTS);
    Ok(found.await?.documents)
}
