//! `categories.csv`, `lineItems.csv` and `results.csv`: results become marks in the journal, with
//! the title, category and weight of their line item.

use std::collections::HashMap;

use aggregates::{
    enrollment::{EnrollmentCommand, Mark},
    shared::{EnrollmentId, Fact, MarkId, MarkKind, Percent, SubjectId, TermId, Text},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    ImportError,
    decimal::Decimal,
    entity::{Entity, FoundRows, Known, Plan},
    flaw::Flaw,
    folder::Kind,
    streams::StagedClass,
    table::Row,
    users::StagedUser,
};

/// A category of line items.
pub(super) struct Category {
    title: Text,
}

impl Entity for Category {
    const KIND: Kind = Kind::Categories;
    type Found = ();

    fn read(row: &Row) -> Result<Self, Flaw> {
        Ok(Self { title: row.required_text("title")? })
    }

    async fn look_up(_: &[(Row, Self)], _: &Known) -> Result<(), ImportError> {
        Ok(())
    }

    fn plan(&self, _: &Row, (): &(), _: &Known) -> Result<Plan, Flaw> {
        Plan::of(vec![], &self.title)
    }
}

/// Something that is marked.
pub(super) struct LineItem {
    title: Text,
    class: String,
    category: Option<String>,
    weight: Option<Percent>,
    least: Decimal,
    most: Decimal,
}

/// What results need of a line item.
#[derive(Serialize, Deserialize)]
pub(super) struct StagedLineItem {
    title: Text,
    category: Option<Text>,
    weight: Option<Percent>,
    least: Decimal,
    most: Decimal,
    subject: SubjectId,
    term: TermId,
}

/// What line items refer to.
pub(super) struct FoundForLineItems {
    classes: FoundRows<StagedClass>,
    categories: FoundRows<Text>,
}

impl Entity for LineItem {
    const KIND: Kind = Kind::LineItems;
    type Found = FoundForLineItems;

    fn read(row: &Row) -> Result<Self, Flaw> {
        for day in ["assignDate", "dueDate"] {
            row.date(day)?;
        }
        let bound = |column| row.number(column)?.ok_or_else(|| Flaw::empty(column));
        let (least, most) = (bound("resultValueMin")?, bound("resultValueMax")?);
        if !least.is_below(most) {
            return Err(Flaw::told("resultValueMax", "RANGE_EMPTY", &[]));
        }
        Ok(Self {
            title: row.required_text("title")?,
            class: row.id("classSourcedId")?,
            category: row.text("categorySourcedId")?.map(String::from),
            weight: weight(row)?,
            least,
            most,
        })
    }

    async fn look_up(
        rows: &[(Row, Self)],
        known: &Known,
    ) -> Result<FoundForLineItems, ImportError> {
        let classes = rows.iter().map(|(_, item)| item.class.as_str());
        let categories = rows.iter().filter_map(|(_, item)| item.category.as_deref());
        Ok(FoundForLineItems {
            classes: known.find(Kind::Classes, classes).await?,
            categories: known.find(Kind::Categories, categories).await?,
        })
    }

    fn plan(&self, _: &Row, found: &FoundForLineItems, known: &Known) -> Result<Plan, Flaw> {
        let class = found.classes.get("classSourcedId", &self.class)?;
        let category = match &self.category {
            // Without that file nobody can say what the category is called.
            Some(id) if known.folder.has(Kind::Categories) => {
                Some(found.categories.get("categorySourcedId", id)?.clone())
            }
            _ => None,
        };
        let staged = StagedLineItem {
            title: self.title.clone(),
            category,
            weight: self.weight,
            least: self.least,
            most: self.most,
            subject: class.seat.subject,
            term: class.seat.term,
        };
        Plan::of(vec![], &staged)
    }
}

fn weight(row: &Row) -> Result<Option<Percent>, Flaw> {
    const COLUMN: &str = "metadata.weight";
    let Some(number) = row.number(COLUMN)? else { return Ok(None) };
    number.as_percent().map(Some).ok_or_else(|| Flaw::told(COLUMN, "NO_PERCENT", &[]))
}

/// What somebody got for a line item.
pub(super) struct Scored {
    line_item: String,
    student: String,
    score: Score,
}

/// A score, or none.
enum Score {
    /// There is a mark.
    Given(Decimal, Date),
    /// There is no mark, or none yet.
    None,
}

