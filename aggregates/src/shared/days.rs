//! The days of terms, and when the meetings of one are, seen from another that is taught at the same time (manual 2.9).

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use jiff::{ToSpan, civil::Date};

use super::{Meeting, TermId, Weekday, Weeks};

/// From a first day to a last one, counted in weeks of the calendar, from Monday on: the first is the one of the first
/// day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// From when to when there are classes, where that is set.
    taught: Option<(Date, Date)>,
}

impl Days {
    /// With classes on all of them.
    pub fn between(first: Date, last: Date) -> Self {
        Self { first, last, taught: None }
    }

    /// With classes only on those from a first to a last one.
    pub fn taught_between(self, first: Date, last: Date) -> Self {
        Self { taught: Some((first, last)), ..self }
    }

    /// The week that a day is in, from 1; none outside.
    pub fn week_of(&self, day: Date) -> Option<i32> {
        let within = self.first <= day && day <= self.last;
        within.then(|| (monday_of(day) - monday_of(self.first)).get_days() / 7 + 1)
    }

    /// How many weeks there are.
    pub fn weeks(&self) -> i32 {
        self.week_of(self.last).unwrap_or_default()
    }

    /// The first and the last day of a week of that number, as far as it is within; none where it is not.
    pub fn days_of(&self, week: u8) -> Option<(Date, Date)> {
        let monday = self.monday(week.saturating_sub(1).into());
        let sunday = monday.saturating_add(6.days());
        let (first, last) = (monday.max(self.first), sunday.min(self.last));
        (first <= last).then_some((first, last))
    }

    /// The Monday of the week with that number, from 0.
    fn monday(&self, week: i32) -> Date {
        monday_of(self.first).saturating_add((i64::from(week) * 7).days())
    }

    /// The day of the week with that number, from 0.
    fn day(&self, week: i32, weekday: Weekday) -> Date {
        self.monday(week).saturating_add(weekday.days_after_monday().days())
    }

    /// The week of a day on which there are classes.
    fn week_taught(&self, day: Date) -> Option<i32> {
        let is_taught = self.taught.is_none_or(|(first, last)| first <= day && day <= last);
        self.week_of(day).filter(|_| is_taught)
    }

    /// Whether there is a day in both.
    fn overlap(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The weeks that a meeting states in which its day is outside; none where there is no such week.
    pub fn missed_by(&self, meeting: &Meeting) -> Option<Weeks> {
        let stated = i32::try_from(meeting.weeks.last()?).ok()?;
        let is_missed = |week: i32| {
            let held = usize::try_from(week).is_ok_and(|week| meeting.weeks.holds(week));
            held && self.week_of(self.day(week, meeting.weekday)).is_none()
        };
        let missed = Weeks::of((0..stated).map(is_missed));
        missed.last().is_some().then_some(missed)
    }

    /// A meeting of another term in the weeks of this one: it is there on the days on which both have classes.
    fn seen_from_here(&self, meeting: &Meeting, other: &Self) -> Meeting {
        let there = |week| {
            let day = self.day(week, meeting.weekday);
            let week = self.week_taught(day).and_then(|_| other.week_taught(day));
            let week = week.and_then(|week| usize::try_from(week - 1).ok());
            week.is_some_and(|week| meeting.weeks.holds(week))
        };
        let weeks = Weeks::of((0..self.weeks()).map(there));
        Meeting { weeks, ..meeting.clone() }
    }
}

/// The Monday of a day's week.
pub fn monday_of(day: Date) -> Date {
    let since = day.weekday().to_monday_zero_offset();
    day.saturating_sub(i64::from(since).days())
}

/// The days of terms by which streams of several are compared, as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct TermDays(Arc<BTreeMap<TermId, Days>>);

impl FromIterator<(TermId, Days)> for TermDays {
    fn from_iter<I: IntoIterator<Item = (TermId, Days)>>(terms: I) -> Self {
        Self(Arc::new(terms.into_iter().collect()))
    }
}

impl TermDays {
    /// Those of one; none where they are not known.
    pub fn of(&self, term: TermId) -> Option<Days> {
        self.0.get(&term).copied()
    }

