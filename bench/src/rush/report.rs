//! What came of the day, told.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use super::{
    campus::Campus,
    day::{Day, Outcome},
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

/// The figures.
#[derive(Serialize)]
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
        killed: bool,
        stock: Option<Comparison>,
    ) -> Self {
        let Outcome { told, mut times, took } = outcome;
        let mut refused = BTreeMap::new();
        for (code, count) in told.iter().flat_map(|told| &told.refused) {
            *refused.entry(code.clone()).or_default() += count;
        }
        let ms = |times: &mut [Duration], part| percentile(times, part).as_secs_f64() * 1e3;
        Self {
            students: day.campus.students.len(),
            wishes: day.campus.wishes.len(),
            placed: told.iter().map(|told| told.placed.len()).sum(),
            waitlisted: told.iter().map(|told| told.waiting.len()).sum(),
            refused,
            greedy_placed,
            mutations: times.accepted.len() + times.refused.len(),
            seconds: took.as_secs_f64(),
            p50_ms: ms(&mut times.accepted, 50),
            p95_ms: ms(&mut times.accepted, 95),
            p99_ms: ms(&mut times.accepted, 99),
            refused_p99_ms: ms(&mut times.refused, 99),
            signin_p99_ms: ms(&mut times.signed_in, 99),
            oversold: found.oversold,
            double_booked: found.double_booked,
            lost_after_kill: killed.then_some(found.lost),
            stock_ratio: stock.as_ref().map(Comparison::ratio),
            accepted: times.accepted.len(),
            again: times.again,
            found,
            stock,
        }
    }

    /// Whether every invariant holds; goals of speed are told, and fail nothing.
    pub fn is_sound(&self) -> bool {
        let found = &self.found;
        let wrong = found.oversold + found.double_booked + found.lost + found.untold;
        let refused: usize = self.refused.values().sum();
        wrong == 0
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
            100.0 * self.placed as f64 / self.greedy_placed as f64,
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
            "accepted    p50 {:.0}, p95 {:.0}, p99 {:.0} ms{}; refused p99 {:.0} ms; sign-ins p99 {:.0} ms",
            self.p50_ms,
            self.p95_ms,
            self.p99_ms,
            missed(self.p99_ms < GOAL_MS),
            self.refused_p99_ms,
            self.signin_p99_ms
        );
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
        for finding in &found.findings {
            println!("FAILED: {finding}");
        }
        if !self.is_sound() {
            println!("FAILED: an invariant does not hold");
        }
    }
}

fn missed(met: bool) -> &'static str {
    if met { "" } else { " (goal missed)" }
}
