//! What has gone wrong with the subjects of a plan since they were put on it (manual 2.3.1).

use aggregates::{
    enrollment::SubjectStatus,
    shared::{Fact, PersonId, Requirement},
};
use async_graphql::{Context, SimpleObject};
use projections::iep::IepDocument;

use super::{
    catalogue::Offered,
    errors::{ErrorCode, FactObject},
    ieps::IepEntry,
    registration::Grounds,
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

/// A prerequisite of a subject that is in progress was failed: by a correction, or after a registrar had overridden
/// that it was not passed yet.
pub async fn warnings(
    ctx: &Context<'_>,
    student: PersonId,
    iep: &IepDocument,
) -> async_graphql::Result<Vec<IepWarning>> {
    const CODE: &str = "PREREQUISITE_FAILED";
    let grounds = told(Grounds::of_student(ctx, student).await)?;
    let mut warnings = Vec::new();
    let entries = iep.newest().into_iter().flat_map(|newest| newest.entries.values());
    for entry in entries {
        if grounds.standing(entry.subject) != SubjectStatus::InProgress {
            continue;
        }
        let Some(subject) = Offered::load(ctx, entry.subject).await? else { continue };
        let demand = told(grounds.demand(ctx, &subject, entry.term).await)?;
        let unmet = demand.requirement.unmet(&demand.known).into_iter();
        let failed = unmet.flat_map(Requirement::prerequisites);
        for failed in failed.filter(|id| grounds.standing(*id) == SubjectStatus::Failed) {
            let facts = [
                Fact::new("subject", &entry.code),
                Fact::new("prerequisite", demand.codes.of(failed)),
            ];
            warnings.push(IepWarning {
                code: ErrorCode(CODE),
                message: messages::message(CODE, &facts),
                facts: facts.iter().map(FactObject::from).collect(),
                entry: IepEntry(entry.clone()),
            });
        }
    }
    Ok(warnings)
}
