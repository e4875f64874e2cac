//! Which line of a file each row begins on, whatever line ends, blank lines and quoted newlines lie
//! between; and the end of a row whose quote is never closed.

use std::{
    collections::VecDeque,
    io::{self, Read},
};

/// The most bytes of a row: behind that, a quote was not closed.
pub(super) const MAX_ROW_BYTES: u64 = 256 * 1024;

/// The first byte of a line that is not blank.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineStart {
    /// Where, from where reading began.
    pub offset: u64,
    /// Which line, from 1.
    pub line: u64,
    /// How many quotes came before it.
    quotes: u64,
}

/// A row as it lay in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// The line it begins on.
    pub first: LineStart,
    /// The line after that, where it was read already.
    pub second: Option<LineStart>,
    /// Whether a quote was opened and the lines behind it swallowed.
    pub unclosed: bool,
}

/// Hands a file's bytes on, and remembers where lines begin as far as they are still of use.
pub(super) struct Lines<R> {
    inner: R,
    offset: u64,
    line: u64,
    line_begins: bool,
    after_return: bool,
    quotes: u64,
    starts: VecDeque<LineStart>,
    limit: u64,
    cut: bool,
}

impl<R: Read> Lines<R> {
    /// From a place in a file that is on that line.
    pub(super) fn new(inner: R, line: u64) -> Self {
        Self {
            inner,
            offset: 0,
            line,
            line_begins: true,
            after_return: false,
            quotes: 0,
            starts: VecDeque::new(),
            limit: MAX_ROW_BYTES,
            cut: false,
        }
    }

    /// A row is about to be read from there; what lies before it is forgotten.
    pub(super) fn begin_row(&mut self, offset: u64) {
        self.limit = offset + MAX_ROW_BYTES;
        while self.starts.front().is_some_and(|start| start.offset < offset) {
            self.starts.pop_front();
        }
    }

    /// Whether the row was longer than any may be, and reading ended within it.
    pub(super) fn was_cut(&self) -> bool {
        self.cut
    }

    /// The row that ends there, where there was one.
    pub(super) fn span(&self, end: u64) -> Option<Span> {
        let first = *self.starts.front()?;
        let behind = self.starts.iter().find(|start| start.offset >= end);
        let quotes = behind.map_or(self.quotes, |start| start.quotes) - first.quotes;
        let second = self.starts.get(1).copied();
        let several_lines = second.is_some_and(|second| second.offset < end);
        let unclosed = self.cut || (several_lines && quotes % 2 == 1);
        Some(Span { first, second, unclosed })
    }

    fn look_at(&mut self, byte: u8, offset: u64) {
        // CR LF ends one line, not two.
        let ends = byte == b'\r' || (byte == b'\n' && !self.after_return);
        self.after_return = byte == b'\r';
        if ends {
            self.line += 1;
            self.line_begins = true;
        } else if byte != b'\n' && self.line_begins {
            let (line, quotes) = (self.line, self.quotes);
            self.starts.push_back(LineStart { offset, line, quotes });
            self.line_begins = false;
        }
        self.quotes += u64::from(byte == b'"');
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.limit.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        if room == 0 && !buffer.is_empty() {
            self.cut = true;
            return Ok(0);
        }
        let most = room.min(buffer.len());
        let read = self.inner.read(&mut buffer[..most])?;
        for (offset, byte) in (self.offset..).zip(&buffer[..read]) {
            self.look_at(*byte, offset);
        }
        self.offset += read as u64;
        Ok(read)
    }
}
