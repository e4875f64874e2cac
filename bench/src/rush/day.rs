//! The day itself: what all students share, every question of theirs with the time that its answer took.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use aggregates::shared::{SubjectId, TermId};
use futures::{StreamExt, stream};
use serde_json::Value;
use witnesses::{Asker, Failure};

use super::{
    campus::{Campus, Configuration},
    prepare::Directory,
    student::{Student, Told},
};
use crate::{Fault, house::House};

/// How long a question is asked again where the server is away or busy.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(20);
/// How often it is told how far the day has come.
const TELL: Duration = Duration::from_secs(5);
/// How often it is looked whether the server is to be killed.
const LOOK: Duration = Duration::from_millis(50);

/// What all students share.
pub struct Day {
    pub campus: Campus,
    pub directory: Directory,
    /// Who asks without a session.
    pub asker: Asker,
    url: RwLock<String>,
    times: Mutex<Times>,
    done: AtomicUsize,
}

/// How long answers took. A question that the server could not answer is none of them; it is asked again.
#[derive(Default, Clone)]
pub struct Times {
    pub accepted: Vec<Duration>,
    pub refused: Vec<Duration>,
    pub signed_in: Vec<Duration>,
    /// How often a question was asked again, by what went wrong.
    pub again: BTreeMap<String, usize>,
}

/// Where an answer is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    SignIn,
    Mutation,
}

/// What came of the day.
pub struct Outcome {
    /// What each student came home with.
    pub told: Vec<Told>,
    pub times: Times,
    pub took: Duration,
}

impl Day {
    /// On these premises.
    pub fn new(campus: Campus, directory: Directory, url: &str) -> Self {
        Self {
            campus,
            directory,
            asker: Asker::new(None),
            url: RwLock::new(url.to_owned()),
            times: Mutex::default(),
            done: AtomicUsize::new(0),
        }
    }

    /// Lets all students come, so many of them at once; with `kill`, the server is killed when half of the
    /// wishes are dealt with, and started again.
    pub async fn run(
        self: &Arc<Self>,
        house: &mut House,
        at_once: usize,
        kill: bool,
    ) -> Result<Outcome, Fault> {
        let (begin, wishes) = (Instant::now(), self.campus.wishes.len());
        let come = |number| tokio::spawn(Student::run(Arc::clone(self), number));
        let coming = stream::iter(0..self.campus.students.len()).map(come).buffered(at_once);
        let mut coming = std::pin::pin!(coming.collect::<Vec<_>>());
        let (mut look, mut kill_due, mut told) = (tokio::time::interval(LOOK), kill, begin);
        let came = loop {
            tokio::select! {
                came = &mut coming => break came,
                _ = look.tick() => {}
            }
            let done = self.done.load(Ordering::Relaxed);
            if kill_due && done * 2 >= wishes {
                kill_due = false;
                tokio::task::block_in_place(|| self.kill(house))?;
            }
            if told.elapsed() >= TELL {
                told = Instant::now();
                println!("{:>5.0} s  {done} of {wishes} wishes", begin.elapsed().as_secs_f64());
            }
        };
        let took = begin.elapsed();
        let told = came.into_iter().map(|told| told?).collect::<Result<_, Fault>>()?;
        Ok(Outcome { told, times: self.times().clone(), took })
    }

    /// `kill -9`, and another server on the same database.
    fn kill(&self, house: &mut House) -> Result<(), Fault> {
        let begin = Instant::now();
        house.nodes.clear();
        let node = house.start_node()?;
        *self.url.write().unwrap_or_else(PoisonError::into_inner) = node.url.clone();
        house.nodes.push(node);
        println!("         the server was killed, and serves again after {:?}", begin.elapsed());
        Ok(())
    }

    /// The subject of a way of taking a course, and its term.
    pub fn taught(&self, way: &Configuration) -> Option<(SubjectId, TermId)> {
        let class = way.parts.first()?.classes.first()?;
        self.directory.taught.get(class).copied()
    }

    /// One more wish is placed, or refused.
    pub fn wish_done(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Asks until there is an answer, under the same key: the root field's value, or the code of a refusal.
    pub async fn ask(
        &self,
        asker: &Asker,
        query: &str,
        variables: &Value,
        counter: Counter,
    ) -> Result<Result<Value, String>, Fault> {
        let first = Instant::now();
        loop {
            let url = self.url.read().unwrap_or_else(PoisonError::into_inner).clone();
            let begin = Instant::now();
            let answer = asker.ask(&url, query, variables.clone()).await;
            let took = begin.elapsed();
            let failure = match answer {
                Ok(answer) => {
                    let mut times = self.times();
                    match counter {
                        Counter::SignIn => times.signed_in.push(took),
                        Counter::Mutation => times.accepted.push(took),
                    }
                    return Ok(Ok(answer));
                }
                Err(Failure::Refused(code)) => {
                    self.times().refused.push(took);
                    return Ok(Err(code));
                }
                Err(failure) => failure,
            };
            *self.times().again.entry(failure.to_string()).or_default() += 1;
            if first.elapsed() > PATIENCE {
                return Err(format!("no answer in {PATIENCE:?}: {failure}").into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