/// What results refer to.
pub(super) struct FoundForResults {
    line_items: FoundRows<StagedLineItem>,
    users: FoundRows<StagedUser>,
    /// On which line each pair of line item and student has stood first.
    first: HashMap<String, u64>,
}

impl Entity for Scored {
    const KIND: Kind = Kind::Results;
    type Found = FoundForResults;

    fn read(row: &Row) -> Result<Self, Flaw> {
        let (line_item, student) = (row.id("lineItemSourcedId")?, row.id("studentSourcedId")?);
        Ok(Self { line_item, student, score: score(row)? })
    }

    async fn look_up(rows: &[(Row, Self)], known: &Known) -> Result<FoundForResults, ImportError> {
        let line_items = rows.iter().map(|(_, scored)| scored.line_item.as_str());
        let users = rows.iter().map(|(_, scored)| scored.student.as_str());
        let line_items = known.find(Kind::LineItems, line_items).await?;
        let given = rows.iter().filter(|(_, scored)| scored.is_mark(&line_items));
        let pairs: Vec<_> = given.map(|(row, scored)| (scored.pair(), row.line)).collect();
        Ok(FoundForResults {
            line_items,
            users: known.find(Kind::Users, users).await?,
            first: known.staging.admit_pairs(&pairs).await?,
        })
    }

    fn plan(&self, row: &Row, found: &FoundForResults, known: &Known) -> Result<Plan, Flaw> {
        let item = found.line_items.get("lineItemSourcedId", &self.line_item)?;
        let user = found.users.get("studentSourcedId", &self.student)?;
        let Score::Given(score, day) = self.score else { return Plan::of(vec![], &()) };
        let percent = item.percent(score).ok_or_else(|| {
            let shown = row.get("score").unwrap_or_default();
            Flaw::of_text("score", "OUTSIDE_RANGE", shown)
        })?;
        if let Some(line) = found.first.get(&self.pair()).filter(|line| **line != row.line) {
            let facts = [Fact::new("line", line)];
            return Err(Flaw::told("studentSourcedId", "RESULT_TWICE", &facts));
        }
        let student = user.person.to_string();
        let mark = Mark {
            id: MarkId::derived(&[&known.folder.source, &self.line_item, &student]),
            kind: MarkKind::Current,
            period: None,
            title: Some(item.title.clone()),
            category: item.category.clone(),
            percent,
            weight: item.weight,
            day: Some(day),
        };
        let origin = known.origin(Self::KIND, row, Some(day));
        let enrollment = EnrollmentId::of(user.person, item.subject, item.term);
        let import = EnrollmentCommand::ImportMark { mark, origin };
        Plan::of(vec![import.of(enrollment)], &())
    }
}

impl StagedLineItem {
    fn percent(&self, score: Decimal) -> Option<Percent> {
        score.percent_between(self.least, self.most)
    }
}

impl Scored {
    /// Whether it has a score that its line item can have: others stand in nobody's way.
    fn is_mark(&self, line_items: &FoundRows<StagedLineItem>) -> bool {
        let Score::Given(score, _) = self.score else { return false };
        let item = line_items.get("lineItemSourcedId", &self.line_item);
        item.is_ok_and(|item| item.percent(score).is_some())
    }

    fn pair(&self) -> String {
        format!("{}\u{1f}{}", self.line_item, self.student)
    }
}

/// Who is exempt has no mark; who has not submitted has one only where there is a score.
fn score(row: &Row) -> Result<Score, Flaw> {
    let (score, day) = (row.number("score")?, row.date("scoreDate")?);
    let status = row.get("scoreStatus").map(str::to_lowercase);
    match status.as_deref() {
        Some("exempt") => return Ok(Score::None),
        Some("not submitted" | "submitted" | "partially graded") if score.is_none() => {
            return Ok(Score::None);
        }
        None | Some("not submitted" | "submitted" | "partially graded" | "fully graded") => {}
        Some(other) => {
            return Err(Flaw::of_text("scoreStatus", "NO_SCORE_STATUS", other));
        }
    }
    let score = score.ok_or_else(|| Flaw::empty("score"))?;
    let day = day.ok_or_else(|| Flaw::empty("scoreDate"))?;
    Ok(Score::Given(score, day))
}
