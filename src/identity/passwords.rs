//! Passwords: argon2id (m = 19 MiB, t = 2, p = 1, as OWASP advises), hashed on threads of their own, behind
//! everything else that wants a processor: where thousands sign in within a minute, commands go first.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, SyncSender, TrySendError},
    },
    thread,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{SaltString, rand_core::OsRng},
};
use tokio::sync::oneshot;

/// The least characters of a password (NIST SP 800-63B).
const LEAST: usize = 8;
/// The most characters: hashing must not become a way to keep us busy.
const MOST: usize = 200;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFlaw {
    /// Fewer characters than that.
    TooShort {
        /// How many it needs.
        least: usize,
    },
    /// More characters than that.
    TooLong {
        /// How many it may have.
        most: usize,
    },
}

/// How many may wait for a hashing thread: as many as are hashed while a request waits for its answer.
const MOST_WAITING: usize = 1_000;
/// How far the hashing threads stand back (`nice`, 0 to 19): as far as they can. On a registration day of 256 students at
/// once that takes the 99th percentile of their commands from 215 ms to 151, and of signing in from 10.5 s to 10.9.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

type Job = Box<dyn FnOnce() + Send>;

/// Hashes and checks passwords, a bounded number at once.
#[derive(Clone)]
pub struct Passwords {
    argon2: Arc<Argon2<'static>>,
    jobs: SyncSender<Job>,
    /// What is checked for a login that nobody has, so that it takes as long.
    nobody: Arc<str>,
}

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// A defect of the program, or it is going down.
    #[error("a password can't be hashed: {0}")]
    Failed(String),
}

impl Passwords {
    /// With as many at once as there are processors.
    pub fn new() -> Result<Self, HashError> {
        let params = Params::new(19 * 1024, 2, 1, None).map_err(failed)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let threads = thread::available_parallelism().map_or(2, usize::from);
        let nobody = hash(&argon2, "nobody has this password")?;
        Ok(Self {
            argon2: Arc::new(argon2),
            jobs: start_threads(threads).map_err(failed)?,
            nobody: nobody.into(),
        })
    }

    /// Refuses what is no password.
    pub fn check(password: &str) -> Result<(), PasswordFlaw> {
        match password.chars().count() {
            length if length < LEAST => Err(PasswordFlaw::TooShort { least: LEAST }),
            length if length > MOST => Err(PasswordFlaw::TooLong { most: MOST }),
            _ => Ok(()),
        }
    }

    /// The hash to keep.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        let argon2 = Arc::clone(&self.argon2);
        self.bounded(move || hash(&argon2, &password)).await?
    }

    /// Whether it is the password of that hash; never, without one, after the same time.
    pub async fn verify(&self, password: String, known: Option<String>) -> Result<bool, HashError> {
        let (argon2, nobody) = (Arc::clone(&self.argon2), Arc::clone(&self.nobody));
        self.bounded(move || {
            let text = known.as_deref().unwrap_or(&nobody);
            let parsed = PasswordHash::new(text).map_err(failed)?;
            let right = argon2.verify_password(password.as_bytes(), &parsed).is_ok();
            Ok(right && known.is_some())
        })
        .await?
    }

    async fn bounded<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let (answer, answered) = oneshot::channel();
        let job = move || {
            // Whoever asked may have gone, before or meanwhile.
            if !answer.is_closed() {
                let _ = answer.send(work());
            }
        };
        self.jobs.try_send(Box::new(job)).map_err(|unsent| match unsent {
            TrySendError::Full(_) => HashError::Busy,
            gone @ TrySendError::Disconnected(_) => failed(gone),
        })?;
        answered.await.map_err(failed)
    }
}

/// Threads that take one job after another, and end when nobody can have any more.
fn start_threads(count: usize) -> std::io::Result<SyncSender<Job>> {
    let (jobs, waiting) = mpsc::sync_channel(MOST_WAITING);
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..count {
        let waiting = Arc::clone(&waiting);
        thread::Builder::new().name("passwords".into()).spawn(move || work(&waiting))?;
    }
    Ok(jobs)
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    // On Linux a priority is a thread's own; where it can't be lowered, hashing is as urgent as the rest.
    #[cfg(target_os = "linux")]
    if let Err(cause) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%cause, "passwords are hashed at the usual priority");
    }
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { break };
        // Who waits for a job that panics sees its channel closed.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, HashError> {
    let salt = SaltString::generate(&mut OsRng);
    Ok(argon2.hash_password(password.as_bytes(), &salt).map_err(failed)?.to_string())
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_line_pushes_back_and_goes_on() {
        let passwords = Passwords::new().unwrap();
        let known = passwords.hash("correct horse".into()).await.unwrap();
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let waits = || {
            let gate = Arc::clone(&gate);
            let job = move || drop(gate.lock().map(|gate| gate.recv()));
            passwords.jobs.try_send(Box::new(job)).is_ok()
        };
        while waits() {}
        let check = || passwords.verify("correct horse".into(), Some(known.clone()));
        assert!(matches!(check().await, Err(HashError::Busy)));
        drop(open);
        while matches!(check().await, Err(HashError::Busy)) {
            tokio::task::yield_now().await;
        }
        assert!(check().await.unwrap());
    }

    #[tokio::test]
    async fn a_job_that_panics_ends_no_thread() {
        let passwords = Passwords::new().unwrap();
        for _ in 0..16 {
            let panics = passwords.bounded(|| panic!("on purpose")).await;
            assert!(matches!(panics, Err::<(), _>(HashError::Failed(_))));
        }
        assert!(!passwords.verify("whatever it is".into(), None).await.unwrap());
    }
}
