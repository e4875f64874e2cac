//! Regulation: the rules of grading and of credit limits, by version and first day.
//!
//! Invariants: a version is published once and never changes; its rules hold together.
//!
//! ```text
//! (nothing) --Publish--> published
//! ```

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use command::RegulationCommand;
pub use error::RegulationError;
pub use event::RegulationEvent;

use crate::shared::RulesFlaw;

/// One version of the rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Regulation {
    published: bool,
}

aggregate!(Regulation, "Regulation", RegulationCommand, RegulationEvent, RegulationError);

impl Regulation {
    fn decide(&self, command: RegulationCommand) -> Result<Vec<RegulationEvent>, RegulationError> {
        let RegulationCommand::Publish { version, effective_from, rules } = command;
        if self.published {
            return Err(RegulationError::VersionTaken { version });
        }
        rules.check().map_err(|flaw| match flaw {
            RulesFlaw::Scale => RegulationError::ScaleHasGaps,
            RulesFlaw::LowestPasses => RegulationError::LowestGradePasses,
            RulesFlaw::LetterTwice(letter) => RegulationError::LetterTwice { letter },
            RulesFlaw::Weights(part) => RegulationError::WeightsDoNotAddUp { part },
        })?;
        Ok(vec![RegulationEvent::Published { version, effective_from, rules }])
    }

    fn evolve(&mut self, event: RegulationEvent) {
        let RegulationEvent::Published { .. } = event;
        self.published = true;
    }
}
