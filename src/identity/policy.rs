//! The one policy table: who may ask what. A root field that is not in it is refused, to everybody.

use std::collections::BTreeSet;

use aggregates::shared::{HoldKind, PersonId, Role};

use super::Viewer;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Everybody, signed in or not.
    Anyone,
    /// Everybody who is signed in; what they see of others is narrowed by [`may_read_student`].
    SignedIn,
    /// Whoever has one of these roles; they act in the first of them that they have.
    Roles(&'static [Role]),
}

use Role::{
    Administrator, Advisor, AntiplagiatOfficer, Applicant, Auditor, FinanceOfficer, Librarian,
    Registrar, Student, Teacher,
};
use Rule::{Anyone, Roles, SignedIn};

const STAFF: Rule = Roles(&[Registrar, Advisor, Teacher, Auditor]);
const REGISTRAR: Rule = Roles(&[Registrar]);
const STUDENT: Rule = Roles(&[Student]);
const HOLDING: Rule = Roles(&[Registrar, FinanceOfficer, Librarian]);
const SUPERVISORS: Rule = Roles(&[AntiplagiatOfficer, Registrar, Teacher]);

/// Every query.
pub const QUERIES: &[(&str, Rule)] = &[
    ("me", SignedIn),
    ("node", SignedIn),
    ("student", SignedIn),
    ("students", STAFF),
    ("person", STAFF),
    ("enrollment", SignedIn),
    ("iep", SignedIn),
    ("ieps", Roles(&[Registrar, Advisor, Auditor])),
    ("iepsWithWarnings", Roles(&[Registrar, Advisor, Auditor])),
    ("checkPaper", Anyone),
    ("iepsAwaitingMySignature", Roles(&[Registrar, Advisor])),
    ("subject", SignedIn),
    ("subjects", SignedIn),
    ("programme", SignedIn),
    ("programmes", SignedIn),
    ("approvalsAwaited", Roles(&[Registrar, Advisor, Teacher])),
    ("whatIf", SignedIn),
    ("holds", HOLDING),
    ("stream", SignedIn),
    ("streams", SignedIn),
    ("term", SignedIn),
    ("terms", SignedIn),
    ("calendar", SignedIn),
    ("calendarChanges", Roles(&[Registrar, Auditor])),
    ("regulation", SignedIn),
    ("regulations", SignedIn),
    ("test", SignedIn),
    ("testAttempt", SignedIn),
    ("thesis", SignedIn),
    ("thesesAwaitingStaff", Roles(&[AntiplagiatOfficer, FinanceOfficer, Registrar, Auditor])),
    ("request", SignedIn),
    ("requests", Roles(&[Registrar, Advisor, Auditor])),
    ("history", Roles(&[Auditor])),
    ("viewDocument", Roles(&[Auditor])),
    ("log", Roles(&[Auditor, Administrator])),
    ("securityJournal", Roles(&[Auditor])),
];

