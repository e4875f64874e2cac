//! Whose record is read by whom, by what the views know.

use aggregates::shared::{PersonId, Role};
use projections::{enrollment::Enrollments, stream::Streams, student::StudentDocument};

use super::{Viewer, policy::may_read_student};
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
