//! Bytes that are hashed and counted as they are read.

use std::io::{self, Read};

use aggregates::shared::Digest;
use sha2::{Digest as _, Sha256};

/// A source whose bytes are hashed and counted as they are read.
pub(super) struct Hashed<R, T> {
    from: R,
    hash: Sha256,
    read: u64,
    told: T,
}

impl<R, T: FnMut(u64)> Hashed<R, T> {
    /// Tells of how many bytes were read.
    pub(super) fn new(from: R, told: T) -> Self {
        Self { from, hash: Sha256::new(), read: 0, told }
    }

    /// The SHA-256 of what was read, which has to be so many bytes.
    pub(super) fn finish(self, size: u64) -> io::Result<String> {
        if self.read != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Digest::of_hash(self.hash).to_string())
    }
}

impl<R: Read, T: FnMut(u64)> Read for Hashed<R, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.read += read as u64;
        (self.told)(self.read);
        Ok(read)
    }
}
