//! Programmes: what is studied, in versions by the year of admission (manual 2.3).

use std::{collections::BTreeMap, sync::Arc};

use aggregates::{
    programme,
    shared::{self, Fact, ProgrammeId, SubjectId, Text},
};
use async_graphql::{Context, ID, Object};
use projections::{
    programme::{ProgrammeDocument, Programmes},
    student::Students,
    subject::Subjects,
};

use super::{
    errors::Fault,
    local_titles,
    people::Person,
    request::{Ask, found, query_id, stored},
    scalars::Credits,
    schema::{Connection, PageOf},
    subject_abouts::LocalText,
    subjects::Subject,
};

/// A study programme. Where it stands in a student's record, its title is that of the day of admission.
pub struct Programme {
    id: ProgrammeId,
    title: Text,
    document: Option<Arc<ProgrammeDocument>>,
}

impl Programme {
    /// The programme as a record shows it.
    pub fn then(programme: &aggregates::student::Programme) -> Self {
        Self { id: programme.id, title: programme.title.clone(), document: None }
    }

    fn now(id: ProgrammeId, document: Arc<ProgrammeDocument>) -> Option<Self> {
        let title = document.card.as_ref()?.title.clone();
        Some(Self { id, title, document: Some(document) })
    }

    pub async fn load(ctx: &Context<'_>, id: ProgrammeId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Programmes>(id).await?;
        Ok(document.and_then(|document| Self::now(id, document)))
    }

    async fn document(&self, ctx: &Context<'_>) -> async_graphql::Result<Arc<ProgrammeDocument>> {
        match &self.document {
            Some(document) => Ok(Arc::clone(document)),
            None => Ok(ctx.document::<Programmes>(self.id).await?.unwrap_or_default()),
        }
    }
}

#[Object]
impl Programme {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// Its title, in whatever language it was typed; of a student's, that of the day of admission.
    async fn title(&self) -> &str {
        self.title.as_str()
    }

    /// Its title in the reader's language (`Accept-Language`): what to show people. Where none is said in that language
    /// it is `title`, and its `language` null.
    async fn local_title(&self, ctx: &Context<'_>) -> async_graphql::Result<LocalText> {
        let document = self.document(ctx).await?;
        let card = document.card.as_ref();
        Ok(card.map_or_else(
            || LocalText::plain(self.title.as_str()),
            |card| local_titles::local(&self.title, &card.titles),
        ))
    }

    /// What it is called in languages, as far as that is said.
    async fn titles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<LocalText>> {
        let document = self.document(ctx).await?;
        Ok(document.card.as_ref().map(|card| local_titles::all(&card.titles)).unwrap_or_default())
    }

    /// The code; none for a programme that was never set up here.
    async fn code(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(self.document(ctx).await?.code.as_ref().map(ToString::to_string))
    }

