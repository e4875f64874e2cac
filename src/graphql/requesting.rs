//! Opening, taking back, accepting and refusing requests (manual 2.16.1).

use aggregates::{
    academic_calendar::PeriodKind,
    request::{AddDrop, Change, Matter, Opening, RequestCommand, RequestError, RequestOf, Windows},
    shared::{PersonId, Refuse, RequestId, TermId},
};
use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use projections::{request::Requests, student::StudentDocument, term::Terms};

use super::{
    carrying_out::carrying_out,
    errors::{Fault, UserError, internal},
    grounds::Grounds,
    mutation::{Done, Plan, run},
    periods::window_of,
    request::{Ask, long, stored},
    requested::change,
    settings::Language,
    student_requests::Request,
};
use crate::people::text_about;

/// How many open requests of a student are looked at.
const MOST_OPEN: usize = 1_000;

/// What is to change: exactly one.
#[derive(Debug, OneofObject)]
pub enum AddDropInput {
    /// A subject is given up and another one taken.
    Swap(SwapSubjectInput),
    /// A subject is given up.
    GiveUp(GiveUpSubjectInput),
    /// A subject is taken.
    Add(AddSubjectInput),
    /// A seat is given up for one in another stream of the same component.
    ChangeStream(ChangeStreamInput),
    /// Seats in several streams of a subject are given up for others, in one act.
    ChangeStreams(ChangeStreamsInput),
}

/// Giving a subject up and taking another one.
#[derive(Debug, InputObject)]
pub struct SwapSubjectInput {
    /// The registration that is given up.
    pub enrollment_id: ID,
    /// The subject that is taken.
    pub subject_id: ID,
    /// In which term.
    pub term_id: ID,
    /// The streams that are chosen for it, 20 at the most.
    pub stream_ids: Option<Vec<ID>>,
}

/// Giving a subject up.
#[derive(Debug, InputObject)]
pub struct GiveUpSubjectInput {
    /// The registration that is given up.
    pub enrollment_id: ID,
}

/// Taking a subject.
#[derive(Debug, InputObject)]
pub struct AddSubjectInput {
    /// The subject.
    pub subject_id: ID,
    /// In which term.
    pub term_id: ID,
    /// The streams that are chosen for it, 20 at the most.
    pub stream_ids: Option<Vec<ID>>,
}

/// Another stream.
#[derive(Debug, InputObject)]
pub struct ChangeStreamInput {
    /// The registration.
    pub enrollment_id: ID,
    /// The stream that is given up.
    pub from_stream_id: ID,
    /// The stream that is taken.
    pub to_stream_id: ID,
}

/// Several other streams, named as `chooseStreams` names them.
#[derive(Debug, InputObject)]
pub struct ChangeStreamsInput {
    /// The registration.
    pub enrollment_id: ID,
    /// The streams that are taken, 20 at the most, each in place of the one of the same component that the student has.
    pub stream_ids: Vec<ID>,
    /// The streams of other components that are given up in the same act, as a change to another configuration
    /// asks for.
    pub leave_ids: Option<Vec<ID>>,
}

input! {
    /// Opening a request of kind add/drop.
    OpenAddDropRequestInput {
        /// What is to change.
        change: AddDropInput,
        /// What the student says to it.
        comment: Option<String>,
        /// In which language the student wants to be answered.
        language: Language,
    }
}

input! {
    /// Taking a request back.
    WithdrawRequestInput {
        /// The request.
        request_id: ID,
    }
}

input! {
    /// Accepting a request.
    AcceptRequestInput {
        /// The request.
        request_id: ID,
    }
}

input! {
    /// Refusing a request.
    RefuseRequestInput {
        /// The request.
        request_id: ID,
        /// Why; the student reads it.
        reason: String,
    }
}

payload! {
    /// What came of it.
    RequestPayload {
        /// The request.
        request: Request,
    }
}

type Shown = async_graphql::Result<Option<RequestPayload>>;

/// Requests.
#[derive(Default)]
pub struct RequestMutations;

#[Object]
impl RequestMutations {
    /// Asks for a change of what one takes, while add/drop, or the window in which one does it oneself, is open.
    /// About one registration one request is open at a time. What could never be carried out is not asked for: a
    /// subject for which one is registered in the term, a stream that is not of the subject, or of another component than
    /// the one in whose place it would be taken, streams that do not go together or with those that one keeps. A stream
    /// that is full now may be asked for.
    async fn open_add_drop_request(
        &self,
        ctx: &Context<'_>,
        input: OpenAddDropRequestInput,
    ) -> Shown {
        let done = run(ctx, &input, opening(ctx, &input)).await?;
        shown(ctx, done).await
    }

    /// Takes one's own request back, as long as nothing was decided.
    async fn withdraw_request(&self, ctx: &Context<'_>, input: WithdrawRequestInput) -> Shown {
        let done = run(ctx, &input, async {
            let request = Request::meant(ctx, &input.request_id).await?;
            if request.whose()? != ctx.viewer()?.person {
                return Err(Fault::user("NOT_YOURS", "requestId"));
            }
            let at = ctx.services()?.cabinet.now();
            let withdraw = RequestCommand::Withdraw { at };
            Ok(Plan::of(vec![withdraw.of(request.id)], request.id))
        });
        shown(ctx, done.await?).await
    }

