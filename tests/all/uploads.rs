//! Files over HTTP: nasty uploads leave nothing behind, downloads come whole and in parts.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use futures::stream;
use oqu::{config::Config, database::Database};
use reqwest::{Body, header, multipart::Part};
use serde_json::{Value, json};

use crate::{
    common::count,
    papers::{Papers, docx, paragraphs, png, upload},
    program::answer,
    server::{self, Client, Server, operation, text, until},
};

tests! { both {
    nasty_files_are_refused_and_leave_nothing,
    a_file_that_breaks_off_leaves_nothing,
    requests_with_files_are_read_by_their_specification,
    files_come_back_whole_and_in_parts,
    a_file_is_handed_in_once,
    a_file_that_is_gone_is_said_to_be_gone,
    what_nobody_claimed_is_swept_away,
    an_upload_that_a_kill_breaks_off_is_swept_away,
    files_of_an_erased_person_are_gone,
} }

/// Where the files of a test lie: those of a bucket below the folder that its server keeps it in.
fn folder(config: &Config) -> PathBuf {
    match &config.files {
        None => config.data.join("files"),
        Some(url) if url.scheme() == "file" => url.to_file_path().unwrap(),
        Some(url) => Path::new(&env::var("TEST_FILES_FOLDER").unwrap()).join(&url.path()[1..]),
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let below = |entry: fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => files(&entry.path()),
        _ => vec![entry.path()],
    };
    entries.flat_map(below).collect()
}

async fn head(auditor: &Client) -> Value {
    auditor.ask("{ log { position } }", json!({})).await["position"].clone()
}

async fn rows(config: &Config) -> i64 {
    let (database, _lock) = config.location().open().await.unwrap();
    count(&database, "files").await
}

/// What hands a document in as the appendices.
fn appendix(papers: &Papers) -> Value {
    json!({"thesis": papers.thesis, "kind": "APPENDICES"})
}

