//! The individual education plan: its signatures and its trail (manual 2.3.2).

use oqu::config::Config;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    campus::{Campus, Registered, academic_year, register},
    server::{Client, text},
};

tests! { both {
    a_plan_is_signed_by_three_in_order,
    a_plan_that_is_sent_back_opens_a_new_revision_with_the_same_subjects,
    a_plan_that_is_sent_back_opens_no_term_that_has_ended,
    a_change_in_add_drop_opens_a_revision_and_the_old_signatures_hold_no_more,
    a_registrar_changes_a_signed_plan_with_a_reason,
    a_registrars_reason_is_told_also_where_no_revision_opens,
    a_choice_of_streams_opens_no_revision,
    plans_that_wait_come_page_by_page,
    many_plans_are_signed_at_once_and_each_by_itself,
    lists_of_plans_are_narrowed_by_what_is_asked,
} }

/// A student with a plan of one subject, in a term that is open.
pub struct Planned {
    pub campus: Campus,
    pub student: Client,
    pub term: String,
    pub iep: String,
    pub enrollment: String,
}

async fn planned(config: &Config) -> Planned {
    let campus = Campus::open(config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let Registered { iep, enrollment } = register(&student, &subject, &term).await;
    Planned { campus, student, term, iep, enrollment }
}

impl Planned {
    fn revision(&self, revision: i32) -> Value {
        json!({"iep": self.iep, "revision": revision})
    }

    /// Student, advisor and registrar sign.
    pub async fn sign(&self, revision: i32) {
        for signer in [&self.student, &self.campus.advisor, &self.campus.registrar] {
            signer.ask("SignIep", self.revision(revision)).await;
        }
    }

    async fn trail(&self) -> Value {
        self.campus.registrar.ask("IepTrail", json!({"iep": self.iep})).await
    }
}

/// Role, whether valid, and why not, of each signature of a revision.
fn validity(revision: &Value) -> Value {
    let signatures = revision["signatures"].as_array().unwrap().iter();
    let told = |signature: &Value| {
        json!([signature["role"], signature["valid"], signature["invalidBecause"]["code"]])
    };
    signatures.map(told).collect()
}

async fn a_plan_is_signed_by_three_in_order(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, .. } = &planned;
    let first = || planned.revision(1);
    let waits = campus.advisor.user_error("SignIep", first()).await;
    assert_eq!(waits["code"], "SIGNATURE_OUT_OF_ORDER");
    assert_eq!(waits["facts"], json!([{"name": "waits_for", "value": "student"}]));
    let old = student.user_error("SignIep", planned.revision(2)).await;
    assert_eq!(old["code"], "IEP_REVISION_IS_OLD");
    assert_eq!(
        old["facts"],
        json!([{"name": "revision", "value": "2"}, {"name": "newest", "value": "1"}])
    );

    let signed = student.ask("SignIep", first()).await;
    assert_eq!(signed["iep"]["status"], "AWAITING_ADVISOR");
    assert_eq!(student.refused("SignIep", first()).await, "SIGNED_ALREADY");
    assert_eq!(campus.registrar.refused("SignIep", first()).await, "SIGNATURE_OUT_OF_ORDER");
    let signed = campus.advisor.ask("SignIep", first()).await;
    assert_eq!(signed["iep"]["status"], "AWAITING_REGISTRAR");
    let signed = campus.registrar.ask("SignIep", first()).await;
    let signature = |place: usize, role: &str, name: &str| {
        let signature = &signed["iep"]["signatures"][place];
        json!({
            "role": role, "signer": {"displayName": name}, "signedAt": signature["signedAt"],
            "digest": signature["digest"], "valid": true,
        })
    };
    assert_eq!(
        signed["iep"],
        json!({
            "id": planned.iep,
            "status": "READY",
            "revision": 1,
            "signatures": [
                signature(0, "STUDENT", "Қанатов Ерлан"),
                signature(1, "ADVISOR", "Әбенова Айгүл"),
                signature(2, "REGISTRAR", "Оразова Айгүл"),
            ],
        })
    );
    assert_eq!(campus.registrar.refused("SignIep", first()).await, "SIGNED_ALREADY");
    let stranger = campus.student("Бөтен").await;
    assert_eq!(stranger.refused("SignIep", first()).await, "NOT_A_SIGNER");

    // All three signed the same bytes, and their digest is that of the bytes that are kept.
    let query = "query($iep: ID!) { iep(id: $iep) { revisions { signedJson signedDigest signatures { digest } } } }";
    let kept = student.ask(query, json!({"iep": planned.iep})).await;
    let revision = &kept["revisions"][0];
    let bytes = text(&revision["signedJson"]);
    let digest = format!("{:x}", Sha256::digest(&bytes));
    let digests: Vec<_> = revision["signatures"].as_array().unwrap().iter().collect();
    assert_eq!(digests, vec![&json!({"digest": digest}); 3]);
    assert_eq!(revision["signedDigest"], digest);
    let content: Value = serde_json::from_str(&bytes).unwrap();
    assert_eq!(content["person"], student.id);
    assert_eq!(content["subjects"][0]["code"], "MATH1");
    assert_eq!(content["regulation"], "2020");
}

