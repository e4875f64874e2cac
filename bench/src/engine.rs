//! The measurements, in turn on both stacks and both databases, and what they have to fulfil.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::ValueEnum;
use oqu::config::Config;

use crate::{
    Engine, Fault,
    ceiling::{Ceilings, ordered_read, parsed_read},
    chart,
    goals::fair,
    ledger::{Acknowledged, lost, missing, oversold},
    load::{Load, alone, beside_a_crowd, median, percentile},
    ours::Ours,
    report::{Kind, Measurement, Work, heading},
    settings,
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
    let begin = Instant::now();
    println!(
        "profile {}, one process for clients and stack, {:?} a load, ours with {}",
        profile(),
        times.load,
        if options.all_views { "all views of the product" } else { "one view, as the stock stack" }
    );
    let (mut all, mut sound) = (vec![], true);
    if options.database != Some(Kind::Sqlite) {
        sound &= on_postgres(&options, &times, &mut all).await?;
    }
    if options.database != Some(Kind::Postgres) {
        sound &= on_sqlite(&options, &times, &mut all).await?;
    }
    println!("\nall of it took {:.0} s", begin.elapsed().as_secs_f64());
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
    let mut cluster = settings::cluster()?;
    let maintenance = sqlx::PgPool::connect(&cluster.url("postgres")).await?;
    for database in ["oqu", "stock"] {
        let sql = format!("CREATE DATABASE {database}");
        sqlx::raw_sql(&sql).execute(&maintenance).await?;
    }
    let url = Some(cluster.url("oqu"));
    let ours =
        Ours::open(Config { database_url: url, ..Config::default() }, options.all_views).await?;
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
    let ours = Ours::open(Config { data, ..Config::default() }, options.all_views).await?;
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
    /// Everything that was acknowledged, to be looked for again at the end.
    ours_acknowledged: Acknowledged,
    stock_acknowledged: Acknowledged,
    /// How many seats were given that there are not.
    ours_oversold: u64,
    stock_oversold: u64,
}

impl<S: Stack> Trial<S> {
    fn new(kind: Kind, ours: Ours, stock: S) -> Self {
        Self {
            kind,
            ours: Arc::new(ours),
            stock: Arc::new(stock),
            ours_acknowledged: Acknowledged::new(),
            stock_acknowledged: Acknowledged::new(),
            ours_oversold: 0,
            stock_oversold: 0,
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
        println!("  ours:  {}", settings::of_log(self.ours.database()).await?);
        println!("         commits of views: {}", settings::of_views(self.ours.database()).await?);
        println!("  stock: {}", settings::of_log(self.stock.database()).await?);
        println!("         views as the log; a conflict is tried again at once");
        let mut ceilings = Ceilings::measure(self.stock.database(), times.load / 2).await?;
        println!(
            "  ceilings: {:.0} transactions of one row a second (64 clients), {:.0} rows a second a \
             thousand at a time, {:.2} ms a bare commit",
            ceilings.transactions,
            ceilings.rows,
            ceilings.commit.as_secs_f64() * 1e3
        );
        heading();
        for &work in Work::value_variants() {
            if !options.only.is_empty() && !options.only.contains(&work) {
                continue;
            }
            let mut measurement = self.measure(work, times, &ceilings).await?;
            self.count(&mut measurement).await?;
            if work == Work::LongAggregate {
                ceilings.parsed = parsed_read(self.stock.database(), times.load / 3).await?;
                println!("  ceiling: {:.0} events a second read and parsed", ceilings.parsed);
            }
            measurement.print();
            sound &= fair(&measurement, &ceilings) && measurement.lost == 0;
            all.push(measurement);
        }
        println!(
            "  bytes of an event that opens a stream: ours {}, stock {}",
            settings::payload(self.ours.as_ref()).await?,
            settings::payload(self.stock.as_ref()).await?
        );
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
    async fn rates(&self, work: Work, load: Load, time: Duration) -> Result<Measurement, Fault> {
        let ours = load.run(&self.ours, time).await?;
        let stock = load.run(&self.stock, time).await?;
        Ok(Measurement::of(work, self.kind, ours.rate(), stock.rate()))
    }

    /// Looks in log and view for all that was acknowledged meanwhile, and for seats that there are not.
    async fn count(&mut self, measurement: &mut Measurement) -> Result<(), Fault> {
        let (ours, stock) = (self.ours.as_ref(), self.stock.as_ref());
        ours.settle().await?;
        let [new, stock_new] = [ours.ledger().take(), stock.ledger().take()];
        measurement.lost += lost(ours, &new).await?;
        measurement.stock_lost += lost(stock, &stock_new).await?;
        self.ours_oversold += oversold(ours, &new, SEATS).await?;
        self.stock_oversold += oversold(stock, &stock_new, SEATS).await?;
        // Each measurement has streams of its own.
        self.ours_acknowledged.extend(new);
        self.stock_acknowledged.extend(stock_new);
        Ok(())
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
            Load::Distinct { clients: 64 }.run(&self.stock, times.load).await?;
        }
        let ceiling = ordered_read(self.ours.database()).await?;
        let ours = self.ours.rebuild(times.load).await?;
        let stock = self.stock.rebuild(times.load).await?;
        Ok(Measurement {
            ceiling,
            lost: ours.lost,
            stock_lost: stock.lost,
            ..Measurement::of(Work::Rebuild, self.kind, ours.rate, stock.rate)
        })
    }

    async fn latency(&self, times: &Times, ceilings: &Ceilings) -> Result<Measurement, Fault> {
        let milliseconds = |times| median(times).as_secs_f64() * 1e3;
        let ours = milliseconds(alone(&self.ours, times.alone).await?);
        let stock = milliseconds(alone(&self.stock, times.alone).await?);
        Ok(Measurement {
            ceiling: ceilings.commit.as_secs_f64() * 1e3,
            ..Measurement::of(Work::SingleLatency, self.kind, ours, stock)
        })
    }

    /// Looks for everything that was acknowledged once more.
    async fn verdict(self, when: &str) -> Result<bool, Fault> {
        let (ours, stock) = (&self.ours_acknowledged, &self.stock_acknowledged);
        let ours_lost = missing(self.ours.as_ref(), ours).await?;
        let stock_lost = missing(self.stock.as_ref(), stock).await?;
        println!(
            "  {when}: ours lost {ours_lost} of {} acknowledged events and oversold {} seats, \
             stock {stock_lost} of {} and {}",
            ours.values().sum::<u64>(),
            self.ours_oversold,
            stock.values().sum::<u64>(),
            self.stock_oversold
        );
        let sound = ours_lost + self.ours_oversold == 0;
        if !sound {
            println!("  FAILED: an acknowledged event is lost, or a seat oversold");
        }
        Ok(sound)
    }
}
