//! Batched reading: all that one request asks of a view becomes one read.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    marker::PhantomData,
    sync::Arc,
};

use aggregates::shared::{PersonId, TextId};
use async_graphql::dataloader::Loader;
use async_trait::async_trait;
use projections::View;

use crate::{
    database::{Database, StoreError},
    people::{self, Details},
    views::Views,
};

/// Reads documents, people and texts.
pub struct Documents {
    /// The views.
    pub views: Views,
    /// Where people lie.
    pub database: Database,
}

/// The key of a document of a view.
pub struct DocumentKey<V>(pub String, PhantomData<fn() -> V>);

impl<V> DocumentKey<V> {
    /// The document with that key.
    pub fn new(key: String) -> Self {
        Self(key, PhantomData)
    }
}

impl<V> Clone for DocumentKey<V> {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}

impl<V> PartialEq for DocumentKey<V> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<V> Eq for DocumentKey<V> {}

impl<V> Hash for DocumentKey<V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[async_trait]
impl<V: View> Loader<DocumentKey<V>> for Documents {
    type Value = Arc<V::Document>;
    type Error = Arc<StoreError>;

    async fn load(
        &self,
        keys: &[DocumentKey<V>],
    ) -> Result<HashMap<DocumentKey<V>, Self::Value>, Self::Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0.clone()).collect();
        let found = self.views.get_many::<V>(&keys).await.map_err(Arc::new)?;
        Ok(found
            .into_iter()
            .map(|(key, document)| (DocumentKey::new(key), Arc::new(document)))
            .collect())
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
