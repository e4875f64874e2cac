//! A small history to look at: one student's way from the application to a corrected grade, each
//! step asked by whoever asks it in life.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    Act,
    academic_calendar::{AcademicCalendarCommand, Audience, Period, PeriodKind, Term, TermKind},
    account::AccountCommand,
    enrollment::{
        AttendanceKind, Choice, EnrollmentCommand, InForce, NewMark, Registration, StreamNames,
        StreamSeat, SubjectStatus, Taken,
    },
    iep::{ChosenStream, Entry, IepCommand, Opening, Openness, Placement, Signer, TermPlan},
    programme::{Curriculum, Placed, ProgrammeCard, ProgrammeCommand},
    regulation::RegulationCommand,
    request::{self, AddDrop, Change, Matter, RequestCommand, RequestOf, Subject, Windows},
    shared::{
        Asking, AttemptId, CalendarId, Credits, Decision, Demand, Digest, DocumentKind,
        EnrollmentId, Fact, FileId, FileKind, FileRef, Hundredths, IepId, Language, MarkId,
        MarkKind, Meeting, Number, Origin, Percent, PersonId, Position, ProgrammeId, QuestionId,
        RegulationId, RequestId, Requirement, Role, Rules, Score, SeriesId, SittingId, StreamId,
        SubjectId, TermDays, TermId, TestId, ThesisId, ThesisKind, ThesisRules, Titles,
        WaitingRules, Weekday, Weeks, Window,
    },
    stream::{
        GivesUp, Leaving, Sitting, SittingKind, SittingTimes, Standing, StreamCard, StreamCommand,
    },
    student::{Admission, Programme, StudentCommand, StudentStatus},
    subject::{About, SubjectCard, SubjectCommand},
    syllabus::{Content, Link, Planned, SyllabusCommand, SyllabusOf},
    test::{Key, Question, TestCard, TestCommand},
    test_attempt::{Answer, Start, TestAttemptCommand},
    thesis_check::{Report, Thesis, ThesisCheckCommand, Verdict},
};
use jiff::{SignedDuration, Timestamp};
use oqu::{
    cabinet::Cabinet,
    commands::{Actor, Transaction},
    people::{Details, PersonWrite, text_about},
};

use crate::common::{actor, stream_card, text};

const YEAR: i16 = 2025;
const REGULATION: &str = "2025";

/// Who and what it is about.
pub struct History {
    pub student: PersonId,
    pub advisor: PersonId,
    pub registrar: PersonId,
    pub teacher: PersonId,
    pub term: TermId,
    /// Algebra, which is taken and graded.
    pub subject: SubjectId,
    /// Philosophy, which is registered and given up.
    pub dropped: SubjectId,
    pub lecture: StreamId,
}

impl History {
    /// Lets it happen, and waits until the views know of it.
    pub async fn write(cabinet: &Cabinet) -> Self {
        let history = Self {
            student: PersonId::new(),
            advisor: PersonId::new(),
            registrar: PersonId::new(),
            teacher: PersonId::new(),
            term: TermId::new(),
            subject: SubjectId::new(),
            dropped: SubjectId::new(),
            lecture: StreamId::new(),
        };
        for transaction in history.transactions() {
            let (_, fresh) = cabinet.execute(transaction).await.unwrap();
            assert!(fresh, "{:?}", cabinet.freshness.health());
        }
        history
    }

    pub fn iep(&self) -> IepId {
        IepId::of(self.student, YEAR)
    }

    pub fn enrollment(&self) -> EnrollmentId {
        EnrollmentId::of(self.student, self.subject, self.term)
    }

