//! The chosen streams of a plan: two of them never meet at the same time.

use std::fmt;

use super::{ChosenStream, Iep, IepError, IepEvent, Placement};
use crate::shared::Meeting;

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
    pub(super) fn place_streams(&self, placement: Placement) -> Result<Vec<IepEvent>, IepError> {
        let Placement { streams, unplanned, imported } = placement;
        let (iep, student) = match &unplanned {
            Some(opening) => (opening.iep, opening.student),
            None => {
                streams
                    .iter()
                    .try_for_each(|(chosen, _)| self.entry(chosen.enrollment).map(drop))?;
                self.whose()?
            }
        };
        let goes = |other: &ChosenStream| {
            let (id, given_up) = (other.stream, Some(other.stream));
            streams.iter().any(|(chosen, old)| *old == given_up || chosen.stream == id)
        };
        for (number, (chosen, _)) in streams.iter().enumerate() {
            let staying = self.streams.values().chain(&imported).filter(|other| !goes(other));
            let before = streams[..number].iter().map(|(before, _)| before);
            must_not_clash(chosen, staying.chain(before).filter(|it| it.term == chosen.term))?;
        }
        let opened = unplanned.filter(|_| self.about.is_none()).map(|opening| opening.event());
        let placed = streams.into_iter().map(|(chosen, gives_up)| IepEvent::StreamPlaced {
            iep,
            student,
            chosen,
            gives_up,
        });
        Ok(opened.into_iter().chain(placed).collect())
    }
}

fn must_not_clash<'a>(
    chosen: &ChosenStream,
    others: impl Iterator<Item = &'a ChosenStream>,
) -> Result<(), IepError> {
    let clashes: Vec<_> = others
        .flat_map(|other| {
            let met = other
                .meetings
                .iter()
                .filter(|theirs| chosen.meetings.iter().any(|ours| ours.clashes(theirs)));
            met.map(|meeting| Clash::tell(other, meeting))
        })
        .collect();
    if clashes.is_empty() {
        Ok(())
    } else {
        Err(IepError::StreamsClash { clashes: Clash(clashes) })
    }
}
