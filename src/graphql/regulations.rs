//! Regulations: the rules of grading and of credit limits, by version and first day.

use std::sync::Arc;

use aggregates::{
    regulation::RegulationCommand,
    shared::{
        self, Outcome, OutsideMark, RegistrationRules, RegulationId, Rules, ScaleRow, ThesisRules,
        WaitingRules,
    },
};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use projections::regulation::{RegulationDocument, Regulations};

use super::{
    errors::{Fault, internal},
    mutation::{Plan, run},
    request::{self, Ask, credits, found, query_id, short, stored},
    scalars::{Credits, Date, Gpa, Percent},
    theses::{DocumentKind, ThesisKind},
};

/// What a letter leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "GradeOutcome", remote = "Outcome")]
pub enum OutcomeEnum {
    /// The subject is passed.
    Passed,
    /// The exam may be taken again.
    Retake,
    /// The subject is repeated.
    Failed,
}

/// A version of the rules.
pub struct Regulation {
    /// Its id.
    pub id: RegulationId,
    /// What it says.
    pub document: Arc<RegulationDocument>,
}

impl Regulation {
    /// The regulation with that id.
    pub async fn load(ctx: &Context<'_>, id: RegulationId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Regulations>(id).await?;
        Ok(document.map(|document| Self { id, document }))
    }

    fn rules(&self) -> async_graphql::Result<&Rules> {
        self.document.rules.as_ref().ok_or_else(internal)
    }
}

/// A row of a grade scale.
#[derive(SimpleObject)]
pub struct GradeScaleRow {
    /// The least percent it is given for.
    from: Percent,
    /// The letter.
    grade: String,
    /// The grade points.
    grade_points: Gpa,
    /// The traditional word.
    word: String,
    /// The ECTS letter.
    ects: String,
    /// What it leads to.
    outcome: OutcomeEnum,
}

#[Object]
impl Regulation {
    /// The regulation's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// The version.
    async fn version(&self) -> &str {
        &self.document.version
    }

    /// The first day it is in force: a term is under the newest in force on its first day.
    async fn effective_from(&self) -> Option<Date> {
        self.document.effective_from.map(Date)
    }

    /// The grade scale, best first.
    async fn scale(&self) -> async_graphql::Result<Vec<GradeScaleRow>> {
        let row = |row: &ScaleRow| GradeScaleRow {
            from: row.from.into(),
            grade: row.letter.clone(),
            grade_points: row.points.into(),
            word: row.word.clone(),
            ects: row.ects.clone(),
            outcome: row.outcome.into(),
        };
        Ok(self.rules()?.scale.iter().map(row).collect())
    }

    /// The least admission rating that admits to the exam.
    async fn admission_from(&self) -> async_graphql::Result<Percent> {
        Ok(self.rules()?.admission.least.into())
    }

    /// The weight of the admission rating in the final grade.
    async fn rating_weight(&self) -> async_graphql::Result<Percent> {
        Ok(self.rules()?.final_grade.rating.into())
    }

    /// The weight of the exam in the final grade.
    async fn exam_weight(&self) -> async_graphql::Result<Percent> {
        Ok(self.rules()?.final_grade.exam.into())
    }

    /// Whether a prerequisite in progress counts as met for a term that begins after its own has ended.
    async fn prerequisites_in_progress_count(&self) -> async_graphql::Result<bool> {
        Ok(self.rules()?.prerequisites_in_progress_count())
    }

    /// All rules, as they are recorded: percents, points and credits in hundredths.
    async fn rules_json(&self) -> async_graphql::Result<super::scalars::Json> {
        Ok(super::scalars::Json(serde_json::to_value(self.rules()?)?))
    }
}

/// The versions.
#[derive(Default)]
pub struct RegulationQueries;

