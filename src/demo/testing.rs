//! The made-up university's tests, one a subject of this year: to be tried now, proctored, or to come.

use std::collections::BTreeSet;

use aggregates::{
    shared::{MarkKind, Number, OptionId, Percent, QuestionId, Role, Score, TestId, Text},
    test::{Choice, Key, Question, TestCard, TestCommand},
};
use jiff::ToSpan;

use super::{
    DemoError, University,
    catalogue::{Catalogue, Semester, Taught},
};

/// What is asked, what may be answered, and which of it is right.
const CHOICES: &[(&str, &[&str], &[usize])] = &[
    ("Қазақстанның астанасы?", &["Алматы", "Астана", "Шымкент"], &[1]),
    ("Қай сандар жай сандар?", &["2", "9", "11", "15"], &[0, 2]),
    ("Кто написал «Слова назидания»?", &["Абай", "Ауэзов", "Жамбыл"], &[0]),
];
/// What number is asked.
const NUMBER: (&str, f64) = ("Сколько будет 17 × 6?", 102.0);

impl University<'_> {
    /// Plans a test of each subject of this year's semesters: a practice, a proctored midterm or an exam.
    pub(super) async fn tests(&self, catalogue: &Catalogue) -> Result<(), DemoError> {
        for (number, subject) in catalogue.subjects.iter().enumerate() {
            let of_year = catalogue.semesters.iter().filter(|known| known.year == self.year);
            let semester = of_year.skip((subject.semester + 1) % 2).step_by(2).next();
            let Some(semester) = semester else { continue };
            let name = [subject.code.as_str(), &semester.id.to_string()];
            let test = TestId::derived(&["demo", &self.seed, name[0], name[1]]);
            let card = self.test(number, subject, semester)?;
            let plan = TestCommand::Create { test, card }.of(test);
            self.act("registrar", Role::Registrar, vec![plan]).await?;
        }
        Ok(())
    }

    fn test(
        &self,
        number: usize,
        subject: &Taught,
        semester: &Semester,
    ) -> Result<TestCard, DemoError> {
        let of = ["demo", &self.seed, subject.code.as_str()];
        let mut questions = Vec::new();
        for (prompt, texts, right) in CHOICES {
            let option = |text: &&str| {
                let id = OptionId::derived(&[of[0], of[1], of[2], prompt, text]);
                Ok::<_, DemoError>(Choice { id, text: Text::short(text)? })
            };
            let options: Vec<_> = texts.iter().map(option).collect::<Result<_, _>>()?;
            let right: BTreeSet<_> = right.iter().map(|place| options[*place].id).collect();
            let key = match (right.len(), right.first().copied()) {
                (1, Some(right)) => Key::Single { options, right },
                _ => Key::Multiple { options, right },
            };
            let id = QuestionId::derived(&[of[0], of[1], of[2], prompt]);
            questions.push(Question {
                id,
                prompt: Text::long(prompt)?,
                points: Score::whole(1),
                key,
            });
        }
        let (prompt, right) = NUMBER;
        let right = Number::from_f64(right).unwrap_or(Number::ZERO);
        let key = Key::Numeric { right, tolerance: Number::ZERO };
        let id = QuestionId::derived(&[of[0], of[1], of[2], prompt]);
        questions.push(Question { id, prompt: Text::long(prompt)?, points: Score::whole(2), key });
        let today = self.cabinet.today();
        let practice = TestCard {
            subject: subject.id,
            term: semester.id,
            title: Text::short(&format!("Сынақ тест: {}", subject.code))?,
            kind: MarkKind::Practice,
            period: None,
            questions,
            drawn: Some(3),
            window: self.window(today, today.checked_add(60.days())?)?,
            minutes: 15,
            attempts: 3,
            needed: None,
            pass: Percent::whole(50),
            proctored: false,
        };
        Ok(match number % 3 {
            0 => practice,
            1 => TestCard {
                kind: MarkKind::Midterm,
                period: Some(1),
                attempts: 1,
                proctored: true,
                ..practice
            },
            // For later, and for who is admitted.
            _ => TestCard {
                kind: MarkKind::Exam,
                window: self
                    .window(today.checked_add(14.days())?, today.checked_add(21.days())?)?,
                attempts: 1,
                needed: Some(Percent::whole(50)),
                ..practice
            },
        })
    }
}
