//! What the database itself says after the day: its log from the first event on, its views, and whether both hold
//! what students were told.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aggregates::{
    Event,
    shared::{EnrollmentId, PersonId, StreamId},
    stream::StreamEvent,
};
use oqu::{
    audit::audit,
    database::Database,
    log::{self, Filter},
    views::{Tables, Views},
};
use projections::{enrollment::Enrollments, seat::Seats};
use witnesses::caught_up;

use super::{campus::Campus, day::Day, student::Told};
use crate::{Fault, house::House};

/// How many documents are read at once.
const TOGETHER: usize = 1_000;

/// What was found.
#[derive(Default)]
pub struct Found {
    /// How many seats are taken in each class at the end.
    pub taken: Vec<usize>,
    /// How many seats more than there are were taken in a class at any moment; of all classes.
    pub oversold: usize,
    /// How often somebody has a class twice, two classes of one part, or two at the same time.
    pub double_booked: usize,
    /// Seats that were acknowledged, and are missing in the log or in a view.
    pub lost: usize,
    /// Seats that nobody was told of.
    pub untold: usize,
    /// What the audit found: documents that are not the fold of the log, gaps, a broken chain.
    pub findings: Vec<String>,
}

/// Lets the views catch up, ends the servers, and looks.
pub async fn inspect(mut house: House, day: &Day, told: &[Told]) -> Result<Found, Fault> {
    let database = house.location().open_to_read().await?;
    caught_up(&database).await?;
    house.nodes.clear();
    let seats = Seating::read(&database, day).await?;
    let campus = &day.campus;
    let acknowledged: HashSet<_> = told
        .iter()
        .enumerate()
        .flat_map(|(student, told)| told.placed.iter().map(move |placed| (student, placed)))
        .flat_map(|(student, (_, classes))| classes.iter().map(move |class| (student, *class)))
        .collect();
    let in_log: HashSet<_> = seats
        .held
        .iter()
        .flat_map(|(class, students)| students.iter().map(|student| (*student, *class)))
        .collect();
    let in_views = in_views(&database, day, &acknowledged).await?;
    let kept = |seat: &&(usize, usize)| in_log.contains(seat) && in_views.contains(seat);
    let report = audit(&database, None, |_| ()).await?;
    let differing = report.views.iter().filter(|(_, view)| view.differing > 0);
    let differing =
        differing.map(|(name, view)| format!("{}: {} documents differ", name, view.differing));
    let findings = report.findings.told().map(|finding| finding.message.clone());
    let taken =
        (0..campus.classes.len()).map(|class| seats.held.get(&class).map_or(0, BTreeSet::len));
    Ok(Found {
        taken: taken.collect(),
        oversold: seats.oversold.values().sum(),
        double_booked: seats.twice + double_booked(campus, &in_log),
        lost: acknowledged.len() - acknowledged.iter().filter(kept).count(),
        untold: in_log.difference(&acknowledged).count(),
        findings: differing.chain(findings).collect(),
    })
}

/// Who sits where, by the log.
#[derive(Default)]
struct Seating {
    /// By class, who has a seat now.
    held: BTreeMap<usize, BTreeSet<usize>>,
    /// By class, how many too many had one at the worst moment.
    oversold: HashMap<usize, usize>,
    /// How often somebody took a seat who had it already.
    twice: usize,
}

impl Seating {
    async fn read(database: &Database, day: &Day) -> Result<Self, Fault> {
        let classes: HashMap<StreamId, usize> =
            day.directory.streams.iter().copied().zip(0..).collect();
        let students: HashMap<PersonId, usize> =
            day.directory.people.iter().copied().zip(0..).collect();
        let mut seating = Self::default();
        let filter = Filter { aggregate_type: Some("Stream".into()), ..Filter::default() };
        let mut snapshot = database.snapshot().await?;
        log::read_each(&mut snapshot, filter, |event| {
            for recorded in event.decode()? {
                let Event::Stream(event) = recorded.event else { continue };
                let place = event.student().and_then(|student| students.get(&student));
                if let (Some(class), Some(student)) = (classes.get(&event.stream()), place) {
                    seating.see(&day.campus, &event, *class, *student);
                }
            }
            Ok(())
        })
        .await?;
        snapshot.rollback().await?;
        Ok(seating)
    }

