//! Erasing people: whatever is known of them outside the log, also after a backup brought a part of it back.

use aggregates::{
    Event,
    account::AccountEvent,
    shared::{FileId, PersonId, TextId},
    syllabus::SyllabusEvent,
};
use tracing::warn;

use crate::{
    database::{Database, StoreError, Transaction},
    files,
    log::{self, Filter},
};

/// Deletes whatever is known of a person, but the reason why; how many rows there were.
pub(super) async fn erase(
    open: &mut Transaction,
    id: PersonId,
    reason: TextId,
) -> Result<u64, StoreError> {
    let (person, reason) = (id.to_string(), reason.to_string());
    let texts = "DELETE FROM person_texts WHERE person = $1 AND id <> $2";
    let mut rows = open.execute(texts, &[person.as_str().into(), reason.into()]).await?;
    rows += files::forget(open, id).await?;
    for sql in [
        "DELETE FROM person_history WHERE person = $1",
        "DELETE FROM credentials WHERE person = $1",
        "DELETE FROM sessions WHERE person = $1",
        "DELETE FROM access_codes WHERE person = $1",
        "DELETE FROM calendar_links WHERE person = $1",
        "DELETE FROM security_journal WHERE person = $1",
        "DELETE FROM persons WHERE id = $1",
    ] {
        rows += open.execute(sql, &[person.as_str().into()]).await?;
    }
    Ok(rows)
}

/// Erases again whom the log says to be erased: a part of the database may have come back from a
/// backup. How many people there were.
pub async fn erase_again(database: &Database) -> Result<usize, StoreError> {
    let filter = Filter { event_type: Some("AccountErased".into()), ..Filter::default() };
    let mut snapshot = database.snapshot().await?;
    let mut erased = Vec::new();
    log::read_each(&mut snapshot, filter, |event| {
        for event in event.events()? {
            if let Event::Account(AccountEvent::Erased { person, reason }) = event {
                erased.push((person, reason.id));
            }
        }
        Ok(())
    })
    .await?;
    snapshot.rollback().await?;
    if erased.is_empty() {
        return Ok(0);
    }
    let mut people = 0;
    let mut open = database.begin().await?;
    for (person, reason) in erased {
        let handed_in = files_of(&mut open, person).await?;
        files::forget_named(&mut open, &handed_in).await?;
        people += usize::from(erase(&mut open, person, reason).await? > 0);
    }
    open.commit().await?;
    Ok(people)
}

/// Overwrites what is left in SQLite's file of whom has been erased. Whoever closes it last does so too, unless
/// their end comes first.
pub async fn overwrite(database: &Database) -> Result<(), StoreError> {
    if !database.checkpoint().await? {
        warn!("somebody reads the database: the old pages are overwritten when they have done");
    }
    Ok(())
}

/// The files that somebody handed in with theses and syllabuses, by what the log says.
async fn files_of(open: &mut Transaction, person: PersonId) -> Result<Vec<FileId>, StoreError> {
    let of_theses = Filter {
        student: Some(person.to_string()),
        aggregate_type: Some("ThesisCheck".into()),
        ..Filter::default()
    };
    let of_syllabuses = Filter {
        actor: Some(person.to_string()),
        aggregate_type: Some("Syllabus".into()),
        ..Filter::default()
    };
    let mut files = Vec::new();
    for filter in [of_theses, of_syllabuses] {
        log::read_each(open, filter, |event| {
            for event in event.events()? {
                match event {
                    Event::ThesisCheck(event) => {
                        files.extend(event.handed_in().map(|file| file.id));
                    }
                    Event::Syllabus(SyllabusEvent::FileAdded { file, by, .. }) if by == person => {
                        files.push(file.id);
                    }
                    _ => {}
                }
            }
            Ok(())
        })
        .await?;
    }
    Ok(files)
}