    fn transactions(&self) -> Vec<Transaction> {
        let mut all = vec![self.people()];
        let registrar = self.acting(self.registrar, Role::Registrar);
        all.extend(self.catalogue().map(|act| Transaction::of(registrar.clone(), vec![act])));
        all.push(Transaction::of(registrar, self.admission()));
        let student = self.acting(self.student, Role::Student);
        let (subject, dropped) = (self.subject, self.dropped);
        for acts in [
            self.registration(subject, "MATH101", "Алгебра"),
            self.registration(dropped, "PHIL100", "Философия"),
            self.giving_up(dropped),
            self.seat(),
        ] {
            all.push(Transaction::of(student.clone(), acts));
        }
        all.extend(self.waiting());
        all.extend(self.signatures());
        all.extend(self.test());
        all.extend(self.teaching());
        all.extend(self.thesis());
        all.extend(self.requests());
        all.extend(self.results());
        all
    }

    fn acting(&self, person: PersonId, role: Role) -> Actor {
        Actor { person: Some(person), role: Some(role), ..actor() }
    }

    /// Accounts and roles, from the command line.
    fn people(&self) -> Transaction {
        let people = [
            (self.student, Role::Student, "Нұрланова", "Әлия"),
            (self.advisor, Role::Advisor, "Серікбаев", "Ермек"),
            (self.registrar, Role::Registrar, "Ким", "Ольга"),
            (self.teacher, Role::Teacher, "Иванов", "Пётр"),
        ];
        let acts = people.iter().flat_map(|(person, role, ..)| {
            let (person, role) = (*person, *role);
            [
                AccountCommand::Open { person }.of(person),
                AccountCommand::GrantRole { person, role }.of(person),
            ]
        });
        let named = people.iter().map(|(person, _, family_name, given_name)| {
            let (family_name, given_name) = ((*family_name).into(), (*given_name).into());
            PersonWrite::Create(*person, Details { family_name, given_name, ..Details::default() })
        });
        let transaction = Transaction::of(actor(), acts.collect());
        Transaction { people: named.collect(), ..transaction }
    }

    /// Regulation, term, periods, subjects and a stream.
    fn catalogue(&self) -> impl Iterator<Item = Act> {
        let effective_from = "2020-01-01".parse().unwrap();
        let publish = RegulationCommand::Publish {
            version: text(REGULATION),
            effective_from,
            rules: Rules::kazakhstan(),
        };
        let term = Term {
            id: self.term,
            title: text("Күз"),
            titles: [(Language::Russian, text("Осень"))].into_iter().collect(),
            kind: TermKind::Semester,
            starts_on: "2025-09-01".parse().unwrap(),
            ends_on: "2025-12-31".parse().unwrap(),
        };
        let calendar = CalendarId::of(YEAR);
        let (year, term_id) = (YEAR, self.term);
        let period = |kind| {
            let (title, titles) = (None, Titles::default());
            Period { kind, title, titles, audience: Audience::default(), window: open() }
        };
        let opens_on = term.starts_on;
        let set = |kind| {
            let period = period(kind);
            let titles = None;
            AcademicCalendarCommand::SetPeriod { year, term: term_id, period, titles, opens_on }
        };
        let study = period(PeriodKind::Study).id(term_id);
        let taken_out =
            AcademicCalendarCommand::RemovePeriod { year, term: term_id, period: study };
        let subjects =
            [(self.subject, "MATH101", "Алгебра"), (self.dropped, "PHIL100", "Философия")];
        let subjects = subjects.into_iter().flat_map(|(subject, code, title)| {
            let card = SubjectCard {
                code: text(code),
                title: text(title),
                credits: Credits::whole(5),
                compulsory: true,
                prerequisites: vec![],
            };
            [
                SubjectCommand::Create { subject, card }.of(subject),
                SubjectCommand::Offer { subject, term: self.term }.of(subject),
            ]
        });
        let require = SubjectCommand::Require {
            subject: self.dropped,
            requirement: Requirement::NotRegisteredWith(self.subject),
            asking: Asking::default(),
        };
        let (stream, card) = (self.lecture, self.card());
        let renamed = AcademicCalendarCommand::ReviseTerm {
            year: YEAR,
            term: self.term,
            title: Some(text("Ұзартылған")),
            titles: None,
            starts: None,
            ends: None,
        };
        let acts = [
            publish.of(RegulationId::of(REGULATION)),
            AcademicCalendarCommand::AddTerm { year: YEAR, term, origin: None }.of(calendar),
            renamed.of(calendar),
            set(PeriodKind::Registration).of(calendar),
            set(PeriodKind::ChoosingStreams).of(calendar),
            set(PeriodKind::Study).of(calendar),
            taken_out.of(calendar),
            StreamCommand::Open { stream, card }.of(stream),
        ];
        let (programme, code) = (ProgrammeId::derived(&["6B06101"]), text("6B06101"));
        let (title, head) = (text("Информатика"), Some(self.advisor));
        let titles = [(Language::English, text("Computer science"))].into_iter().collect();
        let card = ProgrammeCard { title, titles, head };
        let compulsory = vec![Placed { subject: self.subject, term: 1 }];
        let curriculum = Curriculum { compulsory, groups: vec![] };
        let (year, credits) = (YEAR, BTreeMap::new());
        let programme = [
            ProgrammeCommand::Create { programme, code, card }.of(programme),
            ProgrammeCommand::SetCurriculum {
                programme,
                year,
                curriculum,
                called_as_before: BTreeSet::new(),
                credits,
            }
            .of(programme),
        ];
        acts.into_iter().chain(subjects).chain([require.of(self.dropped)]).chain(programme)
    }

