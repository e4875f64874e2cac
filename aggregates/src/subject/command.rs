//! What may be asked of a subject.

use super::{About, SubjectCard};
use crate::shared::{Asking, Language, Requirement, SubjectId, TermId};

/// What may be asked of a subject.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum SubjectCommand {
    /// Put it into the catalogue.
    Create {
        /// Its id.
        subject: SubjectId,
        /// What the catalogue says of it.
        card: SubjectCard,
    },
    /// Change what the catalogue says of it from now on.
    Revise {
        /// Its id.
        subject: SubjectId,
        /// What the catalogue says of it.
        card: SubjectCard,
        /// What other subjects ask for, as far as this one's prerequisites lead to them.
        asking: Asking,
    },
    /// Set what it asks for beside its prerequisites.
    Require {
        /// Its id.
        subject: SubjectId,
        /// All of it; in the place of what it asked for before.
        requirement: Requirement,
        /// What other subjects ask for, as far as this one leads to them.
        asking: Asking,
    },
    /// Ask for nothing else than this by now: what leads through it was found so.
    MustAsk {
        /// Its id.
        subject: SubjectId,
        /// Its prerequisites.
        prerequisites: Vec<SubjectId>,
        /// What it asks for beside them.
        requirement: Requirement,
    },
    /// Offer it in a term.
    Offer {
        /// Its id.
        subject: SubjectId,
        /// The term.
        term: TermId,
    },
    /// Say what it is about in a language; the same again changes nothing.
    Describe {
        /// Its id.
        subject: SubjectId,
        /// In which language.
        language: Language,
        /// All that is said in it, in the place of what was said before.
        about: About,
    },
    /// Take it over from another system; the same card again changes nothing.
    Import {
        /// Its id.
        subject: SubjectId,
        /// What the catalogue says of it.
        card: SubjectCard,
        /// Where it comes from.
        origin: crate::shared::Origin,
    },
}
