//! Accounts and sessions (manual section 1).

use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;
use oqu::config::Config;
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    campus::{Campus, person},
    server::{PASSWORD, text},
};

tests! { both {
    a_session_holds_until_it_is_ended,
    another_password_ends_all_sessions,
    a_one_time_access_is_good_for_one_time,
    an_applicant_becomes_a_student_in_the_same_account,
    a_closed_account_lets_nobody_in,
    commands_are_answered_while_passwords_wait_to_be_hashed,
} }

async fn commands_are_answered_while_passwords_wait_to_be_hashed(config: Config) {
    // As many as take a while wherever it runs: so many are hashed at once.
    let crowd = 20 * std::thread::available_parallelism().map_or(2, usize::from);
    let campus = Campus::open(&config).await;
    campus.student("Қанатов").await;
    let (answered, first) = (AtomicUsize::new(0), Notify::new());
    let signing_in = (0..crowd).map(async |_| {
        campus.server.sign_in("қанатов").await;
        answered.fetch_add(1, Ordering::Relaxed);
        first.notify_one();
    });
    let commands = async {
        first.notified().await;
        campus.subject("MATH1", 5, &[]).await;
        answered.load(Ordering::Relaxed)
    };
    let (_, by_then) = futures::future::join(join_all(signing_in), commands).await;
    assert!(by_then < crowd / 2, "{by_then} of {crowd} who had come before were answered first");
}

async fn a_session_holds_until_it_is_ended(config: Config) {
    let campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    let me = student.ask("Me", json!({})).await;
    let programme = &me["student"]["programme"]["id"];
    assert_eq!(
        me,
        json!({
            "id": student.id,
            "displayName": "Қанатов Ерлан",
            "roles": ["STUDENT"],
            "student": {
                "id": student.id,
                "status": "STUDYING",
                "yearOfStudy": 1,
                "programme": {"id": programme, "title": "Информатика"},
                "advisor": {"displayName": "Әбенова Айгүл"},
            },
        })
    );
    let elsewhere = campus.server.sign_in("қанатов").await;
    assert_eq!(student.ask("SignOut", json!({})).await["signedOut"], true);
    assert_eq!(student.refused("Me", json!({})).await, "UNAUTHENTICATED");
    assert_eq!(elsewhere.ask("Me", json!({})).await["id"], student.id);
}

async fn another_password_ends_all_sessions(config: Config) {
    let campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    let change = json!({"current": PASSWORD, "new": "battery staple"});
    let changed = student.ask("ChangePassword", change.clone()).await;
    assert_eq!(student.refused("Me", json!({})).await, "UNAUTHENTICATED");
    let renewed = student.with_session(&changed["session"]);
    assert_eq!(renewed.ask("Me", json!({})).await["id"], student.id);
    assert_eq!(renewed.refused("ChangePassword", change).await, "PASSWORD_WRONG");
    let short = json!({"current": "battery staple", "new": "1234567"});
    assert_eq!(renewed.refused("ChangePassword", short).await, "PASSWORD_TOO_SHORT");
}

async fn a_one_time_access_is_good_for_one_time(config: Config) {
    let campus = Campus::open(&config).await;
    let people = json!([{"personId": campus.advisor.id}, {"personId": campus.teacher.id}]);
    let issue = json!({"input": {"people": people, "idempotencyKey": "once"}});
    let issued = campus.registrar.ask("IssueAccess", issue.clone()).await;
    let logins: Vec<_> = [0, 1].map(|place| text(&issued["accesses"][place]["login"])).into();
    assert_eq!(logins, ["әбенова", "тілеуов"]);
    // The codes are seen once only: asked again, nothing is issued that would not hold.
    let again = campus.registrar.ask("IssueAccess", issue).await;
    assert_eq!(again["position"], issued["position"]);
    assert_eq!(again["accesses"], json!(null));

    let nobody = campus.server.nobody();
    let redeem = json!({"code": issued["accesses"][0]["code"], "password": PASSWORD});
    let redeemed = nobody.ask("RedeemAccess", redeem.clone()).await;
    assert_eq!(redeemed["session"]["person"]["id"], campus.advisor.id);
    assert_eq!(redeemed["session"]["person"]["roles"], json!(["ADVISOR"]));
    assert_eq!(nobody.refused("RedeemAccess", redeem).await, "ACCESS_INVALID");
    let wrong = json!({"code": "guessed", "password": PASSWORD});
    assert_eq!(nobody.refused("RedeemAccess", wrong).await, "ACCESS_INVALID");
}

async fn an_applicant_becomes_a_student_in_the_same_account(config: Config) {
    let campus = Campus::open(&config).await;
    let applicant = person(&campus.registrar, "Серікқызы", &["APPLICANT"]).await;
    let before = applicant.ask("Me", json!({})).await;
    assert_eq!(before["roles"], json!(["APPLICANT"]));
    assert_eq!(before["student"]["status"], "APPLICANT");
    let input = json!({
        "personId": applicant.id, "programmeCode": "6B06101", "programmeTitle": "Информатика",
        "yearOfStudy": 2,
    });
    campus.registrar.ask("AdmitStudent", json!({"input": input})).await;
    let after = applicant.ask("Me", json!({})).await;
    assert_eq!(after["student"]["id"], applicant.id);
    assert_eq!(after["student"]["status"], "STUDYING");
    assert_eq!(after["student"]["yearOfStudy"], 2);
    let again = campus.registrar.refused("AdmitStudent", json!({"input": input})).await;
    assert_eq!(again, "STUDENT_STATUS_FORBIDS");
}

async fn a_closed_account_lets_nobody_in(config: Config) {
    let campus = Campus::open(&config).await;
    let teacher = campus.teacher.clone();
    let issue = json!({"input": {"people": [{"personId": teacher.id}]}});
    let issued = campus.registrar.ask("IssueAccess", issue.clone()).await;
    campus.administrator.ask("CloseAccount", json!({"person": teacher.id})).await;
    assert_eq!(teacher.refused("Me", json!({})).await, "UNAUTHENTICATED");
    let nobody = campus.server.nobody();
    let right = json!({"login": "тілеуов", "password": PASSWORD});
    assert_eq!(nobody.refused("SignIn", right).await, "SIGN_IN_FAILED");
    let redeem = json!({"code": issued["accesses"][0]["code"], "password": PASSWORD});
    assert_eq!(nobody.refused("RedeemAccess", redeem).await, "ACCESS_INVALID");
    assert_eq!(campus.registrar.refused("IssueAccess", issue).await, "ACCOUNT_CLOSED");
}