async fn a_plan_that_is_sent_back_opens_a_new_revision_with_the_same_subjects(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, .. } = &planned;
    let send_back = |revision: i32| {
        let mut send_back = planned.revision(revision);
        send_back["reason"] = "Физика қайда?".into();
        send_back
    };
    let refused = campus.advisor.refused("SendBackIep", send_back(1)).await;
    assert_eq!(refused, "IEP_NOT_SIGNED_YET");
    student.ask("SignIep", planned.revision(1)).await;
    let refused = campus.registrar.refused("SendBackIep", send_back(1)).await;
    assert_eq!(refused, "SIGNATURE_OUT_OF_ORDER");
    let sent_back = campus.advisor.ask("SendBackIep", send_back(1)).await;
    assert_eq!(sent_back["iep"]["status"], "SENT_BACK");
    assert_eq!(student.refused("SignIep", planned.revision(1)).await, "IEP_REVISION_IS_OLD");

    // The student reads why, and may change the plan now, whatever the window says.
    let trail = student.ask("IepTrail", json!({"iep": planned.iep})).await;
    let why = &trail["revisions"][0]["sentBack"];
    assert_eq!(why["reason"], "Физика қайда?");
    assert_eq!(why["by"]["displayName"], "Әбенова Айгүл");
    campus.period(&planned.term, "REGISTRATION", -48, -24).await;
    let physics = campus.subject("PHYS1", 5, &[]).await;
    register(student, &physics, &planned.term).await;
    planned.sign(2).await;

    let trail = planned.trail().await;
    assert_eq!(trail["status"], "READY");
    let [first, second] = [&trail["revisions"][0], &trail["revisions"][1]];
    assert_eq!(validity(first), json!([["STUDENT", false, "SIGNATURE_SENT_BACK"]]));
    assert_eq!(
        validity(second),
        json!([["STUDENT", true, null], ["ADVISOR", true, null], ["REGISTRAR", true, null]])
    );
    assert_eq!(
        second["changes"],
        json!([{
            "kind": "ADDED", "subject": {"code": "PHYS1"}, "fromTerm": null,
            "toTerm": {"id": planned.term},
        }])
    );
}

async fn a_plan_that_is_sent_back_opens_no_term_that_has_ended(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, .. } = &planned;
    let [yesterday, today] =
        [campus.term("Өткен", -20, 19).await, campus.term("Бүгін", -20, 20).await];
    for term in [&yesterday, &today, &planned.term] {
        campus.period(term, "REGISTRATION", -48, -24).await;
    }
    planned.sign(1).await;
    let mut send_back = planned.revision(1);
    send_back["reason"] = "Физика қайда?".into();
    campus.registrar.ask("SendBackIep", send_back).await;

    let physics = campus.subject("PHYS1", 5, &[]).await;
    let wanted = |term: &str| json!({"subject": physics, "term": term});
    let refused = student.refused("RegisterForSubject", wanted(&yesterday)).await;
    assert_eq!(refused, "REGISTRATION_CLOSED");
    let query = "query($id: ID!, $term: ID!, $subject: ID!) { \
        whatIf(studentId: $id, termId: $term, subjectIds: [$subject]) { allowed } }";
    for (term, allowed) in [(&yesterday, false), (&today, true)] {
        let asked = json!({"id": student.id, "term": term, "subject": physics});
        assert_eq!(student.ask(query, asked).await["allowed"], allowed);
    }
    // The last day of a term is one of it.
    student.ask("RegisterForSubject", wanted(&today)).await;
}

