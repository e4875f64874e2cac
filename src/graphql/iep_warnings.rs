//! What has gone wrong with the subjects of a plan since they were put on it (manual 2.3.1).

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    enrollment::SubjectStatus,
    iep::Entry,
    shared::{
        Demand, EnrollmentId, Fact, Overridable, PersonId, Position, RegulationId, Requirement,
        Rules, SubjectId,
    },
};
use async_graphql::{Context, SimpleObject};
use futures::future::try_join_all;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    iep::{IepDocument, IepTrails},
    regulation::Regulations,
    subject_status::SubjectStatuses,
};

use super::{
    catalogue::Offered,
    codes::ErrorCode,
    errors::FactObject,
    grounds::Grounds,
    ieps::IepEntry,
    request::{Ask, stored},
    study_plan::told,
};
use crate::messages;

/// A warning of a plan.
#[derive(Clone, SimpleObject)]
pub struct IepWarning {
    /// Stable; branch on it.
    code: ErrorCode,
    /// In the reader's language.
    message: String,
    /// On which facts.
    facts: Vec<FactObject>,
    /// The subject that it is about.
    entry: IepEntry,
}

impl IepWarning {
    fn of<const N: usize>(code: &'static str, facts: [Fact; N], entry: &Entry) -> Self {
        let subject = Fact::new("subject", &entry.code);
        let facts: Vec<_> = [subject].into_iter().chain(facts).collect();
        Self {
            code: ErrorCode(code),
            message: messages::message(code, &facts),
            facts: facts.iter().map(FactObject::from).collect(),
            entry: IepEntry(entry.clone()),
        }
    }
}

/// What has gone wrong with the subjects of a plan that are in progress.
pub async fn warnings(
    ctx: &Context<'_>,
    student: PersonId,
    iep: &IepDocument,
) -> async_graphql::Result<Vec<IepWarning>> {
    let grounds = told(Grounds::of_student(ctx, student).await)?;
    of_plan(ctx, &grounds, iep).await
}

/// The same for all plans of a student, however long ago they were signed; the newest first.
pub async fn of_student(
    ctx: &Context<'_>,
    student: PersonId,
) -> async_graphql::Result<Vec<IepWarning>> {
    let grounds = told(Grounds::of_student(ctx, student).await)?;
    let plans = grounds.document.ieps.values().rev().copied();
    let mut all = Vec::new();
    for (_, plan) in ctx.each::<IepTrails, _>(plans).await? {
        all.extend(of_plan(ctx, &grounds, &plan).await?);
    }
    Ok(all)
}

async fn of_plan(
    ctx: &Context<'_>,
    grounds: &Grounds,
    iep: &IepDocument,
) -> async_graphql::Result<Vec<IepWarning>> {
    let in_progress = |entry: &&Entry| grounds.standing(entry.subject) == SubjectStatus::InProgress;
    let entries: Vec<_> = iep.entries().filter(in_progress).collect();
    if entries.is_empty() {
        return Ok(vec![]);
    }
    // At the same time: what they ask of a view becomes one read.
    let each = entries.into_iter().map(|entry| of_entry(ctx, grounds, entry, &iep.regulation));
    Ok(try_join_all(each).await?.into_iter().flatten().collect())
}

async fn of_entry(
    ctx: &Context<'_>,
    grounds: &Grounds,
    entry: &Entry,
    regulation: &str,
) -> async_graphql::Result<Vec<IepWarning>> {
    let Some(subject) = Offered::load(ctx, entry.subject).await? else { return Ok(vec![]) };
    let registered = ctx.document::<Enrollments>(entry.enrollment).await?.unwrap_or_default();
    let decided = registered.decision.as_ref().map(|decision| decision.regulation.as_str());
    let counts = in_progress_counts(ctx, decided.unwrap_or(regulation)).await?;
    let demand = told(grounds.demand(ctx, &subject, entry.term, counts).await)?;
    let unmet = demand.requirement.unmet(&demand.known);
    if unmet.is_empty() {
        return Ok(vec![]);
    }
    let prerequisites = missing(&unmet, &demand);
    let of_prerequisite =
        |code, id| IepWarning::of(code, [Fact::new("prerequisite", demand.codes.of(id))], entry);
    let failed = prerequisites_failed(ctx, grounds, &prerequisites, &registered).await?.into_iter();
    let failed = failed.map(|id| of_prerequisite("PREREQUISITE_FAILED", id));
    let given_up = prerequisites_given_up(ctx, grounds, &prerequisites, registered.decided_at());
    let given_up = given_up.await?.into_iter();
    let given_up = given_up.map(|id| of_prerequisite("PREREQUISITE_GIVEN_UP", id));
    let mut warnings: Vec<_> = failed.chain(given_up).collect();
    warnings.extend(corequisites_given_up(&registered, &unmet, &demand, entry));
    warnings.extend(approval_withdrawn(grounds, &registered, &unmet, entry));
    Ok(warnings)
}

