//! A secret of the configuration: it can be compared, and is never shown.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use sha2::{Digest, Sha256};

/// How many characters a secret has at the least.
const FEWEST: usize = 16;

/// A secret.
#[derive(Clone, Serialize)]
pub struct Secret(String);

impl Secret {
    /// Whether that is it; how long the answer takes tells nothing of how much of it is right.
    pub fn is(&self, given: &str) -> bool {
        Sha256::digest(&self.0) == Sha256::digest(given)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl TryFrom<String> for Secret {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.chars().count() {
            FEWEST.. => Ok(Self(text)),
            _ => Err(format!("a secret has {FEWEST} characters at the least")),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Read as whatever it is: an error of another type would say what it found.
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Self::try_from(text).map_err(D::Error::custom),
            _ => Err(D::Error::custom("a secret is a text; put it between quotes")),
        }
    }
}

#[cfg(test)]
mod tests {
    use figment::{Figment, providers::Serialized};

    use super::Secret;

    fn read(value: impl serde::Serialize) -> Result<Secret, String> {
        let read = Figment::from(Serialized::default("token", value)).extract_inner("token");
        read.map_err(|error: figment::Error| error.to_string())
    }

    #[test]
    fn a_secret_is_compared_and_never_shown() {
        let secret = read("correct horse battery").unwrap();
        assert!(secret.is("correct horse battery"));
        assert!(!secret.is("correct horse batter") && !secret.is(""));
        assert_eq!(format!("{secret:?}"), "(secret)");
    }

    #[test]
    fn an_error_does_not_show_it() {
        for error in [read("too short").unwrap_err(), read(8_152_637_485_960_718_u64).unwrap_err()]
        {
            assert!(!error.contains("too short") && !error.contains("8152637"), "{error}");
        }
    }
}
