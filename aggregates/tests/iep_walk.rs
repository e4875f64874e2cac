//! Random walks through the commands of a plan: whatever is asked, in whatever order, its
//! invariants hold in the events that come of it.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    Command, Event, State,
    iep::{
        Authority, ChosenStream, Entry, IepCommand, IepEvent, Opening, Openness, Placement, Signer,
        TermPlan,
    },
    shared::{
        Credits, Days, Digest, EnrollmentId, IepId, Meeting, PersonId, Role, StreamId, SubjectId,
        TermDays, TermId, Text, TextId, TextRef, TimeOfDay, Weekday, Weeks, Window,
    },
};
use jiff::Timestamp;
use proptest::{prelude::*, sample::select, test_runner::FileFailurePersistence};

const CHAIN: [Role; 3] = [Role::Student, Role::Advisor, Role::Registrar];

/// What is asked, by small numbers, so that walks meet themselves often.
#[derive(Debug, Clone)]
enum Step {
    Add { subject: u16, credits: u16, asking: Asking, year_limit: u16 },
    Remove { subject: u16, asking: Asking },
    Sign { behind: u32, signer: Who },
    SendBack { behind: u32, by: Who },
    Assign(Who),
    Place { stream: u16, gives_up: Option<u16> },
    Leave(u16),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Asking {
    Registering,
    AddDrop,
    Later,
    Registrar,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Who {
    Student,
    Advisor,
    OtherAdvisor,
    Registrar,
    /// Has both roles.
    AdvisingRegistrar,
    Stranger,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    use Asking::{AddDrop, Later, Registering, Registrar};
    let asking = || select(vec![Registering, AddDrop, Later, Registrar]);
    let who = || {
        prop_oneof![
            3 => select(vec![Who::Student, Who::Advisor, Who::Registrar]),
            1 => select(vec![Who::OtherAdvisor, Who::AdvisingRegistrar, Who::Stranger]),
        ]
    };
    let behind = || prop_oneof![6 => Just(0u32), 1 => Just(1u32)];
    let add = (0..9u16, 1..12u16, asking(), select(vec![35u16, 60])).prop_map(
        |(subject, credits, asking, year_limit)| Step::Add { subject, credits, asking, year_limit },
    );
    let step = prop_oneof![
        4 => add,
        1 => (0..9u16, asking()).prop_map(|(subject, asking)| Step::Remove { subject, asking }),
        5 => (behind(), who()).prop_map(|(behind, signer)| Step::Sign { behind, signer }),
        1 => (behind(), who()).prop_map(|(behind, by)| Step::SendBack { behind, by }),
        1 => who().prop_map(Step::Assign),
        3 => (0..18u16, proptest::option::of(0..18u16))
            .prop_map(|(stream, gives_up)| Step::Place { stream, gives_up }),
        1 => (0..18u16).prop_map(Step::Leave),
    ];
    proptest::collection::vec(step, 1..60)
}

fn person(who: Who) -> PersonId {
    PersonId::derived(&[&format!("{who:?}")])
}

fn text(text: &str) -> Text {
    Text::short(text).unwrap()
}

fn reason() -> TextRef {
    TextRef { id: TextId::derived(&["reason"]), digest: Digest::of(b"reason") }
}

/// Three subjects a term: autumn, spring, summer.
fn term(subject: u16) -> TermId {
    TermId::derived(&[&(subject / 3).to_string()])
}

fn terms() -> Vec<TermPlan> {
    let plan = |first, limit, counts_to_year| TermPlan {
        term: term(first),
        limit: Credits::whole(limit),
        counts_to_year,
    };
    vec![plan(0, 20, true), plan(3, 20, true), plan(6, 10, false)]
}

/// Spring begins before autumn is over, and summer after both.
fn days() -> TermDays {
    let days = |subject, first: &str, last: &str| {
        let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
        (term(subject), Days::between(first, last))
    };
    TermDays::from_iter([
        days(0, "2026-09-01", "2027-01-24"),
        days(3, "2027-01-18", "2027-06-06"),
        days(6, "2027-06-07", "2027-07-18"),
    ])
}

fn enrollment(subject: u16) -> EnrollmentId {
    EnrollmentId::derived(&[&subject.to_string()])
}

fn stream(number: u16) -> StreamId {
    StreamId::derived(&[&number.to_string()])
}

/// Two streams a subject, at three times in all.
fn chosen(number: u16) -> ChosenStream {
    let subject = number / 2;
    let hour = 9 + u32::from(number % 3);
    let time = |minutes| TimeOfDay::from_minutes(minutes).unwrap();
    ChosenStream {
        stream: stream(number),
        enrollment: enrollment(subject),
        term: term(subject),
        code: text(&format!("SUB{subject}")),
        meetings: vec![Meeting {
            weekday: Weekday::Monday,
            starts_at: time(hour * 60),
            ends_at: time(hour * 60 + 50),
            weeks: Weeks::parse("").unwrap(),
            room: None,
        }],
    }
}

fn openness(asking: Asking) -> Openness {
    let at = |second| Timestamp::from_second(second).unwrap();
    let window = |from, to| Some(Window { opens_at: at(from), closes_at: at(to) });
    let second = match asking {
        Asking::Registering => 0,
        Asking::AddDrop => 10,
        Asking::Later | Asking::Registrar => 20,
    };
    let by = match asking {
        Asking::Registrar => Authority::Registrar { reason: reason() },
        _ => Authority::Student,
    };
    let (registration, add_drop) = (window(0, 10), window(10, 20));
    Openness { by, registration, add_drop, ended: false, at: at(second) }
}

fn signer(who: Who) -> Signer {
    let roles = match who {
        Who::Student => vec![Role::Student],
        Who::Advisor | Who::OtherAdvisor => vec![Role::Advisor],
        Who::Registrar => vec![Role::Registrar],
        Who::AdvisingRegistrar => vec![Role::Advisor, Role::Registrar],
        Who::Stranger => vec![Role::Teacher],
    };
    Signer { person: person(who), roles: roles.into_iter().collect::<BTreeSet<_>>() }
}

fn command(step: Step, newest: u32) -> IepCommand {
    let at = Timestamp::from_second(5).unwrap();
    match step {
        Step::Add { subject, credits, asking, year_limit } => IepCommand::AddSubject {
            opening: Box::new(Opening {
                iep: IepId::of(person(Who::Student), 2026),
                student: person(Who::Student),
                year: 2026,
                advisor: Some(person(Who::Advisor)),
                regulation: "kz-2026".into(),
                year_limit: Credits::whole(year_limit),
            }),
            terms: terms(),
            entry: Entry {
                enrollment: enrollment(subject),
                subject: SubjectId::derived(&[&subject.to_string()]),
                term: term(subject),
                code: text(&format!("SUB{subject}")),
                title: text("Алгебра"),
                credits: Credits::whole(credits),
            },
            beside: None,
            openness: openness(asking),
            over: None,
        },
        Step::Remove { subject, asking } => IepCommand::RemoveSubject {
            enrollment: enrollment(subject),
            openness: openness(asking),
        },
        Step::Sign { behind, signer: who } => {
            IepCommand::Sign { revision: newest.saturating_sub(behind), signer: signer(who), at }
        }
        Step::SendBack { behind, by } => IepCommand::SendBack {
            revision: newest.saturating_sub(behind),
            by: signer(by),
            reason: reason(),
        },
        Step::Assign(who) => IepCommand::AssignAdvisor { advisor: person(who) },
        Step::Place { stream: number, gives_up } => {
            let (stream, gives_up) = (chosen(number), gives_up.map(stream));
            IepCommand::PlaceStreams(Placement::on_plan(stream, gives_up, days()))
        }
        Step::Leave(number) => IepCommand::LeaveStream { stream: stream(number) },
    }
}

/// The plan as a reader of its events knows it, without a look at the aggregate's own state.
#[derive(Default)]
struct Reader {
    revision: u32,
    year_limit: Credits,
    terms: BTreeMap<TermId, TermPlan>,
    entries: BTreeMap<EnrollmentId, Entry>,
    signatures: Vec<Role>,
    bytes: Option<String>,
    streams: BTreeMap<StreamId, ChosenStream>,
}

impl Reader {
    fn read(&mut self, event: IepEvent) {
        match event {
            IepEvent::Opened { year_limit, .. } => {
                assert_eq!(self.revision, 0, "opened twice");
                (self.revision, self.year_limit) = (1, year_limit);
            }
            IepEvent::TermPlanned { plan, .. } => {
                self.terms.insert(plan.term, plan);
            }
            IepEvent::SubjectAdded { entry, .. } => {
                self.must_be_unsigned();
                assert_eq!(self.entries.insert(entry.enrollment, entry), None, "taken twice");
            }
            IepEvent::SubjectRemoved { entry, .. } => {
                self.must_be_unsigned();
                assert_eq!(self.entries.remove(&entry.enrollment).as_ref(), Some(&entry));
                self.streams.retain(|_, chosen| chosen.enrollment != entry.enrollment);
            }
            IepEvent::StreamPlaced { chosen, gives_up, .. } => {
                assert!(self.entries.contains_key(&chosen.enrollment), "a stream of no subject");
                gives_up.map(|old| self.streams.remove(&old));
                self.streams.insert(chosen.stream, chosen);
            }
            IepEvent::StreamLeft { stream, .. } => {
                assert!(self.streams.remove(&stream).is_some(), "left without being in it");
            }
            IepEvent::Signed { revision, role, digest, signed, .. } => {
                assert_eq!(revision, self.revision, "an old revision was signed");
                assert_eq!(Some(&role), CHAIN.get(self.signatures.len()), "out of order");
                self.signatures.push(role);
                assert_eq!(signed.is_some(), role == Role::Student, "bytes come first, and once");
                self.bytes = signed.map(|bytes| bytes.json).or(self.bytes.take());
                let bytes = self.bytes.as_ref().unwrap();
                assert_eq!(digest, Digest::of(bytes.as_bytes()), "not over the first one's bytes");
                self.must_be_signed_as_it_stands();
            }
            IepEvent::SentBack { revision, .. } => {
                assert_eq!(revision, self.revision);
                assert!(!self.signatures.is_empty(), "sent back unsigned");
            }
            IepEvent::RevisionOpened { revision, cause, .. } => {
                assert_eq!(revision, self.revision + 1, "revisions are counted one by one");
                assert!(!self.signatures.is_empty(), "opened for nothing: {cause:?}");
                self.revision = revision;
                self.signatures.clear();
                self.bytes = None;
            }
            IepEvent::AdvisorAssigned { .. } | IepEvent::LimitsOverridden { .. } => {}
        }
    }

    fn must_be_unsigned(&self) {
        assert_eq!(self.signatures, [], "changed under a signature");
    }

    fn must_be_signed_as_it_stands(&self) {
        let content: serde_json::Value =
            serde_json::from_str(self.bytes.as_ref().unwrap()).unwrap();
        let read = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let lines = content["subjects"].as_array().unwrap();
        let signed: BTreeSet<_> = lines.iter().map(|line| read(&line["subject"])).collect();
        let entries = self.entries.values().map(|entry| entry.subject.to_string());
        assert_eq!(signed, entries.collect(), "not what is on the plan");
        assert_eq!(content["revision"], self.revision);
    }

    fn must_hold(&self) {
        let sum = |wanted: &dyn Fn(TermId) -> bool| -> Credits {
            let entries = self.entries.values().filter(|entry| wanted(entry.term));
            entries.map(|entry| entry.credits).sum()
        };
        for plan in self.terms.values() {
            assert!(sum(&|term| term == plan.term) <= plan.limit, "over the term's credits");
        }
        assert!(
            sum(&|term| self.terms[&term].counts_to_year) <= self.year_limit,
            "over the year's credits"
        );
        for one in self.streams.values() {
            for other in self.streams.values().filter(|other| other.stream > one.stream) {
                let (ours, theirs) = ((one.term, &*one.meetings), (other.term, &*other.meetings));
                assert!(
                    days().overlaps(ours, theirs).next().is_none(),
                    "two streams at the same time"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_plan_keeps_its_invariants_whatever_is_asked(steps in steps()) {
        let mut state = State::new("Iep").unwrap();
        let mut replayed = State::new("Iep").unwrap();
        let mut reader = Reader::default();
        for step in steps {
            let before = plan(&state).clone();
            let (signatures, revision) = (reader.signatures.len(), reader.revision);
            let is_about_streams = matches!(step, Step::Place { .. } | Step::Leave(_));
            match state.handle(Command::Iep(command(step, reader.revision))).unwrap() {
                Ok(events) => {
                    for event in events {
                        replayed.apply(event.clone());
                        let Event::Iep(event) = event else { unreachable!("a plan's events") };
                        reader.read(event);
                    }
                }
                Err(_) => assert_eq!(plan(&state), &before, "a refusal left something behind"),
            }
            if is_about_streams {
                assert_eq!((signatures, revision), (reader.signatures.len(), reader.revision));
            }
            reader.must_hold();
            assert_eq!(plan(&state), plan(&replayed), "the log tells another plan");
        }
    }
}

fn plan(state: &State) -> &aggregates::iep::Iep {
    match state {
        State::Iep(iep) => iep,
        other => unreachable!("not a plan: {other:?}"),
    }
}
