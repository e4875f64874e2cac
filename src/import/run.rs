//! One import, file after file, chunk after chunk.

use std::{
    collections::HashSet,
    path::Path,
    time::{Duration, Instant},
};

use aggregates::shared::{Fact, Position};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{
    ImportError, Kind, Rejected, Report, Warning, Watch,
    calendar::{Org, Session},
    enrollments::Enrolled,
    entity::{Entity, Here, Known, Plan},
    flaw::{BadRow, Flaw},
    folder::Folder,
    marks::{Category, LineItem, Scored},
    moved::{self, Moved},
    regulation::Regulations,
    rehearsal::Rehearsal,
    report::Counts,
    staging::Staging,
    streams::Class,
    subjects::Course,
    table::{Row, Table},
    target::Target,
    together,
    users::User,
};
use crate::{cabinet::Cabinet, commands::Actor, database::Database, log};

/// How many rows are read, looked up and handed in together: what the writer takes in one batch.
const CHUNK: usize = 500;
/// How long the views are waited for before it is looked whether one has stopped.
const PATIENCE: Duration = Duration::from_secs(1);

/// One import.
pub(super) struct Run<'a> {
    known: Known,
    target: Target,
    watch: &'a mut dyn Watch,
    begun: Instant,
    files: Vec<(Kind, Counts)>,
    moved: Vec<Moved>,
    warnings: Vec<Warning>,
}

/// What became of the rows of a chunk.
#[derive(Default)]
struct Tally {
    imported: u64,
    unchanged: u64,
    bad: Vec<BadRow>,
}

impl Tally {
    fn reject(&mut self, row: &Row, flaw: Flaw) {
        self.bad.push(BadRow::new(row.line, flaw));
    }
}

impl<'a> Run<'a> {
    /// Into a cabinet; what is here already has to be in the views before anything is looked up.
    pub(super) async fn on_cabinet(
        folder: &Path,
        cabinet: &Cabinet,
        watch: &'a mut dyn Watch,
    ) -> Result<Self, ImportError> {
        let folder = Folder::open(folder)?;
        let head = log::head(&cabinet.database).await?.position;
        wait(cabinet, head).await?;
        let actor = Actor {
            person: None,
            role: None,
            correlation: Uuid::new_v4().to_string(),
            client: Some("oqu import".into()),
        };
        let (commands, database) = (cabinet.commands.clone(), cabinet.database.clone());
        let target = Target::Writer { commands, database, actor, position: head };
        let here = Some(super::here(cabinet.database.clone(), cabinet.time_zone.clone()).await?);
        Self::new(folder, Staging::open().await?, here, target, watch).await
    }

    /// Into nothing.
    pub(super) async fn dry(
        folder: &Path,
        database: Option<Database>,
        time_zone: TimeZone,
        watch: &'a mut dyn Watch,
    ) -> Result<Self, ImportError> {
        let folder = Folder::open(folder)?;
        let staging = Staging::open().await?;
        let target = Target::Rehearsal(Rehearsal::new(staging.clone(), database.clone()));
        let here = match database {
            Some(database) => Some(super::here(database, time_zone).await?),
            None => None,
        };
        Self::new(folder, staging, here, target, watch).await
    }

    async fn new(
        folder: Folder,
        staging: Staging,
        here: Option<Here>,
        target: Target,
        watch: &'a mut dyn Watch,
    ) -> Result<Self, ImportError> {
        let regulations = Regulations::read(here.as_ref()).await?;
        let known = Known { folder, staging, regulations, here };
        let (begun, files) = (Instant::now(), vec![]);
        Ok(Self { known, target, watch, begun, files, moved: vec![], warnings: vec![] })
    }

    /// All files, in the order in which they refer to one another.
    pub(super) async fn all(&mut self) -> Result<(), ImportError> {
        self.file::<Org>().await?;
        self.file::<Session>().await?;
        self.publish_default_rules().await?;
        self.file::<Course>().await?;
        self.settle_parents().await?;
        self.file::<Class>().await?;
        let moved = std::mem::take(&mut self.moved);
        self.warn(moved::clashes(&self.target, self.known.here.as_ref(), &moved).await?);
        self.file::<User>().await?;
        self.file::<Enrolled>().await?;
        self.warn(together::warnings(&self.known.staging).await?);
        self.file::<Category>().await?;
        self.file::<LineItem>().await?;
        self.file::<Scored>().await
    }

    /// Waits until the views know of everything that was imported.
    pub(super) async fn wait_for_views(&mut self, cabinet: &Cabinet) -> Result<(), ImportError> {
        self.watch.waits_for_views();
        match self.target {
            Target::Writer { position, .. } => wait(cabinet, position).await,
            Target::Rehearsal(_) => Ok(()),
        }
    }

