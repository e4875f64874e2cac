//! What a resolver can ask of its request: who asks, the documents, the clock.

use std::{fmt::Display, str::FromStr, sync::Arc};

use aggregates::shared::{PersonId, Text, TextFlaw, TextId};
use async_graphql::{Context, dataloader::DataLoader};
use projections::View;

use super::{
    errors::{Fault, denied, internal, not_found, store, top},
    loaders::{Document, DocumentKey, Documents},
};
use crate::{
    cabinet::Cabinet,
    database::StoreError,
    identity::{
        Entry, Incident, Passwords, SecurityJournal, Sessions, Throttle, Viewer, policy::Denied,
    },
    people::Details,
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

/// What one request brings.
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

/// What a resolver can ask of its request.
pub trait Ask<'c> {
    /// What all requests share.
    fn services(&self) -> async_graphql::Result<&'c Services>;
    /// What this request brings.
    fn caller(&self) -> async_graphql::Result<&'c Caller>;
    /// Who asks.
    fn viewer(&self) -> async_graphql::Result<&'c Viewer>;
    /// A document of a view.
    async fn document<V: View>(
        &self,
        key: impl ToString + Send,
    ) -> async_graphql::Result<Option<Arc<V::Document>>>;
    /// The documents of a view with these keys, in their order and in one read; a key that has none is
    /// left out.
    async fn each<V: View, K: Display + Clone + Send>(
        &self,
        keys: impl IntoIterator<Item = K> + Send,
    ) -> async_graphql::Result<Vec<(K, Arc<V::Document>)>>;
    /// A person's details.
    async fn person(&self, id: PersonId) -> async_graphql::Result<Option<Details>>;
    /// A text about somebody, unless it was erased.
    async fn text(&self, id: TextId) -> async_graphql::Result<Option<String>>;
    /// Notes something in the security journal.
    fn note(&self, incident: Incident, person: Option<PersonId>, asked: Option<&str>);
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

    async fn document<V: View>(
        &self,
        key: impl ToString + Send,
    ) -> async_graphql::Result<Option<Arc<V::Document>>> {
        let Ok(found) = self.documents()?.load_one(DocumentKey::of::<V>(key)).await;
        found.map(typed::<V>).transpose()
    }

    async fn each<V: View, K: Display + Clone + Send>(
        &self,
        keys: impl IntoIterator<Item = K> + Send,
    ) -> async_graphql::Result<Vec<(K, Arc<V::Document>)>> {
        let keys: Vec<_> = keys.into_iter().map(|key| (DocumentKey::of::<V>(&key), key)).collect();
        let wanted = keys.iter().map(|(wanted, _)| wanted.clone());
        let Ok(found) = self.documents()?.load_many(wanted).await;
        let found = |(wanted, key)| {
            let document = typed::<V>(found.get(&wanted)?.clone());
            Some(document.map(|document| (key, document)))
        };
        keys.into_iter().filter_map(found).collect()
    }

    async fn person(&self, id: PersonId) -> async_graphql::Result<Option<Details>> {
        self.documents()?.load_one(id).await.map_err(|error| store(&error))
    }

    async fn text(&self, id: TextId) -> async_graphql::Result<Option<String>> {
        self.documents()?.load_one(id).await.map_err(|error| store(&error))
    }

    fn note(&self, incident: Incident, person: Option<PersonId>, asked: Option<&str>) {
        // Outside a request there is nobody to note.
        if let (Ok(services), Ok(caller)) = (self.services(), self.caller()) {
            services.journal.note(Entry {
                at: services.cabinet.now(),
                incident,
                person,
                address: caller.address.clone(),
                client: caller.client.clone(),
                asked: asked.map(str::to_owned),
            });
        }
    }

    fn documents(&self) -> async_graphql::Result<&'c DataLoader<Documents>> {
        self.data::<DataLoader<Documents>>()
    }
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

/// An id in a query's arguments.
pub fn query_id<T: FromStr>(id: &async_graphql::ID) -> async_graphql::Result<T> {
    super::node::raw(id).parse().map_err(|_| top("BAD_INPUT", "This is no id."))
}

/// A short text in a mutation's input.
pub fn short(text: &str, field: &str) -> Result<Text, Fault> {
    Text::short(text).map_err(|flaw| Fault::text(flaw, field))
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
