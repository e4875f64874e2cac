//! Where each view lies, as this process knows it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use aggregates::shared::Position;
use projections::AnyView;

use crate::database::{
    Database, Reader, StoreError,
    view_tables::{Served, pointers},
};

/// From which table each view is served. Clones share what they know.
#[derive(Clone)]
pub struct Tables(Arc<RwLock<HashMap<String, Arc<str>>>>);

impl Tables {
    /// As the pointers are now.
    pub async fn read(database: &Database) -> Result<Self, StoreError> {
        let tables = Self(Arc::default());
        tables.refresh(database).await?;
        Ok(tables)
    }

    /// The table of a view (name and version).
    pub fn of(&self, view: &str) -> Arc<str> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(view).cloned().unwrap_or_else(|| view.into())
    }

    /// Looks at the pointers again.
    pub async fn refresh(&self, mut database: &Database) -> Result<(), StoreError> {
        let pointers = pointers(&mut database).await?;
        self.know(pointers.into_iter().map(|(view, table)| (view, table.into())).collect());
        Ok(())
    }

    fn know(&self, tables: HashMap<String, Arc<str>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = tables;
    }
}

/// Views by the place where they stand.
pub(super) type Places = BTreeMap<Position, Vec<Served>>;

/// Where each of these views stands, and where the log ends, by what is stored. Who reads the views knows
/// from then on where they lie.
pub(super) async fn places(
    mut database: &Database,
    views: &'static [AnyView],
    tables: &Tables,
) -> Result<(Places, Position), StoreError> {
    let sql = "SELECT p.view, p.stored_in, c.position, (SELECT position FROM log_head) \
               FROM view_pointers AS p JOIN view_checkpoints AS c ON c.view = p.stored_in";
    let rows = Reader::fetch(&mut database, sql, &[]).await?;
    let (mut stored, mut known, mut head) = (HashMap::new(), HashMap::new(), Position(0));
    for row in rows {
        let table: Arc<str> = row.text(1)?.into();
        stored.insert(row.text(0)?, (Arc::clone(&table), Position(row.int(2)?)));
        known.insert(row.text(0)?, table);
        head = Position(row.int(3)?);
    }
    let mut places = Places::new();
    for view in views {
        let (table, position) = stored
            .remove(&view.table())
            .ok_or_else(|| StoreError::Corrupt(format!("{} has no checkpoint", view.table())))?;
        places.entry(position).or_default().push(Served { view, table });
    }
    tables.know(known);
    Ok((places, head))
}
