//! One student: signs in, and tries for one course after another.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use aggregates::shared::{EnrollmentId, PersonId, StreamId};
use serde_json::{Value, json};
use witnesses::Asker;

use super::{
    campus::{Campus, Configuration},
    day::{Counter, Day},
};
use crate::{
    Fault,
    house::{PASSWORD, SIGN_IN},
};

const REGISTER: &str = "mutation($subject: ID!, $term: ID!, $key: String!) { \
    registerForSubject(input: { subjectId: $subject, termId: $term, idempotencyKey: $key }) { \
    enrollment { id } position userErrors { code message facts { name value } } } }";
const DROP: &str = "mutation($enrollment: ID!, $key: String!) { \
    dropSubject(input: { enrollmentId: $enrollment, idempotencyKey: $key }) { \
    position userErrors { code message facts { name value } } } }";
const CHOOSE: &str = "mutation($enrollment: ID!, $stream: ID!, $key: String!) { \
    chooseStream(input: { enrollmentId: $enrollment, streamId: $stream, idempotencyKey: $key }) { \
    enrollment { streams { id seats { taken limit } } } position \
    userErrors { code message facts { name value } } } }";
const LEAVE: &str = "mutation($enrollment: ID!, $stream: ID!, $key: String!) { \
    leaveStream(input: { enrollmentId: $enrollment, streamId: $stream, idempotencyKey: $key }) { \
    enrollment { streams { id } } position userErrors { code message facts { name value } } } }";

const JOIN: &str = "mutation($enrollment: ID!, $stream: ID!, $key: String!) { \
    joinWaitingList(input: { enrollmentId: $enrollment, streamId: $stream, idempotencyKey: $key }) { \
    enrollment { waiting { place stream { id } } } position \
    userErrors { code message facts { name value } } } }";

const CLASH: &str = "STREAMS_CLASH";
/// No seat is free, or those that are free are held for the line.
const TAKEN: [&str; 2] = ["STREAM_FULL", "SEATS_HELD"];
/// Why a wish for a course without classes comes to nothing.
const NOT_TAUGHT: &str = "NO_CLASSES";
/// Why the wishes of a student come to nothing whom the import did not take.
const NOT_IMPORTED: &str = "NOT_IMPORTED";

/// What a student came home with.
#[derive(Default)]
pub struct Told {
    /// The classes of each course that is placed.
    pub placed: Vec<(usize, Vec<usize>)>,
    /// The classes that are waited for, by course.
    pub waiting: Vec<(usize, usize)>,
    /// Why the others are not.
    pub refused: BTreeMap<String, usize>,
}

/// A student on their way.
pub struct Student {
    day: Arc<Day>,
    person: PersonId,
    asker: Asker,
    /// All classes with a seat.
    timetable: Vec<usize>,
    told: Told,
}

/// What is known while one wish is tried for.
struct Trying {
    enrollment: EnrollmentId,
    /// The classes that can't be had on this day.
    never: HashSet<usize>,
    /// The classes without a free seat, in the order in which they were tried.
    full: Vec<usize>,
    /// Why classes were refused, in the same order.
    reasons: Vec<String>,
}

impl Trying {
    fn of(&self, stream: StreamId) -> Value {
        json!({"enrollment": self.enrollment, "stream": stream})
    }
}

/// What is never refused: the day can't be told then.
fn unexpected(code: String) -> Fault {
    format!("what was taken can't be given back: {code}").into()
}

/// What became of trying one class.
enum Tried {
    Seat,
    /// It may work beside other classes of the course.
    Clash,
    /// Not on this day.
    Never,
}

impl Student {
    /// Lets a student try for all that they want; who can't come in is refused all of it.
    pub async fn run(day: Arc<Day>, number: usize) -> Result<Told, Fault> {
        let wants = day.campus.students[number].wants.clone();
        let mut student = match Self::sign_in(&day, number).await? {
            Ok(student) => student,
            Err(code) => {
                wants.iter().for_each(|_| day.wish_done());
                return Ok(Told { refused: [(code, wants.len())].into(), ..Told::default() });
            }
        };
        for course in wants {
            student.wish(course).await?;
            day.wish_done();
        }
        Ok(student.told)
    }

    async fn sign_in(day: &Arc<Day>, number: usize) -> Result<Result<Self, String>, Fault> {
        let Some(&person) = day.directory.people.get(&number) else {
            return Ok(Err(NOT_IMPORTED.to_owned()));
        };
        let login = day.campus.students[number].id.to_lowercase();
        let variables = json!({"login": login, "password": PASSWORD});
        let session = match day.ask(&day.asker, SIGN_IN, &variables, Counter::SignIn).await? {
            Ok(session) => session,
            Err(code) => return Ok(Err(code)),
        };
        let token = session["session"]["token"].as_str().ok_or("no session")?;
        let (day, asker) = (Arc::clone(day), day.asker.with_token(token));
        Ok(Ok(Self { day, person, asker, timetable: vec![], told: Told::default() }))
    }

    fn campus(&self) -> &Campus {
        &self.day.campus
    }

