//! Somebody's timetable: classes, exams, controls, holidays, events (manual 2.4).

use std::{collections::BTreeMap, str::FromStr};

use aggregates::shared::{Fact, PersonId, StreamId, SubjectId, Text, Window};
use async_graphql::{Context, Enum, ID, InputObject, Object};
use jiff::{ToSpan, civil};
use projections::{
    term::midnight,
    timetable::{About, Entry, EntryKind, Timetable, clashing},
};

use super::{
    errors::{top, top_of},
    local_titles,
    people::Person,
    periods::Period,
    request::{Ask, query_id, stored},
    scalars::{Date, DateTime},
    sittings::Sitting,
    streams::Stream,
    subject_abouts::LocalText,
    subjects::Subject,
    test_cards::Test,
};
use crate::{database::StoreError, troubles};

/// How many days of a timetable are shown at once.
const MOST_DAYS: i32 = 366;

/// What something in a timetable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "EntryKind")]
pub enum TimetableKind {
    /// A class of a stream.
    Class,
    /// An exam or a retake: a sitting, or a test.
    Exam,
    /// Any other test, or a control that is held.
    Control,
    /// Holidays: classes do not take place.
    Holiday,
    /// Any other period of the calendar, or a consultation.
    Event,
}

/// How much of a timetable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum TimetableSpan {
    /// That day.
    Day,
    /// The week that the day is in, from Monday to Sunday.
    Week,
    /// The month that the day is in.
    Month,
}

/// What of a timetable; all that are set have to fit.
#[derive(Default, InputObject)]
pub struct TimetableFilter {
    /// Of these kinds.
    kinds: Option<Vec<TimetableKind>>,
    /// Of these subjects.
    subject_ids: Option<Vec<ID>>,
    /// Of these streams.
    stream_ids: Option<Vec<ID>>,
    /// Taught by these.
    teacher_ids: Option<Vec<ID>>,
}

impl TimetableFilter {
    /// For which only the kinds are set.
    pub fn with_kinds(mut self, kinds: Option<Vec<TimetableKind>>) -> Self {
        self.kinds = self.kinds.or(kinds);
        self
    }

    /// Leaves what fits.
    fn narrow(&self, entries: &mut Vec<Entry>) -> async_graphql::Result<()> {
        let subjects = ids::<SubjectId>(self.subject_ids.as_ref())?;
        let streams = ids::<StreamId>(self.stream_ids.as_ref())?;
        let teachers = ids::<PersonId>(self.teacher_ids.as_ref())?;
        entries.retain(|entry| {
            let taught_by = entry.teachers();
            let kind = entry.kind.into();
            self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
                && fits(subjects.as_deref(), entry.subject.as_ref())
                && fits(streams.as_deref(), entry.stream().as_ref())
                && teachers
                    .as_ref()
                    .is_none_or(|asked| taught_by.iter().any(|teacher| asked.contains(teacher)))
        });
        Ok(())
    }
}

fn ids<T: FromStr>(ids: Option<&Vec<ID>>) -> async_graphql::Result<Option<Vec<T>>> {
    ids.map(|ids| ids.iter().map(query_id).collect()).transpose()
}

/// Whether it is one of those that are asked for, if some are.
fn fits<T: PartialEq>(asked: Option<&[T]>, known: Option<&T>) -> bool {
    asked.is_none_or(|asked| known.is_some_and(|known| asked.contains(known)))
}

/// Something in a timetable.
pub struct TimetableEntry {
    entry: Entry,
    at_once: Vec<ID>,
}

#[Object]
impl TimetableEntry {
    /// The same whenever it is asked for.
    async fn id(&self) -> ID {
        self.entry.id.clone().into()
    }

    /// What it is.
    async fn kind(&self) -> TimetableKind {
        self.entry.kind.into()
    }

    /// Of a test its title, of a period its own or the term's; none for a class. In whatever language it was typed.
    async fn title(&self) -> Option<String> {
        self.entry.title.as_ref().map(ToString::to_string)
    }

    /// The same in the reader's language (`Accept-Language`), or else `title` with `language` null: what to show people.
    async fn local_title(&self) -> Option<LocalText> {
        self.entry.title.as_ref().map(|title| local_titles::local(title, &self.entry.titles))
    }

    /// From when. A class keeps its hour of the university's day, also when clocks change.
    async fn starts_at(&self) -> DateTime {
        DateTime(self.entry.window.opens_at)
    }

    /// Until when.
    async fn ends_at(&self) -> DateTime {
        DateTime(self.entry.window.closes_at)
    }