    fn card(&self) -> StreamCard {
        StreamCard {
            limit: Some(30),
            meetings: vec![monday()],
            teachers: vec![self.teacher],
            ..stream_card(self.subject, self.term)
        }
    }

    fn admission(&self) -> Vec<Act> {
        let (student, advisor) = (self.student, self.advisor);
        let programme = ProgrammeId::new();
        let admission = Admission {
            programme: Programme { id: programme, title: text("Информатика") },
            year_of_study: 1,
            group: Some(text("ИН-25-1")),
            faculty: Some(text("Физика-математика")),
            on: "2025-08-25".parse().unwrap(),
        };
        vec![
            StudentCommand::Apply { student }.of(student),
            StudentCommand::Admit { student, admission }.of(student),
            StudentCommand::AssignAdvisor { student, advisor }.of(student),
            StudentCommand::AskForApproval { student, subject: self.subject, programme }
                .of(student),
            StudentCommand::ApproveSubject { student, subject: self.subject, by: advisor }
                .of(student),
        ]
    }

    /// A subject is registered and put on the plan.
    fn registration(&self, subject: SubjectId, code: &str, title: &str) -> Vec<Act> {
        let enrollment = EnrollmentId::of(self.student, subject, self.term);
        let taken = Taken {
            enrollment,
            student: self.student,
            subject,
            term: self.term,
            code: text(code),
            title: text(title),
            credits: Credits::whole(5),
        };
        let decision = Decision {
            rule: "registration".into(),
            regulation: REGULATION.into(),
            facts: vec![Fact::new("status", SubjectStatus::NotPassed)],
            verdict: "registered".into(),
        };
        let Taken { term, code, title, credits, .. } = taken.clone();
        let entry = Entry { enrollment, subject, term, code, title, credits };
        let registration = Registration {
            taken,
            status: SubjectStatus::NotPassed,
            retake_due: false,
            demand: Demand::default(),
            group: None,
            holds: BTreeSet::new(),
            offered: true,
            over: None,
            decision,
        };
        let opening = Opening {
            iep: self.iep(),
            student: self.student,
            year: YEAR,
            advisor: Some(self.advisor),
            regulation: REGULATION.into(),
            year_limit: Credits::whole(60),
        };
        let terms =
            vec![TermPlan { term: self.term, limit: Credits::whole(30), counts_to_year: true }];
        vec![
            EnrollmentCommand::Register { registration: registration.into() }.of(enrollment),
            IepCommand::AddSubject {
                opening: opening.into(),
                terms,
                entry,
                beside: None,
                openness: openness(),
                over: None,
            }
            .of(self.iep()),
        ]
    }

