//! Programmes: what is studied, in versions by the year of admission, and the head's approvals (manual 2.3).

use std::{collections::BTreeMap, sync::Arc};

use aggregates::{
    programme::{self, ProgrammeCard, ProgrammeCommand},
    shared::{self, PersonId, ProgrammeId, Role, SubjectId},
    student::StudentCommand,
};
use async_graphql::{Context, ID, InputObject, Object};
use projections::{
    programme::{ProgrammeDocument, Programmes},
    student::{self, StudentDocument, Students},
    subject::Subjects,
};

use super::{
    errors::Fault,
    mutation::{Done, Plan, run},
    people::Person,
    request::{Ask, found, input_id, query_id, short, stored},
    scalars::{Credits, DateTime},
    schema::{Connection, Cursor, PageOf},
    subjects::Subject,
};

/// A study programme. Where it stands in a student's record, its title is that of the day of admission.
pub struct Programme {
    id: ProgrammeId,
    title: String,
    document: Option<Arc<ProgrammeDocument>>,
}

impl Programme {
    /// The programme as a record shows it.
    pub fn then(programme: &aggregates::student::Programme) -> Self {
        Self { id: programme.id, title: programme.title.to_string(), document: None }
    }

    fn now(id: ProgrammeId, document: Arc<ProgrammeDocument>) -> Option<Self> {
        let title = document.card.as_ref()?.title.to_string();
        Some(Self { id, title, document: Some(document) })
    }

    async fn load(ctx: &Context<'_>, id: ProgrammeId) -> async_graphql::Result<Option<Self>> {
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

    /// Its title; of a student's, that of the day of admission.
    async fn title(&self) -> &str {
        &self.title
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
    /// Its name.
    async fn name(&self) -> String {
        self.0.name.to_string()
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
        let views = ctx.views()?;
        let total = stored(views.count::<Programmes>("sort_key <> ''", &[]).await)?;
        let (condition, values) = match &page.after {
            Some(cursor) => (
                "sort_key <> '' AND (sort_key, view_id) > ($1, $2)",
                vec![cursor.key.as_str().into(), cursor.id.as_str().into()],
            ),
            None => ("sort_key <> ''", vec![]),
        };
        let order = "sort_key, view_id";
        let found = stored(views.list::<Programmes>(condition, &values, order, page.first).await)?;
        let nodes = found.documents.into_iter().filter_map(|(id, document)| {
            let cursor = Cursor { key: document.sort_key.clone(), id: id.clone() };
            Some((cursor, Programme::now(id.parse().ok()?, Arc::new(document))?))
        });
        Ok(Some(page.connection(nodes.collect(), found.more, Some(total))))
    }
}

input! {
    /// A programme.
    CreateProgrammeInput {
        /// The code, which never changes; students admitted by it are the programme's.
        code: String,
        /// The title.
        title: String,
        /// Who heads it.
        head_id: Option<ID>,
    }
}

input! {
    /// What is said of a programme from now on.
    ReviseProgrammeInput {
        /// The programme.
        programme_id: ID,
        /// The title.
        title: String,
        /// Who heads it.
        head_id: Option<ID>,
    }
}

/// A subject in a term of study.
#[derive(Debug, InputObject)]
pub struct CurriculumSubjectInput {
    /// The subject.
    subject_id: ID,
    /// The term of study, from 1.
    study_term: i32,
}

/// A group of which something is chosen: so many subjects, or credits from so many to so many.
#[derive(Debug, InputObject)]
pub struct CurriculumGroupInput {
    /// Its name.
    name: String,
    /// How many of its subjects have to be passed.
    choose_subjects: Option<i32>,
    /// How many credits have to be gathered at the least, where subjects are not counted.
    credits_from: Option<Credits>,
    /// How many credits count at the most; as many as the least where nothing is stated.
    credits_to: Option<Credits>,
    /// What there is to choose from.
    subjects: Vec<CurriculumSubjectInput>,
}

input! {
    /// What is studied by those who are admitted from a year on.
    SetCurriculumInput {
        /// The programme.
        programme_id: ID,
        /// The first year of admission, by the year in which the academic year begins.
        year: i32,
        /// What everybody studies.
        #[graphql(default)]
        compulsory: Vec<CurriculumSubjectInput>,
        /// Of which something is chosen.
        #[graphql(default)]
        groups: Vec<CurriculumGroupInput>,
    }
}

input! {
    /// A subject approved for a student.
    ApproveSubjectInput {
        /// The student.
        student_id: ID,
        /// The subject.
        subject_id: ID,
    }
}

payload! {
    /// What came of it.
    ProgrammePayload {
        /// The programme.
        programme: Programme,
    }
}

payload! {
    /// What came of it.
    ApproveSubjectPayload {
        /// The approval.
        approval: Approval,
    }
}

/// A subject that the head of a student's programme approved for them.
pub struct Approval {
    subject: SubjectId,
    approval: student::Approval,
}

impl Approval {
    /// All of a student's, the oldest first.
    pub fn all(student: &StudentDocument) -> Vec<Self> {
        let all = student.approved.iter();
        let mut all: Vec<_> =
            all.map(|(id, approval)| Self { subject: *id, approval: *approval }).collect();
        all.sort_by_key(|approval| (approval.approval.at, approval.subject));
        all
    }

    async fn load(
        ctx: &Context<'_>,
        student: PersonId,
        subject: SubjectId,
    ) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Students>(student).await?;
        let approval = document.and_then(|document| document.approved.get(&subject).copied());
        Ok(approval.map(|approval| Self { subject, approval }))
    }
}

#[Object]
impl Approval {
    /// The subject.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        Subject::load(ctx, self.subject).await
    }