    /// Whether the days of both are known; nobody needs them of one term alone.
    pub fn compare(&self, one: TermId, other: TermId) -> bool {
        one == other || (self.0.contains_key(&one) && self.0.contains_key(&other))
    }

    /// The terms that have a day in common with that one, itself among them.
    pub fn at_once(&self, term: TermId) -> impl Iterator<Item = TermId> {
        let days = self.0.get(&term);
        let others = self.0.iter().filter(move |(id, other)| {
            **id != term && days.is_some_and(|days| days.overlap(other))
        });
        others.map(|(id, _)| *id).chain([term])
    }

    /// Each two of these meetings that are at the same time, with when both are: in the weeks of the first ones' term.
    pub fn overlaps<'m>(
        &self,
        (term, ours): (TermId, &'m [Meeting]),
        (of, theirs): (TermId, &'m [Meeting]),
    ) -> impl Iterator<Item = (&'m Meeting, &'m Meeting, Meeting)> {
        let pairs = theirs.iter().flat_map(move |theirs| ours.iter().map(move |it| (it, theirs)));
        pairs.filter(|(ours, theirs)| ours.is_at_the_hour_of(theirs)).filter_map(
            move |(ours, theirs)| {
                let seen = self.seen_from(term, theirs, of)?;
                Some((ours, theirs, ours.overlap(&seen)?))
            },
        )
    }

    /// A meeting of a stream as it is in the weeks of another term; none where that has no day in common with its own.
    fn seen_from<'m>(
        &self,
        term: TermId,
        meeting: &'m Meeting,
        of: TermId,
    ) -> Option<Cow<'m, Meeting>> {
        if term == of {
            return Some(Cow::Borrowed(meeting));
        }
        let (here, there) = (self.0.get(&term)?, self.0.get(&of)?);
        here.overlap(there).then(|| Cow::Owned(here.seen_from_here(meeting, there)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(first: &str, last: &str) -> Days {
        Days::between(first.parse().unwrap(), last.parse().unwrap())
    }

    fn on(weekday: Weekday, weeks: &str) -> Meeting {
        Meeting {
            weekday,
            starts_at: "09:00".parse().unwrap(),
            ends_at: "10:00".parse().unwrap(),
            weeks: Weeks::parse(weeks).unwrap(),
            room: None,
        }
    }

    #[test]
    fn weeks_are_counted_from_the_monday_of_the_first_day() {
        // 1 September 2026 is a Tuesday.
        let term = days("2026-09-01", "2026-12-15");
        let week_of = |day: &str| term.week_of(day.parse().unwrap());
        assert_eq!(week_of("2026-08-31"), None, "the Monday lies before the term");
        assert_eq!((week_of("2026-09-01"), week_of("2026-09-06")), (Some(1), Some(1)));
        assert_eq!(week_of("2026-09-07"), Some(2));
        assert_eq!((week_of("2026-12-15"), week_of("2026-12-16")), (Some(16), None));
        assert_eq!(term.weeks(), 16);
        let told = |week| term.days_of(week).map(|(first, last)| format!("{first} {last}"));
        assert_eq!(told(1).unwrap(), "2026-09-01 2026-09-06");
        assert_eq!(told(2).unwrap(), "2026-09-07 2026-09-13");
        assert_eq!(told(16).unwrap(), "2026-12-14 2026-12-15");
        assert_eq!(told(17), None);
    }

    /// The weeks of the semester in which a meeting of another term is, as they are told.
    fn seen(meeting: &Meeting, other: Days) -> Option<String> {
        // From a Tuesday to a Wednesday, in five weeks of the calendar.
        let semester = days("2026-09-01", "2026-09-30");
        let [here, there] = ["here", "there"].map(|name| TermId::derived(&[name]));
        let terms = TermDays::from_iter([(here, semester), (there, other)]);
        terms.seen_from(here, meeting, there).map(|seen| seen.weeks.to_string())
    }

    #[test]
    fn a_meeting_of_another_term_is_seen_on_the_days_that_are_in_both() {
        let year = days("2026-08-17", "2027-06-30");
        // The semester's first Monday lies before it, its last Friday behind it.
        assert_eq!(seen(&on(Weekday::Monday, ""), year).unwrap(), "2-5");
        assert_eq!(seen(&on(Weekday::Friday, ""), year).unwrap(), "1-4");
        // The year's weeks are counted from its own first day.
        assert_eq!(seen(&on(Weekday::Tuesday, "1111010"), year).unwrap(), "1-2, 4");
        assert_eq!(seen(&on(Weekday::Tuesday, "11"), year).unwrap(), "");
    }

    #[test]
    fn classes_are_at_once_where_both_terms_are_taught() {
        let day = |day: &str| day.parse().unwrap();
        let year = days("2026-08-31", "2027-06-30");
        let until_exams = year.taught_between(day("2026-08-31"), day("2026-09-15"));
        assert_eq!(seen(&on(Weekday::Tuesday, ""), until_exams).unwrap(), "1-3");
        assert_eq!(seen(&on(Weekday::Wednesday, ""), until_exams).unwrap(), "1-2");
        let after = year.taught_between(day("2027-01-20"), day("2027-06-01"));
        assert_eq!(seen(&on(Weekday::Tuesday, ""), after).unwrap(), "");
    }

    #[test]
    fn a_meeting_misses_the_weeks_in_which_its_day_is_outside() {
        // From a Tuesday to a Wednesday, in five weeks of the calendar.
        let semester = days("2026-09-01", "2026-09-30");
        let missed = |weekday, weeks| {
            semester.missed_by(&on(weekday, weeks)).map(|missed| missed.to_string())
        };
        assert_eq!(missed(Weekday::Monday, "11111"), Some("1".to_owned()));
        assert_eq!(missed(Weekday::Monday, "01111"), None);
        assert_eq!(missed(Weekday::Thursday, "1111101"), Some("5, 7".to_owned()));
        assert_eq!(missed(Weekday::Wednesday, "111110"), None);
        assert_eq!(missed(Weekday::Monday, ""), None, "every week is every one that there is");
    }

    #[test]
    fn terms_that_share_a_week_and_no_day_do_not_meet() {
        assert_eq!(seen(&on(Weekday::Monday, ""), days("2026-10-01", "2026-12-20")), None);
        // One day is enough, and it is a Wednesday.
        let from_the_last = days("2026-09-30", "2026-12-20");
        assert_eq!(seen(&on(Weekday::Wednesday, ""), from_the_last).unwrap(), "5");
        assert_eq!(seen(&on(Weekday::Tuesday, ""), from_the_last).unwrap(), "");
    }

    #[test]
    fn terms_at_once_have_a_day_in_common() {
        let [year, autumn, spring, unknown] =
            ["year", "autumn", "spring", "unknown"].map(|name| TermId::derived(&[name]));
        let terms = TermDays::from_iter([
            (year, days("2026-09-01", "2027-06-30")),
            (autumn, days("2026-09-01", "2027-01-16")),
            (spring, days("2027-01-17", "2027-06-30")),
        ]);
        let at_once = |term| terms.at_once(term).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(at_once(autumn), [year, autumn].into());
        assert_eq!(at_once(year), [year, autumn, spring].into());
        assert_eq!(at_once(unknown), [unknown].into());
        assert!(terms.compare(autumn, spring) && !terms.compare(autumn, unknown));
        assert!(terms.compare(unknown, unknown));
    }
}
