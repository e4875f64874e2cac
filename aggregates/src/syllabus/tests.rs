//! The rules of a syllabus, given / when / then.

use super::{
    Class, Content, Link, Planned, Syllabus, SyllabusCommand as Command, SyllabusError,
    SyllabusEvent as Event, SyllabusOf,
};
use crate::shared::{
    Digest, FileId, FileKind, FileRef,
    given::{because, given, id, text},
};

const WEEKS: u8 = 15;

fn of() -> SyllabusOf {
    SyllabusOf::of(id(1), id(2))
}

fn content(topic: &str) -> Content {
    Content {
        component: text("лекция"),
        topic: text(topic),
        text: Some(text("Определение и примеры")),
        links: vec![link("https://example.org/limits")],
        references: vec![text("Фихтенгольц, том 1")],
    }
}

fn link(address: &str) -> Link {
    Link { address: text(address), label: Some(text("Конспект")) }
}

fn planned(number: Option<u32>, topic: &str) -> Planned {
    Planned { number, content: content(topic) }
}

fn class(number: u32, topic: &str) -> Class {
    Class { number, content: content(topic) }
}

fn set_week(week: i32, classes: impl IntoIterator<Item = Planned>) -> Command {
    Command::SetWeek { of: of(), week, weeks: WEEKS, classes: classes.into_iter().collect() }
}

fn week_set(week: u8, classes: impl IntoIterator<Item = Class>) -> Event {
    Event::WeekSet { of: of(), week, weeks: WEEKS, classes: classes.into_iter().collect() }
}

/// Two classes in week 1, and one in week 2.
fn planned_weeks() -> [Event; 2] {
    [week_set(1, [class(1, "Предел"), class(2, "Ряд")]), week_set(2, [class(3, "Производная")])]
}

fn file(number: u16) -> FileRef {
    FileRef {
        id: id(number),
        name: because("Слайды.pdf"),
        kind: FileKind::Pdf,
        size: 1_000,
        sha256: Digest::of(b"slides"),
    }
}

fn add_file(class: u32, number: u16) -> Command {
    Command::AddFile { of: of(), class, file: file(number), by: id(9) }
}

fn file_added(class: u32, number: u16) -> Event {
    Event::FileAdded { of: of(), class, file: file(number), by: id(9) }
}

fn remove_file(number: u16) -> Command {
    Command::RemoveFile { of: of(), file: id(number) }
}

fn file_removed(class: u32, file: FileId) -> Event {
    Event::FileRemoved { of: of(), class, file }
}

#[test]
fn a_week_is_set_whole_and_its_new_classes_are_numbered() {
    given::<Syllabus>([])
        .when(set_week(1, [planned(None, "Предел"), planned(None, "Ряд")]))
        .then([week_set(1, [class(1, "Предел"), class(2, "Ряд")])]);
    given::<Syllabus>(planned_weeks())
        .when(set_week(3, [planned(None, "Интеграл")]))
        .then([week_set(3, [class(4, "Интеграл")])]);
}

#[test]
fn a_class_that_a_week_names_keeps_its_number() {
    given::<Syllabus>(planned_weeks())
        .when(set_week(1, [planned(None, "Введение"), planned(Some(2), "Ряды")]))
        .then([week_set(1, [class(4, "Введение"), class(2, "Ряды")])]);
}

#[test]
fn no_number_is_given_twice() {
    given::<Syllabus>(planned_weeks())
        .and([week_set(2, [])])
        .when(set_week(2, [planned(None, "Производная")]))
        .then([week_set(2, [class(4, "Производная")])]);
}

#[test]
fn the_same_week_again_changes_nothing() {
    given::<Syllabus>(planned_weeks())
        .when(set_week(1, [planned(Some(1), "Предел"), planned(Some(2), "Ряд")]))
        .then_nothing_happens();
    given::<Syllabus>([]).when(set_week(1, [])).then_nothing_happens();
}

#[test]
fn the_order_of_the_classes_of_a_week_matters() {
    given::<Syllabus>(planned_weeks())
        .when(set_week(1, [planned(Some(2), "Ряд"), planned(Some(1), "Предел")]))
        .then([week_set(1, [class(2, "Ряд"), class(1, "Предел")])]);
}

#[test]
fn a_week_names_only_classes_of_its_own_and_each_once() {
    for class in [3, 4] {
        given::<Syllabus>(planned_weeks())
            .when(set_week(1, [planned(Some(class), "Предел")]))
            .then_refused(SyllabusError::ClassUnknown { class });
    }
    given::<Syllabus>(planned_weeks())
        .when(set_week(1, [planned(Some(1), "Предел"), planned(Some(1), "Ряд")]))
        .then_refused(SyllabusError::ClassTwice { class: 1 });
}

