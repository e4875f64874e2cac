//! The rules of programme, given / when / then.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Choice, Curriculum, Group, PartStanding, Placed, Programme, ProgrammeCard,
    ProgrammeCommand as Command, ProgrammeError, ProgrammeEvent as Event,
};
use crate::shared::{
    Credits, Language, MostOfGroup, ProgrammeId, SubjectId, Titles,
    given::{given, id, text},
};

fn programme() -> ProgrammeId {
    id(1)
}

fn card(title: &str) -> ProgrammeCard {
    ProgrammeCard { title: text(title), titles: Titles::default(), head: Some(id(2)) }
}

fn created() -> [Event; 1] {
    [Event::Created {
        programme: programme(), code: text("6B06101"), card: card("Информатика")
    }]
}

fn create() -> Command {
    Command::Create {
        programme: programme(), code: text("6B06101"), card: card("Информатика")
    }
}

fn revise(title: &str, titles: Option<Titles>) -> Command {
    Command::Revise { programme: programme(), title: text(title), titles, head: None }
}

fn revised(title: &str, titles: Titles) -> Event {
    Event::Revised { programme: programme(), card: ProgrammeCard { titles, ..card(title) } }
}

fn placed(subject: u16, term: u8) -> Placed {
    Placed { subject: id(subject), term }
}

fn group(name: &str, choice: Choice, subjects: &[u16]) -> Group {
    let subjects = subjects.iter().map(|subject| placed(*subject, 3)).collect();
    Group { name: text(name), titles: Titles::default(), choice, subjects }
}

/// Two compulsory subjects, two of three languages, and 9 to 10 credits of three sciences; each subject is worth 5,
/// the last science 4.
fn curriculum() -> Curriculum {
    Curriculum {
        compulsory: vec![placed(11, 1), placed(12, 2)],
        groups: vec![
            group("Тілдер", Choice::Subjects(2), &[21, 22, 23]),
            group(
                "Ғылым",
                Choice::Credits { from: Credits::whole(9), to: Credits::whole(10) },
                &[31, 32, 33],
            ),
        ],
    }
}

fn credits() -> BTreeMap<SubjectId, Credits> {
    let worth = |subject| Credits::whole(if subject == 33 { 4 } else { 5 });
    [11, 12, 21, 22, 23, 31, 32, 33].map(|subject| (id(subject), worth(subject))).into()
}

fn set(year: i16, curriculum: Curriculum) -> Command {
    let (programme, credits, called_as_before) = (programme(), credits(), BTreeSet::new());
    Command::SetCurriculum { programme, year, curriculum, called_as_before, credits }
}

fn curriculum_set(year: i16, curriculum: Curriculum) -> Event {
    Event::CurriculumSet { programme: programme(), year, curriculum }
}

fn refused(curriculum: Curriculum, error: ProgrammeError) {
    given::<Programme>(created()).when(set(2026, curriculum)).then_refused(error);
}

#[test]
fn a_curriculum_says_where_each_of_its_subjects_stands() {
    let curriculum = curriculum();
    let place = |subject: u16| {
        let place = curriculum.place(id(subject));
        place
            .map(|place| (place.term, place.group.map(|group| (group.name.as_str(), group.most()))))
    };
    assert_eq!(place(12), Some((2, None)));
    assert_eq!(place(22), Some((3, Some(("Тілдер", MostOfGroup::Subjects(2))))));
    let ten_credits = MostOfGroup::Credits(Credits::whole(10));
    assert_eq!(place(33), Some((3, Some(("Ғылым", ten_credits)))));
    assert_eq!(place(99), None);
    assert_eq!(curriculum.places().count(), curriculum.subjects().count());
}

#[test]
fn a_programme_is_set_up_once() {
    given::<Programme>([]).when(create()).then(created());
    let code = text("6B06101");
    given::<Programme>(created()).when(create()).then_refused(ProgrammeError::Exists { code });
}

#[test]
fn only_a_programme_that_is_there_is_changed() {
    for command in [revise("Есептеу", None), set(2026, curriculum())] {
        given::<Programme>([]).when(command).then_refused(ProgrammeError::Unknown);
    }
}

