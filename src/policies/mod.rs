//! From an event, or from the clock, to the next command. Each command has a key made from what caused
//! it, so that a second delivery, after a restart or on another node, does nothing; a refused one moves
//! on, and says so in the log of the server.

mod clock;
mod marks;
mod originality;
mod reactions;
mod sweeper;

use std::sync::Arc;

use aggregates::{Act, shared::Position};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::{
    cabinet::Cabinet,
    commands::{Actor, CommandError, Key, Transaction},
    database::StoreError,
    files::FileError,
    originality::CheckError,
};

/// The policies of this process.
pub struct Policies(Vec<JoinHandle<()>>);

impl Policies {
    /// Starts them.
    pub fn start(cabinet: &Arc<Cabinet>) -> Self {
        let clock = tokio::spawn(clock::run(Arc::clone(cabinet)));
        let marks = tokio::spawn(reactions::run::<marks::Marks>(Arc::clone(cabinet)));
        let checks = tokio::spawn(reactions::run::<originality::Checks>(Arc::clone(cabinet)));
        let sweeper = tokio::spawn(sweeper::run(Arc::clone(cabinet)));
        Self(vec![clock, marks, checks, sweeper])
    }

    /// Stops them, wherever they are: what was left undone is done after the next start.
    pub async fn stop(self) {
        for task in &self.0 {
            task.abort();
        }
        for task in self.0 {
            // It ends with the abort, which is what was asked.
            let _ = task.await;
        }
    }
}

/// Why a policy could not do its work.
#[derive(Debug, thiserror::Error)]
enum Hindrance {
    /// The database, or the writer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The command.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The check of a thesis.
    #[error(transparent)]
    Check(#[from] CheckError),
}

impl Hindrance {
    /// Whether it passes, so that the same is worth another try; the rest moves on.
    fn passes(&self) -> bool {
        match self {
            Self::Store(cause)
            | Self::File(FileError::Database(cause))
            | Self::Check(CheckError::Store(cause)) => cause.is_unavailable(),
            Self::File(FileError::Store(_)) | Self::Check(CheckError::OutOfOrder(_)) => true,
            Self::File(FileError::Gone | FileError::Changed) | Self::Check(_) => false,
            Self::Command(cause) => matches!(
                cause,
                CommandError::Busy
                    | CommandError::Unavailable(_)
                    | CommandError::OutcomeUnknown { .. }
            ),
        }
    }
}

/// A policy's transaction, done once however often it is asked.
fn transaction(policy: &str, cause: &str, caused_by: Position, acts: Vec<Act>) -> Transaction {
    let actor = Actor {
        person: None,
        role: None,
        correlation: Uuid::new_v4().to_string(),
        client: Some(format!("policy {policy}")),
    };
    let key = format!("{policy}:{cause}");
    let key = Key { request_sha256: key.clone(), key };
    Transaction { key: Some(key), caused_by: Some(caused_by), ..Transaction::of(actor, acts) }
}
