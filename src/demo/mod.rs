//! A small made-up university, made by real commands: 30 students over two years, with signed and
//! unsigned plans, one sent back and signed again, marks, a retake, a corrected grade and a repeated
//! subject. The same seed gives the same university, its dates aside, which are around today.

mod catalogue;
mod names;
mod studies;
mod teaching;
mod testing;
mod theses;

use std::collections::BTreeSet;

use aggregates::{
    Act,
    account::AccountCommand,
    iep::Signer,
    shared::{PersonId, ProgrammeId, Role, Text, TextFlaw},
    student::{Admission, Programme, StudentCommand},
};
use futures::future::try_join_all;
use jiff::civil::date;
use projections::term::academic_year;

use self::catalogue::PROGRAMME;
use crate::{
    cabinet::Cabinet,
    commands::{Actor, CommandError, Transaction},
    database::StoreError,
    files::FileFlaw,
    identity::{HashError, Passwords},
    people::{Details, PersonWrite},
};

/// The password of every made-up person.
pub const PASSWORD: &str = "demo-password";

/// A sign-in for each role, and what there is to see.
pub const SIGN_INS: &[(Role, &str, &str)] = &[
    (
        Role::Student,
        "student",
        "two years of grades, a plan to sign, cards of subjects, tests, theses",
    ),
    (Role::Teacher, "teacher", "streams with marks, a syllabus, a card of their own"),
    (Role::Advisor, "advisor", "plans that wait for a signature"),
    (Role::Registrar, "registrar", "plans that wait for a signature, everything of students"),
    (Role::Auditor, "auditor", "history, log"),
    (Role::Administrator, "admin", "roles and accounts"),
    (Role::Applicant, "applicant", "not admitted yet"),
    (Role::Proctor, "proctor", "nothing of its own yet"),
    (Role::AntiplagiatOfficer, "antiplagiat", "theses whose reports wait for a decision"),
    (Role::Moderator, "moderator", "nothing of its own yet"),
    (Role::Librarian, "librarian", "nothing of its own yet"),
    (Role::FinanceOfficer, "finance", "receipts of paid attempts, once there are some"),
];

/// How many students there are, and how many of them are in their second year.
const STUDENTS: usize = 30;
const SECOND_YEAR: usize = 20;

