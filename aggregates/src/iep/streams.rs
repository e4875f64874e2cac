//! The chosen streams of a plan: two of them never meet at the same time.

use std::fmt;

use super::{ChosenStream, Iep, IepError, IepEvent, Placement};
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

impl Placement {
    /// All that meets at the same time, beside the streams that the plan has; none where nothing does.
    pub fn clashes<'a>(
        &'a self,
        placed: impl Iterator<Item = &'a ChosenStream> + Clone,
    ) -> Option<Clash> {
        let Self { streams, imported, .. } = self;
        let goes = |other: &ChosenStream| {
            let (id, given_up) = (other.stream, Some(other.stream));
            streams.iter().any(|(chosen, old)| *old == given_up || chosen.stream == id)
        };
        let clashing = streams.iter().enumerate().flat_map(|(number, (chosen, _))| {
            let staying = placed.clone().chain(imported).filter(|other| !goes(other));
            let before = streams[..number].iter().map(|(before, _)| before);
            let others = staying.chain(before).filter(|other| other.term == chosen.term);
            others.flat_map(|other| clashes_of(chosen, other))
        });
        let all: Vec<_> = clashing.collect();
        (!all.is_empty()).then_some(Clash(all))
    }
}

impl Iep {
    pub(super) fn place_streams(&self, placement: Placement) -> Result<Vec<IepEvent>, IepError> {
        let Placement { streams, unplanned, .. } = &placement;
        let (iep, student) = match unplanned {
            Some(opening) => (opening.iep, opening.student),
            None => {
                streams
                    .iter()
                    .try_for_each(|(chosen, _)| self.entry(chosen.enrollment).map(drop))?;
                self.whose()?
            }
        };
        if let Some(clashes) = placement.clashes(self.streams.values()) {
            return Err(IepError::StreamsClash { clashes });
        }
        let Placement { streams, unplanned, .. } = placement;
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

impl Iep {
    /// It is placed anew with its other times, in its own place; a plan without it has nothing to follow.
    pub(super) fn move_stream(
        &self,
        stream: StreamId,
        meetings: Vec<Meeting>,
        despite_clashes: bool,
    ) -> Result<Vec<IepEvent>, IepError> {
        let known = self.streams.get(&stream).filter(|known| known.meetings != meetings);
        let Some(known) = known else { return Ok(vec![]) };
        let (iep, student) = self.whose()?;
        let chosen = ChosenStream { meetings, ..known.clone() };
        let placement = Placement::on_plan(chosen.clone(), None);
        match placement.clashes(self.streams.values()).filter(|_| !despite_clashes) {
            Some(clashes) => Err(IepError::StreamsClash { clashes }),
            None => Ok(vec![IepEvent::StreamPlaced { iep, student, chosen, gives_up: None }]),
        }
    }
}

/// The meetings of another stream that are at the time of one of these.
fn clashes_of(chosen: &ChosenStream, other: &ChosenStream) -> Vec<String> {
    let met = other
        .meetings
        .iter()
        .filter(|theirs| chosen.meetings.iter().any(|ours| ours.clashes(theirs)));
    met.map(|meeting| Clash::tell(other, meeting)).collect()
}
