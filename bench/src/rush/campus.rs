//! What a OneRoster folder says: courses with their classes, and which courses each student wants.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use aggregates::shared::Days;
use jiff::{ToSpan, civil::Date};
use tempfile::TempDir;

use super::rows::{self, Row};
use crate::Fault;

/// The file of classes.
const CLASSES: &str = "classes.csv";
const DEMANDS: &str = "demands.csv";
/// The file of terms.
const SESSIONS: &str = "academicSessions.csv";
const CAPACITY: &str = "metadata.capacity";
const MINUTES_OF_A_DAY: u32 = 24 * 60;

/// Courses, classes, students and wishes. Courses and classes are named by their place in these lists.
pub struct Campus {
    /// Where it was read.
    pub folder: PathBuf,
    pub courses: Vec<Course>,
    pub classes: Vec<Class>,
    /// The students who want anything, each with the courses in the order of the file.
    pub students: Vec<Student>,
    /// All wishes in the order of the file: a student and a course.
    pub wishes: Vec<(usize, usize)>,
    /// The classes that nobody can want, and why not.
    pub left_out: BTreeMap<usize, String>,
    /// The rows that stand for nothing, and why not.
    pub unread: Vec<String>,
    /// The days of the terms, as far as the folder says them.
    terms: HashMap<String, Days>,
    _scaled: Option<TempDir>,
}

/// A course.
#[derive(Default)]
pub struct Course {
    /// The ways of taking it, in the order of the file.
    pub configurations: Vec<Configuration>,
}

/// One way of taking a course in a term: a class of each part, those parts first that others depend on.
#[derive(Default)]
pub struct Configuration {
    name: String,
    term: String,
    pub parts: Vec<Part>,
}

/// The classes of which a student takes one, in the order of the file.
#[derive(Default)]
pub struct Part {
    name: String,
    pub classes: Vec<usize>,
}

/// A class.
pub struct Class {
    pub id: String,
    /// Its course and the part of it, to compare with another's.
    pub part: (usize, String, String),
    /// The first of its terms that there is, which is where it is taught.
    term: String,
    /// The class without which it can't be taken.
    pub parent: Option<usize>,
    /// The most seats, if there is a limit.
    pub limit: Option<u32>,
    meets: Option<Meets>,
}

/// A student who wants something.
pub struct Student {
    pub id: String,
    pub wants: Vec<usize>,
}

/// When a class meets: on each of its days, in each of its weeks, at the same minutes of the day.
struct Meets {
    days: u64,
    /// None: every week.
    weeks: Option<u64>,
    from: u32,
    until: u32,
}

impl Meets {
    /// None for a class that has no time; a file that says half of one is in error.
    fn read(row: &Row) -> Result<Option<Self>, Fault> {
        let days = row.get("metadata.days").map(bits).transpose()?;
        let Some(days) = days.filter(|days| *days != 0) else { return Ok(None) };
        let start = row.required("metadata.startTime")?;
        let (hours, minutes) = start.split_once(':').ok_or("a time without a colon")?;
        let from = hours.parse::<u32>()? * 60 + minutes.parse::<u32>()?;
        let until = from + row.required("metadata.minutes")?.parse::<u32>()?;
        let weeks = row.get("metadata.weeks").map(bits).transpose()?;
        Ok(Some(Self { days, weeks, from, until: until.min(MINUTES_OF_A_DAY) }))
    }

    fn clashes(&self, other: &Self) -> bool {
        let weeks = self.weeks.unwrap_or(u64::MAX) & other.weeks.unwrap_or(u64::MAX);
        let same_day = self.days & other.days != 0 && weeks != 0;
        same_day && self.at_that_hour(other)
    }

    /// The same where the other one is of another term: on a day of both.
    fn clashes_with_term(&self, (here, there): (&Days, &Days), other: &Self) -> bool {
        let days = here.first.max(there.first).series(1.day());
        let mut days = days.take_while(|day| *day <= here.last.min(there.last));
        self.days & other.days != 0
            && self.at_that_hour(other)
            && days.any(|day| self.is_on(day, here) && other.is_on(day, there))
    }

