//! What may be asked of whoever takes a subject, as data that is put together freely (manual 2.3, 2.3.1): the set of
//! FenixEdu's curricular rules. Pure: a requirement says of what is known of a student which of its parts are not met.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use super::{Credits, ProgrammeId, SubjectId, Text};

/// What is asked of whoever takes a subject. A corequisite that may also have been passed before is
/// `Any(Passed, RegisteredNow)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Every one of these; nothing is asked where there is none.
    All(Vec<Requirement>),
    /// One of these at the least.
    Any(Vec<Requirement>),
    /// This must not be so.
    Not(Box<Requirement>),
    /// To have passed a subject: a prerequisite.
    Passed(SubjectId),
    /// To be registered for a subject in the same term: a corequisite.
    RegisteredNow(SubjectId),
    /// Not to be registered for a subject in the same term.
    NotRegisteredWith(SubjectId),
    /// To be in this year of study or a later one.
    YearOfStudyAtLeast(u8),
    /// To have gathered so many credits.
    CreditsGathered(Credits),
    /// To study this programme.
    InProgramme(ProgrammeId),
    /// To belong to this academic group.
    InGroup(Text),
    /// That the head of the student's programme has approved it.
    ApprovedByHead,
}

/// Nothing is asked.
impl Default for Requirement {
    fn default() -> Self {
        Self::All(vec![])
    }
}

/// What is known of a student who asks for a subject in a term.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The subjects passed.
    pub passed: BTreeSet<SubjectId>,
    /// The subjects in progress whose terms end before the one asked for begins, where the regulation lets them count
    /// as passed.
    pub assumed: BTreeSet<SubjectId>,
    /// The subjects that the student is registered for in the term, the one asked for aside.
    pub registered: BTreeSet<SubjectId>,
    /// The year of study; none where the record does not say.
    pub year_of_study: Option<u8>,
    /// The credits gathered.
    pub credits: Credits,
    /// The programme.
    pub programme: Option<ProgrammeId>,
    /// The academic group.
    pub group: Option<Text>,
    /// Whether the head of the programme has approved the subject.
    pub approved: bool,
}

impl Requirement {
    /// How many parts a requirement may have.
    pub const MOST_PARTS: usize = 100;
    /// How deep its parts may lie in one another.
    pub const MOST_DEPTH: usize = 8;

