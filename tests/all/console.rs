//! The built-in console over plain HTTP: who gets in, who sees what, and what a page says.

use oqu::config::Config;
use projections::{View, iep::IepTrails};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};

use crate::{
    campus::{Campus, person, register},
    server::{Client, PASSWORD, Server, account, text, until},
    visitor::{Shown, Visitor},
};

tests! {
    both {
        a_session_is_a_cookie_of_the_console_alone,
        failed_sign_ins_slow_down_the_next_as_the_apis_do,
        a_form_is_taken_from_whom_it_was_given_to_alone,
        a_trail_is_shown_to_whom_the_plan_is_readable,
        a_trail_says_what_changed_who_signed_and_that_the_hash_fits,
        bytes_that_were_altered_do_not_fit_the_hash,
        a_paper_whose_subjects_nobody_signed_is_broken,
        a_plan_is_signed_once_and_as_it_was_read,
        a_plan_is_sent_back_with_a_reason,
        what_waits_comes_page_by_page,
        what_waits_is_narrowed_by_name_year_programme_and_change,
        chosen_plans_are_signed_each_by_itself,
        a_paper_is_downloaded_with_the_cookie_of_the_console,
        a_ready_plan_can_still_be_sent_back,
        anybody_checks_a_paper_by_its_code,
    }
    sqlite {
        pages_speak_three_languages,
        cookies_are_for_https_where_it_is_known,
        only_what_is_of_the_page_runs_and_loads,
    }
}

/// A student with a plan of two revisions: the first sent back, the second signed by student and advisor.
struct Trail {
    campus: Campus,
    student: Client,
    term: String,
    iep: String,
}

impl Trail {
    async fn open(config: &Config) -> Self {
        let trail = Self::signed_by_student(config).await;
        let Self { campus, student, iep, term } = &trail;
        let back = json!({"iep": iep, "revision": 1, "reason": "Физика <қайда>?"});
        campus.advisor.ask("SendBackIep", back).await;
        let physics = campus.subject("PHYS1", 4, &[]).await;
        register(student, &physics, term).await;
        student.ask("SignIep", json!({"iep": iep, "revision": 2})).await;
        campus.advisor.ask("SignIep", json!({"iep": iep, "revision": 2})).await;
        trail
    }

    async fn signed_by_student(config: &Config) -> Self {
        let campus = Campus::open(config).await;
        let term = campus.open_term("Күз", -30, 90).await;
        let subject = campus.subject("MATH1", 5, &[]).await;
        let student = campus.student("Қанатов").await;
        let iep = register(&student, &subject, &term).await.iep;
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
        Self { campus, student, term, iep }
    }

    fn page(&self) -> String {
        format!("/console/ieps/{}", self.iep)
    }

    async fn visitor(&self, login: &str) -> Visitor {
        Visitor::signed_in(&self.campus.server, login).await
    }

    async fn status(&self) -> Value {
        self.student.ask("IepTrail", json!({"iep": self.iep})).await["status"].clone()
    }
}

async fn a_session_is_a_cookie_of_the_console_alone(config: Config) {
    account(&config, "registrar", "registrar");
    let server = Server::start(&config);
    let visitor = Visitor::of(&server);
    let shown = visitor.get("/console").await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER);
    assert_eq!(shown.header("location"), "/console/sign-in");
    let shown = visitor.get("/console/ieps/1?a=b").await;
    assert_eq!(shown.header("location"), "/console/sign-in?next=%2Fconsole%2Fieps%2F1%3Fa%3Db");

    let shown = visitor.sign_in("registrar", "not this one").await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.has("SIGN_IN_FAILED") && shown.has("Login or password is wrong."));
    assert!(shown.has(r#"value="registrar""#) && !shown.has("not this one"));
    let before = visitor.cookies();
    let shown = visitor.sign_in("registrar", PASSWORD).await;
    assert_eq!(shown.header("location"), "/console");
    assert_ne!(visitor.cookies(), before, "the secret of before is not the session's");
    let set = shown.header("set-cookie");
    let (_, flags) = set.split_once("; ").unwrap();
    assert_eq!(flags, "Path=/console; HttpOnly; SameSite=Strict");
    let shown = visitor.get("/console").await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    // With a link from elsewhere no cookie comes, and what is set then takes no session away.
    let linked = Visitor::of(&server).get("/console/sign-in").await;
    assert!(linked.header("set-cookie").starts_with("oqu-sign-in="), "{:?}", linked.headers);
    assert_eq!(visitor.get("/console/sign-in").await.header("location"), "/console");

    // The API takes no cookie, and the console no bearer token: of the same session.
    let token = visitor.cookies().split([';', '=']).nth(1).unwrap().to_owned();
    let me = || server.nobody().operation("{ me { id } }", json!({}));
    let by_cookie = me().header(header::COOKIE, visitor.cookies());
    assert_eq!(crate::server::answer(by_cookie).await.unwrap().code(), "UNAUTHENTICATED");
    let by_token = crate::server::answer(me().bearer_auth(&token)).await.unwrap();
    assert!(by_token.done()["id"].is_string());
    let bearer = format!("Bearer {token}");
    let shown = Visitor::of(&server).get_with("/console", &[("authorization", &bearer)]).await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER);

    // Signing out ends the session, wherever its token is.
    let page = visitor.get("/console").await;
    let shown = visitor.post("/console/sign-out", &page.brought("/console/sign-out")).await;
    assert_eq!(shown.header("location"), "/console/sign-in");
    assert!(shown.header("set-cookie").ends_with("; Max-Age=0"), "{:?}", shown.headers);
    let ended = crate::server::answer(me().bearer_auth(&token)).await.unwrap();
    assert_eq!(ended.code(), "UNAUTHENTICATED");
    let cookie = format!("oqu-console={token}");
    let shown = Visitor::of(&server).get_with("/console", &[("cookie", &cookie)]).await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER);
}