    fn see(&mut self, campus: &Campus, event: &StreamEvent, class: usize, student: usize) {
        let held = self.held.entry(class).or_default();
        match event {
            StreamEvent::SeatTaken { .. } => self.twice += usize::from(!held.insert(student)),
            StreamEvent::SeatReleased { .. } => {
                held.remove(&student);
            }
            _ => {}
        }
        if let Some(limit) = campus.classes[class].limit {
            let beyond = held.len().saturating_sub(limit as usize);
            let worst = self.oversold.entry(class).or_default();
            *worst = beyond.max(*worst);
        }
    }
}

/// The seats of these that the views of seats and of registrations show.
async fn in_views(
    database: &Database,
    day: &Day,
    seats: &HashSet<(usize, usize)>,
) -> Result<HashSet<(usize, usize)>, Fault> {
    let views = Views::new(database.clone(), Tables::read(database).await?);
    let seats: Vec<_> = seats.iter().copied().collect();
    let mut shown = HashSet::new();
    for some in seats.chunks(TOGETHER) {
        let stream = |class: usize| day.directory.streams[class];
        let key = |(student, class): (usize, usize)| {
            format!("{}:{}", stream(class), day.directory.people[student])
        };
        let keys: Vec<_> = some.iter().copied().map(key).collect();
        let held = views.get_many::<Seats>(&keys).await?;
        let registration = |(student, class): (usize, usize)| {
            let (subject, term) = day.directory.offered[day.campus.classes[class].part.0]?;
            Some(EnrollmentId::of(day.directory.people[student], subject, term).to_string())
        };
        let ids: Vec<_> = some.iter().copied().filter_map(registration).collect();
        let registered = views.get_many::<Enrollments>(&ids).await?;
        shown.extend(some.iter().copied().filter(|seat| {
            let document = held.get(&key(*seat));
            let enrollment = registration(*seat).and_then(|id| registered.get(&id));
            document.is_some_and(|document| document.held_in == Some(stream(seat.1)))
                && enrollment.is_some_and(|known| known.streams.contains(&stream(seat.1)))
        }));
    }
    Ok(shown)
}

/// How often somebody has two classes of one part, or two at the same time.
fn double_booked(campus: &Campus, seats: &HashSet<(usize, usize)>) -> usize {
    let mut timetables: HashMap<usize, Vec<usize>> = HashMap::new();
    for (student, class) in seats {
        timetables.entry(*student).or_default().push(*class);
    }
    let against = |timetable: &Vec<usize>| {
        let pairs = timetable.iter().enumerate().flat_map(|(place, one)| {
            timetable[place + 1..].iter().map(move |other| (*one, *other))
        });
        let wrong = |(one, other): &(usize, usize)| {
            campus.clash(*one, *other) || campus.classes[*one].part == campus.classes[*other].part
        };
        pairs.filter(wrong).count()
    };
    timetables.values().map(against).sum()
}

#[cfg(test)]
mod tests {
    use super::{super::campus::tests::folder, *};

    #[test]
    fn two_classes_at_once_or_of_one_part_are_found() {
        let classes = "one,a,,1,1,,1000000,08:00,90,\n\
                       two,a,,1,1,,0100000,08:00,90,\n\
                       three,b,,1,1,,1000000,09:00,90,\n\
                       four,c,,1,1,,1000000,12:00,90,";
        let campus = Campus::read(folder(classes, "s,a\nt,a").path(), None).unwrap();
        let of =
            |seats: &[(usize, usize)]| double_booked(&campus, &seats.iter().copied().collect());
        assert_eq!(of(&[(0, 0), (0, 3), (1, 1), (1, 2)]), 0);
        assert_eq!(of(&[(0, 0), (0, 1)]), 1);
        assert_eq!(of(&[(0, 0), (0, 2), (1, 0)]), 1);
    }

    #[test]
    fn a_seat_too_many_is_found_even_where_it_was_given_back() {
        let campus = Campus::read(folder("one,a,1,1,1,,,,,", "s,a").path(), None).unwrap();
        let (stream, enrollment) = (StreamId::new(), EnrollmentId::derived(&[]));
        let mut seating = Seating::default();
        let taken = |student| StreamEvent::SeatTaken { stream, student, enrollment };
        let released = |student| StreamEvent::SeatReleased { stream, student };
        let people = [PersonId::new(), PersonId::new()];
        seating.see(&campus, &taken(people[0]), 0, 0);
        assert_eq!(seating.oversold[&0], 0);
        seating.see(&campus, &taken(people[1]), 0, 1);
        seating.see(&campus, &released(people[1]), 0, 1);
        seating.see(&campus, &taken(people[0]), 0, 0);
        assert_eq!((seating.oversold[&0], seating.twice, seating.held[&0].len()), (1, 1, 1));
    }
}
