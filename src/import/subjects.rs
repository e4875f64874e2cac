//! `courses.csv`: courses become subjects of the catalogue.

use std::{collections::HashMap, sync::Arc};

use aggregates::{
    shared::{Credits, Hundredths, Text},
    subject::{SubjectCard, SubjectCommand},
};
use projections::subject::{SubjectDocument, Subjects};
use serde::{Deserialize, Serialize};

use super::{
    ImportError,
    entity::{Entity, Known, Plan},
    flaw::Flaw,
    folder::Kind,
    table::Row,
};

/// What a course is worth that does not say: OneRoster has no credits, and 5 is the usual size of a
/// subject in Kazakhstan.
const DEFAULT_CREDITS: Credits = Credits::whole(5);

/// A course.
pub(super) struct Course {
    id: String,
    code: Text,
    title: Text,
    credits: Option<Credits>,
}

/// What classes and enrollments need of a course.
#[derive(Serialize, Deserialize)]
pub(super) struct StagedCourse {
    /// The subject's code.
    pub code: Text,
    /// The subject's title.
    pub title: Text,
    /// The subject's credits.
    pub credits: Credits,
}

impl Entity for Course {
    const KIND: Kind = Kind::Courses;
    /// The subjects that are here already.
    type Found = HashMap<String, Arc<SubjectDocument>>;

    fn read(row: &Row) -> Result<Self, Flaw> {
        let id = row.id("sourcedId")?;
        let code = match row.text("courseCode")? {
            Some(code) => code,
            None => row.required_text("sourcedId")?,
        };
        let (title, credits) = (row.required_text("title")?, credits(row)?);
        Ok(Self { id, code, title, credits })
    }

    async fn look_up(rows: &[(Row, Self)], known: &Known) -> Result<Self::Found, ImportError> {
        let Some(here) = &known.here else { return Ok(HashMap::new()) };
        let subjects = rows.iter().map(|(_, course)| known.subject(&course.id).to_string());
        let subjects: Vec<_> = subjects.collect();
        Ok(here.views.get_many::<Subjects>(&subjects).await?)
    }

    fn plan(&self, row: &Row, found: &Self::Found, known: &Known) -> Result<Plan, Flaw> {
        let subject = known.subject(&self.id);
        let now = found.get(&subject.to_string()).and_then(|subject| subject.card.as_ref());
        // What a course does not say, the catalogue may have learned here, and keeps.
        let credits = self.credits.or(now.map(|now| now.credits)).unwrap_or(DEFAULT_CREDITS);
        let card = SubjectCard {
            code: self.code.clone(),
            title: self.title.clone(),
            credits,
            compulsory: now.is_some_and(|now| now.compulsory),
            prerequisites: now.map(|now| now.prerequisites.clone()).unwrap_or_default(),
        };
        let origin = known.origin(Self::KIND, row, None);
        let staged = StagedCourse { code: self.code.clone(), title: self.title.clone(), credits };
        Plan::of(vec![SubjectCommand::Import { subject, card, origin }.of(subject)], &staged)
    }
}

fn credits(row: &Row) -> Result<Option<Credits>, Flaw> {
    const COLUMN: &str = "metadata.credits";
    let Some(text) = row.get(COLUMN) else { return Ok(None) };
    let number = Hundredths::parse(text);
    let credits = number.and_then(|number| Credits::from_hundredths(number.0));
    match credits.filter(|credits| credits.hundredths() > 0) {
        Some(credits) => Ok(Some(credits)),
        None => Err(Flaw::of_text(COLUMN, "NO_CREDITS", text)),
    }
}