async fn nasty_files_are_refused_and_leave_nothing(config: Config) {
    let mut papers = Papers::with(&config, &[("OQU_MAX_FILE_BYTES", "100000")]).await;
    let before = head(&papers.campus.auditor).await;
    let long = format!("{}.png", "ұ".repeat(148));
    assert_eq!(long.len(), 300);
    let pdf = [b"%PDF-1.7\n".as_slice(), &[b' '; 100_000]].concat();
    let picture = png();
    let archive = [b"PK\x03\x04".as_slice(), &[0; 100]].concat();
    let nasty: [(&str, &[u8], &str); 11] = [
        ("a.pdf", b"", "FILE_EMPTY"),
        ("a.pdf", &pdf, "FILE_TOO_LARGE"),
        ("a.pdf", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", "FILE_KIND_NOT_TAKEN"),
        ("a.pdf", b"<script>alert(1)</script>", "FILE_KIND_NOT_TAKEN"),
        ("a.docx", &archive, "FILE_KIND_NOT_TAKEN"),
        ("../../a.png", &picture, "FILE_NAME_UNSAFE"),
        ("..\\a.png", &picture, "FILE_NAME_UNSAFE"),
        ("..", &picture, "FILE_NAME_UNSAFE"),
        // What is shown as `aexe.png` and what is not shown at all.
        ("a\u{202e}gnp.exe", &picture, "FILE_NAME_UNSAFE"),
        ("a\u{200b}.png", &picture, "FILE_NAME_UNSAFE"),
        (&long, &picture, "FILE_NAME_TOO_LONG"),
    ];
    for (name, bytes, code) in nasty {
        let sent =
            papers.student.send_file("AddThesisDocument", appendix(&papers), name, bytes).await;
        assert_eq!(sent.code(), code, "{name}");
        assert!(!text(&sent.root()["userErrors"][0]["message"]).is_empty());
    }
    // Refused by a rule and not for itself, a file leaves nothing either.
    let review = json!({"thesis": papers.thesis, "kind": "REVIEW"});
    let refused = papers.student.send_file("AddThesisDocument", review, "a.png", &picture).await;
    assert_eq!(refused.code(), "THESIS_DOCUMENT_NOT_ASKED");
    assert_eq!(head(&papers.campus.auditor).await, before, "no event");
    papers.campus.server.kill();
    assert_eq!(files(&folder(&config)), Vec::<PathBuf>::new());
    assert_eq!(rows(&config).await, 0);
}

async fn a_file_that_breaks_off_leaves_nothing(config: Config) {
    let mut papers = Papers::with(&config, &[("OQU_UPLOAD_SECONDS", "2")]).await;
    let before = head(&papers.campus.auditor).await;
    // A connection cut in the middle.
    let half = stream::iter([Ok(vec![b'x'; 200_000]), Err(std::io::Error::other("cut"))]);
    let half = Part::stream(Body::wrap_stream(half)).file_name("a.pdf");
    papers.student.upload("AddThesisDocument", appendix(&papers), half).send().await.unwrap_err();
    // One that sends nothing more.
    let first = stream::once(async { Ok::<_, std::io::Error>(b"%PDF-1.7\n".to_vec()) });
    let endless = futures::StreamExt::chain(first, stream::pending());
    let endless = Part::stream(Body::wrap_stream(endless)).file_name("a.pdf");
    let slow = papers.student.upload("AddThesisDocument", appendix(&papers), endless);
    let slow = server::answer(slow).await.unwrap();
    assert_eq!(slow.code(), "UPLOAD_TOO_SLOW");
    assert_eq!(head(&papers.campus.auditor).await, before, "no event");
    let folder = folder(&config);
    until("nothing is left", async || files(&folder).is_empty()).await;
    papers.campus.server.kill();
    assert_eq!(files(&folder), Vec::<PathBuf>::new());
    assert_eq!(rows(&config).await, 0);
}

async fn requests_with_files_are_read_by_their_specification(config: Config) {
    let papers = Papers::open(&config).await;
    let url = papers.campus.server.url().to_owned();
    let token = papers.student.token.clone().unwrap();
    let http = reqwest::Client::new();
    let operations = json!({
        "query": operation("AddThesisDocument"),
        "variables": {"thesis": papers.thesis, "kind": "APPENDICES", "file": null},
    });
    let form = |operations: &str, map: &str, name: &'static str| {
        let file = Part::bytes(png()).file_name("a.png");
        reqwest::multipart::Form::new()
            .text("operations", operations.to_owned())
            .text("map", map.to_owned())
            .part(name, file)
    };
    let post =
        |form| http.post(&url).bearer_auth(&token).header("GraphQL-Preflight", "1").multipart(form);
    let code = async |request| server::answer(request).await.unwrap().code();
    let operations = operations.to_string();
    let map = r#"{"0": ["variables.file"]}"#;

    let unasked = http.post(&url).bearer_auth(&token).multipart(form(&operations, map, "0"));
    assert_eq!(code(unasked).await, "PREFLIGHT_MISSING");
    let unsigned =
        http.post(&url).header("GraphQL-Preflight", "1").multipart(form(&operations, map, "0"));
    assert_eq!(code(unsigned).await, "UNAUTHENTICATED");
    for (operations, map, name) in [
        ("[1, 2]", map, "0"),
        ("no JSON", map, "0"),
        (&operations, "[]", "0"),
        (&operations, map, "1"),
        (&operations, r#"{"0": ["query"]}"#, "0"),
        (&operations, r#"{"0": ["variables.kind"]}"#, "0"),
        (&operations, r#"{"0": ["variables.file.deep"]}"#, "0"),
    ] {
        assert_eq!(
            code(post(form(operations, map, name))).await,
            "BODY_NOT_GRAPHQL",
            "{map} {name}"
        );
    }
    // What never runs leaves no file either.
    let missing = json!({
        "query": operation("AddThesisDocument"), "variables": {"kind": "APPENDICES", "file": null},
    });
    let unread = json!({"query": "{", "variables": {"file": null}});
    for (never_ran, told) in [(missing, "BAD_INPUT"), (unread, "BAD_QUERY")] {
        assert_eq!(code(post(form(&never_ran.to_string(), map, "0"))).await, told);
    }
    // A name made up in place of a file is no file.
    let made_up = json!({"thesis": papers.thesis, "kind": "APPENDICES", "file": "0:abc"});
    assert_eq!(papers.student.refused("AddThesisDocument", made_up).await, "FILE_NOT_SENT");
    server::answer(post(form(&operations, map, "0"))).await.unwrap().done();
    assert_eq!(files(&folder(&config)).len(), 1);
}

/// A document of the student's: its id and what the server says of it.
async fn document(papers: &Papers, name: &str, bytes: &[u8]) -> (String, Value) {
    let sent =
        papers.student.send_file("AddThesisDocument", appendix(papers), name, bytes).await.done();
    let file = sent["thesis"]["documents"][1]["files"][0].clone();
    (text(&file["id"]), file)
}

async fn files_come_back_whole_and_in_parts(config: Config) {
    let papers = Papers::open(&config).await;
    let name = "Қосымша \"1\"; a=b.png";
    let bytes = [png(), (0..200_000_u32).map(|n| n as u8).collect()].concat();
    let (id, known) = document(&papers, name, &bytes).await;
    assert_eq!((&known["name"], &known["size"]), (&json!(name), &json!(bytes.len())));
    assert_eq!(known["path"], json!(format!("/files/{id}")));
    let get = |range: Option<&str>| {
        let request = papers.student.file(&id);
        match range {
            Some(range) => request.header(header::RANGE, range),
            None => request,
        }
    };
    let whole = get(None).send().await.unwrap();
    assert_eq!(whole.status(), 200);
    let headers = whole.headers().clone();
    let says = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(says("content-type"), "image/png");
    assert_eq!(says("content-length"), bytes.len().to_string());
    assert_eq!(says("etag"), format!("\"{}\"", known["sha256"].as_str().unwrap()));
    assert_eq!(says("x-content-type-options"), "nosniff");
    assert!(
        says("content-disposition").starts_with("attachment; filename=\"_______ _1__ a_b.png\"")
    );
    assert!(says("content-disposition").contains("filename*=UTF-8''%D2%9A%D0%BE"));
    assert_eq!(whole.bytes().await.unwrap(), bytes);

    for (range, part) in [
        ("bytes=0-9", &bytes[..10]),
        ("bytes=100-", &bytes[100..]),
        ("bytes=-7", &bytes[bytes.len() - 7..]),
        ("bytes=199990-999999999", &bytes[199_990..]),
    ] {
        let got = get(Some(range)).send().await.unwrap();
        assert_eq!(got.status(), 206, "{range}");
        assert_eq!(got.headers()["content-length"], part.len().to_string().as_str());
        assert_eq!(got.bytes().await.unwrap(), part, "{range}");
    }
    let beyond = get(Some("bytes=999999-")).send().await.unwrap();
    assert_eq!(beyond.status(), 416);
    assert_eq!(beyond.headers()["content-range"], format!("bytes */{}", bytes.len()).as_str());
    for range in ["bytes=5-1", "lines=1-2", "nonsense"] {
        let got = get(Some(range)).send().await.unwrap();
        assert!([200, 416].contains(&got.status().as_u16()), "{range}: {}", got.status());
    }
    // Whoever has these bytes is told so, and gets none.
    let etag = says("etag");
    for (known, status) in [(etag.as_str(), 304), ("\"other\", W/\"x\"", 200), ("*", 304)] {
        let got = get(None).header(header::IF_NONE_MATCH, known).send().await.unwrap();
        assert_eq!((got.status().as_u16(), &got.headers()["etag"]), (status, &headers["etag"]));
        assert_eq!(got.bytes().await.unwrap().is_empty(), status == 304);
    }
    let stale = get(Some("bytes=0-9")).header(header::IF_RANGE, "\"other\"").send().await.unwrap();
    assert_eq!(stale.status(), 200);
    let unknown = papers.student.file(&papers.thesis).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
    assert_eq!(papers.student.file("..%2Foqu.db").send().await.unwrap().status(), 404);
}

/// The specification lets one file stand in several places; a record takes it once.
async fn a_file_is_handed_in_once(config: Config) {
    let papers = Papers::open(&config).await;
    let query = "mutation($thesis: ID!, $a: Upload!, $b: Upload!) {
        first: addThesisDocument(input: {thesisId: $thesis, kind: APPENDICES, file: $a}) {
            userErrors { code } }
        second: addThesisDocument(input: {thesisId: $thesis, kind: APPENDICES, file: $b}) {
            userErrors { code field } } }";
    let operations = json!({
        "query": query,
        "variables": {"thesis": papers.thesis, "a": null, "b": null},
    });
    let form = reqwest::multipart::Form::new()
        .text("operations", operations.to_string())
        .text("map", json!({"0": ["variables.a", "variables.b"]}).to_string())
        .part("0", Part::bytes(png()).file_name("a.png"));
    let request = reqwest::Client::new()
        .post(papers.campus.server.url())
        .header("GraphQL-Preflight", "1")
        .bearer_auth(papers.student.token.clone().unwrap())
        .multipart(form);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["first"], json!({"userErrors": []}), "{answer}");
    let used = json!({"userErrors": [{"code": "FILE_USED", "field": ["file"]}]});
    assert_eq!(answer["data"]["second"], used);
    let seen = papers.seen().await;
    assert_eq!(seen["documents"][1]["files"].as_array().map(Vec::len), Some(1), "{seen}");
}

async fn a_file_that_is_gone_is_said_to_be_gone(config: Config) {
    let papers = Papers::open(&config).await;
    let (id, _) = document(&papers, "a.png", &png()).await;
    let work =
        upload(&papers.student, &papers.thesis, &docx(&paragraphs("own", 0..2)), "a.docx").await;
    assert_eq!(work["thesis"]["attempts"][0]["status"], "UPLOADED");
    for file in files(&folder(&config)) {
        fs::remove_file(file).unwrap();
    }
    let seen = papers.seen().await;
    assert_eq!(seen["documents"][1]["files"][0]["available"], false);
    assert_eq!(seen["attempts"][0]["file"]["available"], false);
    let gone = papers.student.file(&id).send().await.unwrap();
    assert_eq!(gone.status(), 410);
    let body: Value = gone.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "FILE_GONE");
    // Sent all the same, the attempt comes back.
    let title = json!({"thesis": papers.thesis, "kind": "TITLE_PAGE"});
    papers.student.send_file("AddThesisDocument", title, "b.png", &png()).await.done();
    papers.student.ask("SendThesisToCheck", json!({"thesis": papers.thesis})).await;
    let attempt = papers.checked().await;
    assert_eq!(
        (&attempt["status"], &attempt["checkFailed"]),
        (&json!("UPLOADED"), &json!("file_missing"))
    );
}

