//! The console as a person with a browser uses it, in Chromium and without JavaScript: the registrar's review of a
//! trail, signing it, sending it back.

use oqu::config::Config;
use serde_json::json;

use crate::{
    campus::{Campus, register},
    chromium::Chromium,
    server::{Client, PASSWORD, text},
    warned::Warned,
};

tests! {
    both {
        a_registrar_reviews_a_trail_and_signs_it,
        a_registrar_sends_a_plan_back,
        a_registrar_signs_what_they_chose_from_the_narrowed_list,
        a_registrar_goes_from_a_warning_to_its_plan,
        another_choice_after_going_back_is_another_act,
    }
}

/// A plan that waits for the registrar: sent back once, and changed since.
struct Reviewed {
    campus: Campus,
    student: Client,
    iep: String,
}

async fn reviewed(config: &Config) -> Reviewed {
    let campus = Campus::open(config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let spring = campus.open_term("Көктем", 70, 90).await;
    let algebra = campus.subject("MATH1", 5, &[]).await;
    let physics = campus.subject("PHYS1", 4, &[]).await;
    let chemistry = campus.subject("CHEM1", 3, &[]).await;
    let student = campus.student("Қанатов").await;
    let given_up = register(&student, &algebra, &term).await;
    let moved = register(&student, &chemistry, &term).await.enrollment;
    let iep = given_up.iep;
    student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    let back = json!({"iep": iep, "revision": 1, "reason": "Физика қайда?"});
    campus.advisor.ask("SendBackIep", back).await;
    student.ask("DropSubject", json!({"enrollment": given_up.enrollment})).await;
    student.ask("DropSubject", json!({"enrollment": moved})).await;
    register(&student, &chemistry, &spring).await;
    register(&student, &physics, &term).await;
    for signer in [&student, &campus.advisor] {
        signer.ask("SignIep", json!({"iep": iep, "revision": 2})).await;
    }
    Reviewed { campus, student, iep }
}

impl Reviewed {
    fn page(&self) -> String {
        format!("/console/ieps/{}", self.iep)
    }

    /// The registrar's browser, on the list of what waits.
    async fn browser(&self) -> Chromium {
        browser(&self.campus, "Оразова").await
    }

    async fn trail(&self) -> serde_json::Value {
        self.student.ask("IepTrail", json!({"iep": self.iep})).await
    }
}

/// Somebody's browser, on the list of what waits.
async fn browser(campus: &Campus, login: &str) -> Chromium {
    let browser = Chromium::visiting(&campus.server).await;
    browser.goto("/console").await;
    assert_eq!(browser.path().await, "/console/sign-in");
    browser.fill("#login", login).await;
    browser.fill("#password", PASSWORD).await;
    browser.follow("main button").await;
    assert_eq!(browser.path().await, "/console");
    browser
}

async fn a_registrar_reviews_a_trail_and_signs_it(config: Config) {
    let reviewed = reviewed(&config).await;
    let browser = reviewed.browser().await;
    assert_eq!(browser.texts(".waiting tbody th").await, ["Қанатов Ерлан"]);
    browser.follow(".waiting tbody a").await;
    assert_eq!(browser.path().await, reviewed.page());

    assert_eq!(browser.text("h1").await, "Қанатов Ерлан");
    assert_eq!(browser.text(".status").await, "Waits for the registrar");
    assert_eq!(browser.texts("article h2").await, ["Revision 2 newest", "Revision 1"]);
    let differences = browser.texts(".differences li").await;
    assert_eq!(
        differences,
        [
            "Moved: CHEM1 Пән CHEM1 from “Күз” to “Көктем”",
            "Removed: MATH1 Пән MATH1 from “Күз”",
            "Added: PHYS1 Пән PHYS1 in “Күз”",
        ]
    );
    assert!(browser.text(".sent-back").await.contains("Физика қайда?"));
    let names = browser.texts("article:first-of-type .signatures tbody tr td:nth-child(2)").await;
    assert_eq!(names, ["Қанатов Ерлан", "Әбенова Айгүл"]);
    assert_eq!(browser.texts(".fits").await, ["yes", "yes", "yes"]);
    let holds = browser.texts(".holds").await;
    assert_eq!(holds, ["yes", "yes", "no: The revision was sent back. SIGNATURE_SENT_BACK"]);
    let trail = reviewed.trail().await;
    let digest = text(&trail["revisions"][1]["signatures"][0]["digest"]);
    assert_eq!(browser.text("article:first-of-type .signatures .digest").await, digest);
    // What was signed unfolds, and its digest as the page computed it is the same.
    assert!(!browser.text("article:first-of-type details").await.contains(&digest));
    browser.click("article:first-of-type summary").await;
    let unfolded = browser.text("article:first-of-type details").await;
    assert!(unfolded.contains(&digest) && unfolded.contains("\"code\": \"PHYS1\""), "{unfolded}");
    // The style sheet is taken in spite of the policy.
    assert_eq!(browser.style("article", "border-top-left-radius").await, "8px");

    browser.follow("#sign button").await;
    assert_eq!(browser.text(".done").await, "Your signature is on record.");
    assert_eq!(browser.text(".status").await, "Ready");
    // What all have signed a registrar may still send back.
    assert!(!browser.has("#sign").await && browser.has("#send-back").await);
    assert_eq!(browser.texts(".fits").await.len(), 4);
    assert_eq!(reviewed.trail().await["status"], "READY");
    // Nothing waits any more; in Kazakh, with what the page says of itself.
    browser.follow(".brand").await;
    browser.follow("a[lang=kk]").await;
    assert_eq!(browser.text("h1").await, "Сізді күтіп тұрғандар");
    assert!(!browser.has(".waiting").await);
    browser.follow(".sign-out button").await;
    browser.goto("/console").await;
    assert_eq!(browser.path().await, "/console/sign-in");
}

async fn a_registrar_sends_a_plan_back(config: Config) {
    let reviewed = reviewed(&config).await;
    let browser = reviewed.browser().await;
    browser.goto(&reviewed.page()).await;
    browser.follow("#send-back button").await;
    assert_eq!(browser.text("#send-back .refused code").await, "TEXT_EMPTY");
    assert_eq!(reviewed.trail().await["status"], "AWAITING_REGISTRAR");
    browser.fill("#reason", "Химия күзде керек").await;
    // Meanwhile somebody else does.
    let registrar = &reviewed.campus.registrar;
    let back = json!({"iep": reviewed.iep, "revision": 2, "reason": "басқа себеп"});
    registrar.ask("SendBackIep", back).await;
    browser.follow("#send-back button").await;
    assert_eq!(browser.text(".refused code").await, "IEP_REVISION_IS_OLD");
    // What was typed is there still, and nothing to send it with: it is the student's turn.
    assert_eq!(browser.text(".decide blockquote").await, "Химия күзде керек");
    assert!(!browser.has("#send-back").await);

    for signer in [&reviewed.student, &reviewed.campus.advisor] {
        signer.ask("SignIep", json!({"iep": reviewed.iep, "revision": 3})).await;
    }
    browser.goto(&reviewed.page()).await;
    browser.fill("#reason", "Химия күзде керек").await;
    browser.follow("#send-back button").await;
    assert_eq!(browser.text(".done").await, "The plan was sent back.");
    assert_eq!(browser.text(".status").await, "Sent back");
    let trail = reviewed.trail().await;
    assert_eq!(trail["revisions"][2]["sentBack"]["reason"], "Химия күзде керек");
}

async fn a_registrar_signs_what_they_chose_from_the_narrowed_list(config: Config) {
    let reviewed = reviewed(&config).await;
    let browser = reviewed.browser().await;
    browser.fill("#name", "Әлиев").await;
    browser.follow(".filter button").await;
    assert!(!browser.has(".waiting").await);
    browser.follow(".filter a").await;
    browser.fill("#name", "қана").await;
    browser.follow(".filter button").await;
    assert_eq!(browser.texts(".waiting tbody th").await, ["Қанатов Ерлан"]);
    browser.click(".chosen input").await;
    browser.follow("#sign-many button").await;
    assert_eq!(browser.text("[role=status]").await, "Signed: 1 of 1");
    assert_eq!(browser.text(".outcomes .good").await, "Signed");
    browser.follow("main p a").await;
    assert!(!browser.has(".waiting").await);
    assert_eq!(reviewed.trail().await["status"], "READY");
}

async fn a_registrar_goes_from_a_warning_to_its_plan(config: Config) {
    let warned = Warned::open(&config).await;
    let student = warned.campus.student("Қанатов").await;
    let iep = warned.plan_of(&student).await;
    let browser = browser(&warned.campus, "Оразова").await;
    browser.follow("nav a[href='/console/warnings']").await;
    assert_eq!(browser.text("h1").await, "Plans with warnings");
    assert_eq!(browser.texts(".warned tbody th").await, ["Қанатов Ерлан"]);
    let told = browser.texts(".warned li").await;
    assert_eq!(
        told,
        [
            "PHYS1 is on the plan, but LOGIC1, which goes with it, was given up. COREQUISITE_GIVEN_UP"
        ]
    );
    browser.follow(".warned a").await;
    assert_eq!(browser.path().await, format!("/console/ieps/{iep}"));
    assert_eq!(browser.texts(".warnings li").await, told);
}

async fn another_choice_after_going_back_is_another_act(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    for name in ["Ахметов", "Қанатов"] {
        let student = campus.student(name).await;
        let iep = register(&student, &subject, &term).await.iep;
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    }
    let browser = browser(&campus, "Әбенова").await;
    browser.click("tr:nth-child(1) .chosen input").await;
    browser.follow("#sign-many button").await;
    assert_eq!(browser.text("[role=status]").await, "Signed: 1 of 1");
    browser.back().await;
    browser.click("tr:last-child .chosen input").await;
    browser.follow("#sign-many button").await;
    assert_eq!(browser.text(".outcomes tr:last-child .good").await, "Signed");
    browser.goto("/console").await;
    assert!(!browser.has(".waiting").await, "both are signed");
}
