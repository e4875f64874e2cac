//! `oqu views`.

use std::{process::ExitCode, time::Instant};

use aggregates::shared::Position;
use jiff::Timestamp;
use projections::{AnyView, VIEWS};
use serde_json::json;

use super::{Outcome, output};
use crate::{
    config::{Config, Flags},
    database::Location,
    log,
    views::{
        Tables, Views as Documents, as_of, build,
        inventory::{self, State, Table},
    },
};

const BAR: &str = "{wide_bar} {human_pos} of {human_len} events, {per_sec}, {eta} left";

/// See how the views stand, build them anew, show a document as it stood
#[derive(Debug, clap::Args)]
#[command(after_help = "All of it goes beside a running server.")]
pub(super) struct Views {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the tables of the views: which is served, how far it has come
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Build views anew from the log, beside what is served, which they replace when they have caught up
    Rebuild(Rebuild),
    /// Drop the tables that are not served any more: replaced ones, of older versions, half built
    Prune {
        /// Only say which
        #[arg(long)]
        dry_run: bool,
    },
    /// Show a document of a view, now or as it stood, as JSON
    Show(Show),
}

#[derive(Debug, clap::Args)]
struct Rebuild {
    /// Which
    #[arg(value_name = "NAME", required_unless_present = "all")]
    names: Vec<String>,
    /// All of them, in one reading of the log
    #[arg(long, conflicts_with = "names")]
    all: bool,
}

#[derive(Debug, clap::Args)]
struct Show {
    /// The view
    #[arg(value_name = "NAME")]
    view: String,
    /// Which document: as a rule the id of what it is of
    key: String,
    /// As it stood at that time (RFC 3339)
    #[arg(long, value_name = "TIME", conflicts_with = "as_of_position")]
    as_of: Option<Timestamp>,
    /// As it stood at that place in the log
    #[arg(long, value_name = "POSITION")]
    as_of_position: Option<i64>,
}

impl Views {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let location = Config::load(flags, None)?.location();
        match self.what {
            What::List { json } => list(&location, json).await,
            What::Rebuild(command) => command.run(&location).await,
            What::Prune { dry_run } => prune(&location, dry_run).await,
            What::Show(command) => command.run(&location).await,
        }
    }
}

/// The view of that name, with or without its version.
fn view(name: &str) -> Result<&'static AnyView, String> {
    let known = VIEWS.iter().find(|view| view.name == name || view.table() == name);
    known.ok_or_else(|| {
        let names: Vec<_> = VIEWS.iter().map(|view| view.name).collect();
        format!("there is no view {name}; there are: {}", names.join(", "))
    })
}

async fn list(location: &Location, as_json: bool) -> Outcome {
    let database = location.open_to_read().await?;
    let (tables, head) = inventory::tables(&database, VIEWS).await?;
    let answer = if as_json {
        let tables = tables.iter().map(|table| {
            json!({
                "view": table.view, "table": table.name, "state": table.state.to_string(),
                "position": table.position, "behind": behind(table, head),
            })
        });
        serde_json::to_string_pretty(&tables.collect::<Vec<_>>())? + "\n"
    } else {
        let mut lines =
            format!("{:24}{:24}{:>12}{:>12}  state\n", "view", "table", "position", "behind");
        for table in &tables {
            let behind = behind(table, head).map_or("-".to_owned(), |behind| behind.to_string());
            let Table { view, name, position, state } = table;
            lines += &format!("{view:24}{name:24}{position:>12}{behind:>12}  {state}\n");
        }
        lines
    };
    output::print(&answer)?;
    Ok(ExitCode::SUCCESS)
}

/// How many events a table lacks that still follows the log.
fn behind(table: &Table, head: Position) -> Option<i64> {
    let follows = !matches!(table.state, State::Replaced);
    follows.then_some((head.0 - table.position.0).max(0))
}

impl Rebuild {
    async fn run(self, location: &Location) -> Outcome {
        let views: Vec<_> = if self.all {
            VIEWS.iter().collect()
        } else {
            self.names.iter().map(|name| view(name)).collect::<Result<_, _>>()?
        };
        let database = location.open_views().await?;
        let Some(lock) = location.lock_builds().await? else {
            return Err("another process is building views".into());
        };
        let begun = Instant::now();
        let bar = output::bar(BAR)?;
        let built = build::build(&database, &lock, &views, |at, of| {
            output::show(&bar, "", at.0.unsigned_abs(), of.0.unsigned_abs());
        });
        let at = built.await?;
        bar.finish_and_clear();
        let seconds = begun.elapsed().as_secs_f64();
        let names: Vec<_> = views.iter().map(|view| view.name).collect();
        output::print(&format!(
            "built {}: {at} events in {seconds:.1} s ({:.0} a second); \
             `oqu views prune` drops what they replaced\n",
            names.join(", "),
            at.0 as f64 / seconds
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn prune(location: &Location, dry_run: bool) -> Outcome {
    let database = location.open_views().await?;
    let Some(lock) = location.lock_builds().await? else {
        return Err("another process is building views".into());
    };
    let gone = inventory::prune(&database, &lock, VIEWS, dry_run).await?;
    let verb = if dry_run { "would drop" } else { "dropped" };
    let lines = gone.iter().map(|table| format!("{verb} {} ({})\n", table.name, table.state));
    let lines: String = lines.collect();
    output::print(if lines.is_empty() { "nothing to drop\n" } else { &lines })?;
    Ok(ExitCode::SUCCESS)
}

impl Show {
    async fn run(self, location: &Location) -> Outcome {
        let view = view(&self.view)?;
        let database = location.open_to_read().await?;
        let (tables, head) = inventory::tables(&database, VIEWS).await?;
        let served = tables
            .iter()
            .find(|table| table.view == view.table() && matches!(table.state, State::Served));
        let stands = served.ok_or("the view has not been built yet")?.position;
        let until = match (self.as_of, self.as_of_position) {
            (Some(time), _) => as_of::position_at(&database, time).await?,
            (None, Some(position)) => Position(position).min(head),
            (None, None) => stands,
        };
        if stands < until {
            return Err(format!("the view has come to {stands} only, not to {until}").into());
        }
        let documents = Documents::new(database.clone(), Tables::read(&database).await?);
        let document = documents.document_at(view, &self.key, until).await?;
        let recorded_at = log::time_of(&database, until).await?;
        let (events, document) = match document {
            Some(document) => (document.version, serde_json::from_str(&document.payload)?),
            None => (0, serde_json::Value::Null),
        };
        let answer = json!({
            "view": view.name, "viewVersion": view.version, "key": self.key, "position": until,
            "recordedAt": recorded_at.map(|time| time.to_string()), "events": events,
            "document": document,
        });
        output::print(&(serde_json::to_string_pretty(&answer)? + "\n"))?;
        Ok(if document.is_null() { ExitCode::from(1) } else { ExitCode::SUCCESS })
    }
}
