//! The measurements, in turn on both stacks and both databases, and what they have to fulfil.

use std::{collections::HashMap, fs, sync::Arc, time::Duration};

use aggregates::shared::StreamId;
use oqu::{config::Config, database::Database};
use private_postgres::{Cluster, Durability};

use crate::{
    Engine, Fault,
    ceiling::{Ceilings, ordered_read},
    chart,
    goals::{fair, goal},
    load::{Load, Outcome, alone, beside_a_crowd, median, percentile},
    ours::Ours,
    report::{Kind, Measurement, Work, heading},
    stack::Stack,
    stock::{OnPostgres, OnSqlite},
};

const SEATS: u32 = 1_000;

/// How long each measurement takes.
struct Times {
    load: Duration,
    alone: usize,
    /// How many events the log has at least when a view is built anew.
    events: i64,
}

/// Everything, in turn; whether all that has to hold does.
pub async fn run(options: Engine) -> Result<bool, Fault> {
    let times = match options.quick {
        true => Times { load: Duration::from_secs(3), alone: 200, events: 200_000 },
        false => Times { load: Duration::from_secs(15), alone: 1_000, events: 1_000_000 },
    };
    println!("profile {}, one process for clients and stack, {:?} a load", profile(), times.load);
    let (mut all, mut sound) = (vec![], true);
    if options.database != Some(Kind::Sqlite) {
        sound &= on_postgres(&options, &times, &mut all).await?;
    }
    if options.database != Some(Kind::Postgres) {
        sound &= on_sqlite(&options, &times, &mut all).await?;
    }
    if let Some(file) = &options.json {
        fs::write(file, serde_json::to_string_pretty(&all)? + "\n")?;
    }
    if let Some(file) = &options.chart {
        fs::write(file, chart::svg(&all)?)?;
    }
    Ok(sound)
}

fn profile() -> &'static str {
    if cfg!(debug_assertions) { "debug" } else { "release" }
}

async fn on_postgres(
    options: &Engine,
    times: &Times,
    all: &mut Vec<Measurement>,
) -> Result<bool, Fault> {
    let mut cluster = Cluster::start(Durability::Durable)?;
    let maintenance = sqlx::PgPool::connect(&cluster.url("postgres")).await?;
    for database in ["oqu", "stock"] {
        let sql = format!("CREATE DATABASE {database}");
        sqlx::raw_sql(&sql).execute(&maintenance).await?;
    }
    let url = Some(cluster.url("oqu"));
    let ours = Ours::open(Config { database_url: url, ..Config::default() }).await?;
    let stock = OnPostgres::open(&cluster.url("stock")).await?;
    let mut trial = Trial::new(Kind::Postgres, ours, stock);
    let fair = trial.run(options, times, all).await?;
    cluster.stop_immediately()?;
    cluster.restart()?;
    Ok(trial.verdict("PostgreSQL stopped in immediate mode and started again").await? && fair)
}

async fn on_sqlite(
    options: &Engine,
    times: &Times,
    all: &mut Vec<Measurement>,
) -> Result<bool, Fault> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_owned();
    let ours = Ours::open(Config { data, ..Config::default() }).await?;
    let stock = OnSqlite::open(folder.path()).await?;
    let mut trial = Trial::new(Kind::Sqlite, ours, stock);
    let fair = trial.run(options, times, all).await?;
    Ok(trial.verdict("at the end").await? && fair)
}

/// Both stacks on one database.
struct Trial<S> {
    kind: Kind,
    ours: Arc<Ours>,
    stock: Arc<S>,
    /// What was acknowledged, to be looked for again at the end.
    ours_acknowledged: Vec<Outcome>,
    stock_acknowledged: Vec<Outcome>,
}

impl<S: Stack> Trial<S> {
    fn new(kind: Kind, ours: Ours, stock: S) -> Self {
        Self {
            kind,
            ours: Arc::new(ours),
            stock: Arc::new(stock),
            ours_acknowledged: vec![],
            stock_acknowledged: vec![],
        }
    }

