//! The views: each folded from zero up to its own checkpoint.

use std::collections::{BTreeMap, HashMap};

use aggregates::shared::{Position, Recorded};
use projections::{AnyView, VIEWS};

use super::{Code, Finding, Findings, Progress, ViewReport, compare::compare};
use crate::{
    database::{StoreError, Transaction, view_tables::pointers},
    views::{fold_view, save},
};

/// The views that are audited.
pub(super) struct Views(Vec<Audited>);

struct Audited {
    view: &'static AnyView,
    /// The table that it is served from.
    table: String,
    /// How far it says that it has come.
    checkpoint: Position,
    /// Whether its table is there and the log could be folded so far.
    comparable: bool,
}

impl Views {
    /// All views, with how far they have come.
    pub(super) async fn open(
        snapshot: &mut Transaction,
        head: Position,
        findings: &mut Findings,
    ) -> Result<Self, StoreError> {
        let rows = snapshot.fetch("SELECT view, position FROM view_checkpoints", &[]).await?;
        let mut checkpoints = HashMap::new();
        for row in rows {
            checkpoints.insert(row.text(0)?, Position(row.int(1)?));
        }
        let mut pointers = pointers(snapshot).await?;
        let mut views = Vec::new();
        for view in VIEWS {
            let table = pointers.remove(&view.table()).unwrap_or_else(|| view.table());
            let comparable = table_exists(snapshot, &table).await?;
            if comparable {
                // Looked into once, it can't be dropped before the snapshot ends.
                snapshot.fetch(&format!("SELECT view_id FROM {table} LIMIT 1"), &[]).await?;
            } else {
                found(findings, Code::ViewMissing, view, "it has no table".into());
            }
            let checkpoint = checkpoints.get(&table).copied();
            match checkpoint {
                None => {
                    found(findings, Code::CheckpointMissing, view, "it has no checkpoint".into())
                }
                Some(at) if at > head => {
                    let message = format!("its checkpoint is {at}, the log ends at {head}");
                    found(findings, Code::CheckpointBeyondHead, view, message);
                }
                Some(_) => {}
            }
            let checkpoint = checkpoint.unwrap_or_default();
            views.push(Audited { view, table, checkpoint, comparable });
        }
        Ok(Self(views))
    }

    /// Folds a page of the log into the scratch database.
    pub(super) async fn fold(
        &mut self,
        scratch: &mut Transaction,
        events: &[Recorded],
        findings: &mut Findings,
    ) -> Result<(), StoreError> {
        for audited in self.0.iter_mut().filter(|audited| audited.comparable) {
            let known = events.partition_point(|event| event.position <= audited.checkpoint);
            let view = audited.view;
            match fold_view(scratch, view, &view.table(), &events[..known]).await {
                Ok(documents) => save(scratch, view, &view.table(), &documents).await?,
                Err(StoreError::Corrupt(cause)) => {
                    audited.comparable = false;
                    found(findings, Code::ViewNotFoldable, view, cause);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Compares what is stored with what was folded.
    pub(super) async fn compare(
        self,
        snapshot: &mut Transaction,
        scratch: &mut Transaction,
        findings: &mut Findings,
        progress: &mut impl FnMut(Progress),
    ) -> Result<BTreeMap<&'static str, ViewReport>, StoreError> {
        let mut reports = BTreeMap::new();
        let all = self.0.len() as u64;
        for (done, audited) in (1..).zip(self.0) {
            let report = if audited.comparable {
                compare(audited.view, &audited.table, snapshot, scratch, findings).await?
            } else {
                ViewReport::default()
            };
            reports.insert(audited.view.name, report);
            progress(Progress::Views(done, all));
        }
        Ok(reports)
    }
}

async fn table_exists(snapshot: &mut Transaction, table: &str) -> Result<bool, StoreError> {
    let sql = snapshot.pick(
        "SELECT 1::bigint FROM pg_class WHERE oid = to_regclass($1)",
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
    );
    Ok(!snapshot.fetch(sql, &[table.into()]).await?.is_empty())
}

fn found(findings: &mut Findings, code: Code, view: &'static AnyView, cause: String) {
    let message = format!("view {}: {cause}", view.name);
    let view = Some(view.name);
    findings.push(Finding { code, position: None, view, key: None, message });
}
