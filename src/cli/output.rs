//! Answers, on standard output.

use std::io::{self, Write};

/// Prints an answer, and says whether anybody still reads: a closed pipe (`| head`) is no error.
pub(super) fn print(answer: &str) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(answer.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}
