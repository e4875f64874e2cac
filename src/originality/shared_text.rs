//! The built-in checker: the share of a work's words that stand, in runs of five, in earlier works of
//! this university.

use std::collections::HashSet;

use aggregates::{
    shared::{Percent, ThesisId},
    thesis_check::{Report, Source},
};
use async_trait::async_trait;

use super::{CheckError, OriginalityCheck, Work, reading, shingles::Shingles};
use crate::database::{Database, StoreError};

/// Its name and version, as reports have them.
const ENGINE: &str = "oqu shared-text 1";
/// How many sources a report names.
const MOST_SOURCES: usize = 5;

/// The built-in checker.
pub struct SharedText {
    database: Database,
}

impl SharedText {
    /// Over the works that this database knows.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The shingles of other theses among these.
    async fn found_elsewhere(
        &self,
        thesis: ThesisId,
        shingles: &str,
    ) -> Result<HashSet<i64>, StoreError> {
        let sql = format!(
            "SELECT DISTINCT shingle FROM fingerprints WHERE thesis <> $1 AND shingle IN {}",
            self.listed()
        );
        let rows = self.database.fetch(&sql, &[thesis.to_string().into(), shingles.into()]).await?;
        rows.iter().map(|row| row.int(0)).collect()
    }

    /// The other theses that most of these are found in, with those that are.
    async fn sources(
        &self,
        thesis: ThesisId,
        shingles: &str,
    ) -> Result<Vec<(ThesisId, HashSet<i64>)>, StoreError> {
        let most = format!(
            "SELECT thesis FROM fingerprints WHERE thesis <> $1 AND shingle IN {} \
             GROUP BY thesis ORDER BY COUNT(*) DESC, thesis LIMIT {MOST_SOURCES}",
            self.listed()
        );
        let rows =
            self.database.fetch(&most, &[thesis.to_string().into(), shingles.into()]).await?;
        let mut sources = Vec::new();
        for row in &rows {
            let source = row.text(0)?;
            let sql = format!(
                "SELECT shingle FROM fingerprints WHERE thesis = $1 AND shingle IN {}",
                self.listed()
            );
            let found =
                self.database.fetch(&sql, &[source.as_str().into(), shingles.into()]).await?;
            let found = found.iter().map(|row| row.int(0)).collect::<Result<_, _>>()?;
            let id = source
                .parse()
                .map_err(|_| StoreError::Corrupt(format!("fingerprints.thesis: `{source}`")))?;
            sources.push((id, found));
        }
        Ok(sources)
    }

    /// The integers of the JSON list in the second placeholder.
    fn listed(&self) -> &'static str {
        self.database.pick(
            "(SELECT value::bigint FROM json_array_elements_text($2::json) AS list (value))",
            "(SELECT value FROM json_each($2))",
        )
    }

    /// How many other works there are.
    async fn compared(&self, thesis: ThesisId) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) FROM checked_works WHERE thesis <> $1";
        let row = self.database.fetch_one(sql, &[thesis.to_string().into()]).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Keeps the work's shingles in place of those of an earlier attempt.
    async fn keep(&self, thesis: ThesisId, shingles: &str) -> Result<(), StoreError> {
        let thesis = || thesis.to_string().into();
        let mut open = self.database.begin().await?;
        open.execute("DELETE FROM fingerprints WHERE thesis = $1", &[thesis()]).await?;
        let insert = format!(
            "INSERT INTO fingerprints (thesis, shingle) SELECT $1, list.* FROM {} AS list",
            self.listed()
        );
        open.execute(&insert, &[thesis(), shingles.into()]).await?;
        let known = "INSERT INTO checked_works (thesis) VALUES ($1) ON CONFLICT DO NOTHING";
        open.execute(known, &[thesis()]).await?;
        open.commit().await
    }
}

#[async_trait]
impl OriginalityCheck for SharedText {
    async fn check(&self, work: Work) -> Result<Report, CheckError> {
        let extracted = reading::extract(work.kind, &work.bytes).await?;
        let shingles = Shingles::of(&extracted.text);
        let distinct = shingles.distinct();
        if distinct.is_empty() {
            return Err(CheckError::NoText);
        }
        let mut distinct: Vec<_> = distinct.into_iter().collect();
        distinct.sort_unstable();
        let listed = serde_json::Value::from(distinct).to_string();
        let share = |found: &HashSet<i64>| share(shingles.covered(found), shingles.words());
        let similarity = share(&self.found_elsewhere(work.thesis, &listed).await?);
        let sources = self.sources(work.thesis, &listed).await?;
        let mut sources: Vec<_> = sources
            .iter()
            .map(|(thesis, found)| Source { thesis: *thesis, share: share(found) })
            .collect();
        sources.sort_by_key(|source| (std::cmp::Reverse(source.share), source.thesis));
        let compared = self.compared(work.thesis).await?;
        self.keep(work.thesis, &listed).await?;
        let whole = Percent::whole(100).hundredths();
        Ok(Report {
            originality: Percent::from_hundredths(whole - similarity.hundredths())
                .unwrap_or_default(),
            similarity,
            pages: extracted.pages,
            words: u32::try_from(shingles.words()).unwrap_or(u32::MAX),
            compared: u32::try_from(compared).unwrap_or(u32::MAX),
            engine: ENGINE.into(),
            sources,
        })
    }
}

/// A share in percent, rounded half up to a hundredth.
fn share(part: usize, whole: usize) -> Percent {
    let hundredths = (part * 20_000 + whole) / (2 * whole.max(1));
    i64::try_from(hundredths).ok().and_then(Percent::from_hundredths).unwrap_or_default()
}
