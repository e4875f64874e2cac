//! The batches: what they hash is what is stored, and each one's chain follows from the one before.

use std::collections::VecDeque;

use aggregates::shared::Position;

use super::{Code, ExpectedHead, Findings};
use crate::{
    database::{StoreError, Transaction},
    log::{self, BatchHash, Chain, Head, StoredBatch, StoredEvent},
};

/// How many batches are read at once.
const PAGE: usize = 1_000;

/// The batches, one after another as the events pass.
pub(super) struct Batches {
    /// How many there are.
    pub(super) seen: u64,
    expected: Option<ExpectedHead>,
    /// Read, and not begun.
    waiting: VecDeque<StoredBatch>,
    /// The first position of the last one read.
    read: i64,
    current: Option<Current>,
    before: Before,
    /// The chain as it follows from the events alone, whatever is stored.
    computed: Chain,
}

/// The batch that the events now passing belong to.
struct Current {
    first: i64,
    last: i64,
    recorded_at: i64,
    sha256: Vec<u8>,
    chain: Vec<u8>,
    hash: BatchHash,
}

/// What is stored of the batch before.
struct Before {
    last: i64,
    recorded_at: i64,
    chain: Option<Chain>,
}

impl Batches {
    pub(super) fn new(expected: Option<ExpectedHead>) -> Self {
        Self {
            seen: 0,
            expected,
            waiting: VecDeque::new(),
            read: i64::MIN,
            current: None,
            before: Before { last: 0, recorded_at: 0, chain: Some(Chain::START) },
            computed: Chain::START,
        }
    }

    /// Lets a page of events pass.
    pub(super) async fn check(
        &mut self,
        snapshot: &mut Transaction,
        events: &[StoredEvent],
        findings: &mut Findings,
    ) -> Result<(), StoreError> {
        for event in events {
            while self.current.as_ref().is_none_or(|batch| batch.last < event.position.0) {
                self.close(findings);
                if !self.begin(snapshot).await? {
                    break;
                }
            }
            match &mut self.current {
                Some(batch) if batch.first <= event.position.0 => batch.add(event, findings),
                _ => findings.at(
                    Code::EventWithoutBatch,
                    event.position,
                    format!("event {} ({}) lies in no batch", event.position, event.event_type),
                ),
            }
        }
        Ok(())
    }

    /// Closes what is left, and compares with the head and with the one that is expected.
    pub(super) async fn finish(
        &mut self,
        snapshot: &mut Transaction,
        head: &Head,
        last_event: i64,
        findings: &mut Findings,
    ) -> Result<(), StoreError> {
        self.close(findings);
        while self.begin(snapshot).await? {
            self.close(findings);
        }
        let Before { last, recorded_at, chain } = self.before;
        let batches_end = (last, recorded_at, chain);
        if (head.position.0, head.recorded_at, Some(head.chain)) != batches_end {
            let message = format!(
                "the head says {}:{}; the last batch, which ends at {last}, says another position, \
                 time or chain",
                head.position, head.chain
            );
            findings.add(Code::HeadDiffers, message);
        }
        if head.position.0 != last_event {
            let position = head.position;
            let message = format!("the head says {position}, the last event is at {last_event}");
            findings.add(Code::HeadDiffers, message);
        }
        // Whoever noted the head of an empty log expects nothing of what came later.
        if let Some(expected) = self.expected.filter(|expected| !expected.is_start()) {
            let cause = if expected.position.0 > last {
                format!("the log ends at {last}")
            } else {
                "no batch ends there".to_owned()
            };
            expect(&expected, &cause, findings);
        }
        Ok(())
    }

    /// Goes on to the next batch, if there is one.
    async fn begin(&mut self, snapshot: &mut Transaction) -> Result<bool, StoreError> {
        if self.waiting.is_empty() {
            self.waiting = log::read_batches(snapshot, self.read, PAGE).await?.into();
        }
        let Some((first, last, recorded_at, sha256, chain)) = self.waiting.pop_front() else {
            return Ok(false);
        };
        self.read = first;
        self.seen += 1;
        let hash = BatchHash::default();
        self.current = Some(Current { first, last, recorded_at, sha256, chain, hash });
        Ok(true)
    }

    /// All events of the batch have passed.
    fn close(&mut self, findings: &mut Findings) {
        let Some(batch) = self.current.take() else { return };
        let (first, last) = (batch.first, batch.last);
        let mut found = |code, message| findings.at(code, Position(first), message);
        if first != self.before.last + 1 || last < first {
            let message =
                format!("batch {first} to {last} follows one that ends at {}", self.before.last);
            found(Code::BatchesNotDense, message);
        }
        if batch.recorded_at < self.before.recorded_at {
            let message = format!("batch {first} to {last} is older than the one before");
            found(Code::BatchTimeBack, message);
        }
        let hash = batch.hash.finish();
        if hash.as_slice() != batch.sha256 {
            let message = format!("the events {first} to {last} are not those that were committed");
            found(Code::BatchDiffers, message);
        }
        let stored_hash = <[u8; 32]>::try_from(batch.sha256).ok();
        let follows = stored_hash
            .zip(self.before.chain)
            .map(|(hash, before)| before.after(first, last, batch.recorded_at, hash));
        let chain = Chain::from_bytes(&batch.chain);
        if chain.is_none() || chain != follows {
            let message =
                format!("the chain of batch {first} to {last} does not follow from what is before");
            found(Code::ChainBroken, message);
        }
        self.computed = self.computed.after(first, last, batch.recorded_at, hash);
        self.before = Before { last, recorded_at: batch.recorded_at, chain };
        if let Some(expected) = self.expected.take_if(|expected| expected.position.0 == last)
            && expected.chain != self.computed
        {
            expect(&expected, &format!("it comes to {}", self.computed), findings);
        }
    }
}

impl Current {
    fn add(&mut self, event: &StoredEvent, findings: &mut Findings) {
        self.hash.add([
            &event.aggregate_type,
            &event.aggregate_id,
            &event.sequence.to_string(),
            &event.event_type,
            &event.event_version,
            &event.payload,
            &event.metadata,
        ]);
        if event.recorded_at != self.recorded_at {
            let message = format!("event {} has another time than its batch", event.position);
            findings.at(Code::TimeDiffers, event.position, message);
        }
    }
}

impl ExpectedHead {
    fn is_start(&self) -> bool {
        self.position == Position(0) && self.chain == Chain::START
    }
}

fn expect(expected: &ExpectedHead, cause: &str, findings: &mut Findings) {
    let message = format!("the chain does not pass through {expected}: {cause}");
    findings.at(Code::ExpectedHeadDiffers, expected.position, message);
}
