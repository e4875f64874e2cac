//! A day at the university: what a server is asked again and again, by everybody.

use oqu::config::Config;
use serde_json::json;

use crate::{
    as_of::DOCUMENT,
    campus::{Taught, day, mark, moment, ratings, register},
    journey,
    server::Client,
    streams::Events,
};

/// A server at work.
pub struct Work {
    taught: Taught,
}

impl Work {
    pub async fn begin(config: &Config, settings: &[(&str, &str)]) -> Self {
        let taught = Taught::with(config, settings).await;
        // What a rule needs in order to let a day pass.
        ratings(&taught.campus.teacher, &taught.enrollment, 80.0, 90.0).await;
        Self { taught }
    }

    pub fn log(&self) -> String {
        self.taught.campus.server.log()
    }

    /// Somebody new comes, registers, is taught, signs and looks at everything; staff look too.
    pub async fn day(&self) {
        let Taught { campus, subject, term, stream, .. } = &self.taught;
        let name = format!("Т{}", uuid::Uuid::new_v4().simple());
        let student = campus.student(&name).await;
        campus.server.sign_in(&name).await;
        let registered = register(&student, subject, term).await;
        let choice = json!({"enrollment": registered.enrollment, "stream": stream});
        student.ask("ChooseStream", choice.clone()).await;
        let marked = json!({
            "enrollment": registered.enrollment, "kind": "CURRENT", "period": 1, "percent": 70.0,
            "key": name,
        });
        campus.teacher.ask("RecordMark", marked.clone()).await;
        campus.teacher.ask("RecordMark", marked).await;
        mark(&campus.teacher, &registered.enrollment, "MIDTERM", Some(1), 60.0).await;
        let mut trail =
            Events::follow(&campus.advisor, "IepChanged", json!({"iep": registered.iep})).await;
        trail.item().await;
        student.ask("SignIep", json!({"iep": registered.iep, "revision": 1})).await;
        trail.item().await;
        drop(trail);
        self.audience().await;
        self.sittings().await;
        self.test(&student).await;
        self.request(&student, &registered.enrollment).await;
        self.look(&student, &registered.iep).await;
        student.ask("LeaveStream", choice).await;
        campus
            .registrar
            .ask("AssignAdvisor", json!({"student": student.id, "advisor": campus.advisor.id}))
            .await;
        student.ask("ChangeContacts", json!({"email": "a@b.kz"})).await;
    }

    /// Something is asked for, taken back, and asked for again.
    async fn request(&self, student: &Client, enrollment: &str) {
        let change = json!({"change": {"giveUp": {"enrollmentId": enrollment}}});
        let opened = student.ask("OpenAddDropRequest", change.clone()).await;
        student.ask("WithdrawRequest", json!({"request": opened["request"]["id"]})).await;
        let opened = student.ask("OpenAddDropRequest", change).await;
        let refuse = json!({"request": opened["request"]["id"], "reason": "Баллы бар"});
        let registrar = &self.taught.campus.registrar;
        let accept = json!({"request": opened["request"]["id"]});
        let answer = registrar.send("AcceptRequest", accept).await;
        assert_eq!(answer.root()["userErrors"][0]["code"], "ENROLLMENT_HAS_MARKS");
        registrar.ask("RefuseRequest", refuse).await;
    }

    /// A window for some is set, of whom there are none.
    async fn audience(&self) {
        let Taught { campus, term, .. } = &self.taught;
        let mistyped = json!({"audience": {"faculties": ["Заңң"], "programmeCodes": ["6B06101"]}});
        campus.period_of(term, "REGISTRATION", (-1, 1), mistyped).await;
        let elsewhere = json!({"audience": {"yearsOfStudy": [9, 10]}});
        campus.period_of(term, "REGISTRATION", (-1, 1), elsewhere).await;
    }

    /// A control is set where classes and other sittings could be, and the exams are moved away from those that are set.
    async fn sittings(&self) {
        let Taught { campus, subject, term, stream, .. } = &self.taught;
        let at = |hours| {
            json!({"streamId": stream, "kind": "CONTROL", "room": "301",
            "startsAt": moment(hours), "endsAt": moment(hours + 2)})
        };
        campus.registrar.ask("ScheduleSitting", json!({"input": at(30)})).await;
        campus.period(term, "EXAMS", 24, 240).await;
        let meetings = json!([{
            "weekday": "MONDAY", "startsAt": "09:00", "endsAt": "10:00", "room": "301",
        }]);
        let group = uuid::Uuid::new_v4().to_string();
        let beside = campus.stream(subject, term, &group, json!({"meetings": meetings})).await;
        let query = "query($id: ID!) { stream(id: $id) { warnings { code } } }";
        campus.registrar.ask(query, json!({"id": beside})).await;
    }