#[test]
fn what_is_said_of_a_programme_can_be_revised() {
    let revised = revised("Есептеу", Titles::default());
    given::<Programme>(created()).when(revise("Есептеу", None)).then([revised]);
    given::<Programme>(created()).when(revise("Информатика", None)).then_nothing_happens();
}

#[test]
fn what_a_programme_is_called_in_languages_stays_until_it_is_said_otherwise() {
    let titles: Titles = [(Language::Russian, text("Вычисления"))].into_iter().collect();
    let called = || revised("Есептеу", titles.clone());
    let with_titles = || given::<Programme>(created()).and([called()]);
    given::<Programme>(created()).when(revise("Есептеу", Some(titles.clone()))).then([called()]);
    with_titles().when(revise("Есептеу", None)).then_nothing_happens();
    with_titles().when(revise("Есеп", None)).then([revised("Есеп", titles.clone())]);
    let nothing = Titles::default();
    with_titles()
        .when(revise("Есептеу", Some(nothing.clone())))
        .then([revised("Есептеу", nothing)]);
}

#[test]
fn the_head_of_a_programme_stays_until_it_is_said_otherwise() {
    let headed = |head| {
        let card = ProgrammeCard { head, ..card("Информатика") };
        Event::Revised { programme: programme(), card }
    };
    let revise = |head| Command::Revise {
        programme: programme(),
        title: text("Информатика"),
        titles: None,
        head,
    };
    given::<Programme>(created()).when(revise(None)).then_nothing_happens();
    given::<Programme>(created()).when(revise(Some(Some(id(3))))).then([headed(Some(id(3)))]);
    given::<Programme>(created()).when(revise(Some(None))).then([headed(None)]);
}

#[test]
fn what_a_group_is_called_in_languages_stays_until_it_is_said_otherwise() {
    let mut called = curriculum();
    for group in &mut called.groups {
        group.titles = [(Language::Russian, text("Наука"))].into_iter().collect();
    }
    let with_titles = || given::<Programme>(created()).and([curriculum_set(2025, called.clone())]);
    let again = |year, curriculum, names: &[&str]| Command::SetCurriculum {
        programme: programme(),
        year,
        curriculum,
        called_as_before: names.iter().map(|name| text(name)).collect(),
        credits: credits(),
    };
    with_titles().when(again(2025, curriculum(), &["Тілдер", "Ғылым"])).then_nothing_happens();
    // Of the other one it is said that it is called nothing.
    let mut one = called.clone();
    one.groups[0].titles = Titles::default();
    with_titles().when(again(2025, curriculum(), &["Ғылым"])).then([curriculum_set(2025, one)]);
    // Another name is another group, and another year another curriculum.
    let mut renamed = called.clone();
    renamed.groups[0].name = text("Тіл");
    renamed.groups[0].titles = Titles::default();
    let mut asked = curriculum();
    asked.groups[0].name = text("Тіл");
    with_titles().when(again(2025, asked, &["Тіл", "Ғылым"])).then([curriculum_set(2025, renamed)]);
    with_titles()
        .when(again(2026, curriculum(), &["Тілдер", "Ғылым"]))
        .then([curriculum_set(2026, curriculum())]);
}

#[test]
fn each_year_of_admission_has_its_own_curriculum() {
    let first = curriculum_set(2025, curriculum());
    let with_first = || given::<Programme>(created()).and([first.clone()]);
    given::<Programme>(created()).when(set(2025, curriculum())).then([first.clone()]);
    with_first().when(set(2025, curriculum())).then_nothing_happens();
    with_first().when(set(2026, curriculum())).then([curriculum_set(2026, curriculum())]);
    for year in [1899, 2201] {
        given::<Programme>(created())
            .when(set(year, curriculum()))
            .then_refused(ProgrammeError::YearOutOfRange { year });
    }
}

