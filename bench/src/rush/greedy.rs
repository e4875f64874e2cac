//! What an offline pass places that takes each wish in the order of the file, and for it the first classes
//! that fit, depth first: what a registration day is measured by.

use std::path::PathBuf;

use super::campus::{Campus, Part};
use crate::Fault;

/// What an offline pass over a OneRoster folder places: what a registration day is measured by.
#[derive(clap::Args)]
pub struct Greedy {
    /// The folder, with `demands.csv`
    folder: PathBuf,
}

/// Tells how many wishes it places.
pub fn run(options: &Greedy) -> Result<bool, Fault> {
    println!("{}", placed(&Campus::read(&options.folder, None)?));
    Ok(true)
}

/// How many wishes it places.
pub fn placed(campus: &Campus) -> usize {
    let mut pass = Pass {
        campus,
        left: campus.classes.iter().map(|class| class.limit).collect(),
        timetables: vec![vec![]; campus.students.len()],
    };
    campus.wishes.iter().filter(|(student, course)| pass.place(*student, *course)).count()
}

struct Pass<'a> {
    campus: &'a Campus,
    /// How many seats are left in each class; none where there is no limit.
    left: Vec<Option<u32>>,
    /// The classes of each student.
    timetables: Vec<Vec<usize>>,
}

impl Pass<'_> {
    fn place(&mut self, student: usize, course: usize) -> bool {
        let ways = &self.campus.courses[course].configurations;
        let taken = ways.iter().find_map(|way| {
            let mut chosen = vec![];
            self.fits(student, &way.parts, &mut chosen).then_some(chosen)
        });
        let Some(taken) = taken else { return false };
        for class in taken {
            self.left[class] = self.left[class].map(|left| left.saturating_sub(1));
            self.timetables[student].push(class);
        }
        true
    }

    /// Whether a class of each part can be taken with those that are chosen.
    fn fits(&self, student: usize, parts: &[Part], chosen: &mut Vec<usize>) -> bool {
        let Some((part, others)) = parts.split_first() else { return true };
        for class in &part.classes {
            if self.is_free(student, *class, chosen) {
                chosen.push(*class);
                if self.fits(student, others, chosen) {
                    return true;
                }
                chosen.pop();
            }
        }
        false
    }

    fn is_free(&self, student: usize, class: usize, chosen: &[usize]) -> bool {
        let campus = self.campus;
        let parent = campus.classes[class].parent;
        self.left[class] != Some(0)
            && parent.is_none_or(|parent| chosen.contains(&parent))
            && !campus.clashes_with_any(class, &self.timetables[student])
            && !campus.clashes_with_any(class, chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::campus::tests::folder, *};

    fn placed_of(classes: &str, demands: &str) -> usize {
        placed(&Campus::read(folder(classes, demands).path(), None).unwrap())
    }

    #[test]
    fn the_first_who_come_are_served() {
        assert_eq!(placed_of("only,a,1,1,1,,,,,", "one,a\ntwo,a\none,b"), 1);
    }

    #[test]
    fn who_finds_no_second_class_tries_the_next_first_one() {
        let classes = "early,a,,1,1,,1000000,08:00,90,\n\
                       late,a,,1,1,,1000000,12:00,90,\n\
                       lab,a,,1,2,,1000000,08:30,90,";
        assert_eq!(placed_of(classes, "one,a"), 1);
    }

    #[test]
    fn a_laboratory_is_taken_with_its_own_lecture() {
        let classes = "other,a,,1,1,,,,,\nlecture,a,1,1,1,,,,,\nlab,a,,1,2,lecture,,,,";
        assert_eq!(placed_of(classes, "one,a\ntwo,a"), 1);
    }

    #[test]
    fn another_configuration_serves_as_well() {
        assert_eq!(placed_of("one,a,0,1,1,,,,,\ntwo,a,1,2,1,,,,,", "one,a"), 1);
    }
}