    /// Accepts a request, and carries it out in the same act, by the rules by which the student would do it now; that
    /// add/drop is over meanwhile does not matter. Where something speaks against it, all of it is told, nothing
    /// changes, and the request stays new.
    async fn accept_request(&self, ctx: &Context<'_>, input: AcceptRequestInput) -> Shown {
        let done = run(ctx, &input, async {
            let request = Request::meant(ctx, &input.request_id).await?;
            let (by, at) = (ctx.viewer()?.person, ctx.services()?.cabinet.now());
            let accept = RequestCommand::Accept { by, at }.of(request.id);
            // A request that was decided, also a moment ago, says so itself.
            match carrying_out(ctx, &request, accept.clone()).await {
                Err(_) if !request.is_still_new(ctx).await? => {
                    Ok(Plan::of(vec![accept], request.id))
                }
                carried => carried,
            }
        });
        let mut done = done.await?;
        done.user_errors.iter_mut().for_each(of_the_request);
        shown(ctx, done).await
    }

    /// Refuses a request, with a reason.
    async fn refuse_request(&self, ctx: &Context<'_>, input: RefuseRequestInput) -> Shown {
        let done = run(ctx, &input, async {
            let request = Request::meant(ctx, &input.request_id).await?;
            let reason = long(&input.reason, "reason")?;
            let (reason, text) = text_about(request.whose()?, reason.as_str());
            let (by, at) = (ctx.viewer()?.person, ctx.services()?.cabinet.now());
            let refuse = RequestCommand::Refuse { by, reason, at };
            Ok(Plan::of(vec![refuse.of(request.id)], request.id).writing([text]))
        });
        shown(ctx, done.await?).await
    }
}

/// What speaks against carrying a request out is no other field's fault.
fn of_the_request(error: &mut UserError) {
    let key = vec!["idempotencyKey".to_owned()];
    error.field = error.field.take().filter(|field| *field == key);
    error.field.get_or_insert_with(|| vec!["requestId".to_owned()]);
}

async fn shown(ctx: &Context<'_>, mut done: Done) -> Shown {
    let request = done.show(0, |id| Request::load(ctx, id)).await?;
    Ok(Some(RequestPayload::of(done, request)))
}

async fn opening(ctx: &Context<'_>, input: &OpenAddDropRequestInput) -> Result<Plan, Fault> {
    let student = ctx.viewer()?.person;
    let grounds = Grounds::of_student(ctx, student).await?;
    if let Some(refusal) = grounds.forbidding_status() {
        return Err(Fault::User(vec![UserError::of(&refusal)]));
    }
    let change = change(ctx, student, &input.change).await?;
    let mut windows = Vec::new();
    for term in change.terms() {
        windows.push(windows_of(ctx, term, &grounds.document).await?);
    }
    let request = next_about(ctx, student, &change).await?;
    let comment = input.comment.as_ref().map(|comment| long(comment, "comment")).transpose()?;
    let comment = comment.map(|comment| text_about(student, comment.as_str()));
    let (comment, text) = comment.unzip();
    let opening = Opening {
        of: RequestOf { request, student },
        matter: Matter::AddDrop(AddDrop { change, windows, read_at: grounds.read_at }),
        comment,
        language: input.language.into(),
        at: ctx.services()?.cabinet.now(),
    };
    Ok(Plan::of(vec![RequestCommand::Open(opening).of(request)], request).writing(text))
}

/// The id of the next request about what changes, unless one about any of it is open.
async fn next_about(
    ctx: &Context<'_>,
    student: PersonId,
    change: &Change,
) -> Result<RequestId, Fault> {
    let views = ctx.views()?;
    // Counted before it is looked which are open: one that comes in between has the number that this one would have.
    let about = change.about();
    let values = [about.to_string().into()];
    let before = stored(views.count::<Requests>("about = $1", &values).await)?;
    let touched: Vec<_> = change.subjects().iter().map(|subject| subject.enrollment).collect();
    let values = [student.to_string().into()];
    let open = "student = $1 AND status = 'new'";
    let open = stored(views.list::<Requests>(open, &values, "view_id", MOST_OPEN).await)?;
    for (id, document) in open.documents {
        let Some(Matter::AddDrop(other)) = &document.matter else { continue };
        if other.change.subjects().iter().any(|subject| touched.contains(&subject.enrollment)) {
            let refusal =
                RequestError::OpenAlready { request: id.parse().map_err(|_| internal())? };
            return Err(Fault::User(vec![UserError::of(&refusal.refusal())]));
        }
    }
    Ok(RequestId::of(about, u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)))
}

/// What the calendar says of a term to a student.
async fn windows_of(
    ctx: &Context<'_>,
    term: TermId,
    student: &StudentDocument,
) -> Result<Windows, Fault> {
    let document = ctx.document::<Terms>(term).await?;
    let document = document.ok_or_else(|| Fault::user("TERM_UNKNOWN", "change"))?;
    let window = |kind| window_of(ctx, &document, student, kind);
    Ok(Windows {
        term,
        registration: window(PeriodKind::Registration)?,
        choosing_streams: window(PeriodKind::ChoosingStreams)?,
        add_drop: window(PeriodKind::AddDrop)?,
    })
}
