//! The made-up university's rules, calendar, subjects and streams.

use aggregates::{
    Act,
    academic_calendar::{AcademicCalendarCommand, Audience, Period, PeriodKind, Term, TermKind},
    programme::{Choice, Curriculum, Group, Placed, ProgrammeCard, ProgrammeCommand},
    regulation::RegulationCommand,
    shared::{
        CalendarId, Credits, Days, Language, Meeting, ProgrammeId, RegulationId, Role, Rules,
        SittingId, StreamId, SubjectId, TermDays, TermId, Text, TimeOfDay, Titles, Weekday, Weeks,
        Window,
    },
    stream::{Sitting, SittingKind, SittingTimes, StreamCard, StreamCommand, StreamKind},
    subject::{SubjectCard, SubjectCommand},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
};

use super::{DemoError, University};

/// The version of the regulation.
pub(super) const REGULATION: &str = "2020";
const CREDITS: u16 = 5;
/// The programme of all students: code and title.
pub(super) const PROGRAMME: (&str, &str) =
    ("6B06102", "Есептеу техникасы және бағдарламалық қамтамасыз ету");
/// What it is called in Kazakh, Russian and English.
const PROGRAMME_TITLES: [&str; 3] = [
    PROGRAMME.1,
    "Вычислительная техника и программное обеспечение",
    "Computer engineering and software",
];
/// Of which subjects two are chosen.
const CHOSEN: [&str; 3] = ["CSE204", "MAT202", "ECO101"];

/// code, title, semester of study from 1, codes of its prerequisites
const SUBJECTS: &[(&str, &str, usize, &[&str])] = &[
    ("MAT101", "Математикалық талдау 1", 1, &[]),
    ("CSE101", "Бағдарламалау негіздері", 1, &[]),
    ("KAZ101", "Қазақ тілі", 1, &[]),
    ("HIS101", "Қазақстан тарихы", 1, &[]),
    ("MAT102", "Математикалық талдау 2", 2, &["MAT101"]),
    ("CSE102", "Алгоритмдер және деректер құрылымы", 2, &["CSE101"]),
    ("PHY101", "Физика", 2, &[]),
    ("ENG101", "Ағылшын тілі", 2, &[]),
    ("CSE201", "Операциялық жүйелер", 3, &["CSE102"]),
    ("CSE203", "Базы данных", 3, &["CSE101"]),
    ("MAT201", "Дискретная математика", 3, &[]),
    ("PHI101", "Философия", 3, &[]),
    ("CSE202", "Компьютерные сети", 4, &["CSE201"]),
    ("CSE204", "Веб-технологиялар", 4, &["CSE203"]),
    ("MAT202", "Теория вероятностей", 4, &["MAT102"]),
    ("ECO101", "Экономика негіздері", 4, &[]),
];

/// A semester of the calendar.
#[derive(Clone)]
pub(super) struct Semester {
    /// Its id.
    pub id: TermId,
    /// The year in which its academic year begins.
    pub year: i16,
    /// Its days.
    pub dates: Days,
    /// From its first instant until its end.
    pub days: Window,
    /// When one may register.
    pub registration: Window,
    /// An instant at which it is open.
    pub registering: Timestamp,
}

/// A subject as it is taught.
pub(super) struct Taught {
    /// Its id.
    pub id: SubjectId,
    /// Its code.
    pub code: Text,
    /// Its title.
    pub title: Text,
    /// Its credits.
    pub credits: Credits,
    /// The semester of study, from 1.
    pub semester: usize,
}

/// What is taught when.
pub(super) struct Catalogue {
    /// Last year's and this year's semesters.
    pub semesters: Vec<Semester>,
    /// The subjects.
    pub subjects: Vec<Taught>,
    /// The streams, two of each subject and semester, with their cards.
    pub streams: Vec<(StreamId, StreamCard)>,
}

impl Catalogue {
    /// The streams of a subject in a semester.
    pub fn streams_of(
        &self,
        subject: SubjectId,
        term: TermId,
    ) -> impl Iterator<Item = &(StreamId, StreamCard)> {
        self.streams.iter().filter(move |(_, card)| card.subject == subject && card.term == term)
    }

    /// The days of the semesters.
    pub fn days(&self) -> TermDays {
        self.semesters.iter().map(|semester| (semester.id, semester.dates)).collect()
    }
}

