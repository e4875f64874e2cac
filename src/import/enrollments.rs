//! `enrollments.csv`: a student's row becomes a registration, a seat and, where it says so, a final
//! mark; a teacher's row assigns them to the stream. Rows of other roles have no counterpart here.

use aggregates::{
    enrollment::{EnrollmentCommand, Taken},
    shared::{EnrollmentId, Fact},
    stream::StreamCommand,
};
use jiff::civil::Date;

use super::{
    ImportError,
    entity::{Entity, FoundRows, Known, Plan},
    flaw::Flaw,
    folder::Kind,
    streams::StagedClass,
    table::Row,
    together::StagedSeat,
    users::{StagedUser, UserRole},
};

pub(super) const FINAL_RESULT: &str = "metadata.finalResult";
const USER: &str = "userSourcedId";

/// An enrollment.
pub(super) struct Enrolled {
    class: String,
    user: String,
    role: UserRole,
    begins_on: Option<Date>,
    ends_on: Option<Date>,
    /// The letter outside the GPA that the final result is, with its word.
    result: Option<(&'static str, String)>,
}

/// What enrollments refer to.
pub(super) struct Found {
    classes: FoundRows<StagedClass>,
    users: FoundRows<StagedUser>,
}

impl Entity for Enrolled {
    const KIND: Kind = Kind::Enrollments;
    type Found = Found;

    fn read(row: &Row) -> Result<Self, Flaw> {
        Ok(Self {
            class: row.id("classSourcedId")?,
            user: row.id(USER)?,
            role: UserRole::read(row)?,
            begins_on: row.date("beginDate")?,
            ends_on: row.date("endDate")?,
            result: result(row)?,
        })
    }

    async fn look_up(rows: &[(Row, Self)], known: &Known) -> Result<Found, ImportError> {
        let classes = rows.iter().map(|(_, enrolled)| enrolled.class.as_str());
        let users = rows.iter().map(|(_, enrolled)| enrolled.user.as_str());
        Ok(Found {
            classes: known.find(Kind::Classes, classes).await?,
            users: known.find(Kind::Users, users).await?,
        })
    }

    fn plan(&self, row: &Row, found: &Found, known: &Known) -> Result<Plan, Flaw> {
        let class = found.classes.get("classSourcedId", &self.class)?;
        let user = found.users.get(USER, &self.user)?;
        match self.role {
            UserRole::Student if user.role == UserRole::Student => {
                self.student(row, class, user, known)
            }
            UserRole::Teacher if user.role.is_staff() => {
                let stream = class.seat.stream;
                let assign = StreamCommand::AssignTeacher { stream, teacher: user.person };
                Plan::of(vec![assign.of(stream)], &())
            }
            UserRole::Student | UserRole::Teacher => {
                let facts = [Fact::new("user", &self.user), Fact::new("file", Kind::Users.file())];
                Err(Flaw::told("role", "OTHER_ROLE", &facts))
            }
            _ => Plan::of(vec![], &()),
        }
    }
}

impl Enrolled {
    fn student(
        &self,
        row: &Row,
        class: &StagedClass,
        user: &StagedUser,
        known: &Known,
    ) -> Result<Plan, Flaw> {
        let (seat, student) = (class.seat.clone(), user.person);
        let (stream, subject, term) = (seat.stream, seat.subject, seat.term);
        let enrollment = EnrollmentId::of(student, subject, term);
        let taken = Taken {
            enrollment,
            student,
            subject,
            term,
            code: class.code.clone(),
            title: class.title.clone(),
            credits: class.credits,
        };
        let origin = known.origin(Self::KIND, row, self.begins_on);
        let import =
            EnrollmentCommand::Import { taken, stream: Some(seat), origin: origin.clone() };
        let take_seat = StreamCommand::ImportSeat { stream, student, enrollment, origin };
        let mut acts = vec![import.of(enrollment), take_seat.of(stream)];
        if let Some((letter, word)) = &self.result {
            let none = || {
                let day = class.starts_on;
                Flaw::told(FINAL_RESULT, "NO_REGULATION", &[Fact::new("day", day)])
            };
            let rules = known.regulations.in_force(class.starts_on).cloned().ok_or_else(none)?;
            let origin = known.origin(Self::KIND, row, self.ends_on);
            let (letter, word) = ((*letter).to_owned(), Some(word.clone()));
            let result = EnrollmentCommand::ImportResult { letter, word, rules, origin };
            acts.push(result.of(enrollment));
        }
        Plan::of(acts, &StagedSeat { class: &self.class, user: &self.user })
    }
}

fn result(row: &Row) -> Result<Option<(&'static str, String)>, Flaw> {
    let Some(word) = row.get(FINAL_RESULT) else { return Ok(None) };
    let letter = match word.to_lowercase().as_str() {
        "pass" | "distinction" => "P",
        "fail" => "NP",
        "withdrawn" => "W",
        _ => {
            return Err(Flaw::of_text(FINAL_RESULT, "NO_RESULT", word));
        }
    };
    Ok(Some((letter, word.to_owned())))
}
