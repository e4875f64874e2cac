//! Given / when / then: cqrs-es's test framework, worded so that a test reads as its rule, and the
//! small facts that fixtures are made of.

use std::{error::Error, fmt::Debug, str::FromStr};

use cqrs_es::{
    Aggregate,
    test::{AggregateResultValidator, AggregateTestExecutor, TestFramework},
};
use jiff::{Timestamp, civil::Date};

use super::{Digest, Origin, Outcome, Percent, Rules, Text, TextId, TextRef, Window};

/// This has happened before.
pub fn given<A: Aggregate<Services = ()>>(events: impl IntoIterator<Item = A::Event>) -> Given<A> {
    Given(TestFramework::with(()).given(events.into_iter().collect()))
}

/// What has happened before.
pub struct Given<A: Aggregate>(AggregateTestExecutor<A>);

impl<A: Aggregate> Given<A> {
    /// And this after it.
    pub fn and(self, events: impl IntoIterator<Item = A::Event>) -> Self {
        Self(self.0.and(events.into_iter().collect()))
    }

    /// This is asked now.
    pub fn when(self, command: A::Command) -> Then<A> {
        Then(self.0.when(command))
    }
}

/// What came of it.
pub struct Then<A: Aggregate>(AggregateResultValidator<A>);

impl<A: Aggregate<Error: PartialEq + Error>> Then<A> {
    /// Exactly this happens.
    pub fn then(self, events: impl IntoIterator<Item = A::Event>) {
        self.0.then_expect_events(events.into_iter().collect());
    }

    /// What happens, to look at closely.
    pub fn events(self) -> Vec<A::Event> {
        self.0.inspect_result().unwrap()
    }

    /// It is taken, and changes nothing.
    pub fn then_nothing_happens(self) {
        self.then([]);
    }

    /// It is refused, by this rule and on these facts.
    pub fn then_refused(self, error: A::Error) {
        self.0.then_expect_error(error);
    }

    /// It is refused, and the refusal reads so.
    pub fn then_refused_saying(self, message: &str) {
        self.0.then_expect_error_message(message);
    }
}

/// A fixed id of any kind, in the order of its number.
pub fn id<T: FromStr<Err: Debug>>(number: u16) -> T {
    format!("00000000-0000-4000-8000-{number:012}").parse().unwrap()
}

pub fn text(text: &str) -> Text {
    Text::short(text).unwrap()
}

/// A day, `2026-09-01`.
pub fn day(day: &str) -> Date {
    day.parse().unwrap()
}

/// The first instant of a day.
pub fn at(day: &str) -> Timestamp {
    format!("{day}T00:00Z").parse().unwrap()
}

/// From the first instant of one day until the first of another.
pub fn window(opens: &str, closes: &str) -> Window {
    Window { opens_at: at(opens), closes_at: at(closes) }
}

/// A reason that lies outside the log.
pub fn because(reason: &str) -> TextRef {
    TextRef { id: TextId::derived(&[reason]), digest: Digest::salted("salt", reason) }
}

/// A row of another system's export.
pub fn row(line: u64) -> Origin {
    Origin { source: "OULAD".into(), file: "studentInfo.csv".into(), line, day: None }
}

/// The scale of 2011, which knew no FX and called C+ satisfactory, with weights of its own.
pub fn rules_of_2011() -> Rules {
    let mut rules = Rules::kazakhstan();
    rules.scale.retain(|row| row.outcome != Outcome::Retake);
    for row in rules.scale.iter_mut().filter(|row| row.letter == "C+") {
        row.word = "satisfactory".into();
    }
    rules.admission.first = Percent::whole(40);
    rules.admission.second = Percent::whole(60);
    rules.admission.rating.direct = false;
    rules.final_grade.rating = Percent::whole(70);
    rules.final_grade.exam = Percent::whole(30);
    rules
}
