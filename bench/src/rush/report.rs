//! What came of the day, told.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use super::{
    campus::Campus,
    day::{AnswerKind, Day, Outcome, Times},
    inspect::Found,
    stock::Comparison,
};
use crate::load::percentile;

/// Within how much time 99 of 100 mutations have to be answered.
const GOAL_MS: f64 = 250.0;
/// How much of what the offline pass places has to be placed.
const GOAL_PLACED: f64 = 0.9;
/// How many times slower the stock stack is, at least.
const GOAL_STOCK: f64 = 20.0;
/// How many of the fullest classes are shown.
const SHOWN: usize = 10;

/// The figures. An answer's time is since it was asked for the first time, however often it had to be asked again;
/// what the kill cut off is in none of them.
#[derive(Default, Serialize)]
pub struct Report {
    students: usize,
    wishes: usize,
    placed: usize,
    waitlisted: usize,
    refused: BTreeMap<String, usize>,
    greedy_placed: usize,
    mutations: usize,
    seconds: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    refused_p99_ms: f64,
    signin_p99_ms: f64,
    oversold: usize,
    double_booked: usize,
    lost_after_kill: Option<usize>,
    stock_ratio: Option<f64>,
    #[serde(skip)]
    accepted: usize,
    /// The answers to accepted mutations since they were asked for the last time: p50, p95, p99.
    #[serde(skip)]
    alone_ms: [f64; 3],
    #[serde(skip)]
    cut_off: usize,
    /// What the kill cut off was answered in so much time, at the most.
    #[serde(skip)]
    cut_off_ms: f64,
    /// The server was to be killed in the middle, and was not.
    #[serde(skip)]
    not_killed: bool,
    #[serde(skip)]
    again: BTreeMap<String, usize>,
    #[serde(skip)]
    found: Found,
    #[serde(skip)]
    stock: Option<Comparison>,
}

impl Report {
    /// Of a day and what was found after it.
    pub fn of(
        day: &Day,
        outcome: Outcome,
        found: Found,
        greedy_placed: usize,
        kill: bool,
        stock: Option<Comparison>,
    ) -> Self {
        let Outcome { told, times, took, killed } = outcome;
        let mut refused = BTreeMap::new();
        for (code, count) in told.iter().flat_map(|told| &told.refused) {
            *refused.entry(code.clone()).or_default() += count;
        }
        let report = Self {
            students: day.campus.students.len(),
            wishes: day.campus.wishes.len(),
            placed: told.iter().map(|told| told.placed.len()).sum(),
            waitlisted: told.iter().map(|told| told.waiting.len()).sum(),
            refused,
            greedy_placed,
            seconds: took.as_secs_f64(),
            oversold: found.oversold,
            double_booked: found.double_booked,
            lost_after_kill: killed.then_some(found.lost),
            stock_ratio: stock.as_ref().map(Comparison::ratio),
            not_killed: kill && !killed,
            found,
            stock,
            ..Self::default()
        };
        report.with_times(times)
    }

    fn with_times(self, times: Times) -> Self {
        let of = |kind| times.answers.iter().filter(move |answer| answer.kind == kind);
        let since_first = |kind| {
            let whole = of(kind).filter(|answer| !answer.cut_off);
            percentiles(whole.map(|answer| answer.since_first))
        };
        let cut_off = || times.answers.iter().filter(|answer| answer.cut_off);
        let accepted = of(AnswerKind::Accepted).count();
        let [p50_ms, p95_ms, p99_ms] = since_first(AnswerKind::Accepted);
        Self {
            mutations: accepted + of(AnswerKind::Refused).count(),
            p50_ms,
            p95_ms,
            p99_ms,
            refused_p99_ms: since_first(AnswerKind::Refused)[2],
            signin_p99_ms: since_first(AnswerKind::SignedIn)[2],
            accepted,
            alone_ms: percentiles(of(AnswerKind::Accepted).map(|answer| answer.alone)),
            cut_off: cut_off().count(),
            cut_off_ms: ms(cut_off().map(|answer| answer.since_first).max().unwrap_or_default()),
            again: times.again,
            ..self
        }
    }

    /// Whether every invariant holds; goals of speed are told, and fail nothing.
    pub fn is_sound(&self) -> bool {
        let found = &self.found;
        let wrong = found.oversold + found.double_booked + found.lost + found.untold;
        let refused: usize = self.refused.values().sum();
        wrong == 0
            && !self.not_killed
            && found.findings.is_empty()
            && self.placed + self.waitlisted + refused == self.wishes
    }

