//! Documents are read as they were written, and broken ones are refused.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use documents::{docx, pdf, write_docx};

fn paragraphs() -> Vec<String> {
    let paragraph = |number| {
        let words: Vec<_> = (0..120).map(|word| format!("word{}", number * 1_000 + word)).collect();
        words.join(" ")
    };
    (1..=40).map(paragraph).collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn a_docx_is_read() {
    let written = paragraphs();
    let read = docx(&write_docx(&written).unwrap()).unwrap();
    assert_eq!(read.text.lines().collect::<Vec<_>>(), written);
    assert_eq!(read.pages, None);
}

#[test]
fn what_xml_escapes_is_read() {
    let written = vec!["Әлем & \"қоғам\" <1>".to_owned()];
    assert_eq!(docx(&write_docx(&written).unwrap()).unwrap().text, "Әлем & \"қоғам\" <1>\n");
}

#[test]
fn a_pdf_is_read_and_its_pages_counted() {
    let written = paragraphs();
    let read = pdf(&papers::pdf(&written)).unwrap();
    assert_eq!(words(&read.text), words(&written.join("\n")));
    assert_eq!(read.pages, Some(11));
}

#[test]
fn what_is_cut_off_is_refused() {
    let written = write_docx(&paragraphs()).unwrap();
    docx(&written[..written.len() / 2]).unwrap_err();
    docx(b"PK\x03\x04").unwrap_err();
    pdf(b"%PDF-1.7").unwrap_err();
}
