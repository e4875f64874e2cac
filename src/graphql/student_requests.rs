//! Requests of students: the table of one's own, and the work list of staff (manual 2.16).

use std::sync::Arc;

use aggregates::{
    request::{self, AddDrop, Change, Exchange, Matter},
    shared::{PersonId, RequestId, StreamId},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use jiff::Timestamp;
use projections::{
    request::{RequestDocument, Requests},
    student::Students,
};

use super::{
    calendar::Term,
    enrollments::Enrollment,
    errors::{Fault, denied, internal},
    people::Person,
    request::{Ask, found, input_id, query_id, stored},
    request_list::{RequestFilter, staff_requests},
    scalars::DateTime,
    schema::Connection,
    settings::Language,
    streams::Stream,
    students::{Student, readable_student},
    subjects::Subject,
};
use crate::{
    identity::policy::{Denied, may_read_student},
    messages,
};

/// Which kind of request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "request::RequestKind")]
pub enum RequestKind {
    /// A subject swapped, given up or added, or another stream.
    AddDrop,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "request::RequestStatus")]
pub enum RequestStatus {
    /// Nothing was decided yet.
    New,
    /// The student took it back.
    Withdrawn,
    /// It was accepted, and carried out.
    Accepted,
    /// It was refused: not fulfilled. It always has its reason.
    Refused,
}

/// Which change a request of kind add/drop asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum AddDropKind {
    /// A subject is given up and another one taken.
    Swap,
    /// A subject is given up.
    GiveUp,
    /// A subject is taken.
    Add,
    /// Seats are given up for those in other streams of the subject.
    ChangeStream,
}

impl AddDropKind {
    /// Under which key the messages call it something.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Swap => "REQUEST_SWAP",
            Self::GiveUp => "REQUEST_GIVE_UP",
            Self::Add => "REQUEST_ADD",
            Self::ChangeStream => "REQUEST_CHANGE_STREAM",
        }
    }
}

impl From<&Change> for AddDropKind {
    fn from(change: &Change) -> Self {
        match change {
            Change::Swap { .. } => Self::Swap,
            Change::GiveUp { .. } => Self::GiveUp,
            Change::Add { .. } => Self::Add,
            Change::ChangeStream { .. } => Self::ChangeStream,
        }
    }
}

/// A student's request.
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The request.
    pub document: Arc<RequestDocument>,
}

impl Request {
    /// The request with that id, whoever asks.
    pub async fn load(ctx: &Context<'_>, id: RequestId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Requests>(id).await?;
        Ok(document.map(|document| Self { id, document }))
    }

    /// The request that a mutation's input names.
    pub async fn meant(ctx: &Context<'_>, id: &ID) -> Result<Self, Fault> {
        let request = Self::load(ctx, input_id(id, "requestId")?).await?;
        request.ok_or_else(|| Fault::user("REQUEST_UNKNOWN", "requestId"))
    }

    /// The request with that id, if it may be read: by its student, their advisor, a registrar, an auditor.
    pub async fn readable(ctx: &Context<'_>, id: RequestId) -> async_graphql::Result<Option<Self>> {
        let Some(request) = Self::load(ctx, id).await? else { return Ok(None) };
        let student = request.whose()?;
        let about = ctx.document::<Students>(student).await?;
        let advisor = about.and_then(|about| about.advisor);
        if may_read_student(ctx.viewer()?, student, advisor, false) {
            Ok(Some(request))
        } else {
            Err(denied(Denied::Forbidden))
        }
    }

    /// Whose it is.
    pub fn whose(&self) -> async_graphql::Result<PersonId> {
        self.document.student.ok_or_else(internal)
    }

    /// Whether nothing was decided up to now, rather than when it was read.
    pub async fn is_still_new(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let now = stored(ctx.views()?.get::<Requests>(&self.id.to_string()).await)?;
        Ok(now.is_some_and(|now| now.status == Some(request::RequestStatus::New)))
    }

    /// What it asks for.
    pub fn add_drop(&self) -> async_graphql::Result<&AddDrop> {
        let Matter::AddDrop(add_drop) = self.document.matter.as_ref().ok_or_else(internal)?;
        Ok(add_drop)
    }
}

#[Object]
impl Request {
    /// The request's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// What it is called, in the reader's language.
    async fn name(&self) -> async_graphql::Result<String> {
        let kind = AddDropKind::from(&self.add_drop()?.change);
        Ok(messages::message(kind.message(), &[]))
    }

    /// Its kind.
    async fn kind(&self) -> async_graphql::Result<RequestKind> {
        self.document.kind.map(Into::into).ok_or_else(internal)
    }

    /// How it stands.
    async fn status(&self) -> async_graphql::Result<RequestStatus> {
        self.document.status.map(Into::into).ok_or_else(internal)
    }

    /// Whose it is.
    async fn student(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Student>> {
        Ok(readable_student(ctx, self.whose()?).await?.ok())
    }

    /// When it was opened.
    async fn opened_at(&self) -> async_graphql::Result<DateTime> {
        Timestamp::from_microsecond(self.document.opened).map(DateTime).map_err(|_| internal())
    }

    /// What the student says to it; none once their data were erased.
    async fn comment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let Some(comment) = &self.document.comment else { return Ok(None) };
        ctx.text(comment.id).await
    }

    /// In which language the student wants to be answered.
    async fn language(&self) -> async_graphql::Result<Language> {
        self.document.language.map(Into::into).ok_or_else(internal)
    }

