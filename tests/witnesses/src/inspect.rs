//! What the log and the views say of what was acknowledged.

use std::{
    collections::HashMap,
    fmt,
    time::{Duration, Instant},
};

use aggregates::{Event, shared::Position, subject::SubjectEvent};
use oqu::{
    audit::audit,
    database::{Database, Location, StoreError},
    log::{self, Filter},
};

use crate::{Fault, Testimony};

/// How long the views are waited for.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(50);

/// What was found.
#[derive(Debug, Default)]
pub struct Inspection {
    /// How many events there are.
    pub events: i64,
    /// How many commands had been acknowledged.
    pub acknowledged: usize,
    /// The keys of acknowledged commands that the log does not show, or only behind the position with
    /// which they were acknowledged.
    pub lost: Vec<String>,
    /// The keys of commands that the log shows more than once.
    pub doubled: Vec<String>,
    /// How many documents are not the fold of the log from zero.
    pub views_differing: u64,
    /// What else the audit found: gaps, a broken chain, what can't be read.
    pub findings: Vec<String>,
}

impl Inspection {
    /// Whether everything is as it has to be.
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty()
            && self.doubled.is_empty()
            && self.views_differing == 0
            && self.findings.is_empty()
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} events, {} commands acknowledged, {} lost, {} doubled, {} documents differ",
            self.events,
            self.acknowledged,
            self.lost.len(),
            self.doubled.len(),
            self.views_differing
        )?;
        let told = self.lost.iter().chain(&self.doubled).chain(&self.findings).take(20);
        told.into_iter().try_for_each(|what| write!(f, "\n  {what}"))
    }
}

/// Compares what was told with the database, once the views of a running server have caught up.
pub async fn inspect(location: &Location, told: &Testimony) -> Result<Inspection, Fault> {
    let database = location.open_to_read().await?;
    caught_up(&database).await?;
    let done = done(&database).await?;
    let report = audit(&database, None, |_| ()).await?;
    let in_time = |key: &String, answered: i64| {
        done.get(key).is_some_and(|positions| positions.iter().any(|at| at.0 <= answered))
    };
    let lost = told.acknowledged.iter().filter(|(key, answered)| !in_time(key, **answered));
    let doubled = done.iter().filter(|(key, positions)| told.asked(key) && positions.len() > 1);
    Ok(Inspection {
        events: report.events,
        acknowledged: told.acknowledged.len(),
        lost: lost.map(|(key, _)| key.clone()).collect(),
        doubled: doubled.map(|(key, _)| key.clone()).collect(),
        views_differing: report.views.values().map(|view| view.differing).sum(),
        findings: report.findings.told().map(|finding| finding.message.clone()).collect(),
    })
}

/// Waits until the views have come to where the log ends.
pub async fn caught_up(database: &Database) -> Result<(), Fault> {
    let until = Instant::now() + PATIENCE;
    loop {
        let head = log::head(database).await?.position;
        let sql = "SELECT MIN(position) FROM view_checkpoints AS c \
                   JOIN view_pointers AS p ON p.stored_in = c.view";
        let rows = database.fetch(sql, &[]).await?;
        let reached = rows.first().map_or(Ok(0), |row| row.int(0))?;
        if reached >= head.0 {
            return Ok(());
        }
        if Instant::now() > until {
            return Err(format!("the views stand at {reached}, the log ends at {head}").into());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Where the log shows which command, by the key that its subject has for a title.
async fn done(database: &Database) -> Result<HashMap<String, Vec<Position>>, StoreError> {
    let filter = Filter { aggregate_type: Some("Subject".into()), ..Filter::default() };
    let mut done: HashMap<_, Vec<_>> = HashMap::new();
    let mut snapshot = database.snapshot().await?;
    log::read_each(&mut snapshot, filter, |event| {
        for recorded in event.decode()? {
            if let Event::Subject(
                SubjectEvent::Created { card, .. } | SubjectEvent::Revised { card, .. },
            ) = &recorded.event
            {
                done.entry(card.title.to_string()).or_default().push(recorded.position);
            }
        }
        Ok(())
    })
    .await?;
    snapshot.rollback().await?;
    Ok(done)
}
