//! The classes of a timetable: on which days of its term a stream meets, and at which instants.

use aggregates::{
    academic_calendar::{PeriodKind, Term},
    shared::{Meeting, StreamId, TimeOfDay, Titles, Window, monday_of},
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::{About, Attended, Entry, EntryKind, Timetable};

impl Timetable {
    /// The classes of the weeks of each term, where teaching has its time set within that; `planned` has it.
    pub(super) fn classes(
        &self,
        planned: &[Entry],
        within: &Window,
        zone: &TimeZone,
    ) -> Vec<Entry> {
        let mut classes = Vec::new();
        for (stream, attended) in &self.streams {
            let card = &attended.card;
            let Some(term) = self.terms.get(&card.term).and_then(|known| known.term.as_ref())
            else {
                continue;
            };
            let is_teaching = |entry: &&Entry| match &entry.about {
                About::Period { term, kind, .. } => {
                    *term == card.term && *kind == PeriodKind::Study
                }
                _ => false,
            };
            let teaching = planned.iter().filter(is_teaching).map(|entry| entry.window);
            let teaching: Vec<_> = teaching.collect();
            for (place, meeting) in card.meetings.iter().enumerate() {
                for day in days(meeting, term, within, zone) {
                    let window = class_window(meeting, day, zone);
                    let Some(window) = window.filter(|window| window.overlaps(within)) else {
                        continue;
                    };
                    let taught = |teaching: &Window| teaching.contains(window.opens_at);
                    if teaching.is_empty() || teaching.iter().any(taught) {
                        classes.push(class(*stream, attended, (place, meeting), day, window));
                    }
                }
            }
        }
        classes
    }
}

fn class(
    stream: StreamId,
    Attended { card, link, .. }: &Attended,
    (place, meeting): (usize, &Meeting),
    day: Date,
    window: Window,
) -> Entry {
    Entry {
        id: format!("{stream}-{day}-{place}"),
        kind: EntryKind::Class,
        window,
        subject: Some(card.subject),
        title: None,
        titles: Titles::default(),
        about: About::Class {
            stream,
            group: card.group.clone(),
            room: meeting.room.clone(),
            link: link.clone(),
            teachers: card.teachers.clone(),
        },
    }
}

/// The days of a term on which a meeting takes place, as far as they can matter. Weeks are those of the calendar,
/// from Monday on; the first is the one of the term's first day.
fn days<'a>(
    meeting: &'a Meeting,
    term: &Term,
    within: &Window,
    zone: &TimeZone,
) -> impl Iterator<Item = Date> + 'a {
    let (starts_on, ends_on) = (term.starts_on, term.ends_on);
    let day_of = |instant| zone.to_datetime(instant).date();
    // A class may have begun the day before.
    let from = day_of(within.opens_at).saturating_sub(1.day()).max(starts_on);
    let to = day_of(within.closes_at).min(ends_on);
    let first = monday_of(starts_on);
    let weekday = meeting.weekday.days_after_monday();
    let skipped = usize::try_from((monday_of(from) - first).get_days() / 7).unwrap_or_default();
    let weeks = (skipped..).map(move |week| {
        let days = i64::try_from(week * 7).unwrap_or(i64::MAX).saturating_add(weekday);
        (week, first.saturating_add(jiff::Span::new().try_days(days).unwrap_or(7.days())))
    });
    weeks
        .take_while(move |(week, day)| *day <= to && *week < MOST_WEEKS)
        .filter(move |(week, day)| *day >= from && meeting.weeks.holds(*week))
        .map(|(_, day)| day)
}

/// No term has more weeks: a century is out of reach.
const MOST_WEEKS: usize = 5_200;

/// From when until when a class of a day is; none on a day that no clock reaches.
fn class_window(meeting: &Meeting, day: Date, zone: &TimeZone) -> Option<Window> {
    let opens_at = instant(day, meeting.starts_at, zone)?;
    let closes_at = instant(day, meeting.ends_at, zone)?;
    // Where clocks are set forward over all of it, nothing is left.
    (opens_at < closes_at).then_some(Window { opens_at, closes_at })
}

fn instant(day: Date, time: TimeOfDay, zone: &TimeZone) -> Option<Timestamp> {
    let minutes = i64::from(time.minutes());
    let local = day.at(0, 0, 0, 0).checked_add(minutes.minutes()).ok()?;
    zone.to_timestamp(local).ok()
}
