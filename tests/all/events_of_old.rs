//! A log that an earlier release began: it opens, it is what it was, and it goes on. Aggregates whose
//! events have changed since: Student (one event became two) and Subject (a field has another name).

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    Event,
    past::Shape,
    shared::{Language, Metadata, PersonId, Position, SubjectId},
    student::{Settings, Student, StudentCommand, StudentEvent, Topic},
    subject::{Subject, SubjectCard, SubjectCommand, SubjectEvent},
};
use cqrs_es::{
    Aggregate, AggregateContext, EventStore,
    persist::{
        PersistedEventRepository, PersistedEventStore, PersistenceError, ReplayStream,
        SemanticVersionEventUpcaster, SerializedEvent, SerializedSnapshot,
    },
};
use oqu::{
    audit::audit,
    cabinet::Cabinet,
    commands::CommandError,
    config::Config,
    database::Database,
    log::{self, NewEvent, Stamp},
    views::Fed,
};
use postgres_es::PostgresEventRepository;
use projections::{student::Students, subject::Subjects};
use serde_json::{Value, json};
use sqlite_es::SqliteEventRepository;
use uuid::Uuid;

use crate::{
    common::{ask, assert_dense, card, retitle, rows},
    server::until,
};

tests! { both {
    a_log_of_old_is_what_it_was_and_goes_on,
    the_stock_store_reads_a_log_of_old,
    what_a_newer_release_wrote_is_named_and_stops_the_views_alone,
} }

/// Who and what the log of old is about.
struct Old {
    student: PersonId,
    subject: SubjectId,
    /// What the subject asked for at first.
    before: SubjectId,
}

impl Old {
    /// An applicant chose settings twice, and a subject was revised, before the release that changed how
    /// both are written.
    async fn write(config: &Config) -> Self {
        let old =
            Self { student: PersonId::new(), subject: SubjectId::new(), before: SubjectId::new() };
        let Self { student, subject, before } = old;
        let cabinet = Cabinet::open(config.clone()).await.unwrap();
        let prerequisites = vec![before];
        let created = SubjectCard { prerequisites, ..card("Талдау") };
        let acts = [
            StudentCommand::Apply { student }.of(student),
            SubjectCommand::Create { subject, card: created }.of(subject),
        ];
        cabinet.commands.execute(ask(acts)).await.unwrap();
        cabinet.close().await;

        let settings = |language: &str| {
            let settings = json!({"language": language, "muted": ["news"]});
            json!({"SettingsChanged": {"student": student, "settings": settings}})
        };
        let revised =
            json!({"Revised": {"subject": subject, "card": card("Талдау"), "released": [before]}});
        let (database, _lock) = config.location().open().await.unwrap();
        let batch = [
            old.of_student(2, "StudentSettingsChanged", settings("kk")),
            old.of_student(3, "StudentSettingsChanged", settings("ru")),
            old.of_subject(2, "SubjectRevised", "1", revised),
        ];
        let head = log::head(&database).await.unwrap();
        log::append_alone(&database, &batch.each_ref(), None, head).await.unwrap();
        old
    }

    fn of_student(&self, sequence: i64, event_type: &'static str, payload: Value) -> NewEvent {
        let event = Event::Student(StudentEvent::Returned { student: self.student, into: None });
        let new = NewEvent::new("Student", &self.student.to_string(), sequence, event, &stamp());
        NewEvent { event_type, event_version: "1", payload: payload.to_string(), ..new.unwrap() }
    }

    fn of_subject(
        &self,
        sequence: i64,
        event_type: &'static str,
        event_version: &'static str,
        payload: Value,
    ) -> NewEvent {
        let subject = self.subject;
        let event = Event::Subject(SubjectEvent::Created { subject, card: card("Талдау") });
        let new = NewEvent::new("Subject", &subject.to_string(), sequence, event, &stamp());
        NewEvent { event_type, event_version, payload: payload.to_string(), ..new.unwrap() }
    }
}

fn stamp() -> Arc<Stamp> {
    let metadata = Metadata {
        actor: None,
        role: None,
        command_id: Uuid::new_v4(),
        caused_by: None,
        correlation: "of old".into(),
        client: None,
    };
    Arc::new(Stamp::of(metadata).unwrap())
}

fn settings(language: Language, muted: &[Topic]) -> Settings {
    Settings { language: Some(language), muted: muted.iter().copied().collect() }
}

