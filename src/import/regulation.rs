//! Under which rules imported final marks stand.

use std::sync::Arc;

use aggregates::{
    Act,
    enrollment::InForce,
    regulation::RegulationCommand,
    shared::{RegulationId, Rules, Text},
};
use jiff::civil::{Date, date};

use super::{ImportError, entity::Here};

/// The version under which the default rules are published where a term has none.
const DEFAULT_VERSION: &str = "kz-default";
/// Their first day: before any term, so that they outweigh no regulation that anybody publishes.
const DEFAULT_FROM: Date = date(1900, 1, 1);
/// How many regulations are read; a university has a handful.
const MOST: usize = 1_000;

/// The rules by their first day, oldest first.
#[derive(Default)]
pub(super) struct Regulations(Vec<(Date, InForce)>);

impl Regulations {
    /// Those that are published here.
    pub(super) async fn read(here: Option<&Here>) -> Result<Self, ImportError> {
        let Some(here) = here else { return Ok(Self::default()) };
        let page = here
            .views
            .list::<projections::regulation::Regulations>(
                "TRUE",
                &[],
                "effective_day, view_id",
                MOST,
            )
            .await?;
        let published = page.documents.into_iter().filter_map(|(_, document)| {
            let rules = Arc::new(document.rules?);
            Some((document.effective_from?, InForce { version: document.version, rules }))
        });
        Ok(Self(published.collect()))
    }

    /// The rules in force on a day.
    pub(super) fn in_force(&self, day: Date) -> Option<&InForce> {
        self.0.iter().rev().find(|(from, _)| *from <= day).map(|(_, rules)| rules)
    }

    /// Takes the default rules in, and returns what publishes them.
    pub(super) fn add_default(&mut self) -> Result<Act, ImportError> {
        let rules = Rules::kazakhstan();
        let in_force = InForce { version: DEFAULT_VERSION.into(), rules: Arc::new(rules.clone()) };
        self.0.insert(0, (DEFAULT_FROM, in_force));
        let version = Text::short(DEFAULT_VERSION)
            .map_err(|flaw| ImportError::Defect(format!("{DEFAULT_VERSION}: {flaw:?}")))?;
        let publish = RegulationCommand::Publish { version, effective_from: DEFAULT_FROM, rules };
        Ok(publish.of(RegulationId::of(DEFAULT_VERSION)))
    }
}