    async fn run(
        &mut self,
        options: &Engine,
        times: &Times,
        all: &mut Vec<Measurement>,
    ) -> Result<bool, Fault> {
        let mut sound = true;
        println!("\n{}", self.kind.name());
        println!("  ours:  {}", settings(self.ours.database()).await?);
        println!("  stock: {}", settings(self.stock.database()).await?);
        let ceilings = Ceilings::measure(self.stock.database(), times.load / 2).await?;
        println!(
            "  ceilings: {:.0} transactions of one row a second (64 clients), {:.0} rows a second a \
             thousand at a time, {:.2} ms a bare commit",
            ceilings.transactions,
            ceilings.rows,
            ceilings.commit.as_secs_f64() * 1e3
        );
        heading();
        for work in [
            Work::Uncontended64,
            Work::Uncontended256,
            Work::Contended,
            Work::Rebuild,
            Work::LongAggregate,
            Work::SingleLatency,
        ] {
            if !options.only.is_empty() && !options.only.contains(&work) {
                continue;
            }
            let measurement = self.measure(work, times, &ceilings).await?;
            measurement.print();
            sound &= fair(&measurement, &ceilings);
            all.push(measurement);
        }
        Ok(sound)
    }

    async fn measure(
        &mut self,
        work: Work,
        times: &Times,
        ceilings: &Ceilings,
    ) -> Result<Measurement, Fault> {
        let (load, time, ceiling) = match work {
            Work::Uncontended64 => (Load::Distinct { clients: 64 }, times.load, ceilings.rows),
            Work::Uncontended256 => (Load::Distinct { clients: 256 }, times.load, ceilings.rows),
            Work::Contended => {
                (Load::Crowd { clients: 64, seats: SEATS }, times.load, ceilings.rows)
            }
            Work::LongAggregate => {
                let short = Load::Long { events: 10 }.run(&self.ours, times.load / 2).await?;
                (Load::Long { events: 1_000 }, times.load / 2, short.rate())
            }
            Work::Rebuild => return self.rebuild(times).await,
            Work::SingleLatency => return self.latency(times, ceilings).await,
        };
        let measurement = Measurement { ceiling, ..self.rates(work, load, time).await? };
        if work == Work::Contended {
            println!("  conflicts of the stock stack: {}", self.stock.conflicts());
            self.fairness(times.load / 2).await?;
        }
        Ok(measurement)
    }

    /// Commands a second of both.
    async fn rates(
        &mut self,
        work: Work,
        load: Load,
        time: Duration,
    ) -> Result<Measurement, Fault> {
        let ours = load.run(&self.ours, time).await?;
        let stock = load.run(&self.stock, time).await?;
        let measurement = Measurement {
            work,
            database: self.kind,
            ours: ours.rate(),
            stock: stock.rate(),
            ratio: ours.rate() / stock.rate(),
            ceiling: 0.0,
            unit: "per_second",
            lost: lost(self.ours.as_ref(), &ours).await?,
            stock_lost: lost(self.stock.as_ref(), &stock).await?,
            goal: goal(work, self.kind),
        };
        self.ours_acknowledged.push(ours);
        self.stock_acknowledged.push(stock);
        Ok(measurement)
    }

    /// Prints what the crowd means for others.
    async fn fairness(&self, time: Duration) -> Result<(), Fault> {
        let mut ours = beside_a_crowd(&self.ours, 64, SEATS, time).await?;
        let mut stock = beside_a_crowd(&self.stock, 64, SEATS, time).await?;
        let figures = |times: &mut [Duration]| {
            let at = |times: &mut [Duration], part| percentile(times, part).as_secs_f64() * 1e3;
            format!("{:.1} / {:.1} ms", at(times, 50), at(times, 99))
        };
        println!(
            "  others beside the crowd, median / p99: ours {}, stock {}",
            figures(&mut ours),
            figures(&mut stock)
        );
        Ok(())
    }

    async fn rebuild(&mut self, times: &Times) -> Result<Measurement, Fault> {
        self.ours.fill(times.events).await?;
        if self.stock_acknowledged.is_empty() {
            self.rates(Work::Uncontended64, Load::Distinct { clients: 64 }, times.load).await?;
        }
        let ceiling = ordered_read(self.ours.database()).await?;
        let ours = self.ours.rebuild(times.load).await?;
        let stock = self.stock.rebuild(times.load).await?;
        Ok(Measurement {
            work: Work::Rebuild,
            database: self.kind,
            ours,
            stock,
            ratio: ours / stock,
            ceiling,
            unit: "per_second",
            lost: 0,
            stock_lost: 0,
            goal: None,
        })
    }

