//! A small university to test in, made through the API: staff, students, two terms, subjects, streams.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use oqu::config::Config;
use serde_json::{Value, json};

use crate::server::{Client, PASSWORD, Server, account, text};

/// The staff of a university, signed in.
pub struct Campus {
    pub server: Server,
    pub administrator: Client,
    pub registrar: Client,
    pub advisor: Client,
    pub teacher: Client,
    pub auditor: Client,
}

impl Campus {
    /// A server with its staff, and the land's default regulation, version `2020`.
    pub async fn open(config: &Config) -> Self {
        Self::with(config, &[]).await
    }

    /// The same with settings of the server's own.
    pub async fn with(config: &Config, settings: &[(&str, &str)]) -> Self {
        account(config, "administrator", "admin");
        Self::on(Server::with(config, settings)).await
    }

    /// The staff of a server that runs, whose only account is the administrator's.
    pub async fn on(server: Server) -> Self {
        let administrator = server.sign_in("admin").await;
        let mut staff = Vec::new();
        for (name, role) in [
            ("Оразова", "REGISTRAR"),
            ("Әбенова", "ADVISOR"),
            ("Тілеуов", "TEACHER"),
            ("Қасымов", "AUDITOR"),
        ] {
            staff.push(person(&administrator, name, &[role]).await);
        }
        let [registrar, advisor, teacher, auditor] =
            staff.try_into().unwrap_or_else(|_| unreachable!());
        let campus = Self { server, administrator, registrar, advisor, teacher, auditor };
        campus.regulation("2020", "2020-09-01".parse().unwrap(), json!({})).await;
        campus
    }

    /// Publishes a regulation.
    pub async fn regulation(&self, version: &str, from: Date, rules: Value) -> Value {
        let input = json!({"version": version, "effectiveFrom": from, "rules": rules});
        self.registrar.ask("PublishRegulation", json!({"input": input})).await
    }

    /// A term from so many days from today, in the academic year of today.
    pub async fn term(&self, title: &str, starts_in: i64, lasts: i64) -> String {
        self.term_of(academic_year(), title, starts_in, lasts).await
    }

    /// The same in another academic year.
    pub async fn term_of(&self, year: i16, title: &str, starts_in: i64, lasts: i64) -> String {
        let starts_on = day(starts_in);
        let input = json!({
            "title": title, "kind": "SEMESTER", "startsOn": starts_on,
            "endsOn": day(starts_in + lasts), "academicYear": year,
        });
        text(&self.registrar.ask("CreateTerm", json!({"input": input})).await["term"]["id"])
    }

    /// A term in which everything is open that students do.
    pub async fn open_term(&self, title: &str, starts_in: i64, lasts: i64) -> String {
        self.open_term_of(academic_year(), title, starts_in, lasts).await
    }

    /// The same in another academic year.
    pub async fn open_term_of(&self, year: i16, title: &str, starts_in: i64, lasts: i64) -> String {
        let term = self.term_of(year, title, starts_in, lasts).await;
        self.period(&term, "REGISTRATION", -24, 24).await;
        self.period(&term, "CHOOSING_STREAMS", -24, 24).await;
        term
    }

    /// Sets a period, by hours from now.
    pub async fn period(&self, term: &str, kind: &str, opens_in: i64, closes_in: i64) {
        self.period_of(term, kind, (opens_in, closes_in), json!({})).await;
    }

    /// Sets one with a title, or for somebody.
    pub async fn period_of(&self, term: &str, kind: &str, hours: (i64, i64), more: Value) {
        let (opens_at, closes_at) = (moment(hours.0), moment(hours.1));
        let mut input =
            json!({"termId": term, "kind": kind, "opensAt": opens_at, "closesAt": closes_at});
        extend(&mut input, more);
        self.registrar.ask("SetPeriod", json!({"input": input})).await;
    }

    pub async fn subject(&self, code: &str, credits: i64, prerequisites: &[&str]) -> String {
        let input = json!({
            "code": code, "title": format!("Пән {code}"), "credits": credits,
            "prerequisiteIds": prerequisites,
        });
        text(&self.registrar.ask("CreateSubject", json!({"input": input})).await["subject"]["id"])
    }

    /// A stream of the teacher's: a lecture unless `more` says otherwise.
    pub async fn stream(&self, subject: &str, term: &str, group: &str, more: Value) -> String {
        let mut input = json!({
            "subjectId": subject, "termId": term, "kind": "LECTURE", "group": group,
            "teacherIds": [self.teacher.id],
        });
        extend(&mut input, more);
        text(&self.registrar.ask("OpenStream", json!({"input": input})).await["stream"]["id"])
    }

    /// A student of the advisor's, signed in.
    pub async fn student(&self, family_name: &str) -> Client {
        self.student_of(family_name, json!({})).await
    }

