//! Where planned rows go: to the writer, many at a time so that batches form, or in a dry run to a
//! rehearsal that decides the same and writes nothing.

use std::{collections::HashMap, time::Duration};

use aggregates::{
    State,
    shared::{Fact, Position, Refusal},
};
use futures::future::join_all;

use super::{
    ImportError,
    enrollments::FINAL_RESULT,
    entity::Plan,
    flaw::Flaw,
    moved::{Moved, moves_seats},
    rehearsal::{self, Name, Rehearsal},
};
use crate::{
    commands::{Actor, CommandError, Commands, Receipt, Transaction},
    database::Database,
    messages::message,
};

/// How long a full line is waited for before a command is handed in again.
const PAUSE: Duration = Duration::from_millis(20);

/// Where planned rows go.
pub(super) enum Target {
    /// To the writer.
    Writer {
        /// Where commands are handed in.
        commands: Commands,
        /// Where they are written.
        database: Database,
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

/// The same, before it is told in the words of the file.
pub(super) type Answer = Result<bool, NotTaken>;

/// Why a row is not taken.
pub(super) enum NotTaken {
    /// An aggregate refuses it.
    Refused(Refusal),
    /// Something is wrong with it by itself.
    Flawed(Flaw),
}

impl Target {
    /// Does what was planned, each row for itself, and says what came of each; notes which streams were moved.
    pub(super) async fn execute(
        &mut self,
        plans: &[&Plan],
        moved: &mut Vec<Moved>,
    ) -> Result<Vec<Done>, ImportError> {
        let mut answers = self.attempt(plans).await?;
        // One after another: each has the plans of all its students with it.
        for (plan, answer) in plans.iter().zip(&mut answers) {
            if moves_seats(answer) {
                *answer = self.attempt_with_plans(plan, moved).await?;
            }
        }
        Ok(answers.into_iter().map(|answer| answer.map_err(NotTaken::explained)).collect())
    }

    /// Aggregates as they are by now.
    pub(super) async fn states(
        &self,
        names: Vec<Name>,
    ) -> Result<HashMap<Name, State>, ImportError> {
        match self {
            Self::Writer { database, .. } => rehearsal::states(Some(database), &names).await,
            Self::Rehearsal(rehearsal) => rehearsal.states(names).await,
        }
    }

    pub(super) async fn attempt(&mut self, plans: &[&Plan]) -> Result<Vec<Answer>, ImportError> {
        match self {
            Self::Writer { commands, actor, position, .. } => {
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
                Ok(done.into_iter().map(|done| done.map_err(NotTaken::Refused)).collect())
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
) -> Result<Answer, ImportError> {
    match answer {
        Ok(None) => Ok(Ok(false)),
        Ok(Some(receipt)) => {
            *position = receipt.position.max(*position);
            Ok(Ok(receipt.events > 0 || !plan.people.is_empty()))
        }
        Err(CommandError::Refused(refusal)) => Ok(Err(NotTaken::Refused(refusal))),
        Err(CommandError::Taken(key)) => {
            let flaw = Flaw::told("sourcedId", "ID_TAKEN", &[Fact::new("key", key)]);
            Ok(Err(NotTaken::Flawed(flaw)))
        }
        Err(error) => Err(error.into()),
    }
}

impl NotTaken {
    fn explained(self) -> Flaw {
        match self {
            Self::Refused(refusal) => explained(&refusal),
            Self::Flawed(flaw) => flaw,
        }
    }
}

/// A refusal in the words of the file, or else in its own. What a row says was checked before; what is left depends on
/// what is on record here.
fn explained(refusal: &Refusal) -> Flaw {
    let (column, key) = match refusal.code {
        "GRADED_ALREADY" => (FINAL_RESULT, "GRADED_OTHERWISE"),
        "OUTSIDE_MARK_UNKNOWN" => (FINAL_RESULT, "NO_SUCH_MARK"),
        "ENROLLMENT_UNKNOWN" => ("studentSourcedId", "NOT_ENROLLED"),
        "ENROLLMENT_DROPPED" => ("studentSourcedId", "GIVEN_UP"),
        code => {
            let told = message(code, &refusal.facts);
            return Flaw::new("sourcedId", format!("{told} ({refusal})"));
        }
    };
    Flaw::told(column, key, &[Fact::new("refusal", refusal)])
}
