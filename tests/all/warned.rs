//! The plans that something has gone wrong with, for whoever looks after them (manual 2.3.1): on a page of the console,
//! and how they are read.

use oqu::config::Config;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, person, register},
    server::{Client, Server, until},
    visitor::{Shown, Visitor},
};

tests! {
    both {
        warnings_are_a_page_for_those_who_look_after_the_plans,
        whoever_signs_sees_the_warnings_first,
    }
    sqlite { what_several_plans_ask_of_a_view_is_one_read }
}

/// A campus with a subject that is taken together with another one alone.
pub struct Warned {
    pub campus: Campus,
    term: String,
    logic: String,
    physics: String,
}

impl Warned {
    pub async fn open(config: &Config) -> Self {
        let campus = Campus::open(config).await;
        let term = campus.open_term("Күз", -30, 90).await;
        let logic = campus.subject("LOGIC1", 5, &[]).await;
        let physics = campus.subject("PHYS1", 5, &[]).await;
        let asks = json!({"subject": physics, "requirement": {"registeredNowId": logic}});
        campus.registrar.ask("SetRequirement", asks).await;
        Self { campus, term, logic, physics }
    }

    /// The plan of a student who gave the other one up.
    pub async fn plan_of(&self, student: &Client) -> String {
        let logic = register(student, &self.logic, &self.term).await.enrollment;
        let iep = register(student, &self.physics, &self.term).await.iep;
        student.ask("DropSubject", json!({"enrollment": logic})).await;
        iep
    }
}

/// Of these students those that a page of warnings names.
fn named<'n>(shown: &Shown, names: &[&'n str]) -> Vec<&'n str> {
    names.iter().copied().filter(|name| shown.has(&format!(">{name} Ерлан<"))).collect()
}

