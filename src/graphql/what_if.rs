//! What if: the decisions of registering and choosing over a set that is not saved (manual 2.3.1, 2.4.1). A query: it
//! writes nothing.

use std::collections::BTreeSet;

use aggregates::{
    shared::{EnrollmentId, Fact, PersonId, StreamId, SubjectId, TermId},
    stream::StreamCard,
};
use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};

use super::{
    calendar::Term,
    catalogue::Offered,
    enrollments::Enrollment,
    errors::{UserError, denied, not_found, top_of},
    giving_up::GivingUp,
    open_streams::{MissingComponents, cards, missing},
    programme_standing::ProgrammeStanding,
    request::{Ask, query_id},
    streams::{Meeting, Stream},
    students::readable_student,
    study_plan::{CreditCount, told},
    subjects::Subject,
    supposed::Supposed,
};
use crate::{identity::policy::Denied, troubles};

/// How many subjects, and how many streams, are looked at together.
const MOST: usize = 50;

/// What would come of taking subjects and streams together.
#[derive(SimpleObject)]
pub struct WhatIf {
    /// Whether all of it could be done now.
    pub allowed: bool,
    /// The subjects in the order asked, each beside all the others.
    pub subjects: Vec<WhatIfSubject>,
    /// The streams in the order asked.
    pub streams: Vec<WhatIfStream>,
    /// What would be at the same time, one by one: among the streams, and with those that the student has.
    pub clashes: Vec<StreamClash>,
    /// What would be given up, in the order asked.
    pub give_ups: Vec<WhatIfGiveUp>,
    /// What would be wrong then with what stays: subjects without a corequisite of theirs.
    pub warnings: Vec<UserError>,
    /// How the credits of the term would stand.
    pub credits: CreditCount,
    /// How those of the academic year would.
    pub year_credits: CreditCount,
    /// What would still be missing for the programme, once this and all that is in progress were passed; none without a
    /// curriculum for the student.
    pub programme: Option<ProgrammeStanding>,
}

/// A registration that would be given up.
#[derive(SimpleObject)]
pub struct WhatIfGiveUp {
    /// The registration.
    pub enrollment: Enrollment,
    /// Whether it could be given up now.
    pub allowed: bool,
    /// Everything that speaks against it, all at once.
    pub reasons: Vec<UserError>,
}

/// A subject beside the others.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct WhatIfSubject {
    /// The subject.
    pub subject: Subject,
    /// Whether it could be registered for now, together with the others.
    pub allowed: bool,
    /// Everything that speaks against it, all at once.
    pub reasons: Vec<UserError>,
    /// In which term.
    #[graphql(skip)]
    pub term: TermId,
    /// Which subject.
    #[graphql(skip)]
    pub id: SubjectId,
    /// The streams that the registration would have.
    #[graphql(skip)]
    pub streams: Vec<StreamCard>,
}

#[ComplexObject]
impl WhatIfSubject {
    /// What a registration would still lack, for each way of taking the subject that fits the streams; nothing where they
    /// are all of one way.
    async fn missing_components(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Vec<MissingComponents>> {
        let offered = Stream::of_offering(ctx, self.id, self.term).await?;
        Ok(missing(cards(&offered), self.streams.iter()))
    }
}

/// A stream beside the subjects.
#[derive(SimpleObject)]
pub struct WhatIfStream {
    /// The stream.
    pub stream: Stream,
    /// Whether a seat could be taken in it.
    pub allowed: bool,
    /// Everything that speaks against it; what it clashes with is told in `clashes`.
    pub reasons: Vec<UserError>,
}

/// Two streams at the same time.
#[derive(SimpleObject)]
pub struct StreamClash {
    /// The stream that was asked for.
    pub stream: Stream,
    /// When it meets.
    pub meeting: Meeting,
    /// The other one.
    pub with: Stream,
    /// When that meets.
    pub with_meeting: Meeting,
    /// When both are at once: from, to, and the weeks of the first one's term.
    pub overlap: Meeting,
    /// Whether the student is in the other one already.
    pub held: bool,
}

/// What if.
#[derive(Default)]
pub struct WhatIfQueries;

#[Object]
impl WhatIfQueries {
    /// What would come of taking these subjects and streams together in a term, decided as registering and choosing
    /// decide. It writes nothing.
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who would take them; oneself without it.")] student_id: Option<ID>,
        #[graphql(desc = "The term.")] term_id: ID,
        #[graphql(desc = "The subjects, 50 at the most.")] subject_ids: Vec<ID>,
        #[graphql(desc = "The streams, 50 at the most.", default)] stream_ids: Vec<ID>,
        #[graphql(
            desc = "The registrations that would be given up for it, 50 at the most.",
            default
        )]
        give_up_ids: Vec<ID>,
    ) -> async_graphql::Result<Option<WhatIf>> {
        if subject_ids.len().max(stream_ids.len()).max(give_up_ids.len()) > MOST {
            return Err(top_of(troubles::TOO_MANY_TOGETHER, &[Fact::new("most", MOST)]));
        }
        let student = match &student_id {
            Some(id) => query_id(id)?,
            None => ctx.viewer()?.person,
        };
        let student = readable_student(ctx, student).await??;
        if !student.is_told_to(ctx)? {
            return Err(denied(Denied::Forbidden));
        }
        let term = Term::load(ctx, query_id(&term_id)?).await?.ok_or_else(not_found)?;
        let mut subjects = Vec::new();
        for id in distinct::<SubjectId>(&subject_ids)? {
            subjects.push(Offered::load(ctx, id).await?.ok_or_else(not_found)?);
        }
        let streams = distinct::<StreamId>(&stream_ids)?;
        let given = given_up(ctx, student.id, &give_up_ids).await?;
        let supposed = Supposed::of(ctx, student, term, subjects, streams, given).await?;
        supposed.told(ctx).await.map(Some)
    }
}

/// These ids in their order, each once.
fn distinct<T: Copy + Ord + std::str::FromStr>(ids: &[ID]) -> async_graphql::Result<Vec<T>> {
    let mut known = BTreeSet::new();
    let ids: Result<Vec<T>, _> = ids.iter().map(query_id).collect();
    Ok(ids?.into_iter().filter(|id| known.insert(*id)).collect())
}

/// The registrations of a student that would be given up.
async fn given_up(
    ctx: &Context<'_>,
    student: PersonId,
    ids: &[ID],
) -> async_graphql::Result<Vec<GivingUp>> {
    let mut given = Vec::new();
    for id in distinct::<EnrollmentId>(ids)? {
        // One that there is not, and one of somebody else's, are the same to who asks.
        let known = Enrollment::load(ctx, id).await?.ok_or_else(not_found)?;
        if known.taken()?.student != student {
            return Err(not_found());
        }
        given.push(told(GivingUp::of(ctx, id).await)?);
    }
    Ok(given)
}
