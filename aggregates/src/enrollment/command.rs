//! What may be asked of a registration.

use std::{collections::BTreeSet, sync::Arc};

use jiff::civil::Date;

use super::{AttendanceKind, Mark, StreamNames, StreamSeat, SubjectStatus, Taken};
use crate::shared::{
    Decision, Demand, ElectiveGroup, HoldKind, Hundredths, MarkId, MarkKind, Origin, Override,
    PersonId, Rules, StreamId, Text, TextRef,
};

/// What may be asked of a registration.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum EnrollmentCommand {
    /// Register; a dropped registration may be taken up again.
    Register {
        /// For what, and on which facts.
        registration: Box<Registration>,
    },
    /// Give it up, and its streams.
    Drop {
        /// The streams that the asker gives up with it.
        streams: BTreeSet<StreamId>,
        /// The streams whose lines the asker leaves with it.
        lines: BTreeSet<StreamId>,
    },
    /// Take seats in streams, each in place of the one of the same component: all of them or none.
    ChooseStreams {
        /// Which.
        choices: Vec<Choice>,
        /// The streams of other components that are given up with it.
        leaves: BTreeSet<StreamId>,
        /// What they and their like are called.
        names: StreamNames,
    },
    /// Join the line for a seat in a stream.
    WaitForStream {
        /// Which stream.
        seat: StreamSeat,
    },
    /// Give a seat up.
    LeaveStream {
        /// Which stream.
        stream: StreamId,
        /// What it and its like are called.
        names: StreamNames,
        /// Why, where a registrar decided so.
        because: Option<TextRef>,
    },
    /// Enter a mark; an exam or a retake is graded in the same act.
    RecordMark {
        /// The mark.
        mark: NewMark,
        /// Today, in the university's time zone.
        today: Date,
        /// The regulation of the term.
        rules: InForce,
    },
    /// Enter whether the student was in class.
    RecordAttendance {
        /// Of which stream.
        stream: StreamId,
        /// Which day.
        day: Date,
        /// There or not.
        attendance: AttendanceKind,
        /// Today, in the university's time zone.
        today: Date,
    },
    /// Close it without an exam: the admission rating was not reached.
    GradeNotAdmitted {
        /// The regulation of the term.
        rules: InForce,
    },
    /// Set another final grade, with a reason.
    CorrectGrade {
        /// The final percent.
        percent: Hundredths,
        /// Why.
        reason: TextRef,
        /// Who corrects.
        by: PersonId,
        /// The regulation of the term.
        rules: InForce,
    },
    /// Give a mark outside the GPA (I, P, NP, W).
    GradeOutside {
        /// Its letter.
        letter: String,
        /// Another word for it, if not its own.
        word: Option<String>,
        /// The regulation of the term.
        rules: InForce,
    },
    /// Take a registration over from another system, and a seat.
    Import {
        /// What it is.
        taken: Taken,
        /// The stream.
        stream: Option<StreamSeat>,
        /// Where it comes from.
        origin: Origin,
    },
    /// Take a mark over from another system; the same again changes nothing.
    ImportMark {
        /// The mark.
        mark: Mark,
        /// Where it comes from.
        origin: Origin,
    },
    /// Take a final mark outside the GPA over from another system.
    ImportResult {
        /// Its letter.
        letter: String,
        /// The word it had there.
        word: Option<String>,
        /// The regulation of the term.
        rules: InForce,
        /// Where it comes from.
        origin: Origin,
    },
}

/// A seat that is chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The seat.
    pub seat: StreamSeat,
    /// The stream that the asker gives up for it.
    pub gives_up: Option<StreamId>,
}

/// What somebody registers for, and what was known then.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The subject in its term.
    pub taken: Taken,
    /// How the student stands with the subject over all terms.
    pub status: SubjectStatus,
    /// Whether its exam may be taken again (FX): then that comes before a new registration.
    pub retake_due: bool,
    /// What the subject asks for, and what is known of the student.
    pub demand: Demand,
    /// The group of the curriculum that it is chosen of, where it is of one.
    pub group: Option<ElectiveGroup>,
    /// What blocks the student from registering.
    pub holds: BTreeSet<HoldKind>,
    /// Whether the subject is offered in the term.
    pub offered: bool,
    /// What of that a registrar overrides.
    pub over: Option<Override>,
    /// These facts as the record keeps them.
    pub decision: Decision,
}

/// A mark as it was entered, not yet held to any range.
#[derive(Debug, Clone)]
pub struct NewMark {
    /// Its id.
    pub id: MarkId,
    /// What it is for.
    pub kind: MarkKind,
    /// The rating period, 1 or 2, or none.
    pub period: Option<i32>,
    /// What it is called.
    pub title: Option<Text>,
    /// The percent.
    pub percent: Hundredths,
    /// Its weight among marks of its kind; a full one where none is stated.
    pub weight: Option<Hundredths>,
    /// The day.
    pub day: Date,
}

/// The regulation in force on the first day of the term.
#[derive(Debug, Clone)]
pub struct InForce {
    /// Its version.
    pub version: String,
    /// Its rules.
    pub rules: Arc<Rules>,
}
