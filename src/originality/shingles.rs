//! Shingles: every run of so many words, hashed (Broder, *On the resemblance and containment of
//! documents*, 1997). A word counts as found elsewhere if a run that it stands in is found there, so
//! that the share of a copied passage comes out to within a few words at its ends.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

/// How many words a shingle has.
const WORDS: usize = 5;

/// The shingles of a text, in its order.
pub(super) struct Shingles {
    words: usize,
    hashes: Vec<i64>,
}

impl Shingles {
    /// Of a text: letters and digits count, their case and what stands between words does not.
    pub(super) fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<_> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let hashes = words.windows(WORDS).map(|run| hash(&run.join(" "))).collect();
        Self { words: words.len(), hashes }
    }

    /// How many words the text has.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The hashes, each once.
    pub(super) fn distinct(&self) -> HashSet<i64> {
        self.hashes.iter().copied().collect()
    }

    /// How many words stand in a run that `found` knows.
    pub(super) fn covered(&self, found: &HashSet<i64>) -> usize {
        let mut covered = 0;
        let mut until = 0;
        for (place, hash) in self.hashes.iter().enumerate() {
            if found.contains(hash) {
                let end = place + WORDS;
                covered += end - until.max(place);
                until = end;
            }
        }
        covered
    }
}

/// The first eight bytes of SHA-256: the same for ever, on every machine.
fn hash(run: &str) -> i64 {
    let digest = Sha256::digest(run);
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POEM: &str = "a b c d e f g h i j k l m n o p q r s t";

    fn covered(text: &str, by: &str) -> usize {
        Shingles::of(text).covered(&Shingles::of(by).distinct())
    }

    #[test]
    fn a_text_covers_itself_and_nothing_else() {
        assert_eq!(covered(POEM, POEM), 20);
        assert_eq!(covered(POEM, "quite another text of several words"), 0);
        assert_eq!(covered("a b c d", POEM), 0);
    }

    #[test]
    fn a_copied_passage_covers_its_words() {
        let copied = format!("my own words stand here {} and here", &POEM[..19]);
        assert_eq!(covered(&copied, POEM), 10);
        assert_eq!(Shingles::of(&copied).words(), 17);
    }

    #[test]
    fn case_and_punctuation_do_not_hide_a_copy() {
        assert_eq!(covered("A, b; C -- d (e)! F", POEM), 6);
        assert_eq!(covered("Әр АДАМ өз өмірінің иесі", "әр адам, өз өмірінің ИЕСІ."), 5);
    }

    #[test]
    fn the_hash_is_the_one_that_is_stored() {
        assert_eq!(hash("a b c d e"), 5_967_162_883_572_632_074);
    }
}
