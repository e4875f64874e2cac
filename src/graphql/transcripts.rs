//! The transcript: final grades by period, the superseded ones too, as of any day (manual 2.15).

use std::{collections::BTreeMap, sync::Arc};

use aggregates::shared::{Decision, PersonId, Position, TermId};
use async_graphql::{Context, Enum, Object, SimpleObject};
use projections::{
    AnyView,
    regulation::Regulations,
    transcript::{Graded, Period, Statement, TranscriptDocument, Transcripts},
};

use super::{
    as_of::{asked, stands},
    calendar::Term,
    errors::FactObject,
    regulations::Regulation,
    request::{Ask, stored},
    scalars::{Credits, DateTime, Gpa, Percent, PositionScalar},
    subjects::Subject,
};

/// How something was decided.
pub struct DecisionObject(Decision);

impl From<&Decision> for DecisionObject {
    fn from(decision: &Decision) -> Self {
        Self(decision.clone())
    }
}

/// How something was decided: by which rule of which regulation, on what.
#[Object(name = "Decision")]
impl DecisionObject {
    /// The rule, by a stable name.
    async fn rule(&self) -> &str {
        &self.0.rule
    }

    /// The regulation it was decided under.
    async fn regulation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Regulation>> {
        let id = aggregates::shared::RegulationId::of(&self.0.regulation);
        let document = ctx.document::<Regulations>(id).await?;
        Ok(document.map(|document| Regulation { id, document }))
    }

    /// What went in.
    async fn facts(&self) -> Vec<FactObject> {
        self.0.facts.iter().map(FactObject::from).collect()
    }

    /// What came out.
    async fn verdict(&self) -> &str {
        &self.0.verdict
    }
}

/// What kind of work an entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum TranscriptEntryKind {
    /// A subject.
    Subject,
}

/// A student's transcript.
pub struct Transcript {
    document: Arc<TranscriptDocument>,
    statement: Statement,
    terms: BTreeMap<TermId, Term>,
    position: Position,
}

/// The transcript, now or as it stood.
pub async fn transcript(
    ctx: &Context<'_>,
    student: PersonId,
    time: Option<DateTime>,
    position: Option<PositionScalar>,
) -> async_graphql::Result<Transcript> {
    let view = AnyView::of::<Transcripts>();
    let (document, position) = match asked(ctx, &view, time, position).await? {
        Some(until) => {
            let folded = ctx.views()?.get_at::<Transcripts>(&student.to_string(), until).await;
            (Arc::new(stored(folded)?.unwrap_or_default()), until)
        }
        None => {
            let stands = stands(ctx, &view)?;
            let document = ctx.document::<Transcripts>(student).await?;
            (document.unwrap_or_default(), stands)
        }
    };
    let mut terms = BTreeMap::new();
    for graded in &document.grades {
        if let Some(term) = Term::load(ctx, graded.taken.term).await? {
            terms.insert(term.id, term);
        }
    }
    let statement =
        document.statement(|term| terms.get(&term).map(|term| term.document.starts_day));
    Ok(Transcript { document, statement, terms, position })
}

/// The credits of the subjects that a student has passed.
pub async fn credits_earned(
    ctx: &Context<'_>,
    student: PersonId,
) -> async_graphql::Result<aggregates::shared::Credits> {
    Ok(transcript(ctx, student, None, None).await?.statement.credits_earned)
}

#[Object]
impl Transcript {
    /// The grade point average: points x credits over credits, of subjects with a grade that counts;
    /// a repeated subject with its newest.
    async fn gpa(&self) -> Option<Gpa> {
        self.statement.gpa.map(Into::into)
    }

    /// The credits of the subjects passed.
    async fn credits_earned(&self) -> Credits {
        self.statement.credits_earned.into()
    }

    /// The log's position that it knows.
    async fn position(&self) -> PositionScalar {
        PositionScalar(self.position)
    }

    /// The version of the view that made it.
    async fn view_version(&self) -> u32 {
        <Transcripts as projections::View>::VERSION
    }

    /// The periods, the oldest first.
    async fn periods(&self) -> Vec<TranscriptPeriod<'_>> {
        let periods = self.statement.periods.iter();
        periods.map(|period| TranscriptPeriod { transcript: self, period }).collect()
    }
}

/// One term of a transcript.
pub struct TranscriptPeriod<'a> {
    transcript: &'a Transcript,
    period: &'a Period,
}

#[Object]
impl TranscriptPeriod<'_> {
    /// The term.
    async fn term(&self) -> Option<Term> {
        let term = self.transcript.terms.get(&self.period.term)?;
        Some(Term { id: term.id, document: Arc::clone(&term.document) })
    }

    /// The average of the term: each of its subjects with the newest grade it got there.
    async fn gpa(&self) -> Option<Gpa> {
        self.period.gpa.map(Into::into)
    }

    /// The grades, in the order in which they were given.
    async fn entries(&self) -> Vec<TranscriptEntry> {
        let grades = &self.transcript.document.grades;
        let entries = self.period.entries.iter().filter_map(|(place, superseded)| {
            grades.get(*place).map(|graded| TranscriptEntry::of(graded, *superseded))
        });
        entries.collect()
    }
}

/// A final grade.
#[derive(SimpleObject)]
pub struct TranscriptEntry {
    /// What kind of work it stands for.
    kind: TranscriptEntryKind,
    /// The subject: code, title and credits as they were then, `localTitle` as it is said now.
    subject: Subject,
    /// The subject's code then.
    code: String,
    /// The subject's title then.
    title: String,
    /// The subject's credits then.
    credits: Credits,
    /// The percent it shows; none for a mark outside the GPA.
    percent: Option<Percent>,
    /// The letter.
    grade: String,
    /// The grade points; none outside the GPA.
    grade_points: Option<Gpa>,
    /// The traditional word.
    word: String,
    /// The ECTS letter.
    ects: Option<String>,
    /// Whether a newer grade took its place.
    superseded: bool,
    /// How it came about.
    decision: DecisionObject,
    /// Where in the log it was given.
    position: PositionScalar,
}

impl TranscriptEntry {
    fn of(graded: &Graded, superseded: bool) -> Self {
        let (taken, grade) = (&graded.taken, &graded.grade);
        Self {
            kind: TranscriptEntryKind::Subject,
            subject: Subject::then(taken.subject, &taken.code, &taken.title, taken.credits),
            code: taken.code.to_string(),
            title: taken.title.to_string(),
            credits: taken.credits.into(),
            percent: grade.percent.map(Into::into),
            grade: grade.letter.clone(),
            grade_points: grade.points.map(Into::into),
            word: grade.word.clone(),
            ects: grade.ects.clone(),
            superseded,
            decision: (&graded.decision).into(),
            position: PositionScalar(graded.position),
        }
    }
}
