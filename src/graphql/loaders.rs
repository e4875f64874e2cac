//! Batched reading: all that one request asks of a view at a time becomes one read.

use std::{
    collections::HashMap,
    convert::Infallible,
    hash::{Hash, Hasher},
    sync::Arc,
};

use aggregates::shared::{PersonId, TextId};
use async_graphql::dataloader::Loader;
use async_trait::async_trait;
use futures::future::{BoxFuture, join_all};
use projections::View;

use crate::{
    database::{Database, StoreError},
    people::{self, Details},
    views::{Document, Views},
};

/// Reads documents, people and texts.
pub struct Documents {
    /// The views.
    pub views: Views,
    /// Where people lie.
    pub database: Database,
}

type Found = Result<HashMap<String, Document>, StoreError>;
type Read = for<'r> fn(&'r Documents, Vec<String>) -> BoxFuture<'r, Found>;

/// The key of a document of a view. What type it has is left open, so that one loader does for all views.
#[derive(Clone)]
pub struct DocumentKey {
    view: &'static str,
    key: String,
    read: Read,
}

impl DocumentKey {
    /// The document with that key.
    pub fn of<V: View>(key: impl ToString) -> Self {
        Self { view: V::NAME, key: key.to_string(), read: Documents::read::<V> }
    }

    fn name(&self) -> (&'static str, &str) {
        (self.view, &self.key)
    }
}

impl PartialEq for DocumentKey {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for DocumentKey {}

impl Hash for DocumentKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl Documents {
    fn read<V: View>(&self, keys: Vec<String>) -> BoxFuture<'_, Found> {
        Box::pin(async move {
            let found = self.views.get_many::<V>(&keys).await?;
            Ok(found.into_iter().map(|(key, found)| (key, found as Document)).collect())
        })
    }
}

#[async_trait]
impl Loader<DocumentKey> for Documents {
    /// A view that fails hides no other's documents.
    type Value = Result<Document, Arc<StoreError>>;
    type Error = Infallible;

    async fn load(
        &self,
        keys: &[DocumentKey],
    ) -> Result<HashMap<DocumentKey, Self::Value>, Self::Error> {
        let mut views = HashMap::new();
        for wanted in keys {
            let (_, of_view) = views.entry(wanted.view).or_insert((wanted.read, vec![]));
            of_view.push(wanted);
        }
        let reads = views.into_values().map(async |(read, wanted): (Read, Vec<&DocumentKey>)| {
            let keys = wanted.iter().map(|wanted| wanted.key.clone()).collect();
            let mut found = read(self, keys).await.map_err(Arc::new);
            let found = |wanted: &DocumentKey| {
                let document = match &mut found {
                    Ok(found) => Ok(found.remove(&wanted.key)?),
                    Err(error) => Err(Arc::clone(error)),
                };
                Some((wanted.clone(), document))
            };
            wanted.into_iter().filter_map(found).collect::<Vec<_>>()
        });
        Ok(join_all(reads).await.into_iter().flatten().collect())
    }
}

#[async_trait]
impl Loader<PersonId> for Documents {
    type Value = Details;
    type Error = Arc<StoreError>;

    async fn load(&self, ids: &[PersonId]) -> Result<HashMap<PersonId, Details>, Self::Error> {
        people::people(&self.database, ids).await.map_err(Arc::new)
    }
}

#[async_trait]
impl Loader<TextId> for Documents {
    type Value = String;
    type Error = Arc<StoreError>;

    async fn load(&self, ids: &[TextId]) -> Result<HashMap<TextId, String>, Self::Error> {
        people::texts(&self.database, ids).await.map_err(Arc::new)
    }
}