/// Every mutation.
pub const MUTATIONS: &[(&str, Rule)] = &[
    ("signIn", Anyone),
    ("redeemAccess", Anyone),
    ("signOut", SignedIn),
    ("changePassword", SignedIn),
    ("registerForSubject", Roles(&[Student, Registrar])),
    ("registerForSubjects", Roles(&[Student, Registrar])),
    ("overrideRegistration", REGISTRAR),
    ("placeHold", HOLDING),
    ("liftHold", HOLDING),
    ("dropSubject", Roles(&[Student, Registrar])),
    ("chooseStream", Roles(&[Student, Registrar])),
    ("chooseStreams", Roles(&[Student, Registrar])),
    ("leaveStream", Roles(&[Student, Registrar])),
    ("joinWaitingList", Roles(&[Student, Registrar])),
    ("leaveWaitingList", Roles(&[Student, Registrar])),
    ("acceptSeat", Roles(&[Student, Registrar])),
    ("declineSeat", Roles(&[Student, Registrar])),
    ("openAddDropRequest", STUDENT),
    ("withdrawRequest", STUDENT),
    ("acceptRequest", REGISTRAR),
    ("refuseRequest", REGISTRAR),
    ("signIep", Roles(&[Student, Advisor, Registrar])),
    ("signIeps", Roles(&[Student, Advisor, Registrar])),
    ("sendBackIep", Roles(&[Advisor, Registrar])),
    ("recordMark", Roles(&[Teacher, Registrar])),
    ("recordAttendance", Roles(&[Teacher, Registrar])),
    ("recordNonAdmission", Roles(&[Teacher, Registrar])),
    ("correctGrade", REGISTRAR),
    ("recordOutsideMark", REGISTRAR),
    ("createSubject", REGISTRAR),
    ("reviseSubject", REGISTRAR),
    ("offerSubject", REGISTRAR),
    ("describeSubject", REGISTRAR),
    ("setSyllabusWeek", Roles(&[Teacher, Registrar])),
    ("addSyllabusFile", Roles(&[Teacher, Registrar])),
    ("removeSyllabusFile", Roles(&[Teacher, Registrar])),
    ("setTeacherCard", Roles(&[Teacher, Registrar])),
    ("setRequirement", REGISTRAR),
    ("createProgramme", REGISTRAR),
    ("reviseProgramme", REGISTRAR),
    ("setCurriculum", REGISTRAR),
    ("approveSubject", Roles(&[Registrar, Advisor, Teacher])),
    ("askForApproval", Roles(&[Student])),
    ("withdrawApproval", Roles(&[Registrar, Advisor, Teacher])),
    ("openStream", REGISTRAR),
    ("assignTeacher", REGISTRAR),
    ("listStream", REGISTRAR),
    ("changeStreamPlace", REGISTRAR),
    ("changeStreamMeetings", REGISTRAR),
    ("scheduleSitting", REGISTRAR),
    ("cancelSitting", REGISTRAR),
    ("reserveSeats", REGISTRAR),
    ("changeStreamLimit", REGISTRAR),
    ("closeStream", REGISTRAR),
    ("createTerm", REGISTRAR),
    ("reviseTerm", REGISTRAR),
    ("setPeriod", REGISTRAR),
    ("removePeriod", REGISTRAR),
    ("publishRegulation", REGISTRAR),
    ("admitStudent", REGISTRAR),
    ("assignAdvisor", REGISTRAR),
    ("takeAcademicLeave", REGISTRAR),
    ("returnFromLeave", REGISTRAR),
    ("expelStudent", REGISTRAR),
    ("graduateStudent", REGISTRAR),
    ("createTest", Roles(&[Teacher, Registrar])),
    ("reviseTest", Roles(&[Teacher, Registrar])),
    ("startTestAttempt", STUDENT),
    ("saveAnswer", STUDENT),
    ("submitTestAttempt", STUDENT),
    ("abandonTestAttempt", STUDENT),
    ("openThesis", Roles(&[AntiplagiatOfficer, Registrar])),
    ("addThesisDocument", STUDENT),
    ("removeThesisDocument", STUDENT),
    ("uploadThesisWork", STUDENT),
    ("attachThesisReceipt", STUDENT),
    ("sendThesisToCheck", STUDENT),
    ("openThesisAttempt", SUPERVISORS),
    ("allowThesisAttempts", SUPERVISORS),
    ("confirmThesisPayment", Roles(&[FinanceOfficer, AntiplagiatOfficer, Registrar])),
    ("decideThesis", Roles(&[AntiplagiatOfficer, Registrar])),
    ("changeContacts", SignedIn),
    ("createCalendarLink", Roles(&[Student, Teacher])),
    ("revokeCalendarLink", SignedIn),
    ("changeSettings", Roles(&[Student, Applicant])),
    ("createPerson", Roles(&[Administrator, Registrar])),
    ("issueAccess", Roles(&[Registrar, Administrator])),
    ("grantRole", Roles(&[Administrator])),
    ("revokeRole", Roles(&[Administrator])),
    ("closeAccount", Roles(&[Administrator])),
];

/// Every subscription.
pub const SUBSCRIPTIONS: &[(&str, Rule)] = &[
    ("iepChanged", SignedIn),
    ("testAttemptChanged", SignedIn),
    ("waitingChanged", SignedIn),
    ("seatOffersChanged", SignedIn),
];

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Nobody is signed in.
    Unauthenticated,
    /// Somebody is, who may not.
    Forbidden,
}

impl Denied {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
        }
    }
}

