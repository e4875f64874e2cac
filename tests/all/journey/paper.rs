//! The paper of a plan that all have signed: the PDF, and what its check code tells anybody (manual 2.3.2).

use oqu::config::Config;
use reqwest::{RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use super::plans::Planned;
use crate::{
    campus::{Campus, Registered, academic_year, call, person, register, titles},
    program::answer,
    server::{Server, text},
    visitor::Visitor,
};

tests! {
    both {
        a_signed_plan_is_a_paper_in_three_languages_which_its_code_finds_valid,
        a_paper_and_its_pages_call_subjects_what_the_reader_calls_them,
        a_paper_and_its_pages_call_programme_and_terms_what_the_reader_calls_them,
        a_paper_of_an_old_revision_says_so,
        a_paper_of_an_erased_person_tells_nothing_of_them,
    }
    sqlite {
        a_paper_is_for_those_who_may_read_the_plan,
        an_unknown_code_is_told_so_until_it_is_guessing,
    }
}

const SETTINGS: [(&str, &str); 2] =
    [("OQU_UNIVERSITY", "Қазақстан университеті"), ("OQU_PUBLIC_URL", "https://cabinet.example/")];

/// A student with a plan of two subjects in two terms.
async fn planned(config: &Config) -> Planned {
    let campus = Campus::with(config, &SETTINGS).await;
    let autumn = campus.open_term("Күзгі семестр", -30, 90).await;
    let spring = campus.open_term("Көктемгі семестр", 100, 90).await;
    let student = campus.student("Қанатов").await;
    let algebra = campus.subject("MATH1", 5, &[]).await;
    let physics = campus.subject("PHYS1", 4, &[]).await;
    let Registered { iep, enrollment } = register(&student, &algebra, &autumn).await;
    register(&student, &physics, &spring).await;
    Planned { campus, student, term: autumn, iep, enrollment }
}

impl Planned {
    async fn papers(&self) -> Value {
        self.student.ask("IepPaper", json!({"iep": self.iep})).await
    }

    async fn check(&self, code: &Value) -> Value {
        self.campus.server.nobody().ask("CheckPaper", json!({"code": code})).await
    }

    fn path(&self, revision: i32) -> String {
        format!("/ieps/{}/{revision}.pdf", self.iep)
    }
}

/// The text of a PDF that is answered, without its line breaks, and the headers.
async fn pdf(request: RequestBuilder) -> (String, HeaderMap, Vec<u8>) {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "application/pdf");
    let bytes = response.bytes().await.unwrap().to_vec();
    let read = documents::pdf(&bytes).unwrap().text;
    (read.split_whitespace().collect::<Vec<_>>().join(" "), headers, bytes)
}

/// The status and the code of what is refused.
async fn refused(request: RequestBuilder) -> (u16, String, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let error = response.json::<Value>().await.unwrap()["errors"][0].clone();
    (status, text(&error["extensions"]["code"]), text(&error["message"]))
}

