//! The crowd of the fullest classes, through our stack and the stock one in turn.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use aggregates::shared::StreamId;
use futures::future::try_join_all;
use oqu::config::Config;

use super::campus::Campus;
use crate::{
    Fault,
    ours::Ours,
    report::Kind,
    settings,
    stack::{Sent, Stack, open, take},
    stock::{OnPostgres, OnSqlite},
};

/// How many of the fullest classes the crowd is at.
const CLASSES: usize = 10;

/// Seats a second, of both stacks.
pub struct Comparison {
    ours: f64,
    stock: f64,
    crowd: usize,
    conflicts: u64,
}

impl Comparison {
    /// How many times faster ours is.
    pub fn ratio(&self) -> f64 {
        self.ours / self.stock
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "stock       {} who want one of the {CLASSES} fullest classes: ours answers {:.0}/s, the stock \
             stack {:.0}/s ({} conflicts): {:.0} times",
            self.crowd,
            self.ours,
            self.stock,
            self.conflicts,
            self.ratio()
        )
    }
}

/// Both in turn, on databases of their own.
pub async fn compare(kind: Kind, campus: &Campus, at_once: usize) -> Result<Comparison, Fault> {
    let classes = fullest(campus);
    match kind {
        Kind::Postgres => {
            let cluster = settings::cluster()?;
            let pool = sqlx::PgPool::connect(&cluster.url("postgres")).await?;
            sqlx::raw_sql("CREATE DATABASE stock").execute(&pool).await?;
            let url = Some(cluster.url("postgres"));
            let ours = Ours::open(Config { database_url: url, ..Config::default() }, true).await?;
            let stock = OnPostgres::open(&cluster.url("stock")).await?;
            of_both(ours, stock, &classes, at_once).await
        }
        Kind::Sqlite => {
            let folder = tempfile::tempdir()?;
            let data = folder.path().to_owned();
            let ours = Ours::open(Config { data, ..Config::default() }, true).await?;
            let stock = OnSqlite::open(folder.path()).await?;
            of_both(ours, stock, &classes, at_once).await
        }
    }
}

/// The limits of the classes that are wanted most beyond their seats, and how many want each.
fn fullest(campus: &Campus) -> Vec<(u32, usize)> {
    let mut wanted = vec![0_usize; campus.courses.len()];
    campus.wishes.iter().for_each(|(_, course)| wanted[*course] += 1);
    let limited =
        campus.classes.iter().filter_map(|class| Some((class.limit?, wanted[class.part.0])));
    let mut classes: Vec<_> = limited.collect();
    classes.sort_by_key(|(limit, wanted)| {
        std::cmp::Reverse((wanted.saturating_sub(*limit as usize), *wanted))
    });
    classes.truncate(CLASSES);
    classes
}

async fn of_both<S: Stack>(
    ours: Ours,
    stock: S,
    classes: &[(u32, usize)],
    at_once: usize,
) -> Result<Comparison, Fault> {
    let (ours, stock) = (Arc::new(ours), Arc::new(stock));
    Ok(Comparison {
        ours: answered(&ours, classes, at_once).await?,
        stock: answered(&stock, classes, at_once).await?,
        crowd: classes.iter().map(|(_, wanted)| wanted).sum(),
        conflicts: stock.conflicts(),
    })
}

/// How many are answered a second, until each has a seat or knows that there is none, and the view knows it too.
async fn answered<S: Stack>(
    stack: &Arc<S>,
    classes: &[(u32, usize)],
    at_once: usize,
) -> Result<f64, Fault> {
    let mut crowd = vec![];
    for (limit, wanted) in classes {
        let stream = StreamId::new();
        stack.send(stream, open(stream, Some(*limit))).await?;
        // Everybody comes at once: the classes are wanted in turn.
        crowd.extend((0..*wanted).map(|place| (place * classes.len(), stream)));
    }
    crowd.sort_by_key(|(turn, _)| *turn);
    let count = crowd.len();
    stack.settle().await?;
    let crowd =
        Arc::new(Mutex::new(crowd.into_iter().map(|(_, stream)| stream).collect::<VecDeque<_>>()));
    let (begin, given) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let come = |_| {
        let (stack, crowd, given) = (Arc::clone(stack), Arc::clone(&crowd), Arc::clone(&given));
        tokio::spawn(async move {
            let next = || crowd.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            while let Some(stream) = next() {
                if stack.send(stream, take(stream)).await? == Sent::Done {
                    given.fetch_add(1, Ordering::Relaxed);
                }
            }
            Ok::<_, Fault>(())
        })
    };
    for came in try_join_all((0..at_once).map(come)).await? {
        came?;
    }
    stack.settle().await?;
    let seconds = begin.elapsed().as_secs_f64();
    let seats: u64 =
        classes.iter().map(|(limit, wanted)| u64::from(*limit).min(*wanted as u64)).sum();
    let given = given.load(Ordering::Relaxed);
    if given != seats {
        return Err(format!("{given} seats were given of {seats}").into());
    }
    Ok(count as f64 / seconds)
}