/// Whether a rule lets somebody ask; no rule lets nobody.
pub fn allows(rule: Option<Rule>, viewer: Option<&Viewer>) -> Result<(), Denied> {
    match (rule, viewer) {
        (Some(Anyone), _) | (Some(SignedIn), Some(_)) => Ok(()),
        (Some(Roles(roles)), Some(viewer)) if roles.iter().any(|role| viewer.is(*role)) => Ok(()),
        (Some(_), None) => Err(Denied::Unauthenticated),
        (None, _) | (Some(Roles(_)), Some(_)) => Err(Denied::Forbidden),
    }
}

/// The rule of a root field.
pub fn rule(table: &[(&str, Rule)], field: &str) -> Option<Rule> {
    table.iter().find(|(name, _)| *name == field).map(|(_, rule)| *rule)
}

/// The role in which somebody with these does what a mutation does: the first of its rule's that they have.
pub fn acting_role(mutation: &str, theirs: &BTreeSet<Role>) -> Option<Role> {
    match rule(MUTATIONS, mutation)? {
        Roles(roles) => roles.iter().copied().find(|role| theirs.contains(role)),
        Anyone | SignedIn => theirs.first().copied(),
    }
}

/// Whether somebody may read a student's record: the student, their advisor, a teacher of theirs, a
/// registrar or an auditor.
pub fn may_read_student(
    viewer: &Viewer,
    student: PersonId,
    advisor: Option<PersonId>,
    teaches: bool,
) -> bool {
    viewer.person == student
        || viewer.is(Registrar)
        || viewer.is(Auditor)
        || (viewer.is(Advisor) && advisor == Some(viewer.person))
        || (viewer.is(Teacher) && teaches)
}

/// Whether somebody may read a thesis and its files: the student, the supervisor, staff that handle it, a
/// registrar or an auditor.
pub fn may_read_thesis(viewer: &Viewer, student: PersonId, supervisor: Option<PersonId>) -> bool {
    let staff = [AntiplagiatOfficer, FinanceOfficer, Registrar, Auditor];
    viewer.person == student
        || supervisor == Some(viewer.person)
        || staff.iter().any(|role| viewer.is(*role))
}

/// Whether somebody may open the attempts of a thesis: its supervisor, or staff.
pub fn may_guide_thesis(viewer: &Viewer, supervisor: Option<PersonId>) -> bool {
    viewer.is(AntiplagiatOfficer) || viewer.is(Registrar) || supervisor == Some(viewer.person)
}

/// Whether somebody may act on a student's own matters: the student, or a registrar for them.
pub fn may_act_for_student(viewer: &Viewer, student: PersonId) -> bool {
    (viewer.person == student && viewer.is(Student)) || viewer.is(Registrar)
}

/// Whether somebody may place and lift holds of a kind: a registrar any, a finance officer those of debts, a librarian
/// the library's.
pub fn may_hold(viewer: &Viewer, kind: HoldKind) -> bool {
    viewer.is(Registrar)
        || match kind {
            HoldKind::Debt => viewer.is(FinanceOfficer),
            HoldKind::Library => viewer.is(Librarian),
            HoldKind::Discipline => false,
        }
}

/// Whether somebody may set the tests and the syllabus of a subject in a term: a teacher of one of its streams, or a
/// registrar.
pub fn may_plan_teaching(viewer: &Viewer, teachers: &[PersonId]) -> bool {
    may_mark(viewer, teachers)
}

/// Whether somebody may read the syllabus of a subject in a term: who is registered for it, a teacher of one of its
/// streams, the advisor of somebody who is registered, a registrar or an auditor.
pub fn may_read_syllabus(viewer: &Viewer, registered: bool, teaches: bool, advises: bool) -> bool {
    registered
        || (viewer.is(Teacher) && teaches)
        || (viewer.is(Advisor) && advises)
        || viewer.is(Registrar)
        || viewer.is(Auditor)
}

/// Whether somebody may enter marks: a teacher of one of the registration's streams, or a registrar.
pub fn may_mark(viewer: &Viewer, teachers: &[PersonId]) -> bool {
    viewer.is(Registrar) || (viewer.is(Teacher) && teachers.contains(&viewer.person))
}