    /// A student of the first year of computer science, unless `more` says otherwise.
    pub async fn student_of(&self, family_name: &str, more: Value) -> Client {
        let mut input = json!({
            "givenName": "Ерлан", "familyName": family_name, "programmeCode": "6B06101",
            "programmeTitle": "Информатика", "group": "ИС-21", "advisorId": self.advisor.id,
        });
        extend(&mut input, more);
        let admitted = self.registrar.ask("AdmitStudent", json!({"input": input})).await;
        sign_in_first(&self.registrar, &text(&admitted["student"]["id"]), family_name).await
    }
}

/// A student in a stream of the teacher's.
pub struct Taught {
    pub campus: Campus,
    pub student: Client,
    pub subject: String,
    pub term: String,
    pub stream: String,
    pub enrollment: String,
    pub iep: String,
}

impl Taught {
    pub async fn open(config: &Config) -> Self {
        Self::with(config, &[]).await
    }

    /// The same with settings of the server's own.
    pub async fn with(config: &Config, settings: &[(&str, &str)]) -> Self {
        let campus = Campus::with(config, settings).await;
        let term = campus.open_term("Күз", -30, 90).await;
        let subject = campus.subject("MATH1", 5, &[]).await;
        let stream = campus.stream(&subject, &term, "A", json!({})).await;
        let student = campus.student("Қанатов").await;
        let Registered { enrollment, iep } = register(&student, &subject, &term).await;
        student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": stream})).await;
        Self { campus, student, subject, term, stream, enrollment, iep }
    }

    /// A mark of no period for the student.
    pub fn marked(&self, kind: &str, percent: f64) -> Value {
        json!({"enrollment": self.enrollment, "kind": kind, "percent": percent})
    }
}

/// Says what a subject is about in a language.
pub async fn describe(registrar: &Client, subject: &str, language: &str, said: Value) -> Value {
    let mut input = json!({"subjectId": subject, "language": language});
    extend(&mut input, said);
    registrar.ask("DescribeSubject", json!({"input": input})).await
}

/// Says what a subject is called in Kazakh, Russian and English; nothing where that is empty.
pub async fn call(registrar: &Client, subject: &str, titles: [&str; 3]) {
    let languages = ["KAZAKH", "RUSSIAN", "ENGLISH"];
    for (language, title) in languages.into_iter().zip(titles).filter(|(_, it)| !it.is_empty()) {
        describe(registrar, subject, language, json!({"title": title})).await;
    }
}

/// What something is called in Kazakh, Russian and English, as inputs say it.
pub fn titles(titles: [&str; 3]) -> Value {
    let languages = ["KAZAKH", "RUSSIAN", "ENGLISH"];
    let said = languages.into_iter().zip(titles);
    said.map(|(language, text)| json!({"language": language, "text": text})).collect()
}

/// A registration with its plan.
pub struct Registered {
    pub enrollment: String,
    pub iep: String,
}

/// Registers a student.
pub async fn register(student: &Client, subject: &str, term: &str) -> Registered {
    let done = student.ask("RegisterForSubject", json!({"subject": subject, "term": term})).await;
    Registered { enrollment: text(&done["enrollment"]["id"]), iep: text(&done["iep"]["id"]) }
}

/// Records a mark.
pub async fn mark(
    by: &Client,
    enrollment: &str,
    kind: &str,
    period: Option<i32>,
    percent: f64,
) -> Value {
    let mark = json!({
        "enrollment": enrollment, "kind": kind, "period": period, "percent": percent,
    });
    by.ask("RecordMark", mark).await["enrollment"].clone()
}

/// Records both ratings of a registration directly.
pub async fn ratings(by: &Client, enrollment: &str, first: f64, second: f64) {
    mark(by, enrollment, "RATING", Some(1), first).await;
    mark(by, enrollment, "RATING", Some(2), second).await;
}

/// Somebody new with these roles, signed in.
pub async fn person(administrator: &Client, family_name: &str, roles: &[&str]) -> Client {
    let input = json!({"givenName": "Айгүл", "familyName": family_name, "roles": roles});
    let made = administrator.ask("CreatePerson", json!({"input": input})).await;
    sign_in_first(administrator, &text(&made["person"]["id"]), family_name).await
}

/// Redeems a one-time access for somebody, under the family name as login.
pub async fn sign_in_first(by: &Client, id: &str, login: &str) -> Client {
    let people = json!([{"personId": id, "login": login}]);
    let issued = by.ask("IssueAccess", json!({"input": {"people": people}})).await;
    let code = &issued["accesses"][0]["code"];
    let redeemed = by.ask("RedeemAccess", json!({"code": code, "password": PASSWORD})).await;
    by.with_session(&redeemed["session"])
}

/// Sets these fields.
pub fn extend(input: &mut Value, more: Value) {
    for (name, value) in more.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
}

/// So many hours from now.
pub fn moment(hours: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(hours)
}

/// So many days from today, at the university.
pub fn day(days: i64) -> Date {
    let today = Timestamp::now().in_tz("Asia/Almaty").unwrap().date();
    today + days.days()
}

/// The academic year of today turns in July.
pub fn academic_year() -> i16 {
    let today = day(0);
    if today.month() >= 7 { today.year() } else { today.year() - 1 }
}
