//! Theses and their checks (manual 2.14).

use oqu::config::Config;
use serde_json::json;

use crate::papers::{
    Papers, checked, docx, hand_in_documents, paragraphs, png, thesis, upload, upload_and_send,
};

tests! { both {
    a_work_is_checked_and_passed,
    a_work_copied_by_half_its_paragraphs_is_half_similar,
    attempts_are_opened_by_staff_and_paid_once_the_free_ones_are_used,
    nothing_is_sent_or_decided_out_of_order,
    a_check_that_fails_gives_the_attempt_back,
    a_thesis_is_read_by_those_it_concerns,
} }

async fn a_work_is_checked_and_passed(config: Config) {
    let papers = Papers::open(&config).await;
    let seen = papers.seen().await;
    assert_eq!((&seen["status"], &seen["threshold"]), (&json!("NOT_STARTED"), &json!(70)));
    assert_eq!(seen["attemptsLeft"], json!({"free": 2, "paid": 1}));
    let work = docx(&paragraphs("own", 0..20));
    papers.send(&work, "Жұмыс.docx").await;
    let attempt = papers.checked().await;
    assert_eq!(attempt["status"], "REPORTED");
    assert_eq!((&attempt["originality"], &attempt["similarity"]), (&json!(100), &json!(0)));
    assert_eq!(attempt["words"], 2_000);
    assert_eq!(
        (&attempt["file"]["name"], &attempt["file"]["available"]),
        (&json!("Жұмыс.docx"), &json!(true))
    );
    assert_eq!(papers.seen().await["attemptsLeft"], json!({"free": 1, "paid": 1}));

    let waiting = papers.officer.ask("ThesesAwaitingStaff", json!({"first": 10})).await;
    assert_eq!(waiting["nodes"], json!([{"id": papers.thesis, "status": "REPORT_AVAILABLE"}]));
    let passed =
        json!({"thesis": papers.thesis, "attempt": 1, "verdict": "PASSED", "comment": "Жақсы"});
    let passed = papers.officer.ask("DecideThesis", passed).await;
    assert_eq!(passed["thesis"]["status"], "PASSED");
    let seen = papers.seen().await;
    let decision = &seen["attempts"][0]["decision"];
    assert_eq!(
        *decision,
        json!({"verdict": "PASSED", "threshold": 70, "comment": "Жақсы", "decidedBy": {"id": papers.officer.id}})
    );
    let waiting = papers.officer.ask("ThesesAwaitingStaff", json!({"first": 10})).await;
    assert_eq!(waiting["totalCount"], 0);

    // As front ends ask for it.
    let asked = papers.student.ask("ThesisCheck", json!({"student": papers.student.id})).await;
    let shown = &asked["theses"][0];
    assert_eq!(shown["attempts"][0]["openedBy"]["displayName"], "Қанатов Ерлан");
    assert_eq!(shown["documents"][0]["kind"], "TITLE_PAGE");
    assert_eq!(shown["documents"][0]["files"][0]["name"], "бет.png");
}

async fn a_work_copied_by_half_its_paragraphs_is_half_similar(config: Config) {
    let papers = Papers::open(&config).await;
    papers.send(&docx(&paragraphs("first", 0..20)), "a.docx").await;
    papers.checked().await;
    for (name, family_name, own) in [("b.docx", "Бірінші", "second"), ("b.pdf", "Екінші", "third")]
    {
        let half = [paragraphs("first", 3..13), paragraphs(own, 0..10)].concat();
        let work = if name == "b.docx" { docx(&half) } else { ::papers::pdf(&half) };
        let student = papers.campus.student(family_name).await;
        let copied = thesis(&papers.campus, &papers.officer, &student).await;
        hand_in_documents(&student, &copied).await;
        upload_and_send(&student, &copied, &work, name).await;
        let attempt = checked(&student, &copied).await;
        assert_eq!(attempt["status"], "REPORTED", "{attempt}");
        assert_eq!(attempt["similarity"], 50, "{name}");
        assert_eq!(attempt["sources"], json!([]), "sources are for staff");
        let seen = papers.officer.ask("Thesis", json!({"id": copied})).await;
        let sources = seen["attempts"][0]["sources"].as_array().unwrap();
        // By the second, the first copy holds the same half.
        assert!(sources.contains(&json!({"thesisId": papers.thesis, "share": 50})), "{sources:?}");
    }
}

