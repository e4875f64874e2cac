//! The schema: all modules' fields under one guarded root, and the limits.

use std::{borrow::Cow, pin::Pin, sync::Arc};

use async_graphql::{
    Context, ContextSelectionSet, Error, MergedObject, ObjectType, OutputType, Positioned,
    Response, Schema, SchemaBuilder, ServerResult, SimpleObject, SubscriptionType, Value,
    connection::{self, CursorType, EmptyFields},
    parser::types::Field,
    registry::Registry,
    resolver_utils::{ContainerType, resolve_container},
};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::{Stream, stream};
use projections::View;

use super::{
    accounts::AccountMutations,
    admissions::StudentMutations,
    approvals::ApprovalMutations,
    as_of::AsOfQueries,
    awaited_approvals::AwaitedApprovalQueries,
    calendar::CalendarQueries,
    calendar_links::CalendarLinkMutations,
    choosing::ChoosingMutations,
    conditions::Conditions,
    enrollments::{EnrollmentMutations, EnrollmentQueries},
    errors::{denied, top},
    guiding_theses::GuidingThesesMutations,
    handing_in::HandingInMutations,
    history::HistoryQueries,
    holds::{HoldMutations, HoldQueries},
    iep_list::IepListQueries,
    ieps::IepQueries,
    marks::MarkMutations,
    moving_streams::MovingStreamsMutations,
    node::NodeQueries,
    opening_streams::StreamMutations,
    papers::PaperQueries,
    people::PeopleQueries,
    periods::PeriodQueries,
    programmes::ProgrammeQueries,
    registering::RegisteringMutations,
    regulations::{RegulationMutations, RegulationQueries},
    request::{Ask, Caller, Services, stored},
    requesting::RequestMutations,
    requirements::RequirementMutations,
    security::SecurityQueries,
    sessions::SessionMutations,
    setting_calendar::CalendarMutations,
    setting_programmes::ProgrammeMutations,
    setting_syllabuses::SyllabusMutations,
    settings::SettingsMutations,
    signing::SigningMutations,
    signing_many::SigningManyMutations,
    sittings::SittingMutations,
    stream_capacity::CapacityMutations,
    stream_list::StreamQueries,
    student_requests::RequestQueries,
    students::StudentQueries,
    subject_abouts::DescribingMutations,
    subjects::{SubjectMutations, SubjectQueries},
    subscriptions::Subscriptions,
    taking_tests::TestAttemptMutations,
    teacher_cards::TeacherCardMutations,
    test_attempts::TestAttemptQueries,
    test_cards::TestQueries,
    test_plans::TestMutations,
    theses::ThesisQueries,
    waiting::WaitingMutations,
    warned_ieps::WarnedIepQueries,
    what_if::WhatIfQueries,
};
use crate::{
    config::Config,
    database::StoreError,
    identity::policy::{self, MUTATIONS, QUERIES, Rule, SUBSCRIPTIONS},
    troubles,
    views::Views,
};

/// All queries.
#[derive(MergedObject, Default)]
pub struct Query(
    PeopleQueries,
    NodeQueries,
    StudentQueries,
    EnrollmentQueries,
    IepQueries,
    IepListQueries,
    WarnedIepQueries,
    PaperQueries,
    SubjectQueries,
    ProgrammeQueries,
    AwaitedApprovalQueries,
    HoldQueries,
    WhatIfQueries,
    StreamQueries,
    CalendarQueries,
    PeriodQueries,
    RegulationQueries,
    HistoryQueries,
    AsOfQueries,
    TestQueries,
    TestAttemptQueries,
    ThesisQueries,
    RequestQueries,
    SecurityQueries,
);

/// All mutations, one a command.
#[derive(MergedObject, Default)]
pub struct Mutation(
    SessionMutations,
    EnrollmentMutations,
    StreamMutations,
    SittingMutations,
    MovingStreamsMutations,
    CapacityMutations,
    ChoosingMutations,
    RegisteringMutations,
    WaitingMutations,
    RequestMutations,
    SigningMutations,
    SigningManyMutations,
    MarkMutations,
    SubjectMutations,
    DescribingMutations,
    SyllabusMutations,
    TeacherCardMutations,
    RequirementMutations,
    HoldMutations,
    ProgrammeMutations,
    ApprovalMutations,
    CalendarMutations,
    RegulationMutations,
    StudentMutations,
    AccountMutations,
    SettingsMutations,
    CalendarLinkMutations,
    TestMutations,
    TestAttemptMutations,
    HandingInMutations,
    GuidingThesesMutations,
);

