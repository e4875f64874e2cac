//! Relay's `node`: anything by its id, raw or global.

use aggregates::shared::{
    AttemptId, EnrollmentId, IepId, PersonId, RegulationId, RequestId, StreamId, SubjectId, TermId,
    TestId, ThesisId,
};
use async_graphql::{Context, ID, Interface, Object};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    calendar::Term,
    enrollments::Enrollment,
    ieps::Iep,
    regulations::Regulation,
    request::query_id,
    streams::Stream,
    student_requests::Request,
    students::{Student, readable_student},
    subjects::Subject,
    test_attempts::TestAttempt,
    test_cards::Test,
    theses::Thesis,
};

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The id."))]
#[allow(clippy::large_enum_variant, reason = "one a request")]
pub enum Node {
    /// A student.
    Student(Student),
    /// A registration.
    Enrollment(Enrollment),
    /// A plan.
    Iep(Iep),
    /// A subject.
    Subject(Subject),
    /// A stream.
    Stream(Stream),
    /// A term.
    Term(Term),
    /// A regulation.
    Regulation(Regulation),
    /// A test.
    Test(Test),
    /// An attempt at a test.
    TestAttempt(TestAttempt),
    /// A thesis.
    Thesis(Thesis),
    /// A request.
    Request(Request),
}

/// The id itself: a global one is `Type:id` in base64url.
pub fn raw(id: &ID) -> String {
    let decoded = URL_SAFE_NO_PAD.decode(id.trim_end_matches('=')).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let raw = text.as_deref().and_then(|text| text.split_once(':')).map(|(_, id)| id.to_owned());
    raw.unwrap_or_else(|| id.to_string())
}

/// Anything by its id.
#[derive(Default)]
pub struct NodeQueries;

#[Object]
impl NodeQueries {
    /// Whatever has this id, raw or global (`Type:id` in base64url).
    async fn node(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Node>> {
        if let Some(stream) = Stream::load(ctx, query_id::<StreamId>(&id)?).await? {
            return Ok(Some(stream.into()));
        }
        if let Some(subject) = Subject::load(ctx, query_id::<SubjectId>(&id)?).await? {
            return Ok(Some(subject.into()));
        }
        if let Some(term) = Term::load(ctx, query_id::<TermId>(&id)?).await? {
            return Ok(Some(term.into()));
        }
        if let Some(regulation) = Regulation::load(ctx, query_id::<RegulationId>(&id)?).await? {
            return Ok(Some(regulation.into()));
        }
        if let Some(test) = Test::load(ctx, query_id::<TestId>(&id)?).await? {
            return Ok(Some(test.into()));
        }
        if let Some(attempt) = TestAttempt::readable(ctx, query_id::<AttemptId>(&id)?).await? {
            return Ok(Some(attempt.into()));
        }
        if let Some(thesis) = Thesis::readable(ctx, query_id::<ThesisId>(&id)?).await? {
            return Ok(Some(thesis.into()));
        }
        if let Some(request) = Request::readable(ctx, query_id::<RequestId>(&id)?).await? {
            return Ok(Some(request.into()));
        }
        if let Some(enrollment) = Enrollment::readable(ctx, query_id::<EnrollmentId>(&id)?).await? {
            return Ok(Some(enrollment.into()));
        }
        if let Some(iep) = Iep::readable(ctx, query_id::<IepId>(&id)?).await? {
            return Ok(Some(iep.into()));
        }
        readable_student(ctx, query_id::<PersonId>(&id)?).await?.map(|student| Some(student.into()))
    }
}