    fn giving_up(&self, subject: SubjectId) -> Vec<Act> {
        let enrollment = EnrollmentId::of(self.student, subject, self.term);
        vec![
            EnrollmentCommand::Drop { streams: BTreeSet::new(), lines: BTreeSet::new() }
                .of(enrollment),
            IepCommand::RemoveSubject { enrollment, openness: openness() }.of(self.iep()),
        ]
    }

    /// The student waits for a seat of another stream, is offered one, and declines it.
    fn waiting(&self) -> Vec<Transaction> {
        let (stream, student, enrollment, at) =
            (StreamId::new(), self.student, self.enrollment(), now());
        let card = |limit| StreamCard {
            group: text("А-2"),
            limit: Some(limit),
            ..stream_card(self.subject, self.term)
        };
        let (rules, regulation) = (WaitingRules::USUAL, REGULATION.into());
        let (standing, sitting) = (Standing::default(), SittingId::new());
        let (because, _) = text_about(student, "Аудитория кіші");
        let withdrawn = vec![Leaving { student, gives_up: GivesUp::Offer, because }];
        let times = SittingTimes {
            term: Window { opens_at: at, closes_at: at + SignedDuration::from_hours(24) },
            exams: vec![],
            read_at: Position(1),
        };
        let exam = || Sitting {
            kind: SittingKind::Exam,
            window: Window { opens_at: at, closes_at: at + SignedDuration::from_hours(3) },
            room: Some(text("301")),
            link: None,
            note: None,
        };
        let origin =
            Origin { source: "timetable".into(), file: "classes.csv".into(), line: 2, day: None };
        let registrar = || self.acting(self.registrar, Role::Registrar);
        let student_acts = || self.acting(self.student, Role::Student);
        [
            (registrar(), StreamCommand::Open { stream, card: card(0) }),
            (
                student_acts(),
                StreamCommand::JoinLine {
                    stream,
                    student,
                    enrollment,
                    standing,
                    rules,
                    regulation,
                    at,
                },
            ),
            (
                registrar(),
                StreamCommand::Import { stream, card: card(1), told: BTreeSet::new(), origin, at },
            ),
            (
                registrar(),
                StreamCommand::ChangeLimit { stream, limit: Some(0), leaving: withdrawn, at },
            ),
            (
                registrar(),
                StreamCommand::ChangeLimit { stream, limit: Some(1), leaving: vec![], at },
            ),
            (student_acts(), StreamCommand::DeclineSeat { stream, student, at }),
            (registrar(), StreamCommand::List { stream, subject: self.dropped }),
            (
                registrar(),
                StreamCommand::ScheduleSitting { stream, sitting, about: exam(), times, at },
            ),
            (registrar(), StreamCommand::CancelSitting { stream, sitting }),
            (
                registrar(),
                StreamCommand::ChangeMeetings { stream, meetings: vec![], told: BTreeSet::new() },
            ),
        ]
        .into_iter()
        .map(|(actor, command)| Transaction::of(actor, vec![command.of(stream)]))
        .collect()
    }

    /// A stream is chosen: a seat, the registration and the timetable.
    fn seat(&self) -> Vec<Act> {
        let (stream, student, enrollment) = (self.lecture, self.student, self.enrollment());
        let StreamCard { subject, term, configuration, component, parent, meetings, .. } =
            self.card();
        let seat = StreamSeat { stream, subject, term, configuration, component, parent };
        let chosen = ChosenStream { stream, enrollment, term, code: text("MATH101"), meetings };
        vec![
            StreamCommand::TakeSeat {
                stream,
                student,
                enrollment,
                standing: Standing::default(),
                at: now(),
            }
            .of(stream),
            EnrollmentCommand::ChooseStreams {
                choices: vec![Choice { seat, gives_up: None }],
                leaves: BTreeSet::new(),
                names: StreamNames::default(),
            }
            .of(enrollment),
            IepCommand::PlaceStreams(Placement::on_plan(chosen, None, TermDays::default()))
                .of(self.iep()),
        ]
    }