#[test]
fn a_curriculum_has_some_subjects_and_not_too_many() {
    let most = Curriculum::MOST_SUBJECTS;
    let of = |subjects: u16| Curriculum {
        compulsory: (0..subjects).map(|subject| placed(subject, 1)).collect(),
        groups: vec![],
    };
    refused(of(0), ProgrammeError::CurriculumSize { subjects: 0, most });
    refused(of(501), ProgrammeError::CurriculumSize { subjects: 501, most });
    given::<Programme>(created()).when(set(2026, of(500))).then([curriculum_set(2026, of(500))]);
}

#[test]
fn a_subject_stands_in_a_curriculum_once() {
    let mut twice = curriculum();
    twice.groups[0].subjects.push(placed(11, 2));
    let subject = id::<SubjectId>(11).to_string();
    refused(twice, ProgrammeError::SubjectTwice { subject });
}

#[test]
fn a_term_of_study_is_from_1_to_20() {
    for term in [0, 21] {
        let mut wrong = curriculum();
        wrong.compulsory[0].term = term;
        refused(wrong, ProgrammeError::TermOutOfRange { term });
    }
}

#[test]
fn groups_have_names_of_their_own() {
    let mut same = curriculum();
    same.groups[1].name = text("Тілдер");
    refused(same, ProgrammeError::GroupTwice { group: text("Тілдер") });
}

#[test]
fn what_is_asked_of_a_group_can_be_chosen_from_it() {
    let with = |place: usize, choice| {
        let mut curriculum = curriculum();
        curriculum.groups[place].choice = choice;
        curriculum
    };
    for choose in [0, 4] {
        let group = text("Тілдер");
        refused(
            with(0, Choice::Subjects(choose)),
            ProgrammeError::ChoiceOfNone { group, choose, of: 3 },
        );
    }
    for (from, to) in [(0, 10), (11, 10), (15, 20)] {
        let (from, to, of) = (Credits::whole(from), Credits::whole(to), Credits::whole(14));
        let group = text("Ғылым");
        refused(
            with(1, Choice::Credits { from, to }),
            ProgrammeError::CreditsOfNone { group, from, to, of },
        );
    }
}

// How a student stands with it.

fn standing(studied: &[u16]) -> Vec<(bool, usize, Credits, Credits)> {
    let worth = credits();
    let studied = studied.iter().map(|subject| (id(*subject), worth[&id(*subject)])).collect();
    let told = |part: PartStanding<'_>| {
        (part.fulfilled, part.missing_subjects, part.missing_credits, part.credits)
    };
    curriculum().standing(&studied).into_iter().map(told).collect()
}

#[test]
fn what_is_missing_is_told_part_by_part() {
    let credits = Credits::whole;
    assert_eq!(
        standing(&[]),
        [
            (false, 2, credits(0), credits(0)),
            (false, 2, credits(0), credits(0)),
            (false, 0, credits(9), credits(0)),
        ]
    );
    assert_eq!(
        standing(&[11, 21, 23, 31]),
        [
            (false, 1, credits(0), credits(5)),
            (true, 0, credits(0), credits(10)),
            (false, 0, credits(4), credits(5)),
        ]
    );
}

#[test]
fn credits_of_a_group_count_up_to_its_most() {
    let science = |studied: &[u16]| standing(studied)[2];
    assert_eq!(science(&[31, 33]), (true, 0, Credits::whole(0), Credits::whole(9)));
    let all = science(&[31, 32, 33]);
    assert_eq!(all, (true, 0, Credits::whole(0), Credits::whole(10)));
}

#[test]
fn what_is_left_to_take_is_told_with_its_term() {
    let studied = [(id(11), Credits::whole(5)), (id(22), Credits::whole(5))].into();
    let curriculum = curriculum();
    let standing = curriculum.standing(&studied);
    assert_eq!(standing[0].open, [placed(12, 2)]);
    assert_eq!(standing[1].open, [placed(21, 3), placed(23, 3)]);
    assert_eq!(standing[0].group, None);
    assert_eq!(standing[1].group.map(|group| group.name.as_str()), Some("Тілдер"));
}