async fn a_change_in_add_drop_opens_a_revision_and_the_old_signatures_hold_no_more(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, term, enrollment, .. } = &planned;
    planned.sign(1).await;
    let physics = campus.subject("PHYS1", 4, &[]).await;
    let wanted = json!({"subject": physics, "term": term});
    // Registration is open, but the plan is signed.
    assert_eq!(student.refused("RegisterForSubject", wanted.clone()).await, "IEP_IS_SIGNED");
    campus.period(term, "ADD_DROP", -24, 24).await;
    let done = student.ask("RegisterForSubject", wanted).await;
    assert_eq!(done["iep"]["revision"], 2);
    let done = student.ask("DropSubject", json!({"enrollment": enrollment})).await;
    // One revision takes all changes until it is signed.
    assert_eq!(done["iep"]["revision"], 2);

    let trail = planned.trail().await;
    let entry = |code: &str, credits: i32| {
        json!({
            "subject": {"code": code, "title": format!("Пән {code}")}, "term": {"id": term},
            "credits": credits,
        })
    };
    let signature = |place: usize, role: &str, signer: &Client, name: &str| {
        let signature = &trail["revisions"][0]["signatures"][place];
        json!({
            "role": role,
            "signer": {"id": signer.id, "displayName": name},
            "signedAt": signature["signedAt"],
            "digest": signature["digest"],
            "digestMatches": true,
            "valid": false,
            "invalidBecause": {
                "code": "SIGNATURE_SUPERSEDED", "message": signature["invalidBecause"]["message"],
            },
        })
    };
    assert_eq!(
        trail,
        json!({
            "id": planned.iep,
            "status": "OPEN",
            "terms": [{
                "term": {"id": term, "title": "Күз"},
                "credits": {"plan": 30, "fact": 4, "remainder": 26},
            }],
            "student": {"displayName": "Қанатов Ерлан"},
            "revisions": [
                {
                    "number": 1,
                    "openedAt": trail["revisions"][0]["openedAt"],
                    "openedBy": {"displayName": "Қанатов Ерлан"},
                    "entries": [entry("MATH1", 5)],
                    "changes": [],
                    "sentBack": null,
                    "signatures": [
                        signature(0, "STUDENT", student, "Қанатов Ерлан"),
                        signature(1, "ADVISOR", &campus.advisor, "Әбенова Айгүл"),
                        signature(2, "REGISTRAR", &campus.registrar, "Оразова Айгүл"),
                    ],
                },
                {
                    "number": 2,
                    "openedAt": trail["revisions"][1]["openedAt"],
                    "openedBy": {"displayName": "Қанатов Ерлан"},
                    "entries": [entry("PHYS1", 4)],
                    "changes": [
                        {"kind": "REMOVED", "subject": {"code": "MATH1"},
                            "fromTerm": {"id": term}, "toTerm": null},
                        {"kind": "ADDED", "subject": {"code": "PHYS1"},
                            "fromTerm": null, "toTerm": {"id": term}},
                    ],
                    "sentBack": null,
                    "signatures": [],
                },
            ],
        })
    );
    assert_eq!(student.refused("SignIep", planned.revision(1)).await, "IEP_REVISION_IS_OLD");
    planned.sign(2).await;
    assert_eq!(planned.trail().await["status"], "READY");
}