    /// Signed, sent back, and signed again by all three.
    fn signatures(&self) -> Vec<Transaction> {
        let sign = |revision, person, role| {
            let signer = Signer { person, roles: [role].into() };
            let sign = IepCommand::Sign { revision, signer, at: now() };
            Transaction::of(self.acting(person, role), vec![sign.of(self.iep())])
        };
        let (reason, note) = text_about(self.student, "Не хватает дисциплины");
        let by = Signer { person: self.advisor, roles: [Role::Advisor].into() };
        let send_back = IepCommand::SendBack { revision: 1, by, reason }.of(self.iep());
        let sent_back = Transaction::of(self.acting(self.advisor, Role::Advisor), vec![send_back]);
        vec![
            sign(1, self.student, Role::Student),
            Transaction { people: vec![note], ..sent_back },
            sign(2, self.student, Role::Student),
            sign(2, self.advisor, Role::Advisor),
            sign(2, self.registrar, Role::Registrar),
        ]
    }

    /// Ratings, a class, the exam, and a correction.
    fn results(&self) -> Vec<Transaction> {
        let (enrollment, stream) = (self.enrollment(), self.lecture);
        let today = "2025-12-20".parse().unwrap();
        let day = "2025-10-06".parse().unwrap();
        let rules = InForce { version: REGULATION.into(), rules: Arc::new(Rules::kazakhstan()) };
        let mark = |kind, period, percent| {
            let (id, title, weight) = (MarkId::new(), None, None);
            let percent = Hundredths(percent);
            let mark = NewMark { id, kind, period, title, percent, weight, day };
            EnrollmentCommand::RecordMark { mark, today, rules: rules.clone() }
        };
        let attendance = AttendanceKind::Present;
        let (reason, note) = text_about(self.student, "Апелляция принята");
        let (by, rules) = (self.registrar, rules.clone());
        let percent = Hundredths(9000);
        let teacher = self.acting(self.teacher, Role::Teacher);
        let asked = [
            mark(MarkKind::Rating, Some(1), 8050),
            EnrollmentCommand::RecordAttendance { stream, day, attendance, today },
            mark(MarkKind::Rating, Some(2), 9000),
            mark(MarkKind::Exam, None, 7700),
        ];
        let mut all: Vec<_> = asked
            .into_iter()
            .map(|command| Transaction::of(teacher.clone(), vec![command.of(enrollment)]))
            .collect();
        let correct = EnrollmentCommand::CorrectGrade { percent, reason, by, rules };
        let corrected = Transaction::of(
            self.acting(self.registrar, Role::Registrar),
            vec![correct.of(enrollment)],
        );
        all.push(Transaction { people: vec![note], ..corrected });
        all
    }
}

impl History {
    /// A test is planned, and an attempt at it started and answered: it still runs.
    fn test(&self) -> [Transaction; 3] {
        let (test, question) = (TestId::new(), QuestionId::new());
        let number = |value| Number::from_f64(value).unwrap();
        let key = Key::Numeric { right: number(4.0), tolerance: Number::ZERO };
        let question =
            Question { id: question, prompt: text("2 + 2?"), points: Score::whole(1), key };
        let card = TestCard {
            subject: self.subject,
            term: self.term,
            title: text("Бақылау"),
            kind: MarkKind::Practice,
            period: None,
            questions: vec![question.clone()],
            drawn: None,
            window: open(),
            minutes: 30,
            attempts: 1,
            needed: None,
            pass: Percent::whole(50),
            proctored: false,
        };
        let start = Start {
            student: self.student,
            test,
            card: card.clone(),
            enrollment: self.enrollment(),
            status: Some(StudentStatus::Studying),
            dropped: false,
            admitted: None,
            rating: None,
            grade: None,
            retake_due: false,
            at: now(),
            decision: Decision {
                rule: "test_admission".into(),
                regulation: REGULATION.into(),
                facts: vec![],
                verdict: "allowed".into(),
            },
        };
        let series = SeriesId::of(self.student, test);
        let save = TestAttemptCommand::SaveAnswer {
            attempt: AttemptId::of(series, 1),
            question: question.id,
            sequence: 1,
            answer: Answer::Number(number(4.0)),
            at: now(),
        };
        let teacher = self.acting(self.teacher, Role::Teacher);
        let student = self.acting(self.student, Role::Student);
        [
            Transaction::of(teacher, vec![TestCommand::Create { test, card }.of(test)]),
            Transaction::of(
                student.clone(),
                vec![TestAttemptCommand::Start(Box::new(start)).of(series)],
            ),
            Transaction::of(student, vec![save.of(series)]),
        ]
    }
}

