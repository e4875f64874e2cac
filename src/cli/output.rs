//! Answers, on standard output; how far something is, on standard error.

use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle, style::TemplateError};

/// Prints an answer, and says whether anybody still reads: a closed pipe (`| head`) is no error.
pub(super) fn print(answer: &str) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(answer.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// A bar on standard error, and only where that is a terminal.
pub(super) fn bar(template: &str) -> Result<ProgressBar, TemplateError> {
    Ok(ProgressBar::new(0).with_style(ProgressStyle::with_template(template)?))
}

/// Shows what is under way, and how far it is.
pub(super) fn show(bar: &ProgressBar, what: &'static str, done: u64, of: u64) {
    bar.set_message(what);
    bar.set_length(of);
    bar.set_position(done);
}