async fn failed_sign_ins_slow_down_the_next_as_the_apis_do(config: Config) {
    account(&config, "registrar", "registrar");
    account(&config, "auditor", "auditor");
    let server = Server::start(&config);
    let wrong = json!({"login": "registrar", "password": "not this one"});
    for _ in 0..4 {
        assert_eq!(server.nobody().refused("SignIn", wrong.clone()).await, "SIGN_IN_FAILED");
    }
    let visitor = Visitor::of(&server);
    assert!(visitor.sign_in("Registrar ", "not this one").await.has("SIGN_IN_FAILED"));
    assert!(visitor.sign_in("registrar", PASSWORD).await.has("SIGN_IN_SLOWED"));
    let auditor = server.sign_in("auditor").await;
    until("they are in the journal", async || {
        let page = auditor.ask("SecurityJournal", json!({"person": null})).await;
        let of = |incident: &str| {
            let nodes = page["nodes"].as_array().unwrap().iter();
            nodes.filter(|entry| entry["incident"] == incident).count()
        };
        (of("SIGN_IN_FAILED"), of("SIGN_IN_SLOWED")) == (5, 1)
    })
    .await;
    // What can't be in a login is no failure of ours.
    let shown = visitor.sign_in("a\0b", PASSWORD).await;
    assert_eq!(shown.status, StatusCode::BAD_REQUEST);
}

async fn a_form_is_taken_from_whom_it_was_given_to_alone(config: Config) {
    let trail = Trail::open(&config).await;
    let (page, visitor) = (trail.page(), trail.visitor("оразова").await);
    let form = visitor.get(&page).await;
    let form = form.deed(&page, "sign").unwrap();
    let others = trail.visitor("оразова").await.get(&page).await;
    let others = others.deed(&page, "sign").unwrap();
    let with = |token: Option<&'static str>| {
        let rest = form.iter().filter(|(name, _)| *name != "token").copied();
        rest.chain(token.map(|token| ("token", token))).collect::<Vec<_>>()
    };
    // Of another session of the very same person, made up, empty, none.
    let forged =
        [others.clone(), with(Some("AAAAAAAAAAAAAAAAAAAAAAAA")), with(Some("")), with(None)];
    for forged in forged {
        let shown = visitor.post(&page, &forged).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{forged:?}");
        assert!(shown.has("FORM_NOT_YOURS"), "{}", shown.body);
    }
    // Nor is somebody signed in or out by a form that is not theirs.
    let stranger = Visitor::of(&trail.campus.server);
    let typed = [("token", form[0].1), ("login", "оразова"), ("password", PASSWORD)];
    let shown = stranger.post("/console/sign-in", &typed).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    let shown = visitor.post("/console/sign-out", &[("token", others[0].1)]).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    assert_eq!(trail.status().await, "AWAITING_REGISTRAR");
    let (auditor, registrar) = (&trail.campus.auditor, &trail.campus.registrar.id);
    until("it is in the journal", async || {
        let entries = auditor.ask("SecurityJournal", json!({"person": registrar})).await;
        let newest = &entries["nodes"][0];
        newest["incident"] == "REFUSED" && newest["asked"] == "/console/sign-out"
    })
    .await;
    assert_eq!(visitor.post(&page, &form).await.status, StatusCode::SEE_OTHER);
}

