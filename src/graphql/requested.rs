//! What a request asks for: there is such a thing, it is the student's, and it could be carried out once there is room and
//! time for it (manual 2.16.1).

use std::sync::Arc;

use aggregates::{
    enrollment::EnrollmentError,
    request::{Change, Subject},
    shared::{EnrollmentId, Outcome, PersonId, Refusal, Refuse, StreamId, SubjectId, Text},
    stream::StreamCard,
};
use async_graphql::{Context, ID};
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    stream::Streams,
    subject::Subjects,
};

use super::{
    choosing::MOST_CHOSEN,
    errors::{Fault, UserError, internal},
    request::{Ask, input_id},
    requesting::AddDropInput,
    subjects::known_term,
};

/// What is asked for, as far as there is such a thing and it is the student's.
pub async fn change(
    ctx: &Context<'_>,
    student: PersonId,
    input: &AddDropInput,
) -> Result<Change, Fault> {
    Ok(match input {
        AddDropInput::Swap(input) => {
            let (gives_up, _) =
                registered(ctx, student, &input.enrollment_id, "change.swap").await?;
            let takes =
                taken(ctx, student, &input.subject_id, &input.term_id, "change.swap").await?;
            if takes.enrollment != gives_up.enrollment {
                must_be_new(ctx, &takes, "change.swap").await?;
            }
            let field = "change.swap.streamIds";
            let streams = streams(ctx, &takes, input.stream_ids.as_deref(), field).await?;
            Change::Swap { gives_up, takes, streams }
        }
        AddDropInput::GiveUp(input) => Change::GiveUp {
            gives_up: registered(ctx, student, &input.enrollment_id, "change.giveUp").await?.0,
        },
        AddDropInput::Add(input) => {
            let takes =
                taken(ctx, student, &input.subject_id, &input.term_id, "change.add").await?;
            must_be_new(ctx, &takes, "change.add").await?;
            let field = "change.add.streamIds";
            let streams = streams(ctx, &takes, input.stream_ids.as_deref(), field).await?;
            Change::Add { takes, streams }
        }
        AddDropInput::ChangeStream(input) => {
            let (of, known) =
                registered(ctx, student, &input.enrollment_id, "change.changeStream").await?;
            let (from, to) = (&input.from_stream_id, &input.to_stream_id);
            let from: StreamId = input_id(from, "change.changeStream.fromStreamId")?;
            if !known.streams.contains(&from) {
                let refusal = EnrollmentError::StreamNotHeld.refusal();
                return Err(Fault::User(vec![UserError::of(&refusal)]));
            }
            let field = "change.changeStream.toStreamId";
            let to: StreamId = input_id(to, field)?;
            must_be_of(ctx, &of, &[to], field).await?;
            must_replace(ctx, from, to, field).await?;
            Change::ChangeStream { of, from, to }
        }
    })
}

/// A registration of the student's that was not given up.
async fn registered(
    ctx: &Context<'_>,
    student: PersonId,
    id: &ID,
    within: &str,
) -> Result<(Subject, Arc<EnrollmentDocument>), Fault> {
    let field = format!("{within}.enrollmentId");
    let enrollment: EnrollmentId = input_id(id, &field)?;
    let known = ctx.document::<Enrollments>(enrollment).await?;
    let known = known.ok_or_else(|| Fault::user("ENROLLMENT_UNKNOWN", &field))?;
    let taken = known.performance.taken.as_ref().ok_or_else(internal)?;
    if taken.student != student {
        return Err(Fault::user("NOT_YOURS", &field));
    }
    if known.dropped {
        return Err(Fault::user("ENROLLMENT_DROPPED", &field));
    }
    Ok((Subject { enrollment, subject: taken.subject, term: taken.term }, known))
}

