//! What a resolver can ask of its request: who asks, the documents, the clock.

use std::{fmt::Display, hash::Hash, str::FromStr, sync::Arc};

use aggregates::shared::{self, Number, PersonId, Text, TextFlaw, TextId};
use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
};
use futures::future::BoxFuture;
use jiff::{Timestamp, civil};
use projections::View;

use super::{
    errors::{Fault, denied, internal, not_found, store, top},
    loaders::{DocumentKey, Documents},
    scalars::{self, Date},
};
use crate::{
    cabinet::Cabinet,
    database::StoreError,
    identity::{
        Entry, Incident, Passwords, SecurityJournal, Sessions, Throttle, Viewer, policy::Denied,
    },
    people::Details,
    troubles,
    views::{Document, Views},
};

/// What all requests share.
pub struct Services {
    /// The running house.
    pub cabinet: Arc<Cabinet>,
    /// Passwords.
    pub passwords: Passwords,
    /// Sessions.
    pub sessions: Sessions,
    /// Failed sign-ins.
    pub throttle: Throttle,
    /// The security journal.
    pub journal: SecurityJournal,
}

impl Services {
    /// Notes something in the security journal.
    pub fn note(
        &self,
        caller: &Caller,
        incident: Incident,
        person: Option<PersonId>,
        asked: Option<String>,
    ) {
        self.journal.note(Entry {
            at: self.cabinet.now(),
            incident,
            person,
            address: caller.address.clone(),
            client: caller.client.clone(),
            asked,
        });
    }
}

/// What one request brings.
#[derive(Clone)]
pub struct Caller {
    /// Who asks, if somebody is signed in.
    pub viewer: Option<Viewer>,
    /// The address it comes from.
    pub address: String,
    /// The program it comes from, as it says.
    pub client: Option<String>,
    /// What belongs together.
    pub correlation: String,
}

/// What comes of a question.
pub type Answer<'c, T> = BoxFuture<'c, async_graphql::Result<T>>;

/// What a resolver can ask of its request. The answers are boxed: that a future can go from thread to thread
/// is proved anew for each resolver, through all that it holds, and a box ends the proof.
pub trait Ask<'c> {
    /// What all requests share.
    fn services(&self) -> async_graphql::Result<&'c Services>;
    /// What this request brings.
    fn caller(&self) -> async_graphql::Result<&'c Caller>;
    /// Who asks.
    fn viewer(&self) -> async_graphql::Result<&'c Viewer>;
    /// A document of a view.
    fn document<V: View>(&self, key: impl ToString) -> Answer<'c, Option<Arc<V::Document>>>;
    /// The documents of a view with these keys, in their order and in one read; a key that has none is
    /// left out.
    fn each<V: View, K: Display + Send + 'c>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Answer<'c, Vec<(K, Arc<V::Document>)>>;
    /// A person's details.
    fn person(&self, id: PersonId) -> Answer<'c, Option<Details>>;
    /// A text about somebody, unless it was erased.
    fn text(&self, id: TextId) -> Answer<'c, Option<String>>;
    /// Notes something in the security journal.
    fn note(&self, incident: Incident, person: Option<PersonId>, asked: Option<&str>);
    /// The views, as fresh as this request asks.
    fn views(&self) -> async_graphql::Result<&'c Views>;
    /// Batched reading.
    fn documents(&self) -> async_graphql::Result<&'c DataLoader<Documents>>;
}

impl<'c> Ask<'c> for Context<'c> {
    fn services(&self) -> async_graphql::Result<&'c Services> {
        self.data::<Arc<Services>>().map(AsRef::as_ref)
    }

    fn caller(&self) -> async_graphql::Result<&'c Caller> {
        self.data::<Caller>()
    }

    fn viewer(&self) -> async_graphql::Result<&'c Viewer> {
        self.caller()?.viewer.as_ref().ok_or_else(|| denied(Denied::Unauthenticated))
    }

    fn document<V: View>(&self, key: impl ToString) -> Answer<'c, Option<Arc<V::Document>>> {
        let (documents, key) = (self.documents(), DocumentKey::of::<V>(key));
        Box::pin(async move {
            let Ok(found) = documents?.load_one(key).await;
            found.map(typed::<V>).transpose()
        })
    }

    fn each<V: View, K: Display + Send + 'c>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Answer<'c, Vec<(K, Arc<V::Document>)>> {
        let documents = self.documents();
        let keys: Vec<_> = keys.into_iter().collect();
        let wanted: Vec<_> = keys.iter().map(DocumentKey::of::<V>).collect();
        Box::pin(async move {
            let Ok(found) = documents?.load_many(wanted.clone()).await;
            let found = |(wanted, key)| {
                let document = typed::<V>(found.get(&wanted)?.clone());
                Some(document.map(|document| (key, document)))
            };
            wanted.into_iter().zip(keys).filter_map(found).collect()
        })
    }

    fn person(&self, id: PersonId) -> Answer<'c, Option<Details>> {
        loaded(self.documents(), id)
    }

    fn text(&self, id: TextId) -> Answer<'c, Option<String>> {
        loaded(self.documents(), id)
    }

    fn note(&self, incident: Incident, person: Option<PersonId>, asked: Option<&str>) {
        // Outside a request there is nobody to note.
        if let (Ok(services), Ok(caller)) = (self.services(), self.caller()) {
            services.note(caller, incident, person, asked.map(str::to_owned));
        }
    }

    fn views(&self) -> async_graphql::Result<&'c Views> {
        Ok(&self.documents()?.loader().views)
    }

    fn documents(&self) -> async_graphql::Result<&'c DataLoader<Documents>> {
        self.data::<DataLoader<Documents>>()
    }
}

