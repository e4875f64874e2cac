//! That acknowledged means on disk: what the server asks of the kernel, as strace sees it.

use std::{collections::HashMap, fs, path::Path};

use oqu::config::Config;
use serde_json::json;

use crate::{
    campus::Campus,
    server::{Server, account, until},
};

tests! { sqlite { the_log_is_synchronised_before_anybody_is_answered } }

const COMMANDS: usize = 10;

/// A kill would not tell: what a process has written outlives it in the kernel, and is lost with the power.
async fn the_log_is_synchronised_before_anybody_is_answered(config: Config) {
    account(&config, "administrator", "admin");
    let trace = config.data.with_file_name("trace");
    // Each call with the paths of its files and all that it writes; strace runs beside the server (-D).
    let calls = "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync";
    let strace = ["strace", "-D", "-f", "-y", "-s", "8192", "-e", calls, "-o"];
    let strace: Vec<_> = strace.into_iter().chain(trace.to_str()).collect();
    let mut campus = Campus::on(Server::under(&config, &[], &strace)).await;
    let codes: Vec<_> = (0..COMMANDS).map(|number| format!("SYNCED-{number:03}-")).collect();
    for code in &codes {
        let input = json!({"code": code, "title": "Талдау", "credits": 5});
        campus.registrar.ask("CreateSubject", json!({"input": input})).await;
    }
    campus.server.kill();
    // strace writes its end down when the server is gone.
    until("strace has ended", async || read(&trace).contains("killed by SIGKILL")).await;

    let trace = read(&trace);
    let calls: Vec<_> = calls_of(&trace);
    for code in &codes {
        must_be_synchronised(&calls, code);
    }
}

fn read(trace: &Path) -> String {
    String::from_utf8_lossy(&fs::read(trace).unwrap_or_default()).into_owned()
}

/// A call of the kernel: where it began and where it ended among all lines.
struct Call<'t> {
    began: usize,
    ended: usize,
    /// From its name on, as it began.
    said: &'t str,
    returned: &'t str,
}

/// The calls of all threads. A line is `THREAD name(...) = result`; where another thread came in between it
/// is two, `THREAD name(... <unfinished ...>` and `THREAD <... name resumed>...) = result`.
fn calls_of(trace: &str) -> Vec<Call<'_>> {
    let mut calls: Vec<Call> = vec![];
    let mut unfinished = HashMap::new();
    for (place, line) in trace.lines().enumerate() {
        let Some((thread, said)) = line.split_once(' ') else { continue };
        let said = said.trim_start();
        let returned = said.rsplit_once(" = ").map_or("", |(_, returned)| returned);
        if said.ends_with("<unfinished ...>") {
            unfinished.insert(thread, calls.len());
            calls.push(Call { began: place, ended: usize::MAX, said, returned: "" });
        } else if said.starts_with("<... ") {
            if let Some(call) = unfinished.remove(thread) {
                calls[call].ended = place;
                calls[call].returned = returned;
            }
        } else {
            calls.push(Call { began: place, ended: place, said, returned });
        }
    }
    calls
}

impl Call<'_> {
    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| {
            self.said.strip_prefix(name).is_some_and(|arguments| arguments.starts_with('('))
        })
    }

    /// Whether its file is the database's write-ahead log.
    fn is_of_the_wal(&self) -> bool {
        let file = self.said.split(['<', '>']).nth(1);
        file.is_some_and(|path| path.ends_with("/oqu.db-wal"))
    }
}

/// The first write of the code into the write-ahead log is the commit of its event; an `fsync` of that file
/// began behind it and had succeeded when the answer with the command's position was begun.
fn must_be_synchronised(calls: &[Call<'_>], code: &str) {
    let writes = ["write", "writev", "pwrite64", "pwritev"];
    let of_the_event =
        |call: &&Call| call.is(&writes) && call.is_of_the_wal() && call.said.contains(code);
    let written = calls.iter().find(of_the_event).unwrap_or_else(|| panic!("{code} not written"));
    let is_answer = |call: &&Call| {
        let sends = call.is(&["sendto", "sendmsg", "write", "writev"]);
        sends && call.said.contains("HTTP/1.1 200") && call.began > written.ended
    };
    let answered = calls.iter().find(is_answer).unwrap_or_else(|| panic!("{code} not answered"));
    let synchronised = calls.iter().any(|call| {
        call.is(&["fsync", "fdatasync"])
            && call.is_of_the_wal()
            && call.returned == "0"
            && written.ended < call.began
            && call.ended < answered.began
    });
    assert!(synchronised, "{code} was acknowledged before it was on disk");
}
