//! Programmes: what is studied, by the year of admission (manual 2.3).

use std::collections::BTreeMap;

use aggregates::{
    Event,
    programme::{Curriculum, ProgrammeCard, ProgrammeEvent},
    shared::{Recorded, Text},
};
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View, alphabet::sort_key};

/// One document a programme.
pub struct Programmes;

/// A programme.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ProgrammeDocument {
    /// The code.
    pub code: Option<Text>,
    /// What is said of it.
    pub card: Option<ProgrammeCard>,
    /// What is studied, by the first year of admission.
    pub curricula: BTreeMap<i16, Curriculum>,
    /// What lists sort by: the code, case folded.
    pub sort_key: String,
}

impl ProgrammeDocument {
    /// What those study who were admitted in a year, and from which year on it holds.
    pub fn curriculum(&self, admitted: i16) -> Option<(i16, &Curriculum)> {
        self.curricula.range(..=admitted).next_back().map(|(year, curriculum)| (*year, curriculum))
    }
}

impl View for Programmes {
    const NAME: &'static str = "programme";
    const VERSION: u32 = 3;
    const COLUMNS: &'static [Column] = &[Column { name: "sort_key", kind: ColumnType::Text }];
    const OWN: bool = true;
    type Document = ProgrammeDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Programme(event) = event else { return vec![] };
        vec![event.programme().to_string()]
    }

    fn apply(document: &mut ProgrammeDocument, _: &str, recorded: &Recorded) {
        let Event::Programme(event) = &recorded.event else { return };
        match event {
            ProgrammeEvent::Created { code, card, .. } => {
                document.sort_key = sort_key(code.as_str());
                document.code = Some(code.clone());
                document.card = Some(card.clone());
            }
            ProgrammeEvent::Revised { card, .. } => document.card = Some(card.clone()),
            ProgrammeEvent::CurriculumSet { year, curriculum, .. } => {
                document.curricula.insert(*year, curriculum.clone());
            }
        }
    }
}
