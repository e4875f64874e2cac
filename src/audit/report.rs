//! What an audit comes to.

use std::{collections::BTreeMap, fmt, str::FromStr};

use aggregates::shared::Position;
use serde::Serialize;

use super::Findings;
use crate::log::Chain;

/// A head that somebody noted outside the database, `POSITION:CHAIN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedHead {
    /// The last position of a batch.
    pub position: Position,
    /// The chain with that batch.
    pub chain: Chain,
}

impl fmt::Display for ExpectedHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.chain)
    }
}

impl FromStr for ExpectedHead {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (position, chain) = text.split_once(':').ok_or("it has to be POSITION:CHAIN")?;
        let position = position.parse().ok().filter(|position| *position >= 0);
        let position = position.ok_or("the position has to be a whole number")?;
        Ok(Self { position: Position(position), chain: chain.parse()? })
    }
}

/// What an audit comes to.
#[derive(Debug, Serialize)]
pub struct Report {
    /// How many events there are.
    pub events: i64,
    /// The last position.
    pub max_position: i64,
    /// The chain of the head.
    pub chain: String,
    /// How many aggregates have events.
    pub aggregates: u64,
    /// The views by name.
    pub views: BTreeMap<&'static str, ViewReport>,
    /// What is wrong.
    pub findings: Findings,
    /// How long it took.
    pub seconds: f64,
    /// Where the log says that it ends, to be noted elsewhere.
    #[serde(skip)]
    pub head: ExpectedHead,
    /// How many batches there are.
    #[serde(skip)]
    pub batches: u64,
}

/// How a view compares with the log.
#[derive(Debug, Default, Serialize)]
pub struct ViewReport {
    /// How many documents are stored.
    pub documents: u64,
    /// How many documents differ, are missing, or should not be there.
    pub differing: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "log    {} events up to position {}, in {} batches, of {} aggregates",
            self.events, self.max_position, self.batches, self.aggregates
        )?;
        for (name, view) in &self.views {
            let ViewReport { documents, differing } = view;
            write!(f, "view   {name:<16} {documents:>8} documents")?;
            match differing {
                0 => writeln!(f, ", each as the log says")?,
                some => writeln!(f, ", {some} NOT AS THE LOG SAYS")?,
            }
        }
        for finding in self.findings.told() {
            writeln!(f, "FOUND  {}: {}", finding.code.name(), finding.message)?;
        }
        for (code, count) in self.findings.untold() {
            writeln!(f, "FOUND  {}: {count} more of this kind", code.name())?;
        }
        match self.findings.count() {
            0 => write!(f, "clean")?,
            1 => write!(f, "1 finding")?,
            some => write!(f, "{some} findings")?,
        }
        writeln!(f, ", in {:.1} s; the head, for --expect:", self.seconds)?;
        writeln!(f, "{}", self.head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expected_head_is_read_as_it_is_printed() {
        let head = ExpectedHead { position: Position(7), chain: Chain::START };
        assert_eq!(head.to_string().parse(), Ok(head));
        for bad in ["7", "x:00", "-1:00", "7:00", ""] {
            assert!(bad.parse::<ExpectedHead>().is_err(), "{bad}");
        }
    }
}