async fn a_registrar_changes_a_signed_plan_with_a_reason(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, term, .. } = &planned;
    planned.sign(1).await;
    let physics = campus.subject("PHYS1", 5, &[]).await;
    let change = json!({
        "student": student.id, "subject": physics, "term": term, "reason": "деканаттың шешімі",
    });
    let done = campus.registrar.ask("RegisterStudent", change).await;
    assert_eq!(done["iep"]["status"], "OPEN");
    assert_eq!(done["iep"]["revision"], 2);
    let trail = planned.trail().await;
    assert_eq!(trail["revisions"][1]["openedBy"]["displayName"], "Оразова Айгүл");
    let first = validity(&trail["revisions"][0]);
    assert_eq!(first[0], json!(["STUDENT", false, "SIGNATURE_SUPERSEDED"]));
    // Why each was opened, and what the registrar said to it.
    let causes =
        "query($iep: ID!) { iep(id: $iep) { revisions { cause causeReason signedDigest } } }";
    let known = student.ask(causes, json!({"iep": planned.iep})).await;
    let [first, second] = [&known["revisions"][0], &known["revisions"][1]];
    assert_eq!([&first["cause"], &first["causeReason"]], [&json!("FIRST"), &Value::Null]);
    let said =
        json!({"cause": "REGISTRAR", "causeReason": "деканаттың шешімі", "signedDigest": null});
    assert_eq!(*second, said);
}

async fn a_registrars_reason_is_told_also_where_no_revision_opens(config: Config) {
    let planned = planned(&config).await;
    let Planned { campus, student, term, enrollment, .. } = &planned;
    let registrar = &campus.registrar;
    let [physics, chemistry] =
        [campus.subject("PHYS1", 5, &[]).await, campus.subject("CHEM1", 5, &[]).await];
    let add = json!({
        "student": student.id, "subject": physics, "term": term, "reason": "сырқат болды",
    });
    let added = registrar.ask("RegisterStudent", add).await["enrollment"]["id"].clone();
    let drop = json!({"enrollment": enrollment, "reason": "қате тіркелді"});
    registrar.ask("DropSubject", drop).await;
    // After the signatures a revision opens for the first change, and takes the next.
    planned.sign(1).await;
    campus.period(term, "ADD_DROP", -24, 24).await;
    register(student, &chemistry, term).await;
    let drop = json!({"enrollment": added, "reason": "деканаттың шешімі"});
    registrar.ask("DropSubject", drop).await;

    let query = "query($iep: ID!) { iep(id: $iep) { revisions { \
        cause changes { kind subject { code } reason by { displayName } } \
        registrarChanges { kind subject { code } term { id } reason by { displayName } } } } }";
    let known = student.ask(query, json!({"iep": planned.iep})).await;
    let change = |kind: &str, code: &str, reason: &str| {
        json!({
            "kind": kind, "subject": {"code": code}, "reason": reason,
            "by": {"displayName": "Оразова Айгүл"},
        })
    };
    let in_term = |mut change: Value| {
        change["term"] = json!({"id": term});
        change
    };
    let removed = || change("REMOVED", "PHYS1", "деканаттың шешімі");
    let own = json!({"kind": "ADDED", "subject": {"code": "CHEM1"}, "reason": null, "by": null});
    assert_eq!(
        known["revisions"],
        json!([
            {"cause": "FIRST", "changes": [], "registrarChanges": [
                in_term(change("ADDED", "PHYS1", "сырқат болды")),
                in_term(change("REMOVED", "MATH1", "қате тіркелді")),
            ]},
            {
                "cause": "ADD_DROP", "changes": [removed(), own],
                "registrarChanges": [in_term(removed())],
            },
        ])
    );
    // The history has it with the change.
    let filter = json!({"aggregateId": planned.iep, "actorId": registrar.id});
    let history = campus.auditor.ask("History", json!({"filter": filter, "first": 20})).await;
    let events = history["nodes"].as_array().unwrap().iter();
    let changes = events.filter(|event| text(&event["type"]).starts_with("IepSubject"));
    let told: Vec<_> = changes
        .map(|event| (text(&event["type"]), event["data"]["because"]["id"].is_string()))
        .collect();
    let [added, removed] = ["IepSubjectAdded", "IepSubjectRemoved"].map(String::from);
    assert_eq!(told, [(added, true), (removed.clone(), true), (removed, true)]);
}

