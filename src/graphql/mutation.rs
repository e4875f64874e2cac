//! What all mutations share: input to plan, plan to receipt, receipt to payload.

use std::str::FromStr;

use aggregates::{
    Act,
    enrollment::StreamNames,
    shared::{Position, Refusal, StreamId},
};
use async_graphql::{Context, InputType};
use futures::future::{BoxFuture, join_all};
use sha2::{Digest, Sha256};
use tracing::warn;

use super::{
    errors::{Fault, UserError, is_not_reached},
    named_students::NamedStudents,
    request::{Answer, Ask},
};
use crate::{
    commands::{Actor, CommandError, Key, Receipt, Transaction, answered},
    identity::{Incident, policy},
    people::PersonWrite,
};

/// What a mutation wants done.
#[derive(Default)]
pub struct Plan {
    /// What is asked of which aggregate.
    pub acts: Vec<Act>,
    /// What is written about people with it.
    pub people: Vec<PersonWrite>,
    /// The ids that the payload shows: those of the first time, when the request came again.
    pub shows: Vec<String>,
    /// What the views know to speak against it: told together, where the decision refuses for one of the reasons.
    pub speaking: Vec<UserError>,
    /// What the streams are called of which something is asked: one that refuses is told by its name.
    pub names: StreamNames,
    /// The students whom a list in the input names, by what of theirs is asked something: one that refuses is told as
    /// theirs.
    pub students: NamedStudents,
}

impl Plan {
    /// These acts, and what the payload shows.
    pub fn of(acts: Vec<Act>, shows: impl ToString) -> Self {
        Self { acts, shows: vec![shows.to_string()], ..Self::default() }
    }

    /// Against which that is known to speak. What the views know may be a moment old, so it is handed in all the same.
    pub fn spoken_against(self, speaking: Vec<UserError>) -> Self {
        Self { speaking, ..self }
    }

    /// Where the input does not name the streams by fields of their own: what they are called.
    pub fn naming(self, names: StreamNames) -> Self {
        Self { names, ..self }
    }

    /// Where the input names students in a list: whose is asked what.
    pub fn of_students(self, students: NamedStudents) -> Self {
        Self { students, ..self }
    }

    /// With something written about people.
    pub fn writing(mut self, people: impl IntoIterator<Item = PersonWrite>) -> Self {
        self.people.extend(people);
        self
    }

    /// And one more id that the payload shows.
    pub fn showing(mut self, id: impl ToString) -> Self {
        self.shows.push(id.to_string());
        self
    }
}

/// What came of it.
#[derive(Default)]
pub struct Done {
    /// The log's end with it; none where it was refused.
    pub position: Option<Position>,
    /// Whether the views are late, or one that shows it has stopped: what was done is on disk, but can't be shown yet.
    pub pending: bool,
    /// Why it was refused.
    pub user_errors: Vec<UserError>,
    /// Whether it was done before, under the same key.
    pub again: bool,
    shows: Vec<String>,
}

impl Done {
    /// Nothing: it was refused.
    pub fn refused(user_errors: Vec<UserError>) -> Self {
        Self { user_errors, ..Self::default() }
    }

    /// How many ids the payload shows.
    pub fn showing(&self) -> usize {
        self.shows.len()
    }

    /// What came of several: the log's end with all that were done.
    pub fn of_several<'d>(each: impl Iterator<Item = &'d Self> + Clone) -> Self {
        let position = each.clone().filter_map(|done| done.position).max();
        let pending = each.clone().any(|done| done.pending);
        Self { position, pending, ..Self::default() }
    }

    /// What the payload shows, loaded by its id once the views know of it.
    pub async fn show<I: FromStr, T, F>(
        &mut self,
        place: usize,
        load: impl FnOnce(I) -> F,
    ) -> async_graphql::Result<Option<T>>
    where
        F: Future<Output = async_graphql::Result<Option<T>>>,
    {
        let Some(id) = self.shown(place) else { return Ok(None) };
        // What was done is hidden by no error.
        match load(id).await {
            Err(error) => {
                if !is_not_reached(&error) {
                    warn!(?error, "what was done can't be shown");
                }
                self.pending = true;
                Ok(None)
            }
            loaded => loaded,
        }
    }

    /// The id that the payload shows, once the views know of it.
    pub fn shown<T: FromStr>(&self, place: usize) -> Option<T> {
        let ready = self.position.is_some() && !self.pending;
        self.shows.get(place).filter(|_| ready)?.parse().ok()
    }

    /// What may be a mistake in what was done all the same, by what it shows. Where that can't be looked for, it hides
    /// nothing that was done.
    pub async fn warnings<T: FromStr>(
        &self,
        look: impl AsyncFnOnce(T) -> async_graphql::Result<Vec<UserError>>,
    ) -> Vec<UserError> {
        let Some(shown) = self.shown(0) else { return vec![] };
        look(shown).await.unwrap_or_else(|error| {
            tracing::warn!(cause = error.message, "it is not told what may be a mistake");
            vec![]
        })
    }
}

