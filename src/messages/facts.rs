//! How facts are told in a sentence: numbers choose the forms of the words beside them, times are the university's, and
//! what is made of a program's words is told in the reader's.

use std::collections::BTreeSet;

use aggregates::shared::Fact;
use fluent_bundle::{FluentValue, types::FluentNumber};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{LANGUAGES, ZONE, format};

/// The facts that are made of words as programs know them: `any(passed MATH1, in_group A)`.
const WORDED: [&str; 8] =
    ["clashes", "component", "meeting", "missing", "requirement", "stream", "wanted", "weekday"];

/// How exactly times can be told, the least exactly first.
const CLOCKS: [&str; 3] = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.6f"];

/// How facts are told in one language.
pub(super) struct Telling {
    /// The language, as a place in the list of languages.
    language: usize,
    /// How it writes a day.
    day: &'static str,
    /// How exactly times are told.
    clock: &'static str,
}

impl Telling {
    /// In that language, and so exactly that different times among these are told as different, and those that somebody
    /// stated to the second as they were stated; what a clock told goes to the microsecond.
    pub(super) fn of(language: usize, facts: &[Fact]) -> Option<Self> {
        let day = LANGUAGES.get(language)?.day;
        let times: BTreeSet<_> = facts.iter().filter_map(|fact| instant(&fact.value)).collect();
        let tells_apart = |clock: &&str| {
            let told: BTreeSet<_> =
                times.iter().map(|at| zoned(*at, &format!("%F {clock}"))).collect();
            told.len() == times.len()
        };
        let is_stated = |at: &Timestamp| at.subsec_nanosecond() == 0 && at.as_second() % 60 != 0;
        let from = usize::from(times.iter().any(is_stated));
        let clock = CLOCKS[from..].iter().copied().find(tells_apart).unwrap_or(CLOCKS[from]);
        Some(Self { language, day, clock })
    }

    /// A fact as it stands in a message.
    pub(super) fn value<'f>(&self, fact: &'f Fact) -> FluentValue<'f> {
        match fact.name.as_str() {
            "kept" => self.kept(&fact.value).into(),
            name if WORDED.contains(&name) => self.in_words(&fact.value).into(),
            _ => number(&fact.value)
                .map_or_else(|| self.plain(&fact.value).into(), FluentValue::Number),
        }
    }

    /// A time to the minute at the university, or more exactly; a day as the language writes it; what else it is.
    pub(super) fn plain(&self, value: &str) -> String {
        if let Some(at) = instant(value) {
            return zoned(at, &format!("{} {}", self.day, self.clock));
        }
        let on = value.parse::<Date>().ok().filter(|_| value.len() == "2026-09-01".len());
        on.map_or_else(|| value.to_owned(), |on| on.strftime(self.day).to_string())
    }

    /// A fact that is made of a program's words, each of them, and each time, in the reader's language.
    fn in_words(&self, value: &str) -> String {
        let is_word = |letter: char| letter.is_alphanumeric() || "_-:.".contains(letter);
        let mut all = String::with_capacity(value.len());
        let mut rest = value;
        while !rest.is_empty() {
            let end = rest.find(is_word).unwrap_or(rest.len());
            all.push_str(&rest[..end]);
            rest = &rest[end..];
            let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            let known = word.starts_with(|first: char| first.is_ascii_lowercase());
            let code = known.then(|| format!("WORD_{}", word.to_uppercase()));
            let known = code.and_then(|code| format(self.language, &code, &[]));
            all.push_str(&known.unwrap_or_else(|| self.plain(word)));
            rest = behind;
        }
        all
    }

    /// The seats that are kept for others: for whom, how many and until when, one by one.
    fn kept(&self, value: &str) -> String {
        let tell = |kept: &str| {
            let told =
                reservation(kept).and_then(|facts| format(self.language, "SEATS_KEPT", &facts));
            told.unwrap_or_else(|| kept.to_owned())
        };
        value.split("; ").map(tell).collect::<Vec<_>>().join("; ")
    }
}

/// What `PROGRAMME, YEAR: SEATS until TIME` says, where the programme may be `*` for any, and the year not be there.
fn reservation(kept: &str) -> Option<[Fact; 4]> {
    let (rest, until) = kept.rsplit_once(" until ")?;
    let (who, seats) = rest.rsplit_once(": ")?;
    let of_year = who.rsplit_once(", ").filter(|(_, year)| year.parse::<u8>().is_ok());
    let (programme, year) = of_year.unwrap_or((who, "any"));
    let programme = if programme == "*" { "any" } else { programme };
    let facts = [("programme", programme), ("year", year), ("seats", seats), ("until", until)];
    Some(facts.map(|(name, value)| Fact::new(name, value)))
}

/// A plain number; what would be written otherwise as one is none (a code such as 007, 1e3).
fn number(value: &str) -> Option<FluentNumber> {
    let plain = value.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    let number: FluentNumber = value.parse().ok().filter(|_| plain)?;
    (number.as_string() == value).then_some(number)
}

fn instant(value: &str) -> Option<Timestamp> {
    value.parse().ok().filter(|_| value.ends_with('Z'))
}

/// A time at the university.
fn zoned(at: Timestamp, written: &str) -> String {
    let zone = ZONE.get().cloned().unwrap_or(TimeZone::UTC);
    zone.to_datetime(at).strftime(written).to_string()
}
