//! The chosen streams of a plan: two of them never meet at the same time.

use super::{ChosenStream, Iep, IepError, IepEvent, Placement};
use crate::shared::{Meeting, StreamId, TermDays};

impl Placement {
    /// Each clash by itself, with the place of the stream: one of its meetings is at the time of one that the plan has, or
    /// that stands before it.
    pub fn clashes<'a>(
        &'a self,
        placed: impl Iterator<Item = &'a ChosenStream> + Clone,
    ) -> impl Iterator<Item = (usize, IepError)> {
        let Self { streams, imported, terms, .. } = self;
        let goes = move |other: &ChosenStream| {
            let (id, given_up) = (other.stream, Some(other.stream));
            streams.iter().any(|(chosen, old)| *old == given_up || chosen.stream == id)
        };
        streams.iter().enumerate().flat_map(move |(number, (chosen, _))| {
            let staying = placed.clone().chain(imported).filter(|other| !goes(other));
            let before = streams[..number].iter().map(|(before, _)| before);
            clashes_of(chosen, staying.chain(before), terms)
                .into_iter()
                .map(move |clash| (number, clash))
        })
    }

    /// Whether it is known when each of those in the timetable and each of these are seen from one another.
    fn compares<'a>(&self, placed: impl Iterator<Item = &'a ChosenStream>) -> bool {
        let mut placed = placed.map(|placed| placed.term);
        let chosen = |term| self.streams.iter().all(|(own, _)| self.terms.compare(own.term, term));
        placed.all(chosen)
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
        self.must_fit(&placement)?;
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

    fn must_fit(&self, placement: &Placement) -> Result<(), IepError> {
        let placed = self.streams.values();
        if !placement.compares(placed.clone()) {
            return Err(IepError::StreamsChanged);
        }
        placement.clashes(placed).next().map_or(Ok(()), |(_, clash)| Err(clash))
    }

    /// The streams in its timetable.
    pub fn streams(&self) -> impl Iterator<Item = &ChosenStream> + Clone {
        self.streams.values()
    }

    /// It is placed anew with its other times, in its own place; a plan without it has nothing to follow.
    pub(super) fn move_stream(
        &self,
        stream: StreamId,
        meetings: Vec<Meeting>,
        terms: TermDays,
        despite_clashes: bool,
    ) -> Result<Vec<IepEvent>, IepError> {
        let known = self.streams.get(&stream).filter(|known| known.meetings != meetings);
        let Some(known) = known else { return Ok(vec![]) };
        let (iep, student) = self.whose()?;
        let chosen = ChosenStream { meetings, ..known.clone() };
        if !despite_clashes {
            self.must_fit(&Placement::on_plan(chosen.clone(), None, terms))?;
        }
        Ok(vec![IepEvent::StreamPlaced { iep, student, chosen, gives_up: None }])
    }
}

/// Each meeting of these that is at the time of one of a stream's, told once, in the weeks of the stream's term.
fn clashes_of<'a>(
    chosen: &ChosenStream,
    others: impl Iterator<Item = &'a ChosenStream>,
    terms: &TermDays,
) -> Vec<IepError> {
    let at_once = others.flat_map(|other| {
        let (ours, theirs) = ((chosen.term, &*chosen.meetings), (other.term, &*other.meetings));
        terms.overlaps(ours, theirs).map(move |both| (other, both))
    });
    let mut clashes = Vec::new();
    for (other, (ours, theirs, both)) in at_once {
        let clash = IepError::StreamsClash {
            clashes: theirs.told(&other.code).into(),
            meeting: ours.told(&chosen.code).into(),
            stream: chosen.stream,
            with: other.stream,
            subject: other.code.clone(),
            weekday: both.weekday,
            from: both.starts_at,
            to: both.ends_at,
            weeks: both.weeks,
        };
        // A class in two rooms is one.
        if !clashes.contains(&clash) {
            clashes.push(clash);
        }
    }
    clashes
}