async fn a_log_of_old_is_what_it_was_and_goes_on(config: Config) {
    let Old { student, subject, before } = Old::write(&config).await;
    let cabinet = Cabinet::open(config).await.unwrap();
    assert!(cabinet.wait_for(Position(5)).await);
    let database = &cabinet.database;
    let key = student.to_string();

    // The views, now and as of then; one event of old counts once.
    let document = cabinet.views.get::<Students>(&key).await.unwrap().unwrap();
    assert_eq!(document.settings, settings(Language::Russian, &[Topic::News]));
    let counted = format!("SELECT version FROM student_v6 WHERE view_id = '{key}'");
    assert_eq!(rows(database, &counted).await[0].int(0).unwrap(), 3);
    let then = cabinet.views.get_at::<Students>(&key, Position(3)).await.unwrap().unwrap();
    assert_eq!(then.settings, settings(Language::Kazakh, &[Topic::News]));
    let before = cabinet.views.get::<Subjects>(&before.to_string()).await.unwrap().unwrap();
    assert_eq!(before.postrequisites, BTreeSet::new());

    // Who follows is told once a place, with all that was said there.
    let named = Fed::ByOne("Student", key.clone());
    let following = cabinet.followers.follow::<Students>(named, key.clone(), Position(2));
    let mut following = following.await.unwrap();
    for (position, language) in [(3, Language::Kazakh), (4, Language::Russian)] {
        assert!(following.go_on().await.unwrap());
        assert_eq!(following.position(), Position(position));
        let told = &following.document().unwrap().settings;
        assert_eq!(*told, settings(language, &[Topic::News]));
    }

    // Commands are decided on the same state as before, and write what is written now.
    let change = async |settings| {
        let change = StudentCommand::ChangeSettings { student, settings }.of(student);
        cabinet.execute(ask([change])).await.unwrap().0.events
    };
    assert_eq!(change(settings(Language::Russian, &[Topic::News])).await, 0);
    assert_eq!(change(settings(Language::Russian, &[])).await, 1);
    assert_eq!(change(settings(Language::English, &[Topic::Grades])).await, 2);
    let revise = retitle(subject, "Алгебра");
    cabinet.execute(ask([revise])).await.unwrap();
    let written = rows(database, "SELECT event_type, event_version FROM events WHERE position > 5");
    let written: Vec<_> = written
        .await
        .iter()
        .map(|row| (row.text(0), row.text(1)))
        .map(|(name, version)| format!("{} {}", name.unwrap(), version.unwrap()))
        .collect();
    let expected = [
        "StudentTopicsMuted 1",
        "StudentLanguageChosen 1",
        "StudentTopicsMuted 1",
        "SubjectRevised 2",
    ];
    assert_eq!(written, expected);
    assert_eq!(assert_dense(database).await, 9);
    let report = audit(database, None, |_| ()).await.unwrap();
    assert!(report.findings.is_empty(), "{report}");
}

/// The state by the stock store, and ours by folding what we read.
async fn loaded<A, R>(repository: R, ours: &[Event], event_of: impl Fn(Event) -> A::Event)
where
    A: Aggregate + PartialEq + std::fmt::Debug,
    R: PersistedEventRepository,
    Event: Clone,
{
    let id = match &ours[0] {
        Event::Student(event) => event.student().unwrap().to_string(),
        Event::Subject(event) => event.subject().to_string(),
        other => panic!("{other:?}"),
    };
    // cqrs-es's own upcasters make one event of one.
    let renamed = SemanticVersionEventUpcaster::new(
        "SubjectRevised",
        "2",
        Box::new(|payload| Shape::of("SubjectRevised", "1", payload).now().remove(0).payload),
    );
    let store = PersistedEventStore::<R, A>::new_event_store(repository)
        .with_upcasters(vec![Box::new(renamed)]);
    let mut theirs = store.load_aggregate(&id).await.unwrap();
    let mut state = A::default();
    ours.iter().cloned().for_each(|event| state.apply(event_of(event)));
    assert_eq!(*theirs.aggregate(), state);
}

