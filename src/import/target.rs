//! Where planned rows go: to the writer, many at a time so that batches form, or in a dry run to a
//! rehearsal that decides the same and writes nothing.

use std::time::Duration;

use aggregates::shared::{Position, Refusal};
use futures::future::join_all;

use super::{
    ImportError, enrollments::FINAL_RESULT, entity::Plan, flaw::Flaw, rehearsal::Rehearsal,
};
use crate::commands::{Actor, CommandError, Commands, Receipt, Transaction};

/// How long a full line is waited for before a command is handed in again.
const PAUSE: Duration = Duration::from_millis(20);

/// Where planned rows go.
pub(super) enum Target {
    /// To the writer.
    Writer {
        /// Where commands are handed in.
        commands: Commands,
        /// Who imports.
        actor: Actor,
        /// Where the log ended with the last of them.
        position: Position,
    },
    /// Nowhere.
    Rehearsal(Rehearsal),
}

/// Whether a row changed anything, or why it is not taken.
pub(super) type Done = Result<bool, Flaw>;

impl Target {
    /// Does what was planned, each row for itself, and says what came of each.
    pub(super) async fn execute(&mut self, plans: &[&Plan]) -> Result<Vec<Done>, ImportError> {
        match self {
            Self::Writer { commands, actor, position } => {
                let all = plans.iter().map(|plan| execute(commands, actor, plan));
                let mut done = Vec::with_capacity(plans.len());
                for (plan, answer) in plans.iter().zip(join_all(all).await) {
                    let answer = answer.transpose();
                    done.push(outcome(plan, answer, position)?);
                }
                Ok(done)
            }
            Self::Rehearsal(rehearsal) => {
                let done = rehearsal.execute(plans).await?;
                Ok(done
                    .into_iter()
                    .map(|done| done.map_err(|refusal| explained(&refusal)))
                    .collect())
            }
        }
    }
}

async fn execute(
    commands: &Commands,
    actor: &Actor,
    plan: &Plan,
) -> Option<Result<Receipt, CommandError>> {
    if plan.is_nothing() {
        return None;
    }
    loop {
        let people = plan.people.clone();
        let transaction =
            Transaction { people, ..Transaction::of(actor.clone(), plan.acts.clone()) };
        match commands.execute(transaction).await {
            Err(CommandError::Busy) => tokio::time::sleep(PAUSE).await,
            answer => return Some(answer),
        }
    }
}

fn outcome(
    plan: &Plan,
    answer: Result<Option<Receipt>, CommandError>,
    position: &mut Position,
) -> Result<Done, ImportError> {
    match answer {
        Ok(None) => Ok(Ok(false)),
        Ok(Some(receipt)) => {
            *position = receipt.position.max(*position);
            Ok(Ok(receipt.events > 0 || !plan.people.is_empty()))
        }
        Err(CommandError::Refused(refusal)) => Ok(Err(explained(&refusal))),
        Err(CommandError::Taken(key)) => {
            Ok(Err(Flaw::new("sourcedId", format!("somebody else has that id already ({key})"))))
        }
        Err(error) => Err(error.into()),
    }
}

/// A refusal in the words of the file. What a row says was checked before; what is left depends on
/// what is on record here.
fn explained(refusal: &Refusal) -> Flaw {
    let (column, reason) = match refusal.code {
        "GRADED_ALREADY" => (
            FINAL_RESULT,
            "the registration has another final grade; only a registrar corrects it".to_owned(),
        ),
        "OUTSIDE_MARK_UNKNOWN" => {
            (FINAL_RESULT, format!("the regulation of the term has no such mark: {refusal}"))
        }
        "ENROLLMENT_UNKNOWN" => (
            "studentSourcedId",
            "the student is not enrolled in a class of that course and term".to_owned(),
        ),
        "ENROLLMENT_DROPPED" => {
            ("studentSourcedId", "the student has given the registration up".to_owned())
        }
        _ => ("sourcedId", refusal.to_string()),
    };
    Flaw::new(column, reason)
}
