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
use projections::{enrollment::Enrollments, seat::Seats, wish::Wishes};
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
    /// How many more seats than there are somebody had in a class when one was taken, at the worst; of all classes.
    pub oversold: usize,
    /// How often somebody has a class twice, two classes of one part, or two at the same time.
    pub double_booked: usize,
    /// What the folder itself brought of both: seats beyond a capacity, and classes that nobody can have together.
    pub brought: [usize; 2],
    /// Seats, and places in lines, that were acknowledged, and are missing in the log or in a view.
    pub lost: usize,
    /// Seats and places that nobody was told of.
    pub untold: usize,
    /// What the audit found: documents that are not the fold of the log, gaps, a broken chain.
    pub findings: Vec<String>,
}

/// Lets the views catch up, ends the servers, and looks.
pub async fn inspect(mut house: House, day: &Day, told: &[Told]) -> Result<Found, Fault> {
    let database = house.location().open_to_read().await?;
    caught_up(&database).await?;
    house.nodes.clear();
    let seating = Seating::read(&database, day).await?;
    let campus = &day.campus;
    let views = Views::new(database.clone(), Tables::read(&database).await?);
    let told_seats = acknowledged(told, |told| told.placed.iter().flat_map(|(_, held)| held));
    let told_lines = acknowledged(told, |told| told.waiting.iter().map(|(_, class)| class));
    let (seats, lines) = (places(&seating.held), places(&seating.lines));
    let shown_seats = shown_seats(&views, day, &told_seats).await?;
    let shown_lines = shown_lines(&views, day, &told_lines).await?;
    let lost =
        missing(&told_seats, &seats, &shown_seats) + missing(&told_lines, &lines, &shown_lines);
    let sold: Places = seats.difference(&seating.brought).copied().collect();
    let report = audit(&database, None, |_| ()).await?;
    let differing = report.views.iter().filter(|(_, view)| view.differing > 0);
    let differing =
        differing.map(|(name, view)| format!("{name}: {} documents differ", view.differing));
    let findings = report.findings.told().map(|finding| finding.message.clone());
    let brought = double_booked(campus, &seating.brought);
    let taken = |class| seating.held.get(&class).map_or(0, BTreeSet::len);
    Ok(Found {
        taken: (0..campus.classes.len()).map(taken).collect(),
        oversold: seating.oversold.values().sum(),
        double_booked: seating.twice + double_booked(campus, &seats) - brought,
        brought: [seating.brought_beyond(campus), brought],
        lost,
        untold: sold.difference(&told_seats).count() + lines.difference(&told_lines).count(),
        findings: differing.chain(findings).collect(),
    })
}

/// Students and classes.
type Places = HashSet<(usize, usize)>;

