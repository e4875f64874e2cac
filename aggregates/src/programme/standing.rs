//! How a student stands with a programme: part by part, what is still missing. Pure: asked by whoever shows it.

use std::collections::BTreeMap;

use super::{Choice, Curriculum, Group, Placed};
use crate::shared::{Credits, SubjectId};

/// What a student has of a programme's subjects, each with the credits it counts.
pub type Studied = BTreeMap<SubjectId, Credits>;

/// How a student stands with a part of a curriculum: what is compulsory, or a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartStanding<'a> {
    /// The group; none for what is compulsory.
    pub group: Option<&'a Group>,
    /// Whether nothing is missing.
    pub fulfilled: bool,
    /// The credits that count.
    pub credits: Credits,
    /// How many subjects are missing.
    pub missing_subjects: usize,
    /// How many credits are missing; none where subjects are counted.
    pub missing_credits: Credits,
    /// The subjects that the student does not have: all of what is compulsory, else what to choose from.
    pub open: Vec<Placed>,
}

impl Curriculum {
    /// How whoever has studied that stands with it.
    pub fn standing(&self, studied: &Studied) -> Vec<PartStanding<'_>> {
        let groups = self.groups.iter().map(|group| group.standing(studied));
        let all = self.compulsory.len();
        let compulsory = Counted::of(&self.compulsory, studied);
        let compulsory = (all > 0).then(|| compulsory.against(None, Needed::Subjects(all)));
        compulsory.into_iter().chain(groups).collect()
    }
}

impl Group {
    fn standing(&self, studied: &Studied) -> PartStanding<'_> {
        let needed = match self.choice {
            Choice::Subjects(choose) => Needed::Subjects(choose.into()),
            Choice::Credits { from, to } => Needed::Credits { from, to },
        };
        Counted::of(&self.subjects, studied).against(Some(self), needed)
    }
}

enum Needed {
    Subjects(usize),
    Credits { from: Credits, to: Credits },
}

/// What of a part's subjects the student has.
struct Counted {
    subjects: usize,
    credits: Credits,
    open: Vec<Placed>,
}

impl Counted {
    fn of(subjects: &[Placed], studied: &Studied) -> Self {
        let had: Vec<_> =
            subjects.iter().filter_map(|placed| studied.get(&placed.subject)).collect();
        let open = subjects.iter().filter(|placed| !studied.contains_key(&placed.subject));
        let (subjects, credits) = (had.len(), had.into_iter().copied().sum());
        Self { subjects, credits, open: open.copied().collect() }
    }

    fn against(self, group: Option<&Group>, needed: Needed) -> PartStanding<'_> {
        let Self { subjects, credits, open } = self;
        let (missing_subjects, missing_credits, credits) = match needed {
            Needed::Subjects(needed) => {
                (needed.saturating_sub(subjects), Credits::default(), credits)
            }
            Needed::Credits { from, to } => (0, credits.missing_to(from), credits.min(to)),
        };
        let fulfilled = missing_subjects == 0 && missing_credits == Credits::default();
        PartStanding { group, fulfilled, credits, missing_subjects, missing_credits, open }
    }
}
