//! A log of millions of made-up events beside one of a hundred thousand: what a command and a query take,
//! and how much memory the server has.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use aggregates::{
    Act,
    shared::{Credits, StreamId, SubjectId, Text},
    subject::{SubjectCard, SubjectCommand},
};
use futures::future::try_join_all;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Transaction},
    log,
};
use serde::Serialize;
use serde_json::{Value, json};
use witnesses::{Asker, Witnesses};

use crate::{
    Fault,
    house::House,
    ours::actor,
    rebuild::rebuild,
    report::Kind,
    stack::{open, take},
};

/// How many clients fill the log.
const CLIENTS: i64 = 64;
/// How many events one command of them writes: a subject, its stream, and seats that are taken.
const TOGETHER: i64 = 50;
/// How often a command and a query are timed.
const TIMES: i64 = 300;
/// What the server bears before its memory is looked at.
const LOAD: usize = 2_000;
/// How long the views may take to catch up.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// Fills a log with made-up events and measures the server on it, small and grown.
#[derive(clap::Args)]
pub struct Growth {
    /// How many events the log grows to
    #[arg(long, default_value_t = 10_000_000)]
    events: i64,
    /// How many it has when it is measured first
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    small: i64,
    /// How much memory the server may have, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    most_memory: u64,
    /// Only this database
    #[arg(long)]
    database: Option<Kind>,
    /// Where the measurements go, as a JSON list
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The server on a log of some length. Another figure is a field here and a line in [`print`].
#[derive(Debug, Serialize)]
struct Measured {
    database: Kind,
    events: i64,
    /// Events a second while it was filled.
    appended: f64,
    /// The same until the views had caught up.
    viewed: f64,
    /// How long the server took to start, in seconds.
    start: f64,
    /// A command over HTTP, its view caught up, in milliseconds: median and 99th percentile.
    command: [f64; 2],
    /// A query of one document.
    query: [f64; 2],
    /// Events a second that a view is built anew with, beside the server.
    rebuilt: f64,
    /// The most memory that the server had, in MiB.
    memory: u64,
}

/// Both databases, or one; whether the memory stays under its bound.
pub async fn run(options: Growth) -> Result<bool, Fault> {
    let kinds = match options.database {
        Some(kind) => vec![kind],
        None => vec![Kind::Postgres, Kind::Sqlite],
    };
    let (mut all, mut sound) = (vec![], true);
    for kind in kinds {
        let mut house = House::open(kind, None)?;
        let login = house.registrar()?;
        let mut pair = vec![];
        for events in [options.small, options.events] {
            let filled = fill(&house, events).await?;
            pair.push(measure(&mut house, &login, filled).await?);
        }
        print(&pair);
        for measured in &pair {
            sound &= measured.memory <= options.most_memory;
        }
        all.extend(pair);
    }
    if !sound {
        println!("FAILED: a server had more than {} MiB", options.most_memory);
    }
    if let Some(file) = &options.json {
        fs::write(file, serde_json::to_string_pretty(&all)? + "\n")?;
    }
    Ok(sound)
}

fn print(pair: &[Measured]) {
    let row = |name: &str, value: &dyn Fn(&Measured) -> String| {
        let values: Vec<_> = pair.iter().map(|one| format!("{:>18}", value(one))).collect();
        println!("{name:<40}{}", values.concat());
    };
    println!("\n{}", pair.first().map_or("", |one| one.database.name()));
    row("events", &|one| one.events.to_string());
    row("appended, events/s", &|one| format!("{:.0}", one.appended));
    row("appended and in the views, events/s", &|one| format!("{:.0}", one.viewed));
    row("start of the server, s", &|one| format!("{:.2}", one.start));
    let times = |[median, high]: [f64; 2]| format!("{median:.2} / {high:.2}");
    row("a command, ms (median / p99)", &|one| times(one.command));
    row("a query, ms (median / p99)", &|one| times(one.query));
    row("a view built anew, events/s", &|one| format!("{:.0}", one.rebuilt));
    row("the server's memory at the most, MiB", &|one| one.memory.to_string());
}

/// What filling came to.
struct Filled {
    events: i64,
    appended: f64,
    viewed: f64,
    /// Some of the subjects, from its beginning to its end.
    subjects: Vec<SubjectId>,
}

/// Real commands through the real writer, until the log has so many events and the views know of them.
async fn fill(house: &House, events: i64) -> Result<Filled, Fault> {
    let cabinet = Cabinet::open(house.config()).await?;
    let before = log::head(&cabinet.database).await?.position;
    let times = (events - before.0 + TOGETHER - 1) / TOGETHER;
    let (left, every) = (AtomicI64::new(times), (times / TIMES).max(1));
    let subjects = Mutex::new(vec![]);
    let begin = Instant::now();
    let client = |_| async {
        while let number @ 1.. = left.fetch_sub(1, Ordering::Relaxed) {
            let subject = SubjectId::new();
            write(&cabinet, subject).await?;
            if number % every == 0 {
                subjects.lock().unwrap_or_else(PoisonError::into_inner).push(subject);
            }
        }
        Ok::<_, Fault>(())
    };
    try_join_all((0..CLIENTS).map(client)).await?;
    let head = log::head(&cabinet.database).await?.position;
    let written = (head.0 - before.0) as f64;
    let appended = written / begin.elapsed().as_secs_f64();
    if !cabinet.freshness.wait_for(head, PATIENCE).await {
        return Err("the views did not catch up".into());
    }
    let viewed = written / begin.elapsed().as_secs_f64();
    cabinet.close().await;
    let subjects = subjects.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Filled { events: head.0, appended, viewed, subjects })
}

