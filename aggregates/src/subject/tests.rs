//! The rules of subject, given / when / then.

use super::{
    About, Subject, SubjectCard, SubjectCommand as Command, SubjectError, SubjectEvent as Event,
};
use crate::shared::{
    Asking, Codes, Credits, Language, Requirement, SubjectId, TermId,
    given::{given, id, row, text},
};

fn subject() -> SubjectId {
    id(1)
}

fn card(credits: u16) -> SubjectCard {
    SubjectCard {
        code: text("MATH102"),
        title: text("Математикалық талдау"),
        credits: Credits::whole(credits),
        compulsory: true,
        prerequisites: vec![id(2)],
    }
}

fn own_prerequisite() -> SubjectCard {
    SubjectCard { prerequisites: vec![id(2), subject()], ..card(5) }
}

fn created() -> [Event; 1] {
    [Event::Created { subject: subject(), card: card(5) }]
}

/// Revised, with the same prerequisites as before.
fn revised(card: SubjectCard) -> Event {
    Event::Revised { subject: subject(), card, dropped_prerequisites: vec![] }
}

fn create(card: SubjectCard) -> Command {
    Command::Create { subject: subject(), card }
}

fn revise(card: SubjectCard) -> Command {
    Command::Revise { subject: subject(), card, asking: Asking::default() }
}

fn require(requirement: Requirement) -> Command {
    Command::Require { subject: subject(), requirement, asking: Asking::default() }
}

fn required(requirement: Requirement) -> Event {
    Event::RequirementSet { subject: subject(), requirement, dropped_subjects: vec![] }
}

/// LOGIC1, which asks for this subject.
fn logic_asks_for_it() -> Asking {
    let logic = (id(3), Requirement::All(vec![Requirement::Passed(subject())]));
    Asking { requirements: [logic].into(), codes: Codes::of_subjects([(id(3), text("LOGIC1"))]) }
}

fn offer(term: TermId) -> Command {
    Command::Offer { subject: subject(), term }
}

fn import(card: SubjectCard) -> Command {
    Command::Import { subject: subject(), card, origin: row(2) }
}

fn about(title: &str) -> About {
    About {
        title: Some(text(title)),
        description: Some(text("Пределы и производные")),
        competences: vec![text("Находит производные")],
    }
}

fn describe(language: Language, about: About) -> Command {
    Command::Describe { subject: subject(), language, about }
}

fn described(language: Language, about: About) -> Event {
    Event::Described { subject: subject(), language, about }
}

#[test]
fn a_subject_enters_the_catalogue_once() {
    given::<Subject>([]).when(create(card(5))).then(created());
    let (code, title) = (text("MATH102"), text("Математикалық талдау"));
    let taken = SubjectError::CodeTaken { code, title, subject: subject() };
    given::<Subject>(created()).when(create(card(6))).then_refused(taken.clone());
    let small = SubjectCard { code: text("math102"), ..card(5) };
    given::<Subject>(created()).when(create(small)).then_refused(taken);
    let other = SubjectCard { code: text("MATH103"), ..card(5) };
    given::<Subject>(created()).when(create(other)).then_refused(SubjectError::Exists);
}

#[test]
fn what_the_catalogue_says_can_be_revised() {
    given::<Subject>(created()).when(revise(card(6))).then([revised(card(6))]);
}

#[test]
fn a_revision_tells_which_prerequisites_it_drops() {
    let asking = |prerequisites| SubjectCard { prerequisites, ..card(5) };
    let (logic, sets, physics) = (id(3), id(4), id(5));
    let before = Event::Revised {
        subject: subject(),
        card: asking(vec![logic, sets]),
        dropped_prerequisites: vec![id(2)],
    };
    given::<Subject>(created()).when(revise(asking(vec![logic, sets]))).then([before.clone()]);
    given::<Subject>(created()).and([before]).when(revise(asking(vec![sets, physics]))).then([
        Event::Revised {
            subject: subject(),
            card: asking(vec![sets, physics]),
            dropped_prerequisites: vec![logic],
        },
    ]);
}

#[test]
fn saying_the_same_again_changes_nothing() {
    given::<Subject>(created()).when(revise(card(5))).then_nothing_happens();
}

#[test]
fn a_subject_is_offered_in_a_term_once() {
    let (autumn, spring) = (id(8), id(9));
    let offered = |term| Event::Offered { subject: subject(), term };
    given::<Subject>(created()).when(offer(autumn)).then([offered(autumn)]);
    given::<Subject>(created()).and([offered(autumn)]).when(offer(autumn)).then_nothing_happens();
    given::<Subject>(created()).and([offered(autumn)]).when(offer(spring)).then([offered(spring)]);
}

