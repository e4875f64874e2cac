//! The transcript (manual 2.15), held against a calculation that knows nothing of the server's.

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, day, mark, register},
    server::{Client, text},
};

tests! { both {
    transcripts_equal_a_calculation_of_their_own,
    a_transcript_is_seen_as_it_stood,
} }

/// What this test knows of a regulation: weights in percent, and the scale.
struct Known {
    version: &'static str,
    current: i64,
    first: i64,
    rating: i64,
    scale: &'static [(i64, &'static str, i64)],
}

const LAND: Known = Known {
    version: "2020",
    current: 60,
    first: 50,
    rating: 60,
    scale: &[
        (95, "A", 400),
        (90, "A-", 367),
        (85, "B+", 333),
        (80, "B", 300),
        (75, "B-", 267),
        (70, "C+", 233),
        (65, "C", 200),
        (60, "C-", 167),
        (55, "D+", 133),
        (50, "D", 100),
        (25, "FX", 50),
        (0, "F", 0),
    ],
};

const OTHER: Known = Known {
    version: "2026",
    current: 70,
    first: 40,
    rating: 35,
    scale: &[(85, "Үздік", 450), (70, "Жақсы", 300), (50, "Орташа", 150), (0, "Нашар", 0)],
};

/// A quotient rounded half up.
fn rounded(dividend: i64, divisor: i64) -> i64 {
    (2 * dividend + divisor).div_euclid(2 * divisor)
}

/// Marks in whole percents: two of current work and a midterm in each period, and the exam.
struct Marks {
    periods: [[i64; 3]; 2],
    exam: i64,
}

impl Known {
    /// The final percent: ratings to the hundredth, the grade to the whole, as the land has it.
    fn percent(&self, marks: &Marks) -> i64 {
        let of_period = |[one, other, midterm]: [i64; 3]| {
            rounded(self.current * (one + other) * 50 + (100 - self.current) * midterm * 100, 100)
        };
        let [first, second] = marks.periods.map(of_period);
        let admission = rounded(self.first * first + (100 - self.first) * second, 100);
        match marks.exam {
            exam if exam >= 50 => {
                rounded(self.rating * admission + (100 - self.rating) * exam * 100, 10_000)
            }
            exam => exam,
        }
    }

    fn letter(&self, percent: i64) -> (&'static str, i64) {
        let row = self.scale.iter().find(|row| row.0 <= percent).unwrap();
        (row.1, row.2)
    }

    fn rules(&self) -> Value {
        let row = |(from, grade, points): &(i64, &str, i64)| {
            let outcome = if *from < 50 { "FAILED" } else { "PASSED" };
            json!({
                "from": from, "grade": grade, "gradePoints": *points as f64 / 100.0, "word": grade,
                "ects": "-", "outcome": outcome,
            })
        };
        json!({
            "currentWorkWeight": self.current, "firstRatingWeight": self.first,
            "ratingWeight": self.rating, "scale": self.scale.iter().map(row).collect::<Value>(),
        })
    }
}

/// A grade as it is to stand on the transcript.
struct Line {
    code: String,
    credits: i64,
    percent: i64,
    letter: &'static str,
    points: i64,
    superseded: bool,
}

fn gpa<'a>(lines: impl Iterator<Item = &'a Line>) -> Value {
    let (points, credits) = lines
        .map(|line| (line.points * line.credits, line.credits))
        .fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
    number(rounded(points, credits))
}

/// Hundredths as the API prints them.
fn number(hundredths: i64) -> Value {
    if hundredths % 100 == 0 { json!(hundredths / 100) } else { json!(hundredths as f64 / 100.0) }
}

fn period(term: &str, title: &str, known: &Known, lines: &[Line]) -> Value {
    let entry = |line: &Line| {
        json!([
            line.code,
            line.credits,
            line.percent,
            line.letter,
            number(line.points),
            line.superseded,
            known.version,
        ])
    };
    json!({
        "term": {"id": term, "title": title},
        "gpa": gpa(lines.iter()),
        "entries": lines.iter().map(entry).collect::<Value>(),
    })
}

/// The transcript in the same shape.
fn told(period: &Value) -> Value {
    let entry = |entry: &Value| {
        let version = &entry["decision"]["regulation"]["version"];
        json!([
            entry["code"],
            entry["credits"],
            entry["percent"],
            entry["grade"],
            entry["gradePoints"],
            entry["superseded"],
            version,
        ])
    };
    let entries: Value = period["entries"].as_array().unwrap().iter().map(entry).collect();
    json!({"term": period["term"], "gpa": period["gpa"], "entries": entries})
}

