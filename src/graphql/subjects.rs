//! Subjects: the catalogue.

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    shared::{self, Refuse, SubjectId, TermId},
    subject::{SubjectCard, SubjectCommand},
};
use async_graphql::{Context, ID, Object};
use projections::{
    alphabet::sort_key,
    requirement::{RequirementDocument, Requirements},
    subject::{SubjectDocument, Subjects},
};

use super::{
    catalogue::asking,
    errors::{Fault, UserError, internal},
    mutation::{Done, Plan, run},
    request::{self, Ask, input_id, query_id, short, stored},
    requirements::Requirement,
    scalars::Credits,
    schema::{Connection, PageOf},
    subject_abouts::{LocalText, Told},
    subject_teachers::{SubjectTeacher, teachers},
    syllabuses::Syllabus,
};

/// How many subjects are looked through whose codes sort alike.
const MOST_ALIKE: usize = 100;

/// A subject. Where it stands in a record, code, title and credits are those of then.
pub struct Subject {
    id: SubjectId,
    code: String,
    title: String,
    credits: aggregates::shared::Credits,
    document: Option<Arc<SubjectDocument>>,
}

impl Subject {
    /// The subject as a record shows it.
    pub fn then(
        id: SubjectId,
        code: impl ToString,
        title: impl ToString,
        credits: aggregates::shared::Credits,
    ) -> Self {
        Self { id, code: code.to_string(), title: title.to_string(), credits, document: None }
    }

    /// The subject as the catalogue has it.
    pub fn now(id: SubjectId, document: Arc<SubjectDocument>) -> Option<Self> {
        let card = document.card.as_ref()?;
        let (code, title) = (card.code.to_string(), card.title.to_string());
        let credits = card.credits;
        Some(Self { id, code, title, credits, document: Some(document) })
    }

    /// The subject with that id.
    pub async fn load(ctx: &Context<'_>, id: SubjectId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Subjects>(id).await?;
        Ok(document.and_then(|document| Self::now(id, document)))
    }

    /// Its title in the reader's language, or the catalogue's where it has none in it.
    pub async fn titled(&self, ctx: &Context<'_>) -> async_graphql::Result<LocalText> {
        Ok(Told::of(ctx, self.id).await?.title(&self.title))
    }

    async fn document(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Arc<SubjectDocument>>> {
        match &self.document {
            Some(document) => Ok(Some(Arc::clone(document))),
            None => ctx.document::<Subjects>(self.id).await,
        }
    }

    async fn beside(&self, ctx: &Context<'_>) -> async_graphql::Result<Arc<RequirementDocument>> {
        Ok(ctx.document::<Requirements>(self.id).await?.unwrap_or_default())
    }

    async fn each(
        ctx: &Context<'_>,
        ids: impl Iterator<Item = SubjectId> + Send,
    ) -> async_graphql::Result<Vec<Self>> {
        let found = ctx.each::<Subjects, _>(ids).await?;
        Ok(found.into_iter().filter_map(|(id, document)| Self::now(id, document)).collect())
    }
}

#[Object]
impl Subject {
    /// The subject's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// The code.
    async fn code(&self) -> &str {
        &self.code
    }

    /// The title in the catalogue, in whatever language it is; `localTitle` is the one to show people.
    async fn title(&self) -> &str {
        &self.title
    }

    /// The credits it is worth.
    async fn credits(&self) -> Credits {
        self.credits.into()
    }

    /// Compulsory or elective, by the catalogue.
    async fn compulsory(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let document = self.document(ctx).await?;
        Ok(document
            .and_then(|known| known.card.as_ref().map(|card| card.compulsory))
            .unwrap_or(false))
    }