impl University<'_> {
    /// Publishes the rules, and sets up calendar, subjects and streams.
    pub(super) async fn catalogue(&self) -> Result<Catalogue, DemoError> {
        let publish = RegulationCommand::Publish {
            version: Text::short(REGULATION)?,
            effective_from: date(2020, 9, 1),
            rules: Rules::kazakhstan(),
        };
        self.registrar(vec![publish.of(RegulationId::of(REGULATION))]).await?;
        let mut semesters = Vec::new();
        for year in [self.year - 1, self.year] {
            for autumn in [true, false] {
                semesters.push(self.semester(year, autumn).await?);
            }
        }
        let mut subjects = Vec::new();
        for line in SUBJECTS {
            subjects.push(self.subject(line, &semesters).await?);
        }
        self.programme(&subjects).await?;
        let mut streams = Vec::new();
        for (place, subject) in subjects.iter().enumerate() {
            for semester in semesters.iter().skip((subject.semester + 1) % 2).step_by(2) {
                for group in 1..=2 {
                    streams.push(self.stream(subject, semester, place, group).await?);
                }
            }
        }
        Ok(Catalogue { semesters, subjects, streams })
    }

    /// The programme of all students: what is taught from semester to semester, with a group in the fourth of which two
    /// are chosen.
    async fn programme(&self, subjects: &[Taught]) -> Result<(), DemoError> {
        let placed = |subject: &Taught| Placed {
            subject: subject.id,
            term: u8::try_from(subject.semester).unwrap_or(1),
        };
        let is_chosen = |subject: &&Taught| CHOSEN.contains(&subject.code.as_str());
        let curriculum = Curriculum {
            compulsory: subjects.iter().filter(|it| !is_chosen(it)).map(placed).collect(),
            groups: vec![Group {
                name: Text::short("Таңдау пәндері")?,
                titles: titles(["Таңдау пәндері", "Дисциплины по выбору", "Elective subjects"])?,
                choice: Choice::Subjects(2),
                subjects: subjects.iter().filter(is_chosen).map(placed).collect(),
            }],
        };
        let (code, title) = (Text::short(PROGRAMME.0)?, Text::short(PROGRAMME.1)?);
        let titles = titles(PROGRAMME_TITLES)?;
        let programme = ProgrammeId::derived(&[PROGRAMME.0]);
        let card = ProgrammeCard { title, titles, head: Some(self.person("teacher2")) };
        let credits = subjects.iter().map(|subject| (subject.id, subject.credits)).collect();
        let year = self.year - 1;
        self.registrar(vec![
            ProgrammeCommand::Create { programme, code, card }.of(programme),
            ProgrammeCommand::SetCurriculum {
                programme,
                year,
                curriculum,
                called_as_before: Default::default(),
                credits,
            }
            .of(programme),
        ])
        .await
    }

    async fn registrar(&self, acts: Vec<Act>) -> Result<(), DemoError> {
        self.act("registrar", Role::Registrar, acts).await
    }

    /// A semester with its periods. What is still to come, and this year's last semester whenever it
    /// is, can be registered for now, so that there is something to try.
    async fn semester(&self, year: i16, autumn: bool) -> Result<Semester, DemoError> {
        let (names, of, starts_on, ends_on) = if autumn {
            (["Күз", "Осень", "Autumn"], year, date(year, 9, 1), date(year, 12, 31))
        } else {
            (["Көктем", "Весна", "Spring"], year + 1, date(year + 1, 1, 20), date(year + 1, 6, 10))
        };
        let called = names.map(|name| format!("{name} {of}"));
        let title = &called[0];
        let today = self.cabinet.today();
        let (opens_on, closes_on) = if starts_on > today {
            (today.checked_sub(7.days())?, starts_on.checked_add(7.days())?)
        } else if year == self.year && !autumn {
            (starts_on.checked_sub(30.days())?, today.checked_add(14.days())?)
        } else {
            (starts_on.checked_sub(30.days())?, starts_on.checked_sub(1.day())?)
        };
        let registration = self.window(opens_on, closes_on)?;
        let add_drop = self.window(starts_on, starts_on.checked_add(6.days())?)?;
        let days = self.window(starts_on, ends_on)?;
        let id = TermId::derived(&["demo", &self.seed, title]);
        let term = Term {
            id,
            title: Text::short(title)?,
            titles: titles(called.each_ref().map(String::as_str))?,
            kind: TermKind::Semester,
            starts_on,
            ends_on,
        };
        let dates = term.days();
        let calendar = CalendarId::of(year);
        let mut acts =
            vec![AcademicCalendarCommand::AddTerm { year, term, origin: None }.of(calendar)];
        for (kind, window, opens_on) in [
            (PeriodKind::Registration, registration, opens_on),
            (PeriodKind::ChoosingStreams, registration, opens_on),
            (PeriodKind::AddDrop, add_drop, starts_on),
            (PeriodKind::Study, days, starts_on),
        ] {
            let (title, titles) = (None, Titles::default());
            let period = Period { kind, title, titles, audience: Audience::default(), window };
            let set = AcademicCalendarCommand::SetPeriod {
                year,
                term: id,
                period,
                titles: None,
                opens_on,
            };
            acts.push(set.of(calendar));
        }
        self.registrar(acts).await?;
        let registering = self.midnight(opens_on.checked_add(1.day())?)?;
        Ok(Semester { id, year, dates, days, registration, registering })
    }

    /// From the first of these days until the last is over.
    pub(super) fn window(&self, first: Date, last: Date) -> Result<Window, DemoError> {
        let opens_at = self.midnight(first)?;
        let closes_at = self.midnight(last.checked_add(1.day())?)?;
        Ok(Window { opens_at, closes_at })
    }

    fn midnight(&self, day: Date) -> Result<Timestamp, DemoError> {
        Ok(self.cabinet.time_zone.to_timestamp(day.at(0, 0, 0, 0))?)
    }

    async fn subject(
        &self,
        (code, title, semester, prerequisites): &(&str, &str, usize, &[&str]),
        semesters: &[Semester],
    ) -> Result<Taught, DemoError> {
        let id = |code: &str| SubjectId::derived(&["demo", &self.seed, code]);
        let subject = id(code);
        let card = SubjectCard {
            code: Text::short(code)?,
            title: Text::short(title)?,
            credits: Credits::whole(CREDITS),
            compulsory: !code.starts_with("ECO"),
            prerequisites: prerequisites.iter().map(|code| id(code)).collect(),
        };
        let (code, title, credits) = (card.code.clone(), card.title.clone(), card.credits);
        let mut acts = vec![SubjectCommand::Create { subject, card }.of(subject)];
        // Odd semesters of study are taught in autumn, even ones in spring.
        for term in semesters.iter().skip((semester + 1) % 2).step_by(2) {
            acts.push(SubjectCommand::Offer { subject, term: term.id }.of(subject));
        }
        self.registrar(acts).await?;
        Ok(Taught { id: subject, code, title, credits, semester: *semester })
    }

    /// Three hours in the morning, some day after the lectures; subjects of one semester of study on different days.
    fn exam(&self, stream: StreamId, semester: &Semester, place: usize) -> Result<Act, DemoError> {
        let day = semester.dates.first.checked_add((105 + 3 * (place as i64 % 4)).days())?;
        let hour = |hour| self.cabinet.time_zone.to_timestamp(day.at(hour, 0, 0, 0));
        let about = Sitting {
            kind: SittingKind::Exam,
            window: Window { opens_at: hour(9)?, closes_at: hour(12)? },
            room: Some(Text::short(&format!("{}01", place % 4 + 1))?),
            link: None,
            note: None,
        };
        let sitting = SittingId::derived(&["demo", &stream.to_string()]);
        let read_at = self.cabinet.freshness.reached();
        let times = SittingTimes { term: semester.days, exams: vec![], read_at };
        let at = semester.registering;
        Ok(StreamCommand::ScheduleSitting { stream, sitting, about, times, at }.of(stream))
    }

    async fn stream(
        &self,
        subject: &Taught,
        semester: &Semester,
        place: usize,
        group: usize,
    ) -> Result<(StreamId, StreamCard), DemoError> {
        let teacher = if place.is_multiple_of(2) { "teacher" } else { "teacher2" };
        // Subjects of one semester of study never meet at the same time, whatever the group.
        let hour = 8 + 2 * (place as u32 % 4);
        let time = |minutes| TimeOfDay::from_minutes(minutes).unwrap_or(TimeOfDay::END_OF_DAY);
        let meeting = Meeting {
            weekday: Weekday::ALL[group % Weekday::ALL.len()],
            starts_at: time(hour * 60),
            ends_at: time(hour * 60 + 110),
            weeks: Weeks::every(),
            room: Some(format!("{}0{group}", place % 4 + 1)),
        };
        let card = StreamCard {
            subject: subject.id,
            term: semester.id,
            kind: StreamKind::Lecture,
            configuration: Text::short("1")?,
            component: Text::short("lecture")?,
            group: Text::short(&format!("{}-{group}", subject.code))?,
            parent: None,
            limit: Some(20),
            meetings: vec![meeting],
            teachers: vec![self.person(teacher)],
        };
        let name = [subject.code.as_str(), &semester.id.to_string(), &group.to_string()];
        let stream = StreamId::derived(&["demo", &self.seed, name[0], name[1], name[2]]);
        let open = StreamCommand::Open { stream, card: card.clone() }.of(stream);
        self.registrar(vec![open, self.exam(stream, semester, place)?]).await?;
        Ok((stream, card))
    }
}

/// What something is called in Kazakh, Russian and English.
fn titles(called: [&str; 3]) -> Result<Titles, DemoError> {
    let languages = [Language::Kazakh, Language::Russian, Language::English];
    let title = |(language, title): (Language, &str)| Ok((language, Text::short(title)?));
    languages.into_iter().zip(called).map(title).collect()
}
