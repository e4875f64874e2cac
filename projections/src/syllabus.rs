//! Syllabuses: what is taught in a subject in a term, week by week, with the files of each class.

use std::collections::BTreeMap;

use aggregates::{
    Event,
    shared::{FileId, FileRef, Recorded},
    syllabus::{Class, SyllabusEvent, SyllabusOf},
};
use serde::{Deserialize, Serialize};

use crate::View;

/// One document a syllabus: its weeks, classes and files are bounded.
pub struct Syllabuses;

/// A syllabus.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SyllabusDocument {
    /// Of which subject and term it is.
    pub of: Option<SyllabusOf>,
    /// The classes of each week, by its number.
    pub weeks: BTreeMap<u8, Vec<Class>>,
    /// The files of each class, by its number; in the order in which they were added.
    pub files: BTreeMap<u32, Vec<FileRef>>,
}

impl SyllabusDocument {
    /// Whether a file belongs to it now.
    pub fn has(&self, file: FileId) -> bool {
        self.files.values().flatten().any(|known| known.id == file)
    }
}

impl View for Syllabuses {
    const NAME: &'static str = "syllabus";
    const VERSION: u32 = 1;
    const OWN: bool = true;
    type Document = SyllabusDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Syllabus(event) => vec![event.of().syllabus.to_string()],
            _ => vec![],
        }
    }

    fn apply(document: &mut SyllabusDocument, _: &str, recorded: &Recorded) {
        let Event::Syllabus(event) = &recorded.event else { return };
        document.of = Some(event.of());
        match event {
            SyllabusEvent::WeekSet { week, classes, .. } if classes.is_empty() => {
                document.weeks.remove(week);
            }
            SyllabusEvent::WeekSet { week, classes, .. } => {
                document.weeks.insert(*week, classes.clone());
            }
            SyllabusEvent::FileAdded { class, file, .. } => {
                document.files.entry(*class).or_default().push(file.clone());
            }
            SyllabusEvent::FileRemoved { class, file, .. } => {
                if let Some(files) = document.files.get_mut(class) {
                    files.retain(|known| known.id != *file);
                }
            }
        }
    }
}
