//! A student with a thesis, and works to hand in.

use std::time::Duration;

use documents::write_docx;
use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, person},
    server::{Client, text},
};

/// A campus with an officer for theses, a student, and the student's thesis.
pub struct Papers {
    pub campus: Campus,
    pub officer: Client,
    pub student: Client,
    pub thesis: String,
}

impl Papers {
    pub async fn open(config: &Config) -> Self {
        Self::with(config, &[]).await
    }

    pub async fn with(config: &Config, settings: &[(&str, &str)]) -> Self {
        let campus = Campus::with(config, settings).await;
        let officer = person(&campus.administrator, "Сарапшы", &["ANTIPLAGIAT_OFFICER"]).await;
        let student = campus.student("Қанатов").await;
        let thesis = thesis(&campus, &officer, &student).await;
        Self { campus, officer, student, thesis }
    }

    /// The thesis as its student sees it.
    pub async fn seen(&self) -> Value {
        self.student.ask("Thesis", json!({"id": self.thesis})).await
    }

    /// Hands in all documents and a work, and sends it.
    pub async fn send(&self, work: &[u8], name: &str) {
        hand_in_documents(&self.student, &self.thesis).await;
        upload_and_send(&self.student, &self.thesis, work, name).await;
    }

    /// The newest attempt once its check is done.
    pub async fn checked(&self) -> Value {
        checked(&self.student, &self.thesis).await
    }
}

/// A thesis of a student, guided by the teacher.
pub async fn thesis(campus: &Campus, officer: &Client, student: &Client) -> String {
    let input = json!({
        "studentId": student.id, "kind": "DIPLOMA", "title": "Графтар теориясы",
        "supervisorId": campus.teacher.id,
    });
    text(&officer.ask("OpenThesis", json!({"input": input})).await["thesis"]["id"])
}

pub async fn hand_in_documents(student: &Client, thesis: &str) {
    for kind in ["TITLE_PAGE", "APPENDICES"] {
        let variables = json!({"thesis": thesis, "kind": kind});
        let file = png();
        student.send_file("AddThesisDocument", variables, "бет.png", &file).await.done();
    }
}

pub async fn upload_and_send(student: &Client, thesis: &str, work: &[u8], name: &str) {
    upload(student, thesis, work, name).await;
    student.ask("SendThesisToCheck", json!({"thesis": thesis})).await;
}

pub async fn upload(student: &Client, thesis: &str, work: &[u8], name: &str) -> Value {
    let variables = json!({"thesis": thesis, "language": "ENGLISH"});
    student.send_file("UploadThesisWork", variables, name, work).await.done()
}

/// The newest attempt once its check is done.
pub async fn checked(student: &Client, thesis: &str) -> Value {
    for _ in 0..600 {
        let seen = student.ask("Thesis", json!({"id": thesis})).await;
        let newest = seen["attempts"].as_array().and_then(|attempts| attempts.last()).cloned();
        let newest = newest.unwrap_or_default();
        if newest["status"] != "SENT" {
            return newest;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the check does not come to an end");
}

/// So many paragraphs of some hundred words, each of words of its own.
pub fn paragraphs(of: &str, numbers: std::ops::Range<usize>) -> Vec<String> {
    let paragraph = |number| {
        let words: Vec<_> =
            (0..100).map(|word| format!("{of}{number}x{}", word * 7 % 61)).collect();
        words.join(" ")
    };
    numbers.map(paragraph).collect()
}

pub fn docx(paragraphs: &[String]) -> Vec<u8> {
    write_docx(paragraphs).unwrap()
}

/// The smallest picture.
pub fn png() -> Vec<u8> {
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    picture.extend_from_slice(b"\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde");
    picture
}