    /// All that is not met, each as small as it can be told: every part of an `All` for itself.
    pub fn unmet<'a>(&'a self, known: &Known) -> Vec<&'a Self> {
        self.conjuncts().into_iter().filter(|part| !part.is_met(known)).collect()
    }

    /// The parts that have to be met each for itself.
    pub fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::All(parts) => parts.iter().flat_map(Self::conjuncts).collect(),
            part => vec![part],
        }
    }

    /// Whether it is met.
    pub fn is_met(&self, known: &Known) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.is_met(known)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met(known)),
            Self::Not(part) => !part.is_met(known),
            Self::Passed(subject) => {
                known.passed.contains(subject) || known.assumed.contains(subject)
            }
            Self::RegisteredNow(subject) => known.registered.contains(subject),
            Self::NotRegisteredWith(subject) => !known.registered.contains(subject),
            Self::YearOfStudyAtLeast(least) => known.year_of_study.is_some_and(|at| at >= *least),
            Self::CreditsGathered(least) => known.credits >= *least,
            Self::InProgramme(programme) => known.programme == Some(*programme),
            Self::InGroup(group) => known.group.as_ref() == Some(group),
            Self::ApprovedByHead => known.approved,
        }
    }

    /// The parts that one part is made of.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Not(part) => std::slice::from_ref(part),
            _ => &[],
        }
    }

    /// Itself and everything that it is made of.
    pub fn everything(&self) -> Vec<&Self> {
        let inside = self.parts().iter().flat_map(Self::everything);
        std::iter::once(self).chain(inside).collect()
    }

    /// Whether it asks for one thing, and is not made of others.
    pub fn is_single(&self) -> bool {
        !matches!(self, Self::All(_) | Self::Any(_) | Self::Not(_))
    }

    /// The subject that this part names.
    pub fn subject(&self) -> Option<SubjectId> {
        match self {
            Self::Passed(subject)
            | Self::RegisteredNow(subject)
            | Self::NotRegisteredWith(subject) => Some(*subject),
            _ => None,
        }
    }

    /// All subjects that it names.
    pub fn subjects(&self) -> BTreeSet<SubjectId> {
        self.everything().into_iter().filter_map(Self::subject).collect()
    }

    /// All programmes that it names.
    pub fn programmes(&self) -> BTreeSet<ProgrammeId> {
        let of = |part: &Self| match part {
            Self::InProgramme(programme) => Some(*programme),
            _ => None,
        };
        self.everything().into_iter().filter_map(of).collect()
    }

    /// Whether it asks for what else is taken in the term.
    pub fn asks_beside(&self) -> bool {
        let beside =
            |part: &Self| matches!(part, Self::RegisteredNow(_) | Self::NotRegisteredWith(_));
        self.everything().into_iter().any(beside)
    }

    /// The subjects that somewhere in it have to be passed.
    pub fn prerequisites(&self) -> BTreeSet<SubjectId> {
        self.wanted(true, &|part| match part {
            Self::Passed(subject) => Some(*subject),
            _ => None,
        })
    }

    /// The subjects that somewhere in it have to be passed, or taken in the same term.
    pub fn awaited(&self) -> BTreeSet<SubjectId> {
        self.wanted(true, &|part| match part {
            Self::Passed(subject) | Self::RegisteredNow(subject) => Some(*subject),
            _ => None,
        })
    }

    /// The subjects of those single parts that have to be met for this to be met, or else for it not to be.
    fn wanted(&self, met: bool, of: &impl Fn(&Self) -> Option<SubjectId>) -> BTreeSet<SubjectId> {
        match self {
            Self::Not(part) => part.wanted(!met, of),
            single if single.is_single() => of(single).filter(|_| met).into_iter().collect(),
            parts => parts.parts().iter().flat_map(|part| part.wanted(met, of)).collect(),
        }
    }

    /// The subjects that it asks to have passed and that are only assumed to be.
    pub fn assumed(&self, known: &Known) -> BTreeSet<SubjectId> {
        let assumed = |subject: &SubjectId| {
            known.assumed.contains(subject) && !known.passed.contains(subject)
        };
        self.prerequisites().into_iter().filter(assumed).collect()
    }

    /// The subjects with which it can't be taken in the same term, whatever else holds.
    pub fn excludes(&self) -> BTreeSet<SubjectId> {
        match self {
            Self::NotRegisteredWith(subject) => BTreeSet::from([*subject]),
            Self::Not(part) => match &**part {
                Self::RegisteredNow(subject) => BTreeSet::from([*subject]),
                _ => BTreeSet::new(),
            },
            Self::All(parts) => parts.iter().flat_map(Self::excludes).collect(),
            _ => BTreeSet::new(),
        }
    }

    /// Two parts that are asked for together and can't both be met, by the simple cases: a subject that is to be passed and
    /// taken in the same term, which what was passed never is, or that is to be so and not so.
    pub fn contradiction(&self) -> Option<[&Self; 2]> {
        let parts = self.conjuncts();
        let pairs = (1..)
            .zip(&parts)
            .flat_map(|(next, one)| parts.iter().skip(next).map(move |other| [*one, *other]));
        let contradict = |[one, other]: &[&Self; 2]| match (one.asked_of(), other.asked_of()) {
            (Some((subject, is_passed, asked)), Some((other, other_is_passed, other_asked))) => {
                let same = is_passed == other_is_passed;
                subject == other && if same { asked != other_asked } else { asked && other_asked }
            }
            _ => false,
        };
        pairs.into_iter().find(contradict)
    }

    /// The subject that a single part asks to have passed, or else to take in the term; or asks that it is not so.
    fn asked_of(&self) -> Option<(SubjectId, bool, bool)> {
        match self {
            Self::Passed(subject) => Some((*subject, true, true)),
            Self::RegisteredNow(subject) => Some((*subject, false, true)),
            Self::NotRegisteredWith(subject) => Some((*subject, false, false)),
            Self::Not(part) => {
                part.asked_of().map(|(subject, passed, asked)| (subject, passed, !asked))
            }
            _ => None,
        }
    }

    /// How deep its parts lie in one another.
    pub fn depth(&self) -> usize {
        1 + self.parts().iter().map(Self::depth).max().unwrap_or(0)
    }

    /// As plain text that never changes with the reader's language, subjects by their codes.
    pub fn told(&self, codes: &Codes) -> String {
        let among = |name: &str, parts: &[Self]| {
            let parts: Vec<_> = parts.iter().map(|part| part.told(codes)).collect();
            format!("{name}({})", parts.join(", "))
        };
        match self {
            Self::All(parts) => among("all", parts),
            Self::Any(parts) => among("any", parts),
            Self::Not(part) => among("not", std::slice::from_ref(part)),
            Self::Passed(subject) => format!("passed {}", codes.of(*subject)),
            Self::RegisteredNow(subject) => format!("registered_now {}", codes.of(*subject)),
            Self::NotRegisteredWith(subject) => {
                format!("not_registered_with {}", codes.of(*subject))
            }
            Self::YearOfStudyAtLeast(least) => format!("year_of_study_at_least {least}"),
            Self::CreditsGathered(least) => format!("credits_gathered {least}"),
            Self::InProgramme(programme) => {
                format!("in_programme {}", codes.of_programme(*programme))
            }
            Self::InGroup(group) => format!("in_group {group}"),
            Self::ApprovedByHead => "approved_by_head".to_owned(),
        }
    }
}

