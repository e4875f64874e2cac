//! The chosen streams of a plan: two of them never meet at the same time.

use std::fmt;

use super::{ChosenStream, Iep, IepError, IepEvent};
use crate::shared::{Meeting, StreamId};

/// The meetings that are at the same time, told one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Clash(Vec<String>);

impl Clash {
    fn tell(other: &ChosenStream, meeting: &Meeting) -> String {
        let day = serde_json::to_value(meeting.weekday).unwrap_or_default();
        let day = day.as_str().unwrap_or_default();
        format!("{} {day} {}-{}", other.code, meeting.starts_at, meeting.ends_at)
    }
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl Iep {
    pub(super) fn place_stream(
        &self,
        chosen: ChosenStream,
        gives_up: Option<StreamId>,
    ) -> Result<Vec<IepEvent>, IepError> {
        let (iep, student) = self.whose()?;
        self.entry(chosen.enrollment)?;
        let staying = self.streams.values().filter(|other| {
            Some(other.stream) != gives_up
                && other.stream != chosen.stream
                && other.term == chosen.term
        });
        let clashes: Vec<_> = staying
            .flat_map(|other| {
                let met = other
                    .meetings
                    .iter()
                    .filter(|theirs| chosen.meetings.iter().any(|ours| ours.clashes(theirs)));
                met.map(|meeting| Clash::tell(other, meeting))
            })
            .collect();
        if !clashes.is_empty() {
            return Err(IepError::StreamsClash { clashes: Clash(clashes) });
        }
        Ok(vec![IepEvent::StreamPlaced { iep, student, chosen, gives_up }])
    }
}