    /// The subject, of a class, a sitting or a test.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        match self.entry.subject {
            Some(subject) => Subject::load(ctx, subject).await,
            None => Ok(None),
        }
    }

    /// The stream, of a class or a sitting.
    async fn stream(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Stream>> {
        match self.entry.stream() {
            Some(stream) => Stream::load(ctx, stream).await,
            None => Ok(None),
        }
    }

    /// The sitting: an exam, a control or a consultation that is held at a time and a place.
    async fn sitting(&self) -> Option<Sitting> {
        match &self.entry.about {
            About::Sitting { sitting, .. } => Some(Sitting::of(self.entry.id.clone(), sitting)),
            _ => None,
        }
    }

    /// Where, of a class or a sitting, as far as known.
    async fn room(&self) -> Option<&str> {
        self.entry.room()
    }

    /// The address, of a class or a sitting that is online.
    async fn online_link(&self) -> Option<&str> {
        match &self.entry.about {
            About::Class { link, .. } => link.as_ref().map(Text::as_str),
            About::Sitting { sitting, .. } => sitting.link.as_ref().map(Text::as_str),
            About::Test(_) | About::Period { .. } => None,
        }
    }

    /// Who teaches, of a class or a sitting.
    async fn teachers(&self) -> Vec<Person> {
        self.entry.teachers().iter().copied().map(Person).collect()
    }

    /// What else of this timetable is at the same time, by the ids, of a class or a sitting: nobody can be at both. A class
    /// gives way to a sitting of its own stream.
    async fn at_once(&self) -> &[ID] {
        &self.at_once
    }

    /// The test, of an exam or a control.
    async fn test(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Test>> {
        match &self.entry.about {
            About::Test(test) => Test::load(ctx, *test).await,
            _ => Ok(None),
        }
    }

    /// The period of the calendar, of holidays or an event.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Period>> {
        match &self.entry.about {
            About::Period { term, period, .. } => Period::load(ctx, *term, *period).await,
            _ => Ok(None),
        }
    }
}

/// Which days of a timetable, and what of them.
pub struct Asked {
    /// The first day, or the one that the span is around.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
    /// How much in place of a last day.
    pub span: Option<TimetableSpan>,
    /// What of it.
    pub filter: TimetableFilter,
}

/// What is on in those days, the earliest first, of a timetable that is made of this.
pub async fn shown(
    ctx: &Context<'_>,
    asked: Asked,
    made_of: impl Future<Output = Result<Timetable, StoreError>> + Send,
) -> async_graphql::Result<Vec<TimetableEntry>> {
    let zone = &ctx.services()?.cabinet.time_zone;
    let (first, last) = asked.days()?;
    let after = last.checked_add(1.day()).ok().and_then(|after| midnight(after, zone));
    let (Some(opens_at), Some(closes_at)) = (midnight(first, zone), after) else {
        return Err(beyond());
    };
    let mut entries = stored(made_of.await)?.entries(&Window { opens_at, closes_at }, zone);
    let clashing = clashing(&entries).into_iter();
    let mut clashing: BTreeMap<_, Vec<ID>> = clashing
        .map(|(id, others)| (id.to_owned(), others.into_iter().map(ID::from).collect()))
        .collect();
    asked.filter.narrow(&mut entries)?;
    let shown = entries.into_iter().map(|entry| {
        let at_once = clashing.remove(&entry.id).unwrap_or_default();
        TimetableEntry { entry, at_once }
    });
    Ok(shown.collect())
}

/// A day at the end of all calendars.
pub fn beyond() -> async_graphql::Error {
    top(troubles::DAYS_BEYOND)
}

impl Asked {
    /// The first and the last day.
    fn days(&self) -> async_graphql::Result<(civil::Date, civil::Date)> {
        let from = self.from.0;
        let (first, last) = match (self.to, self.span) {
            (Some(_), Some(_)) => return Err(top(troubles::TWO_ENDS)),
            (Some(Date(to)), None) => (from, to),
            (None, Some(TimetableSpan::Day) | None) => (from, from),
            (None, Some(TimetableSpan::Week)) => {
                let since = i64::from(from.weekday().to_monday_zero_offset());
                let monday = from.checked_sub(since.days()).map_err(|_| beyond())?;
                (monday, monday.checked_add(6.days()).map_err(|_| beyond())?)
            }
            (None, Some(TimetableSpan::Month)) => (from.first_of_month(), from.last_of_month()),
        };
        match (last - first).get_days() {
            days if days < 0 => Err(top(troubles::ENDS_BEFORE_START)),
            days if days >= MOST_DAYS => {
                Err(top_of(troubles::TOO_MANY_DAYS, &[Fact::new("most", MOST_DAYS)]))
            }
            _ => Ok((first, last)),
        }
    }
}