    fn at_that_hour(&self, other: &Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    fn is_on(&self, day: Date, term: &Days) -> bool {
        let weekday = day.weekday().to_monday_zero_offset();
        let week = term.week_of(day).unwrap_or_default() - 1;
        let held = self.weeks.is_none_or(|weeks| (0..64).contains(&week) && weeks >> week & 1 == 1);
        held && self.days >> weekday & 1 == 1
    }
}

/// One 0 or 1 a day or week, the first the lowest.
fn bits(text: &str) -> Result<u64, Fault> {
    if text.len() > 64 || !text.bytes().all(|byte| matches!(byte, b'0' | b'1')) {
        return Err(format!("`{text}` is not one 0 or 1 each").into());
    }
    Ok(text.bytes().enumerate().map(|(place, byte)| u64::from(byte == b'1') << place).sum())
}

impl Campus {
    /// Reads it; with `seats`, from a copy with so much of every limit, rounded.
    pub fn read(folder: &Path, seats: Option<f64>) -> Result<Self, Fault> {
        let scaled = seats.map(|part| scaled(folder, part)).transpose()?;
        let folder = scaled.as_ref().map_or(folder, TempDir::path).to_owned();
        let mut campus = Self {
            folder,
            courses: vec![],
            classes: vec![],
            students: vec![],
            wishes: vec![],
            left_out: BTreeMap::new(),
            unread: vec![],
            terms: HashMap::new(),
            _scaled: scaled,
        };
        campus.read_terms()?;
        let courses = campus.read_classes()?;
        campus.read_wishes(&courses)?;
        for course in &mut campus.courses {
            course.configurations.iter_mut().for_each(|way| way.parents_first(&campus.classes));
        }
        Ok(campus)
    }

    fn read_terms(&mut self) -> Result<(), Fault> {
        let path = self.folder.join(SESSIONS);
        if !path.exists() {
            return Ok(());
        }
        let flaws = rows::each(&path, |row| {
            let day = |column| Ok::<Date, Fault>(row.required(column)?.parse()?);
            let days = Days::between(day("startDate")?, day("endDate")?);
            self.terms.insert(row.required("sourcedId")?.to_owned(), days);
            Ok(())
        })?;
        self.unread.extend(flaws);
        Ok(())
    }

    /// A class that can't be read is left out, and of two of one id the second, as the import does it.
    fn read_classes(&mut self) -> Result<HashMap<String, usize>, Fault> {
        let (mut courses, mut known, mut seen) = (HashMap::new(), HashMap::new(), HashSet::new());
        let (mut parents, mut flawed) = (vec![], vec![]);
        let flaws = rows::each(&self.folder.join(CLASSES), |row| {
            let id = row.required("sourcedId")?.to_owned();
            if !seen.insert(id.clone()) {
                return Err(format!("the class `{id}` stands there twice").into());
            }
            if row.get("status").is_some_and(|status| !status.eq_ignore_ascii_case("active")) {
                return Err(format!("the class `{id}` is not active").into());
            }
            let course = row.required("courseSourcedId")?;
            let course = *courses.entry(course.to_owned()).or_insert_with(|| {
                self.courses.push(Course::default());
                self.courses.len() - 1
            });
            let class = self.classes.len();
            known.insert(id.clone(), class);
            parents.push(row.get("metadata.parent").map(str::to_owned));
            let configuration = row.get("metadata.config").unwrap_or("1");
            let part = row.get("metadata.subpart").or(row.get("classType")).unwrap_or("class");
            let term = self.term_of(row);
            self.courses[course].part((configuration, &term), part).classes.push(class);
            let limit = row.get(CAPACITY).map(str::parse).transpose();
            let read = limit.map_err(Fault::from).and_then(|limit| Ok((limit, Meets::read(row)?)));
            let (limit, meets) = read.unwrap_or_else(|cause| {
                flawed.push((class, cause.to_string()));
                (None, None)
            });
            let part = (course, configuration.to_owned(), part.to_owned());
            self.classes.push(Class { id, part, term, parent: None, limit, meets });
            Ok(())
        })?;
        self.unread.extend(flaws);
        for (class, parent) in parents.into_iter().enumerate() {
            let Some(parent) = parent else { continue };
            self.classes[class].parent = known.get(&parent).copied();
            if self.classes[class].parent.is_none() {
                flawed.push((class, format!("it depends on `{parent}`, which is none")));
            }
        }
        flawed.into_iter().for_each(|(class, why)| self.leave_out(class, why));
        Ok(courses)
    }

