//! The code on a paper of a plan, by which anybody finds out whether the paper still holds.

use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};

use crate::shared::Digest;

/// What the code is hashed with, so that it is no other hash of the same.
const PURPOSE: &str = "oqu.iep.paper.1";
/// Crockford's base 32: no I, L, O and U, which look like others.
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];
/// How many letters a code has; each is five bits.
const LENGTH: u32 = 16;

/// The first 80 bits of SHA-256 over a purpose and the digest of what was signed, in hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckCode(u128);

/// A text that is no check code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCheckCode;

impl CheckCode {
    /// Of a revision that all have signed, by the digest of what they signed.
    pub fn of(signed: &Digest) -> Self {
        let hash = Sha256::new().chain_update(PURPOSE).chain_update(signed.as_str()).finalize();
        let bytes = hash.iter().take(10);
        Self(bytes.fold(0, |code, byte| (code << 8) | u128::from(*byte)))
    }

    /// As it is looked up: without what only makes it readable.
    pub fn key(self) -> String {
        self.letters().collect()
    }

    fn letters(self) -> impl Iterator<Item = char> {
        let places = (0..LENGTH).rev();
        let digit = move |place: u32| (self.0 >> (5 * place)) % LETTERS.len() as u128;
        places.filter_map(move |place| LETTERS.get(usize::try_from(digit(place)).ok()?).copied())
    }
}

/// In groups of four.
impl fmt::Display for CheckCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, letter) in self.letters().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

/// As somebody types it: in any case, with and without hyphens, O for 0, I and L for 1.
impl FromStr for CheckCode {
    type Err = NoCheckCode;

    fn from_str(text: &str) -> Result<Self, NoCheckCode> {
        let letters = text.chars().filter(|letter| *letter != '-' && !letter.is_whitespace());
        let mut code = 0;
        let mut length = 0;
        for letter in letters {
            let meant = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                letter => letter,
            };
            let digit = LETTERS.iter().position(|known| *known == meant).ok_or(NoCheckCode)?;
            length += 1;
            if length > LENGTH {
                return Err(NoCheckCode);
            }
            code = (code << 5) | digit as u128;
        }
        if length == LENGTH { Ok(Self(code)) } else { Err(NoCheckCode) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> CheckCode {
        CheckCode::of(&Digest::of(b"a plan"))
    }

    #[test]
    fn the_code_is_the_beginning_of_a_hash_over_the_signed_digest() {
        let digest = Digest::of(b"a plan");
        let hash = Digest::of(format!("oqu.iep.paper.1{digest}").as_bytes());
        // By another way than the code's own: 20 hex digits, four at a time less than a letter.
        let bits = u128::from_str_radix(&hash.as_str()[..20], 16).unwrap();
        let bits = format!("{bits:080b}");
        let letters: String = (0..16)
            .map(|place| usize::from_str_radix(&bits[5 * place..5 * place + 5], 2).unwrap())
            .map(|digit| LETTERS[digit])
            .collect();
        assert_eq!(code().key(), letters);
        assert_eq!(letters.len(), 16);
    }

    #[test]
    fn what_was_signed_otherwise_has_another_code() {
        assert_ne!(code(), CheckCode::of(&Digest::of(b"another plan")));
    }

    #[test]
    fn a_code_is_shown_in_groups_of_four_and_read_as_people_type_it() {
        let shown = code().to_string();
        assert_eq!(shown.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
        let key = code().key();
        for typed in [shown.clone(), shown.to_lowercase(), key.clone(), format!(" {shown} ")] {
            assert_eq!(typed.parse(), Ok(code()), "{typed}");
        }
        let typed = "OIL0-1234-abcd-WXYZ".parse::<CheckCode>().unwrap();
        assert_eq!(typed.to_string(), "0110-1234-ABCD-WXYZ");
    }

    #[test]
    fn what_is_no_code_is_none() {
        let key = code().key();
        for typed in ["", "----", &key[1..], &format!("{key}0"), &key.replace(&key[..1], "U"), "ә"]
        {
            assert_eq!(typed.parse::<CheckCode>(), Err(NoCheckCode), "{typed}");
        }
    }
}