/// Records all marks and the exam.
async fn examine(registrar: &Client, enrollment: &str, marks: &Marks) {
    for (period, [one, other, midterm]) in (1..).zip(marks.periods) {
        mark(registrar, enrollment, "CURRENT", Some(period), one as f64).await;
        mark(registrar, enrollment, "PRACTICE", Some(period), other as f64).await;
        mark(registrar, enrollment, "MIDTERM", Some(period), midterm as f64).await;
    }
    mark(registrar, enrollment, "EXAM", None, marks.exam as f64).await;
}

/// Marks of no pattern, between 50 and 100.
fn marks(seed: i64) -> Marks {
    let some = |place: i64| 50 + (seed * 7_919 + place * 104_729) % 51;
    Marks { periods: [[some(1), some(2), some(3)], [some(4), some(5), some(6)]], exam: some(7) }
}

async fn transcripts_equal_a_calculation_of_their_own(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -100, 90).await;
    let spring = campus.open_term("Көктем", 1, 90).await;
    campus.regulation(OTHER.version, day(1), OTHER.rules()).await;
    let student = campus.student("Қанатов").await;
    let mut subjects = Vec::new();
    for (place, credits) in (1..).zip([5, 6, 3, 8, 4]) {
        let code = format!("SUBJ{place}");
        subjects.push((campus.subject(&code, credits, &[]).await, code, credits));
    }
    // The first subject is failed in autumn and repeated in spring.
    let taken = |known: &'static Known, place: usize, marks: &Marks, superseded: bool| {
        let (_, code, credits) = &subjects[place];
        let percent = known.percent(marks);
        let (letter, points) = known.letter(percent);
        Line { code: code.clone(), credits: *credits, percent, letter, points, superseded }
    };
    let mut in_autumn = Vec::new();
    for place in [0, 1, 2, 3] {
        let exam = if place == 0 { 11 } else { marks(place as i64).exam };
        let marks = Marks { exam, ..marks(place as i64) };
        let enrollment = register(&student, &subjects[place].0, &autumn).await.enrollment;
        examine(&campus.registrar, &enrollment, &marks).await;
        in_autumn.push(taken(&LAND, place, &marks, place == 0));
    }
    let mut in_spring = Vec::new();
    for place in [0, 4] {
        let marks = marks(10 + place as i64);
        let enrollment = register(&student, &subjects[place].0, &spring).await.enrollment;
        examine(&campus.registrar, &enrollment, &marks).await;
        in_spring.push(taken(&OTHER, place, &marks, false));
    }
    assert_eq!(in_autumn[0].letter, "F");

    let transcript = student.ask("Transcript", json!({"student": student.id})).await;
    let transcript = &transcript["transcript"];
    let periods = transcript["periods"].as_array().unwrap();
    assert_eq!(told(&periods[0]), period(&autumn, "Күз", &LAND, &in_autumn));
    assert_eq!(told(&periods[1]), period(&spring, "Көктем", &OTHER, &in_spring));
    let standing = || in_autumn.iter().chain(&in_spring).filter(|line| !line.superseded);
    assert_eq!(transcript["gpa"], gpa(standing()));
    let earned: i64 = standing().filter(|line| line.points > 0).map(|line| line.credits).sum();
    assert_eq!(transcript["creditsEarned"], earned);
}

async fn a_transcript_is_seen_as_it_stood(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -100, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &subject, &term).await.enrollment;
    examine(&campus.registrar, &enrollment, &marks(3)).await;
    let head = campus.auditor.ask("LogHead", json!({})).await;
    let (position, time) = (head["position"].as_i64().unwrap(), text(&head["recordedAt"]));
    let correct = json!({"enrollment": enrollment, "percent": 100, "reason": "апелляция"});
    campus.registrar.ask("CorrectGrade", correct).await;

    let ask = async |mut at: Value| {
        at["student"] = student.id.clone().into();
        let told = student.ask("Transcript", at).await["transcript"].take();
        let entries = told["periods"][0]["entries"].as_array().cloned().unwrap_or_default();
        let grades: Vec<_> = entries.iter().map(|entry| text(&entry["grade"])).collect();
        (grades.join(" "), told["gpa"].clone(), told["position"].clone())
    };
    let (letter, points) = LAND.letter(LAND.percent(&marks(3)));
    let then = (letter.to_owned(), number(points), json!(position));
    assert_eq!(ask(json!({})).await, (format!("{letter} A"), json!(4), json!(position + 1)));
    assert_eq!(ask(json!({"asOfPosition": position})).await, then);
    assert_eq!(ask(json!({"asOf": time})).await, then);
    let ungraded = (String::new(), json!(null), json!(position - 1));
    assert_eq!(ask(json!({"asOfPosition": position - 1})).await, ungraded);
    let nothing = (String::new(), json!(null), json!(0));
    assert_eq!(ask(json!({"asOf": "2020-01-01T00:00:00Z"})).await, nothing);

    let both = json!({"student": student.id, "asOf": time, "asOfPosition": position});
    assert_eq!(student.refused("Transcript", both).await, "BAD_INPUT");
}
