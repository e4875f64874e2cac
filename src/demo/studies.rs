//! What one made-up student goes through, semester by semester.

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    Act,
    enrollment::{
        Choice, EnrollmentCommand, InForce, NewMark, Registration, StreamNames, StreamSeat,
        SubjectStatus, Taken,
    },
    iep::{Authority, ChosenStream, Entry, IepCommand, Opening, Openness, Placement, TermPlan},
    shared::{
        Decision, Demand, EnrollmentId, Fact, Hundredths, IepId, MarkId, MarkKind, PersonId, Role,
        Rules, Text,
    },
    stream::{Standing, StreamCommand},
};
use jiff::{Timestamp, ToSpan};
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{
    DemoError, University,
    catalogue::{Catalogue, REGULATION, Semester, Taught},
};
use crate::people::text_about;

/// Who goes through something special: the numbers of students.
const REPEATS_A_SUBJECT: usize = 1;
const TAKES_AN_EXAM_AGAIN: usize = 2;
const HAS_A_GRADE_CORRECTED: usize = 0;
const IS_SENT_BACK: usize = 3;

/// One student's way.
pub(super) struct Studies<'a> {
    university: &'a University<'a>,
    catalogue: &'a Catalogue,
    number: usize,
    login: String,
    student: PersonId,
    random: StdRng,
    rules: InForce,
}