/// Plans, executes, and waits until the views know of it. The request is the mutation's whole input,
/// so that its idempotency key stands for exactly that.
pub fn run<'c>(
    ctx: &'c Context<'_>,
    input: &impl InputObjectWithKey,
    plan: impl Future<Output = Result<Plan, Fault>> + Send + 'c,
) -> Answer<'c, Done> {
    Box::pin(run_under(ctx, key(ctx, input), Box::pin(plan)))
}

/// The same for all mutations, so that it is compiled once.
async fn run_under(
    ctx: &Context<'_>,
    key: Result<Option<Key>, Fault>,
    plan: BoxFuture<'_, Result<Plan, Fault>>,
) -> async_graphql::Result<Done> {
    let executed = executed(ctx, key, plan.await).await;
    let fresh = match &executed {
        Ok(receipt) => ctx.services()?.cabinet.wait_for(receipt.position).await,
        Err(_) => true,
    };
    done(ctx, executed, fresh)
}

/// Several plans, each done or refused by itself: they are handed in together, and the views waited for once. Each has
/// a key of its own, made of the input's and its place.
pub fn run_each<'c>(
    ctx: &'c Context<'_>,
    input: &impl InputObjectWithKey,
    plans: Vec<Result<Plan, Fault>>,
) -> Answer<'c, Vec<async_graphql::Result<Done>>> {
    let key = key(ctx, input);
    Box::pin(async move {
        let key = match for_all(ctx, key).await {
            Ok(key) => key,
            Err(Fault::User(errors)) => {
                let refused = plans.iter().map(|_| Ok(Done::refused(errors.clone())));
                return Ok(refused.collect());
            }
            Err(Fault::Top(error)) => return Err(error),
        };
        let each = plans.into_iter().zip(1..).map(|(plan, place)| {
            let key = key.clone().map(|key| Key { key: format!("{}#{place}", key.key), ..key });
            executed(ctx, Ok(key), plan)
        });
        let all = join_all(each).await;
        let newest = all.iter().flatten().map(|receipt| receipt.position).max();
        let fresh = match newest {
            Some(newest) => ctx.services()?.cabinet.wait_for(newest).await,
            None => true,
        };
        Ok(all.into_iter().map(|executed| done(ctx, executed, fresh)).collect())
    })
}

/// The key of a list of plans, which itself stands for the whole list: under another list nothing is done.
async fn for_all(ctx: &Context<'_>, key: Result<Option<Key>, Fault>) -> Result<Option<Key>, Fault> {
    let key = key?;
    if key.is_some() {
        executed(ctx, Ok(key.clone()), Ok(Plan::default())).await?;
    }
    Ok(key)
}

/// Hands in what a plan wants done, as whoever asks.
async fn executed(
    ctx: &Context<'_>,
    key: Result<Option<Key>, Fault>,
    plan: Result<Plan, Fault>,
) -> Result<Receipt, Fault> {
    let cabinet = &ctx.services()?.cabinet;
    let mut transaction = Transaction::of(actor(ctx)?, vec![]);
    transaction.key = key?;
    match plan {
        Ok(plan) => {
            transaction.acts = plan.acts;
            transaction.people = plan.people;
            transaction.result_ids = plan.shows;
            let executed = cabinet.commands.execute(transaction).await;
            let (names, students) = (plan.names, plan.students);
            executed.map_err(|error| refused(error, plan.speaking, &names, &students))
        }
        // What was done is answered the same, even where it would be refused by now.
        Err(refused) => answered(&cabinet.database, &transaction).await?.ok_or(refused),
    }
}

/// Why it was not done: told of the student or the stream that refused, where the input names several; with all that was
/// known to speak against it, where it was refused for one of these reasons.
fn refused(
    error: CommandError,
    speaking: Vec<UserError>,
    names: &StreamNames,
    students: &NamedStudents,
) -> Fault {
    let CommandError::Refused(refusal) = error else { return error.into() };
    let decided = UserError::of(&refusal);
    if let Some(student) = refusal.by.as_ref().and_then(|by| students.get(by)) {
        return student.told(decided);
    }
    if let Some(name) = named(&refusal, names) {
        return Fault::User(vec![decided.of_stream(name)]);
    }
    if !speaking.iter().any(|known| known.code.0 == refusal.code) {
        return Fault::User(vec![decided]);
    }
    // Of another stream than was known it is told too.
    let is_told = speaking.iter().any(|known| known.says_the_same(&decided));
    Fault::User(speaking.into_iter().chain((!is_told).then_some(decided)).collect())
}