async fn attempts_are_opened_by_staff_and_paid_once_the_free_ones_are_used(config: Config) {
    let papers = Papers::open(&config).await;
    let Papers { campus, officer, student, thesis, .. } = &papers;
    let allowed = json!({"thesis": thesis, "free": 1, "paid": 1});
    let allowed = campus.teacher.ask("AllowThesisAttempts", allowed).await;
    assert_eq!(allowed["thesis"]["attemptsLeft"], json!({"free": 1, "paid": 1}));
    let copied = docx(&paragraphs("same", 0..10));
    let other = campus.student("Бірінші").await;
    let original = crate::papers::thesis(campus, officer, &other).await;
    hand_in_documents(&other, &original).await;
    upload_and_send(&other, &original, &copied, "a.docx").await;
    checked(&other, &original).await;

    papers.send(&copied, "b.docx").await;
    assert_eq!(papers.checked().await["originality"], 0);
    let verdict =
        |attempt: i32, verdict| json!({"thesis": thesis, "attempt": attempt, "verdict": verdict});
    assert_eq!(
        officer.refused("DecideThesis", verdict(1, "PASSED")).await,
        "THESIS_BELOW_THRESHOLD"
    );
    let failed = officer.ask("DecideThesis", verdict(1, "FAILED")).await;
    assert_eq!(failed["thesis"]["status"], "FAILED");

    // The student opens no second attempt, by neither door.
    let again = json!({"thesis": thesis, "language": "RUSSIAN"});
    let again = student.send_file("UploadThesisWork", again, "c.docx", &copied).await;
    assert_eq!(again.code(), "THESIS_NO_ATTEMPT_OPEN");
    let this = || json!({"thesis": thesis});
    assert_eq!(student.refused("OpenThesisAttempt", this()).await, "FORBIDDEN");
    let opened = campus.teacher.ask("OpenThesisAttempt", this()).await["thesis"].clone();
    assert_eq!(opened["status"], "IN_PROGRESS");
    assert_eq!(
        opened["attempts"][1],
        json!({"number": 2, "payment": "PAID", "status": "AWAITING_RECEIPT"})
    );
    assert_eq!(officer.refused("OpenThesisAttempt", this()).await, "THESIS_ATTEMPT_OPEN");
    let confirm = || json!({"thesis": thesis, "attempt": 2});
    assert_eq!(officer.refused("ConfirmThesisPayment", confirm()).await, "THESIS_RECEIPT_MISSING");

    let receipt = student.send_file("AttachThesisReceipt", this(), "чек.png", &png()).await.done();
    assert_eq!(receipt["thesis"]["status"], "AWAITING_PAYMENT");
    assert_eq!(student.refused("SendThesisToCheck", this()).await, "THESIS_PAYMENT_DUE");
    officer.ask("ConfirmThesisPayment", confirm()).await;
    upload_and_send(student, thesis, &copied, "c.docx").await;
    papers.checked().await;
    assert_eq!(
        officer.refused("DecideThesis", verdict(1, "FAILED")).await,
        "THESIS_ATTEMPT_NOT_NEWEST"
    );
    let over = officer.ask("DecideThesis", verdict(2, "FAILED")).await;
    assert_eq!(over["thesis"]["status"], "NOT_CREDITED");
    assert_eq!(officer.refused("OpenThesisAttempt", this()).await, "THESIS_CONCLUDED");
    // The earlier records stay, with their files.
    let seen = papers.seen().await;
    let names: Vec<_> = seen["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| &attempt["file"]["name"])
        .collect();
    assert_eq!(names, ["b.docx", "c.docx"]);
    assert_eq!(seen["attempts"][1]["receipt"]["name"], "чек.png");
    assert_eq!(seen["attempts"][0]["file"]["available"], true);
}

async fn nothing_is_sent_or_decided_out_of_order(config: Config) {
    let papers = Papers::open(&config).await;
    let Papers { campus, officer, student, thesis, .. } = &papers;
    let this = || json!({"thesis": thesis});
    let document = |kind: &str| json!({"thesis": thesis, "kind": kind});
    assert_eq!(student.refused("SendThesisToCheck", this()).await, "THESIS_WORK_MISSING");
    upload(student, thesis, &docx(&paragraphs("own", 0..3)), "a.docx").await;
    let refused = student.user_error("SendThesisToCheck", this()).await;
    assert_eq!(refused["code"], "THESIS_DOCUMENTS_MISSING");
    assert_eq!(refused["facts"], json!([{"name": "missing", "value": "title_page, appendices"}]));
    let page =
        student.send_file("AddThesisDocument", document("TITLE_PAGE"), "1.png", &png()).await;
    let page = page.done()["thesis"]["documents"][0]["files"][0]["id"].clone();
    let second = document("TITLE_PAGE");
    let second = student.send_file("AddThesisDocument", second, "2.png", &png()).await;
    assert_eq!(second.code(), "THESIS_TITLE_PAGE_ONE_FILE");
    let unasked = student.send_file("AddThesisDocument", document("REVIEW"), "2.png", &png()).await;
    assert_eq!(unasked.code(), "THESIS_DOCUMENT_NOT_ASKED");
    let picture = json!({"thesis": thesis, "language": "KAZAKH"});
    let picture = student.send_file("UploadThesisWork", picture, "a.png", &png()).await;
    assert_eq!(picture.code(), "THESIS_WORK_NOT_TEXT");
    let receipt = student.send_file("AttachThesisReceipt", this(), "чек.png", &png()).await;
    assert_eq!(receipt.code(), "THESIS_ATTEMPT_IS_FREE");
    let decide = |attempt: i32| json!({"thesis": thesis, "attempt": attempt, "verdict": "PASSED"});
    assert_eq!(officer.refused("DecideThesis", decide(1)).await, "THESIS_NO_REPORT");
    assert_eq!(officer.refused("DecideThesis", decide(2)).await, "THESIS_ATTEMPT_UNKNOWN");
    let taken_back = json!({"thesis": thesis, "file": page});
    student.ask("RemoveThesisDocument", taken_back.clone()).await;
    assert_eq!(
        student.refused("RemoveThesisDocument", taken_back).await,
        "THESIS_DOCUMENT_UNKNOWN"
    );

    let other = campus.student("Бөтен").await;
    assert_eq!(other.refused("SendThesisToCheck", this()).await, "NOT_YOURS");
    let other_thesis = json!({"thesis": officer.id, "free": 3, "paid": 0});
    assert_eq!(officer.refused("AllowThesisAttempts", other_thesis).await, "THESIS_UNKNOWN");
    let unknown = json!({"studentId": officer.id, "kind": "DIPLOMA", "title": "?"});
    assert_eq!(officer.refused("OpenThesis", json!({"input": unknown})).await, "NOT_FOUND");
    // The same request again hands nothing in twice.
    let keyed = || json!({"thesis": thesis, "kind": "APPENDICES", "key": "once"});
    let first = student.send_file("AddThesisDocument", keyed(), "x.png", &png()).await.done();
    let again = student.send_file("AddThesisDocument", keyed(), "x.png", &png()).await.done();
    assert_eq!(first["thesis"]["documents"][1], again["thesis"]["documents"][1]);
    let other_file = student.send_file("AddThesisDocument", keyed(), "x.pdf", b"%PDF-1.7\n").await;
    assert_eq!(other_file.code(), "IDEMPOTENCY_KEY_REUSED");
}

async fn a_check_that_fails_gives_the_attempt_back(config: Config) {
    let papers = Papers::open(&config).await;
    papers.send(b"%PDF-1.7\nthis is none", "a.pdf").await;
    let attempt = papers.checked().await;
    assert_eq!(
        (&attempt["status"], &attempt["checkFailed"]),
        (&json!("UPLOADED"), &json!("unreadable"))
    );
    assert_eq!(papers.seen().await["attemptsLeft"], json!({"free": 2, "paid": 1}));
    upload_and_send(&papers.student, &papers.thesis, &docx(&[String::new()]), "b.docx").await;
    assert_eq!(papers.checked().await["checkFailed"], "no_text");
    upload_and_send(&papers.student, &papers.thesis, &docx(&paragraphs("own", 0..3)), "c.docx")
        .await;
    let attempt = papers.checked().await;
    assert_eq!((&attempt["number"], &attempt["status"]), (&json!(1), &json!("REPORTED")));
    assert_eq!(attempt["checkFailed"], json!(null));
}

async fn a_thesis_is_read_by_those_it_concerns(config: Config) {
    let papers = Papers::open(&config).await;
    let Papers { campus, officer, student, thesis, .. } = &papers;
    let uploaded = upload(student, thesis, &docx(&paragraphs("own", 0..1)), "a.docx").await;
    let file = uploaded["thesis"]["attempts"][0]["file"]["id"].as_str().unwrap();
    let stranger = campus.student("Бөтен").await;
    let readers = [
        (student, true),
        (officer, true),
        (&campus.teacher, true),
        (&campus.registrar, true),
        (&campus.auditor, true),
        (&stranger, false),
        (&campus.administrator, false),
    ];
    for (reader, may) in readers {
        let seen = reader.send("Thesis", json!({"id": thesis})).await;
        let bytes = reader.file(file).send().await.unwrap();
        if may {
            seen.done();
            assert_eq!(bytes.status(), 200);
        } else {
            assert_eq!(seen.code(), "FORBIDDEN");
            assert_eq!(bytes.status(), 403);
        }
    }
    let nobody = campus.server.nobody().file(file).send().await.unwrap();
    assert_eq!(nobody.status(), 401);
}
