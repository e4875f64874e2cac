//! The hash chain: whoever noted a head elsewhere finds out any later change.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};

/// The chain's value after a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain([u8; 32]);

impl Chain {
    /// Before the first batch.
    pub const START: Self = Self([0; 32]);

    /// As it is stored.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// As it is stored.
    pub fn bytes(&self) -> [u8; 32] {
        self.0
    }

    /// After one more batch.
    pub fn after(&self, first: i64, last: i64, recorded_at: i64, batch: [u8; 32]) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        for number in [first, last, recorded_at] {
            hash.update(number.to_be_bytes());
        }
        hash.update(batch);
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Chain {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is not 64 hexadecimal digits");
        if text.len() != 64 || !text.is_ascii() {
            return Err(bad());
        }
        let byte = |at: usize| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| bad());
        let bytes = (0..32).map(byte).collect::<Result<Vec<_>, _>>()?;
        Self::from_bytes(&bytes).ok_or_else(bad)
    }
}

/// The SHA-256 over a batch's events in order, each field as stored behind its length.
#[derive(Clone, Default)]
pub struct BatchHash(Sha256);

impl BatchHash {
    /// Adds an event: aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
    /// metadata.
    pub fn add(&mut self, fields: [&str; 7]) {
        for field in fields {
            self.0.update((field.len() as u64).to_be_bytes());
            self.0.update(field);
        }
    }

    /// The hash.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_run_together() {
        let hash = |fields| {
            let mut hash = BatchHash::default();
            hash.add(fields);
            hash.finish()
        };
        assert_ne!(hash(["ab", "c", "", "", "", "", ""]), hash(["a", "bc", "", "", "", "", ""]));
    }

    #[test]
    fn it_prints_as_it_is_read() {
        let chain = Chain::START.after(1, 2, 3, [7; 32]);
        assert_eq!(chain.to_string().parse(), Ok(chain));
        assert!("zz".parse::<Chain>().is_err());
    }
}