async fn what_nobody_claimed_is_swept_away(config: Config) {
    let mut papers = Papers::open(&config).await;
    let (id, _) = document(&papers, "a.png", &png()).await;
    papers.campus.server.kill();
    // As a server leaves it that is killed between the upload and the command.
    let (database, lock) = config.location().open().await.unwrap();
    let unclaimed = "UPDATE files SET state = 'received' WHERE id = $1";
    assert_eq!(database.execute(unclaimed, &[id.into()]).await.unwrap(), 1);
    close(database).await;
    drop(lock);
    let kept = Server::start(&config);
    assert_eq!(files(&folder(&config)).len(), 1, "not at once");
    drop(kept);
    sweep(&config).await;
}

/// Has a server sweep that keeps unclaimed files no time, and sees that nothing is left.
async fn sweep(config: &Config) {
    let server = Server::with(config, &[("OQU_UNCLAIMED_MINUTES", "0")]);
    until("it sweeps", async || server.log().contains("swept away")).await;
    drop(server);
    assert_eq!(files(&folder(config)), Vec::<PathBuf>::new());
    assert_eq!(rows(config).await, 0);
}

async fn an_upload_that_a_kill_breaks_off_is_swept_away(config: Config) {
    let mut papers = Papers::open(&config).await;
    let before = head(&papers.campus.auditor).await;
    // Enough for parts of it to be on disk, and no end.
    let first = stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 1_000_000]));
    let first = futures::StreamExt::take(first, 20);
    let endless = futures::StreamExt::chain(first, stream::pending());
    let endless = Part::stream(Body::wrap_stream(endless)).file_name("a.pdf");
    let uploading = papers.student.upload("AddThesisDocument", appendix(&papers), endless);
    let uploading = tokio::spawn(uploading.send());
    let size = |path: &PathBuf| fs::metadata(path).map_or(0, |data| data.len());
    let on_disk = || files(&folder(&config)).iter().map(size).sum::<u64>();
    until("parts of it are on disk", async || on_disk() > 5_000_000).await;
    papers.campus.server.kill();
    uploading.await.unwrap().unwrap_err();
    assert_eq!(files(&folder(&config)).len(), 1, "half a file");
    assert_eq!(rows(&config).await, 1);
    sweep(&config).await;
    let server = Server::start(&config);
    let auditor = papers.campus.auditor.at(server.url());
    assert_eq!(head(&auditor).await, before, "no event");
    drop(server);
    answer(&config, &["audit"]);
}

