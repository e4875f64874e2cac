//! What may be asked of a programme.

use std::collections::{BTreeMap, BTreeSet};

use super::{Curriculum, ProgrammeCard};
use crate::shared::{Credits, PersonId, ProgrammeId, SubjectId, Text, Titles};

/// What may be asked of a programme.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum ProgrammeCommand {
    /// Set it up.
    Create {
        /// Its id, which follows from the code.
        programme: ProgrammeId,
        /// The code (`6B06101`), which never changes.
        code: Text,
        /// What is said of it.
        card: ProgrammeCard,
    },
    /// Change what is said of it from now on.
    Revise {
        /// Its id.
        programme: ProgrammeId,
        /// The title.
        title: Text,
        /// What it is called in languages; as before where nothing is said.
        titles: Option<Titles>,
        /// Who heads it, or that nobody does; as before where nothing is said.
        head: Option<Option<PersonId>>,
    },
    /// Set what is studied by those who are admitted from a year on.
    SetCurriculum {
        /// Its id.
        programme: ProgrammeId,
        /// The first year of admission, by the year in which the academic year begins.
        year: i16,
        /// What is studied.
        curriculum: Curriculum,
        /// The names of its groups of which nothing is said in languages: they are called as the group of that name was.
        called_as_before: BTreeSet<Text>,
        /// The credits of its subjects now.
        credits: BTreeMap<SubjectId, Credits>,
    },
}
