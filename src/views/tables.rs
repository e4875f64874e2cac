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
    pub async fn read(mut database: &Database) -> Result<Self, StoreError> {
        let pointers = pointers(&mut database).await?;
        let known = pointers.into_iter().map(|(view, table)| (view, table.into()));
        Ok(Self(Arc::new(RwLock::new(known.collect()))))
    }

    /// The table of a view (name and version).
    pub fn of(&self, view: &str) -> Arc<str> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(view).cloned().unwrap_or_else(|| view.into())
    }

    fn know(&self, tables: HashMap<String, Arc<str>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = tables;
    }
}

/// Views by the place where they stand.
pub(super) type Places = BTreeMap<Position, Vec<Served>>;

/// Where views stand, and where the log ends.
pub(super) struct Standing {
    pub(super) places: Places,
    pub(super) head: Position,
    /// Those that have no table.
    pub(super) missing: Vec<&'static AnyView>,
}

/// Where each of these views stands, by what is stored. Who reads the views knows from then on where they lie.
pub(super) async fn places(
    mut database: &Database,
    views: &'static [AnyView],
    tables: &Tables,
) -> Result<Standing, StoreError> {
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
    let (mut places, mut missing) = (Places::new(), vec![]);
    for view in views {
        match stored.remove(&view.table()) {
            Some((table, at)) => places.entry(at).or_default().push(Served { view, table }),
            None => missing.push(view),
        }
    }
    tables.know(known);
    Ok(Standing { places, head, missing })
}
