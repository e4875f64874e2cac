//! Syllabus: what is taught in a subject in one term, week by week and class by class (manual 2.8).
//!
//! Invariants: weeks are those of the term; a class keeps its number, and with it its files, as long as its week
//! names it, and no number is given twice; no class goes while it has files; a link leads to the web.
//!
//! ```text
//! (nothing) --SetWeek--> there --SetWeek, AddFile, RemoveFile--> there
//! ```

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use command::{Planned, SyllabusCommand};
pub use error::SyllabusError;
pub use event::{Class, Content, Link, SyllabusEvent, SyllabusOf};

use crate::shared::{FileId, FileRef, PersonId};

/// The most classes of a week.
const MOST_CLASSES: usize = 30;
/// The most links and references of a class, together.
const MOST_SOURCES: usize = 50;
/// The most files of a class.
const MOST_FILES: usize = 20;

/// What is taught in a subject in one term.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Syllabus {
    weeks: BTreeMap<u8, Vec<Class>>,
    /// The files of each class, by its number.
    files: BTreeMap<u32, BTreeSet<FileId>>,
    /// The last number that was given to a class.
    numbered: u32,
}

aggregate!(Syllabus, "Syllabus", SyllabusCommand, SyllabusEvent, SyllabusError);

impl Syllabus {
    fn decide(&self, command: SyllabusCommand) -> Result<Vec<SyllabusEvent>, SyllabusError> {
        match command {
            SyllabusCommand::SetWeek { of, week, weeks, classes } => {
                self.set_week(of, week, weeks, classes)
            }
            SyllabusCommand::AddFile { of, class, file, by } => self.add_file(of, class, file, by),
            SyllabusCommand::RemoveFile { of, file } => {
                let holding = self.files.iter().find(|(_, files)| files.contains(&file));
                let (class, _) = holding.ok_or(SyllabusError::FileUnknown)?;
                Ok(vec![SyllabusEvent::FileRemoved { of, class: *class, file }])
            }
        }
    }

    fn evolve(&mut self, event: SyllabusEvent) {
        match event {
            SyllabusEvent::WeekSet { week, classes, .. } => {
                let numbers = classes.iter().map(|class| class.number);
                self.numbered = numbers.fold(self.numbered, u32::max);
                if classes.is_empty() {
                    self.weeks.remove(&week);
                } else {
                    self.weeks.insert(week, classes);
                }
            }
            SyllabusEvent::FileAdded { class, file, .. } => {
                self.files.entry(class).or_default().insert(file.id);
            }
            SyllabusEvent::FileRemoved { class, file, .. } => {
                if let Some(files) = self.files.get_mut(&class) {
                    files.remove(&file);
                }
                self.files.retain(|_, files| !files.is_empty());
            }
        }
    }
}

impl Syllabus {
    fn set_week(
        &self,
        of: SyllabusOf,
        week: i32,
        weeks: u8,
        planned: Vec<Planned>,
    ) -> Result<Vec<SyllabusEvent>, SyllabusError> {
        let out_of_range = SyllabusError::WeekOutOfRange { week, weeks };
        // A week that a shorter term has no more is set anew, or emptied, as long as there is something in it.
        let is_of_term = |week: &u8| (1..=weeks).contains(week) || self.weeks.contains_key(week);
        let week = u8::try_from(week).ok().filter(is_of_term);
        let week = week.ok_or(out_of_range)?;
        let (count, most) = (planned.len(), MOST_CLASSES);
        if count > most {
            return Err(SyllabusError::ClassesTooMany { classes: count, most });
        }
        planned.iter().try_for_each(|class| class.content.must_be_sound())?;
        let now = self.weeks.get(&week).map_or(&[][..], Vec::as_slice);
        let classes = self.numbered(now, planned)?;
        self.must_leave_files(now, &classes)?;
        let same = *now == *classes;
        let set = SyllabusEvent::WeekSet { of, week, weeks, classes };
        Ok((!same).then_some(set).into_iter().collect())
    }

    /// The classes with their numbers: those that they had in the week, or the next ones.
    fn numbered(&self, now: &[Class], planned: Vec<Planned>) -> Result<Vec<Class>, SyllabusError> {
        let (mut next, mut named) = (self.numbered, BTreeSet::new());
        let mut number = |stated: Option<u32>| match stated {
            Some(class) if !now.iter().any(|known| known.number == class) => {
                Err(SyllabusError::ClassUnknown { class })
            }
            Some(class) if !named.insert(class) => Err(SyllabusError::ClassTwice { class }),
            Some(class) => Ok(class),
            None => {
                next += 1;
                Ok(next)
            }
        };
        let classes = planned.into_iter().map(|Planned { number: stated, content }| {
            Ok(Class { number: number(stated)?, content })
        });
        classes.collect()
    }

    /// Files are taken away one by one, never with their class.
    fn must_leave_files(&self, now: &[Class], then: &[Class]) -> Result<(), SyllabusError> {
        let stays = |number: u32| then.iter().any(|class| class.number == number);
        let gone = now.iter().map(|class| class.number).filter(|number| !stays(*number));
        match gone.filter_map(|class| Some((class, self.files.get(&class)?.len()))).next() {
            Some((class, files)) => Err(SyllabusError::ClassHasFiles { class, files }),
            None => Ok(()),
        }
    }

    fn add_file(
        &self,
        of: SyllabusOf,
        class: u32,
        file: FileRef,
        by: PersonId,
    ) -> Result<Vec<SyllabusEvent>, SyllabusError> {
        let mut classes = self.weeks.values().flatten();
        if !classes.any(|known| known.number == class) {
            return Err(SyllabusError::ClassUnknown { class });
        }
        let (files, most) = (self.files.get(&class).map_or(0, BTreeSet::len), MOST_FILES);
        if files >= most {
            return Err(SyllabusError::FilesTooMany { class, most });
        }
        Ok(vec![SyllabusEvent::FileAdded { of, class, file, by }])
    }
}

impl Content {
    fn must_be_sound(&self) -> Result<(), SyllabusError> {
        let (links, references, most) = (self.links.len(), self.references.len(), MOST_SOURCES);
        if links + references > most {
            return Err(SyllabusError::SourcesTooMany { links, references, most });
        }
        match self.links.iter().find(|link| !link.address.leads_to_the_web()) {
            Some(link) => Err(SyllabusError::LinkUnfit { address: link.address.clone() }),
            None => Ok(()),
        }
    }
}