async fn a_trail_is_shown_to_whom_the_plan_is_readable(config: Config) {
    let trail = Trail::open(&config).await;
    let Trail { campus, .. } = &trail;
    campus.student("Бөтен").await;
    person(&campus.administrator, "Басқа", &["ADVISOR"]).await;
    let unknown = "/console/ieps/0198f0a0-0000-7000-8000-000000000000";
    for (login, status) in [
        ("оразова", StatusCode::OK),
        ("әбенова", StatusCode::OK),
        ("қанатов", StatusCode::OK),
        ("қасымов", StatusCode::OK),
        ("бөтен", StatusCode::FORBIDDEN),
        ("басқа", StatusCode::FORBIDDEN),
        ("тілеуов", StatusCode::FORBIDDEN),
        ("admin", StatusCode::FORBIDDEN),
    ] {
        let visitor = trail.visitor(login).await;
        let shown = visitor.get(&trail.page()).await;
        assert_eq!(shown.status, status, "{login}: {}", shown.body);
        assert!(shown.header("content-type").starts_with("text/html"), "{login}");
        assert_eq!(shown.has("PHYS1"), status == StatusCode::OK, "{login}");
        assert_eq!(shown.has("FORBIDDEN"), status == StatusCode::FORBIDDEN, "{login}");
        // Whoever may sign now has the forms, and nobody else.
        let forms = shown.deed(&trail.page(), "sign").is_some();
        assert_eq!(forms, login == "оразова", "{login}");
        for nothing in [unknown, "/console/ieps/nonsense", "/console/nothing", "/console/ieps"] {
            let shown = visitor.get(nothing).await;
            assert_eq!(shown.status, StatusCode::NOT_FOUND, "{login} {nothing}");
            assert!(shown.has("NOT_FOUND") && shown.has("</html>"), "{}", shown.body);
        }
        assert_eq!(visitor.get("/console").await.status, StatusCode::OK, "{login}");
    }
    let (auditor, page) = (&trail.campus.auditor, trail.page());
    until("it is in the journal", async || {
        let entries = auditor.ask("SecurityJournal", json!({"person": null})).await;
        let entries = entries["nodes"].as_array().unwrap().iter();
        entries.filter(|entry| entry["asked"] == page && entry["incident"] == "REFUSED").count()
            == 4
    })
    .await;
}

async fn a_trail_says_what_changed_who_signed_and_that_the_hash_fits(config: Config) {
    let trail = Trail::open(&config).await;
    let Trail { campus, student, term, iep } = &trail;
    // A seat that was taken away is told with the reason.
    let entries =
        "query($id: ID!) { iep(id: $id) { entries { enrollmentId subject { id code } } } }";
    let entries = student.ask(entries, json!({"id": iep})).await["entries"].clone();
    let entry = entries.as_array().unwrap().iter().find(|it| it["subject"]["code"] == "PHYS1");
    let (enrollment, physics) =
        entry.map(|it| (text(&it["enrollmentId"]), text(&it["subject"]["id"]))).unwrap();
    let stream = campus.stream(&physics, term, "Ж-1", json!({"limit": 1})).await;
    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": stream})).await;
    let lower = json!({"input": {
        "streamId": stream, "limit": 0, "leaving": [enrollment], "reason": "аудитория <кіші>",
    }});
    campus.registrar.ask("ChangeStreamLimit", lower).await;
    let algebra = campus.subject("<script>alert(1)</script>", 3, &[]).await;
    let over = json!({"input": {
        "studentId": student.id, "subjectId": algebra, "termId": term, "reason": "ауысып \"келді\"",
        "overrides": ["REGISTRATION_HELD"],
    }});
    let hold = json!({"student": student.id, "kind": "LIBRARY", "reason": "кітап"});
    campus.registrar.ask("PlaceHold", hold).await;
    campus.registrar.ask("OverrideRegistration", over).await;
    let shown = trail.visitor("қасымов").await.get(&trail.page()).await;
    let said = shown.text();
    for part in [
        "Қанатов Ерлан",
        "Status Open Signature due student",
        "Әбенова Айгүл",
        "Revision 3 newest",
        "Because A registrar changed the plan ауысып &quot;келді&quot;",
        "Let in by a registrar in spite of what spoke against it: Оразова Айгүл",
        "A registrar took the seat away (lecture Ж-1): Оразова Айгүл",
        "аудитория &lt;кіші&gt;",
        "Differences from revision 2",
        "Added: &lt;script&gt;alert(1)&lt;/script&gt;",
        "In total 12",
        "Because The one before was sent back",
        "Added: PHYS1 Пән PHYS1 in “Күз”",
        "Sent back:",
        "Физика &lt;қайда&gt;?",
        "A newer revision took this one&#39;s place.",
        "The revision was sent back. SIGNATURE_SENT_BACK",
        "Knows of the log up to position",
        "Times are those of Asia/Almaty",
    ] {
        assert!(
            said.contains(part) || said.contains(&part.replace("&#39;", "'")),
            "{part}: {said}"
        );
    }
    assert!(!shown.has("<script"), "{}", shown.body);
    // Newest first.
    let places: Vec<_> = [3, 2, 1].map(|n| shown.body.find(&format!("revision-{n}"))).into();
    assert!(places.is_sorted() && places[0].is_some());
    // The seat was taken away while the second was the newest, and its subject stands in the third too.
    let lost: Vec<_> =
        shown.body.match_indices("lost-seat").map(|(place, _)| Some(place)).collect();
    assert_eq!(lost.len(), 1);
    assert!(places[1] < lost[0] && lost[0] < places[2], "{places:?} {lost:?}");
    // Every digest in full, and each fits.
    let known = student.ask("IepTrail", json!({"iep": iep})).await;
    for revision in known["revisions"].as_array().unwrap() {
        for signature in revision["signatures"].as_array().unwrap() {
            assert!(shown.has(&text(&signature["digest"])));
        }
    }
    assert_eq!(fits(&shown), ["yes", "yes", "yes"]);
}

