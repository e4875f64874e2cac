//! Clients that send one command after another for some time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aggregates::shared::StreamId;
use futures::future::try_join_all;

use crate::{
    Fault,
    stack::{Sent, Stack, open, take},
};

/// What came of a load.
#[derive(Debug, Default, Clone, Copy)]
pub struct Outcome {
    /// How many commands were acknowledged.
    pub done: u64,
    /// How long it took, until the view knew of all.
    pub took: Duration,
}

impl Outcome {
    /// Commands a second, views included and caught up.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.took.as_secs_f64()
    }
}

/// What is asked of a stack for some time.
#[derive(Debug, Clone, Copy)]
pub enum Load {
    /// So many clients, each command opens another stream.
    Distinct {
        /// How many at once.
        clients: usize,
    },
    /// All take seats on one stream, until it is full; then on the next.
    Crowd {
        /// How many at once.
        clients: usize,
        /// How many seats a stream has.
        seats: u32,
    },
    /// One client on one stream that has so many events already.
    Long {
        /// How many.
        events: usize,
    },
}

impl Load {
    /// Lets a stack bear it.
    pub async fn run<S: Stack>(self, stack: &Arc<S>, time: Duration) -> Result<Outcome, Fault> {
        match self {
            Self::Distinct { clients } => distinct(stack, clients, time).await,
            Self::Crowd { clients, seats } => crowd(stack, clients, seats, time).await,
            Self::Long { events } => long(stack, events, time).await,
        }
    }
}

async fn distinct<S: Stack>(
    stack: &Arc<S>,
    clients: usize,
    time: Duration,
) -> Result<Outcome, Fault> {
    let begin = Instant::now();
    let client = |_| {
        let stack = Arc::clone(stack);
        tokio::spawn(async move {
            let mut opened = 0;
            while begin.elapsed() < time {
                let stream = StreamId::new();
                stack.send(stream, open(stream, None)).await?;
                opened += 1;
            }
            Ok::<u64, Fault>(opened)
        })
    };
    let opened = try_join_all((0..clients).map(client)).await?;
    stack.settle().await?;
    let took = begin.elapsed();
    Ok(Outcome { done: opened.into_iter().sum::<Result<_, _>>()?, took })
}

async fn crowd<S: Stack>(
    stack: &Arc<S>,
    clients: usize,
    seats: u32,
    time: Duration,
) -> Result<Outcome, Fault> {
    let mut outcome = Outcome::default();
    while outcome.took < time {
        let stream = StreamId::new();
        stack.send(stream, open(stream, Some(seats))).await?;
        stack.settle().await?;
        let begin = Instant::now();
        let until = begin + (time - outcome.took);
        let client = |_| {
            let stack = Arc::clone(stack);
            tokio::spawn(async move {
                let mut taken = 0;
                while Instant::now() < until
                    && stack.send(stream, take(stream)).await? == Sent::Done
                {
                    taken += 1;
                }
                Ok::<u64, Fault>(taken)
            })
        };
        let taken = try_join_all((0..clients).map(client)).await?;
        stack.settle().await?;
        outcome.took += begin.elapsed();
        outcome.done += taken.into_iter().sum::<Result<u64, _>>()?;
    }
    Ok(outcome)
}

async fn long<S: Stack>(stack: &Arc<S>, events: usize, time: Duration) -> Result<Outcome, Fault> {
    let stream = StreamId::new();
    stack.send(stream, open(stream, None)).await?;
    for _ in 1..events {
        stack.send(stream, take(stream)).await?;
    }
    stack.settle().await?;
    let begin = Instant::now();
    let mut done = 0;
    while begin.elapsed() < time {
        stack.send(stream, take(stream)).await?;
        done += 1;
    }
    stack.settle().await?;
    Ok(Outcome { done, took: begin.elapsed() })
}

/// One command at a time, the view waited for: how long each takes.
pub async fn alone<S: Stack>(stack: &Arc<S>, commands: usize) -> Result<Vec<Duration>, Fault> {
    let mut took = Vec::with_capacity(commands);
    for _ in 0..commands {
        let stream = StreamId::new();
        let begin = Instant::now();
        stack.send(stream, open(stream, None)).await?;
        stack.settle().await?;
        took.push(begin.elapsed());
    }
    Ok(took)
}

/// How long the commands of some take, each on a stream of its own, while a crowd is at one stream.
pub async fn beside_a_crowd<S: Stack>(
    stack: &Arc<S>,
    clients: usize,
    seats: u32,
    time: Duration,
) -> Result<Vec<Duration>, Fault> {
    const OTHERS: usize = 4;
    let crowding = tokio::spawn({
        let stack = Arc::clone(stack);
        async move { crowd(&stack, clients, seats, time).await }
    });
    let other = |_| {
        let (stack, begin) = (Arc::clone(stack), Instant::now());
        tokio::spawn(async move {
            let mut took = vec![];
            while begin.elapsed() < time {
                let (stream, sent) = (StreamId::new(), Instant::now());
                stack.send(stream, open(stream, None)).await?;
                took.push(sent.elapsed());
            }
            Ok::<_, Fault>(took)
        })
    };
    let took = try_join_all((0..OTHERS).map(other)).await?;
    crowding.await??;
    Ok(took.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
}

/// The time that so many of a hundred do not exceed.
pub fn percentile(times: &mut [Duration], of_hundred: usize) -> Duration {
    times.sort();
    let place = (times.len() * of_hundred / 100).min(times.len().saturating_sub(1));
    times.get(place).copied().unwrap_or_default()
}

/// The median.
pub fn median(mut times: Vec<Duration>) -> Duration {
    percentile(&mut times, 50)
}
