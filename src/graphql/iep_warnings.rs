//! What has gone wrong with the subjects of a plan since they were put on it (manual 2.3.1).

use std::sync::Arc;

use aggregates::{
    enrollment::SubjectStatus,
    iep::Entry,
    shared::{Demand, Fact, Overridable, PersonId, Requirement},
};
use async_graphql::{Context, SimpleObject};
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    iep::IepDocument,
};

use super::{
    catalogue::Offered,
    errors::{ErrorCode, FactObject},
    grounds::Grounds,
    ieps::IepEntry,
    request::Ask,
    study_plan::told,
};
use crate::messages;

/// A warning of a plan.
#[derive(SimpleObject)]
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
    fn of(code: &'static str, facts: &[Fact], entry: &Entry) -> Self {
        Self {
            code: ErrorCode(code),
            message: messages::message(code, facts),
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
    let mut warnings = Vec::new();
    let entries = iep.newest().into_iter().flat_map(|newest| newest.entries.values());
    for entry in entries {
        if grounds.standing(entry.subject) != SubjectStatus::InProgress {
            continue;
        }
        let Some(subject) = Offered::load(ctx, entry.subject).await? else { continue };
        let demand = told(grounds.demand(ctx, &subject, entry.term).await)?;
        warnings.extend(failed(&grounds, &demand, entry));
        let registered = ctx.document::<Enrollments>(entry.enrollment).await?.unwrap_or_default();
        warnings.extend(given_up(&registered, &demand, entry));
    }
    Ok(warnings)
}

/// A prerequisite was failed: by a correction, or after a registrar had overridden that it was not passed yet.
fn failed(grounds: &Grounds, demand: &Demand, entry: &Entry) -> Vec<IepWarning> {
    let unmet = demand.requirement.unmet(&demand.known).into_iter();
    let failed = unmet.flat_map(Requirement::prerequisites);
    let failed = failed.filter(|id| grounds.status.was_failed(*id));
    let told = failed.map(|id| {
        let prerequisite = Fact::new("prerequisite", demand.codes.of(id));
        let facts = [Fact::new("subject", &entry.code), prerequisite];
        IepWarning::of("PREREQUISITE_FAILED", &facts, entry)
    });
    told.collect()
}

/// A corequisite was given up meanwhile, unless a registrar had overridden that it was not there.
fn given_up(
    registered: &Arc<EnrollmentDocument>,
    demand: &Demand,
    entry: &Entry,
) -> Vec<IepWarning> {
    let over = registered.over.iter().flat_map(|over| &over.reasons);
    if over.into_iter().any(|reason| reason.code == Overridable::CorequisiteMissing) {
        return vec![];
    }
    let unmet = demand.requirement.unmet(&demand.known).into_iter();
    let parts = unmet.flat_map(Requirement::everything);
    let given_up = parts.filter(|part| matches!(part, Requirement::RegisteredNow(_)));
    let told = given_up.filter(|part| !part.is_met(&demand.known)).filter_map(Requirement::subject);
    let told = told.map(|id| {
        let corequisite = Fact::new("corequisite", demand.codes.of(id));
        let facts = [Fact::new("subject", &entry.code), corequisite];
        IepWarning::of("COREQUISITE_GIVEN_UP", &facts, entry)
    });
    told.collect()
}