async fn write(cabinet: &Cabinet, subject: SubjectId) -> Result<(), Fault> {
    let mut acts = vec![create(subject)?];
    let stream = StreamId::new();
    acts.push(open(stream, None).of(stream));
    acts.extend((2..TOGETHER).map(|_| take(stream).of(stream)));
    loop {
        match cabinet.commands.execute(Transaction::of(actor(), acts.clone())).await {
            Ok(_) => return Ok(()),
            Err(CommandError::Busy) => tokio::task::yield_now().await,
            Err(other) => return Err(other.into()),
        }
    }
}

fn create(subject: SubjectId) -> Result<Act, Fault> {
    let text = |text: &str| Text::short(text).map_err(|flaw| format!("{flaw:?}"));
    let card = SubjectCard {
        code: text(&subject.to_string())?,
        title: text("Математикалық талдау")?,
        credits: Credits::whole(5),
        compulsory: true,
        prerequisites: vec![],
    };
    Ok(SubjectCommand::Create { subject, card }.of(subject))
}

/// A server on it, asked over HTTP.
async fn measure(house: &mut House, login: &str, filled: Filled) -> Result<Measured, Fault> {
    let begin = Instant::now();
    let node = house.start_node()?;
    let start = begin.elapsed().as_secs_f64();
    house.nodes = vec![node];
    let token = house.sign_in(login).await?;
    let asker = Asker::new(Some(token.clone()));
    let url = house.urls().concat();

    const COMMAND: &str = "mutation($code: String!) { createSubject(input: { code: $code, \
        title: \"Талдау\", credits: 5 }) { subject { id } userErrors { code } } }";
    // Each log is the one before it, grown: a code that it has is refused.
    let commands = (0..TIMES).map(|_| json!({"code": SubjectId::new().to_string()}));
    let command = timed(&asker, &url, COMMAND, commands).await?;
    const QUERY: &str = "query($id: ID!) { subject(id: $id) { id code title } }";
    let queries = filled.subjects.iter().map(|subject| json!({"id": subject.to_string()}));
    let query = timed(&asker, &url, QUERY, queries).await?;

    let witnesses = Witnesses::start(house.urls(), &token, 16, &filled.events.to_string());
    witnesses.more(LOAD).await?;
    witnesses.stop().await?;
    let location = house.location();
    let rebuilt = rebuild(&location.open_views().await?, &location).await?;
    let node = house.nodes.pop().ok_or("the server is gone")?;
    Ok(Measured {
        database: house.kind,
        events: filled.events,
        appended: filled.appended,
        viewed: filled.viewed,
        start,
        command,
        query,
        rebuilt,
        memory: node.most_memory()? / 1024 / 1024,
    })
}

/// One question after another: median and 99th percentile, in milliseconds.
async fn timed(
    asker: &Asker,
    url: &str,
    query: &str,
    variables: impl Iterator<Item = Value>,
) -> Result<[f64; 2], Fault> {
    let mut took = vec![];
    for variables in variables {
        let begin = Instant::now();
        let answer = asker.ask(url, query, variables).await?;
        took.push(begin.elapsed().as_secs_f64() * 1e3);
        if answer.is_null() {
            return Err(format!("no answer to {query}").into());
        }
    }
    took.sort_by(f64::total_cmp);
    let at = |part: f64| took.get((took.len() as f64 * part) as usize).copied();
    Ok([at(0.5).unwrap_or_default(), at(0.99).unwrap_or_default()])
}
