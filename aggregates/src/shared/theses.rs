//! What a regulation says of theses (manual 2.14; CABINET.md, *What the rules of the land add*).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Percent;

named! {
    /// What kind of work a thesis is.
    pub enum ThesisKind {
        /// Coursework.
        Coursework = "coursework",
        /// A diploma project.
        Diploma = "diploma",
        /// A master's dissertation.
        Dissertation = "dissertation",
    }
}

named! {
    /// What is handed in beside the work.
    pub enum DocumentKind {
        /// The title page: one file.
        TitlePage = "title_page",
        /// The task, as it was set.
        Assignment = "assignment",
        /// The abstract.
        Abstract = "abstract",
        /// What the supervisor says of the work.
        SupervisorReview = "supervisor_review",
        /// What a reviewer says of it.
        Review = "review",
        /// The appendices.
        Appendices = "appendices",
    }
}

impl DocumentKind {
    /// Whether it is exactly one file; the others may be several.
    pub fn is_one_file(self) -> bool {
        self == Self::TitlePage
    }
}

/// The rules for theses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThesisRules {
    /// What has to be handed in before a work is checked.
    pub documents: Vec<DocumentKind>,
    /// The least originality that passes, by the kind of work.
    pub originality_from: BTreeMap<ThesisKind, Percent>,
    /// How many free attempts there are, unless staff say otherwise.
    pub free: u32,
    /// How many paid ones follow.
    pub paid: u32,
}

impl ThesisRules {
    /// This house's default: the law leaves thresholds and counts to the university.
    pub fn usual() -> Self {
        let from = [
            (ThesisKind::Coursework, Percent::whole(60)),
            (ThesisKind::Diploma, Percent::whole(70)),
            (ThesisKind::Dissertation, Percent::whole(75)),
        ];
        Self {
            documents: vec![DocumentKind::TitlePage, DocumentKind::Appendices],
            originality_from: from.into(),
            free: 2,
            paid: 1,
        }
    }
}