    /// What has to be passed before, by the catalogue.
    async fn prerequisites(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Subject>> {
        let document = self.document(ctx).await?;
        let card = document.as_ref().and_then(|known| known.card.as_ref());
        Subject::each(ctx, card.iter().flat_map(|card| card.prerequisites.iter().copied())).await
    }

    /// What has to be taken in the same term, in any case or in some, by the catalogue.
    async fn corequisites(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Subject>> {
        let beside = self.beside(ctx).await?;
        let parts = beside.requirement.everything().into_iter();
        let now = parts.filter(|part| matches!(part, shared::Requirement::RegisteredNow(_)));
        let now: BTreeSet<_> = now.filter_map(shared::Requirement::subject).collect();
        Subject::each(ctx, now.into_iter()).await
    }

    /// What asks for it, as a prerequisite or somewhere in a requirement, by the catalogue.
    async fn postrequisites(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Subject>> {
        let (document, beside) = (self.document(ctx).await?, self.beside(ctx).await?);
        let by_card = document.iter().flat_map(|known| known.postrequisites.iter().copied());
        let all: BTreeSet<_> = by_card.chain(beside.postrequisites.iter().copied()).collect();
        Subject::each(ctx, all.into_iter()).await
    }

    /// What it asks of whoever takes it beside its prerequisites; none where it asks for nothing more.
    async fn requirement(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Requirement>> {
        let requirement = self.beside(ctx).await?.requirement.clone();
        let asks = requirement != shared::Requirement::default();
        Ok(asks.then_some(Requirement(requirement)))
    }

    /// The title in the reader's language (`Accept-Language`): what to show people. Where none is
    /// said in that language it is `title`, and its `language` null.
    async fn local_title(&self, ctx: &Context<'_>) -> async_graphql::Result<LocalText> {
        self.titled(ctx).await
    }

    /// What is taught, in the reader's language or else in another (manual 2.8).
    async fn description(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<LocalText>> {
        Ok(Told::of(ctx, self.id).await?.description())
    }

    /// What whoever passes it can do, in the reader's language or else all in another.
    async fn competences(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<LocalText>> {
        Ok(Told::of(ctx, self.id).await?.competences())
    }

    /// Who teaches it in a term, by name.
    async fn teachers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which term.")] term_id: ID,
    ) -> async_graphql::Result<Vec<SubjectTeacher>> {
        teachers(ctx, self.id, query_id(&term_id)?, &BTreeSet::new()).await
    }

    /// What is taught in a term, week by week; for who is registered for it, its teachers, the advisors of who is
    /// registered, registrars and auditors. None where nothing is set.
    async fn syllabus(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which term.")] term_id: ID,
    ) -> async_graphql::Result<Option<Syllabus>> {
        Syllabus::readable(ctx, self.id, query_id(&term_id)?).await
    }
}

/// The catalogue.
#[derive(Default)]
pub struct SubjectQueries;

#[Object]
impl SubjectQueries {
    /// A subject by id.
    async fn subject(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Subject>> {
        super::request::found(Subject::load(ctx, query_id(&id)?).await?).map(Some)
    }

    /// All subjects, by code.
    async fn subjects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Subject>>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let node = |id: &str, document| Subject::now(id.parse().ok()?, Arc::new(document));
        let all = page.of_all::<Subjects, _>(ctx.views()?, |document| &document.sort_key, node);
        Ok(Some(stored(all.await)?))
    }
}

input! {
    /// A subject for the catalogue.
    CreateSubjectInput {
        /// The code.
        code: String,
        /// The title.
        title: String,
        /// The credits it is worth.
        credits: Credits,
        /// Compulsory or elective.
        #[graphql(default = true)]
        compulsory: bool,
        /// What has to be passed before.
        #[graphql(default)]
        prerequisite_ids: Vec<ID>,
        /// The terms it is offered in; one that is offered in none may be taken in any.
        #[graphql(default)]
        term_ids: Vec<ID>,
    }
}

input! {
    /// What the catalogue says of a subject from now on.
    ReviseSubjectInput {
        /// The subject.
        subject_id: ID,
        /// The code.
        code: String,
        /// The title.
        title: String,
        /// The credits it is worth.
        credits: Credits,
        /// Compulsory or elective.
        compulsory: bool,
        /// What has to be passed before.
        prerequisite_ids: Vec<ID>,
    }
}

input! {
    /// A subject in a term.
    OfferSubjectInput {
        /// The subject.
        subject_id: ID,
        /// The term.
        term_id: ID,
    }
}

payload! {
    /// What came of it.
    SubjectPayload {
        /// The subject.
        subject: Subject,
    }
}

/// What a registrar does with the catalogue.
#[derive(Default)]
pub struct SubjectMutations;

#[Object]
impl SubjectMutations {
    /// Puts a subject into the catalogue. No other one has its code, whatever its capitals.
    async fn create_subject(
        &self,
        ctx: &Context<'_>,
        input: CreateSubjectInput,
    ) -> async_graphql::Result<Option<SubjectPayload>> {
        let done = run(ctx, &input, async {
            let prerequisites = &input.prerequisite_ids;
            let card = (input.code.as_str(), input.title.as_str(), input.credits, input.compulsory);
            let card = card_of(ctx, card, prerequisites).await?;
            let subject = of_that_code(ctx, &card).await?;
            let mut acts = vec![SubjectCommand::Create { subject, card }.of(subject)];
            for id in &input.term_ids {
                let term = known_term(ctx, id, "termIds").await?;
                acts.push(SubjectCommand::Offer { subject, term }.of(subject));
            }
            Ok(Plan::of(acts, subject))
        });
        shown(ctx, done.await?).await
    }

    /// Changes what the catalogue says of a subject; records keep what it said then. It is not given a code
    /// that another one is known to have.
    async fn revise_subject(
        &self,
        ctx: &Context<'_>,
        input: ReviseSubjectInput,
    ) -> async_graphql::Result<Option<SubjectPayload>> {
        let done = run(ctx, &input, async {
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            let prerequisites = &input.prerequisite_ids;
            let card = (input.code.as_str(), input.title.as_str(), input.credits, input.compulsory);
            let card = card_of(ctx, card, prerequisites).await?;
            let known = ctx.document::<Subjects>(subject).await?;
            let known = known.as_ref().and_then(|known| known.card.as_ref());
            // What was taken over with another one's code may go on with it.
            if known.is_some_and(|known| known.code_key() != card.code_key()) {
                must_be_free(ctx, &card).await?;
            }
            let from = card.prerequisites.iter().copied().chain([subject]);
            let (asking, mut acts) = asking(ctx, from).await?;
            acts.push(SubjectCommand::Revise { subject, card, asking }.of(subject));
            Ok(Plan::of(acts, subject))
        });
        shown(ctx, done.await?).await
    }

    /// Offers a subject in a term.
    async fn offer_subject(
        &self,
        ctx: &Context<'_>,
        input: OfferSubjectInput,
    ) -> async_graphql::Result<Option<SubjectPayload>> {
        let done = run(ctx, &input, async {
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            let term = known_term(ctx, &input.term_id, "termId").await?;
            Ok(Plan::of(vec![SubjectCommand::Offer { subject, term }.of(subject)], subject))
        });
        shown(ctx, done.await?).await
    }
}

/// The id of a new subject, where none has its code: of two at once it is the same.
async fn of_that_code(ctx: &Context<'_>, card: &SubjectCard) -> Result<SubjectId, Fault> {
    // Counted before it is looked whether the code is free: one that comes in between has it by then, or this id.
    let (code, mut before) = (card.code_key(), 0);
    while ctx.document::<Subjects>(SubjectId::of(&code, before)).await?.is_some() {
        before += 1;
    }
    must_be_free(ctx, card).await?;
    Ok(SubjectId::of(&code, before))
}

/// No subject of the catalogue has that code.
async fn must_be_free(ctx: &Context<'_>, card: &SubjectCard) -> Result<(), Fault> {
    let code = [sort_key(card.code.as_str()).into()];
    let known = ctx.views()?.list::<Subjects>("sort_key = $1", &code, "view_id", MOST_ALIKE).await;
    for (id, known) in stored(known)?.documents {
        let known = known.card.filter(|known| known.code_key() == card.code_key());
        if let Some(known) = known {
            let taken = known.has_the_code(id.parse().map_err(|_| internal())?);
            return Err(Fault::User(vec![UserError::of(&taken.refusal())]));
        }
    }
    Ok(())
}

async fn card_of(
    ctx: &Context<'_>,
    (code, title, credits, compulsory): (&str, &str, Credits, bool),
    prerequisite_ids: &[ID],
) -> Result<SubjectCard, Fault> {
    let mut prerequisites = Vec::new();
    for id in prerequisite_ids {
        let known = known_subject(ctx, id, "prerequisiteIds").await?;
        if !prerequisites.contains(&known) {
            prerequisites.push(known);
        }
    }
    let credits = request::credits(credits, "credits")?;
    let (code, title) = (short(code, "code")?, short(title, "title")?);
    Ok(SubjectCard { code, title, credits, compulsory, prerequisites })
}

/// A subject that is in the catalogue.
pub async fn known_subject(ctx: &Context<'_>, id: &ID, field: &str) -> Result<SubjectId, Fault> {
    let subject: SubjectId = input_id(id, field)?;
    match Subject::load(ctx, subject).await? {
        Some(_) => Ok(subject),
        None => Err(Fault::user("SUBJECT_UNKNOWN", field)),
    }
}

/// A term that is in the calendar.
pub async fn known_term(ctx: &Context<'_>, id: &ID, field: &str) -> Result<TermId, Fault> {
    let term: TermId = input_id(id, field)?;
    match ctx.document::<projections::term::Terms>(term).await? {
        Some(_) => Ok(term),
        None => Err(Fault::user("TERM_UNKNOWN", field)),
    }
}

/// The payload of what was done with a subject.
pub async fn shown(
    ctx: &Context<'_>,
    mut done: Done,
) -> async_graphql::Result<Option<SubjectPayload>> {
    let subject = done.show(0, |id| Subject::load(ctx, id)).await?;
    Ok(Some(SubjectPayload::of(done, subject)))
}
