//! A server that is killed (`kill -9`) while many are at work on it.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use oqu::config::Config;
use rand::Rng;
use witnesses::caught_up;

use crate::server::Server;

/// Somebody at work.
pub trait AtWork: Send + Sized + 'static {
    /// Whether something is left to do.
    fn has_work(&self) -> bool;

    /// Works until nothing is left to do or the server has gone away, and counts for all what was done.
    fn work(self, url: Arc<str>, count: Arc<AtomicUsize>) -> impl Future<Output = Self> + Send;
}

/// Lets all work on a server, and kills it once they have done about so much together; who they are then.
pub async fn until_killed<D: AtWork>(
    config: &Config,
    desks: Vec<D>,
    enough: Range<usize>,
) -> Vec<D> {
    let mut server = Server::start(config);
    let url: Arc<str> = server.url().into();
    let count = Arc::new(AtomicUsize::new(0));
    let work = |desk: D| tokio::spawn(desk.work(Arc::clone(&url), Arc::clone(&count)));
    let working: Vec<_> = desks.into_iter().map(work).collect();
    let enough = rand::rng().random_range(enough);
    while count.load(Ordering::Relaxed) < enough
        && working.iter().any(|working| !working.is_finished())
    {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.kill();
    let mut desks = Vec::new();
    for desk in working {
        desks.push(desk.await.unwrap());
    }
    desks
}

/// The server after that: what was acknowledged right before the end is folded after its start.
pub async fn started_again(config: &Config) -> Server {
    let server = Server::start(config);
    caught_up(&config.location().open_to_read().await.unwrap()).await.unwrap();
    server
}