/// A subject of the catalogue in a term.
async fn taken(
    ctx: &Context<'_>,
    student: PersonId,
    subject: &ID,
    term: &ID,
    within: &str,
) -> Result<Subject, Fault> {
    let field = format!("{within}.subjectId");
    let subject: SubjectId = input_id(subject, &field)?;
    let known = ctx.document::<Subjects>(subject).await?;
    if known.is_none_or(|known| known.card.is_none()) {
        return Err(Fault::user("SUBJECT_UNKNOWN", &field));
    }
    let term = known_term(ctx, term, &format!("{within}.termId")).await?;
    Ok(Subject { enrollment: EnrollmentId::of(student, subject, term), subject, term })
}

/// A subject for which the student is registered can't be taken once more.
async fn must_be_new(ctx: &Context<'_>, takes: &Subject, within: &str) -> Result<(), Fault> {
    let known = ctx.document::<Enrollments>(takes.enrollment).await?;
    let Some(known) = known.filter(|known| !known.dropped) else { return Ok(()) };
    let grade = known.performance.grade.as_ref();
    let passed = grade.is_some_and(|grade| grade.outcome == Outcome::Passed);
    let code = code(ctx, takes).await?;
    let refusal = EnrollmentError::taken_already(code, passed).refusal();
    Err(refused(&refusal, &format!("{within}.subjectId")))
}

/// There are such streams, and they are the subject's: its own, or listed under it.
async fn must_be_of(
    ctx: &Context<'_>,
    of: &Subject,
    streams: &[StreamId],
    field: &str,
) -> Result<(), Fault> {
    let known = ctx.each::<Streams, _>(streams.to_vec()).await?;
    if known.iter().filter(|(_, known)| known.card.is_some()).count() < streams.len() {
        return Err(Fault::user("STREAM_UNKNOWN", field));
    }
    if known.iter().all(|(_, known)| known.is_of(of.subject, of.term)) {
        return Ok(());
    }
    let code = code(ctx, of).await?;
    let refusal = EnrollmentError::StreamOfAnotherSubject { code }.refusal();
    Err(refused(&refusal, field))
}

/// A stream is exchanged for one of the same component.
async fn must_replace(
    ctx: &Context<'_>,
    from: StreamId,
    to: StreamId,
    field: &str,
) -> Result<(), Fault> {
    let known = ctx.each::<Streams, _>([from, to]).await?;
    let cards: Vec<_> = known.iter().filter_map(|(_, known)| known.card.as_ref()).collect();
    let [from, to] = cards[..] else { return Ok(()) };
    let other = of_another_component(from, to);
    other.map_or(Ok(()), |error| Err(refused(&error.refusal(), field)))
}

/// Why a stream is not taken in the place of another one, if it is of another component.
pub fn of_another_component(from: &StreamCard, to: &StreamCard) -> Option<EnrollmentError> {
    let (component, wanted) = (from.component.clone(), to.component.clone());
    let differs = component != wanted;
    differs.then_some(EnrollmentError::StreamOfAnotherComponent { component, wanted })
}

/// What carrying it out would be refused with, of a field of the request.
fn refused(refusal: &Refusal, field: &str) -> Fault {
    let field = field.split('.').map(str::to_owned).collect();
    Fault::User(vec![UserError { field: Some(field), ..UserError::of(refusal) }])
}

async fn code(ctx: &Context<'_>, of: &Subject) -> Result<Text, Fault> {
    let known = ctx.document::<Subjects>(of.subject).await?;
    let card = known.as_ref().and_then(|known| known.card.as_ref()).ok_or_else(internal)?;
    Ok(card.code.clone())
}

/// These streams of a subject, if there are such.
async fn streams(
    ctx: &Context<'_>,
    of: &Subject,
    ids: Option<&[ID]>,
    field: &str,
) -> Result<Vec<StreamId>, Fault> {
    let ids = ids.unwrap_or_default();
    if ids.len() > MOST_CHOSEN {
        return Err(Fault::out_of_range(field, 0, MOST_CHOSEN));
    }
    let streams: Vec<StreamId> =
        ids.iter().map(|id| input_id(id, field)).collect::<Result<_, _>>()?;
    must_be_of(ctx, of, &streams, field).await?;
    Ok(streams)
}