    /// By whom.
    async fn by(&self) -> Person {
        Person(self.approval.by)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.approval.at)
    }
}

/// What a registrar does with programmes, and their heads with their students.
#[derive(Default)]
pub struct ProgrammeMutations;

#[Object]
impl ProgrammeMutations {
    /// Sets a programme up. Those who were admitted by its code before belong to it.
    async fn create_programme(
        &self,
        ctx: &Context<'_>,
        input: CreateProgrammeInput,
    ) -> async_graphql::Result<Option<ProgrammePayload>> {
        let done = run(ctx, &input, async {
            let code = short(&input.code, "code")?;
            let programme = ProgrammeId::derived(&[code.as_str()]);
            let card = card(ctx, &input.title, input.head_id.as_ref()).await?;
            let act = ProgrammeCommand::Create { programme, code, card }.of(programme);
            Ok(Plan::of(vec![act], programme))
        });
        shown(ctx, done.await?).await
    }

    /// Changes what is said of a programme.
    async fn revise_programme(
        &self,
        ctx: &Context<'_>,
        input: ReviseProgrammeInput,
    ) -> async_graphql::Result<Option<ProgrammePayload>> {
        let done = run(ctx, &input, async {
            let programme: ProgrammeId = input_id(&input.programme_id, "programmeId")?;
            let card = card(ctx, &input.title, input.head_id.as_ref()).await?;
            let act = ProgrammeCommand::Revise { programme, card }.of(programme);
            Ok(Plan::of(vec![act], programme))
        });
        shown(ctx, done.await?).await
    }

    /// Sets what is studied by those who are admitted from a year on, in the place of what was set for that year.
    async fn set_curriculum(
        &self,
        ctx: &Context<'_>,
        input: SetCurriculumInput,
    ) -> async_graphql::Result<Option<ProgrammePayload>> {
        let done = run(ctx, &input, async {
            let programme: ProgrammeId = input_id(&input.programme_id, "programmeId")?;
            // What does not fit is out of the aggregate's range too.
            let year = i16::try_from(input.year).unwrap_or(i16::MAX);
            let mut groups = Vec::new();
            for group in &input.groups {
                groups.push(group.read()?);
            }
            let compulsory = placed(&input.compulsory, "compulsory")?;
            let curriculum = programme::Curriculum { compulsory, groups };
            let subjects: Vec<_> = curriculum.subjects().map(|placed| placed.subject).collect();
            let credits = credits_of(ctx, &subjects).await?;
            if subjects.iter().any(|subject| !credits.contains_key(subject)) {
                return Err(Fault::user("SUBJECT_UNKNOWN", "compulsory"));
            }
            let command = ProgrammeCommand::SetCurriculum { programme, year, curriculum, credits };
            Ok(Plan::of(vec![command.of(programme)], programme))
        });
        shown(ctx, done.await?).await
    }