    async fn test(&self, student: &Client) {
        let test = journey::created(&self.taught, json!({})).await;
        let attempt = journey::start(student, &test).await;
        let question = &attempt["questions"][0];
        let saved = journey::answer(&attempt, question, 1, &journey::right(question));
        student.ask("SaveAnswer", saved).await;
        journey::submit(student, &attempt).await;
        student.ask("TestAttempt", json!({"id": attempt["id"]})).await;
    }

    async fn look(&self, student: &Client, iep: &str) {
        let Taught { campus, subject, term, stream, .. } = &self.taught;
        let auditor = &campus.auditor;
        let head = auditor.ask("LogHead", json!({})).await;
        let whose = json!({"student": student.id});
        let streams = json!({"subject": subject, "term": term, "first": 5});
        let in_term = json!({"subject": subject, "term": term});
        let page = json!({"first": 5});
        let history = json!({"filter": {"studentId": student.id}, "first": 5});
        let filter = json!({
            "waitsFor": "ADVISOR", "waitsSinceFrom": "2026-01-01T00:00:00Z", "changedInAddDrop": false,
            "advisorId": campus.advisor.id, "programmeId": uuid::Uuid::new_v4(),
            "yearOfAdmission": 2026, "namePrefix": "Т",
        });
        let narrowed = json!({"filter": filter, "first": 5});
        let as_of = json!({"student": student.id, "asOfPosition": head["position"]});
        for (who, what, with) in [
            (student, "Me", json!({})),
            (student, "StudyPlan", json!({})),
            (student, "Dashboard", json!({})),
            (student, "Streams", streams),
            (student, "SubjectInTerm", in_term.clone()),
            (student, "SubjectCards", json!({})),
            (student, "TeacherCards", in_term.clone()),
            (&campus.advisor, "Syllabus", in_term),
            (student, "Journal", whose.clone()),
            (student, "Transcript", whose.clone()),
            (student, "ThesisCheck", whose),
            (student, "Calendar", json!({"filter": {"mine": true}})),
            (student, "Timetable", json!({"student": student.id, "from": day(0), "span": "WEEK"})),
            (&campus.registrar, "CalendarChanges", json!({"term": term})),
            (auditor, "Transcript", as_of),
            (auditor, "History", history),
            (auditor, "IepTrail", json!({"iep": iep})),
            (&campus.advisor, "IepsAwaitingMySignature", page.clone()),
            (student, "MyRequests", json!({"status": "REFUSED", "first": 5})),
            (&campus.registrar, "Requests", json!({"filter": {"status": "NEW"}, "first": 5})),
            (&campus.advisor, "Requests", json!({"filter": {"status": "NEW"}, "first": 5})),
            (&campus.registrar, "Ieps", narrowed.clone()),
            (&campus.registrar, "IepsAwaitingMySignature", narrowed.clone()),
            (&campus.advisor, "IepsAwaitingMySignature", narrowed),
            (&campus.registrar, "StudentsByExternalId", json!({"id": iep})),
            (auditor, "Node", json!({"id": iep})),
        ] {
            who.ask(what, with).await;
        }
        // Found by its own key, by what was noted of it, and by a key of several ids; at a place and at a time.
        let seat = format!("{stream}:{}", student.id);
        for (view, key) in [("iep", iep), ("transcript", &student.id), ("seat", &seat)] {
            let at = json!({"view": view, "key": key, "at": head["position"]});
            auditor.ask(DOCUMENT, at).await;
            let time = json!({"view": view, "key": key, "time": head["recordedAt"]});
            auditor.ask(DOCUMENT, time).await;
        }
        let calendar = student.ask("CreateCalendarLink", json!({})).await;
        let path = calendar["path"].as_str().unwrap();
        assert!(journey::fetch(&campus.server, path, None).await.status().is_success());
        student.ask("CalendarLinks", json!({})).await;
        let link = json!({"link": calendar["link"]["id"]});
        student.ask("RevokeCalendarLink", link).await;
        auditor.ask("SecurityJournal", page).await;
        auditor.ask("SecurityJournal", json!({"person": student.id, "first": 5})).await;
    }
}
