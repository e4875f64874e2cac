//! What an audit found.

use std::collections::BTreeMap;

use aggregates::shared::Position;
use serde::{Serialize, Serializer, ser::SerializeSeq};

/// How many findings of a kind are told one by one; the others are counted.
const TOLD: usize = 100;

macro_rules! codes {
    ($( $(#[doc = $doc:literal])* $variant:ident = $name:literal ),* $(,)?) => {
        /// What kind of finding it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Code {
            $( $(#[doc = $doc])* #[serde(rename = $name)] $variant ),*
        }

        impl Code {
            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name ),* }
            }
        }
    };
}

codes! {
    /// Positions are not 1, 2, 3, ...
    PositionsNotDense = "POSITIONS_NOT_DENSE",
    /// The number of events is not the last position.
    EventCountDiffers = "EVENT_COUNT_DIFFERS",
    /// An aggregate's sequences are not 1, 2, 3, ... in the order of the log.
    SequencesNotDense = "SEQUENCES_NOT_DENSE",
    /// An event can't be decoded, or is not of the type and version that its row says.
    EventUnreadable = "EVENT_UNREADABLE",
    /// An event's row names another student than the event.
    StudentDiffers = "STUDENT_DIFFERS",
    /// An event's row has another time than its batch.
    TimeDiffers = "TIME_DIFFERS",
    /// A signature's digest is not that of the signed bytes.
    SignatureDiffers = "SIGNATURE_DIFFERS",
    /// There are no bytes for a signature.
    SignatureWithoutBytes = "SIGNATURE_WITHOUT_BYTES",
    /// An event lies in no batch.
    EventWithoutBatch = "EVENT_WITHOUT_BATCH",
    /// A batch does not begin behind the one before.
    BatchesNotDense = "BATCHES_NOT_DENSE",
    /// A batch is older than the one before.
    BatchTimeBack = "BATCH_TIME_BACK",
    /// The events of a batch are not those that were committed.
    BatchDiffers = "BATCH_DIFFERS",
    /// A batch's chain does not follow from the one before.
    ChainBroken = "CHAIN_BROKEN",
    /// The log does not end where its head says.
    HeadDiffers = "HEAD_DIFFERS",
    /// The chain does not pass through the expected head.
    ExpectedHeadDiffers = "EXPECTED_HEAD_DIFFERS",
    /// A view has no table.
    ViewMissing = "VIEW_MISSING",
    /// The log can't be folded into a view.
    ViewNotFoldable = "VIEW_NOT_FOLDABLE",
    /// A view has no checkpoint.
    CheckpointMissing = "CHECKPOINT_MISSING",
    /// A view says that it has come further than the log.
    CheckpointBeyondHead = "CHECKPOINT_BEYOND_HEAD",
    /// A document is not what the log says.
    DocumentDiffers = "DOCUMENT_DIFFERS",
    /// A document counts other events than the log has for it.
    DocumentVersionDiffers = "DOCUMENT_VERSION_DIFFERS",
    /// A document that the log makes is not there.
    DocumentMissing = "DOCUMENT_MISSING",
    /// The log does not make a document that is there.
    DocumentSurplus = "DOCUMENT_SURPLUS",
    /// A snapshot is not the state that the log makes of its aggregate.
    SnapshotDiffers = "SNAPSHOT_DIFFERS",
}

/// Something that is not as it has to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind it is.
    pub code: Code,
    /// The event, or the batch's first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<&'static str>,
    /// The document or the aggregate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// All findings: the first of each kind one by one, the others counted.
#[derive(Debug, Default)]
pub struct Findings {
    told: BTreeMap<Code, Vec<Finding>>,
    counts: BTreeMap<Code, usize>,
}

impl Findings {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.counts.values().sum()
    }

    /// Those that are told one by one, kind by kind.
    pub fn told(&self) -> impl Iterator<Item = &Finding> {
        self.told.values().flatten()
    }

    /// How many of each kind are not told.
    pub fn untold(&self) -> impl Iterator<Item = (Code, usize)> {
        let untold = self.counts.iter().map(|(code, count)| (*code, count.saturating_sub(TOLD)));
        untold.filter(|(_, count)| *count > 0)
    }

    pub(super) fn add(&mut self, code: Code, message: String) {
        self.push(Finding { code, position: None, view: None, key: None, message });
    }

    pub(super) fn at(&mut self, code: Code, position: Position, message: String) {
        self.push(Finding { code, position: Some(position), view: None, key: None, message });
    }

    pub(super) fn push(&mut self, finding: Finding) {
        let told = self.told.entry(finding.code).or_default();
        *self.counts.entry(finding.code).or_default() += 1;
        if told.len() < TOLD {
            told.push(finding);
        }
    }
}

/// A list; where a kind has more than are told, an entry says how many.
impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for finding in self.told() {
            list.serialize_element(finding)?;
        }
        for (code, count) in self.untold() {
            let message = format!("{count} more of this kind");
            let (position, view, key) = (None, None, None);
            list.serialize_element(&Finding { code, position, view, key, message })?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_are_told() {
        let mut findings = Findings::default();
        for position in 0..250 {
            findings.at(Code::TimeDiffers, Position(position), String::new());
        }
        assert_eq!((findings.count(), findings.told().count()), (250, TOLD));
        assert_eq!(findings.untold().collect::<Vec<_>>(), [(Code::TimeDiffers, 150)]);
    }
}