#[test]
fn only_a_subject_of_the_catalogue_is_revised_or_offered() {
    let describe = describe(Language::Russian, about("Анализ"));
    for command in [revise(card(5)), offer(id(8)), require(Requirement::default()), describe] {
        given::<Subject>([]).when(command).then_refused(SubjectError::Unknown);
    }
}

#[test]
fn a_subject_is_worth_some_credits() {
    for command in [create(card(0)), import(card(0))] {
        given::<Subject>([]).when(command).then_refused(SubjectError::NoCredits);
    }
    given::<Subject>(created()).when(revise(card(0))).then_refused(SubjectError::NoCredits);
}

#[test]
fn a_subject_is_never_its_own_prerequisite() {
    let refused = SubjectError::OwnPrerequisite;
    for command in [create(own_prerequisite()), import(own_prerequisite())] {
        given::<Subject>([]).when(command).then_refused(refused.clone());
    }
    given::<Subject>(created()).when(revise(own_prerequisite())).then_refused(refused);
}

#[test]
fn an_import_creates_then_revises_and_changes_nothing_the_second_time() {
    let imported = Event::Imported { subject: subject(), card: card(5), origin: row(2) };
    given::<Subject>([]).when(import(card(5))).then([imported.clone()]);
    given::<Subject>([imported.clone()]).when(import(card(5))).then_nothing_happens();
    given::<Subject>([imported]).when(import(card(6))).then([revised(card(6))]);
}

#[test]
fn a_subject_can_ask_for_more_than_prerequisites() {
    let second_year = Requirement::YearOfStudyAtLeast(2);
    let with_physics = Requirement::RegisteredNow(id(5));
    let both = Requirement::Any(vec![second_year.clone(), with_physics]);
    given::<Subject>(created()).when(require(both.clone())).then([required(both.clone())]);
    let asking = || given::<Subject>(created()).and([required(both.clone())]);
    asking().when(require(both.clone())).then_nothing_happens();
    // The revision of the card leaves it as it is.
    asking().and([revised(card(6))]).when(require(both.clone())).then_nothing_happens();
    asking().when(require(second_year.clone())).then([Event::RequirementSet {
        subject: subject(),
        requirement: second_year,
        dropped_subjects: vec![id(5)],
    }]);
}

#[test]
fn a_subject_never_asks_for_itself() {
    for requirement in [
        Requirement::Passed(subject()),
        Requirement::RegisteredNow(subject()),
        Requirement::Not(Box::new(Requirement::NotRegisteredWith(subject()))),
    ] {
        given::<Subject>(created())
            .when(require(requirement))
            .then_refused(SubjectError::AsksForItself);
    }
}

#[test]
fn what_nobody_could_ever_meet_is_not_asked_for() {
    use Requirement::{All, Any, Not, NotRegisteredWith, Passed, RegisteredNow};
    let physics = || id(5);
    let not = |part| Not(Box::new(part));
    let told = |parts: &str| {
        let physics: SubjectId = physics();
        let parts = parts.replace("PHYS1", &physics.to_string());
        format!("REQUIREMENT_UNMEETABLE (manual 2.3) requirement=all({parts})")
    };
    for (parts, unmet) in [
        // What was passed is not taken again.
        (vec![Passed(physics()), RegisteredNow(physics())], "passed PHYS1, registered_now PHYS1"),
        (
            vec![NotRegisteredWith(physics()), RegisteredNow(physics())],
            "not_registered_with PHYS1, registered_now PHYS1",
        ),
        (
            vec![All(vec![RegisteredNow(physics())]), not(RegisteredNow(physics()))],
            "registered_now PHYS1, not(registered_now PHYS1)",
        ),
        (vec![Passed(physics()), not(Passed(physics()))], "passed PHYS1, not(passed PHYS1)"),
    ] {
        given::<Subject>(created()).when(require(All(parts))).then_refused_saying(&told(unmet));
    }
    // The prerequisites of the card are asked for too, also where they come later.
    let with_physics = required(RegisteredNow(physics()));
    given::<Subject>(created())
        .and([with_physics])
        .when(revise(SubjectCard { prerequisites: vec![physics()], ..card(5) }))
        .then_refused_saying(&told("passed PHYS1, registered_now PHYS1"));
    // One or the other, and one without the other, can be met.
    for fine in [
        Any(vec![Passed(physics()), RegisteredNow(physics())]),
        All(vec![Passed(physics()), NotRegisteredWith(physics())]),
        All(vec![RegisteredNow(physics()), not(Passed(physics()))]),
        All(vec![Passed(physics()), RegisteredNow(id(7))]),
    ] {
        given::<Subject>(created()).when(require(fine.clone())).then([required(fine)]);
    }
}