async fn warnings_are_a_page_for_those_who_look_after_the_plans(config: Config) {
    let warned = Warned::open(&config).await;
    let campus = &warned.campus;
    let registrar = Visitor::signed_in(&campus.server, "оразова").await;
    let page = "/console/warnings";
    let none = registrar.get(page).await;
    assert_eq!(none.status, StatusCode::OK, "{}", none.body);
    assert!(none.has("No plan has warnings."), "{}", none.body);
    // Something goes wrong with two plans, of which one is another advisor's, and nothing with the third.
    let student = campus.student("Қанатов").await;
    let iep = warned.plan_of(&student).await;
    let other = person(&campus.administrator, "Басқаева", &["ADVISOR"]).await;
    let theirs = campus.student_of("Ахметов", json!({"advisorId": other.id})).await;
    warned.plan_of(&theirs).await;
    let well = campus.student("Сәрсенов").await;
    register(&well, &warned.logic, &warned.term).await;

    let names = ["Қанатов", "Ахметов", "Сәрсенов"];
    for (login, seen) in [
        ("оразова", &names[..2]),
        ("қасымов", &names[..2]),
        ("әбенова", &names[..1]),
        ("басқаева", &names[1..2]),
    ] {
        let visitor = Visitor::signed_in(&campus.server, login).await;
        let home = visitor.get("/console").await;
        assert!(home.has(&format!("href=\"{page}\"")), "{login}: {}", home.body);
        let shown = visitor.get(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{login}: {}", shown.body);
        assert_eq!(named(&shown, &names), seen, "{login}: {}", shown.body);
        assert_eq!(shown.body.matches("COREQUISITE_GIVEN_UP").count(), seen.len(), "{login}");
    }
    let shown = registrar.get(page).await;
    assert!(shown.has(&format!("href=\"/console/ieps/{iep}\"")), "{}", shown.body);
    assert!(shown.text().contains("PHYS1 is on the plan"), "{}", shown.body);
    let narrowed = registrar.get(&format!("{page}?name=%D2%9B%D0%B0")).await;
    assert_eq!(named(&narrowed, &names), ["Қанатов"], "{}", narrowed.body);
    assert!(narrowed.has(&format!("action=\"{page}\"")), "{}", narrowed.body);
    // In the reader's language, the warning too.
    for (language, title, told) in [
        ("kk", "Ескертуі бар жоспарлар", "PHYS1 жоспарда бар"),
        ("ru", "Планы с предупреждениями", "PHYS1 в плане"),
    ] {
        let shown = registrar.get_with(page, &[("accept-language", language)]).await;
        assert!(shown.has(&format!("<h1>{title}</h1>")) && shown.has(told), "{}", shown.body);
        assert!(!shown.has("is on the plan"), "{}", shown.body);
    }

    // A student has their own on the plan itself, and is led nowhere else.
    let visitor = Visitor::signed_in(&campus.server, "қанатов").await;
    assert!(!visitor.get("/console").await.has(page));
    assert_eq!(visitor.get(page).await.status, StatusCode::FORBIDDEN);
    let nobody = Visitor::of(&campus.server).get(page).await;
    assert_eq!(nobody.header("location"), "/console/sign-in?next=%2Fconsole%2Fwarnings");
    assert_eq!(registrar.get(&format!("{page}?after=?")).await.status, StatusCode::BAD_REQUEST);
}

async fn whoever_signs_sees_the_warnings_first(config: Config) {
    let warned = Warned::open(&config).await;
    let campus = &warned.campus;
    let student = campus.student("Қанатов").await;
    let iep = warned.plan_of(&student).await;
    let well = campus.student("Сәрсенов").await;
    let other = register(&well, &warned.logic, &warned.term).await.iep;
    for (student, iep) in [(&student, &iep), (&well, &other)] {
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    }
    let advisor = Visitor::signed_in(&campus.server, "әбенова").await;
    // In the list that is ticked: at the plan that has one, which its box names, and at no other.
    let list = advisor.get("/console").await;
    assert_eq!(named(&list, &["Қанатов", "Сәрсенов"]), ["Қанатов", "Сәрсенов"], "{}", list.body);
    assert_eq!(list.body.matches("COREQUISITE_GIVEN_UP").count(), 1, "{}", list.body);
    let told = format!("aria-describedby=\"warned-{iep}\"");
    assert!(list.has(&told) && list.has(&format!("id=\"warned-{iep}\"")), "{}", list.body);
    assert!(list.text().contains("1 warning PHYS1 is on the plan"), "{}", list.text());
    assert!(!list.has(&format!("warned-{other}")), "{}", list.body);
    // And on its page before the button.
    let trail = advisor.get(&format!("/console/ieps/{iep}")).await;
    let at = |part: &str| trail.body.find(part).expect(part);
    assert!(at("COREQUISITE_GIVEN_UP") < at("<form id=\"sign\""), "{}", trail.body);
}

/// Read one after another, each plan asks for a handful of documents of its own. So many plans that a slow machine, which
/// reads a few times more, is told apart from that.
async fn what_several_plans_ask_of_a_view_is_one_read(config: Config) {
    const PLANS: usize = 30;
    let mut warned = Warned::open(&config).await;
    for number in 0..PLANS {
        let student = warned.campus.student(&format!("Студент{number:02}")).await;
        let iep = warned.plan_of(&student).await;
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    }
    // What was written just now is not read again, nor what was read: it has to be another server each time.
    warned.campus.server.kill();
    for list in ["iepsWithWarnings", "iepsAwaitingMySignature"] {
        reads_together(&config, &warned.campus, list, PLANS).await;
    }
}

async fn reads_together(config: &Config, campus: &Campus, list: &str, plans: usize) {
    let server = Server::with(config, &[("RUST_LOG", "oqu=debug,sqlx::query=debug")]);
    let advisor = campus.advisor.at(server.url());
    let before = server.log().len();
    let query = format!("query {{ {list}(first: {plans}) {{ nodes {{ warnings {{ code }} }} }} }}");
    let listed = advisor.ask(&query, json!({})).await;
    let told = json!({"warnings": [{"code": "COREQUISITE_GIVEN_UP"}]});
    assert_eq!(listed["nodes"], Value::from(vec![told; plans]));
    let logged = || server.log()[before..].to_owned();
    until("it is in the log", async || logged().contains("request answered")).await;
    let log = logged();
    for view in ["student_v", "subject_status_v", "enrollment_v", "requirement_v"] {
        let statements = log.lines().filter(|line| line.contains(" sqlx::query: "));
        let reads = statements.filter(|line| line.contains(&format!("FROM {view}"))).count();
        // One, or two where the machine is slow.
        assert!((1..=plans / 3).contains(&reads), "{list}: {view} was read {reads} times: {log}");
    }
}