    /// What it came to.
    pub(super) fn report(self) -> Report {
        Report {
            took: self.begun.elapsed(),
            dry_run: matches!(self.target, Target::Rehearsal(_)),
            files: self.files,
            ignored: self.known.folder.ignored,
            warnings: self.warnings,
            staging: self.known.staging,
        }
    }

    async fn file<E: Entity>(&mut self) -> Result<(), ImportError> {
        if !self.known.folder.has(E::KIND) {
            return Ok(());
        }
        let mut table = self.open(E::KIND)?;
        let mut counts = Counts::default();
        loop {
            let rows = next(&mut table, E::KIND)?;
            if rows.is_empty() {
                break;
            }
            counts.read += rows.len() as u64;
            let mut tally = Tally::default();
            let rows = self.admit(E::KIND, rows, &mut tally).await?;
            self.rows::<E>(rows, &mut tally).await?;
            counts.imported += tally.imported;
            counts.unchanged += tally.unchanged;
            counts.rejected += tally.bad.len() as u64;
            self.reject(E::KIND, tally.bad).await?;
            self.watch.read(table.bytes_read());
        }
        self.files.push((E::KIND, counts));
        Ok(())
    }

    fn open(&mut self, kind: Kind) -> Result<Table, ImportError> {
        let opened = self.known.folder.table(kind);
        let (table, bytes) =
            opened.map_err(|cause| ImportError::Table { file: kind.file(), cause })?;
        self.watch.file(&kind.file(), bytes);
        Ok(table)
    }

    /// What every row has to be, whatever the file: with an id that did not come before, not to be
    /// deleted, and with references that lead somewhere.
    async fn admit(
        &self,
        kind: Kind,
        rows: Vec<Result<Row, BadRow>>,
        tally: &mut Tally,
    ) -> Result<Vec<Row>, ImportError> {
        let mut named = Vec::new();
        for row in rows {
            match row.and_then(|row| match row.id("sourcedId") {
                Ok(id) => Ok((id, row)),
                Err(flaw) => Err(BadRow::new(row.line, flaw)),
            }) {
                Ok(row) => named.push(row),
                Err(bad) => tally.bad.push(bad),
            }
        }
        let ids: Vec<_> = named.iter().map(|(id, row)| (id.clone(), row.line)).collect();
        let first = self.known.staging.admit(kind, &ids).await?;
        let mut admitted = Vec::new();
        for (id, row) in named {
            match first.get(&id) {
                Some(line) if *line != row.line => {
                    let facts = [Fact::new("id", &id), Fact::new("line", line)];
                    tally.reject(&row, Flaw::told("sourcedId", "ID_TWICE", &facts));
                }
                _ => match is_active(&row) {
                    Ok(true) => admitted.push(row),
                    Ok(false) => tally.unchanged += 1,
                    Err(flaw) => tally.reject(&row, flaw),
                },
            }
        }
        self.lead_somewhere(kind, admitted, tally).await
    }

    /// Leaves out rows that name organisations or sessions which do not exist.
    async fn lead_somewhere(
        &self,
        kind: Kind,
        mut rows: Vec<Row>,
        tally: &mut Tally,
    ) -> Result<Vec<Row>, ImportError> {
        for (column, other) in kind.references().iter().copied() {
            if !self.known.folder.has(other) {
                continue;
            }
            let ids: HashSet<&str> = rows.iter().flat_map(|row| row.list(column)).collect();
            let present = self.known.staging.present(other, &ids).await?;
            rows.retain(|row| match row.list(column).find(|id| !present.contains(*id)) {
                None => true,
                Some(id) => {
                    tally.reject(row, Flaw::not_there(column, id, other));
                    false
                }
            });
        }
        Ok(rows)
    }

    async fn rows<E: Entity>(
        &mut self,
        rows: Vec<Row>,
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        let planned = plan::<E>(&self.known, rows, tally).await?;
        let plans: Vec<_> = planned.iter().map(|(_, _, plan)| plan).collect();
        let done = self.target.execute(&plans, &mut self.moved).await?;
        let mut kept = Vec::new();
        for ((row, _, plan), done) in planned.into_iter().zip(done) {
            match done {
                Ok(true) => tally.imported += 1,
                Ok(false) => tally.unchanged += 1,
                Err(flaw) => {
                    tally.reject(&row, flaw);
                    continue;
                }
            }
            if let Ok(id) = row.id("sourcedId") {
                kept.push((id, plan.data));
            }
        }
        Ok(self.known.staging.keep(E::KIND, &kept).await?)
    }

