//! The day itself: what all students share, every question of theirs with the time that its answer took.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use aggregates::shared::{SubjectId, TermId};
use futures::{StreamExt, stream};
use serde_json::Value;
use tokio::sync::Notify;
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

/// What all students share.
pub struct Day {
    pub campus: Campus,
    pub directory: Directory,
    /// Who asks without a session.
    pub asker: Asker,
    server: RwLock<Server>,
    times: Mutex<Times>,
    done: AtomicUsize,
    /// Half of the wishes are dealt with.
    middle: Notify,
}

/// Where the server is asked, and when it was away because it was killed.
struct Server {
    url: String,
    killed: Option<Instant>,
    back: Option<Instant>,
}

impl Server {
    /// Whether the kill is why a question that was asked then has no answer by now.
    fn cut_off(&self, asked: Instant) -> bool {
        self.killed.is_some() && self.back.is_none_or(|back| asked < back)
    }
}

/// How long answers took.
#[derive(Default, Clone)]
pub struct Times {
    pub answers: Vec<Answer>,
    /// How often a question was asked again, by what went wrong.
    pub again: BTreeMap<String, usize>,
}

/// An answer that ended the asking. What the server could not answer is asked again.
#[derive(Clone, Copy)]
pub struct Answer {
    pub kind: AnswerKind,
    /// Since the question was asked for the first time.
    pub since_first: Duration,
    /// Since it was asked for the last time.
    pub alone: Duration,
    /// Whether the kill cut it off at least once.
    pub cut_off: bool,
}

/// What an answer is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    SignedIn,
    Accepted,
    Refused,
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
    /// Whether the server was killed before all wishes were dealt with.
    pub killed: bool,
}

impl Day {
    /// On these premises.
    pub fn new(campus: Campus, directory: Directory, url: &str) -> Self {
        Self {
            campus,
            directory,
            asker: Asker::new(None),
            server: RwLock::new(Server { url: url.to_owned(), killed: None, back: None }),
            times: Mutex::default(),
            done: AtomicUsize::new(0),
            middle: Notify::new(),
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
        let come = |number| {
            let coming = tokio::spawn(Student::run(Arc::clone(self), number));
            async move { (number, coming.await) }
        };
        let students = stream::iter(0..self.campus.students.len());
        let coming = students.map(come).buffer_unordered(at_once).collect::<Vec<_>>();
        let mut coming = std::pin::pin!(coming);
        let mut tell = tokio::time::interval(TELL);
        let (mut kill_due, mut killed) = (kill, false);
        let mut came = loop {
            tokio::select! {
                came = &mut coming => break came,
                () = self.middle.notified(), if kill_due => {
                    kill_due = false;
                    killed = self.done() < wishes;
                    tokio::task::block_in_place(|| self.kill(house))?;
                }
                _ = tell.tick() => {
                    let seconds = begin.elapsed().as_secs_f64();
                    println!("{seconds:>5.0} s  {} of {wishes} wishes", self.done());
                }
            }
        };
        let took = begin.elapsed();
        came.sort_by_key(|(number, _)| *number);
        let told = came.into_iter().map(|(_, told)| told?).collect::<Result<_, Fault>>()?;
        Ok(Outcome { told, times: self.times().clone(), took, killed })
    }

    /// `kill -9`, and another server on the same database.
    fn kill(&self, house: &mut House) -> Result<(), Fault> {
        let server = || self.server.write().unwrap_or_else(PoisonError::into_inner);
        let begin = Instant::now();
        server().killed = Some(begin);
        house.nodes.clear();
        let node = house.start_node()?;
        *server() =
            Server { url: node.url.clone(), killed: Some(begin), back: Some(Instant::now()) };
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
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done == self.campus.wishes.len().div_ceil(2) {
            self.middle.notify_one();
        }
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Asks until there is an answer, under the same key: the root field's value, or the code of a refusal.
    pub async fn ask(
        &self,
        asker: &Asker,
        query: &str,
        variables: &Value,
        counter: Counter,
    ) -> Result<Result<Value, String>, Fault> {
        let (first, mut cut_off) = (Instant::now(), false);
        loop {
            let (url, begin) = (self.server().url.clone(), Instant::now());
            let (answer, kind) = match asker.ask(&url, query, variables.clone()).await {
                Ok(answer) => (Ok(answer), AnswerKind::Accepted),
                Err(Failure::Refused(code)) => (Err(code), AnswerKind::Refused),
                Err(failure) => {
                    cut_off |= failure == Failure::NoAnswer && self.server().cut_off(begin);
                    *self.times().again.entry(failure.to_string()).or_default() += 1;
                    if first.elapsed() > PATIENCE {
                        return Err(format!("no answer in {PATIENCE:?}: {failure}").into());
                    }
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let kind = match counter {
                Counter::SignIn => AnswerKind::SignedIn,
                Counter::Mutation => kind,
            };
            let (since_first, alone) = (first.elapsed(), begin.elapsed());
            self.times().answers.push(Answer { kind, since_first, alone, cut_off });
            return Ok(answer);
        }
    }

    fn server(&self) -> RwLockReadGuard<'_, Server> {
        self.server.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_before_the_server_was_back_was_cut_off_by_the_kill() {
        let (asked, later) = (Instant::now(), Instant::now() + PAUSE);
        let server = |killed, back| Server { url: String::new(), killed, back };
        assert!(!server(None, None).cut_off(asked));
        assert!(server(Some(asked), None).cut_off(asked));
        assert!(server(Some(asked), Some(later)).cut_off(asked));
        assert!(!server(Some(asked), Some(asked)).cut_off(later));
    }
}