/// Why the university could not be made up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A command was not done.
    #[error("the demonstration could not be made up: {0}")]
    Command(#[from] CommandError),
    /// A file was not taken.
    #[error(transparent)]
    File(#[from] FileFlaw),
    /// A document could not be written.
    #[error(transparent)]
    Document(#[from] documents::Unreadable),
    /// A text could not be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// What is known could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A made-up text is not taken.
    #[error("a made-up text is not taken: {0:?}")]
    Text(TextFlaw),
    /// A made-up day is none.
    #[error("a made-up day is none: {0}")]
    Day(#[from] jiff::Error),
}

impl From<TextFlaw> for DemoError {
    fn from(flaw: TextFlaw) -> Self {
        Self::Text(flaw)
    }
}

/// Who runs the made-up university, and where its commands go.
pub(crate) struct University<'a> {
    cabinet: &'a Cabinet,
    seed: String,
    hash: String,
    /// The year in which the academic year of today begins.
    year: i16,
}

/// Makes up the university of a seed on an empty database.
pub async fn fill(cabinet: &Cabinet, seed: u64) -> Result<(), DemoError> {
    let hash = Passwords::new()?.hash(PASSWORD.to_owned()).await?;
    let year = academic_year(cabinet.today());
    let university = University { cabinet, seed: seed.to_string(), hash, year };
    university.staff().await?;
    let catalogue = university.catalogue().await?;
    university.tests(&catalogue).await?;
    university.teaching(&catalogue).await?;
    let mut students = Vec::new();
    for number in 0..STUDENTS {
        students.push(university.admit(number).await?);
    }
    let studies = students.iter().enumerate().map(|(number, student)| {
        studies::Studies::new(&university, &catalogue, number, *student).run()
    });
    try_join_all(studies).await?;
    university.theses().await?;
    let head = cabinet.freshness.reached().max(*cabinet.commands.head().borrow());
    cabinet.wait_for(head).await;
    Ok(())
}

impl University<'_> {
    /// The person with that name in this university.
    fn person(&self, login: &str) -> PersonId {
        PersonId::derived(&["demo", &self.seed, login])
    }

    /// Acts of somebody in a role.
    async fn act(&self, login: &str, role: Role, acts: Vec<Act>) -> Result<(), DemoError> {
        self.write(login, role, acts, vec![]).await
    }

    async fn write(
        &self,
        login: &str,
        role: Role,
        acts: Vec<Act>,
        people: Vec<PersonWrite>,
    ) -> Result<(), DemoError> {
        let actor = Actor {
            person: Some(self.person(login)),
            role: Some(role),
            ..Actor::command_line("demo")
        };
        let transaction = Transaction { people, ..Transaction::of(actor, acts) };
        self.cabinet.commands.execute(transaction).await?;
        Ok(())
    }

    /// Somebody who can sign in.
    fn newcomer(&self, login: &str, (family, given): (&str, &str)) -> Vec<PersonWrite> {
        let details = Details {
            login: Some(login.to_owned()),
            given_name: given.to_owned(),
            family_name: family.to_owned(),
            email: Some(format!("{login}@university.example")),
            ..Details::default()
        };
        let person = self.person(login);
        vec![PersonWrite::Create(person, details), PersonWrite::Password(person, self.hash.clone())]
    }

    /// One person a role, and a second advisor who teaches too.
    async fn staff(&self) -> Result<(), DemoError> {
        let mut staff: Vec<_> = SIGN_INS
            .iter()
            .filter(|(role, ..)| *role != Role::Student)
            .map(|(role, login, _)| (*login, vec![*role]))
            .collect();
        staff.push(("teacher2", vec![Role::Teacher, Role::Advisor]));
        for (number, (login, roles)) in staff.into_iter().enumerate() {
            let person = self.person(login);
            let mut acts = vec![AccountCommand::Open { person }.of(person)];
            for role in roles {
                acts.push(AccountCommand::GrantRole { person, role }.of(person));
                if role == Role::Applicant {
                    acts.push(StudentCommand::Apply { student: person }.of(person));
                }
            }
            let people = self.newcomer(login, names::staff(number));
            self.write("admin", Role::Administrator, acts, people).await?;
        }
        Ok(())
    }

    /// The login of a student: the first one's is `student`.
    fn student_login(number: usize) -> String {
        if number == 0 { "student".to_owned() } else { format!("student{}", number + 1) }
    }

    /// Who guides a student.
    fn advisor_login(number: usize) -> &'static str {
        if number.is_multiple_of(2) { "advisor" } else { "teacher2" }
    }

    async fn admit(&self, number: usize) -> Result<PersonId, DemoError> {
        let login = Self::student_login(number);
        let student = self.person(&login);
        let second_year = number < SECOND_YEAR;
        let admitted_in = if second_year { self.year - 1 } else { self.year };
        let programme = Programme {
            id: ProgrammeId::derived(&[PROGRAMME.0]),
            title: Text::short(PROGRAMME.1)?,
        };
        let admission = Admission {
            programme,
            year_of_study: 1,
            group: Some(Text::short(&format!("ЕТ-{:02}-{}", admitted_in % 100, number % 2 + 1))?),
            faculty: Some(Text::short("Ақпараттық технологиялар факультеті")?),
            on: date(admitted_in, 8, 25),
        };
        let advisor = self.person(Self::advisor_login(number));
        let acts = vec![
            AccountCommand::Open { person: student }.of(student),
            AccountCommand::GrantRole { person: student, role: Role::Student }.of(student),
            StudentCommand::Admit { student, admission }.of(student),
            StudentCommand::AssignAdvisor { student, advisor }.of(student),
        ];
        let people = self.newcomer(&login, names::student(number));
        self.write("registrar", Role::Registrar, acts, people).await?;
        Ok(student)
    }

    /// Somebody as a signer.
    fn signer(&self, login: &str, role: Role) -> Signer {
        Signer { person: self.person(login), roles: BTreeSet::from([role]) }
    }
}