impl History {
    /// Algebra is to be given up, and is not; another request is taken back.
    fn requests(&self) -> Vec<Transaction> {
        let (student, at, about) = (self.student, now(), self.enrollment());
        let subject = Subject { enrollment: about, subject: self.subject, term: self.term };
        let windows = Windows {
            term: self.term,
            registration: Some(open()),
            choosing_streams: Some(open()),
            add_drop: None,
        };
        let add_drop = AddDrop {
            change: Change::GiveUp { gives_up: subject },
            windows: vec![windows],
            read_at: Position(1),
        };
        let (comment, asking) = text_about(self.student, "Уақытым жоқ");
        let (reason, answer) = text_about(self.student, "Пән міндетті");
        let opening = |number, comment| {
            let request = RequestId::of(about, number);
            let opening = request::Opening {
                of: RequestOf { request, student },
                matter: Matter::AddDrop(add_drop.clone()),
                comment,
                language: Language::Kazakh,
                at,
            };
            RequestCommand::Open(opening).of(request)
        };
        let refuse = RequestCommand::Refuse { by: self.registrar, reason, at };
        let withdraw = RequestCommand::Withdraw { at };
        [
            (student, Role::Student, opening(1, Some(comment)), Some(asking)),
            (self.registrar, Role::Registrar, refuse.of(RequestId::of(about, 1)), Some(answer)),
            (student, Role::Student, opening(2, None), None),
            (student, Role::Student, withdraw.of(RequestId::of(about, 2)), None),
        ]
        .into_iter()
        .map(|(person, role, act, text)| {
            let asked = Transaction::of(self.acting(person, role), vec![act]);
            Transaction { people: text.into_iter().collect(), ..asked }
        })
        .collect()
    }
}

impl History {
    /// Algebra is described, and its syllabus set; a class gets two files, and one is taken away.
    fn teaching(&self) -> Vec<Transaction> {
        let (subject, of) = (self.subject, SyllabusOf::of(self.subject, self.term));
        let about =
            |title, competences| About { title: Some(text(title)), description: None, competences };
        let described = [
            (Language::Kazakh, about("Алгебра", vec![text("Теңдеу шешеді")])),
            (Language::English, about("Algebra", vec![])),
            (Language::English, About::default()),
        ];
        let registrar = self.acting(self.registrar, Role::Registrar);
        let mut all: Vec<_> = described
            .into_iter()
            .map(|(language, about)| SubjectCommand::Describe { subject, language, about })
            .map(|describe| Transaction::of(registrar.clone(), vec![describe.of(subject)]))
            .collect();
        let class = |number, topic| {
            let link = Link { address: text("https://example.org"), label: None };
            let (links, references) = (vec![link], vec![text("Фихтенгольц")]);
            let (component, topic) = (text("Дәріс"), text(topic));
            Planned { number, content: Content { component, topic, text: None, links, references } }
        };
        let set = |week, classes| SyllabusCommand::SetWeek { of, week, weeks: 18, classes };
        let teacher = self.acting(self.teacher, Role::Teacher);
        let mut act = |command: SyllabusCommand, people| {
            let asked = Transaction::of(teacher.clone(), vec![command.of(of.syllabus)]);
            all.push(Transaction { people, ..asked });
        };
        act(set(1, vec![class(None, "Топтар"), class(None, "Сақиналар")]), vec![]);
        act(set(2, vec![class(None, "Өрістер")]), vec![]);
        act(set(2, vec![]), vec![]);
        let files = ["1.pdf", "2.pdf"].map(|name| file_of(self.teacher, name));
        let gone = files[0].0.id;
        for (file, name) in files {
            act(SyllabusCommand::AddFile { of, class: 1, file, by: self.teacher }, vec![name]);
        }
        act(SyllabusCommand::RemoveFile { of, file: gone }, vec![]);
        act(set(1, vec![class(Some(1), "Топтар")]), vec![]);
        all.push(self.card_of_teacher());
        all
    }
}