async fn a_choice_of_streams_opens_no_revision(config: Config) {
    let planned = planned(&config).await;
    planned.sign(1).await;
    let Planned { campus, student, term, enrollment, .. } = &planned;
    let query = "query($id: ID!) { enrollment(id: $id) { subject { id } } }";
    let subject = student.ask(query, json!({"id": enrollment})).await;
    let subject = text(&subject["subject"]["id"]);
    let stream = campus.stream(&subject, term, "A", json!({})).await;
    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": stream})).await;
    let trail = planned.trail().await;
    assert_eq!(trail["status"], "READY");
    assert_eq!(trail["revisions"].as_array().map(Vec::len), Some(1));
}

async fn plans_that_wait_come_page_by_page(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let mut plans = Vec::new();
    for name in ["Бірінші", "Екінші", "Үшінші"] {
        let student = campus.student(name).await;
        let iep = register(&student, &subject, &term).await.iep;
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
        plans.push((student.id, iep, format!("{name} Ерлан")));
    }
    let first = campus.advisor.ask("IepsAwaitingMySignature", json!({"first": 2})).await;
    let (id, iep, name) = &plans[0];
    let signed_at = &first["nodes"][0]["signatures"][0]["signedAt"];
    assert_eq!(
        first["nodes"][0],
        json!({
            "id": iep,
            "revision": 1,
            "student": {"id": id, "displayName": name},
            "terms": [{"term": {"id": term}, "credits": {"plan": 30}}],
            "signatures": [{"role": "STUDENT", "signedAt": signed_at}],
        })
    );
    assert_eq!(first["totalCount"], 3);
    assert_eq!(first["nodes"][1]["id"], plans[1].1);
    let next = json!({"first": 2, "after": first["pageInfo"]["endCursor"]});
    let second = campus.advisor.ask("IepsAwaitingMySignature", next).await;
    assert_eq!(second["nodes"].as_array().map(Vec::len), Some(1));
    assert_eq!(second["nodes"][0]["id"], plans[2].1);
    assert_eq!(second["pageInfo"]["hasNextPage"], false);

    // What the advisor signed waits for the registrar, and for nobody else's advisor.
    campus.advisor.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    let all = json!({"first": 10});
    let waiting = campus.advisor.ask("IepsAwaitingMySignature", all.clone()).await;
    assert_eq!(waiting["totalCount"], 2);
    let waiting = campus.registrar.ask("IepsAwaitingMySignature", all.clone()).await;
    assert_eq!(waiting["totalCount"], 1);
    assert_eq!(waiting["nodes"][0]["id"], *iep);
    let other = crate::campus::person(&campus.administrator, "Басқа", &["ADVISOR"]).await;
    assert_eq!(other.ask("IepsAwaitingMySignature", all).await["totalCount"], 0);
}