async fn a_signed_plan_is_a_paper_in_three_languages_which_its_code_finds_valid(config: Config) {
    let planned = planned(&config).await;
    let student = &planned.student;
    assert_eq!(planned.papers().await["paper"], json!(null));
    let early = student.get(&planned.path(1)).header("Accept-Language", "ru");
    let (status, code, message) = refused(early).await;
    assert_eq!((status, &*code), (409, "IEP_PAPER_NOT_READY"));
    assert_eq!(message, "Документа ещё нет: эту редакцию подписали не все.");

    planned.sign(1).await;
    let paper = planned.papers().await["paper"].clone();
    let code = text(&paper["checkCode"]);
    let address = format!("https://cabinet.example/check/{code}");
    assert_eq!(paper["url"], planned.path(1));
    assert_eq!(paper["checkUrl"], address);
    assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);

    let year = academic_year();
    let year = format!("{year}/{}", year + 1);
    for (lang, title, role, subject, credits) in [
        ("kk", "Жеке оқу жоспары", "Тіркеуші", "Пән", "Барлық кредит саны"),
        ("ru", "Индивидуальный учебный план", "Регистратор", "Дисциплина", "Всего кредитов"),
        ("en", "Individual education plan", "Registrar", "Subject", "Credits in all"),
    ] {
        let url = format!("{}?lang={lang}", text(&paper["url"]));
        let (said, headers, bytes) = pdf(student.get(&url)).await;
        let wanted = [
            "Қазақстан университеті",
            title,
            "Қанатов Ерлан",
            "Информатика",
            &year,
            role,
            subject,
            "Күзгі семестр",
            "Көктемгі семестр",
            "MATH1",
            "Пән MATH1",
            "PHYS1",
            "Әбенова Айгүл",
            "Оразова Айгүл",
            &code,
            &address,
            &format!("{credits} 9"),
            "1 / 1",
        ];
        for wanted in wanted {
            assert!(said.contains(wanted), "{wanted} in {said}");
        }
        assert!(!said.contains("PAPER_"), "{said}");
        assert!(said.find("Күзгі") < said.find("Көктемгі"), "terms as they follow each other");
        assert_eq!(headers["content-language"], lang);
        assert_eq!(headers["cache-control"], "private, no-cache");
        assert!(headers["content-disposition"].to_str().unwrap().contains(".pdf"));
        // The same again, and by the header; and not again where the reader has it.
        let accepted = student.get(&planned.path(1)).header("Accept-Language", lang);
        assert!(pdf(accepted).await.2 == bytes, "other bytes");
        let known = student.get(&url).header("If-None-Match", headers["etag"].clone());
        assert_eq!(known.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
    }

    // Whoever has the paper in hand learns whether it holds, and no more than stands on it.
    let typed = code.to_lowercase().replace('-', "");
    let checked = planned.check(&json!(typed)).await;
    let trail = student.ask("IepTrail", json!({"iep": planned.iep})).await;
    let signed = trail["revisions"][0]["signatures"].as_array().unwrap();
    let by: Vec<_> =
        signed.iter().map(|by| json!({"role": by["role"], "signedAt": by["signedAt"]})).collect();
    assert_eq!(
        checked,
        json!({
            "verdict": "VALID",
            "message": "The paper is of the newest revision of the plan, and all signatures hold.",
            "endedAt": null,
            "newerIsReady": false,
            "checkCode": code,
            "academicYear": academic_year(),
            "revision": 1,
            "holder": "Қанатов Е.",
            "signatures": by,
            "terms": [
                {"title": "Күзгі семестр", "credits": 5, "subjects": [
                    {"code": "MATH1", "title": "Пән MATH1", "credits": 5,
                     "localTitle": {"text": "Пән MATH1", "language": null}}]},
                {"title": "Көктемгі семестр", "credits": 4, "subjects": [
                    {"code": "PHYS1", "title": "Пән PHYS1", "credits": 4,
                     "localTitle": {"text": "Пән PHYS1", "language": null}}]},
            ],
            "digest": signed[0]["digest"],
        })
    );
}

/// What is signed keeps what the catalogue called its subjects; whoever reads it reads what they call them.
async fn a_paper_and_its_pages_call_subjects_what_the_reader_calls_them(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, .. } = &planned;
    planned.sign(1).await;
    let code = planned.papers().await["paper"]["checkCode"].clone();
    let signed = async || {
        let query = "query($id: ID!) { iep(id: $id) { revisions { signedJson signedDigest } } }";
        student.ask(query, json!({"id": planned.iep})).await
    };
    let before = signed().await;
    let all = "query { subjects(first: 2) { nodes { id code } } }";
    let all = campus.registrar.ask(all, json!({})).await;
    let [algebra, physics] = [0, 1].map(|place| text(&all["nodes"][place]["id"]));
    call(&campus.registrar, &algebra, ["Талдау", "Анализ", "Calculus"]).await;
    call(&campus.registrar, &physics, ["", "Физика", ""]).await;

    let anybody = Visitor::of(&campus.server);
    let theirs = Visitor::signed_in(&campus.server, "қанатов").await;
    let titles = ["Талдау", "Анализ", "Calculus", "Физика", "Пән MATH1", "Пән PHYS1"];
    for (language, wanted) in [
        ("kk", ["Талдау", "Пән PHYS1"]),
        ("ru", ["Анализ", "Физика"]),
        ("en", ["Calculus", "Пән PHYS1"]),
    ] {
        let (paper, ..) = pdf(student.get(&format!("{}?lang={language}", planned.path(1)))).await;
        let read = [("accept-language", language)];
        let check = format!("/check/{}", text(&code));
        let check = anybody.get_with(&check, &read).await.body;
        let trail = format!("/console/ieps/{}", planned.iep);
        let trail = theirs.get_with(&trail, &read).await.body;
        // What was signed is beside it, as it was.
        let trail = trail.split("<details").next().unwrap().to_owned();
        for (of, said) in [("paper", paper), ("check", check), ("trail", trail)] {
            for title in titles {
                let has = said.contains(title);
                assert_eq!(has, wanted.contains(&title), "{title} in {language}, {of}: {said}");
            }
            assert!(said.contains("MATH1") && said.contains("PHYS1"), "{of}: {said}");
        }
        let nobody = campus.server.nobody();
        let checked = nobody.ask_in(language, "CheckPaper", json!({"code": code})).await;
        let subject = &checked["terms"][0]["subjects"][0];
        assert_eq!(
            (&checked["verdict"], &subject["localTitle"]["text"]),
            (&json!("VALID"), &json!(wanted[0]))
        );
        assert_eq!(subject["title"], "Пән MATH1", "as it was signed");
    }
    assert_eq!(signed().await, before);
    answer(&config, &["audit"]);
}

