//! What was signed, kept to the byte: canonical JSON (RFC 8785) and its SHA-256.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A SHA-256, in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(format!("{:x}", Sha256::digest(bytes)))
    }

    /// Of what was fed to a hash piece by piece.
    pub fn of_hash(hash: Sha256) -> Self {
        Self(format!("{:x}", hash.finalize()))
    }

    /// Of a text with its salt before it.
    pub fn salted(salt: &str, text: &str) -> Self {
        Self(format!("{:x}", Sha256::new().chain_update(salt).chain_update(text).finalize()))
    }

    /// In hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The bytes that were signed and the version of their format; checks run over these, never over
/// today's struct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedBytes {
    /// The version of the format.
    pub format: u16,
    /// Canonical JSON.
    pub json: String,
}

impl SignedBytes {
    /// The canonical form of `content`; none where it has no canonical JSON (a float that is no
    /// number, a key that is no string), which the domain's types rule out.
    pub fn of(format: u16, content: &impl Serialize) -> Option<Self> {
        let json = serde_json_canonicalizer::to_string(content).ok()?;
        Some(Self { format, json })
    }

    /// SHA-256 of the bytes.
    pub fn digest(&self) -> Digest {
        Digest::of(self.json.as_bytes())
    }
}
