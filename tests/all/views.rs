//! Stored views equal the fold of the log from zero, whoever folded them, however they were stopped.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    time::Duration,
};

use aggregates::{
    Act,
    academic_calendar::{AcademicCalendarCommand, Term, TermKind},
    account::AccountCommand,
    enrollment::{EnrollmentCommand, InForce, Mark, StreamSeat, Taken},
    iep::{Entry, IepCommand, Opening, Openness, Signer, TermPlan},
    regulation::RegulationCommand,
    shared::{
        CalendarId, Credits, EnrollmentId, IepId, MarkId, MarkKind, Origin, Percent, PersonId,
        Position, RegulationId, Role, Rules, StreamId, SubjectId, TermId, Titles, Window,
    },
    stream::{StreamCard, StreamCommand},
    student::StudentCommand,
    subject::SubjectCommand,
};
use futures::future::join_all;
use jiff::Timestamp;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Commands},
    config::Config,
    database::Transaction,
    log::{self, Filter},
    views::decode_all,
};
use projections::{
    AnyView, VIEWS, account::Accounts, iep::IepTrails, student::Students, subject::Subjects,
};

use crate::common::{ask, card, create, open_account, retitle, stream_card, take_with, text};

tests! {
    both {
        views_equal_the_fold_of_the_log,
        a_reader_sees_each_view_at_its_checkpoint,
        events_from_before_the_start_are_folded,
        a_view_that_cant_go_on_stops_alone,
        documents_are_read_one_by_one_and_in_lists,
        documents_that_do_not_all_fit_in_memory_are_folded_as_well,
        every_column_of_every_view_can_be_listed_by,
    }
    postgres { two_runners_do_not_fold_twice }
}

/// What there is before anybody studies: a term, a regulation, a subject, a stream.
pub struct University {
    regulation: String,
    term: TermId,
    subject: SubjectId,
    stream: StreamId,
    seat: StreamSeat,
}

const YEAR: i16 = 2026;

impl University {
    pub async fn found(cabinet: &Cabinet) -> Self {
        let (term, subject, stream) = (TermId::new(), SubjectId::new(), StreamId::new());
        let [configuration, component] = ["Күндізгі", "Дәріс"].map(text);
        let seat = StreamSeat { stream, subject, term, configuration, component, parent: None };
        let regulation = format!("rules of {term}");
        let university = Self { regulation, term, subject, stream, seat };
        cabinet.commands.execute(ask(university.acts())).await.unwrap();
        university
    }

    fn acts(&self) -> Vec<Act> {
        let term = Term {
            id: self.term,
            title: text(&format!("Күз {}", self.term)),
            titles: Titles::default(),
            kind: TermKind::Semester,
            starts_on: "2026-09-01".parse().unwrap(),
            ends_on: "2026-12-31".parse().unwrap(),
        };
        let stream = StreamCard {
            configuration: self.seat.configuration.clone(),
            component: self.seat.component.clone(),
            ..stream_card(self.subject, self.term)
        };
        let effective_from = "2020-01-01".parse().unwrap();
        let rules = Rules::kazakhstan();
        vec![
            AcademicCalendarCommand::AddTerm { year: YEAR, term, origin: None }
                .of(CalendarId::of(YEAR)),
            RegulationCommand::Publish { version: text(&self.regulation), effective_from, rules }
                .of(RegulationId::of(&self.regulation)),
            create(self.subject),
            SubjectCommand::Offer { subject: self.subject, term: self.term }.of(self.subject),
            StreamCommand::Open { stream: self.stream, card: stream }.of(self.stream),
        ]
    }

    /// One student's year, with something for every view: what is asked, in its order.
    fn year_of(&self, student: PersonId) -> Vec<Act> {
        let mut acts = vec![
            open_account(student),
            AccountCommand::GrantRole { person: student, role: Role::Student }.of(student),
            StudentCommand::Apply { student }.of(student),
            StudentCommand::AssignAdvisor { student, advisor: PersonId::new() }.of(student),
        ];
        acts.extend(self.plan_of(student));
        acts.extend(self.results_of(student));
        acts
    }