/// Whether by that regulation a prerequisite in progress counts as met for a later term.
async fn in_progress_counts(ctx: &Context<'_>, regulation: &str) -> async_graphql::Result<bool> {
    let known = ctx.document::<Regulations>(RegulationId::of(regulation)).await?;
    let rules = known.as_ref().and_then(|known| known.rules.as_ref());
    Ok(rules.is_some_and(Rules::prerequisites_in_progress_count))
}

/// The prerequisites that are not met.
fn missing(unmet: &[&Requirement], demand: &Demand) -> BTreeSet<SubjectId> {
    let missing = unmet.iter().flat_map(|part| part.prerequisites());
    missing.filter(|subject| !demand.known.passed.contains(subject)).collect()
}

/// Of these prerequisites those that were failed: by a correction, or after it was assumed that they would be passed.
/// Where a registrar overrode that they were not, what was failed by then is no news.
async fn prerequisites_failed(
    ctx: &Context<'_>,
    grounds: &Grounds,
    missing: &BTreeSet<SubjectId>,
    registered: &EnrollmentDocument,
) -> async_graphql::Result<BTreeSet<SubjectId>> {
    let mut failed = missing.clone();
    failed.retain(|id| grounds.status.was_failed(*id));
    if !failed.is_empty() && is_overridden(registered, Overridable::PrerequisitesMissing) {
        let (key, decided) = (grounds.student.to_string(), registered.decided_at());
        let then = stored(ctx.views()?.get_at::<SubjectStatuses>(&key, decided).await)?;
        failed.retain(|id| !then.as_ref().is_some_and(|then| then.was_failed(*id)));
    }
    Ok(failed)
}

/// Of these prerequisites those that were given up later in the log than `since`, what the registration was decided on.
async fn prerequisites_given_up(
    ctx: &Context<'_>,
    grounds: &Grounds,
    missing: &BTreeSet<SubjectId>,
    since: Position,
) -> async_graphql::Result<BTreeSet<SubjectId>> {
    // Taken again, it is in progress, and was given up all the same.
    let looked_at = missing.iter().filter(|id| !grounds.status.was_failed(**id));
    let taken = looked_at.flat_map(|id| {
        let terms = grounds.document.enrollments.keys();
        terms.map(|term| (EnrollmentId::of(grounds.student, *id, *term), *id))
    });
    let taken: BTreeMap<_, _> = taken.collect();
    let known = ctx.each::<Enrollments, _>(taken.keys().copied()).await?.into_iter();
    let given_up = known.filter(|(_, known)| known.dropped && known.since > since);
    Ok(given_up.filter_map(|(id, _)| taken.get(&id).copied()).collect())
}

/// The approval of the head of the programme was taken back, unless a registrar had overridden that it was not there.
fn approval_withdrawn(
    grounds: &Grounds,
    registered: &EnrollmentDocument,
    unmet: &[&Requirement],
    entry: &Entry,
) -> Option<IepWarning> {
    let mut parts = unmet.iter().flat_map(|part| part.everything());
    let asked = parts.any(|part| *part == Requirement::ApprovedByHead);
    let withdrawn = grounds.document.disapproved.contains_key(&entry.subject);
    let told = asked && withdrawn && !is_overridden(registered, Overridable::ApprovalMissing);
    told.then(|| IepWarning::of("APPROVAL_WITHDRAWN", [], entry))
}

/// Whether a registrar let the student in in spite of that.
fn is_overridden(registered: &EnrollmentDocument, reason: Overridable) -> bool {
    let mut over = registered.over.iter().flat_map(|over| &over.reasons);
    over.any(|known| known.code == reason)
}

/// A corequisite was given up meanwhile, unless a registrar had overridden that it was not there.
fn corequisites_given_up(
    registered: &EnrollmentDocument,
    unmet: &[&Requirement],
    demand: &Demand,
    entry: &Entry,
) -> Vec<IepWarning> {
    if is_overridden(registered, Overridable::CorequisiteMissing) {
        return vec![];
    }
    let parts = unmet.iter().flat_map(|part| part.everything());
    let given_up = parts.filter(|part| matches!(part, Requirement::RegisteredNow(_)));
    let told = given_up.filter(|part| !part.is_met(&demand.known)).filter_map(Requirement::subject);
    let told = told.map(|id| {
        let facts = [Fact::new("corequisite", demand.codes.of(id))];
        IepWarning::of("COREQUISITE_GIVEN_UP", facts, entry)
    });
    told.collect()
}