    /// What is asked for, of kind add/drop.
    async fn add_drop_change(&self) -> async_graphql::Result<Option<AddDropChange<'_>>> {
        let accepted = self.document.status == Some(request::RequestStatus::Accepted);
        Ok(Some(AddDropChange { change: &self.add_drop()?.change, accepted }))
    }

    /// Who accepted or refused it.
    async fn decided_by(&self) -> Option<Person> {
        self.document.decided.as_ref().and_then(|decided| decided.by).map(Person)
    }

    /// When it was accepted, refused or taken back.
    async fn decided_at(&self) -> Option<DateTime> {
        self.document.decided.as_ref().map(|decided| DateTime(decided.at))
    }

    /// Why it was refused; none once the student's data were erased.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let decided = self.document.decided.as_ref();
        let Some(reason) = decided.and_then(|decided| decided.reason.as_ref()) else {
            return Ok(None);
        };
        ctx.text(reason.id).await
    }
}

/// What a request of kind add/drop asks for: which fields there are goes by its kind.
pub struct AddDropChange<'a> {
    change: &'a Change,
    /// Whether it was carried out.
    accepted: bool,
}

/// A stream that changes.
#[derive(SimpleObject)]
pub struct StreamChange {
    /// The stream that is given up; none where there was none of the component.
    from_stream: Option<Stream>,
    /// The stream that is taken in its place; none where the component is given up.
    to_stream: Option<Stream>,
}

#[Object]
impl AddDropChange<'_> {
    /// Which change.
    async fn kind(&self) -> AddDropKind {
        self.change.into()
    }

    /// The registration that is given up, of a swap and of giving up, also once it was; of a change of stream the one whose
    /// stream changes. What is taken in its place is `takenEnrollment`.
    async fn enrollment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Enrollment>> {
        match self.change {
            Change::Swap { gives_up: of, .. }
            | Change::GiveUp { gives_up: of }
            | Change::ChangeStream { of, .. } => Enrollment::load(ctx, of.enrollment).await,
            Change::Add { .. } => Ok(None),
        }
    }

    /// The registration for the subject that is taken, of a swap and of adding, once the request was accepted.
    async fn taken_enrollment(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Enrollment>> {
        let Some((takes, _)) = self.taken().filter(|_| self.accepted) else { return Ok(None) };
        Enrollment::load(ctx, takes.enrollment).await
    }

    /// The subject that is taken, of a swap and of adding.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        let Some((takes, _)) = self.taken() else { return Ok(None) };
        Subject::load(ctx, takes.subject).await
    }

    /// The term in which it is taken.
    async fn term(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        let Some((takes, _)) = self.taken() else { return Ok(None) };
        Term::load(ctx, takes.term).await
    }

    /// The streams that are chosen for it.
    async fn streams(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Stream>> {
        let streams = self.taken().map(|(_, streams)| streams).unwrap_or_default();
        Stream::each(ctx, streams.iter().copied()).await
    }

    /// The stream that is given up, of a change of one stream.
    #[graphql(name = "fromStream")]
    async fn given_up_stream(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Stream>> {
        stream(ctx, self.exchange().and_then(|exchange| exchange.from)).await
    }

    /// The stream that is taken in its place.
    async fn to_stream(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Stream>> {
        stream(ctx, self.exchange().map(|exchange| exchange.to)).await
    }

    /// The streams that change, of a change of one stream or several.
    async fn stream_changes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<StreamChange>> {
        let Change::ChangeStream { exchanges, leaves, .. } = self.change else {
            return Ok(vec![]);
        };
        let exchanged = exchanges.iter().map(|exchange| (exchange.from, Some(exchange.to)));
        let mut changes = Vec::new();
        for (from, to) in exchanged.chain(leaves.iter().map(|left| (Some(*left), None))) {
            let (from_stream, to_stream) = (stream(ctx, from).await?, stream(ctx, to).await?);
            changes.push(StreamChange { from_stream, to_stream });
        }
        Ok(changes)
    }
}

async fn stream(ctx: &Context<'_>, id: Option<StreamId>) -> async_graphql::Result<Option<Stream>> {
    let Some(id) = id else { return Ok(None) };
    Stream::load(ctx, id).await
}

impl AddDropChange<'_> {
    /// The only stream that changes, if it is one.
    fn exchange(&self) -> Option<&Exchange> {
        let Change::ChangeStream { exchanges, leaves, .. } = self.change else { return None };
        match &exchanges[..] {
            [exchange] if leaves.is_empty() => Some(exchange),
            _ => None,
        }
    }

    fn taken(&self) -> Option<(&request::Subject, &[StreamId])> {
        match self.change {
            Change::Swap { takes, streams, .. } | Change::Add { takes, streams } => {
                Some((takes, streams))
            }
            Change::GiveUp { .. } | Change::ChangeStream { .. } => None,
        }
    }
}

/// Requests by id and in lists.
#[derive(Default)]
pub struct RequestQueries;

#[Object]
impl RequestQueries {
    /// A request by id: for its student, their advisor, registrars and auditors.
    async fn request(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Request>> {
        found(Request::readable(ctx, query_id(&id)?).await?).map(Some)
    }

    /// The work list of staff, the oldest first. An advisor sees those of their own students.
    async fn requests(
        &self,
        ctx: &Context<'_>,
        filter: Option<RequestFilter>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Request>>> {
        staff_requests(ctx, filter.unwrap_or_default(), first, after.as_deref()).await.map(Some)
    }
}