    fn plan_of(&self, student: PersonId) -> [Act; 2] {
        let (iep, at) = (IepId::of(student, YEAR), Timestamp::now());
        let opening = Opening {
            iep,
            student,
            year: YEAR,
            advisor: None,
            regulation: self.regulation.clone(),
            year_limit: Credits::whole(60),
        };
        let terms =
            vec![TermPlan { term: self.term, limit: Credits::whole(30), counts_to_year: true }];
        let Taken { enrollment, subject, term, code, title, credits, .. } = self.taken_by(student);
        let entry = Entry { enrollment, subject, term, code, title, credits };
        let open = Window { opens_at: Timestamp::MIN, closes_at: Timestamp::MAX };
        let openness = Openness::of_student(Some(open), None, at);
        let signer = Signer { person: student, roles: [Role::Student].into() };
        [
            IepCommand::AddSubject {
                opening: opening.into(),
                terms,
                entry,
                beside: None,
                openness,
                over: None,
            }
            .of(iep),
            IepCommand::Sign { revision: 1, signer, at }.of(iep),
        ]
    }

    fn results_of(&self, student: PersonId) -> [Act; 4] {
        let origin = Origin { source: "sis".into(), file: "a.csv".into(), line: 2, day: None };
        let (stream, taken) = (self.stream, self.taken_by(student));
        let enrollment = taken.enrollment;
        let mark = Mark {
            id: MarkId::new(),
            kind: MarkKind::Current,
            period: Some(1),
            title: None,
            category: Some(text("Үй жұмысы")),
            percent: Percent::whole(77),
            weight: None,
            day: None,
        };
        let rules = InForce { version: self.regulation.clone(), rules: Rules::kazakhstan().into() };
        let seat = Some(self.seat.clone());
        [
            take_with(stream, student, enrollment),
            EnrollmentCommand::Import { taken, stream: seat, origin: origin.clone() }
                .of(enrollment),
            EnrollmentCommand::ImportMark { mark, origin: origin.clone() }.of(enrollment),
            EnrollmentCommand::ImportResult { letter: "P".into(), word: None, rules, origin }
                .of(enrollment),
        ]
    }

    fn taken_by(&self, student: PersonId) -> Taken {
        Taken {
            enrollment: EnrollmentId::of(student, self.subject, self.term),
            student,
            subject: self.subject,
            term: self.term,
            code: text("MATH101"),
            title: text("Алгебра"),
            credits: Credits::whole(5),
        }
    }
}

/// The years of some students, asked one act at a time, all students at once.
pub async fn study(cabinet: &Cabinet, university: &University, students: usize) {
    let years = (0..students).map(async |_| {
        for act in university.year_of(PersonId::new()) {
            cabinet.commands.execute(ask([act])).await?;
        }
        Ok::<_, CommandError>(())
    });
    for done in join_all(years).await {
        done.unwrap();
    }
}

pub async fn caught_up(cabinet: &Cabinet) -> Position {
    let head = log::head(&cabinet.database).await.unwrap().position;
    assert!(cabinet.wait_for(head).await, "{:?}", cabinet.freshness.health());
    head
}

/// Key, version and document.
pub type Documents = BTreeMap<String, (i64, serde_json::Value)>;

/// The documents of a view by the events up to a position, folded one event at a time.
pub async fn folded(snapshot: &mut Transaction, view: &AnyView, until: Position) -> Documents {
    let filter = Filter { until_position: Some(until), ..Filter::default() };
    let events = log::read(snapshot, &filter, usize::MAX >> 1).await.unwrap();
    let mut documents: BTreeMap<String, (i64, String)> = BTreeMap::new();
    for event in decode_all(&events).unwrap() {
        for key in (view.keys)(&event.event) {
            let before = documents.remove(&key);
            let payload = before.as_ref().map(|(_, payload)| payload.as_str());
            let mut document = (view.read)(payload).unwrap();
            (view.apply)(&mut document, &key, &event);
            let after = (view.write)(&document).unwrap();
            let version = before.map_or(0, |(version, _)| version) + 1;
            documents.insert(key, (version, after));
        }
    }
    let parsed = documents
        .into_iter()
        .map(|(key, (version, payload))| (key, (version, serde_json::from_str(&payload).unwrap())));
    parsed.collect()
}