/// What is read of one id.
fn loaded<'c, K>(
    documents: async_graphql::Result<&'c DataLoader<Documents>>,
    id: K,
) -> Answer<'c, Option<<Documents as Loader<K>>::Value>>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    Documents: Loader<K, Error = Arc<StoreError>>,
{
    Box::pin(async move { documents?.load_one(id).await.map_err(|error| store(&error)) })
}

/// A document as that of its view.
fn typed<V: View>(
    read: Result<Document, Arc<StoreError>>,
) -> async_graphql::Result<Arc<V::Document>> {
    read.map_err(|error| store(&error))?.downcast().map_err(|_| internal())
}

/// An id in a mutation's input.
pub fn input_id<T: FromStr>(id: &async_graphql::ID, field: &str) -> Result<T, Fault> {
    super::node::raw(id).parse().map_err(|_| Fault::user("ID_MALFORMED", field))
}

/// A list of ids in a mutation's input, each once; it must have one, and not more than `most`.
pub fn input_ids<T: FromStr + PartialEq>(
    ids: &[async_graphql::ID],
    field: &str,
    most: usize,
) -> Result<Vec<T>, Fault> {
    let mut read: Vec<T> = Vec::new();
    for id in ids {
        let id = input_id(id, field)?;
        if !read.contains(&id) {
            read.push(id);
        }
        if read.len() > most {
            break;
        }
    }
    match (1..=most).contains(&read.len()) {
        true => Ok(read),
        false => Err(Fault::out_of_range(field, 1, most)),
    }
}

/// An id in a query's arguments.
pub fn query_id<T: FromStr>(id: &async_graphql::ID) -> async_graphql::Result<T> {
    super::node::raw(id).parse().map_err(|_| top(troubles::NO_ID))
}

/// A day in a mutation's input, with the instant that it stands for.
pub fn day_at(
    day: Option<&Date>,
    field: &str,
    instant: impl Fn(civil::Date) -> Option<Timestamp>,
) -> Result<Option<(civil::Date, Timestamp)>, Fault> {
    let Some(Date(day)) = day else { return Ok(None) };
    // The instant after the last day has to be one that a clock reaches.
    let out_of_range = || Fault::out_of_range(field, civil::Date::ZERO, "9999-12-29");
    let instant = instant(*day).ok_or_else(out_of_range)?;
    Ok(Some((*day, instant)))
}

/// A short text in a mutation's input.
pub fn short(text: &str, field: &str) -> Result<Text, Fault> {
    Text::short(text).map_err(|flaw| Fault::text(flaw, field))
}

/// A year of study in a mutation's input, from 1 to 10.
pub fn year_of_study(year: i32, field: &str) -> Result<u8, Fault> {
    let known = u8::try_from(year).ok().filter(|year| (1..=10).contains(year));
    known.ok_or_else(|| Fault::out_of_range(field, 1, 10))
}

/// Credits in a mutation's input.
pub fn credits(credits: scalars::Credits, field: &str) -> Result<shared::Credits, Fault> {
    let most = shared::Credits::MOST;
    shared::Credits::from_hundredths(credits.0.0).ok_or_else(|| Fault::out_of_range(field, 0, most))
}

/// A percentage in a mutation's input.
pub fn percent(percent: scalars::Percent, field: &str) -> Result<shared::Percent, Fault> {
    let most = shared::Percent::MOST;
    shared::Percent::from_hundredths(percent.0.0).ok_or_else(|| Fault::out_of_range(field, 0, most))
}

/// A number in an answer to a question, or what is right there.
pub fn number(number: f64, field: &str) -> Result<Number, Fault> {
    let most = Number::MOST;
    Number::from_f64(number).ok_or_else(|| Fault::out_of_range(field, -most, most))
}

/// A short text that may be missing.
pub fn optional_short(text: Option<&String>, field: &str) -> Result<Option<Text>, Fault> {
    text.map(|text| short(text, field)).transpose()
}

/// A long text in a mutation's input.
pub fn long(text: &str, field: &str) -> Result<Text, Fault> {
    Text::long(text).map_err(|flaw: TextFlaw| Fault::text(flaw, field))
}

/// What a query found, or that there is nothing.
pub fn found<T>(document: Option<T>) -> async_graphql::Result<T> {
    document.ok_or_else(not_found)
}

/// A store's error as the API tells it.
pub fn stored<T>(result: Result<T, StoreError>) -> async_graphql::Result<T> {
    result.map_err(|error| store(&error))
}
