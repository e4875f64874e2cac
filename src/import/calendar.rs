//! `orgs.csv` and `academicSessions.csv`: sessions become terms. Organisations have no counterpart
//! here; their ids are known to the rows that name them.

use aggregates::{
    academic_calendar::{AcademicCalendarCommand, Term, TermKind},
    shared::{CalendarId, Days, Fact, TermId, Text, Titles},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    ImportError,
    entity::{Entity, Known, Plan},
    flaw::Flaw,
    folder::Kind,
    table::Row,
};

/// The month an academic year begins in: a session that starts earlier belongs to the year before.
const FIRST_MONTH: i8 = 7;

/// An organisation.
pub(super) struct Org;

impl Entity for Org {
    const KIND: Kind = Kind::Orgs;
    type Found = ();

    fn read(row: &Row) -> Result<Self, Flaw> {
        row.required_text("name")?;
        Ok(Self)
    }

    async fn look_up(_: &[(Row, Self)], _: &Known) -> Result<(), ImportError> {
        Ok(())
    }

    fn plan(&self, _: &Row, (): &(), _: &Known) -> Result<Plan, Flaw> {
        Plan::of(vec![], &())
    }
}

/// An academic session.
pub(super) struct Session {
    id: String,
    title: Text,
    kind: TermKind,
    starts_on: Date,
    ends_on: Date,
}

/// What others need of a session.
#[derive(Serialize, Deserialize)]
pub(super) struct StagedTerm {
    /// The term that it becomes.
    pub term: TermId,
    /// The first day.
    pub starts_on: Date,
    /// The last day.
    pub ends_on: Date,
    /// The academic year.
    pub year: i16,
}

impl StagedTerm {
    /// With its days.
    pub(super) fn days(&self) -> (TermId, Days) {
        (self.term, Days::between(self.starts_on, self.ends_on))
    }
}

impl Entity for Session {
    const KIND: Kind = Kind::AcademicSessions;
    type Found = ();

    fn read(row: &Row) -> Result<Self, Flaw> {
        let kind = match row.required("type")?.to_lowercase().as_str() {
            "semester" | "term" | "gradingperiod" => TermKind::Semester,
            "schoolyear" => TermKind::Year,
            other => return Err(Flaw::of_text("type", "NO_SESSION_TYPE", other)),
        };
        let (starts_on, ends_on) = (row.required_date("startDate")?, row.required_date("endDate")?);
        if ends_on < starts_on {
            let facts = [Fact::new("ends_on", ends_on), Fact::new("starts_on", starts_on)];
            return Err(Flaw::told("endDate", "ENDS_BEFORE_START", &facts));
        }
        let (id, title) = (row.id("sourcedId")?, row.required_text("title")?);
        Ok(Self { id, title, kind, starts_on, ends_on })
    }

    async fn look_up(_: &[(Row, Self)], _: &Known) -> Result<(), ImportError> {
        Ok(())
    }

    fn plan(&self, row: &Row, (): &(), known: &Known) -> Result<Plan, Flaw> {
        let Self { id, title, kind, starts_on, ends_on } = self;
        let before = i16::from(starts_on.month() < FIRST_MONTH);
        let year = starts_on.year() - before;
        let staged =
            StagedTerm { term: known.term(id), starts_on: *starts_on, ends_on: *ends_on, year };
        let term = Term {
            id: staged.term,
            title: title.clone(),
            titles: Titles::default(),
            kind: *kind,
            starts_on: *starts_on,
            ends_on: *ends_on,
        };
        let origin = Some(known.origin(Self::KIND, row, None));
        let add = AcademicCalendarCommand::AddTerm { year, term, origin };
        Plan::of(vec![add.of(CalendarId::of(year))], &staged)
    }
}
