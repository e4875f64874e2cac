//! What may be asked of a plan.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{ChosenStream, Entry, IepEvent, Signer, TermPlan};
use crate::shared::{
    Credits, EnrollmentId, IepId, Meeting, Override, PersonId, StreamId, SubjectId, TermDays,
    TermId, TextRef, Window,
};

/// What may be asked of a plan.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum IepCommand {
    /// Put a subject on it; the first one opens the plan.
    AddSubject {
        /// What the plan is opened with, if it is not open yet.
        opening: Box<Opening>,
        /// The terms of the year, with what each holds.
        terms: Vec<TermPlan>,
        /// The subject.
        entry: Entry,
        /// Where the subject is only taken with others, or not with them: those of the term that the asker knew on the
        /// plan.
        beside: Option<BTreeSet<SubjectId>>,
        /// Who asks, and what is open.
        openness: Openness,
        /// What a registrar overrides.
        over: Option<Box<Override>>,
    },
    /// Have nothing of these subjects, of which only some may be chosen, that the asker did not know of. It writes
    /// nothing: beside a registration it keeps one that came in between from being overlooked, in whichever year.
    HaveNothingElse {
        /// The subjects.
        of: BTreeSet<SubjectId>,
        /// The registrations for them that the asker knew on the plan.
        known: BTreeSet<EnrollmentId>,
    },
    /// Have no stream of these terms in the timetable, at these times, that the asker did not know of. It writes nothing:
    /// beside a choice in a term of another year that is taught at the same time it keeps one that came in between from
    /// being overlooked.
    HaveNoOtherStreams {
        /// The terms.
        terms: BTreeSet<TermId>,
        /// The streams that were known, with their times.
        known: BTreeMap<StreamId, Vec<Meeting>>,
    },
    /// Take a subject off it, and its streams.
    RemoveSubject {
        /// Which registration.
        enrollment: EnrollmentId,
        /// Who asks, and what is open.
        openness: Openness,
    },
    /// Sign exactly this revision.
    Sign {
        /// The revision that was read.
        revision: u32,
        /// Who signs.
        signer: Signer,
        /// When.
        at: Timestamp,
    },
    /// Send exactly this revision back: it ends, the next one opens with the same subjects.
    SendBack {
        /// The revision that was read.
        revision: u32,
        /// Who sends it back.
        by: Signer,
        /// Why.
        reason: TextRef,
    },
    /// Follow a stream that meets at other times.
    MoveStream {
        /// Which.
        stream: StreamId,
        /// When and where it meets.
        meetings: Vec<Meeting>,
        /// The days of the terms whose streams it is compared with.
        terms: TermDays,
        /// Whether also where another one is at the same time.
        despite_clashes: bool,
    },
    /// Follow the student to another advisor.
    AssignAdvisor {
        /// Who guides now.
        advisor: PersonId,
    },
    /// Put a chosen stream into the timetable.
    PlaceStreams(Placement),
    /// Take a stream out of the timetable, where it is there.
    LeaveStream {
        /// Which.
        stream: StreamId,
    },
}

/// Streams that go into the timetable: all of them or none.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    /// Each with its times, and the stream of the same component that is given up for it.
    pub streams: Vec<(ChosenStream, Option<StreamId>)>,
    /// What the plan is opened with, if it is not open yet, where the registration was taken over from
    /// another system and so is on no plan.
    pub unplanned: Option<Opening>,
    /// The streams that were taken over from another system: they are in no plan either, but meet too.
    pub imported: Vec<ChosenStream>,
    /// The days of the terms that these and the plan's streams are of, where they are of several.
    pub terms: TermDays,
}

/// What a plan is opened with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Its id.
    pub iep: IepId,
    /// Whose.
    pub student: PersonId,
    /// The year in which the academic year begins.
    pub year: i16,
    /// Who guides the student.
    pub advisor: Option<PersonId>,
    /// The version of the regulation in force.
    pub regulation: String,
    /// The most credits of the year.
    pub year_limit: Credits,
}

impl Placement {
    /// Of a stream for a registration that is on the plan.
    pub fn on_plan(stream: ChosenStream, gives_up: Option<StreamId>, terms: TermDays) -> Self {
        Self { streams: vec![(stream, gives_up)], unplanned: None, imported: vec![], terms }
    }
}

impl Opening {
    /// That the plan is open, with revision 1.
    pub(super) fn event(&self) -> IepEvent {
        let Self { iep, student, year, advisor, regulation, year_limit } = self.clone();
        IepEvent::Opened { iep, student, year, advisor, regulation, year_limit }
    }
}

/// In whose right subjects are changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Authority {
    /// The student's own.
    Student,
    /// A registrar's, whenever there is a reason.
    Registrar {
        /// Why.
        reason: TextRef,
    },
}

/// Who asks for a change, and what the calendar says of the subject's term.
#[derive(Debug, Clone)]
pub struct Openness {
    /// In whose right.
    pub by: Authority,
    /// When one may register.
    pub registration: Option<Window>,
    /// When one may register again.
    pub add_drop: Option<Window>,
    /// Whether the term has ended.
    pub ended: bool,
    /// Now.
    pub at: Timestamp,
}