    /// On the screen.
    pub fn print(&self, campus: &Campus) {
        let rate = |count: usize| count as f64 / self.seconds;
        println!("\nwishes      {} of {} students", self.wishes, self.students);
        println!(
            "placed      {}, {:.1} % of the {} that an offline pass places{}",
            self.placed,
            100.0 * self.placed as f64 / self.greedy_placed.max(1) as f64,
            self.greedy_placed,
            missed(self.placed as f64 >= GOAL_PLACED * self.greedy_placed as f64)
        );
        println!("wait-listed {}", self.waitlisted);
        for (code, count) in &self.refused {
            println!("refused     {count} {code}");
        }
        println!(
            "mutations   {} in {:.1} s: {:.0}/s, {:.0}/s of them accepted",
            self.mutations,
            self.seconds,
            rate(self.mutations),
            rate(self.accepted)
        );
        println!(
            "accepted    p50 {:.0}, p95 {:.0}, p99 {:.0} ms since first asked{}; refused p99 {:.0} ms; \
             sign-ins p99 {:.0} ms",
            self.p50_ms,
            self.p95_ms,
            self.p99_ms,
            missed(self.p99_ms < GOAL_MS),
            self.refused_p99_ms,
            self.signin_p99_ms
        );
        let [p50, p95, p99] = self.alone_ms;
        println!("            p50 {p50:.0}, p95 {p95:.0}, p99 {p99:.0} ms the last answer alone");
        if self.cut_off > 0 {
            println!(
                "cut off     {} by the kill, and counted in the last answers alone: answered within {:.0} ms",
                self.cut_off, self.cut_off_ms
            );
        }
        for (failure, count) in &self.again {
            println!("asked again {count} {failure}");
        }
        self.print_classes(campus);
        if let Some(stock) = &self.stock {
            println!("{stock}{}", missed(stock.ratio() >= GOAL_STOCK));
        }
        self.print_findings();
    }

    /// Sold against capacity: the fullest ones, and a line for the rest.
    fn print_classes(&self, campus: &Campus) {
        let mut limited: Vec<_> = campus
            .classes
            .iter()
            .zip(&self.found.taken)
            .enumerate()
            .filter(|(number, _)| !campus.left_out.contains_key(number))
            .filter_map(|(_, (class, taken))| Some((class, *taken, class.limit? as usize)))
            .collect();
        limited.sort_by_key(|(_, taken, limit)| limit.saturating_sub(*taken));
        println!("seats       sold of its capacity, for every class:");
        for line in limited.chunks(SHOWN) {
            let sold =
                line.iter().map(|(class, taken, limit)| format!("{} {taken}/{limit}", class.id));
            println!("            {}", sold.collect::<Vec<_>>().join(", "));
        }
        let others = campus.classes.len() - campus.left_out.len() - limited.len();
        println!("            and {others} without a limit");
        for (class, why) in &campus.left_out {
            println!("left out    the class `{}`: {why}", campus.classes[*class].id);
        }
        for row in &campus.unread {
            println!("left out    {row}");
        }
    }

    fn print_findings(&self) {
        let found = &self.found;
        println!(
            "the database itself: {} seats oversold, {} double bookings, {} acknowledged and lost, \
             {} of which nobody was told",
            found.oversold, found.double_booked, found.lost, found.untold
        );
        let [beyond, twice] = found.brought;
        if beyond + twice > 0 {
            println!(
                "the folder itself: {beyond} seats beyond a capacity, {twice} double bookings"
            );
        }
        if self.not_killed {
            println!("FAILED: all was over before the server could be killed");
        }
        for finding in &found.findings {
            println!("FAILED: {finding}");
        }
        if !self.is_sound() {
            println!("FAILED: not all holds that has to");
        }
    }
}

/// p50, p95 and p99, in milliseconds.
fn percentiles(times: impl Iterator<Item = Duration>) -> [f64; 3] {
    let mut times: Vec<_> = times.collect();
    [50, 95, 99].map(|part| ms(percentile(&mut times, part)))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn missed(met: bool) -> &'static str {
    if met { "" } else { " (goal missed)" }
}

#[cfg(test)]
mod tests {
    use super::{super::day::Answer, *};

    fn sound() -> Report {
        let refused = [("STREAM_FULL".to_owned(), 1)].into();
        Report { wishes: 4, placed: 2, waitlisted: 1, refused, ..Report::default() }
    }

    #[test]
    fn a_day_fails_by_whatever_does_not_hold() {
        let found = Found::default;
        assert!(sound().is_sound());
        // What the folder brought is not the day's doing.
        let brought = Found { brought: [1, 1], ..found() };
        assert!(Report { found: brought, ..sound() }.is_sound());
        for found in [
            Found { oversold: 1, ..found() },
            Found { double_booked: 1, ..found() },
            Found { lost: 1, ..found() },
            Found { untold: 1, ..found() },
            Found { findings: vec!["a gap".to_owned()], ..found() },
        ] {
            assert!(!Report { found, ..sound() }.is_sound());
        }
        assert!(!Report { placed: 1, ..sound() }.is_sound());
        assert!(!Report { not_killed: true, ..sound() }.is_sound());
    }

    #[test]
    fn a_time_is_since_the_first_question_and_what_the_kill_cut_off_is_told_apart() {
        let answer = |kind, since_first, alone, cut_off| {
            let [since_first, alone] = [since_first, alone].map(Duration::from_millis);
            Answer { kind, since_first, alone, cut_off }
        };
        let answers = vec![
            answer(AnswerKind::Accepted, 90, 10, false),
            answer(AnswerKind::Accepted, 2_000, 20, true),
            answer(AnswerKind::Refused, 7, 7, false),
            answer(AnswerKind::SignedIn, 3_000, 30, true),
        ];
        let times = Times { answers, ..Times::default() };
        let report = Report::default().with_times(times);
        assert_eq!((report.mutations, report.accepted), (3, 2));
        assert_eq!([report.p50_ms, report.p99_ms], [90.0, 90.0]);
        assert_eq!((report.refused_p99_ms, report.signin_p99_ms), (7.0, 0.0));
        assert_eq!(report.alone_ms, [20.0, 20.0, 20.0]);
        assert_eq!((report.cut_off, report.cut_off_ms), (2, 3_000.0));
    }
}