    /// Who heads it.
    async fn head(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Person>> {
        let document = self.document(ctx).await?;
        Ok(document.card.as_ref().and_then(|card| card.head).map(Person))
    }

    /// What is studied, the version of the earliest year of admission first.
    async fn curricula(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Curriculum>> {
        let document = self.document(ctx).await?;
        let all = document.curricula.iter();
        Ok(all.map(|(year, curriculum)| Curriculum::of(*year, curriculum)).collect())
    }

    /// What those study who are admitted in a year.
    async fn curriculum(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The year of admission, by the year in which the academic year begins.")]
        admitted: i32,
    ) -> async_graphql::Result<Option<Curriculum>> {
        let Ok(admitted) = i16::try_from(admitted) else { return Ok(None) };
        let document = self.document(ctx).await?;
        let found = document.curriculum(admitted);
        Ok(found.map(|(year, curriculum)| Curriculum::of(year, curriculum)))
    }
}

/// What is studied: the version for those who are admitted from a year on.
pub struct Curriculum {
    year: i16,
    curriculum: programme::Curriculum,
}

impl Curriculum {
    fn of(year: i16, curriculum: &programme::Curriculum) -> Self {
        Self { year, curriculum: curriculum.clone() }
    }
}

#[Object]
impl Curriculum {
    /// The first year of admission that it is for.
    async fn year(&self) -> i32 {
        self.year.into()
    }

    /// What everybody studies.
    async fn compulsory(&self) -> Vec<CurriculumSubject> {
        CurriculumSubject::all(&self.curriculum.compulsory)
    }

    /// Of which something is chosen.
    async fn groups(&self) -> Vec<CurriculumGroup> {
        self.curriculum.groups.iter().cloned().map(CurriculumGroup).collect()
    }
}

/// A group of a curriculum, of which something is chosen.
pub struct CurriculumGroup(programme::Group);

#[Object]
impl CurriculumGroup {
    /// Its name, in whatever language it was typed.
    async fn name(&self) -> String {
        self.0.name.to_string()
    }

    /// Its name in the reader's language, or else `name` with `language` null: what to show people.
    async fn local_name(&self) -> LocalText {
        local_group(&self.0)
    }

    /// What it is called in languages, as far as that is said.
    async fn names(&self) -> Vec<LocalText> {
        local_titles::all(&self.0.titles)
    }

    /// How many of its subjects have to be passed; none where credits are counted.
    async fn choose_subjects(&self) -> Option<i32> {
        match self.0.choice {
            programme::Choice::Subjects(choose) => Some(choose.into()),
            programme::Choice::Credits { .. } => None,
        }
    }

    /// How many credits have to be gathered at the least; none where subjects are counted.
    async fn credits_from(&self) -> Option<Credits> {
        match self.0.choice {
            programme::Choice::Credits { from, .. } => Some(from.into()),
            programme::Choice::Subjects(_) => None,
        }
    }

    /// How many credits count at the most; none where subjects are counted.
    async fn credits_to(&self) -> Option<Credits> {
        match self.0.choice {
            programme::Choice::Credits { to, .. } => Some(to.into()),
            programme::Choice::Subjects(_) => None,
        }
    }

    /// What there is to choose from.
    async fn subjects(&self) -> Vec<CurriculumSubject> {
        CurriculumSubject::all(&self.0.subjects)
    }
}

/// A group's name in the reader's language, or else the one that was typed.
pub fn local_group(group: &programme::Group) -> LocalText {
    local_titles::local(&group.name, &group.titles)
}

/// A subject of a curriculum.
pub struct CurriculumSubject(programme::Placed);

impl CurriculumSubject {
    /// All of these, by term of study.
    pub fn all(placed: &[programme::Placed]) -> Vec<Self> {
        let mut all: Vec<_> = placed.iter().copied().map(Self).collect();
        all.sort_by_key(|placed| placed.0.term);
        all
    }
}

#[Object]
impl CurriculumSubject {
    /// The subject.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        Subject::load(ctx, self.0.subject).await
    }

    /// The term of study it belongs to, from 1.
    async fn study_term(&self) -> i32 {
        self.0.term.into()
    }
}

/// Programmes by id and in a list.
#[derive(Default)]
pub struct ProgrammeQueries;

#[Object]
impl ProgrammeQueries {
    /// A programme by id.
    async fn programme(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Programme>> {
        found(Programme::load(ctx, query_id(&id)?).await?).map(Some)
    }

    /// All programmes, by code.
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Programme>>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let node = |id: &str, document| Programme::now(id.parse().ok()?, Arc::new(document));
        let all = page.of_all::<Programmes, _>(ctx.views()?, |document| &document.sort_key, node);
        Ok(Some(stored(all.await)?))
    }
}

/// A programme that is set up, or into which somebody who studies was admitted by its code; `named` as the input has it.
pub async fn known_programme(
    ctx: &Context<'_>,
    programme: ProgrammeId,
    named: &str,
    field: &str,
) -> Result<ProgrammeId, Fault> {
    if Programme::load(ctx, programme).await?.is_some() {
        return Ok(programme);
    }
    let id = [programme.to_string().as_str().into()];
    let studied = stored(ctx.views()?.keys::<Students>("programme = $1", &id, 1).await)?;
    let unknown = || {
        let facts = vec![Fact::new("programme", named)];
        Fault::with_facts("PROGRAMME_UNKNOWN", Some(field), facts)
    };
    studied.first().map(|_| programme).ok_or_else(unknown)
}

/// The same by the code.
pub async fn programme_of_code(
    ctx: &Context<'_>,
    code: &Text,
    field: &str,
) -> Result<ProgrammeId, Fault> {
    let programme = ProgrammeId::derived(&[code.as_str()]);
    known_programme(ctx, programme, code.as_str(), field).await
}

/// The credits of subjects, by the catalogue.
pub async fn credits_of(
    ctx: &Context<'_>,
    subjects: &[SubjectId],
) -> async_graphql::Result<BTreeMap<SubjectId, shared::Credits>> {
    let found = ctx.each::<Subjects, _>(subjects.iter().copied()).await?.into_iter();
    let worth = found.filter_map(|(id, known)| Some((id, known.card.as_ref()?.credits)));
    Ok(worth.collect())
}
