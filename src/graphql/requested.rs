//! What a request asks for: there is such a thing, it is the student's, and it could be carried out once there is room and
//! time for it (manual 2.16.1).

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    enrollment::EnrollmentError,
    request::{Change, Exchange, Subject},
    shared::{EnrollmentId, Outcome, PersonId, Refusal, Refuse, StreamId, SubjectId},
    subject::SubjectCard,
};
use async_graphql::{Context, ID};
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    stream::Streams,
    subject::Subjects,
};

use super::{
    catalogue,
    choosing::{MOST_CHOSEN, leaving, named},
    chosen::Chosen,
    errors::{Fault, UserError, internal},
    request::{Ask, input_id, input_ids},
    requesting::{AddDropInput, ChangeStreamInput, ChangeStreamsInput},
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
            let streams = streams(ctx, student, &takes, input.stream_ids.as_deref(), field).await?;
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
            let streams = streams(ctx, student, &takes, input.stream_ids.as_deref(), field).await?;
            Change::Add { takes, streams }
        }
        AddDropInput::ChangeStream(input) => another_stream(ctx, student, input).await?,
        AddDropInput::ChangeStreams(input) => other_streams(ctx, student, input).await?,
    })
}

/// A stream is exchanged for one of the same component.
async fn another_stream(
    ctx: &Context<'_>,
    student: PersonId,
    input: &ChangeStreamInput,
) -> Result<Change, Fault> {
    let (of, known) = registered(ctx, student, &input.enrollment_id, "change.changeStream").await?;
    let from: StreamId = input_id(&input.from_stream_id, "change.changeStream.fromStreamId")?;
    if !known.streams.contains(&from) {
        let refusal = EnrollmentError::StreamNotHeld.refusal();
        return Err(Fault::User(vec![UserError::of(&refusal)]));
    }
    let field = "change.changeStream.toStreamId";
    let to: StreamId = input_id(&input.to_stream_id, field)?;
    must_be_known(ctx, &[to], field).await?;
    let leaves = BTreeSet::new();
    // That nothing would change the request says itself.
    if from != to {
        let chosen = Chosen::with(ctx, of.enrollment, known, &[to]).await?;
        let other = chosen.of_another_component(from, to).map(|error| (Some(0), error));
        let apart = chosen.apart(&chosen.choices(&leaves), &leaves);
        let told = |_, refusal: &Refusal| of_field(UserError::of(refusal), field);
        must_be_none(other.into_iter().chain(apart), told)?;
    }
    Ok(Change::ChangeStream { of, exchanges: vec![Exchange { from: Some(from), to }], leaves })
}

/// Streams are exchanged as they are chosen: each for the one of the same component, in one act.
async fn other_streams(
    ctx: &Context<'_>,
    student: PersonId,
    input: &ChangeStreamsInput,
) -> Result<Change, Fault> {
    let within = "change.changeStreams";
    let (of, known) = registered(ctx, student, &input.enrollment_id, within).await?;
    let [taken, left] = ["streamIds", "leaveIds"].map(|field| format!("{within}.{field}"));
    let streams = input_ids(&input.stream_ids, &taken, MOST_CHOSEN)?;
    let leaves = leaving(input.leave_ids.as_deref(), &left)?;
    must_be_known(ctx, &streams, &taken).await?;
    let chosen = Chosen::with(ctx, of.enrollment, known, &streams).await?;
    let choices = chosen.choices(&leaves);
    must_be_none(chosen.apart(&choices, &leaves), |place, refusal| {
        let item = place.map(|place| format!("{taken}.{place}"));
        of_field(UserError::of(refusal), item.as_ref().unwrap_or(&left))
    })?;
    let exchanges = choices.iter();
    let exchanges =
        exchanges.map(|choice| Exchange { from: choice.gives_up, to: choice.seat.stream });
    Ok(Change::ChangeStream { of, exchanges: exchanges.collect(), leaves })
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
    if card(ctx, subject).await?.is_none() {
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
    let code = card(ctx, takes.subject).await?.ok_or_else(internal)?.code;
    let refusal = EnrollmentError::taken_already(code, passed).refusal();
    Err(Fault::User(vec![of_field(UserError::of(&refusal), &format!("{within}.subjectId"))]))
}

/// What the catalogue says of a subject.
async fn card(ctx: &Context<'_>, subject: SubjectId) -> Result<Option<SubjectCard>, Fault> {
    let known = ctx.document::<Subjects>(subject).await?;
    Ok(known.and_then(|known| known.card.clone()))
}

/// The streams that are chosen for a subject that is taken: they go together.
async fn streams(
    ctx: &Context<'_>,
    student: PersonId,
    of: &Subject,
    ids: Option<&[ID]>,
    field: &str,
) -> Result<Vec<StreamId>, Fault> {
    let streams = named(ids, field)?;
    if streams.is_empty() {
        return Ok(streams);
    }
    must_be_known(ctx, &streams, field).await?;
    let card = card(ctx, of.subject).await?.ok_or_else(internal)?;
    let taken = catalogue::taken(student, of.subject, of.term, &card);
    let chosen = Chosen::anew(ctx, taken, &streams).await?;
    let leaves = BTreeSet::new();
    must_be_none(chosen.apart(&chosen.choices(&leaves), &leaves), |place, refusal| {
        of_field(chosen.told(place, refusal), field)
    })?;
    Ok(streams)
}

async fn must_be_known(ctx: &Context<'_>, streams: &[StreamId], field: &str) -> Result<(), Fault> {
    let known = ctx.each::<Streams, _>(streams.to_vec()).await?;
    let known = known.iter().filter(|(_, known)| known.card.is_some()).count();
    if known < streams.len() { Err(Fault::user("STREAM_UNKNOWN", field)) } else { Ok(()) }
}

/// None of these speaks against it. What the registration itself refuses is not asked for; whether there are seats, and
/// what else the student has then, may be otherwise by the time it is carried out.
fn must_be_none(
    against: impl IntoIterator<Item = (Option<usize>, EnrollmentError)>,
    told: impl Fn(Option<usize>, &Refusal) -> UserError,
) -> Result<(), Fault> {
    let errors = against.into_iter().map(|(place, error)| told(place, &error.refusal()));
    let errors: Vec<_> = errors.collect();
    if errors.is_empty() { Ok(()) } else { Err(Fault::User(errors)) }
}

/// What carrying it out would be refused with, of a field of the request.
fn of_field(error: UserError, field: &str) -> UserError {
    UserError { field: Some(field.split('.').map(str::to_owned).collect()), ..error }
}