impl<'a> Studies<'a> {
    pub(super) fn new(
        university: &'a University<'a>,
        catalogue: &'a Catalogue,
        number: usize,
        student: PersonId,
    ) -> Self {
        let seed = university.seed.bytes().fold(number as u64 + 1, |seed, byte| {
            seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
        let rules = Arc::new(Rules::kazakhstan());
        Self {
            university,
            catalogue,
            number,
            login: University::student_login(number),
            student,
            random: StdRng::seed_from_u64(seed),
            rules: InForce { version: REGULATION.to_owned(), rules },
        }
    }

    pub(super) async fn run(mut self) -> Result<(), DemoError> {
        let (university, catalogue) = (self.university, self.catalogue);
        let second_year = self.number < super::SECOND_YEAR;
        let (last_year, this_year) = catalogue.semesters.split_at(2);
        if second_year {
            for (place, semester) in last_year.iter().enumerate() {
                self.register_all(semester, place + 1).await?;
            }
            self.sign_all(last_year, 3).await?;
            for (place, semester) in last_year.iter().enumerate() {
                self.examine_all(semester, place + 1).await?;
            }
        }
        let today = university.cabinet.today();
        let of_study = if second_year { 3 } else { 1 };
        for (place, semester) in this_year.iter().enumerate().filter(|(place, _)| *place == 0) {
            self.register_all(semester, of_study + place).await?;
            if self.number == REPEATS_A_SUBJECT {
                self.register(semester, &catalogue.subjects[0], SubjectStatus::Failed).await?;
            }
        }
        // Some have signed, some wait for the advisor or the registrar, some are ready.
        self.sign_all(this_year, self.number % 4).await?;
        if this_year[0].dates.first <= today {
            self.mark_all(&this_year[0], of_study).await?;
        }
        Ok(())
    }

    fn subjects(&self, of_study: usize) -> impl Iterator<Item = &'a Taught> + use<'a> {
        self.catalogue.subjects.iter().filter(move |subject| subject.semester == of_study)
    }

    async fn register_all(&self, semester: &Semester, of_study: usize) -> Result<(), DemoError> {
        for subject in self.subjects(of_study) {
            self.register(semester, subject, SubjectStatus::NotPassed).await?;
        }
        Ok(())
    }

    fn enrollment(&self, semester: &Semester, subject: &Taught) -> EnrollmentId {
        EnrollmentId::of(self.student, subject.id, semester.id)
    }

    async fn as_student(&self, acts: Vec<Act>) -> Result<(), DemoError> {
        self.university.act(&self.login, Role::Student, acts).await
    }

    /// Registers, and takes a seat in a stream of the student's group.
    async fn register(
        &self,
        semester: &Semester,
        subject: &Taught,
        status: SubjectStatus,
    ) -> Result<(), DemoError> {
        let enrollment = self.enrollment(semester, subject);
        let iep = IepId::of(self.student, semester.year);
        let taken = Taken {
            enrollment,
            student: self.student,
            subject: subject.id,
            term: semester.id,
            code: subject.code.clone(),
            title: subject.title.clone(),
            credits: subject.credits,
        };
        let decision = Decision {
            rule: "registration".into(),
            regulation: REGULATION.into(),
            facts: vec![Fact::new("status", status), Fact::new("prerequisites_missing", "")],
            verdict: "allowed".into(),
        };
        let registration = Registration {
            taken,
            status,
            retake_due: false,
            demand: Demand::default(),
            group: None,
            holds: BTreeSet::new(),
            offered: true,
            over: None,
            decision,
        };
        let add = self.add_subject(iep, semester, subject, enrollment);
        let register = EnrollmentCommand::Register { registration: registration.into() };
        self.as_student(vec![register.of(enrollment), add.of(iep)]).await?;
        let mut streams = self.catalogue.streams_of(subject.id, semester.id);
        let Some((stream, card)) = streams.nth(self.number % 2) else { return Ok(()) };
        let (stream, student, at) = (*stream, self.student, Timestamp::now());
        let seat = StreamSeat {
            stream,
            subject: card.subject,
            term: card.term,
            configuration: card.configuration.clone(),
            component: card.component.clone(),
            parent: None,
        };
        let (code, meetings) = (subject.code.clone(), card.meetings.clone());
        let placed = ChosenStream { stream, enrollment, term: semester.id, code, meetings };
        let mut acts = vec![
            EnrollmentCommand::ChooseStreams {
                choices: vec![Choice { seat, gives_up: None }],
                leaves: BTreeSet::new(),
                names: StreamNames::default(),
            }
            .of(enrollment),
            StreamCommand::TakeSeat {
                stream,
                student,
                enrollment,
                standing: Standing::default(),
                at,
            }
            .of(stream),
        ];
        let placement = Placement::on_plan(placed, None, self.catalogue.days());
        acts.push(IepCommand::PlaceStreams(placement).of(iep));
        // A repeated subject may meet at the time of another: then it goes without a stream.
        match self.as_student(acts).await {
            Err(DemoError::Command(crate::commands::CommandError::Refused(_))) => Ok(()),
            other => other,
        }
    }

    fn add_subject(
        &self,
        iep: IepId,
        semester: &Semester,
        subject: &Taught,
        enrollment: EnrollmentId,
    ) -> IepCommand {
        let limits = &self.rules.rules.credits;
        let of_year = self.catalogue.semesters.iter().filter(|other| other.year == semester.year);
        let plan = |semester: &Semester| TermPlan {
            term: semester.id,
            limit: limits.semester,
            counts_to_year: true,
        };
        let registration = Some(semester.registration);
        IepCommand::AddSubject {
            opening: Box::new(Opening {
                iep,
                student: self.student,
                year: semester.year,
                advisor: Some(self.university.person(University::advisor_login(self.number))),
                regulation: REGULATION.to_owned(),
                year_limit: limits.year,
            }),
            terms: of_year.map(plan).collect(),
            entry: Entry {
                enrollment,
                subject: subject.id,
                term: semester.id,
                code: subject.code.clone(),
                title: subject.title.clone(),
                credits: subject.credits,
            },
            beside: None,
            openness: Openness {
                by: Authority::Student,
                registration,
                add_drop: None,
                ended: false,
                at: semester.registering,
            },
            over: None,
        }
    }

    /// So many signatures on the plan of the year: student, advisor, registrar.
    async fn sign_all(&self, semesters: &[Semester], signatures: usize) -> Result<(), DemoError> {
        let year = semesters[0].year;
        let mut revision = 1;
        if self.number == IS_SENT_BACK && signatures == 3 {
            self.sign(year, revision, 1).await?;
            self.send_back(year, revision).await?;
            revision += 1;
        }
        self.sign(year, revision, signatures).await
    }

    async fn sign(&self, year: i16, revision: u32, signatures: usize) -> Result<(), DemoError> {
        let iep = IepId::of(self.student, year);
        let chain = [
            (self.login.as_str(), Role::Student),
            (University::advisor_login(self.number), Role::Advisor),
            ("registrar", Role::Registrar),
        ];
        for (login, role) in chain.into_iter().take(signatures) {
            let (signer, at) = (self.university.signer(login, role), self.university.cabinet.now());
            let sign = IepCommand::Sign { revision, signer, at };
            self.university.act(login, role, vec![sign.of(iep)]).await?;
        }
        Ok(())
    }

    async fn send_back(&self, year: i16, revision: u32) -> Result<(), DemoError> {
        let iep = IepId::of(self.student, year);
        let login = University::advisor_login(self.number);
        let by = self.university.signer(login, Role::Advisor);
        let (reason, text) = text_about(self.student, "Келесі семестрдің пәндерін қайта қараңыз.");
        let act = IepCommand::SendBack { revision, by, reason }.of(iep);
        self.university.write(login, Role::Advisor, vec![act], vec![text]).await
    }

    async fn mark_all(&mut self, semester: &Semester, of_study: usize) -> Result<(), DemoError> {
        for subject in self.subjects(of_study) {
            let percent = self.random.random_range(55..=100);
            self.mark(semester, subject, MarkKind::Current, Some(1), percent).await?;
        }
        Ok(())
    }

    async fn examine_all(&mut self, semester: &Semester, of_study: usize) -> Result<(), DemoError> {
        for (place, subject) in self.subjects(of_study).enumerate() {
            for period in [1, 2] {
                for kind in [MarkKind::Current, MarkKind::Midterm] {
                    let percent = self.random.random_range(55..=100);
                    self.mark(semester, subject, kind, Some(period), percent).await?;
                }
            }
            let first = of_study == 1 && place == 0;
            let exam = match self.number {
                REPEATS_A_SUBJECT if first => 18,
                TAKES_AN_EXAM_AGAIN if first => 41,
                _ => self.random.random_range(55..=100),
            };
            self.mark(semester, subject, MarkKind::Exam, None, exam).await?;
            if self.number == TAKES_AN_EXAM_AGAIN && first {
                self.mark(semester, subject, MarkKind::Retake, None, 68).await?;
            }
            if self.number == HAS_A_GRADE_CORRECTED && first {
                self.correct(semester, subject).await?;
            }
        }
        Ok(())
    }

    async fn mark(
        &mut self,
        semester: &Semester,
        subject: &Taught,
        kind: MarkKind,
        period: Option<i32>,
        percent: i64,
    ) -> Result<(), DemoError> {
        let enrollment = self.enrollment(semester, subject);
        let week = if kind == MarkKind::Exam || kind == MarkKind::Retake { 16 } else { 5 };
        let today = self.university.cabinet.today();
        let day = semester.dates.first.checked_add((7 * week).days())?.min(today);
        let name = format!("{enrollment} {} {period:?}", kind.name());
        let mark = NewMark {
            id: MarkId::derived(&["demo", &name]),
            kind,
            period,
            title: Some(Text::short(title(kind))?),
            percent: Hundredths(percent * 100),
            weight: None,
            day,
        };
        let rules = self.rules.clone();
        let record = EnrollmentCommand::RecordMark { mark, today, rules };
        let teacher = self.teacher(subject);
        self.university.act(teacher, Role::Teacher, vec![record.of(enrollment)]).await
    }

    fn teacher(&self, subject: &Taught) -> &'static str {
        let place = self.catalogue.subjects.iter().position(|known| known.id == subject.id);
        if place.unwrap_or_default() % 2 == 0 { "teacher" } else { "teacher2" }
    }

    async fn correct(&self, semester: &Semester, subject: &Taught) -> Result<(), DemoError> {
        let enrollment = self.enrollment(semester, subject);
        let (reason, text) = text_about(self.student, "Емтихан жұмысы қайта тексерілді.");
        let by = self.university.person("registrar");
        let (percent, rules) = (Hundredths(9_500), self.rules.clone());
        let correct = EnrollmentCommand::CorrectGrade { percent, reason, by, rules };
        let acts = vec![correct.of(enrollment)];
        self.university.write("registrar", Role::Registrar, acts, vec![text]).await
    }
}

fn title(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Midterm => "Аралық бақылау",
        MarkKind::Exam => "Емтихан",
        MarkKind::Retake => "Қайта тапсыру",
        _ => "Ағымдағы жұмыс",
    }
}
