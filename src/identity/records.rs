//! Whose record is read by whom, by what the views know.

use aggregates::shared::{EnrollmentId, PersonId, Role, SubjectId, TermId};
use projections::{
    enrollment::Enrollments,
    offering::Offerings,
    stream::{Streams, offering},
    student::{StudentDocument, Students},
};

use super::{
    Viewer,
    policy::{may_read_student, may_read_syllabus},
};
use crate::{database::StoreError, views::Views};

/// Whether somebody may read a student's record.
pub async fn reads_record(
    views: &Views,
    viewer: &Viewer,
    student: PersonId,
    document: &StudentDocument,
) -> Result<bool, StoreError> {
    if document.status.is_none() {
        return Ok(false);
    }
    let teaches = viewer.is(Role::Teacher) && teaches(views, viewer.person, document).await?;
    Ok(may_read_student(viewer, student, document.advisor, teaches))
}

/// Whether somebody teaches a stream that the student is in.
async fn teaches(
    views: &Views,
    teacher: PersonId,
    student: &StudentDocument,
) -> Result<bool, StoreError> {
    let enrollments: Vec<_> =
        student.enrollments.values().flatten().map(ToString::to_string).collect();
    let enrollments = views.get_many::<Enrollments>(&enrollments).await?;
    let streams = enrollments.values().flat_map(|enrollment| &enrollment.streams);
    let streams: Vec<_> = streams.map(ToString::to_string).collect();
    let streams = views.get_many::<Streams>(&streams).await?;
    let mut cards = streams.values().filter_map(|stream| stream.card.as_ref());
    Ok(cards.any(|card| card.teachers.contains(&teacher)))
}

/// How many students of an advisor are looked through.
const MOST_ADVISED: usize = 2_000;

/// Whether somebody may read the syllabus of a subject in a term.
pub async fn reads_syllabus(
    views: &Views,
    viewer: &Viewer,
    subject: SubjectId,
    term: TermId,
) -> Result<bool, StoreError> {
    let registered = is_one_registered(views, &[viewer.person], subject, term).await?;
    let teaches = viewer.is(Role::Teacher)
        && teachers_of(views, subject, term).await?.contains(&viewer.person);
    let may = may_read_syllabus(viewer, registered, teaches, false);
    if may || !viewer.is(Role::Advisor) {
        return Ok(may);
    }
    let whose = [viewer.person.to_string().into()];
    let advised = views.keys::<Students>("advisor = $1", &whose, MOST_ADVISED).await?;
    let advised: Vec<_> = advised.iter().filter_map(|student| student.parse().ok()).collect();
    let advises = is_one_registered(views, &advised, subject, term).await?;
    Ok(may_read_syllabus(viewer, registered, teaches, advises))
}

/// Whether one of these students is registered for a subject in a term.
async fn is_one_registered(
    views: &Views,
    students: &[PersonId],
    subject: SubjectId,
    term: TermId,
) -> Result<bool, StoreError> {
    let keys = students.iter().map(|student| EnrollmentId::of(*student, subject, term).to_string());
    let found = views.get_many::<Enrollments>(&keys.collect::<Vec<_>>()).await?;
    Ok(found.values().any(|enrollment| !enrollment.dropped))
}

/// Who teaches a subject in a term, in its own streams and in those that are listed under it.
pub async fn teachers_of(
    views: &Views,
    subject: SubjectId,
    term: TermId,
) -> Result<Vec<PersonId>, StoreError> {
    let streams = views.get::<Offerings>(&offering(subject, term)).await?;
    let streams: Vec<_> =
        streams.iter().flat_map(|known| &known.streams).map(ToString::to_string).collect();
    let streams = views.get_many::<Streams>(&streams).await?;
    let taught = streams.values().filter(|stream| stream.teaches(subject, term));
    let cards = taught.filter_map(|stream| stream.card.as_ref());
    Ok(cards.flat_map(|card| card.teachers.iter().copied()).collect())
}
