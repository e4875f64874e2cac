//! What the rows of a folder say together that can't all be so: more students in a class than it has seats, and somebody
//! in classes that meet at the same time. The folder is the truth elsewhere, so it is taken, and the report says it.

use std::collections::BTreeMap;

use aggregates::shared::{Fact, Meeting, TermDays, TermId};
use serde::{Deserialize, Serialize};

use super::{ImportError, Kind, Warning, calendar::StagedTerm, staging::Staging};
use crate::messages::message;

/// How many of each kind are told one by one.
const MOST_TOLD: usize = 20;

/// The seat that a row of a student takes.
#[derive(Serialize)]
pub(super) struct StagedSeat<'a> {
    pub class: &'a str,
    pub user: &'a str,
}

/// What of a class matters here.
#[derive(Deserialize)]
struct Class {
    seat: InTerm,
    meetings: Vec<Meeting>,
}

#[derive(Deserialize)]
struct InTerm {
    term: TermId,
}

/// The first ones of a kind, by their lines, and how many there are.
#[derive(Default)]
struct Told {
    first: BTreeMap<(u64, String), String>,
    all: usize,
}

impl Told {
    fn tell(&mut self, line: u64, of: String, reason: String) {
        self.all += 1;
        self.first.insert((line, of), reason);
        if self.first.len() > MOST_TOLD {
            self.first.pop_last();
        }
    }

    /// As the report has them: the last says how many more there are.
    fn warnings(self, kind: Kind) -> impl Iterator<Item = Warning> {
        let (told, more) = (self.first.len(), self.all - self.first.len());
        self.first.into_iter().enumerate().map(move |(place, ((line, _), reason))| {
            let is_last = more > 0 && place + 1 == told;
            let facts = [Fact::new("reason", &reason), Fact::new("more", more)];
            let reason = if is_last { message("IMPORT_AND_MORE", &facts) } else { reason };
            Warning { file: kind.file(), line, reason }
        })
    }
}

/// All of both kinds.
pub(super) async fn warnings(staging: &Staging) -> Result<Vec<Warning>, ImportError> {
    staging.note_seats().await?;
    let overfull = overfull(staging).await?.warnings(Kind::Classes);
    let clashing = clashing(staging).await?.warnings(Kind::Enrollments);
    Ok(overfull.chain(clashing).collect())
}

async fn overfull(staging: &Staging) -> Result<Told, ImportError> {
    let mut told = Told::default();
    for (line, class, limit, students) in staging.overfull().await? {
        let facts = [Fact::new("students", students), Fact::new("limit", limit)];
        told.tell(line, class, message("IMPORT_CLASS_OVERFULL", &facts));
    }
    Ok(told)
}

async fn clashing(staging: &Staging) -> Result<Told, ImportError> {
    let terms = staging.all(Kind::AcademicSessions).await?;
    let terms = terms.iter().map(StagedTerm::days).collect();
    let (mut told, mut after) = (Told::default(), String::new());
    loop {
        let page = staging.seats_behind(&after).await?;
        let Some(last) = page.last() else { return Ok(told) };
        after.clone_from(&last.user);
        for theirs in page.chunk_by(|one, other| one.user == other.user) {
            let classes = theirs.iter().map(|seat| serde_json::from_str(&seat.data));
            let classes = classes.collect::<Result<Vec<Class>, _>>();
            let classes = classes.map_err(|error| ImportError::Defect(error.to_string()))?;
            for (place, (seat, class)) in theirs.iter().zip(&classes).enumerate() {
                let earlier = theirs[..place].iter().zip(&classes);
                for (with, _) in earlier.filter(|(_, earlier)| earlier.clashes(class, &terms)) {
                    let facts = [
                        Fact::new("user", &seat.user),
                        Fact::new("class", &seat.class),
                        Fact::new("with", &with.class),
                    ];
                    let reason = message("IMPORT_CLASSES_CLASH", &facts);
                    told.tell(seat.line, with.class.clone(), reason);
                }
            }
        }
    }
}

impl Class {
    /// Whether both meet at the same time.
    fn clashes(&self, other: &Self, terms: &TermDays) -> bool {
        let theirs = (other.seat.term, &*other.meetings);
        terms.overlaps((self.seat.term, &self.meetings), theirs).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_told_and_how_many_more_there_are() {
        let mut told = Told::default();
        // However they come.
        for line in (1..=25).rev() {
            told.tell(line, String::new(), format!("row {line}"));
        }
        let warnings: Vec<_> = told.warnings(Kind::Classes).collect();
        assert_eq!(warnings.len(), MOST_TOLD);
        assert_eq!((warnings[0].line, &*warnings[0].reason), (1, "row 1"));
        assert_eq!((warnings[18].line, &*warnings[18].reason), (19, "row 19"));
        assert_eq!(
            (warnings[19].line, &*warnings[19].reason),
            (20, "row 20; and 5 more of the kind")
        );
    }

    #[test]
    fn as_many_as_are_told_one_by_one_have_no_more() {
        let mut told = Told::default();
        for line in 1..=20 {
            told.tell(line, String::new(), "row".to_owned());
        }
        assert!(told.warnings(Kind::Classes).all(|warning| warning.reason == "row"));
    }
}