#[test]
fn a_week_that_the_term_has_no_more_can_be_emptied() {
    let late = || given::<Syllabus>([week_set(16, [class(1, "Предел")])]);
    late().when(set_week(16, [])).then([week_set(16, [])]);
    let refused = SyllabusError::WeekOutOfRange { week: 17, weeks: WEEKS };
    late().when(set_week(17, [])).then_refused(refused);
}

#[test]
fn weeks_are_those_of_the_term() {
    for week in [-1, 0, 16, 257] {
        given::<Syllabus>([])
            .when(set_week(week, [planned(None, "Предел")]))
            .then_refused(SyllabusError::WeekOutOfRange { week, weeks: WEEKS });
    }
    given::<Syllabus>([])
        .when(set_week(15, [planned(None, "Предел")]))
        .then([week_set(15, [class(1, "Предел")])]);
}

#[test]
fn a_week_has_a_bounded_number_of_classes() {
    let of = |count| (0..count).map(|_| planned(None, "Предел"));
    given::<Syllabus>([])
        .when(set_week(1, of(31)))
        .then_refused(SyllabusError::ClassesTooMany { classes: 31, most: 30 });
    let classes = (1..=30).map(|number| class(number, "Предел"));
    given::<Syllabus>([]).when(set_week(1, of(30))).then([week_set(1, classes)]);
}

#[test]
fn a_class_has_a_bounded_number_of_links_and_references() {
    let with = |links, references| {
        let links = vec![link("https://example.org"); links];
        let references = vec![text("Фихтенгольц"); references];
        Content { links, references, ..content("Предел") }
    };
    let planned = |content| [Planned { number: None, content }];
    given::<Syllabus>([])
        .when(set_week(1, planned(with(25, 26))))
        .then_refused(SyllabusError::SourcesTooMany { links: 25, references: 26, most: 50 });
    given::<Syllabus>([])
        .when(set_week(1, planned(with(25, 25))))
        .then([week_set(1, [Class { number: 1, content: with(25, 25) }])]);
}

#[test]
fn a_link_leads_to_the_web_and_where_it_seems_to() {
    let with = |address| Content { links: vec![link(address)], ..content("Предел") };
    let planned = |content| [Planned { number: None, content }];
    for address in [
        "javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "ftp://example.org",
        "example.org",
        "https://",
        "https:///a",
        "https://example.org/a b",
        "https://example.org@evil.example/",
        "data:text/html,x",
    ] {
        given::<Syllabus>([])
            .when(set_week(1, planned(with(address))))
            .then_refused(SyllabusError::LinkUnfit { address: text(address) });
    }
    for address in ["http://example.org", "HTTPS://сайт.қаз/a?b=c@d#e"] {
        given::<Syllabus>([])
            .when(set_week(1, planned(with(address))))
            .then([week_set(1, [Class { number: 1, content: with(address) }])]);
    }
}

#[test]
fn a_file_is_given_to_a_class_that_there_is() {
    given::<Syllabus>(planned_weeks()).when(add_file(3, 20)).then([file_added(3, 20)]);
    given::<Syllabus>(planned_weeks())
        .when(add_file(4, 20))
        .then_refused(SyllabusError::ClassUnknown { class: 4 });
    given::<Syllabus>(planned_weeks())
        .and([week_set(2, [])])
        .when(add_file(3, 20))
        .then_refused(SyllabusError::ClassUnknown { class: 3 });
}

#[test]
fn a_class_has_a_bounded_number_of_files() {
    let with = |files: u16| {
        let files = (1..=files).map(|number| file_added(1, 100 + number));
        given::<Syllabus>(planned_weeks()).and(files)
    };
    with(20).when(add_file(1, 50)).then_refused(SyllabusError::FilesTooMany { class: 1, most: 20 });
    with(20).when(add_file(2, 50)).then([file_added(2, 50)]);
    with(20).and([file_removed(1, id(101))]).when(add_file(1, 50)).then([file_added(1, 50)]);
}

#[test]
fn a_file_is_taken_away_once() {
    let with_file = || given::<Syllabus>(planned_weeks()).and([file_added(3, 20)]);
    with_file().when(remove_file(20)).then([file_removed(3, id(20))]);
    with_file().when(remove_file(21)).then_refused(SyllabusError::FileUnknown);
    with_file()
        .and([file_removed(3, id(20))])
        .when(remove_file(20))
        .then_refused(SyllabusError::FileUnknown);
}

#[test]
fn no_class_goes_while_it_has_files() {
    let with_file = || given::<Syllabus>(planned_weeks()).and([file_added(1, 20)]);
    with_file()
        .when(set_week(1, [planned(None, "Предел"), planned(Some(2), "Ряд")]))
        .then_refused(SyllabusError::ClassHasFiles { class: 1, files: 1 });
    with_file()
        .when(set_week(1, [planned(Some(1), "Предел")]))
        .then([week_set(1, [class(1, "Предел")])]);
    with_file().and([file_removed(1, id(20))]).when(set_week(1, [])).then([week_set(1, [])]);
}
