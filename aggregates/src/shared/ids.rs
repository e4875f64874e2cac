//! Ids: one type each, so that none is taken for another. What is unique by nature has an id
//! derived from what makes it so. Ids of people and of what nobody may guess at are random. Other new ids begin with
//! the time (UUID version 7, RFC 9562): what is made together lies together in every index.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($new:ident: $( $(#[$meta:meta])* $name:ident ),* $(,)?) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id.
            #[allow(clippy::new_without_default, reason = "two calls give two values")]
            pub fn new() -> Self {
                Self(Uuid::$new())
            }

            /// The id that belongs to `parts`: the same parts, the same id.
            pub fn derived(parts: &[&str]) -> Self {
                Self(derive(stringify!($name), parts))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )* };
}

ids! { new_v4:
    /// A person: applicant, student, teacher or staff; also the id of their account.
    PersonId,
    /// A question of a test: its id says nothing of the order in which questions were made.
    QuestionId,
    /// An option of a question; nor does this one.
    OptionId,
    /// A file that was handed in.
    FileId,
    /// A free text about somebody, kept outside the log.
    TextId,
}

ids! { now_v7:
    /// A study programme.
    ProgrammeId,
    /// A subject of the catalogue.
    SubjectId,
    /// A term of the academic calendar.
    TermId,
    /// The academic calendar of one year.
    CalendarId,
    /// A period of a term.
    PeriodId,
    /// A stream: a group a subject is taught in.
    StreamId,
    /// A sitting of a stream.
    SittingId,
    /// A hold on a student.
    HoldId,
    /// A regulation, one version of it.
    RegulationId,
    /// One student's individual education plan for one academic year.
    IepId,
    /// One student's registration for one subject in one term.
    EnrollmentId,
    /// A mark in the journal.
    MarkId,
    /// A test.
    TestId,
    /// All attempts of one student at one test.
    SeriesId,
    /// One attempt at a test.
    AttemptId,
    /// A thesis on its way through the check.
    ThesisId,
    /// What a student asks of the university.
    RequestId,
    /// What is taught in a subject in one term, week by week.
    SyllabusId,
}

impl CalendarId {
    /// The calendar of the academic year that begins in `year`.
    pub fn of(year: i16) -> Self {
        Self::derived(&[&year.to_string()])
    }
}

impl IepId {
    /// The plan of `student` for the academic year that begins in `year`.
    pub fn of(student: PersonId, year: i16) -> Self {
        Self::derived(&[&student.to_string(), &year.to_string()])
    }
}

impl EnrollmentId {
    /// The registration of `student` for `subject` in `term`: there is one at the most.
    pub fn of(student: PersonId, subject: SubjectId, term: TermId) -> Self {
        Self::derived(&[&student.to_string(), &subject.to_string(), &term.to_string()])
    }
}

impl SeriesId {
    /// The attempts of `student` at `test`.
    pub fn of(student: PersonId, test: TestId) -> Self {
        Self::derived(&[&student.to_string(), &test.to_string()])
    }
}

impl AttemptId {
    /// The attempt of that number, from 1.
    pub fn of(series: SeriesId, number: u32) -> Self {
        Self::derived(&[&series.to_string(), &number.to_string()])
    }
}

impl MarkId {
    /// The mark that the result of a series of attempts is in the journal.
    pub fn of_series(series: SeriesId) -> Self {
        Self::derived(&[&series.to_string()])
    }
}

impl RequestId {
    /// The request of that number, from 1, about a registration: there is one open at the most.
    pub fn of(about: EnrollmentId, number: u32) -> Self {
        Self::derived(&[&about.to_string(), &number.to_string()])
    }
}

impl StreamId {
    /// The stream of that name of `subject` in `term`, of which so many were closed before: there is one open at the most.
    pub fn of(subject: SubjectId, term: TermId, name: &str, closed: usize) -> Self {
        Self::derived(&[&subject.to_string(), &term.to_string(), name, &closed.to_string()])
    }
}

impl SubjectId {
    /// The subject that is put into the catalogue with a code, where so many were before that are called otherwise by
    /// now: of those who do it at once one does.
    pub fn of(code: &str, before: u32) -> Self {
        Self::derived(&[code, &before.to_string()])
    }
}

impl SyllabusId {
    /// The syllabus of `subject` in `term`: there is one at the most.
    pub fn of(subject: SubjectId, term: TermId) -> Self {
        Self::derived(&[&subject.to_string(), &term.to_string()])
    }
}

impl RegulationId {
    /// The regulation of that version.
    pub fn of(version: &str) -> Self {
        Self::derived(&[version])
    }
}

/// UUID version 5 over the kind and the parts, each part prefixed with its length so that no two
/// lists of parts run together.
fn derive(kind: &str, parts: &[&str]) -> Uuid {
    let mut name = kind.as_bytes().to_vec();
    for part in parts {
        name.extend((part.len() as u64).to_be_bytes());
        name.extend(part.as_bytes());
    }
    Uuid::new_v5(&Uuid::NAMESPACE_OID, &name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_depend_on_kind_and_on_where_parts_end() {
        let id = SubjectId::derived(&["ab", "c"]);
        assert_eq!(id, SubjectId::derived(&["ab", "c"]));
        assert_ne!(id, SubjectId::derived(&["a", "bc"]));
        assert_ne!(id.to_string(), TermId::derived(&["ab", "c"]).to_string());
    }
}
