//! `oqu replay`: the history as a timeline, in the order of the log.

mod arguments;
mod entry;
mod text;

use std::{collections::HashMap, process::ExitCode};

use aggregates::shared::PersonId;
use jiff::tz::TimeZone;

use super::{Outcome, output};
use crate::{
    cabinet::OpenError,
    config::{Config, Flags},
    database::{StoreError, Transaction},
    log::{self, Filter},
    people::{ERASED, people_in},
};
use arguments::{AggregateName, Moment, Until};
use entry::Entry;

/// How many events are read and printed at once.
const PAGE: usize = 500;

/// The names of people, by their ids.
type Names = HashMap<String, String>;

/// Print the history as a timeline, in the order of the log
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An event has to fit all that is asked. A TIME is a day (2026-09-01) or a day \
                        with a time (2026-09-01T08:30), both in the university's time zone, or an \
                        instant (2026-09-01T03:30:00Z)."
)]
pub(super) struct Replay {
    /// Of that student's record
    #[arg(long, value_name = "ID")]
    student: Option<PersonId>,
    /// Of that aggregate
    #[arg(long, value_name = "TYPE/ID")]
    aggregate: Option<AggregateName>,
    /// By that person
    #[arg(long, value_name = "ID")]
    actor: Option<PersonId>,
    /// Of that type
    #[arg(long = "type", value_name = "EVENT", value_parser = arguments::event_types(), hide_possible_values = true)]
    event_type: Option<String>,
    /// Recorded then or later
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,
    /// Recorded then or before, or up to that position; a day counts to its end
    #[arg(long, value_name = "TIME or POSITION")]
    until: Option<Until>,
    /// For people, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

impl Replay {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let config = Config::load(flags, None)?;
        let zone = TimeZone::get(&config.time_zone)
            .map_err(|cause| OpenError::TimeZone { name: config.time_zone.clone(), cause })?;
        let mut filter = self.filter(&zone)?;
        let mut snapshot = config.location().open_to_read().await?.snapshot().await?;
        loop {
            let page = log::read(&mut snapshot, &filter, PAGE).await?;
            let Some(last) = page.last() else { break };
            filter.after = Some(last.position);
            let mut entries: Vec<_> = page.iter().map(Entry::of).collect();
            let names = names(&mut snapshot, &entries).await?;
            for entry in &mut entries {
                entry.name_actor(&names);
            }
            if !output::print(&self.render(&entries, &names, &zone)?)? {
                break;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn filter(&self, zone: &TimeZone) -> Result<Filter, jiff::Error> {
        let (until, until_position) = match &self.until {
            None => (None, None),
            Some(Until::Position(position)) => (None, Some(*position)),
            Some(Until::Moment(moment)) => (Some(moment.last(zone)?), None),
        };
        Ok(Filter {
            student: self.student.map(|student| student.to_string()),
            aggregate_type: self.aggregate.as_ref().map(|name| name.kind.to_owned()),
            aggregate_id: self.aggregate.as_ref().map(|name| name.id.clone()),
            actor: self.actor.map(|actor| actor.to_string()),
            event_type: self.event_type.clone(),
            since: self.since.as_ref().map(|moment| moment.first(zone)).transpose()?,
            until,
            until_position,
            after: None,
        })
    }

    fn render(
        &self,
        entries: &[Entry],
        names: &Names,
        zone: &TimeZone,
    ) -> Result<String, serde_json::Error> {
        let mut rendered = String::new();
        for entry in entries {
            match self.format {
                Format::Text => rendered += &text::lines(entry, names, zone),
                Format::Jsonl => {
                    rendered += &serde_json::to_string(entry)?;
                    rendered.push('\n');
                }
            }
        }
        Ok(rendered)
    }
}

/// The names of all people that these entries are about, as far as they are known.
async fn names(open: &mut Transaction, entries: &[Entry]) -> Result<Names, StoreError> {
    let mut ids: Vec<PersonId> = entries.iter().flat_map(Entry::people).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = people_in(open, &ids).await?;
    let name = |id| people.get(id).map_or_else(|| ERASED.to_owned(), |known| known.display_name());
    let names = ids.iter().map(|id| (id.to_string(), name(id)));
    Ok(names.filter(|(_, name)| !name.is_empty()).collect())
}
