//! What the made-up university tells of a subject: what it is about, its syllabus with a file, its teacher's card.

use aggregates::{
    account::AccountCommand,
    shared::{Language, Role, SyllabusId, Text},
    subject::{About, SubjectCommand},
    syllabus::{Content, Link, Planned, SyllabusCommand, SyllabusOf},
};

use super::{DemoError, University, catalogue::Catalogue};
use crate::{files::PartOf, graphql::TeacherSays};

/// The subject, by its place among the subjects: it is `student`'s this autumn, and `teacher`'s.
const SUBJECT: usize = 8;
/// The autumn of this academic year among the semesters.
const AUTUMN: usize = 2;

/// language, title, description, competences
const ABOUT: &[(Language, &str, &str, &[&str])] = &[
    (
        Language::Kazakh,
        "Операциялық жүйелер",
        "Үдерістер, жад, файлдық жүйелер және олардың Linux-тегі іске асырылуы.",
        &[
            "Үдерістер мен ағындардың жоспарлануын түсіндіреді",
            "Қатар жұмыс істейтін бағдарлама жазады",
        ],
    ),
    (
        Language::Russian,
        "Операционные системы",
        "Процессы, память, файловые системы и их устройство в Linux.",
        &["Объясняет планирование процессов и потоков", "Пишет параллельные программы"],
    ),
    (
        Language::English,
        "Operating systems",
        "Processes, memory, file systems, and how Linux does them.",
        &["Explains how processes and threads are scheduled", "Writes concurrent programs"],
    ),
];

/// The topics of the weeks, from the first on.
const WEEKS: &[(&str, &str)] = &[
    ("Операциялық жүйе дегеніміз не", "Ядро, жүйелік шақырулар, режимдер."),
    ("Процессы и потоки", "Состояния процесса, переключение контекста, планирование."),
    ("Синхрондау", "Бұғаттар, семафорлар, өзара бұғатталу."),
    ("Виртуальная память", "Страницы, таблицы страниц, подкачка."),
    ("Файлдық жүйелер", "Журналдау, кэштер, ext4."),
    ("Ввод и вывод", "Драйверы, прерывания, очереди."),
];

impl University<'_> {
    /// A described subject, its syllabus this autumn with a file in the first week, and its teacher's card.
    pub(super) async fn teaching(&self, catalogue: &Catalogue) -> Result<(), DemoError> {
        let (Some(subject), Some(autumn)) =
            (catalogue.subjects.get(SUBJECT), catalogue.semesters.get(AUTUMN))
        else {
            return Ok(());
        };
        for (language, title, description, competences) in ABOUT {
            let about = About {
                title: Some(Text::short(title)?),
                description: Some(Text::long(description)?),
                competences: competences
                    .iter()
                    .map(|text| Text::short(text))
                    .collect::<Result<_, _>>()?,
            };
            let (id, language) = (subject.id, *language);
            let describe = SubjectCommand::Describe { subject: id, language, about };
            self.act("registrar", Role::Registrar, vec![describe.of(id)]).await?;
        }
        let of = SyllabusOf::of(subject.id, autumn.id);
        let weeks = u8::try_from(autumn.dates.weeks()).unwrap_or(u8::MAX);
        for ((topic, text), week) in WEEKS.iter().zip(1..) {
            let classes = vec![Planned { number: None, content: class(topic, text)? }];
            let set = SyllabusCommand::SetWeek { of, week, weeks, classes };
            self.act("teacher", Role::Teacher, vec![set.of(of.syllabus)]).await?;
        }
        self.slides(of).await?;
        self.card_of_teacher().await
    }

    async fn slides(&self, of: SyllabusOf) -> Result<(), DemoError> {
        let syllabus: SyllabusId = of.syllabus;
        let by = self.person("teacher");
        let bytes = documents::write_docx(
            &WEEKS.iter().map(|(_, text)| (*text).to_owned()).collect::<Vec<_>>(),
        )?;
        let received = self.received(by, "Дәріс 1.docx", bytes).await?;
        let (file, people) = received.handed_in(by, PartOf::Syllabus(syllabus));
        let add = SyllabusCommand::AddFile { of, class: 1, file, by };
        self.write("teacher", Role::Teacher, vec![add.of(syllabus)], people.into()).await
    }

    async fn card_of_teacher(&self) -> Result<(), DemoError> {
        let person = self.person("teacher");
        let says = TeacherSays {
            experience: Some("12 лет преподавания, 5 лет разработки ядра Linux".to_owned()),
            competences: vec!["Операционные системы".to_owned(), "Rust".to_owned()],
            achievements: Some("PhD, 9 мақала".to_owned()),
            email: Some("teacher@university.example".to_owned()),
            phone: None,
            room: Some("101".to_owned()),
            hours: Some("Сс 14:00-16:00".to_owned()),
        };
        let (card, text) = says.about(person)?;
        let set = AccountCommand::SetCard { person, card }.of(person);
        self.write("teacher", Role::Teacher, vec![set], vec![text]).await
    }
}

fn class(topic: &str, text: &str) -> Result<Content, DemoError> {
    let link = Link {
        address: Text::long("https://docs.kernel.org/")?,
        label: Some(Text::short("The Linux Kernel documentation")?),
    };
    Ok(Content {
        component: Text::short("lecture")?,
        topic: Text::short(topic)?,
        text: Some(Text::long(text)?),
        links: vec![link],
        references: vec![Text::long(
            "A. Tanenbaum, H. Bos. Modern Operating Systems, 4th edition",
        )?],
    })
}