    /// Approves a subject for a student, where it asks for that: the head of the student's programme does, or a
    /// registrar who has it from them.
    async fn approve_subject(
        &self,
        ctx: &Context<'_>,
        input: ApproveSubjectInput,
    ) -> async_graphql::Result<Option<ApproveSubjectPayload>> {
        let done = run(ctx, &input, async {
            let student: PersonId = input_id(&input.student_id, "studentId")?;
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            let viewer = ctx.viewer()?;
            let by = viewer.person;
            if !viewer.is(Role::Registrar) && head_of(ctx, student).await? != Some(by) {
                return Err(Fault::user("NOT_YOURS", "studentId"));
            }
            if Subject::load(ctx, subject).await?.is_none() {
                return Err(Fault::user("SUBJECT_UNKNOWN", "subjectId"));
            }
            let act = StudentCommand::ApproveSubject { student, subject, by }.of(student);
            Ok(Plan::of(vec![act], student).showing(subject))
        });
        let mut done = done.await?;
        let student = done.shown::<PersonId>(0);
        let load = async |subject| match student {
            Some(student) => Approval::load(ctx, student, subject).await,
            None => Ok(None),
        };
        let approval = done.show(1, load).await?;
        Ok(Some(ApproveSubjectPayload::of(done, approval)))
    }
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

async fn head_of(ctx: &Context<'_>, student: PersonId) -> Result<Option<PersonId>, Fault> {
    let document = ctx.document::<Students>(student).await?;
    let Some(admission) = document.as_ref().and_then(|known| known.admission.as_ref()) else {
        return Ok(None);
    };
    let programme = ctx.document::<Programmes>(admission.programme.id).await?;
    Ok(programme.and_then(|programme| programme.card.as_ref().and_then(|card| card.head)))
}

async fn card(ctx: &Context<'_>, title: &str, head: Option<&ID>) -> Result<ProgrammeCard, Fault> {
    let head: Option<PersonId> = head.map(|id| input_id(id, "headId")).transpose()?;
    if let Some(head) = head
        && ctx.person(head).await?.is_none()
    {
        return Err(Fault::user("NOT_FOUND", "headId"));
    }
    Ok(ProgrammeCard { title: short(title, "title")?, head })
}

fn placed(
    subjects: &[CurriculumSubjectInput],
    field: &str,
) -> Result<Vec<programme::Placed>, Fault> {
    let read = |placed: &CurriculumSubjectInput| {
        let subject = input_id(&placed.subject_id, field)?;
        // What does not fit is out of the aggregate's range too.
        let term = u8::try_from(placed.study_term).unwrap_or(u8::MAX);
        Ok(programme::Placed { subject, term })
    };
    subjects.iter().map(read).collect()
}

impl CurriculumGroupInput {
    fn read(&self) -> Result<programme::Group, Fault> {
        let out_of_range = || Fault::user("NUMBER_OUT_OF_RANGE", "groups");
        let credits = |credits: Credits| {
            shared::Credits::from_hundredths(credits.0.0).ok_or_else(out_of_range)
        };
        let choice = match (self.choose_subjects, self.credits_from, self.credits_to) {
            (Some(choose), None, None) => {
                let choose = u8::try_from(choose).map_err(|_| out_of_range())?;
                programme::Choice::Subjects(choose)
            }
            (None, Some(from), to) => {
                let to = credits(to.unwrap_or(from))?;
                programme::Choice::Credits { from: credits(from)?, to }
            }
            _ => return Err(Fault::user("GROUP_CHOICE_UNCLEAR", "groups")),
        };
        let subjects = placed(&self.subjects, "groups")?;
        Ok(programme::Group { name: short(&self.name, "groups")?, choice, subjects })
    }
}

async fn shown(
    ctx: &Context<'_>,
    mut done: Done,
) -> async_graphql::Result<Option<ProgrammePayload>> {
    let programme = done.show(0, |id| Programme::load(ctx, id)).await?;
    Ok(Some(ProgrammePayload::of(done, programme)))
}