impl History {
    /// The teacher tells of themself.
    fn card_of_teacher(&self) -> Transaction {
        let person = self.teacher;
        let (card, text) = text_about(person, r#"{"experience": "20 лет", "competences": []}"#);
        let set = AccountCommand::SetCard { person, card }.of(person);
        let asked = Transaction::of(self.acting(person, Role::Teacher), vec![set]);
        Transaction { people: vec![text], ..asked }
    }
}

/// A file of somebody's, and what it is called.
fn file_of(person: PersonId, name: &str) -> (FileRef, PersonWrite) {
    let (name, text) = text_about(person, name);
    let (id, sha256) = (FileId::new(), Digest::of(b"a work"));
    (FileRef { id, name, kind: FileKind::Pdf, size: 1_000, sha256 }, text)
}

impl History {
    /// A thesis is opened, and its first attempt sent, reported and decided.
    fn thesis(&self) -> Vec<Transaction> {
        let id = ThesisId::new();
        let officer = self.acting(self.registrar, Role::Registrar);
        let student = self.acting(self.student, Role::Student);
        let about = Thesis {
            id,
            student: self.student,
            kind: ThesisKind::Coursework,
            title: text("Графтар теориясы"),
            supervisor: Some(self.teacher),
        };
        let rules = Some(ThesisRules::usual());
        let open = ThesisCheckCommand::Open { thesis: about, regulation: REGULATION.into(), rules };
        let mut all = vec![Transaction::of(officer.clone(), vec![open.of(id)])];
        let mut hand_in = |command: fn(FileRef) -> ThesisCheckCommand| {
            let (file, note) = file_of(self.student, "Жұмыс.pdf");
            let acts = vec![command(file.clone()).of(id)];
            all.push(Transaction { people: vec![note], ..Transaction::of(student.clone(), acts) });
            file.id
        };
        hand_in(|file| ThesisCheckCommand::AddDocument { kind: DocumentKind::TitlePage, file });
        hand_in(|file| ThesisCheckCommand::AddDocument { kind: DocumentKind::Appendices, file });
        let work =
            hand_in(|file| ThesisCheckCommand::UploadWork { file, language: Language::Kazakh });
        let report = Report {
            originality: Percent::whole(80),
            similarity: Percent::whole(20),
            pages: Some(30),
            words: 9_000,
            compared: 1,
            engine: "test".into(),
            sources: vec![],
        };
        let verdict = Verdict::Passed;
        all.push(Transaction::of(student, vec![ThesisCheckCommand::Send.of(id)]));
        for command in [
            ThesisCheckCommand::Report { attempt: 1, file: work, report },
            ThesisCheckCommand::Decide { attempt: 1, verdict, comment: None },
        ] {
            all.push(Transaction::of(officer.clone(), vec![command.of(id)]));
        }
        all
    }
}

fn now() -> Timestamp {
    "2025-09-01T06:00:00Z".parse().unwrap()
}

fn open() -> Window {
    Window {
        opens_at: "2025-08-01T00:00:00Z".parse().unwrap(),
        closes_at: "2025-10-01T00:00:00Z".parse().unwrap(),
    }
}

fn openness() -> Openness {
    Openness::of_student(Some(open()), None, now())
}

fn monday() -> Meeting {
    Meeting {
        weekday: Weekday::Monday,
        starts_at: "09:00".parse().unwrap(),
        ends_at: "10:40".parse().unwrap(),
        weeks: Weeks::parse("").unwrap(),
        room: None,
    }
}