pub async fn stored(snapshot: &mut Transaction, view: &AnyView) -> Documents {
    let table = served_from(snapshot, view).await;
    let sql = format!("SELECT view_id, version, CAST(payload AS text) FROM {table}");
    let rows = snapshot.fetch(&sql, &[]).await.unwrap();
    let documents = rows.iter().map(|row| {
        let payload = serde_json::from_str(&row.text(2).unwrap()).unwrap();
        (row.text(0).unwrap(), (row.int(1).unwrap(), payload))
    });
    documents.collect()
}

/// The table that the view is read from.
pub async fn served_from(snapshot: &mut Transaction, view: &AnyView) -> String {
    let sql = "SELECT stored_in FROM view_pointers WHERE view = $1";
    snapshot.fetch(sql, &[view.table().into()]).await.unwrap()[0].text(0).unwrap()
}

async fn checkpoint(snapshot: &mut Transaction, view: &AnyView) -> Position {
    let table = served_from(snapshot, view).await;
    let sql = "SELECT position FROM view_checkpoints WHERE view = $1";
    let rows = snapshot.fetch(sql, &[table.into()]).await.unwrap();
    Position(rows[0].int(0).unwrap())
}

/// Each view equals the fold up to its own checkpoint, in one snapshot; returns the checkpoints.
pub async fn assert_views_equal_the_fold(cabinet: &Cabinet) -> Vec<Position> {
    let mut snapshot = cabinet.database.snapshot().await.unwrap();
    let mut checkpoints = Vec::new();
    for view in VIEWS {
        let position = checkpoint(&mut snapshot, view).await;
        let (stored, folded) =
            (stored(&mut snapshot, view).await, folded(&mut snapshot, view, position).await);
        for (key, document) in &folded {
            assert_eq!(stored.get(key), Some(document), "{} {key}", view.table());
        }
        assert_eq!(stored.len(), folded.len(), "{}", view.table());
        checkpoints.push(position);
    }
    snapshot.rollback().await.unwrap();
    checkpoints
}

async fn views_equal_the_fold_of_the_log(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let university = University::found(&cabinet).await;
    study(&cabinet, &university, 20).await;
    crate::history::History::write(&cabinet).await;
    let head = caught_up(&cabinet).await;
    let checkpoints = assert_views_equal_the_fold(&cabinet).await;
    assert!(checkpoints.iter().all(|position| *position == head));
    for view in VIEWS {
        let documents = crate::common::count(&cabinet.database, &view.table()).await;
        assert!(documents > 0, "{} was not tested: it has no document", view.table());
    }
    let mut snapshot = cabinet.database.snapshot().await.unwrap();
    let log = log::read(&mut snapshot, &Filter::default(), usize::MAX >> 1).await.unwrap();
    for event in decode_all(&log).unwrap() {
        for view in VIEWS.iter().filter(|view| view.own) {
            let keys = (view.keys)(&event.event);
            assert!(keys.iter().all(|key| *key == event.aggregate_id), "{}: {event:?}", view.name);
        }
    }
}

