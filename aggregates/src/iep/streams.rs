//! The chosen streams of a plan: two of them never meet at the same time.

use std::fmt;

use super::{ChosenStream, Iep, IepError, IepEvent, Placement};
use crate::shared::{Meeting, StreamId};

/// What is at the same time, told one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Clash(Vec<String>);

impl Clash {
    /// Each once, in their order.
    fn of(all: impl Iterator<Item = String>) -> Self {
        let mut told = Vec::new();
        for one in all {
            if !told.contains(&one) {
                told.push(one);
            }
        }
        Self(told)
    }

    fn tell(stream: &ChosenStream, meeting: &Meeting) -> String {
        let day = serde_json::to_value(meeting.weekday).unwrap_or_default();
        let day = day.as_str().unwrap_or_default();
        format!("{} {day} {}-{}", stream.code, meeting.starts_at, meeting.ends_at)
    }
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl Placement {
    /// The streams that meet at the time of others, each with its place and all that it clashes with: what the plan
    /// has, and what stands before it.
    pub fn clashes<'a>(
        &'a self,
        placed: impl Iterator<Item = &'a ChosenStream> + Clone,
    ) -> impl Iterator<Item = (usize, IepError)> {
        let Self { streams, imported, .. } = self;
        let goes = move |other: &ChosenStream| {
            let (id, given_up) = (other.stream, Some(other.stream));
            streams.iter().any(|(chosen, old)| *old == given_up || chosen.stream == id)
        };
        streams.iter().enumerate().filter_map(move |(number, (chosen, _))| {
            let staying = placed.clone().chain(imported).filter(|other| !goes(other));
            let before = streams[..number].iter().map(|(before, _)| before);
            let others = staying.chain(before).filter(|other| other.term == chosen.term);
            Some((number, clash_of(chosen, others)?))
        })
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
        if let Some((_, clash)) = placement.clashes(self.streams.values()).next() {
            return Err(clash);
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

    /// What else of the plan a stream of it is at the same time with.
    pub fn clash(&self, stream: StreamId) -> Option<IepError> {
        let placement = Placement::on_plan(self.streams.get(&stream)?.clone(), None);
        let clash = placement.clashes(self.streams.values()).next();
        clash.map(|(_, clash)| clash)
    }

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
        if !despite_clashes
            && let Some((_, clash)) = placement.clashes(self.streams.values()).next()
        {
            return Err(clash);
        }
        Ok(vec![IepEvent::StreamPlaced { iep, student, chosen, gives_up: None }])
    }
}

/// What of these is at the time of a stream, if something is.
fn clash_of<'a>(
    chosen: &ChosenStream,
    others: impl Iterator<Item = &'a ChosenStream>,
) -> Option<IepError> {
    let pairs: Vec<_> = others
        .flat_map(|other| other.meetings.iter().map(move |theirs| (other, theirs)))
        .flat_map(|(other, theirs)| chosen.meetings.iter().map(move |ours| (ours, other, theirs)))
        .filter(|(ours, _, theirs)| ours.clashes(theirs))
        .collect();
    let told = |(_, other, theirs): &(_, &ChosenStream, &Meeting)| Clash::tell(other, theirs);
    (!pairs.is_empty()).then(|| IepError::StreamsClash {
        clashes: Clash::of(pairs.iter().map(told)),
        meeting: Clash::of(pairs.iter().map(|(ours, ..)| Clash::tell(chosen, ours))),
        stream: chosen.stream,
        with: Clash::of(pairs.iter().map(|(_, other, _)| other.stream.to_string())),
    })
}