async fn files_of_an_erased_person_are_gone(config: Config) {
    let mut papers = Papers::open(&config).await;
    papers.send(&docx(&paragraphs("own", 0..5)), "Қанатов.docx").await;
    papers.checked().await;
    let student = papers.student.id.clone();
    papers.campus.server.kill();
    assert!(answer(&config, &["replay"]).contains("Қанатов"));
    answer(&config, &["audit"]);
    let kept: Vec<_> = files(&folder(&config))
        .into_iter()
        .map(|name| (name.clone(), fs::read(name).unwrap()))
        .collect();
    let said = answer(&config, &["person", "erase", &student, "--reason", "№ 17"]);
    assert!(said.contains("files deleted: 3"), "{said}");
    answer(&config, &["audit"]);
    assert_eq!(files(&folder(&config)), Vec::<PathBuf>::new());
    assert_eq!(rows(&config).await, 0);
    // A store that comes back from a backup, without the rows of the database, is swept again.
    for (name, bytes) in &kept {
        fs::create_dir_all(name.parent().unwrap()).unwrap();
        fs::write(name, bytes).unwrap();
    }
    let mut server = Server::start(&config);
    until("the files are gone again", async || files(&folder(&config)).is_empty()).await;
    server.kill();
    let (database, lock) = config.location().open().await.unwrap();
    assert_eq!(count(&database, "fingerprints").await, 0);
    close(database).await;
    drop(lock);
    let server = Server::start(&config);
    let officer: Client = papers.officer.at(server.url());
    let seen = officer.ask("Thesis", json!({"id": papers.thesis})).await;
    assert_eq!(seen["student"]["displayName"], "erased person");
    let file = &seen["attempts"][0]["file"];
    assert_eq!((&file["name"], &file["available"]), (&json!("erased person"), &json!(false)));
}

async fn close(database: Database) {
    match database {
        Database::Postgres(pool) => pool.close().await,
        Database::Sqlite { read, write } => {
            read.close().await;
            write.close().await;
        }
    }
}
