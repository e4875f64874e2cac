//! Clients that ask real servers over HTTP and remember what they were answered, whatever happens to the
//! servers meanwhile; and what the log and the views then say of it.

mod ask;
mod inspect;
mod witness;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinHandle;

pub use ask::{Asker, Failure};
pub use inspect::{Inspection, caught_up, inspect};

/// What goes wrong beside what is looked for.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// How long something is waited for that has to come.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(5);

/// Clients at work: each enters subjects and revises them, every command under a key of its own, and asks
/// again under the same key until it is answered.
pub struct Witnesses {
    shared: Arc<Shared>,
    working: Vec<JoinHandle<Testimony>>,
}

/// What the clients share.
struct Shared {
    urls: RwLock<Vec<String>>,
    stopping: AtomicBool,
    acknowledged: AtomicUsize,
    failures: Mutex<BTreeMap<String, usize>>,
}

impl Shared {
    fn failures(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, failure: &Failure) {
        *self.failures().entry(failure.to_string()).or_default() += 1;
    }
}

/// What clients were answered.
#[derive(Debug, Default)]
pub struct Testimony {
    /// The keys of commands that were acknowledged, with the position each was answered with.
    pub acknowledged: HashMap<String, i64>,
    /// The keys of commands of which nobody knows whether they were done.
    pub in_doubt: HashSet<String>,
    /// How often which failure came in between.
    pub failures: BTreeMap<String, usize>,
}

impl Testimony {
    /// Whether a command was asked under that key.
    pub fn asked(&self, key: &str) -> bool {
        self.acknowledged.contains_key(key) || self.in_doubt.contains(key)
    }

    /// Adds what others were answered.
    pub fn add(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.in_doubt.extend(other.in_doubt);
        for (failure, times) in other.failures {
            *self.failures.entry(failure).or_default() += times;
        }
    }
}

impl Witnesses {
    /// So many clients, who turn to another of these servers where one fails. `name` is what their keys
    /// begin with.
    pub fn start(urls: Vec<String>, token: &str, clients: usize, name: &str) -> Self {
        let shared = Arc::new(Shared {
            urls: RwLock::new(urls),
            stopping: AtomicBool::new(false),
            acknowledged: AtomicUsize::new(0),
            failures: Mutex::default(),
        });
        let work = |number| {
            let asker = Asker::new(Some(token.to_owned()));
            let name = format!("{name}-{number}");
            let witness = witness::Witness::new(asker, number, name, Arc::clone(&shared));
            tokio::spawn(witness.work())
        };
        let working = (0..clients).map(work).collect();
        Self { shared, working }
    }

    /// Where the servers are from now on.
    pub fn turn_to(&self, urls: Vec<String>) {
        *self.shared.urls.write().unwrap_or_else(PoisonError::into_inner) = urls;
    }

    /// How many commands were acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.shared.acknowledged.load(Ordering::Relaxed)
    }

    /// How often commands failed so, so far.
    pub fn failed_with(&self, code: &str) -> usize {
        self.shared.failures().get(code).copied().unwrap_or_default()
    }

    /// How often commands failed which way, so far.
    pub fn failures(&self) -> BTreeMap<String, usize> {
        self.shared.failures().clone()
    }

    /// Waits until so many more were acknowledged.
    pub async fn more(&self, commands: usize) -> Result<(), Fault> {
        let enough = self.acknowledged() + commands;
        self.until("commands are acknowledged", || self.acknowledged() >= enough).await
    }

    /// Waits until so many more failed in one of these ways.
    pub async fn more_failures(&self, codes: &[&str], times: usize) -> Result<(), Fault> {
        let failed = || codes.iter().map(|code| self.failed_with(code)).sum::<usize>();
        let enough = failed() + times;
        self.until(&format!("commands fail with {}", codes.join(", ")), || failed() >= enough).await
    }

    async fn until(&self, what: &str, holds: impl Fn() -> bool) -> Result<(), Fault> {
        let until = Instant::now() + PATIENCE;
        while !holds() {
            if Instant::now() > until {
                let (done, failures) = (self.acknowledged(), self.failures());
                return Err(format!("never: {what}; {done} acknowledged, {failures:?}").into());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Lets each finish what it has asked, where it is answered now, and hears what they were answered.
    pub async fn stop(self) -> Result<Testimony, Fault> {
        self.shared.stopping.store(true, Ordering::Relaxed);
        let mut all = Testimony::default();
        for working in self.working {
            all.add(working.await?);
        }
        all.failures.clone_from(&self.shared.failures());
        Ok(all)
    }
}