async fn the_stock_store_reads_a_log_of_old(config: Config) {
    let Old { student, subject, .. } = Old::write(&config).await;
    let (database, _lock) = config.location().open().await.unwrap();
    let ours = async |kind: &str, id: String| {
        let events = log::load_aggregates(&database, &[(kind, &id)]).await.unwrap();
        let read = events.iter().flat_map(|event| event.events().unwrap());
        read.collect::<Vec<_>>()
    };
    let of_student = ours("Student", student.to_string()).await;
    let of_subject = ours("Subject", subject.to_string()).await;
    assert_eq!((of_student.len(), of_subject.len()), (5, 2));
    let student = |event| match event {
        Event::Student(event) => event,
        other => panic!("{other:?}"),
    };
    let subject = |event| match event {
        Event::Subject(event) => event,
        other => panic!("{other:?}"),
    };
    match &database {
        Database::Postgres(pool) => {
            let repository = || PostgresEventRepository::new(pool.clone());
            loaded::<Subject, _>(repository(), &of_subject, subject).await;
            loaded::<Student, _>(Splitting(repository()), &of_student, student).await;
        }
        Database::Sqlite { read, .. } => {
            let repository = || SqliteEventRepository::new(read.clone());
            loaded::<Subject, _>(repository(), &of_subject, subject).await;
            loaded::<Student, _>(Splitting(repository()), &of_student, student).await;
        }
    }
}

/// What the stock store needs beside an upcaster where one event became several.
struct Splitting<R>(R);

fn split(events: Vec<SerializedEvent>) -> Vec<SerializedEvent> {
    let split = events.into_iter().flat_map(|event| {
        let stored = Shape::of(&event.event_type, &event.event_version, event.payload.clone());
        let now = stored.now().into_iter();
        now.map(move |Shape { event_type, version, payload }| SerializedEvent {
            event_type,
            event_version: version,
            payload,
            ..event.clone()
        })
    });
    split.collect()
}

impl<R: PersistedEventRepository> PersistedEventRepository for Splitting<R> {
    async fn get_events<A: Aggregate>(
        &self,
        id: &str,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        self.0.get_events::<A>(id).await.map(split)
    }

    async fn get_last_events<A: Aggregate>(
        &self,
        id: &str,
        last: usize,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        self.0.get_last_events::<A>(id, last).await.map(split)
    }

    async fn get_snapshot<A: Aggregate>(
        &self,
        id: &str,
    ) -> Result<Option<SerializedSnapshot>, PersistenceError> {
        self.0.get_snapshot::<A>(id).await
    }

    async fn persist<A: Aggregate>(
        &self,
        events: &[SerializedEvent],
        snapshot: Option<(String, Value, usize)>,
    ) -> Result<(), PersistenceError> {
        self.0.persist::<A>(events, snapshot).await
    }

    async fn stream_events<A: Aggregate>(
        &self,
        id: &str,
    ) -> Result<ReplayStream, PersistenceError> {
        self.0.stream_events::<A>(id).await
    }

    async fn stream_all_events<A: Aggregate>(&self) -> Result<ReplayStream, PersistenceError> {
        self.0.stream_all_events::<A>().await
    }
}

async fn what_a_newer_release_wrote_is_named_and_stops_the_views_alone(config: Config) {
    let old = Old::write(&config).await;
    let subject = old.subject;
    let newer = old.of_subject(3, "SubjectRevised", "3", json!({"Revised": {"subject": subject}}));
    let (database, lock) = config.location().open().await.unwrap();
    let head = log::head(&database).await.unwrap();
    log::append_alone(&database, &[&newer], None, head).await.unwrap();
    drop((database, lock));
    let cabinet = Cabinet::open(config).await.unwrap();
    // What lies before it is shown.
    until("the views stop", async || {
        let health = cabinet.freshness.health();
        !health.is_empty() && health.values().all(|view| view.stopped.is_some())
    })
    .await;
    let student = cabinet.views.get::<Students>(&old.student.to_string()).await.unwrap().unwrap();
    assert_eq!(student.settings.language, Some(Language::Russian));
    let cause = "event 6 (SubjectRevised): its version 3 is newer than version 2, which this oqu \
                 knows; use a newer one";
    for (view, health) in cabinet.freshness.health() {
        assert_eq!(health.position, Position(5), "{view}");
        assert!(health.stopped.as_deref().unwrap().ends_with(cause), "{view}: {health:?}");
    }
    // Nobody decides on a state that can't be read; others go on.
    let revise = retitle(subject, "Алгебра");
    match cabinet.commands.execute(ask([revise])).await {
        Err(CommandError::Defect(why)) => assert!(why.ends_with(cause), "{why}"),
        other => panic!("{other:?}"),
    }
    let other = PersonId::new();
    cabinet
        .commands
        .execute(ask([StudentCommand::Apply { student: other }.of(other)]))
        .await
        .unwrap();
    assert_eq!(assert_dense(&cabinet.database).await, 7);
}
