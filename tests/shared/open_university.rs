//! The Open University's records, imported by the program and compared with the CSV: every journal,
//! by GraphQL.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    program,
    server::{Server, account},
};

tests! {
    both { every_journal_is_as_the_csv_says }
}

/// (course, term) -> what the journal has to show.
type Journals = BTreeMap<(String, String), Entry>;

#[derive(Debug, Default, PartialEq)]
struct Entry {
    /// The letter and the word of the final result.
    result: Option<(String, String)>,
    /// (title, category, percent, weight, day), sorted.
    marks: Vec<(String, String, String, String, String)>,
}

async fn every_journal_is_as_the_csv_says(config: Config) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/open-university");
    let expected = read(&folder);
    import(&config, &folder);
    account(&config, "registrar", "registrar");
    let server = Server::start(&config);
    let registrar = server.sign_in("registrar").await;
    let query = "query($id: String!) { students(filter: { externalId: $id }, first: 2) { totalCount \
        nodes { journals { term { title } entries { subject { code } final { grade word } \
        marks { title category percent weight day } } } } } }";
    let (mut marks, mut results) = (0, 0);
    for (student, journals) in &expected {
        let found = registrar.ask(query, json!({"id": student})).await;
        assert_eq!(found["totalCount"], 1, "student {student}");
        let shown = shown(&found["nodes"][0]["journals"]);
        assert_eq!(&shown, journals, "student {student}");
        marks += shown.values().map(|entry| entry.marks.len()).sum::<usize>();
        results += shown.values().filter(|entry| entry.result.is_some()).count();
    }
    drop(server);
    println!("{} students, {marks} marks, {results} final results", expected.len());
    assert_eq!((expected.len(), marks, results), (6_147, 21_458, 6_171));
    audit(&config);
}

fn import(config: &Config, folder: &Path) {
    let own = tempfile::tempdir().unwrap();
    let report = own.path().join("report.json");
    let (folder, file) = (folder.to_str().unwrap(), report.to_str().unwrap());
    let done = program::run(config, &["import", "oneroster", folder, "--report", file]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    println!("imported in {} s", told["seconds"]);
    assert_eq!(told["rejected"], json!([]));
}

fn audit(config: &Config) {
    println!("{}", program::answer(config, &["audit"]));
}

/// What the CSV says, by student.
fn read(folder: &Path) -> HashMap<String, Journals> {
    let rows = |file: &str| -> Vec<HashMap<String, String>> {
        let path: PathBuf = folder.join(file);
        csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
    };
    let by_id = |file: &str| -> HashMap<String, HashMap<String, String>> {
        rows(file).into_iter().map(|row| (row["sourcedId"].clone(), row)).collect()
    };
    let (classes, courses) = (by_id("classes.csv"), by_id("courses.csv"));
    let (terms, lines) = (by_id("academicSessions.csv"), by_id("lineItems.csv"));
    let categories = by_id("categories.csv");
    let place = |class: &str| {
        let class = &classes[class];
        let term = terms[&class["termSourcedIds"]]["title"].clone();
        (courses[&class["courseSourcedId"]]["courseCode"].clone(), term)
    };
    let mut students: HashMap<String, Journals> = HashMap::new();
    for row in rows("enrollments.csv") {
        let journals = students.entry(row["userSourcedId"].clone()).or_default();
        let word = row["metadata.finalResult"].clone();
        let letter = match word.as_str() {
            "Pass" | "Distinction" => "P",
            "Fail" => "NP",
            "Withdrawn" => "W",
            other => panic!("{other}"),
        };
        let entry = journals.entry(place(&row["classSourcedId"])).or_default();
        entry.result = Some((letter.to_owned(), word));
    }
    for row in rows("results.csv") {
        let line = &lines[&row["lineItemSourcedId"]];
        let number = |text: &String| text.parse::<f64>().unwrap();
        let (least, most) = (number(&line["resultValueMin"]), number(&line["resultValueMax"]));
        let percent = (number(&row["score"]) - least) / (most - least) * 100.0;
        let journals = students.get_mut(&row["studentSourcedId"]).unwrap();
        let entry = journals.get_mut(&place(&line["classSourcedId"])).unwrap();
        entry.marks.push((
            line["title"].clone(),
            categories[&line["categorySourcedId"]]["title"].clone(),
            format!("{percent:.2}"),
            format!("{:.2}", number(&line["metadata.weight"])),
            row["scoreDate"].clone(),
        ));
    }
    for entry in students.values_mut().flat_map(BTreeMap::values_mut) {
        entry.marks.sort();
    }
    students
}

/// What the journals show.
fn shown(journals: &Value) -> Journals {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| value.as_f64().map_or_else(String::new, |it| format!("{it:.2}"));
    let mut shown = Journals::new();
    for journal in journals.as_array().unwrap() {
        for entry in journal["entries"].as_array().unwrap() {
            let marks = entry["marks"].as_array().unwrap().iter().map(|mark| {
                let (title, category) = (text(&mark["title"]), text(&mark["category"]));
                let (percent, weight) = (number(&mark["percent"]), number(&mark["weight"]));
                (title, category, percent, weight, text(&mark["day"]))
            });
            let mut marks: Vec<_> = marks.collect();
            marks.sort();
            let last = &entry["final"];
            let result = last.is_object().then(|| (text(&last["grade"]), text(&last["word"])));
            let place = (text(&entry["subject"]["code"]), text(&journal["term"]["title"]));
            shown.insert(place, Entry { result, marks });
        }
    }
    shown
}