async fn a_paper_and_its_pages_call_programme_and_terms_what_the_reader_calls_them(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, .. } = &planned;
    planned.sign(1).await;
    let code = planned.papers().await["paper"]["checkCode"].clone();
    let query = "query($iep: ID!) { iep(id: $iep) { revisions { signedJson signedDigest
        signatures { digest digestMatches valid } } } }";
    let signed = async || student.ask(query, json!({"iep": planned.iep})).await;
    let before = signed().await;
    // They are called something in languages only once all have signed.
    let create = "mutation($input: CreateProgrammeInput!) { createProgramme(input: $input) {
        userErrors { code } } }";
    let programmes = ["Информатика ісі", "Вычисления", "Computing"];
    let input = json!({"code": "6B06101", "title": "Информатика", "titles": titles(programmes)});
    campus.registrar.ask(create, json!({"input": input})).await;
    let revise = "mutation($input: ReviseTermInput!) { reviseTerm(input: $input) {
        userErrors { code } } }";
    let terms = ["Күз мезгілі", "Осенний семестр", "Autumn semester"];
    let input = json!({"termId": planned.term, "titles": titles(terms)});
    campus.registrar.ask(revise, json!({"input": input})).await;

    let anybody = Visitor::of(&campus.server);
    let theirs = Visitor::signed_in(&campus.server, "оразова").await;
    for (place, language) in ["kk", "ru", "en"].into_iter().enumerate() {
        let (paper, ..) = pdf(student.get(&format!("{}?lang={language}", planned.path(1)))).await;
        let read = [("accept-language", language)];
        let check = format!("/check/{}", text(&code));
        let check = anybody.get_with(&check, &read).await.body;
        let trail = format!("/console/ieps/{}", planned.iep);
        let trail = theirs.get_with(&trail, &read).await.body;
        let has_programme = [true, false, true];
        for ((of, said), has_programme) in
            [("paper", paper), ("check", check), ("trail", trail)].into_iter().zip(has_programme)
        {
            for (other, title) in terms.iter().enumerate() {
                assert_eq!(said.contains(title), other == place, "{title}, {of}: {said}");
            }
            assert!(!said.contains("Күзгі семестр") && said.contains("Көктемгі семестр"), "{of}");
            for (other, title) in programmes.iter().enumerate() {
                let has = has_programme && other == place;
                assert_eq!(said.contains(title), has, "{title}, {of}: {said}");
            }
        }
        let nobody = campus.server.nobody();
        let checked = "query($code: String!) { checkPaper(code: $code) { verdict
            terms { title localTitle { text } } } }";
        let checked = nobody.ask_in(language, checked, json!({"code": code})).await;
        let term = json!({"title": "Күзгі семестр", "localTitle": {"text": terms[place]}});
        assert_eq!((&checked["verdict"], &checked["terms"][0]), (&json!("VALID"), &term));
    }
    assert_eq!(signed().await, before);
    answer(&config, &["audit"]);
}

async fn a_paper_of_an_old_revision_says_so(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, term, enrollment, .. } = &planned;
    planned.sign(1).await;
    let first = planned.papers().await["paper"]["checkCode"].clone();

    campus.period(term, "ADD_DROP", -24, 24).await;
    student.ask("DropSubject", json!({"enrollment": enrollment})).await;
    let superseded = planned.check(&first).await;
    assert_eq!(superseded["verdict"], "SUPERSEDED");
    assert_eq!(superseded["newerIsReady"], false);
    let trail = student.ask("IepTrail", json!({"iep": planned.iep})).await;
    assert_eq!(superseded["endedAt"], trail["revisions"][1]["openedAt"]);
    assert!(text(&superseded["message"]).ends_with("not all have signed the newest yet."));
    // It says what stood on it, not what stands there now.
    assert_eq!(superseded["terms"][0]["subjects"][0]["code"], "MATH1");
    let papers = planned.papers().await;
    assert_eq!(papers["paper"], json!(null), "the newest is not signed");
    assert_eq!(papers["revisions"][0]["paper"]["checkCode"], first);
    assert_eq!(papers["revisions"][1]["paper"], json!(null));

    planned.sign(2).await;
    let superseded = planned.check(&first).await;
    assert_eq!(
        (&superseded["verdict"], &superseded["newerIsReady"]),
        (&json!("SUPERSEDED"), &json!(true))
    );
    let second = planned.papers().await["paper"]["checkCode"].clone();
    assert_ne!(second, first);
    assert_eq!(planned.check(&second).await["verdict"], "VALID");
    let (old, ..) = pdf(student.get(&planned.path(1))).await;
    assert!(old.contains(&text(&first)) && old.contains("MATH1"), "{old}");
    let (new, ..) = pdf(student.get(&planned.path(2))).await;
    assert!(new.contains(&text(&second)) && !new.contains("MATH1"), "{new}");

    let back = json!({"iep": planned.iep, "revision": 2, "reason": "Қате"});
    campus.registrar.ask("SendBackIep", back).await;
    let sent_back = planned.check(&second).await;
    assert_eq!(sent_back["verdict"], "SENT_BACK");
    assert!(sent_back["endedAt"].is_string());
    assert_eq!(planned.check(&first).await["verdict"], "SUPERSEDED");
}