    fn term_of(&self, row: &Row) -> String {
        let mut terms = row.get("termSourcedIds").unwrap_or_default().split(',').map(str::trim);
        let first = terms.clone().next().unwrap_or_default();
        terms.find(|term| self.terms.contains_key(*term)).unwrap_or(first).to_owned()
    }

    /// Nobody can want this class, nor a configuration that has no other for a part.
    pub fn leave_out(&mut self, class: usize, why: String) {
        let ways = &mut self.courses[self.classes[class].part.0].configurations;
        let parts = ways.iter_mut().flat_map(|way| &mut way.parts);
        parts.for_each(|part| part.classes.retain(|other| *other != class));
        ways.retain(|way| way.parts.iter().all(|part| !part.classes.is_empty()));
        self.left_out.entry(class).or_insert(why);
    }

    /// A course without classes is wanted in vain, and wanted all the same.
    fn read_wishes(&mut self, courses: &HashMap<String, usize>) -> Result<(), Fault> {
        let (mut courses, mut students) = (courses.clone(), HashMap::new());
        let flaws = rows::each(&self.folder.join(DEMANDS), |row| {
            let (student, course) =
                (row.required("studentSourcedId")?, row.required("courseSourcedId")?);
            let student = *students.entry(student.to_owned()).or_insert_with(|| {
                self.students.push(Student { id: student.to_owned(), wants: vec![] });
                self.students.len() - 1
            });
            let course = *courses.entry(course.to_owned()).or_insert_with(|| {
                self.courses.push(Course::default());
                self.courses.len() - 1
            });
            self.students[student].wants.push(course);
            self.wishes.push((student, course));
            Ok(())
        })?;
        flaws.into_iter().next().map_or(Ok(()), |flaw| Err(flaw.into()))
    }

    /// Whether two classes meet at the same time.
    pub fn clash(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.classes[one], &self.classes[other]);
        match (&one.meets, &other.meets) {
            (Some(ours), Some(theirs)) if one.term == other.term => ours.clashes(theirs),
            (Some(ours), Some(theirs)) => match (self.days(one), self.days(other)) {
                (Some(here), Some(there)) => ours.clashes_with_term((here, there), theirs),
                _ => false,
            },
            _ => false,
        }
    }

    fn days(&self, class: &Class) -> Option<&Days> {
        self.terms.get(&class.term)
    }

    /// Whether a class meets when one of these does.
    pub fn clashes_with_any(&self, class: usize, others: &[usize]) -> bool {
        others.iter().any(|other| self.clash(class, *other))
    }
}

impl Course {
    fn part(&mut self, (configuration, term): (&str, &str), name: &str) -> &mut Part {
        let new = || Configuration {
            name: configuration.to_owned(),
            term: term.to_owned(),
            parts: vec![],
        };
        let is_it = |known: &Configuration| known.name == configuration && known.term == term;
        let way = place_of(&mut self.configurations, is_it, new);
        let new = || Part { name: name.to_owned(), classes: vec![] };
        place_of(&mut way.parts, |known| known.name == name, new)
    }
}

/// The one that is meant, added where there is none yet.
fn place_of<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let place = list.iter().position(is_it).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    });
    &mut list[place]
}

impl Configuration {
    /// Brings the parts into an order in which a parent's comes before its children's.
    fn parents_first(&mut self, classes: &[Class]) {
        let mut waiting = std::mem::take(&mut self.parts);
        while !waiting.is_empty() {
            let waits_for = |part: &Part, other: &Part| {
                let parents = part.classes.iter().filter_map(|class| classes[*class].parent);
                part.name != other.name
                    && parents.into_iter().any(|parent| other.classes.contains(&parent))
            };
            let free = |part: &Part| !waiting.iter().any(|other| waits_for(part, other));
            // Parts that wait for each other are taken as they stand: nobody can have them.
            let next = waiting.iter().position(free).unwrap_or(0);
            self.parts.push(waiting.remove(next));
        }
    }
}