    async fn latency(&self, times: &Times, ceilings: &Ceilings) -> Result<Measurement, Fault> {
        let milliseconds = |times| median(times).as_secs_f64() * 1e3;
        let ours = milliseconds(alone(&self.ours, times.alone).await?);
        let stock = milliseconds(alone(&self.stock, times.alone).await?);
        Ok(Measurement {
            work: Work::SingleLatency,
            database: self.kind,
            ours,
            stock,
            ratio: stock / ours,
            ceiling: ceilings.commit.as_secs_f64() * 1e3,
            unit: "milliseconds",
            lost: 0,
            stock_lost: 0,
            goal: None,
        })
    }

    /// Looks for everything that was acknowledged once more.
    async fn verdict(self, when: &str) -> Result<bool, Fault> {
        let (mut ours, mut stock, mut acknowledged) = (0, 0, 0);
        for outcome in &self.ours_acknowledged {
            acknowledged += outcome.done;
            ours += missing(self.ours.as_ref(), outcome).await?;
        }
        for outcome in &self.stock_acknowledged {
            stock += missing(self.stock.as_ref(), outcome).await?;
        }
        println!(
            "  {when}: of {acknowledged} acknowledged commands ours lost {ours}, stock {stock}"
        );
        if ours > 0 {
            println!("  FAILED: {ours} acknowledged commands are lost");
        }
        Ok(ours == 0)
    }
}

/// The settings that decide on durability, as the connections that write have them.
async fn settings(database: &Database) -> Result<String, Fault> {
    let (names, size): (&[&str], u32) = match database {
        Database::Postgres(pool) => (
            &["server_version", "fsync", "synchronous_commit", "full_page_writes"],
            pool.options().get_max_connections(),
        ),
        Database::Sqlite { write, .. } => {
            (&["journal_mode", "synchronous"], write.options().get_max_connections())
        }
    };
    let mut said = vec![format!("{size} connections write")];
    for name in names {
        let value = match database {
            Database::Postgres(_) => {
                let sql = format!("SHOW {name}");
                database.fetch_one(&sql, &[]).await?.map(|row| row.text(0)).transpose()?
            }
            Database::Sqlite { write, .. } => {
                let sql = format!("SELECT CAST({name} AS text) FROM pragma_{name}");
                sqlx::query_scalar::<_, String>(&sql).fetch_optional(write).await?
            }
        };
        said.push(format!("{name} = {}", value.unwrap_or_default()));
    }
    Ok(said.join(", "))
}

/// How many acknowledged commands the log does not show.
async fn missing<S: Stack>(stack: &S, outcome: &Outcome) -> Result<u64, Fault> {
    let sql = "SELECT aggregate_id, count(*) FROM events WHERE aggregate_type = 'Stream' \
               AND aggregate_id IN (SELECT value FROM {list}) GROUP BY aggregate_id";
    counted(stack, outcome, sql, 1).await
}

/// How many acknowledged commands the view or the log does not show.
async fn lost<S: Stack>(stack: &S, outcome: &Outcome) -> Result<u64, Fault> {
    let taken = stack.database().pick("(payload ->> 'taken')::bigint", "payload ->> 'taken'");
    let sql = format!(
        "SELECT view_id, {taken} FROM {} WHERE view_id IN (SELECT value FROM {{list}})",
        stack.view()
    );
    Ok(counted(stack, outcome, &sql, 0).await?.max(missing(stack, outcome).await?))
}

/// Compares what is counted of each stream with its seats that were acknowledged; `more` is what the
/// count has beside the seats.
async fn counted<S: Stack>(
    stack: &S,
    outcome: &Outcome,
    sql: &str,
    more: u64,
) -> Result<u64, Fault> {
    let database = stack.database();
    let sql = sql.replace("{list}", &database.json_texts("$1"));
    let mut lost = 0;
    for some in outcome.streams.chunks(10_000) {
        let ids: Vec<_> = some.iter().map(|(stream, _)| stream.to_string()).collect();
        let rows = database.fetch(&sql, &[serde_json::to_string(&ids)?.into()]).await?;
        let found = rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?)));
        let found: HashMap<String, i64> = found.collect::<Result<_, Fault>>()?;
        lost +=
            some.iter().map(|(stream, taken)| differs(&found, *stream, taken + more)).sum::<u64>();
    }
    Ok(lost)
}

fn differs(found: &HashMap<String, i64>, stream: StreamId, seats: u64) -> u64 {
    match found.get(&stream.to_string()) {
        Some(count) => seats.abs_diff(*count as u64),
        None => seats + 1,
    }
}