#[Object]
impl RegulationQueries {
    /// A regulation by id.
    async fn regulation(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Regulation>> {
        found(Regulation::load(ctx, query_id(&id)?).await?).map(Some)
    }

    /// All versions, the newest first.
    async fn regulations(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<Regulation>>> {
        const MOST: usize = 1_000;
        let views = ctx.views()?;
        let order = "effective_day DESC, view_id DESC";
        let page = stored(views.list::<Regulations>("1 = 1", &[], order, MOST).await)?;
        let regulations = page.documents.into_iter().filter_map(|(id, document)| {
            Some(Regulation { id: id.parse().ok()?, document: Arc::new(document) })
        });
        Ok(Some(regulations.collect()))
    }
}

/// A row of a grade scale.
#[derive(Debug, InputObject)]
pub struct GradeScaleRowInput {
    /// The least percent it is given for.
    from: Percent,
    /// The letter.
    grade: String,
    /// The grade points.
    grade_points: Gpa,
    /// The traditional word.
    word: String,
    /// The ECTS letter.
    ects: String,
    /// What it leads to.
    outcome: OutcomeEnum,
}

/// A mark outside the GPA.
#[derive(Debug, InputObject)]
pub struct OutsideMarkInput {
    /// The letter.
    letter: String,
    /// The word.
    word: String,
    /// Whether it earns the subject's credits.
    earns_credits: bool,
}

/// The rules that differ from the default ones of Kazakhstan's credit system.
#[derive(Debug, Default, InputObject)]
pub struct RulesInput {
    /// The grade scale, best first.
    scale: Option<Vec<GradeScaleRowInput>>,
    /// The weight of the first rating in the admission rating; the second has the rest.
    first_rating_weight: Option<Percent>,
    /// The least admission rating that admits to the exam.
    admission_from: Option<Percent>,
    /// The weight of current work in a rating; the midterm control has the rest.
    current_work_weight: Option<Percent>,
    /// Whether a rating may be recorded directly.
    direct_ratings: Option<bool>,
    /// The weight of the admission rating in the final grade; the exam has the rest.
    rating_weight: Option<Percent>,
    /// The least percent of each part of the final grade that counts as positive.
    positive_from: Option<Percent>,
    /// The most credits of a semester.
    semester_credits: Option<Credits>,
    /// The most credits of a summer term.
    summer_credits: Option<Credits>,
    /// The most credits of an academic year, the summer term aside.
    year_credits: Option<Credits>,
    /// The marks outside the GPA.
    outside_marks: Option<Vec<OutsideMarkInput>>,
    /// The rules for theses.
    theses: Option<ThesisRulesInput>,
    /// How many seconds a freed seat is held for the next in line; a day where nothing is stated.
    offer_holds_seconds: Option<i32>,
    /// Whether a prerequisite in progress counts as met for a term that begins after its own has ended; it does not
    /// where nothing is stated.
    prerequisites_in_progress_count: Option<bool>,
}

/// The least originality that passes for a kind of work.
#[derive(Debug, InputObject)]
pub struct OriginalityInput {
    /// The kind of work.
    kind: ThesisKind,
    /// The least originality.
    from: Percent,
}

/// The rules for theses that differ from the default ones.
#[derive(Debug, InputObject)]
pub struct ThesisRulesInput {
    /// What has to be handed in before a work is checked.
    documents: Option<Vec<DocumentKind>>,
    /// The least originality that passes; kinds of work that are not named can't be opened.
    originality: Option<Vec<OriginalityInput>>,
    /// How many free attempts there are, unless staff say otherwise.
    free_attempts: Option<u32>,
    /// How many paid ones follow.
    paid_attempts: Option<u32>,
}

input! {
    /// A version of the rules.
    PublishRegulationInput {
        /// The version's name, unique.
        version: String,
        /// The first day it is in force.
        effective_from: Date,
        /// What differs from the default rules.
        rules: Option<RulesInput>,
    }
}

payload! {
    /// What came of it.
    PublishRegulationPayload {
        /// The regulation.
        regulation: Regulation,
    }
}

/// What a registrar does with regulations.
#[derive(Default)]
pub struct RegulationMutations;

#[Object]
impl RegulationMutations {
    /// Publishes a version of the rules; a version never changes.
    async fn publish_regulation(
        &self,
        ctx: &Context<'_>,
        input: PublishRegulationInput,
    ) -> async_graphql::Result<Option<PublishRegulationPayload>> {
        let done = run(ctx, &input, async {
            let version = short(&input.version, "version")?;
            let id = RegulationId::of(version.as_str());
            let rules = input.rules.as_ref().map_or_else(|| Ok(Rules::kazakhstan()), rules)?;
            let effective_from = input.effective_from.0;
            let publish = RegulationCommand::Publish { version, effective_from, rules };
            Ok(Plan::of(vec![publish.of(id)], id))
        });
        let mut done = done.await?;
        let regulation = done.show(0, |id| Regulation::load(ctx, id)).await?;
        Ok(Some(PublishRegulationPayload::of(done, regulation)))
    }
}

fn rules(input: &RulesInput) -> Result<Rules, Fault> {
    let mut rules = Rules::kazakhstan();
    let percent = |given, field| request::percent(given, &format!("rules.{field}"));
    let rest = |part: shared::Percent| {
        shared::Percent::from_hundredths(10_000 - part.hundredths()).unwrap_or_default()
    };
    if let Some(scale) = &input.scale {
        rules.scale = scale.iter().map(scale_row).collect::<Result<_, _>>()?;
    }
    let admission = &mut rules.admission;
    if let Some(weight) = input.first_rating_weight {
        admission.first = percent(weight, "firstRatingWeight")?;
        admission.second = rest(admission.first);
    }
    if let Some(least) = input.admission_from {
        admission.least = percent(least, "admissionFrom")?;
    }
    if let Some(weight) = input.current_work_weight {
        admission.rating.current = percent(weight, "currentWorkWeight")?;
        admission.rating.midterm = rest(admission.rating.current);
    }
    admission.rating.direct = input.direct_ratings.unwrap_or(admission.rating.direct);
    let last = &mut rules.final_grade;
    if let Some(weight) = input.rating_weight {
        last.rating = percent(weight, "ratingWeight")?;
        last.exam = rest(last.rating);
    }
    if let Some(positive) = input.positive_from {
        last.positive = percent(positive, "positiveFrom")?;
    }
    for (given, limit, field) in [
        (input.semester_credits, &mut rules.credits.semester, "semesterCredits"),
        (input.summer_credits, &mut rules.credits.summer, "summerCredits"),
        (input.year_credits, &mut rules.credits.year, "yearCredits"),
    ] {
        if let Some(given) = given {
            *limit = credits(given, &format!("rules.{field}"))?;
        }
    }
    if let Some(theses) = &input.theses {
        let rules = rules.theses.get_or_insert_with(ThesisRules::usual);
        if let Some(documents) = &theses.documents {
            rules.documents = documents.iter().map(|kind| (*kind).into()).collect();
        }
        if let Some(originality) = &theses.originality {
            let from = originality
                .iter()
                .map(|of| Ok((of.kind.into(), percent(of.from, "theses.originality")?)));
            rules.originality_from = from.collect::<Result<_, Fault>>()?;
        }
        rules.free = theses.free_attempts.unwrap_or(rules.free);
        rules.paid = theses.paid_attempts.unwrap_or(rules.paid);
    }
    if let Some(seconds) = input.offer_holds_seconds {
        let offer_holds_seconds = u32::try_from(seconds).ok().filter(|seconds| *seconds > 0);
        let out_of_range = || Fault::out_of_range("rules.offerHoldsSeconds", 1, i32::MAX);
        let offer_holds_seconds = offer_holds_seconds.ok_or_else(out_of_range)?;
        rules.waiting = Some(WaitingRules { offer_holds_seconds });
    }
    if let Some(prerequisites_in_progress_count) = input.prerequisites_in_progress_count {
        rules.registration = Some(RegistrationRules { prerequisites_in_progress_count });
    }
    if let Some(outside) = &input.outside_marks {
        rules.outside = outside.iter().map(outside_mark).collect::<Result<_, _>>()?;
    }
    Ok(rules)
}

fn scale_row(row: &GradeScaleRowInput) -> Result<ScaleRow, Fault> {
    let field = "rules.scale";
    let most = shared::Points::MOST;
    let points = shared::Points::from_hundredths(row.grade_points.0.0);
    Ok(ScaleRow {
        from: request::percent(row.from, field)?,
        letter: short(&row.grade, field)?.into(),
        points: points.ok_or_else(|| Fault::out_of_range(field, 0, most))?,
        word: short(&row.word, field)?.into(),
        ects: short(&row.ects, field)?.into(),
        outcome: row.outcome.into(),
    })
}

fn outside_mark(mark: &OutsideMarkInput) -> Result<OutsideMark, Fault> {
    Ok(OutsideMark {
        letter: short(&mark.letter, "rules.outsideMarks")?.into(),
        word: short(&mark.word, "rules.outsideMarks")?.into(),
        earns_credits: mark.earns_credits,
    })
}