/// A copy of the folder with other limits.
fn scaled(folder: &Path, seats: f64) -> Result<TempDir, Fault> {
    let copy = tempfile::tempdir()?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && entry.file_name() != CLASSES {
            fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
        }
    }
    let mut reader = rows::open(&folder.join(CLASSES))?;
    let mut writer =
        csv::WriterBuilder::new().flexible(true).from_path(copy.path().join(CLASSES))?;
    let columns = reader.headers()?.clone();
    let capacity = columns.iter().position(|name| name.trim().eq_ignore_ascii_case(CAPACITY));
    writer.write_record(&columns)?;
    for row in reader.byte_records() {
        let row = row?;
        let fields = row.iter().enumerate().map(|(place, field)| {
            let limit = std::str::from_utf8(field).ok().and_then(|text| text.trim().parse().ok());
            let limit: Option<u32> = limit.filter(|_| Some(place) == capacity);
            let scaled = |limit| format!("{:.0}", f64::from(limit) * seats).into_bytes();
            limit.map_or(field.to_owned(), scaled)
        });
        writer.write_record(fields)?;
    }
    writer.flush()?;
    Ok(copy)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A folder of these classes and wishes.
    pub fn folder(classes: &str, demands: &str) -> TempDir {
        const COLUMNS: &str = "sourcedId,courseSourcedId,metadata.capacity,metadata.config,\
            metadata.subpart,metadata.parent,metadata.days,metadata.startTime,metadata.minutes,\
            metadata.weeks";
        written(COLUMNS, classes, demands)
    }

    /// The same with each class's terms before all else.
    pub fn folder_of_terms(classes: &str, demands: &str) -> TempDir {
        const COLUMNS: &str = "termSourcedIds,sourcedId,courseSourcedId,metadata.capacity,\
            metadata.config,metadata.subpart,metadata.parent,metadata.days,metadata.startTime,\
            metadata.minutes,metadata.weeks";
        written(COLUMNS, classes, demands)
    }

    fn written(columns: &str, classes: &str, demands: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(CLASSES), format!("{columns}\n{classes}\n")).unwrap();
        let demands = format!("studentSourcedId,courseSourcedId\n{demands}\n");
        fs::write(folder.path().join(DEMANDS), demands).unwrap();
        folder
    }

    #[test]
    fn classes_clash_on_a_day_of_the_same_week_at_the_same_time() {
        let classes = "monday,a,,1,1,,1000000,08:00,90,11\n\
                       odd,a,,1,1,,1000000,09:00,60,10\n\
                       even,a,,1,1,,1000000,09:00,60,01\n\
                       after,a,,1,1,,1000000,09:30,60,11\n\
                       tuesday,a,,1,1,,0100000,08:00,90,11\n\
                       always,a,,1,1,,1100000,08:00,10,\n\
                       untimed,a,,1,1,,,,,";
        let campus = Campus::read(folder(classes, "s,a").path(), None).unwrap();
        let clashing: Vec<_> = (1..7).filter(|other| campus.clash(0, *other)).collect();
        assert_eq!(clashing, [1, 2, 5]);
        assert!(!campus.clash(1, 2) && campus.clash(4, 5));
    }

    #[test]
    fn the_same_hours_of_two_terms_are_no_clash_and_each_term_is_a_way_of_its_own() {
        let classes = "autumn,one,a,,1,1,,1000000,08:00,90,\n\
                       autumn,two,b,,1,1,,1000000,08:00,90,\n\
                       \"spring,summer\",three,a,,1,1,,1000000,08:00,90,";
        let campus = Campus::read(folder_of_terms(classes, "s,a").path(), None).unwrap();
        assert!(campus.clash(0, 1) && !campus.clash(1, 2));
        let ways = campus.courses[0].configurations.iter();
        let classes: Vec<_> = ways.map(|way| way.parts[0].classes.clone()).collect();
        assert_eq!(classes, [[0], [2]]);
    }

    #[test]
    fn classes_of_two_terms_clash_on_the_days_of_both() {
        let classes = "year,one,a,,1,1,,1000000,08:00,90,01\n\
                       autumn,two,b,,1,1,,1000000,09:00,90,\n\
                       autumn,three,b,,1,1,,1000000,09:00,90,01\n\
                       spring,four,b,,1,1,,1000000,08:00,90,";
        let folder = folder_of_terms(classes, "s,a");
        // The year's second week is autumn's first.
        let terms = "sourcedId,startDate,endDate\nyear,2026-08-31,2027-05-30\n\
                     autumn,2026-09-07,2026-12-31\nspring,2027-01-18,2027-05-30\n";
        fs::write(folder.path().join(SESSIONS), terms).unwrap();
        let campus = Campus::read(folder.path(), None).unwrap();
        let clashing: Vec<_> = (1..4).filter(|other| campus.clash(0, *other)).collect();
        assert_eq!(clashing, [1]);
    }

    #[test]
    fn a_part_that_others_depend_on_comes_first() {
        let classes = "lab,a,,1,lab,lecture,,,,\nlecture,a,,1,lecture,,,,,\nother,a,,2,lab,,,,,";
        let campus = Campus::read(folder(classes, "s,a\ns,none").path(), None).unwrap();
        let ways = &campus.courses[0].configurations;
        let names: Vec<_> = ways[0].parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!((names, ways.len()), (vec!["lecture", "lab"], 2));
        assert!(campus.courses[1].configurations.is_empty());
        assert_eq!(campus.wishes, [(0, 0), (0, 1)]);
    }

    #[test]
    fn every_limit_is_scaled() {
        let classes = "one,a,10,1,1,,,,,\ntwo,a,,1,2,,,,,\nthree,a,3,1,3,,,,,";
        let campus = Campus::read(folder(classes, "s,a").path(), Some(0.6)).unwrap();
        let limits: Vec<_> = campus.classes.iter().map(|class| class.limit).collect();
        assert_eq!(limits, [Some(6), None, Some(2)]);
    }
    #[test]
    fn what_can_not_be_read_is_left_out_and_the_others_are_not() {
        let classes = "one,a,5,1,lecture,,1000000,08:00,90,\n\
                       one,a,9,1,lecture,,0100000,08:00,90,\n\
                       noon,b,,1,lecture,,1000000,noon,90,\n\
                       orphan,a,,1,lecture,nobody,,,,\n\
                       lecture,c,,1,lecture,,,,,\n\
                       lab,c,many,1,lab,,,,,\n\
                       short,a,,1,lecture\n\
                       ,a,,1,lecture,,,,,";
        let campus = Campus::read(folder(classes, "s,a\ns,c").path(), None).unwrap();
        let left_out = campus.left_out.keys().map(|class| campus.classes[*class].id.as_str());
        assert_eq!(left_out.collect::<Vec<_>>(), ["noon", "orphan", "lab"]);
        assert_eq!(campus.classes[0].limit, Some(5));
        assert_eq!(campus.courses[0].configurations[0].parts[0].classes, [0, 5]);
        // No laboratory can be taken, and so neither can the lecture.
        assert!(campus.courses[1..].iter().all(|course| course.configurations.is_empty()));
        let unread: Vec<_> = campus.unread.iter().map(String::as_str).collect();
        assert_eq!(
            unread,
            [
                "classes.csv, line 3: the class `one` stands there twice",
                "classes.csv, line 9: a row without `sourcedId`"
            ]
        );
    }

    #[test]
    fn a_class_is_taught_in_the_first_of_its_terms_that_there_is() {
        let classes = "\"old,autumn\",one,a,,1,1,,,,,\nold,two,b,,1,1,,,,,";
        let folder = folder_of_terms(classes, "s,a");
        let terms = "sourcedId,startDate,endDate\nautumn,2026-09-07,2026-12-31\nbad,soon,later\n";
        fs::write(folder.path().join(SESSIONS), terms).unwrap();
        let campus = Campus::read(folder.path(), None).unwrap();
        let terms: Vec<_> = campus.classes.iter().map(|class| class.term.as_str()).collect();
        assert_eq!((terms, campus.unread.len()), (vec!["autumn", "old"], 1));
    }
}