/// The API.
pub type Api = Schema<Guarded<Query>, Guarded<Mutation>, Guarded<Subscriptions>>;
type Builder = SchemaBuilder<Guarded<Query>, Guarded<Mutation>, Guarded<Subscriptions>>;

/// The API over those services.
pub fn build(services: Arc<Services>) -> Api {
    let config = services.cabinet.config.clone();
    limited(&config).data(services).finish()
}

/// The contract, as `schema.graphql` holds it.
pub fn sdl() -> String {
    limited(&Config::default()).finish().sdl()
}

fn limited(config: &Config) -> Builder {
    let query = Guarded { root: Query::default(), table: QUERIES };
    let mutation = Guarded { root: Mutation::default(), table: MUTATIONS };
    let subscription = Guarded { root: Subscriptions, table: SUBSCRIPTIONS };
    let builder = Schema::build(query, mutation, subscription)
        .limit_depth(config.max_query_depth)
        .limit_complexity(config.max_query_complexity)
        .disable_suggestions();
    if config.development { builder } else { builder.disable_introspection() }
}

/// A root that asks the policy before each of its fields, and where a field that fails is null
/// beside its error, so that it hides no other's success.
pub struct Guarded<T> {
    root: T,
    table: &'static [(&'static str, Rule)],
}

#[async_trait]
impl<T: ObjectType> ContainerType for Guarded<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let resolved = match self.may(ctx) {
            Ok(()) => self.root.resolve_field(ctx).await,
            Err(error) => Err(ctx.set_error_path(error.into_server_error(ctx.item.pos))),
        };
        resolved.or_else(|error| {
            ctx.add_error(error);
            Ok(Some(Value::Null))
        })
    }
}

impl<T> Guarded<T> {
    fn may(&self, ctx: &Context<'_>) -> Result<(), Error> {
        let viewer = ctx.data::<Caller>()?.viewer.as_ref();
        let field = ctx.field().name();
        policy::allows(policy::rule(self.table, field), viewer).map_err(denied)
    }
}

#[async_trait]
impl<T: ObjectType> OutputType for Guarded<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl<T: ObjectType> ObjectType for Guarded<T> {}

impl<T: SubscriptionType> SubscriptionType for Guarded<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn create_field_stream<'a>(
        &'a self,
        ctx: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        match self.may(ctx) {
            Ok(()) => self.root.create_field_stream(ctx),
            Err(error) => {
                let error = ctx.set_error_path(error.into_server_error(ctx.item.pos));
                Some(Box::pin(stream::iter([Response::from_errors(vec![error])])))
            }
        }
    }
}

/// A page of a list, with cursors that stay good while the list changes.
pub type Connection<T> = connection::Connection<Cursor, T, Total, EmptyFields>;

/// How many there are.
#[derive(SimpleObject)]
pub struct Total {
    /// How many there are in all; none where counting would cost too much.
    pub total_count: Option<i64>,
}

/// A place in a list: the key it is ordered by, and the id.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// What the list is ordered by.
    pub key: String,
    /// The id, where keys are equal.
    pub id: String,
}

impl Cursor {
    /// The key of a list that is ordered by a number.
    pub fn number(&self) -> Result<i64, Error> {
        self.key.parse().map_err(|_| top(troubles::NO_CURSOR))
    }
}

impl CursorType for Cursor {
    type Error = &'static str;

    fn decode_cursor(text: &str) -> Result<Self, Self::Error> {
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            serde_json::from_slice::<(String, String)>(&bytes).ok()
        };
        // U+0000 may hide in what is encoded.
        let read = read().filter(|(key, id)| !key.contains('\0') && !id.contains('\0'));
        let (key, id) = read.ok_or(troubles::NO_CURSOR.code)?;
        Ok(Self { key, id })
    }

    fn encode_cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::json!([self.key, self.id]).to_string())
    }
}