/// While the writer writes and the runner folds: rows and checkpoint change together.
async fn a_reader_sees_each_view_at_its_checkpoint(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let university = University::found(&cabinet).await;
    let seen = Mutex::new(BTreeSet::new());
    let watch = async {
        loop {
            let positions = assert_views_equal_the_fold(&cabinet).await;
            seen.lock().unwrap().extend(positions);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = watch => {}
        () = async {
            // Where much else goes on, whoever watches looks rarely.
            for round in 0..100 {
                study(&cabinet, &university, 4).await;
                if round >= 4 && seen.lock().unwrap().len() > 2 {
                    break;
                }
            }
        } => {}
    }
    caught_up(&cabinet).await;
    assert_views_equal_the_fold(&cabinet).await;
    let seen = seen.into_inner().unwrap();
    assert!(seen.len() > 2, "the views were seen at {seen:?} only");
}

/// More than one batch of them, as after a crash between the commit and the fold.
async fn events_from_before_the_start_are_folded(config: Config) {
    {
        let (database, _lock) = config.location().open().await.unwrap();
        let commands = Commands::start(database.clone());
        for _ in 0..5 {
            let acts: Vec<_> = (0..500).map(|_| create(SubjectId::new())).collect();
            commands.execute(ask(acts)).await.unwrap();
        }
        let rows = crate::common::count(&database, &AnyView::of::<Subjects>().table()).await;
        assert_eq!(rows, 0, "nobody folds yet");
    }
    let cabinet = Cabinet::open(config).await.unwrap();
    assert_eq!(caught_up(&cabinet).await, Position(2_500));
    assert_views_equal_the_fold(&cabinet).await;
}

async fn a_view_that_cant_go_on_stops_alone(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let (subject, person) = (SubjectId::new(), PersonId::new());
    let receipt = cabinet.commands.execute(ask([create(subject)])).await.unwrap();
    assert!(cabinet.wait_for(receipt.position).await);
    let subjects = AnyView::of::<Subjects>().table();
    let broken = format!("UPDATE {subjects} SET payload = '[\"broken\"]'");
    cabinet.database.execute(&broken, &[]).await.unwrap();
    cabinet.close().await;
    // A runner that does not hold the document yet.
    let cabinet = Cabinet::open(config).await.unwrap();

    let acts = [retitle(subject, "Алгебра"), open_account(person)];
    let (receipt, fresh) = cabinet.execute(ask(acts)).await.unwrap();
    assert!(fresh, "the other views are held up");
    let account = cabinet.views.get::<Accounts>(&person.to_string()).await.unwrap();
    assert!(account.unwrap().open);
    let health = cabinet.freshness.health();
    assert_eq!(health[&subjects].position, Position(1));
    let cause = health[&subjects].stopped.as_deref().unwrap();
    assert!(cause.starts_with("event 2 (SubjectRevised): "), "{cause}");
    assert!(cause.contains(&subject.to_string()), "{cause}");
    let others = health.iter().filter(|(view, _)| **view != subjects);
    assert!(
        others
            .map(|(_, health)| health)
            .all(|health| { health.stopped.is_none() && health.position == receipt.position })
    );

    // Mended, it goes on from where it stopped.
    let mend = format!("DELETE FROM {subjects}");
    cabinet.database.execute(&mend, &[]).await.unwrap();
    let again = "UPDATE view_checkpoints SET position = 0 WHERE view = $1";
    cabinet.database.execute(again, &[subjects.as_str().into()]).await.unwrap();
    let mended = async {
        while cabinet.freshness.health()[&subjects].position != receipt.position {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), mended).await.unwrap();
    assert!(cabinet.freshness.health()[&subjects].stopped.is_none());
    assert_views_equal_the_fold(&cabinet).await;
}

async fn documents_that_do_not_all_fit_in_memory_are_folded_as_well(config: Config) {
    // Of some 12 KB each: together more than is held of a view.
    const STREAMS: usize = 420;
    const ROUNDS: usize = 7;
    let cabinet = Cabinet::open(config).await.unwrap();
    let streams: Vec<_> = (0..STREAMS).map(|_| StreamId::new()).collect();
    let open = |stream: &StreamId| {
        let teachers = (0..300).map(|_| PersonId::new()).collect();
        let card = StreamCard { teachers, ..stream_card(SubjectId::new(), TermId::new()) };
        StreamCommand::Open { stream: *stream, card }.of(*stream)
    };
    for some in streams.chunks(STREAMS / ROUNDS) {
        cabinet.execute(ask(some.iter().map(open))).await.unwrap();
    }
    // What is put back crowds out others, also such as are folded in the same round.
    let more = |stream: &StreamId| {
        StreamCommand::AssignTeacher { stream: *stream, teacher: PersonId::new() }.of(*stream)
    };
    for round in 0..ROUNDS {
        let some = streams.iter().skip(round).step_by(ROUNDS);
        cabinet.execute(ask(some.map(more))).await.unwrap();
    }
    assert_views_equal_the_fold(&cabinet).await;
}

async fn documents_are_read_one_by_one_and_in_lists(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let subjects: Vec<_> = (0..5).map(|_| SubjectId::new()).collect();
    let acts = subjects.iter().enumerate().map(|(number, subject)| {
        let mut card = card("Алгебра");
        card.code = text(&format!("{}0{}", if number < 3 { "B" } else { "a" }, 9 - number));
        SubjectCommand::Create { subject: *subject, card }.of(*subject)
    });
    let (_, fresh) = cabinet.execute(ask(acts)).await.unwrap();
    assert!(fresh);
    let views = &cabinet.views;
    let key = subjects[0].to_string();
    let document = views.get::<Subjects>(&key).await.unwrap().unwrap();
    assert_eq!(document.card.clone().unwrap().code, text("B09"));
    assert!(views.get::<Subjects>("unknown").await.unwrap().is_none());
    let keys = [key.clone(), subjects[4].to_string(), "unknown".into()];
    assert_eq!(views.get_many::<Subjects>(&keys).await.unwrap().len(), 2);
    assert!(views.get_many::<Subjects>(&[]).await.unwrap().is_empty());

    let order = "sort_key, view_id";
    let codes = async |condition: &str, limit| {
        let values = [oqu::database::Value::from("a")];
        let page = views.list::<Subjects>(condition, &values, order, limit).await.unwrap();
        let codes = page.documents.into_iter().map(|(_, subject)| subject.sort_key);
        (codes.collect::<Vec<_>>(), page.more)
    };
    assert_eq!(
        codes("sort_key > $1", 3).await,
        (vec!["a05".into(), "a06".into(), "b07".into()], true)
    );
    assert!(!codes("sort_key > $1", 5).await.1);
    assert_eq!(views.count::<Subjects>("sort_key < $1", &["b".into()]).await.unwrap(), 2);
}

/// Both databases list alike: each column as it is in the document.
async fn every_column_of_every_view_can_be_listed_by(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let university = University::found(&cabinet).await;
    study(&cabinet, &university, 3).await;
    caught_up(&cabinet).await;
    let mut columns = 0;
    for view in VIEWS {
        let documents = {
            let mut snapshot = cabinet.database.snapshot().await.unwrap();
            stored(&mut snapshot, view).await
        };
        for column in view.columns {
            columns += 1;
            let sql = format!(
                "SELECT view_id, CAST({0} AS text) FROM {1} ORDER BY {0}, view_id",
                column.name,
                view.table()
            );
            for row in cabinet.database.fetch(&sql, &[]).await.unwrap() {
                let (_, document) = &documents[&row.text(0).unwrap()];
                let found = match &document[column.name] {
                    serde_json::Value::Null => None,
                    serde_json::Value::String(text) => Some(text.clone()),
                    other => Some(other.to_string()),
                };
                let place = format!("{}.{}", view.table(), column.name);
                assert_eq!(row.optional_text(1).unwrap(), found, "{place}");
            }
        }
    }
    assert!(columns > 5);
    let advisor = cabinet.views.list::<Students>("advisor IS NOT NULL", &[], "advisor, view_id", 9);
    assert_eq!(advisor.await.unwrap().documents.len(), 3);
    let waiting = cabinet.views.count::<IepTrails>("waits_for = 'advisor'", &[]);
    assert_eq!(waiting.await.unwrap(), 3);
}

async fn two_runners_do_not_fold_twice(config: Config) {
    let nodes = [
        Cabinet::open(config.clone()).await.unwrap(),
        Cabinet::open(config.clone()).await.unwrap(),
    ];
    let universities = [University::found(&nodes[0]).await, University::found(&nodes[1]).await];
    tokio::join!(study(&nodes[0], &universities[0], 25), study(&nodes[1], &universities[1], 25));
    for node in &nodes {
        caught_up(node).await;
    }
    assert_views_equal_the_fold(&nodes[0]).await;
}