/// What the stream is called that refused, if one of these did.
fn named<'n>(refusal: &Refusal, names: &'n StreamNames) -> Option<&'n str> {
    let stream: StreamId = refusal.by.as_ref()?.parse().ok()?;
    names.0.get(&stream).map(String::as_str)
}

/// What came of it, `fresh` where the views know of it.
fn done(
    ctx: &Context<'_>,
    executed: Result<Receipt, Fault>,
    fresh: bool,
) -> async_graphql::Result<Done> {
    match executed {
        Ok(receipt) => {
            ctx.views()?.must_know(receipt.position);
            Ok(Done {
                position: Some(receipt.position),
                pending: !fresh,
                user_errors: vec![],
                again: receipt.again,
                shows: receipt.result_ids,
            })
        }
        Err(Fault::User(user_errors)) => {
            if user_errors.iter().any(UserError::is_of_ownership) {
                ctx.note(Incident::Refused, Some(ctx.viewer()?.person), Some(ctx.field().name()));
            }
            Ok(Done::refused(user_errors))
        }
        Err(Fault::Top(error)) => Err(error),
    }
}

/// An input with an idempotency key, as every mutation's has.
pub trait InputObjectWithKey: InputType {
    /// The key.
    fn idempotency_key(&self) -> Option<&str>;
}

fn actor(ctx: &Context<'_>) -> async_graphql::Result<Actor> {
    let caller = ctx.caller()?;
    let viewer = caller.viewer.as_ref();
    Ok(Actor {
        person: viewer.map(|viewer| viewer.person),
        role: viewer.and_then(|viewer| policy::acting_role(ctx.field().name(), &viewer.roles)),
        correlation: caller.correlation.clone(),
        client: caller.client.clone(),
    })
}

/// Mutations whose requests hold a secret: the hash of a request, kept with its key, would be an easy
/// way to guess it. Done again, they are refused or do no harm.
const SECRET: &[&str] = &["signIn", "changePassword", "redeemAccess"];

fn key(ctx: &Context<'_>, input: &impl InputObjectWithKey) -> Result<Option<Key>, Fault> {
    let Some(key) = input.idempotency_key() else { return Ok(None) };
    if SECRET.contains(&ctx.field().name()) {
        return Ok(None);
    }
    let key = super::request::short(key, "idempotencyKey")?;
    let request = Sha256::new()
        .chain_update(ctx.field().name())
        .chain_update(input.to_value().to_string())
        .finalize();
    Ok(Some(Key { key: key.into(), request_sha256: format!("{request:x}") }))
}

/// Declares the input of a mutation, with its idempotency key.
macro_rules! input {
    (
        $(#[doc = $doc:literal])*
        $name:ident {
            $( $(#[$meta:meta])* $field:ident : $type:ty ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, async_graphql::InputObject)]
        pub struct $name {
            $( $(#[$meta])* pub $field: $type, )*
            /// The same request under the same key is done once and answered the same; kept for at
            /// least 30 days. What concerns a session or holds a secret ignores it.
            pub idempotency_key: Option<String>,
        }

        impl $crate::graphql::mutation::InputObjectWithKey for $name {
            fn idempotency_key(&self) -> Option<&str> {
                self.idempotency_key.as_deref()
            }
        }
    };
}

/// Declares the payload of a mutation: what it shows, where the log ended, and why not.
macro_rules! payload {
    (
        $(#[doc = $doc:literal])*
        $name:ident {
            $( $(#[doc = $field_doc:literal])* $field:ident : $type:ty ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: Option<$type>, )*
            /// The log's end with it: ask with `Oqu-After-Position` to see it everywhere.
            pub position: Option<$crate::graphql::scalars::PositionScalar>,
            /// It was done, but what it shows is not ready yet: ask again.
            pub pending: bool,
            /// Why it was refused; empty where it was done.
            pub user_errors: Vec<$crate::graphql::errors::UserError>,
        }

        impl $name {
            /// The payload of what came of it.
            #[allow(clippy::too_many_arguments, reason = "one a field")]
            pub fn of(done: $crate::graphql::mutation::Done $(, $field: Option<$type>)*) -> Self {
                Self {
                    $( $field, )*
                    position: done.position.map($crate::graphql::scalars::PositionScalar),
                    pending: done.pending,
                    user_errors: done.user_errors,
                }
            }
        }
    };
}
