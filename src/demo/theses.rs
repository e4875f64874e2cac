//! The made-up university's theses: one whose check is done, and one that copied from it. Their reports
//! come once the server runs.

use aggregates::{
    shared::{
        DocumentKind, FileRef, Language, PersonId, Role, Text, ThesisId, ThesisKind, ThesisRules,
    },
    thesis_check::{Thesis, ThesisCheckCommand},
};
use bytes::Bytes;
use futures::stream;

use super::{DemoError, University};
use crate::{
    files::{PartOf, Received},
    people::PersonWrite,
    regulation,
};

/// What a paragraph is made of, with the numbers of paragraph and sentence in it.
const SENTENCES: &[&str] = &[
    "В разделе {p} рассматривается граф {s}, у которого {p} вершин и {s} рёбер",
    "{p}-бөлімде {s}-граф қарастырылады, оның {p} төбесі, {s} қабырғасы бар",
    "Алгоритм {s} из параграфа {p} делает {s} шагов и занимает {p} страниц памяти",
    "{s}-кестеде {p}-тәжірибенің {s} нәтижесі бар, олардың {p} саны теориямен сәйкес келеді",
];
/// How many paragraphs a work has, and how many of them the second author copied.
const PARAGRAPHS: usize = 30;
const COPIED: usize = 12;

impl University<'_> {
    /// Two theses of second-year students, the second one's author copied from the first; and one that is
    /// yet to be handed in.
    pub(super) async fn theses(&self) -> Result<(), DemoError> {
        let own: Vec<_> = (0..PARAGRAPHS).map(|number| paragraph(number, 1)).collect();
        let copied = own.iter().take(COPIED).cloned();
        let of_the_second = (COPIED..PARAGRAPHS).map(|number| paragraph(number, 100));
        let second: Vec<_> = copied.chain(of_the_second).collect();
        self.thesis(1, "Графтардағы ең қысқа жолдар", &own).await?;
        self.thesis(0, "Алгоритмы на взвешенных графах", &second).await?;
        let login = Self::student_login(0);
        let thesis = ThesisId::derived(&["demo", &self.seed, &login, "to hand in"]);
        let title = "Архитектура университетского портала";
        self.open_thesis(thesis, &login, ThesisKind::Diploma, title).await
    }

    /// A thesis with all its documents, sent to the check.
    async fn thesis(
        &self,
        number: usize,
        title: &str,
        paragraphs: &[String],
    ) -> Result<(), DemoError> {
        let login = Self::student_login(number);
        let student = self.person(&login);
        let thesis = ThesisId::derived(&["demo", &self.seed, &login]);
        self.open_thesis(thesis, &login, ThesisKind::Coursework, title).await?;
        for (kind, name) in [
            (DocumentKind::TitlePage, "Титульный лист.docx"),
            (DocumentKind::Appendices, "Қосымша.docx"),
        ] {
            let bytes = documents::write_docx(&[title.to_owned()])?;
            let (file, people) = self.file(student, thesis, name, bytes).await?;
            let add = ThesisCheckCommand::AddDocument { kind, file };
            self.write(&login, Role::Student, vec![add.of(thesis)], people).await?;
        }
        let bytes = documents::write_docx(paragraphs)?;
        let (file, people) = self.file(student, thesis, "Жұмыс.docx", bytes).await?;
        let acts = vec![
            ThesisCheckCommand::UploadWork { file, language: Language::Russian }.of(thesis),
            ThesisCheckCommand::Send.of(thesis),
        ];
        self.write(&login, Role::Student, acts, people).await
    }

    async fn open_thesis(
        &self,
        thesis: ThesisId,
        login: &str,
        kind: ThesisKind,
        title: &str,
    ) -> Result<(), DemoError> {
        let rules = regulation::in_force(&self.cabinet.views, self.cabinet.today()).await?;
        let rules = rules.unwrap_or_default();
        let open = ThesisCheckCommand::Open {
            thesis: Thesis {
                id: thesis,
                student: self.person(login),
                kind,
                title: Text::short(title)?,
                supervisor: Some(self.person("teacher")),
            },
            regulation: rules.version,
            rules: rules.rules.and_then(|rules| rules.theses).or(Some(ThesisRules::usual())),
        };
        let officer = "antiplagiat";
        self.act(officer, Role::AntiplagiatOfficer, vec![open.of(thesis)]).await
    }

    async fn file(
        &self,
        student: PersonId,
        thesis: ThesisId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(FileRef, Vec<PersonWrite>), DemoError> {
        let received = self.received(student, name, bytes).await?;
        let (file, people) = received.handed_in(student, PartOf::Thesis(thesis));
        Ok((file, people.into()))
    }
}

impl University<'_> {
    /// A file of somebody's, in the store.
    pub(super) async fn received(
        &self,
        sender: PersonId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Received, DemoError> {
        let most = self.cabinet.config.max_file_bytes;
        let bytes = stream::iter([Ok::<_, std::convert::Infallible>(Bytes::from(bytes))]);
        Ok(self.cabinet.files.receive(sender, name, most, bytes).await?)
    }
}

/// A paragraph of its own for each pair of numbers.
fn paragraph(number: usize, of: usize) -> String {
    let sentence = |place: usize, text: &&str| {
        let (paragraph, sentence) = ((number + 1) * of, number * 10 + place + of);
        text.replace("{p}", &paragraph.to_string()).replace("{s}", &sentence.to_string())
    };
    let sentences: Vec<_> =
        SENTENCES.iter().enumerate().map(|(place, text)| sentence(place, text)).collect();
    format!("{}.", sentences.join(". "))
}
