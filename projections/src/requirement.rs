//! Requirements: what each subject asks for beside its prerequisites, and which others name it (manual 2.3).

use std::collections::BTreeSet;

use aggregates::{
    Event,
    shared::{Recorded, Requirement, SubjectId},
    subject::SubjectEvent,
};
use serde::{Deserialize, Serialize};

use crate::View;

/// One document a subject that asks for something, or is named by one that does.
pub struct Requirements;

/// What a subject asks for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RequirementDocument {
    /// All of it.
    pub requirement: Requirement,
    /// The subjects that somewhere ask to have passed this one.
    pub postrequisites: BTreeSet<SubjectId>,
    /// The subjects that can't be taken in the same term as this one.
    pub excluded_by: BTreeSet<SubjectId>,
}

impl RequirementDocument {
    /// What it asks for, with the subjects that exclude it: to exclude one another is mutual.
    pub fn with_exclusions(&self) -> Requirement {
        let excluding = self.excluded_by.iter().copied().map(Requirement::NotRegisteredWith);
        Requirement::All(std::iter::once(self.requirement.clone()).chain(excluding).collect())
    }
}

impl View for Requirements {
    const NAME: &'static str = "requirement";
    const VERSION: u32 = 2;
    type Document = RequirementDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Subject(SubjectEvent::RequirementSet { subject, requirement, dropped_subjects }) =
            event
        else {
            return vec![];
        };
        let mut keys = requirement.subjects();
        keys.extend(dropped_subjects);
        keys.insert(*subject);
        keys.iter().map(SubjectId::to_string).collect()
    }

    fn apply(document: &mut RequirementDocument, key: &str, recorded: &Recorded) {
        let Event::Subject(SubjectEvent::RequirementSet { subject, requirement, .. }) =
            &recorded.event
        else {
            return;
        };
        if subject.to_string() == key {
            document.requirement = requirement.clone();
            return;
        }
        let named = |subjects: BTreeSet<SubjectId>| subjects.iter().any(|id| id.to_string() == key);
        set(&mut document.postrequisites, *subject, named(requirement.prerequisites()));
        set(&mut document.excluded_by, *subject, named(requirement.excludes()));
    }
}

fn set(subjects: &mut BTreeSet<SubjectId>, subject: SubjectId, there: bool) {
    if there {
        subjects.insert(subject);
    } else {
        subjects.remove(&subject);
    }
}