/// What the page says of each signature's hash.
fn fits(shown: &Shown) -> Vec<&str> {
    let cells = shown.body.split("<td class=\"fits ").skip(1);
    cells.map(|cell| cell.split_once('>').unwrap().1.split('<').next().unwrap()).collect()
}

async fn bytes_that_were_altered_do_not_fit_the_hash(config: Config) {
    let mut trail = Trail::open(&config).await;
    trail.campus.server.kill();
    {
        let (database, _lock) = config.location().open().await.unwrap();
        let (text, json) = database.pick(("payload::text", "::json"), ("payload", ""));
        let table = format!("{}_v{}", IepTrails::NAME, IepTrails::VERSION);
        let sql = format!(
            r#"UPDATE {table} SET payload = replace({text}, '\"2020\"', '\"2021\"'){json}"#
        );
        assert_eq!(database.execute(&sql, &[]).await.unwrap(), 1);
    }
    let server = Server::start(&config);
    let shown = Visitor::signed_in(&server, "қасымов").await.get(&trail.page()).await;
    assert_eq!(fits(&shown), ["no", "no", "no"]);
    assert!(shown.has("SIGNATURE_DIGEST_DIFFERS"), "{}", shown.body);
}

/// What a paper shows is what was signed, or it says that it is not.
async fn a_paper_whose_subjects_nobody_signed_is_broken(config: Config) {
    let mut trail = Trail::open(&config).await;
    trail.campus.registrar.ask("SignIep", json!({"iep": trail.iep, "revision": 2})).await;
    let query = "query($id: ID!) { iep(id: $id) { paper { checkCode } } }";
    let paper = trail.campus.registrar.ask(query, json!({"id": trail.iep})).await;
    let address = format!("/check/{}", text(&paper["paper"]["checkCode"]));
    assert!(Visitor::of(&trail.campus.server).get(&address).await.has(r#"data-verdict="VALID""#));
    trail.campus.server.kill();
    {
        let (database, _lock) = config.location().open().await.unwrap();
        let (text, json) = database.pick(("payload::text", "::json"), ("payload", ""));
        let table = format!("{}_v{}", IepTrails::NAME, IepTrails::VERSION);
        // Within the signed bytes the quotes are escaped: they stay as they were.
        let sql = format!(
            r#"UPDATE {table} SET payload = replace({text}, '"Пән PHYS1"', '"Пән MATH9"'){json}"#
        );
        assert_eq!(database.execute(&sql, &[]).await.unwrap(), 1);
    }
    let server = Server::start(&config);
    let shown = Visitor::of(&server).get(&address).await;
    assert!(
        shown.has(r#"data-verdict="BROKEN""#) && !shown.has(r#"data-verdict="VALID""#),
        "{}",
        shown.body
    );
}

async fn a_plan_is_signed_once_and_as_it_was_read(config: Config) {
    let trail = Trail::open(&config).await;
    let (page, visitor) = (trail.page(), trail.visitor("оразова").await);
    let read = visitor.get(&page).await;
    let form = read.deed(&page, "sign").unwrap();
    assert!(form.contains(&("revision", "2")));
    // A newer revision was opened meanwhile.
    let Trail { campus, student, term, .. } = &trail;
    let chemistry = campus.subject("CHEM1", 3, &[]).await;
    let change =
        json!({"student": student.id, "subject": chemistry, "term": term, "reason": "деканат"});
    campus.registrar.ask("RegisterStudent", change).await;
    let refused = visitor.post(&page, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("IEP_REVISION_IS_OLD") && refused.has("CHEM1"), "{}", refused.body);
    // It waits for the student now, so that there is nothing more for a registrar to send.
    assert_eq!(refused.deed(&page, "sign"), None);

    for login in ["қанатов", "әбенова", "оразова"] {
        let visitor = trail.visitor(login).await;
        let shown = visitor.get(&page).await;
        let form = shown.deed(&page, "sign").unwrap();
        let done = visitor.post(&page, &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{login}: {}", done.body);
        // A second click does nothing more, and leads to the same page.
        let again = visitor.post(&page, &form).await;
        assert_eq!(again.header("location"), done.header("location"), "{login}");
        let shown = visitor.get(done.header("location")).await;
        assert!(shown.has("Your signature is on record."), "{}", shown.body);
        assert_eq!(shown.deed(&page, "sign"), None, "{login}");
    }
    assert_eq!(trail.status().await, "READY");
    let known = student.ask("IepTrail", json!({"iep": trail.iep})).await;
    assert_eq!(known["revisions"][2]["signatures"].as_array().map(Vec::len), Some(3));
}

async fn a_plan_is_sent_back_with_a_reason(config: Config) {
    let trail = Trail::signed_by_student(&config).await;
    let (page, visitor) = (trail.page(), trail.visitor("әбенова").await);
    let read = visitor.get(&page).await;
    let form = read.deed(&page, "send-back").unwrap();
    let with = |reason: &'static str| [&form[..], &[("reason", reason)]].concat();
    for (reason, code, kept) in [
        ("  ", "TEXT_EMPTY", None),
        ("қате\u{7}", "TEXT_HAS_CONTROL_CHARACTERS", Some("қате\u{7}</textarea>")),
    ] {
        let refused = visitor.post(&page, &with(reason)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has(code), "{}", refused.body);
        assert!(kept.is_none_or(|kept| refused.has(kept)), "{}", refused.body);
        assert_eq!(trail.status().await, "AWAITING_ADVISOR");
    }
    // The student is not the one to send it back, whatever they send.
    let student = trail.visitor("қанатов").await;
    let own = student.get(&page).await;
    assert_eq!(own.deed(&page, "send-back"), None);
    let token = own.brought("/console/sign-out")[0];
    let forged = [token, ("deed", "send-back"), ("revision", "1"), ("key", "k"), ("reason", "x")];
    let refused = student.post(&page, &forged).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.has("FORBIDDEN"));

    let done = visitor.post(&page, &with("Физика қайда?\r\nХимия ше?")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let shown = visitor.get(done.header("location")).await;
    assert!(shown.has("The plan was sent back.") && shown.has("Физика қайда?\nХимия ше?"));
    assert_eq!(trail.status().await, "SENT_BACK");
    // Sent again it is done already; with another reason it is another act, which comes too late.
    let again = visitor.post(&page, &with("Физика қайда?\r\nХимия ше?")).await;
    assert_eq!(again.header("location"), done.header("location"));
    let other = visitor.post(&page, &with("Химия қайда?")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.has("IEP_REVISION_IS_OLD") && !other.has("IDEMPOTENCY"), "{}", other.body);
}

async fn what_waits_comes_page_by_page(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let names: Vec<_> = (0..21).map(|number| format!("Студент{number:02}")).collect();
    for name in &names {
        let student = campus.student(name).await;
        let iep = register(&student, &subject, &term).await.iep;
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    }
    let visitor = Visitor::signed_in(&campus.server, "әбенова").await;
    let first = visitor.get("/console").await;
    assert!(first.has("Waiting in all: 21"), "{}", first.body);
    let seen = |shown: &Shown| -> Vec<String> {
        names.iter().filter(|name| shown.has(name)).cloned().collect()
    };
    assert_eq!(seen(&first), names[..20]);
    let next = first.body.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let second = visitor.get(next).await;
    assert_eq!(seen(&second), names[20..]);
    assert!(!second.has("rel=\"next\""));
    // What a link to a plan leads to is the plan.
    let link =
        second.body.split("href=\"/console/ieps/").nth(1).unwrap().split('"').next().unwrap();
    assert!(visitor.get(&format!("/console/ieps/{link}")).await.has("Студент20"));
    assert_eq!(visitor.get("/console?after=nonsense").await.status, StatusCode::BAD_REQUEST);
    // A registrar has nothing yet, and a student sees their own.
    let registrar = Visitor::signed_in(&campus.server, "оразова").await;
    assert!(registrar.get("/console").await.has("Waiting in all: 0"));
    let student = Visitor::signed_in(&campus.server, "студент00").await;
    let shown = student.get("/console").await;
    assert!(shown.has("Waits for the advisor") && !shown.has("Waiting in all"), "{}", shown.body);
}

async fn what_waits_is_narrowed_by_name_year_programme_and_change(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    for name in ["Қанатов", "Қасенов", "Ержанов"] {
        let student = campus.student(name).await;
        let iep = register(&student, &subject, &term).await.iep;
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    }
    let visitor = Visitor::signed_in(&campus.server, "әбенова").await;
    let seen = async |query: &str| {
        let shown = visitor.get(&format!("/console?{query}")).await;
        assert_eq!(shown.status, StatusCode::OK, "{query}: {}", shown.body);
        let names = ["Қанатов", "Қасенов", "Ержанов"].into_iter();
        names.filter(|name| shown.has(&format!(">{name} "))).collect::<Vec<_>>()
    };
    assert_eq!(seen("name=%D2%9B%D0%B0").await, ["Қанатов", "Қасенов"]);
    assert_eq!(seen("name=&programme=&year=&changed=").await.len(), 3);
    assert_eq!(seen("changed=no").await.len(), 3);
    assert_eq!(seen("changed=yes").await, [""; 0]);
    assert_eq!(seen("year=1999").await, [""; 0]);
    let all = "query { programmes(first: 1) { nodes { id } } }";
    let programme = text(&campus.registrar.ask(all, json!({})).await["nodes"][0]["id"]);
    assert_eq!(seen(&format!("programme={programme}")).await.len(), 3);
    let other = "00000000-0000-0000-0000-000000000000";
    assert_eq!(seen(&format!("programme={other}")).await, [""; 0]);
    // What is asked for stands in the form, and stays with the next page and the other languages.
    let shown = visitor.get("/console?name=%D2%9B%D0%B0&changed=no").await;
    assert!(shown.has(r#"value="қа""#) && shown.has(r#"<option value="no" selected>"#));
    assert!(shown.has("/console?name=%D2%9B%D0%B0&amp;changed=no&amp;lang=kk"), "{}", shown.body);
    for wrong in ["year=soon", "changed=perhaps", "programme=none", "name=%00"] {
        let shown = visitor.get(&format!("/console?{wrong}")).await;
        assert_eq!(shown.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

async fn chosen_plans_are_signed_each_by_itself(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let mut ieps = Vec::new();
    for name in ["Қанатов", "Қасенов", "Ержанов"] {
        let student = campus.student(name).await;
        let iep = register(&student, &subject, &term).await.iep;
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
        ieps.push(iep);
    }
    let visitor = Visitor::signed_in(&campus.server, "әбенова").await;
    let list = visitor.get("/console?name=%D2%9B").await;
    assert!(!list.has(" checked"));
    assert!(visitor.get("/console?tick=all").await.has(" checked"));
    let brought = list.brought("/console/sign");
    let plans: Vec<_> = ieps.iter().map(|iep| format!("{iep}:1")).collect();
    // One is sent back meanwhile; what was not chosen stays.
    let back = json!({"iep": ieps[1], "revision": 1, "reason": "Физика қайда?"});
    campus.advisor.ask("SendBackIep", back).await;
    let chosen: Vec<_> =
        brought.iter().copied().chain(plans[..2].iter().map(|plan| ("plan", &**plan))).collect();
    let shown = visitor.post("/console/sign", &chosen).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert!(shown.text().contains("Signed: 1 of 2"), "{}", shown.body);
    assert!(shown.text().contains("Қанатов Ерлан") && shown.has("IEP_REVISION_IS_OLD"));
    assert!(shown.has("Waits for the registrar") && shown.has("Sent back"));
    assert!(shown.has(r#"href="/console?name=%D2%9B""#), "{}", shown.body);
    // The same form once more does nothing twice, and says the same.
    let again = visitor.post("/console/sign", &chosen).await;
    assert!(again.text().contains("Signed: 1 of 2"), "{}", again.body);
    let trail = campus.registrar.ask("IepTrail", json!({"iep": ieps[0]})).await;
    assert_eq!(trail["revisions"][0]["signatures"].as_array().unwrap().len(), 2);
    let untouched = campus.registrar.ask("IepTrail", json!({"iep": ieps[2]})).await;
    assert_eq!(untouched["status"], "AWAITING_ADVISOR");

    // The same form with another choice, as *back* in a browser has it, is another act.
    let other: Vec<_> = brought.iter().copied().chain([("plan", &*plans[2])]).collect();
    let shown = visitor.post("/console/sign", &other).await;
    assert!(shown.text().contains("Signed: 1 of 1"), "{}", shown.body);
    let signed = campus.registrar.ask("IepTrail", json!({"iep": ieps[2]})).await;
    assert_eq!(signed["status"], "AWAITING_REGISTRAR");

    let nothing = visitor.post("/console/sign", &brought).await;
    assert!(nothing.has("No plan was chosen"), "{}", nothing.body);
    let foreign = [("plan", &*plans[2]), ("token", "not ours"), ("key", "1")];
    assert_eq!(visitor.post("/console/sign", &foreign).await.status, StatusCode::FORBIDDEN);
    let out = Visitor::of(&campus.server).post("/console/sign", &chosen).await;
    assert_eq!(out.status, StatusCode::FORBIDDEN);
    let broken: Vec<_> = brought.iter().copied().chain([("plan", "nothing")]).collect();
    assert_eq!(visitor.post("/console/sign", &broken).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(visitor.get("/console/sign").await.header("location"), "/console");
}

async fn a_paper_is_downloaded_with_the_cookie_of_the_console(config: Config) {
    let trail = Trail::open(&config).await;
    let Trail { campus, iep, .. } = &trail;
    let visitor = trail.visitor("оразова").await;
    let path = format!("/console/ieps/{iep}/2.pdf");
    let early = visitor.get(&path).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.has("IEP_PAPER_NOT_READY") && !visitor.get(&trail.page()).await.has(&path));
    campus.registrar.ask("SignIep", json!({"iep": iep, "revision": 2})).await;
    assert!(visitor.get(&trail.page()).await.has(&path));
    let paper = visitor.get(&format!("{path}?lang=kk")).await;
    assert_eq!(paper.status, StatusCode::OK, "{}", paper.body);
    assert_eq!(paper.header("content-type"), "application/pdf");
    assert_eq!(paper.header("content-language"), "kk");
    assert!(paper.has("%PDF-"));
    for (path, status) in [
        (format!("/console/ieps/{iep}/3.pdf"), StatusCode::NOT_FOUND),
        (format!("/console/ieps/{iep}/2"), StatusCode::NOT_FOUND),
        ("/console/ieps/nothing/2.pdf".to_owned(), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(visitor.get(&path).await.status, status, "{path}");
    }
    campus.student("Әлиев").await;
    let other = trail.visitor("әлиев").await;
    assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN);
    let nobody = Visitor::of(&campus.server).get(&path).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}

async fn a_ready_plan_can_still_be_sent_back(config: Config) {
    let trail = Trail::open(&config).await;
    let Trail { campus, iep, .. } = &trail;
    campus.registrar.ask("SignIep", json!({"iep": iep, "revision": 2})).await;
    let page = trail.page();
    let advisor = trail.visitor("әбенова").await.get(&page).await;
    assert!(advisor.deed(&page, "send-back").is_none());
    let visitor = trail.visitor("оразова").await;
    let shown = visitor.get(&page).await;
    assert!(shown.deed(&page, "sign").is_none());
    let mut form = shown.deed(&page, "send-back").unwrap();
    form.push(("reason", "Құжат қате"));
    let done = visitor.post(&page, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(trail.status().await, "SENT_BACK");
}

async fn anybody_checks_a_paper_by_its_code(config: Config) {
    let trail = Trail::open(&config).await;
    let Trail { campus, student, term, iep } = &trail;
    campus.registrar.ask("SignIep", json!({"iep": iep, "revision": 2})).await;
    let papers = student.ask("IepPaper", json!({"iep": iep})).await;
    let code = text(&papers["revisions"][1]["paper"]["checkCode"]);
    // A trail leads to it.
    let address = format!("/check/{code}");
    let shown = trail.visitor("қанатов").await.get(&trail.page()).await;
    assert!(shown.has(&format!("href=\"{address}\"")), "{}", shown.body);

    let anybody = Visitor::of(&campus.server);
    let typed = format!("/check?code={}", code.replace('-', "").to_lowercase());
    for address in [&address, &typed] {
        let shown = anybody.get(address).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        assert!(
            shown.has(r#"data-verdict="VALID""#) && shown.has("all signatures hold"),
            "{}",
            shown.body
        );
        for told in [code.as_str(), "Қанатов", "PHYS1", "Revision", "registrar"] {
            assert!(shown.has(told), "{told}: {}", shown.body);
        }
        // Of people it says no more than initials, and who signed not at all.
        assert!(!shown.has("Ерлан") && !shown.has("Оразова"), "{}", shown.body);
        assert_eq!(shown.header("cache-control"), "private, no-store");
        assert_eq!(shown.header("set-cookie"), "");
    }
    let shown = anybody.get_with(&address, &[("accept-language", "kk")]).await;
    assert!(shown.has("<html lang=\"kk\">") && shown.has("Құжатты тексеру"));
    assert!(shown.has(">Жарамды.<") && !shown.text().contains("VALID"), "{}", shown.body);
    let form = anybody.get("/check").await;
    assert!(
        form.status == StatusCode::OK && form.has("name=\"code\"") && !form.has("role=\"alert\"")
    );
    for unknown in ["/check/0000-0000-0000-0000", "/check?code=%3Cscript%3E", "/check/%D2%9B"] {
        let shown = anybody.get(unknown).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND, "{unknown}: {}", shown.body);
        assert!(shown.has("No paper has this code") && !shown.has("<script"), "{}", shown.body);
    }

    let chemistry = campus.subject("CHEM1", 3, &[]).await;
    let change =
        json!({"student": student.id, "subject": chemistry, "term": term, "reason": "деканат"});
    campus.registrar.ask("RegisterStudent", change).await;
    let shown = anybody.get(&address).await;
    assert!(
        shown.has(r#"data-verdict="SUPERSEDED""#) && shown.has("holds no more"),
        "{}",
        shown.body
    );
    assert!(!shown.has("CHEM1"), "{}", shown.body);
}

async fn pages_speak_three_languages(config: Config) {
    let trail = Trail::open(&config).await;
    let visitor = trail.visitor("оразова").await;
    let page = trail.page();
    for (accepted, language, said) in [
        ("en", "en", ["Individual education plan", "Sent back:", "Hash fits", "registrar"]),
        (
            "ru-RU, en;q=0.5",
            "ru",
            ["Индивидуальный учебный план", "Возвращена:", "Хеш сходится", "регистратор"],
        ),
        ("kk", "kk", ["Жеке оқу жоспары", "Қайтарылды:", "Хеш сәйкес", "тіркеуші"]),
    ] {
        let shown = visitor.get_with(&page, &[("accept-language", accepted)]).await;
        assert!(shown.has(&format!("<html lang=\"{language}\">")));
        for said in said {
            assert!(shown.has(said), "{said}: {}", shown.body);
        }
        // What is not for a reader is said in their language too.
        let shown = visitor.get_with("/console/x", &[("accept-language", accepted)]).await;
        assert!(shown.has(&format!("<html lang=\"{language}\">")) && shown.has("NOT_FOUND"));
    }
    // A language that was chosen stays, whatever the browser says.
    let shown = visitor.get_with(&format!("{page}?lang=kk"), &[("accept-language", "ru")]).await;
    assert!(shown.has("<html lang=\"kk\">"));
    let flags = "oqu-language=kk; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000";
    assert_eq!(shown.header("set-cookie"), flags);
    let shown = visitor.get_with(&page, &[("accept-language", "ru")]).await;
    assert!(shown.has("<html lang=\"kk\">"));
    // Also what is refused on a page.
    let mut form = shown.deed(&page, "sign").unwrap();
    form.iter_mut().filter(|(name, _)| *name == "revision").for_each(|(_, value)| *value = "1");
    let refused = visitor.post(&page, &form).await;
    assert!(refused.has("Жоспар өзгерді"), "{}", refused.body);
}

async fn cookies_are_for_https_where_it_is_known(config: Config) {
    let secure = |shown: &Shown| shown.header("set-cookie").ends_with("; Secure");
    let https = [("x-forwarded-proto", "https")];
    for (settings, by_http, by_https) in [
        (&[][..], false, false),
        (&[("OQU_SECURE_COOKIES", "true")], true, true),
        (&[("OQU_TRUSTED_PROXIES", "[\"127.0.0.0/8\"]")], false, true),
    ] {
        let server = Server::with(&config, settings);
        let form = Visitor::of(&server).get("/console/sign-in").await;
        assert_eq!(secure(&form), by_http, "{settings:?}");
        let form = Visitor::of(&server).get_with("/console/sign-in", &https).await;
        assert_eq!(secure(&form), by_https, "{settings:?}");
    }
}

async fn only_what_is_of_the_page_runs_and_loads(config: Config) {
    account(&config, "registrar", "registrar");
    let server = Server::start(&config);
    let visitor = Visitor::signed_in(&server, "registrar").await;
    for path in ["/console", "/console/nothing", "/console/sign-in"] {
        let shown = visitor.get(path).await;
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                 base-uri 'none'",
            ),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "private, no-store"),
            ("x-robots-tag", "noindex"),
        ] {
            assert_eq!(shown.header(name), value, "{path} {name}");
        }
        assert!(!shown.has("<script") && !shown.has("style="), "{path}");
    }
    let page = visitor.get("/console").await;
    let sheet = page.body.split("<link rel=\"stylesheet\" href=\"").nth(1).unwrap();
    let sheet = visitor.get(sheet.split('"').next().unwrap()).await;
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(sheet.has("prefers-color-scheme: dark") && sheet.has("@media print"));
    // What is no form, too large a form, and a way that no page is asked in.
    let posted = visitor.post("/console", &[]).await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(posted.header("allow"), "GET,HEAD");
    let got = visitor.get("/console/sign-out").await;
    assert_eq!((got.status, got.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    let large = "x".repeat(200_000);
    let shown = visitor.post("/console/sign-out", &[("token", &large)]).await;
    assert_eq!(shown.status, StatusCode::PAYLOAD_TOO_LARGE);
    // The rest of it is not read: the line is not for the next request.
    assert_eq!(shown.header("connection"), "close");
    assert!(shown.has("BAD_INPUT"));
    assert_eq!(visitor.get("/console/").await.header("location"), "/console");
    // Pages are counted.
    let metrics = visitor.get("/metrics").await;
    assert!(metrics.has(r#"operation="page",outcome="answered""#), "{}", metrics.body);
}