#[test]
fn subjects_never_wait_for_one_another() {
    let refused = |command| {
        let error = given::<Subject>(created()).when(command);
        error.then_refused_saying(
            "PREREQUISITE_CYCLE (manual 2.3) cycle=MATH102 < LOGIC1 < MATH102",
        );
    };
    let asking = logic_asks_for_it();
    refused(Command::Require {
        subject: subject(),
        requirement: Requirement::Passed(id(3)),
        asking: asking.clone(),
    });
    let card = SubjectCard { prerequisites: vec![id(2), id(3)], ..card(5) };
    refused(Command::Revise { subject: subject(), card, asking });
}

#[test]
fn a_revised_card_can_close_no_circle_with_what_the_subject_asks_for_beside_it() {
    let asks = Requirement::Passed(id(3));
    let revise = Command::Revise { subject: subject(), card: card(6), asking: logic_asks_for_it() };
    given::<Subject>(created())
        .and([required(asks)])
        .when(revise)
        .then_refused_saying("PREREQUISITE_CYCLE (manual 2.3) cycle=MATH102 < LOGIC1 < MATH102");
}

#[test]
fn a_requirement_is_of_bounded_size_and_can_be_met() {
    let one = || Requirement::YearOfStudyAtLeast(2);
    let wide = |parts: usize| Requirement::All((1..parts).map(|_| one()).collect());
    let deep =
        |depth: usize| (1..depth).fold(one(), |inside, _| Requirement::Not(Box::new(inside)));
    for (requirement, parts, depth) in [(wide(101), 101, 2), (deep(9), 9, 9)] {
        given::<Subject>(created()).when(require(requirement)).then_refused(
            SubjectError::RequirementTooLarge { parts, depth, most_parts: 100, most_depth: 8 },
        );
    }
    for requirement in [wide(100), deep(8)] {
        given::<Subject>(created())
            .when(require(requirement.clone()))
            .then([required(requirement)]);
    }
    let never = Requirement::Any(vec![]);
    given::<Subject>(created())
        .when(require(Requirement::Not(Box::new(never))))
        .then_refused(SubjectError::RequirementIsEmpty);
}

#[test]
fn what_a_subject_is_about_is_said_language_by_language() {
    let (russian, english) = (about("Анализ"), about("Calculus"));
    let saying_russian =
        || given::<Subject>(created()).and([described(Language::Russian, russian.clone())]);
    given::<Subject>(created())
        .when(describe(Language::Russian, russian.clone()))
        .then([described(Language::Russian, russian.clone())]);
    saying_russian()
        .when(describe(Language::English, english.clone()))
        .then([described(Language::English, english.clone())]);
    // What is said in one language is the whole of it.
    let only_a_title = About { title: Some(text("Анализ")), ..About::default() };
    saying_russian()
        .when(describe(Language::Russian, only_a_title.clone()))
        .then([described(Language::Russian, only_a_title)]);
}

#[test]
fn saying_again_what_a_subject_is_about_changes_nothing() {
    let russian = about("Анализ");
    let both = [
        described(Language::Russian, russian.clone()),
        described(Language::English, about("Calculus")),
    ];
    given::<Subject>(created())
        .and(both)
        .when(describe(Language::Russian, russian))
        .then_nothing_happens();
}

#[test]
fn what_is_said_in_a_language_can_be_taken_back() {
    let nothing = About::default;
    given::<Subject>(created()).when(describe(Language::Kazakh, nothing())).then_nothing_happens();
    let said = described(Language::Kazakh, about("Талдау"));
    given::<Subject>(created())
        .and([said.clone()])
        .when(describe(Language::Kazakh, nothing()))
        .then([described(Language::Kazakh, nothing())]);
    given::<Subject>(created())
        .and([said, described(Language::Kazakh, nothing())])
        .when(describe(Language::Kazakh, nothing()))
        .then_nothing_happens();
}

#[test]
fn a_subject_has_a_bounded_number_of_competences() {
    let of = |competences| About {
        competences: vec![text("Находит"); competences], ..about("A")
    };
    given::<Subject>(created())
        .when(describe(Language::English, of(51)))
        .then_refused(SubjectError::CompetencesTooMany { competences: 51, most: 50 });
    given::<Subject>(created())
        .when(describe(Language::English, of(50)))
        .then([described(Language::English, of(50))]);
}