/// By which of its numbers a view is listed.
pub struct Numbered<V: View> {
    /// The column.
    pub column: &'static str,
    /// The same of a document.
    pub number: fn(&V::Document) -> i64,
    /// Whether the greatest comes first.
    pub newest_first: bool,
}

/// Which page of a list.
pub struct PageOf {
    /// How many.
    pub first: usize,
    /// Behind which place.
    pub after: Option<Cursor>,
}

impl PageOf {
    /// The page asked for: 20 where nothing is said, 100 at the most.
    pub fn asked(first: Option<i32>, after: Option<&str>) -> Result<Self, Error> {
        let first =
            usize::try_from(first.unwrap_or(20)).map_err(|_| top(troubles::FIRST_NEGATIVE))?;
        let after = after.map(Cursor::decode_cursor).transpose();
        let after = after.map_err(|_| top(troubles::NO_CURSOR))?;
        Ok(Self { first: first.min(100), after })
    }

    /// The page of all documents of a view that have a sort key, in its order.
    pub async fn of_all<V: View, T: OutputType>(
        &self,
        views: &Views,
        sort_key: fn(&V::Document) -> &str,
        node: fn(&str, V::Document) -> Option<T>,
    ) -> Result<Connection<T>, StoreError> {
        let total = views.count::<V>("sort_key <> ''", &[]).await?;
        let (condition, values) = match &self.after {
            Some(cursor) => (
                "sort_key <> '' AND (sort_key, view_id) > ($1, $2)",
                vec![cursor.key.as_str().into(), cursor.id.as_str().into()],
            ),
            None => ("sort_key <> ''", vec![]),
        };
        let order = "sort_key, view_id";
        let found = views.list::<V>(condition, &values, order, self.first).await?;
        let nodes = found.documents.into_iter().filter_map(|(id, document)| {
            let node_id = id.clone();
            let cursor = Cursor { key: sort_key(&document).to_owned(), id };
            Some((cursor, node(&node_id, document)?))
        });
        Ok(self.connection(nodes.collect(), found.more, Some(total)))
    }

    /// The page of the documents of a view that fit, by one of its numbers (column and document's) and then by id,
    /// with how many there are in all.
    pub async fn of_those<V: View, T: OutputType>(
        &self,
        ctx: &Context<'_>,
        fitting: Conditions,
        by: Numbered<V>,
        counted: bool,
        node: fn(String, V::Document) -> Option<T>,
    ) -> Result<Connection<T>, Error> {
        let views = ctx.views()?;
        let (fits, mut values) = fitting.written();
        let total = match counted {
            true => Some(stored(views.count::<V>(&fits, &values).await)?),
            false => None,
        };
        let Numbered { column, number, newest_first } = by;
        let (behind, order) = if newest_first { ("<", "DESC") } else { (">", "ASC") };
        let fits = match &self.after {
            Some(cursor) => {
                values.extend([cursor.number()?.into(), cursor.id.as_str().into()]);
                let place = values.len();
                format!("{fits} AND ({column}, view_id) {behind} (${}, ${place})", place - 1)
            }
            None => fits,
        };
        let order = format!("{column} {order}, view_id {order}");
        let found = stored(views.list::<V>(&fits, &values, &order, self.first).await)?;
        let nodes = found.documents.into_iter().filter_map(|(id, document)| {
            let cursor = Cursor { key: number(&document).to_string(), id: id.clone() };
            Some((cursor, node(id, document)?))
        });
        Ok(self.connection(nodes.collect(), found.more, total))
    }

    /// The connection of these nodes, each with its place.
    pub fn connection<T: OutputType>(
        &self,
        nodes: Vec<(Cursor, T)>,
        more: bool,
        total_count: Option<i64>,
    ) -> Connection<T> {
        let mut connection = connection::Connection::with_additional_fields(
            self.after.is_some(),
            more,
            Total { total_count },
        );
        let edges = nodes.into_iter().map(|(cursor, node)| connection::Edge::new(cursor, node));
        connection.edges.extend(edges);
        connection
    }
}