async fn a_paper_of_an_erased_person_tells_nothing_of_them(config: Config) {
    let mut planned = planned(&config).await;
    planned.sign(1).await;
    let code = planned.papers().await["paper"]["checkCode"].clone();
    planned.campus.server.kill();
    answer(&config, &["person", "erase", &planned.student.id, "--reason", "№ 17"]);
    planned.campus.server = Server::start(&config);
    let checked = planned.check(&code).await;
    assert_eq!(checked["verdict"], "ERASED");
    assert_eq!((&checked["holder"], &checked["terms"]), (&json!(null), &json!([])));
    let registrar = planned.campus.registrar.at(planned.campus.server.url());
    let (said, ..) = pdf(registrar.get(&format!("{}?lang=kk", planned.path(1)))).await;
    assert!(said.contains("деректері өшірілген адам") && !said.contains("Қанатов"), "{said}");
    answer(&config, &["audit"]);
}

async fn a_paper_is_for_those_who_may_read_the_plan(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, .. } = &planned;
    planned.sign(1).await;
    let path = planned.path(1);
    for reader in [student, &campus.advisor, &campus.registrar, &campus.auditor] {
        pdf(reader.get(&path)).await;
    }
    let stranger = campus.student("Бөтен").await;
    let advisor = person(&campus.administrator, "Өзге", &["ADVISOR"]).await;
    for other in [&stranger, &advisor, &campus.teacher, &campus.administrator] {
        let refusal = refused(other.get(&path).header("Accept-Language", "ru")).await;
        let message = "Ваши роли этого не позволяют.".to_owned();
        assert_eq!(refusal, (403, "FORBIDDEN".to_owned(), message));
    }
    let journal = json!({"first": 1, "person": stranger.id});
    let noted = async || campus.auditor.ask("SecurityJournal", journal.clone()).await;
    crate::server::until("the refusal is noted", async || {
        noted().await["nodes"][0]["asked"] == path
    })
    .await;
    assert_eq!(refused(campus.server.nobody().get(&path)).await.0, 401);
    let nobodys = format!("/ieps/{}/1.pdf", uuid::Uuid::new_v4());
    for missing in [&*planned.path(2), &*planned.path(0), &*path.replace(".pdf", ".doc"), &nobodys]
    {
        let (status, code, _) = refused(student.get(missing)).await;
        assert_eq!((status, &*code), (404, "NOT_FOUND"), "{missing}");
    }
    let (status, code, _) = refused(student.get(&format!("{path}?lang=de"))).await;
    assert_eq!((status, &*code), (400, "BAD_INPUT"));
}

async fn an_unknown_code_is_told_so_until_it_is_guessing(config: Config) {
    let mut planned = planned(&config).await;
    planned.sign(1).await;
    let code = text(&planned.papers().await["paper"]["checkCode"]);
    // One letter is another.
    let last = if code.ends_with('0') { "1" } else { "0" };
    let wrong = format!("{}{last}", &code[..code.len() - 1]);
    let nobody = planned.campus.server.nobody();
    // What is no code guesses none, and is not counted.
    for tried in ["", "no code at all", &*wrong] {
        assert_eq!(nobody.refused("CheckPaper", json!({"code": tried})).await, "NOT_FOUND");
    }
    assert_eq!(planned.check(&json!(code)).await["verdict"], "VALID");

    // As if it had gone on so.
    planned.campus.server.kill();
    let (database, lock) = config.location().open().await.unwrap();
    let went_on = "UPDATE sign_in_failures SET failures = failures + 109 \
                   WHERE subject LIKE 'checks:%' AND failures = 1";
    assert_eq!(database.execute(went_on, &[]).await.unwrap(), 1);
    drop((database, lock));
    let server = Server::start(&config);
    let nobody = server.nobody();
    let told = nobody.refused("CheckPaper", json!({"code": wrong})).await;
    assert_eq!(told, "CHECKS_SLOWED");
    // Who holds a paper is kept from checking it by nobody's guesses.
    assert_eq!(nobody.ask("CheckPaper", json!({"code": code})).await["verdict"], "VALID");
    // Signing in is another matter.
    server.sign_in("admin").await;
}