async fn many_plans_are_signed_at_once_and_each_by_itself(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let mut plans = Vec::new();
    for name in ["Бірінші", "Екінші", "Үшінші", "Төртінші"] {
        let student = campus.student(name).await;
        let iep = register(&student, &subject, &term).await.iep;
        student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
        plans.push(iep);
    }
    let [good, old, signed, other] = <[String; 4]>::try_from(plans).unwrap();
    campus.advisor.ask("SignIep", json!({"iep": signed, "revision": 1})).await;
    let unknown = uuid::Uuid::new_v4().to_string();
    let item = |iep: &str, revision: i32| json!({"iepId": iep, "revision": revision});
    let items = [
        item(&good, 1),
        item(&old, 2),
        item(&signed, 1),
        item(&unknown, 1),
        item("none", 1),
        item(&other, 1),
    ];
    let asked = json!({"items": items, "key": "many"});
    let told = campus.advisor.ask("SignIeps", asked.clone()).await;
    let outcomes = told["outcomes"].as_array().unwrap();
    let short = |outcome: &Value| {
        json!([outcome["iepId"], outcome["iep"]["status"], outcome["userErrors"][0]["code"]])
    };
    let expected = json!([
        [good, "AWAITING_REGISTRAR", null],
        [old, null, "IEP_REVISION_IS_OLD"],
        [signed, null, "SIGNED_ALREADY"],
        [unknown, null, "IEP_UNKNOWN"],
        ["none", null, "ID_MALFORMED"],
        [other, "AWAITING_REGISTRAR", null],
    ]);
    assert_eq!(outcomes.iter().map(short).collect::<Value>(), expected);
    assert_eq!((&told["pending"], &told["userErrors"]), (&json!(false), &json!([])));

    // The same again is answered the same, and signs nothing twice; another request may not have its key.
    let again = campus.advisor.ask("SignIeps", asked).await;
    let again = again["outcomes"].as_array().unwrap();
    assert_eq!(again.iter().map(short).collect::<Value>(), expected);
    let trail = campus.registrar.ask("IepTrail", json!({"iep": good})).await;
    assert_eq!(trail["revisions"][0]["signatures"].as_array().map(Vec::len), Some(2));
    let longer: Vec<_> = (0..7).map(|_| item(&other, 1)).collect();
    let reused = campus.advisor.ask("SignIeps", json!({"items": longer, "key": "many"})).await;
    let reused = reused["outcomes"].as_array().unwrap().iter();
    let codes: Vec<_> = reused.map(|one| one["userErrors"][0]["code"].clone()).collect();
    assert_eq!(codes, vec![json!("IDEMPOTENCY_KEY_REUSED"); 7]);

    // Whoever names one twice signs it once, whatever roles they have.
    let twice = json!({"items": [item(&old, 1), item(&old, 1)]});
    let told = campus.advisor.ask("SignIeps", twice).await;
    let codes = json!([null, "NAMED_TWICE"]);
    let of = |place: usize| told["outcomes"][place]["userErrors"][0]["code"].clone();
    assert_eq!(json!([of(0), of(1)]), codes);
    let trail = campus.registrar.ask("IepTrail", json!({"iep": old})).await;
    assert_eq!(trail["revisions"][0]["signatures"].as_array().map(Vec::len), Some(2));

    // As one alone: a stranger signs none of them, and too many are refused in all.
    let stranger = crate::campus::person(&campus.administrator, "Басқа", &["ADVISOR"]).await;
    let told = stranger.ask("SignIeps", json!({"items": [item(&other, 1)]})).await;
    assert_eq!(told["outcomes"][0]["userErrors"][0]["code"], "NOT_A_SIGNER");
    let many: Vec<_> = (0..201).map(|_| item(&old, 1)).collect();
    let refused = campus.advisor.user_error("SignIeps", json!({"items": many})).await;
    assert_eq!(refused["code"], "TOO_MANY_AT_ONCE");
    assert_eq!(
        refused["facts"],
        json!([{"name": "most", "value": "200"}, {"name": "asked", "value": "201"}])
    );
}

/// The names of the students whose plans a list has, in its order.
async fn listed(reader: &Client, list: &str, filter: Value) -> Vec<String> {
    let found = reader.ask(list, json!({"filter": filter, "first": 10})).await;
    let nodes = found["nodes"].as_array().unwrap();
    assert_eq!(found["totalCount"], nodes.len());
    let name = |node: &Value| text(&node["student"]["displayName"]).replace(" Ерлан", "");
    nodes.iter().map(name).collect()
}

