//! A work that was sent is checked, and the report is handed in; a check that itself failed gives the
//! attempt back (manual 2.14.1).

use aggregates::{
    Event,
    shared::{Digest, FileRef, Recorded},
    thesis_check::{ThesisCheckCommand, ThesisCheckEvent},
};
use bytes::Bytes;
use futures::TryStreamExt;
use tracing::warn;

use super::{Hindrance, reactions::Reaction, transaction};
use crate::{cabinet::Cabinet, files::FileError, originality::Work};

/// Checks what was sent.
pub(super) struct Checks;

impl Reaction for Checks {
    const NAME: &'static str = "thesis checks";
    const CAUSE: &'static str = "ThesisCheckSent";

    async fn react(cabinet: &Cabinet, recorded: &Recorded) -> Result<(), Hindrance> {
        let Event::ThesisCheck(ThesisCheckEvent::Sent { of, attempt, work }) = &recorded.event
        else {
            return Ok(());
        };
        let (attempt, file) = (*attempt, work.id);
        let failed = |reason: &str| ThesisCheckCommand::FailCheck {
            attempt,
            file,
            reason: reason.to_owned(),
        };
        let told = match bytes_of(cabinet, work).await {
            Ok(bytes) => {
                let work = Work { thesis: of.id, file, kind: work.kind, bytes };
                match cabinet.checker.check(work).await {
                    Ok(report) => ThesisCheckCommand::Report { attempt, file, report },
                    Err(error) => match error.reason() {
                        Some(reason) => {
                            warn!(thesis = %of.id, %error, "a check failed: the attempt is given back");
                            failed(reason)
                        }
                        None => return Err(error.into()),
                    },
                }
            }
            Err(FileError::Gone) => failed("file_missing"),
            Err(FileError::Changed) => failed("file_changed"),
            Err(error) => return Err(error.into()),
        };
        let cause = recorded.position.to_string();
        let act = told.of(of.id);
        let asked = transaction(Self::NAME, &cause, recorded.position, vec![act]);
        cabinet.commands.execute(asked).await?;
        Ok(())
    }
}

/// The bytes of the work, where they are still those that were handed in.
async fn bytes_of(cabinet: &Cabinet, work: &FileRef) -> Result<Bytes, FileError> {
    let chunks = cabinet.files.read(work.id, None).await?;
    let bytes: Vec<_> = chunks.try_collect().await?;
    let bytes = Bytes::from(bytes.concat());
    if Digest::of(&bytes) == work.sha256 { Ok(bytes) } else { Err(FileError::Changed) }
}
