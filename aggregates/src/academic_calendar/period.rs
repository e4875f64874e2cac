//! Periods: what is open or on, from when until when, and whom it is for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::shared::{PeriodId, ProgrammeId, TermId, Text, Titles, Window};

named! {
    /// What a period is (manual 2.9).
    pub enum PeriodKind {
        /// Registering for subjects.
        Registration = "registration",
        /// Choosing streams.
        ChoosingStreams = "choosing_streams",
        /// Re-registration, week 1 of a semester.
        AddDrop = "add_drop",
        /// Teaching.
        Study = "study",
        /// Controls: the weeks of ratings and midterms.
        Controls = "controls",
        /// Exams.
        Exams = "exams",
        /// Holidays.
        Holidays = "holidays",
        /// What the university names itself, by its title.
        Other = "other",
    }
}

impl PeriodKind {
    /// Whether it lies within the days of its term, as registering and what the university names itself need not.
    pub fn is_within_term(self) -> bool {
        matches!(self, Self::AddDrop | Self::Study | Self::Controls | Self::Exams | Self::Holidays)
    }

    /// Whether all of these count for somebody, and not only those that are for them most of all.
    pub fn adds_up(self) -> bool {
        matches!(self, Self::Holidays | Self::Other)
    }
}

/// Whom a period is for; what is empty leaves nobody out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// The students of these faculties.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub faculties: BTreeSet<Text>,
    /// The students of these programmes.
    pub programmes: BTreeSet<ProgrammeId>,
    /// Those who are in these years of study, from 1, in the term's academic year.
    pub years_of_study: BTreeSet<u8>,
}

/// By what a student belongs to an audience.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cohort {
    /// The faculty, as far as known.
    pub faculty: Option<Text>,
    /// The programme, as far as known.
    pub programme: Option<ProgrammeId>,
    /// The year of study in the term's academic year, as far as known.
    pub year_of_study: Option<u8>,
}

impl Audience {
    /// Whether nobody is left out.
    pub fn is_everybody(&self) -> bool {
        self.narrowness() == (false, false, false)
    }

    /// Whether somebody belongs to it.
    pub fn includes(&self, cohort: &Cohort) -> bool {
        fn one_of<T: Ord>(named: &BTreeSet<T>, theirs: Option<&T>) -> bool {
            named.is_empty() || theirs.is_some_and(|theirs| named.contains(theirs))
        }
        one_of(&self.faculties, cohort.faculty.as_ref())
            && one_of(&self.programmes, cohort.programme.as_ref())
            && one_of(&self.years_of_study, cohort.year_of_study.as_ref())
    }

    /// How much it leaves out: a programme goes before a faculty, that before all of the university, and of each a year
    /// of study before all years.
    pub fn narrowness(&self) -> (bool, bool, bool) {
        (!self.programmes.is_empty(), !self.faculties.is_empty(), !self.years_of_study.is_empty())
    }
}

/// A period of a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// What it is.
    pub kind: PeriodKind,
    /// What it is called, where the kind does not say it all.
    pub title: Option<Text>,
    /// What it is called in languages, where it has a title.
    pub titles: Titles,
    /// Whom it is for.
    pub audience: Audience,
    /// From when until when.
    pub window: Window,
}

impl Period {
    /// What is the same however often it is moved: its term, kind, title and audience.
    pub fn id(&self, term: TermId) -> PeriodId {
        fn all<T: ToString>(named: &BTreeSet<T>) -> String {
            named.iter().map(T::to_string).collect::<Vec<_>>().join(",")
        }
        let Audience { faculties, programmes, years_of_study } = &self.audience;
        let title = self.title.as_ref().map_or("", Text::as_str);
        let (term, programmes, years) = (term.to_string(), all(programmes), all(years_of_study));
        let named = [&term, self.kind.name(), title, &programmes, &years].into_iter();
        let named: Vec<_> = named.chain(faculties.iter().map(Text::as_str)).collect();
        PeriodId::derived(&named)
    }
}