/// The codes of the subjects and programmes that are told of; one without a code is told by its id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Codes {
    /// Of subjects.
    pub subjects: BTreeMap<SubjectId, Text>,
    /// Of programmes.
    pub programmes: BTreeMap<ProgrammeId, Text>,
}

impl Codes {
    /// Of subjects alone.
    pub fn of_subjects(subjects: impl IntoIterator<Item = (SubjectId, Text)>) -> Self {
        Self { subjects: subjects.into_iter().collect(), ..Self::default() }
    }

    /// How a programme is told of.
    pub fn of_programme(&self, programme: ProgrammeId) -> String {
        self.programmes.get(&programme).map_or_else(|| programme.to_string(), Text::to_string)
    }

    /// How a subject is told of.
    pub fn of(&self, subject: SubjectId) -> String {
        self.subjects.get(&subject).map_or_else(|| subject.to_string(), Text::to_string)
    }
}

/// What a subject asks for beside what is known of a student.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// All that is asked for.
    pub requirement: Requirement,
    /// What is known of the student.
    pub known: Known,
    /// The codes of the subjects that are named.
    pub codes: Codes,
}

/// What subjects ask for, as far as one of them leads to the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// By subject, all that is asked for.
    pub requirements: BTreeMap<SubjectId, Requirement>,
    /// Their codes.
    pub codes: Codes,
}

/// Subjects that wait for one another for ever, told by their codes: `MATH2 < MATH1 < MATH2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle(String);

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Asking {
    /// The circle through which `subject` could never be taken, where it asks for `requirement`. Where one of several
    /// would do, only a circle through each of them counts.
    pub fn cycle(&self, subject: SubjectId, requirement: Requirement) -> Option<Cycle> {
        let mut all = self.requirements.clone();
        all.insert(subject, requirement);
        let open = takeable(&all);
        let mut way = vec![subject];
        while let Some(last) = way.last().filter(|last| !open.contains(last)) {
            let asked = all[last].awaited();
            let next =
                asked.into_iter().find(|next| all.contains_key(next) && !open.contains(next))?;
            let met_before = way.iter().position(|before| *before == next);
            way.push(next);
            if let Some(from) = met_before {
                let codes: Vec<_> = way[from..].iter().map(|id| self.codes.of(*id)).collect();
                return Some(Cycle(codes.join(" < ")));
            }
        }
        None
    }
}

/// The subjects that somebody could come to, term by term: in each those are taken that ask for what was passed before,
/// and for one another. What is not told of asks for nothing.
fn takeable(all: &BTreeMap<SubjectId, Requirement>) -> BTreeSet<SubjectId> {
    let mut passed = BTreeSet::new();
    loop {
        let mut taken: BTreeSet<_> =
            all.keys().copied().filter(|subject| !passed.contains(subject)).collect();
        loop {
            let known = |subject| passed.contains(&subject) || !all.contains_key(&subject);
            let beside = |subject| known(subject) || taken.contains(&subject);
            let stays = |subject: &SubjectId| all[subject].can_be_met(&known, &beside);
            let staying: BTreeSet<_> = taken.iter().copied().filter(stays).collect();
            if staying.len() == taken.len() {
                break;
            }
            taken = staying;
        }
        if taken.is_empty() {
            return passed;
        }
        passed.extend(taken);
    }
}

impl Requirement {
    /// Whether it could be met by somebody, where those subjects can be passed before, and those taken in the same term.
    fn can_be_met(
        &self,
        passed: &impl Fn(SubjectId) -> bool,
        beside: &impl Fn(SubjectId) -> bool,
    ) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.can_be_met(passed, beside)),
            Self::Any(parts) => parts.iter().any(|part| part.can_be_met(passed, beside)),
            Self::Passed(subject) => passed(*subject),
            Self::RegisteredNow(subject) => beside(*subject),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests;