    /// Tries in each term in which the course is taught, in the order of its ways; in the end the first class that was
    /// asked for says why not.
    async fn wish(&mut self, course: usize) -> Result<(), Fault> {
        let day = Arc::clone(&self.day);
        let ways = &day.campus.courses[course].configurations;
        let mut reasons = vec![];
        for ways in ways.chunk_by(|one, other| day.taught(one) == day.taught(other)) {
            match self.wish_in_term(course, ways).await? {
                Ok(()) => return Ok(()),
                Err(reason) => reasons.push(reason),
            }
        }
        let reason = reasons.into_iter().next();
        self.refused(reason.unwrap_or_else(|| NOT_TAUGHT.to_owned()));
        Ok(())
    }

    /// Registers, and takes a class of each part; else joins the line of one that is full; else gives the course up, and
    /// says why.
    async fn wish_in_term(
        &mut self,
        course: usize,
        ways: &[Configuration],
    ) -> Result<Result<(), String>, Fault> {
        let Some((subject, term)) = ways.first().and_then(|way| self.day.taught(way)) else {
            return Ok(Err(NOT_TAUGHT.to_owned()));
        };
        let registering = json!({"subject": subject, "term": term});
        if let Err(code) = self.ask(REGISTER, registering).await? {
            return Ok(Err(code));
        }
        let enrollment = EnrollmentId::of(self.person, subject, term);
        let mut trying =
            Trying { enrollment, never: HashSet::new(), full: vec![], reasons: vec![] };
        for way in ways {
            if let Some(classes) = self.take(way, &mut trying).await? {
                self.timetable.extend(&classes);
                self.told.placed.push((course, classes));
                return Ok(Ok(()));
            }
        }
        if let Some(class) = self.join(&trying).await? {
            self.told.waiting.push((course, class));
            return Ok(Ok(()));
        }
        self.ask(DROP, json!({"enrollment": enrollment})).await?.map_err(unexpected)?;
        let reason = trying.reasons.into_iter().next();
        Ok(Err(reason.unwrap_or_else(|| NOT_TAUGHT.to_owned())))
    }

    /// Joins the line of the first full class that the timetable has room for: which one.
    async fn join(&self, trying: &Trying) -> Result<Option<usize>, Fault> {
        for &class in &trying.full {
            let joining = trying.of(self.day.directory.streams[class]);
            let fits = !self.campus().clashes_with_any(class, &self.timetable);
            // A seat may have been freed meanwhile: whoever looks away misses it, as at any counter.
            if fits && self.ask(JOIN, joining).await?.is_ok() {
                return Ok(Some(class));
            }
        }
        Ok(None)
    }

    fn refused(&mut self, code: String) {
        *self.told.refused.entry(code).or_default() += 1;
    }

    /// A class of each part, depth first: where a part has none that can be taken, the part before tries its next.
    async fn take(
        &mut self,
        way: &Configuration,
        trying: &mut Trying,
    ) -> Result<Option<Vec<usize>>, Fault> {
        let mut next = vec![0; way.parts.len()];
        let mut held: Vec<Option<usize>> = vec![None; way.parts.len()];
        let mut level = 0;
        while let Some(part) = way.parts.get(level) {
            let Some(&class) = part.classes.get(next[level]) else {
                if let Some(class) = held[level].take() {
                    self.leave(trying, class).await?;
                }
                next[level] = 0;
                match level.checked_sub(1) {
                    Some(before) => level = before,
                    None => return Ok(None),
                }
                continue;
            };
            next[level] += 1;
            let beside = held[..level].iter().flatten().copied().collect::<Vec<_>>();
            match self.choose(trying, class, &beside).await? {
                Tried::Seat => {
                    held[level] = Some(class);
                    level += 1;
                }
                Tried::Clash => {}
                Tried::Never => {
                    trying.never.insert(class);
                }
            }
        }
        Ok(Some(held.into_iter().flatten().collect()))
    }

    /// Tries for a seat; what is known to be refused, or to lack its parent, is not asked for.
    async fn choose(
        &mut self,
        trying: &mut Trying,
        class: usize,
        beside: &[usize],
    ) -> Result<Tried, Fault> {
        let parent = self.campus().classes[class].parent;
        if trying.never.contains(&class) || parent.is_some_and(|parent| !beside.contains(&parent)) {
            return Ok(Tried::Clash);
        }
        let choosing = trying.of(self.day.directory.streams[class]);
        let Err(code) = self.ask(CHOOSE, choosing).await? else { return Ok(Tried::Seat) };
        let with_others = self.campus().clashes_with_any(class, &self.timetable);
        let tried = match code.as_str() {
            CLASH if with_others => Tried::Never,
            CLASH => Tried::Clash,
            taken if TAKEN.contains(&taken) => {
                trying.full.push(class);
                Tried::Never
            }
            // Whatever else speaks against it is told in the end, and the next class is tried.
            _ => Tried::Never,
        };
        trying.reasons.push(code);
        Ok(tried)
    }

    async fn leave(&mut self, trying: &Trying, class: usize) -> Result<(), Fault> {
        let leaving = trying.of(self.day.directory.streams[class]);
        self.ask(LEAVE, leaving).await?.map(drop).map_err(unexpected)
    }

    /// Under a key of its own, until it is answered: the position, or the code of a refusal.
    async fn ask(&self, query: &str, mut variables: Value) -> Result<Result<i64, String>, Fault> {
        variables["key"] = json!(uuid::Uuid::new_v4());
        let answer = self.day.ask(&self.asker, query, &variables, Counter::Mutation).await?;
        Ok(match answer {
            Ok(answer) => Ok(answer["position"].as_i64().ok_or("an answer without a position")?),
            Err(code) => Err(code),
        })
    }
}
