//! Reading a work in a process of its own, with limits on memory and time: what people upload may be
//! broken, huge or hostile, and must not take the server with it.

use std::{
    io::{Read, Write},
    process::Stdio,
    time::Duration,
};

use aggregates::shared::FileKind;
use documents::Plain;
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};
use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use super::CheckError;

/// How long the process may take in all.
const MOST_TIME: Duration = Duration::from_secs(120);
/// How many seconds it may compute.
const MOST_SECONDS: u64 = 60;
/// How many bytes of memory it may ask for.
const MOST_MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// What was read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Extracted {
    /// The text.
    pub text: String,
    /// How many pages there are, where the format says so.
    pub pages: Option<u32>,
}

/// The text of a work.
pub(super) async fn extract(kind: FileKind, bytes: &[u8]) -> Result<Extracted, CheckError> {
    let program = std::env::current_exe().map_err(CheckError::OutOfOrder)?;
    let mut child = Command::new(program)
        .args(["text", kind.name()])
        // It needs nothing of the server's settings and secrets.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(CheckError::OutOfOrder)?;
    let input = child.stdin.take();
    let fed = async move {
        if let Some(mut input) = input {
            // A process that stops before it has read all says why itself.
            let _ = input.write_all(bytes).await;
        }
    };
    let done = async { tokio::join!(fed, child.wait_with_output()).1 };
    let output = timeout(MOST_TIME, done)
        .await
        .map_err(|_| CheckError::TooSlow)?
        .map_err(CheckError::OutOfOrder)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or("it was stopped").chars().take(300).collect();
        return Err(CheckError::Unreadable(last));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| CheckError::Unreadable(error.to_string()))
}

/// The other side: reads a document from standard input and writes what it says as JSON.
pub fn read_standard_input(kind: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, limit(MOST_MEMORY))?;
    setrlimit(Resource::Cpu, limit(MOST_SECONDS))?;
    setrlimit(Resource::Core, limit(0))?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let Plain { text, pages } = match kind {
        "pdf" => documents::pdf(&bytes)?,
        "docx" => documents::docx(&bytes)?,
        other => return Err(format!("no text is read from `{other}`").into()),
    };
    let told = serde_json::to_vec(&Extracted { text, pages })?;
    std::io::stdout().lock().write_all(&told)?;
    Ok(())
}