async fn lists_of_plans_are_narrowed_by_what_is_asked(config: Config) {
    const WAITING: &str = "IepsAwaitingMySignature";
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let algebra = campus.subject("MATH1", 5, &[]).await;
    let physics = campus.subject("PHYS1", 5, &[]).await;
    let year = academic_year();
    let other = crate::campus::person(&campus.administrator, "Басқа", &["ADVISOR"]).await;
    let of_law = json!({
        "programmeCode": "6B04201", "programmeTitle": "Құқықтану", "advisorId": other.id,
        "admittedOn": format!("{}-09-01", year - 1),
    });
    let (mut students, mut ieps) = (vec![], vec![]);
    for (name, more) in [
        ("Әсетов", json!({})),
        ("Бекетов", of_law),
        ("Әділов", json!({"admittedOn": format!("{year}-07-01")})),
        ("Ғалымов", json!({"admittedOn": format!("{year}-07-01")})),
    ] {
        let student = campus.student_of(name, more).await;
        ieps.push(register(&student, &algebra, &term).await.iep);
        students.push(student);
    }
    let sign = async |signer: &Client, place: usize, revision: i32| {
        signer.ask("SignIep", json!({"iep": ieps[place], "revision": revision})).await;
    };
    // One waits for the registrar, one for its advisor, one is ready and is changed in add/drop, one is open.
    for (place, advisor) in [(0, &campus.advisor), (1, &other), (2, &campus.advisor)] {
        sign(&students[place], place, 1).await;
        if place != 1 {
            sign(advisor, place, 1).await;
        }
    }
    sign(&campus.registrar, 2, 1).await;
    let registrar = &campus.registrar;
    let by_status = async |status: &str| listed(registrar, "Ieps", json!({"status": status})).await;
    assert_eq!(by_status("READY").await, ["Әділов"]);
    assert_eq!(by_status("OPEN").await, ["Ғалымов"]);
    assert_eq!(by_status("AWAITING_ADVISOR").await, ["Бекетов"]);
    assert_eq!(by_status("AWAITING_REGISTRAR").await, ["Әсетов"]);
    let changed = json!({"changedInAddDrop": true});
    assert_eq!(listed(registrar, WAITING, changed.clone()).await, [""; 0]);

    campus.period(&term, "ADD_DROP", -24, 24).await;
    register(&students[2], &physics, &term).await;
    sign(&students[2], 2, 2).await;
    sign(&campus.advisor, 2, 2).await;
    let back = json!({"iep": ieps[1], "revision": 1, "reason": "Қате"});
    other.ask("SendBackIep", back).await;
    assert_eq!(by_status("SENT_BACK").await, ["Бекетов"]);
    assert_eq!(by_status("READY").await, [""; 0]);

    // The work list: what is asked for has to hold all at once, the longest waiting first.
    let since = text(
        &campus.registrar.ask("IepTrail", json!({"iep": ieps[2]})).await["revisions"][1]["openedAt"],
    );
    let programme = "query($id: ID!) { student(id: $id) { programme { id } } }";
    let programme = registrar.ask(programme, json!({"id": students[0].id})).await;
    let programme = &programme["programme"]["id"];
    for (filter, wanted) in [
        (json!({}), &["Әсетов", "Әділов"][..]),
        (changed, &["Әділов"]),
        (json!({"changedInAddDrop": false}), &["Әсетов"]),
        (json!({"waitsFor": "REGISTRAR"}), &["Әсетов", "Әділов"]),
        (json!({"waitsFor": "ADVISOR"}), &[]),
        (json!({"waitsSinceFrom": since}), &["Әділов"]),
        (json!({"waitsSinceBefore": since}), &["Әсетов"]),
        (json!({"namePrefix": "әді"}), &["Әділов"]),
        (json!({"namePrefix": "Б"}), &[]),
        (json!({"academicYear": year}), &["Әсетов", "Әділов"]),
        (json!({"academicYear": year - 1}), &[]),
        (json!({"advisorId": campus.advisor.id}), &["Әсетов", "Әділов"]),
        (json!({"advisorId": other.id}), &[]),
        (json!({"programmeId": programme}), &["Әсетов", "Әділов"]),
        (json!({"programmeId": programme, "namePrefix": "Әс"}), &["Әсетов"]),
    ] {
        assert_eq!(listed(registrar, WAITING, filter.clone()).await, wanted, "{filter}");
    }
    for (filter, wanted) in [
        (json!({"yearOfAdmission": year - 1}), &["Бекетов"][..]),
        (json!({"yearOfAdmission": year, "status": "OPEN"}), &["Ғалымов"]),
        (json!({"yearOfAdmission": year + 1}), &[]),
        (json!({"programmeId": programme, "status": "SENT_BACK"}), &[]),
        (json!({"advisorId": other.id}), &["Бекетов"]),
        (json!({"withoutAdvisor": true}), &[]),
        (json!({"withoutAdvisor": false, "status": "SENT_BACK"}), &["Бекетов"]),
        (json!({"academicYear": year - 1}), &[]),
    ] {
        assert_eq!(listed(registrar, "Ieps", filter.clone()).await, wanted, "{filter}");
    }
    // An advisor's list stays theirs, whatever is asked for.
    let others = json!({"advisorId": other.id});
    assert_eq!(listed(&campus.advisor, WAITING, others).await, [""; 0]);
    assert_eq!(listed(&other, "Ieps", json!({})).await, ["Бекетов"]);
}