/// What all students were told, each of some classes.
fn acknowledged<'a, I: Iterator<Item = &'a usize>>(
    told: &'a [Told],
    classes: impl Fn(&'a Told) -> I,
) -> Places {
    let of = |(student, told)| classes(told).map(move |class| (student, *class));
    told.iter().enumerate().flat_map(of).collect()
}

/// How many of those that were told the log does not hold, or the views do not show.
fn missing(told: &Places, log: &Places, shown: &Places) -> usize {
    told.iter().filter(|place| !(log.contains(place) && shown.contains(place))).count()
}

fn places(by_class: &BTreeMap<usize, BTreeSet<usize>>) -> Places {
    let of = |(class, students): (&usize, &BTreeSet<usize>)| {
        let class = *class;
        students.iter().map(move |student| (*student, class)).collect::<Vec<_>>()
    };
    by_class.iter().flat_map(of).collect()
}

/// Who sits where, by the log.
#[derive(Default)]
struct Seating {
    /// By class, who has a seat now.
    held: BTreeMap<usize, BTreeSet<usize>>,
    /// The seats among them that came with the folder.
    brought: Places,
    /// By class, who waits for one.
    lines: BTreeMap<usize, BTreeSet<usize>>,
    /// By class, how many too many had one when somebody took one, at the worst moment.
    oversold: HashMap<usize, usize>,
    /// How often somebody took a seat who had it already.
    twice: usize,
}

impl Seating {
    async fn read(database: &Database, day: &Day) -> Result<Self, Fault> {
        let classes: HashMap<StreamId, usize> =
            day.directory.streams.iter().copied().zip(0..).collect();
        let people = day.directory.people.iter();
        let mut students: HashMap<PersonId, usize> =
            people.map(|(number, person)| (*person, *number)).collect();
        // Who wants nothing may have come with a seat, and is counted on.
        let mut others = day.campus.students.len()..;
        let mut seating = Self::default();
        let filter = Filter { aggregate_type: Some("Stream".into()), ..Filter::default() };
        let mut snapshot = database.snapshot().await?;
        log::read_each(&mut snapshot, filter, |event| {
            for recorded in event.decode()? {
                let Event::Stream(event) = recorded.event else { continue };
                let (Some(class), Some(person)) = (classes.get(&event.stream()), event.student())
                else {
                    continue;
                };
                let number = students.entry(person).or_insert_with(|| others.next().unwrap_or(0));
                seating.see(&day.campus, &event, *class, *number);
            }
            Ok(())
        })
        .await?;
        snapshot.rollback().await?;
        Ok(seating)
    }

    fn see(&mut self, campus: &Campus, event: &StreamEvent, class: usize, student: usize) {
        let held = self.held.entry(class).or_default();
        let line = self.lines.entry(class).or_default();
        match event {
            StreamEvent::LineJoined { .. } => self.twice += usize::from(!line.insert(student)),
            StreamEvent::LineLeft { .. } => {
                line.remove(&student);
            }
            StreamEvent::SeatTaken { .. } => {
                self.twice += usize::from(!held.insert(student));
                let beyond = beyond(campus, class, held.len());
                let worst = self.oversold.entry(class).or_default();
                *worst = beyond.max(*worst);
            }
            StreamEvent::SeatImported { .. } => {
                held.insert(student);
                self.brought.insert((student, class));
            }
            StreamEvent::SeatReleased { .. } => {
                held.remove(&student);
                self.brought.remove(&(student, class));
            }
            _ => {}
        }
    }

    /// How many seats beyond a capacity came with the folder.
    fn brought_beyond(&self, campus: &Campus) -> usize {
        let mut by_class = BTreeMap::<usize, usize>::new();
        self.brought.iter().for_each(|(_, class)| *by_class.entry(*class).or_default() += 1);
        by_class.into_iter().map(|(class, seats)| beyond(campus, class, seats)).sum()
    }
}

fn beyond(campus: &Campus, class: usize, seats: usize) -> usize {
    campus.classes[class].limit.map_or(0, |limit| seats.saturating_sub(limit as usize))
}

/// The seats of these that the views of seats and of registrations show.
async fn shown_seats(views: &Views, day: &Day, seats: &Places) -> Result<Places, Fault> {
    let registration = |(student, class): (usize, usize)| {
        let (subject, term) = day.directory.taught[&class];
        EnrollmentId::of(day.directory.people[&student], subject, term).to_string()
    };
    let (seats, mut shown): (Vec<_>, _) = (seats.iter().copied().collect(), Places::new());
    for some in seats.chunks(TOGETHER) {
        let keys: Vec<_> = some.iter().map(|seat| key(day, *seat)).collect();
        let held = views.get_many::<Seats>(&keys).await?;
        let ids: Vec<_> = some.iter().copied().map(registration).collect();
        let registered = views.get_many::<Enrollments>(&ids).await?;
        shown.extend(some.iter().copied().filter(|seat| {
            let stream = day.directory.streams[seat.1];
            let document = held.get(&key(day, *seat));
            let enrollment = registered.get(&registration(*seat));
            document.is_some_and(|document| document.held_in == Some(stream))
                && enrollment.is_some_and(|known| known.streams.contains(&stream))
        }));
    }
    Ok(shown)
}

/// The places of these that the view of wishes shows.
async fn shown_lines(views: &Views, day: &Day, lines: &Places) -> Result<Places, Fault> {
    let keys: Vec<_> = lines.iter().map(|place| key(day, *place)).collect();
    let mut waiting = HashSet::new();
    for some in keys.chunks(TOGETHER) {
        let wishes = views.get_many::<Wishes>(some).await?.into_iter();
        waiting.extend(wishes.filter(|(_, wish)| wish.in_line.is_some()).map(|(key, _)| key));
    }
    Ok(lines.iter().copied().filter(|place| waiting.contains(&key(day, *place))).collect())
}

/// The key of a seat, and of a wish.
fn key(day: &Day, (student, class): (usize, usize)) -> String {
    format!("{}:{}", day.directory.streams[class], day.directory.people[&student])
}

/// How often somebody has two classes of one part, or two at the same time.
fn double_booked(campus: &Campus, seats: &Places) -> usize {
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
    use aggregates::shared::Origin;

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
        let released = |student| StreamEvent::SeatReleased { stream, student, because: None };
        let people = [PersonId::new(), PersonId::new()];
        seating.see(&campus, &taken(people[0]), 0, 0);
        assert_eq!(seating.oversold[&0], 0);
        seating.see(&campus, &taken(people[1]), 0, 1);
        seating.see(&campus, &released(people[1]), 0, 1);
        seating.see(&campus, &taken(people[0]), 0, 0);
        assert_eq!((seating.oversold[&0], seating.twice, seating.held[&0].len()), (1, 1, 1));
    }

    #[test]
    fn a_seat_that_came_with_the_folder_counts_where_another_is_sold() {
        let campus = Campus::read(folder("only,a,1,1,1,,,,,", "s,a").path(), None).unwrap();
        let (stream, student, enrollment) =
            (StreamId::new(), PersonId::new(), EnrollmentId::derived(&[]));
        let file = "enrollments.csv".into();
        let origin = Origin { source: "folder".into(), file, line: 2, day: None };
        let imported = StreamEvent::SeatImported { stream, student, enrollment, origin };
        let mut seating = Seating::default();
        seating.see(&campus, &imported, 0, 0);
        seating.see(&campus, &imported, 0, 1);
        // What the folder says is its own affair; what is sold beside it is not.
        assert_eq!((seating.oversold.get(&0), seating.brought_beyond(&campus)), (None, 1));
        seating.see(&campus, &StreamEvent::SeatTaken { stream, student, enrollment }, 0, 2);
        assert_eq!((seating.oversold[&0], seating.brought_beyond(&campus)), (2, 1));
        assert_eq!((seating.held[&0].len(), seating.brought.len()), (3, 2));
    }

    #[test]
    fn a_seat_taken_twice_is_found() {
        let campus = Campus::read(folder("only,a,,1,1,,,,,", "s,a").path(), None).unwrap();
        let (stream, student, enrollment) =
            (StreamId::new(), PersonId::new(), EnrollmentId::derived(&[]));
        let mut seating = Seating::default();
        for _ in 0..2 {
            seating.see(&campus, &StreamEvent::SeatTaken { stream, student, enrollment }, 0, 0);
        }
        assert_eq!(seating.twice, 1);
    }

    #[test]
    fn what_was_told_is_lost_where_the_log_or_a_view_lacks_it() {
        let of = |places: &[(usize, usize)]| places.iter().copied().collect::<Places>();
        let told = of(&[(0, 0), (1, 0), (2, 1)]);
        assert_eq!(missing(&told, &told, &told), 0);
        assert_eq!(missing(&told, &of(&[(0, 0), (2, 1)]), &told), 1);
        assert_eq!(missing(&told, &told, &of(&[(0, 0), (0, 1)])), 2);
    }
}
