//! How the commands of one writer fare, in figures.

use std::time::Instant;

use prometheus_client::{
    metrics::{family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::{CommandError, Transaction, batch::Answer};

/// What times are counted up to, in seconds: at last the longest that a request may take.
pub const SECONDS: [f64; 14] =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];
/// Up to the largest batch.
const SIZES: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0];

/// By aggregate type, command and outcome: as many as the program knows, whatever is asked.
type Answered = Family<[(&'static str, &'static str); 3], Histogram>;

/// The figures of one writer. Clones share them.
#[derive(Clone)]
pub struct Measures {
    answered: Answered,
    batch_commands: Histogram,
    batch_events: Histogram,
}

impl Default for Measures {
    fn default() -> Self {
        Self {
            answered: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            batch_commands: Histogram::new(SIZES),
            batch_events: Histogram::new(SIZES),
        }
    }
}

impl Measures {
    /// Registers them, to be told.
    pub fn register(&self, registry: &mut Registry) {
        let help = "From handed in to answered, by the first command of what was asked";
        let answered = self.answered.clone();
        registry.register_with_unit("command_duration", help, Unit::Seconds, answered);
        let help = "Commands that were written in one commit";
        registry.register("append_batch_commands", help, self.batch_commands.clone());
        let help = "Events that were written in one commit";
        registry.register("append_batch_events", help, self.batch_events.clone());
    }

    /// A transaction is handed in.
    pub(super) fn begin(&self, transaction: &Transaction) -> Begun {
        let command = transaction.acts.first().map(|act| &act.command);
        Begun {
            answered: self.answered.clone(),
            aggregate: command.map_or("none", |command| command.aggregate_type()),
            command: command.map_or("none", |command| command.name()),
            at: Instant::now(),
        }
    }

    /// A batch is in the log; one that was only looked at is none.
    pub(super) fn appended(&self, commands: usize, events: usize) {
        if events > 0 {
            self.batch_commands.observe(commands as f64);
            self.batch_events.observe(events as f64);
        }
    }
}

/// A transaction that was handed in.
pub(super) struct Begun {
    answered: Answered,
    aggregate: &'static str,
    command: &'static str,
    at: Instant,
}

impl Begun {
    /// It is answered.
    pub(super) fn answered(&self, answer: &Answer) {
        let labels = [
            ("aggregate", self.aggregate),
            ("command", self.command),
            ("outcome", outcome(answer)),
        ];
        self.answered.get_or_create(&labels).observe(self.at.elapsed().as_secs_f64());
    }
}

fn outcome(answer: &Answer) -> &'static str {
    match answer {
        Ok(_) => "accepted",
        Err(CommandError::Refused(_) | CommandError::KeyReused | CommandError::Taken(_)) => {
            "refused"
        }
        Err(CommandError::Busy) => "busy",
        Err(
            CommandError::Unavailable(_)
            | CommandError::OutcomeUnknown { .. }
            | CommandError::Defect(_),
        ) => "failed",
    }
}