    async fn reject(&mut self, kind: Kind, mut bad: Vec<BadRow>) -> Result<(), ImportError> {
        if bad.is_empty() {
            return Ok(());
        }
        bad.sort_by_key(|bad| bad.line);
        self.known.staging.reject(&kind.file(), &bad).await?;
        for bad in bad {
            self.watch.rejected(&Rejected::new(kind.file(), bad));
        }
        Ok(())
    }

    fn warn(&mut self, warnings: Vec<Warning>) {
        warnings.iter().for_each(|warning| self.watch.warned(warning));
        self.warnings.extend(warnings);
    }

    /// Where a term has no regulation, the default rules are published: final marks need some.
    async fn publish_default_rules(&mut self) -> Result<(), ImportError> {
        let Some(first) = self.known.staging.first_day(Kind::AcademicSessions).await? else {
            return Ok(());
        };
        if self.known.regulations.in_force(first).is_some() {
            return Ok(());
        }
        let plan = Plan { acts: vec![self.known.regulations.add_default()?], ..Plan::default() };
        for done in self.target.execute(&[&plan], &mut self.moved).await? {
            done.map_err(|flaw| {
                let why = "no regulation is in force then, and the default one can't be published";
                ImportError::NoRules {
                    day: first.to_string(),
                    reason: format!("{why}: {}", flaw.reason),
                }
            })?;
        }
        Ok(())
    }

    /// A class may name one that comes after it: which can be taken together is found out first.
    async fn settle_parents(&mut self) -> Result<(), ImportError> {
        if !self.known.folder.has(Kind::Classes) {
            return Ok(());
        }
        let mut table = self.open(Kind::Classes)?;
        loop {
            let rows = next(&mut table, Kind::Classes)?;
            if rows.is_empty() {
                break;
            }
            let rows: Vec<Row> = rows.into_iter().flatten().collect();
            let ids: Vec<_> = rows.iter().map(|row| (row.line, row.id("sourcedId").ok())).collect();
            let active = rows.into_iter().filter(|row| matches!(is_active(row), Ok(true)));
            let planned =
                plan::<Class>(&self.known, active.collect(), &mut Tally::default()).await?;
            let mut planned = planned.into_iter().peekable();
            let mut noted = Vec::new();
            for (line, id) in ids {
                let sound = planned.next_if(|(row, ..)| row.line == line);
                match (sound, id) {
                    (Some((_, class, _)), _) => {
                        let (id, parent, course) = class.with_parent();
                        noted.push((id, parent, Some(course)));
                    }
                    (None, Some(id)) => noted.push((id, None, None)),
                    (None, None) => {}
                }
            }
            self.known.staging.note_parents(&noted).await?;
        }
        Ok(self.known.staging.settle_parents().await?)
    }
}

/// Reads, looks up and plans rows; those that can't be taken go into the tally.
async fn plan<E: Entity>(
    known: &Known,
    rows: Vec<Row>,
    tally: &mut Tally,
) -> Result<Vec<(Row, E, Plan)>, ImportError> {
    let mut read = Vec::new();
    for row in rows {
        match E::read(&row) {
            Ok(entity) => read.push((row, entity)),
            Err(flaw) => tally.reject(&row, flaw),
        }
    }
    let found = E::look_up(&read, known).await?;
    let mut planned = Vec::new();
    for (row, entity) in read {
        match entity.plan(&row, &found, known) {
            Ok(plan) => planned.push((row, entity, plan)),
            Err(flaw) => tally.reject(&row, flaw),
        }
    }
    Ok(planned)
}

fn next(table: &mut Table, kind: Kind) -> Result<Vec<Result<Row, BadRow>>, ImportError> {
    table.chunk(CHUNK).map_err(|cause| ImportError::Table { file: kind.file(), cause })
}

/// Whether a row stands for something that is still there.
fn is_active(row: &Row) -> Result<bool, Flaw> {
    match row.get("status").map(str::to_lowercase).as_deref() {
        None | Some("active") => Ok(true),
        Some("tobedeleted" | "inactive") => Ok(false),
        Some(other) => Err(Flaw::of_text("status", "NO_STATUS", other)),
    }
}

/// Waits until the views have come so far, however long it takes, unless one has stopped.
async fn wait(cabinet: &Cabinet, position: Position) -> Result<(), ImportError> {
    loop {
        let reached = cabinet.freshness.wait_for(position, PATIENCE).await;
        let health = cabinet.freshness.health();
        let stopped =
            health.iter().find_map(|(view, health)| Some((view, health.stopped.as_ref()?)));
        if let Some((view, cause)) = stopped {
            return Err(ImportError::ViewStopped(format!("{view}: {cause}")));
        }
        if reached {
            return Ok(());
        }
    }
}
