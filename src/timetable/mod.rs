//! Somebody's timetable: read from the views here, made in `projections/src/timetable.rs` (manual 2.4).

pub mod feed;
mod icalendar;

use std::collections::{BTreeMap, BTreeSet};

use aggregates::shared::{PersonId, StreamId, TermId};
use projections::{
    enrollment::Enrollments,
    stream::{StreamDocument, Streams, offering},
    student::StudentDocument,
    teaching::Teachers,
    term::{TermDocument, Terms},
    test::{TestDocument, Tests},
    timetable::{Attended, Timetable},
};

use crate::{
    database::{Database, StoreError},
    views::Views,
};

/// The most tests of somebody that are looked through.
const MOST_TESTS: usize = 500;
/// A calendar of that many terms goes back three centuries.
const MOST_TERMS: usize = 1_000;

/// What a student's timetable is made of.
pub async fn of_student(
    database: &Database,
    views: &Views,
    student: &StudentDocument,
) -> Result<Timetable, StoreError> {
    let taken = student.enrollments.values().flatten().map(ToString::to_string);
    let taken: Vec<_> = taken.collect();
    let mut enrollments = views.get_many::<Enrollments>(&taken).await?;
    enrollments.retain(|_, known| !known.dropped);
    let held = enrollments.values().flat_map(|known| &known.streams);
    let mut streams = streams_of(views, held).await?;
    let mut offerings = BTreeSet::new();
    for known in enrollments.values() {
        let Some(taken) = &known.performance.taken else { continue };
        offerings.insert(offering(taken.subject, taken.term));
        // A stream that is listed under several subjects is, to a student, of the one that they take.
        for stream in &known.streams {
            if let Some(attended) = streams.get_mut(stream) {
                attended.card.subject = taken.subject;
            }
        }
    }
    let student = student.clone();
    made_of(database, views, Timetable { student, streams, ..Timetable::default() }, offerings)
        .await
}

/// What a teacher's timetable is made of.
pub async fn of_teacher(
    database: &Database,
    views: &Views,
    teacher: PersonId,
) -> Result<Timetable, StoreError> {
    let known = views.get::<Teachers>(&teacher.to_string()).await?.unwrap_or_default();
    let mut streams = streams_of(views, &known.streams).await?;
    streams.retain(|_, attended| attended.card.teachers.contains(&teacher));
    let cards = streams.values().map(|attended| &attended.card);
    let offerings = cards.map(|card| offering(card.subject, card.term)).collect();
    made_of(database, views, Timetable { streams, ..Timetable::default() }, offerings).await
}

/// With the calendar, and the tests of these subjects in these terms.
async fn made_of(
    database: &Database,
    views: &Views,
    timetable: Timetable,
    offerings: BTreeSet<String>,
) -> Result<Timetable, StoreError> {
    let offerings: Vec<_> = offerings.into_iter().collect();
    let tests = tests_of(database, views, &offerings).await?.into_iter();
    let tests = tests.filter_map(|(id, known)| Some((id.parse().ok()?, known.card?)));
    let terms = terms(views, None).await?.into_iter().collect();
    Ok(Timetable { terms, tests: tests.collect(), ..timetable })
}

/// These streams, as far as they are open.
pub async fn streams_of(
    views: &Views,
    ids: impl IntoIterator<Item = &StreamId>,
) -> Result<BTreeMap<StreamId, Attended>, StoreError> {
    let ids: Vec<_> = ids.into_iter().map(ToString::to_string).collect();
    let streams = views.get_many::<Streams>(&ids).await?.into_iter();
    let open = streams.filter(|(_, known)| !known.closed);
    let attended = |known: &StreamDocument| {
        let (link, sittings) = (known.link.clone(), known.sittings.clone());
        Some(Attended { card: known.card.clone()?, link, sittings })
    };
    let streams = open.filter_map(|(id, known)| Some((id.parse().ok()?, attended(&known)?)));
    Ok(streams.collect())
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

/// The tests of these subjects in these terms, by the time they open; the latest, where there are very many.
pub async fn tests_of(
    database: &Database,
    views: &Views,
    offerings: &[String],
) -> Result<Vec<(String, TestDocument)>, StoreError> {
    let list = database.json_texts("$1");
    let condition = format!("offering IN (SELECT value FROM {list})");
    let wanted = [serde_json::json!(offerings).to_string().into()];
    let latest_first = "opens_at DESC, view_id DESC";
    let mut found = views.list::<Tests>(&condition, &wanted, latest_first, MOST_TESTS).await?;
    found.documents.reverse();
    Ok(found.documents)
}
